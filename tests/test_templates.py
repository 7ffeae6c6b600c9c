"""Templates: what many pages of a site have goes, what an article has many times stays."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.corpora import block, document
from transforms.document import Document, Kind
from transforms.fingerprints import fingerprint
from transforms.settings import (
    DecideSettings,
    TemplateSettings,
)
from transforms.templates import (
    add_tallies,
    choose_templates,
    count_lines,
    find_templates,
    outline,
    repeated_lines,
    seen_marks,
    shared_marks,
    template_site,
    template_verdicts,
)

BIO = "Ann Miller has reported on the council and its budget for the Herald since 1998."
PROMPT = "Get the best of the Herald in your inbox every morning, free of charge."
LABEL = "Opinion"
SETTINGS = TemplateSettings()
WORDS = ["river", "bridge", "council", "vote", "budget", "school", "police", "market", "storm"]

BODY: list[Kind] = ["paragraph"] * 4

Line = tuple[Kind, str]


def prose(seed: object, words: int = 20) -> str:
    """A sentence that nobody else has written."""
    rng = random.Random(str(seed))
    return " ".join(rng.choice(WORDS) + str(rng.randrange(1000)) for _ in range(words)) + "."


def article(name: object, paragraphs: int = 4) -> list[str]:
    return [prose((name, number)) for number in range(paragraphs)]


def page(name: str, lines: Iterable[str | Line], site: str | None = "The Herald") -> Document:
    """A page with a title of its own."""
    pairs: list[Line] = [("title", f"Title of {name}")]
    pairs += [("paragraph", line) if isinstance(line, str) else line for line in lines]
    return document(name, [text for _, text in pairs], kinds=[kind for kind, _ in pairs], site=site)


def found(pages: Sequence[Document], settings: TemplateSettings = SETTINGS) -> dict[str, list[str]]:
    """The texts that go as template, each with the pages that lose it."""
    prints = fingerprint(block(*pages), DecideSettings())
    repeated = find_templates(outline(prints, settings), settings)
    gone: dict[str, list[str]] = {}
    for each in template_verdicts(repeated, pages, settings):
        owner = pages[each.position]
        text = owner.text_of(owner.paragraphs[each.paragraph])
        gone.setdefault(text, []).append(owner.id)
    return gone


def pages(count: int) -> list[Document]:
    """Pages of one site with a label above, and a prompt and a bio below on some."""
    return [
        page(
            f"p{n}",
            [LABEL, *article(n), *([BIO] if n % 3 == 0 else []), PROMPT],
        )
        for n in range(count)
    ]


def test_what_stands_around_the_articles_of_a_site_goes() -> None:
    gone = found(pages(300))
    assert {text: len(owners) for text, owners in gone.items()} == {
        LABEL: 300,
        BIO: 100,
        PROMPT: 300,
    }


def test_the_evidence_is_what_was_counted() -> None:
    made = pages(12)
    prints = fingerprint(block(*made), DecideSettings())
    lines = outline(prints, TemplateSettings(min_pages=4))
    repeated = find_templates(lines, TemplateSettings(min_pages=4))
    bio = next(each for each in template_verdicts(repeated, made, SETTINGS) if each.paragraph == 6)
    assert bio.evidence == {"site": "The Herald", "pages": 4, "at_edges": 4, "site_pages": 12}
    assert bio.score == 0.6667


def test_few_pages_or_a_small_share_of_them_prove_nothing() -> None:
    assert found(pages(4)) == {}
    rare = [page(f"p{n}", [*article(n), *([BIO] if n < 9 else [])]) for n in range(100)]
    assert found(rare) == {}
    assert found(rare, TemplateSettings(min_share=0.05)) == {BIO: [f"p{n}" for n in range(9)]}


def test_each_site_is_counted_by_itself() -> None:
    made = [page(f"p{n}", [*article(n), PROMPT], site=f"site {n % 4}") for n in range(16)]
    assert found(made) == {}


def test_twelve_copies_of_an_article_lose_nothing() -> None:
    others = [page(f"p{n}", article(n)) for n in range(20)]
    copies = [page(f"c{n}", article("the story")) for n in range(12)]
    assert found([*others, *copies]) == {}
    assert found(copies) == {}


@pytest.mark.parametrize("paragraphs", [1, 2, 3, 8])
@pytest.mark.parametrize("where", ["first", "last", "anywhere"])
def test_twelve_near_copies_of_an_article_lose_nothing(paragraphs: int, where: str) -> None:
    copies = []
    for n in range(12):
        lines = article("the story", paragraphs)
        at = {"first": 0, "last": paragraphs - 1, "anywhere": n % paragraphs}[where]
        words = lines[at].split()
        words[n % len(words)] = f"changed{n}"
        lines[at] = " ".join(words)
        copies.append(page(f"c{n}", lines))
    assert found(copies) == {}
    assert found([*copies, *(page(f"p{n}", article(n)) for n in range(20))]) == {}


def test_a_story_that_grows_loses_nothing() -> None:
    versions = [
        page(f"v{n}", [prose(("update", k)) for k in reversed(range(n + 1))] + article("begin"))
        for n in range(12)
    ]
    assert found(versions) == {}


def test_a_wire_story_with_an_opening_of_the_sites_own_loses_nothing() -> None:
    made = [page(f"w{n}", [prose(("local", n)), *article("wire", 5)]) for n in range(12)]
    assert found(made) == {}


def test_copies_lose_the_sites_lines_and_nothing_else() -> None:
    copies = [page(f"c{n}", [LABEL, *article("the story"), PROMPT]) for n in range(12)]
    gone = found([*pages(12), *copies])
    assert set(gone) == {LABEL, PROMPT}
    assert {f"c{n}" for n in range(12)} <= set(gone[PROMPT])


def test_background_in_the_middle_of_an_article_is_the_authors() -> None:
    background = prose("more than ten thousand people have died")
    made = [
        page(f"p{n}", [*article(n, 2), *([background] if n % 3 else []), *article((n, "end"), 2)])
        for n in range(12)
    ]
    assert sum(background in each.text for each in made) == 8
    assert found(made) == {}


def test_a_prompt_in_the_middle_goes_from_the_pages_of_a_site_that_mostly_has_it() -> None:
    made = [page(f"p{n}", [*article(n, 2), PROMPT, *article((n, 1), 2)]) for n in range(40)]
    assert len(found(made)[PROMPT]) == 40
    assert found(made[:9]) == {}


def test_headings_of_the_text_and_titles_stay() -> None:
    made = [
        page(
            f"p{n}",
            [("heading", "Ingredients"), *article(n, 2), ("heading", "Method"), prose((n, 9))],
        )
        for n in range(30)
    ]
    assert found(made) == {}
    columns = [
        document(
            f"d{n}",
            ["Letters to the editor", *article(n)],
            kinds=["title", *BODY],
            site="The Herald",
        )
        for n in range(30)
    ]
    assert found(columns) == {}


def test_a_heading_above_the_title_or_after_the_text_goes() -> None:
    made = [
        document(
            f"d{n}",
            [LABEL, f"Title {n}", *article(n), "About the author"],
            kinds=["heading", "title", *BODY, "heading"],
            site="The Herald",
        )
        for n in range(10)
    ]
    assert set(found(made)) == {LABEL, "About the author"}


def test_a_refrain_is_one_page_however_often_it_stands() -> None:
    poem = [line for n in range(30) for line in (f"The {WORDS[n % 9]} number {n}", "O river")]
    assert found([page("poem", poem), *(page(f"p{n}", article(n)) for n in range(9))]) == {}


def test_a_line_that_the_user_keeps_stays() -> None:
    made = []
    for each in pages(10):
        judgements = list(each.judgements)
        judgements[-1] = replace(judgements[-1], evidence={"rule": "site pattern"})
        made.append(replace(each, judgements=tuple(judgements)))
    assert set(found(made)) == {LABEL}


def test_a_document_without_a_site_is_not_counted() -> None:
    assert found([page(f"p{n}", [*article(n), PROMPT], site=None) for n in range(20)]) == {}


def test_folders_are_sites_where_the_user_says_so() -> None:
    made = [page(f"herald/{n}.txt", [*article(n), PROMPT], site=None) for n in range(20)]
    assert set(found(made, TemplateSettings(folders=True))) == {PROMPT}
    assert template_site("Named", "a/b.txt", TemplateSettings(folders=True)) == "Named"
    assert template_site(None, "b.txt", TemplateSettings(folders=True)) is None


def test_an_empty_corpus_has_no_template() -> None:
    assert found([]) == {}
    assert found([page("p", [])]) == {}


corpora = st.lists(
    st.tuples(
        st.sampled_from(["x", "y"]),
        st.lists(st.sampled_from([*"abcdefgh", BIO, PROMPT, "own"]), min_size=1, max_size=6),
    ),
    max_size=14,
)
LOW = TemplateSettings(min_pages=2, min_share=0.0, inner_pages=3, inner_share=0.3, min_own=0.3)


@given(corpora, st.integers(1, 4), st.randoms(use_true_random=False))
def test_neither_blocks_nor_their_order_change_what_goes(
    drawn: list[tuple[str, list[str]]], blocks: int, rng: random.Random
) -> None:
    made = [
        page(f"d{n}", [prose(n) if line == "own" else line for line in lines], site=site)
        for n, (site, lines) in enumerate(drawn)
    ]
    parts = [made[n::blocks] for n in range(blocks)]
    outlines = [
        outline(fingerprint(block(*part, index=n), DecideSettings()), LOW)
        for n, part in enumerate(parts)
    ]
    seen = [seen_marks(lines, n) for n, lines in enumerate(outlines)]
    rng.shuffle(seen)
    shared = shared_marks(np.concatenate(seen))
    counted = [
        count_lines(lines, shared["mark"][shared["block"] == n], LOW)
        for n, lines in enumerate(outlines)
    ]
    tallies = [each.tally for each in counted]
    rng.shuffle(tallies)
    templates = choose_templates(add_tallies(np.concatenate(tallies)), LOW)
    gone: dict[str, list[str]] = {}
    for part, each in zip(parts, counted, strict=True):
        for verdict in template_verdicts(repeated_lines(each.candidates, templates), part, LOW):
            owner = part[verdict.position]
            text = owner.text_of(owner.paragraphs[verdict.paragraph])
            gone.setdefault(text, []).append(owner.id)
    whole = found(made, LOW)
    assert {text: sorted(ids) for text, ids in gone.items()} == {
        text: sorted(ids) for text, ids in whole.items()
    }
