"""Restatements of a block: what LSH proposes against comparing all pairs."""

import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.corpora import block, contents_of, document, restated_in
from tests.running import ARTICLES
from transforms import restating
from transforms.document import Kind
from transforms.fingerprints import fingerprint, row_of
from transforms.restatements import Comparison, all_pairs, compare_pairs
from transforms.restating import propose_restatements, restated_edges
from transforms.settings import DecideSettings, RestatementSettings, Settings
from transforms.terms import Terms, document_terms

SETTINGS = Settings()

STORY = [
    "Norland has been in the grip of a harsh drought since 2011. Farmers in the south have lost"
    " herds and harvests, and the Harvest Aid Fund (HAF) has sent grain.",
    "The parliament of Norland opens on Thursday in the capital, Ostby, its speaker said.",
    "Norland has been gripped by drought since 2011, with farmers in the south losing herds,"
    " according to the Harvest Aid Fund.",
]


def proposed(lines: Sequence[str], settings: Settings = SETTINGS) -> list[tuple[int, int]]:
    """The pairs of one document that are proposed."""
    prints, contents = contents_of(block(document("d", lines)), settings)
    return propose_restatements(
        prints.document, contents.sets, settings.restatements, settings.minhash
    )


def verified_by_comparing_all(lines: Sequence[str]) -> set[tuple[int, int]]:
    terms = document_terms(lines, "en", SETTINGS.restatements)
    assert terms is not None
    return {(one, other) for one, other, _ in all_pairs(terms, SETTINGS.restatements)}


def test_what_is_told_again_is_found_and_its_evidence_kept() -> None:
    (found,) = restated_in(block(document("d", STORY)), SETTINGS)
    assert (found.document, found.earlier, found.later) == (0, 0, 2)
    assert "2011" in found.comparison.shared


def test_documents_of_a_block_do_not_meet() -> None:
    apart = block(document("a", STORY[:2]), document("b", STORY[2:]))
    assert restated_in(apart, SETTINGS) == []


def test_a_block_without_documents_has_none() -> None:
    assert restated_in(block(), SETTINGS) == []


@pytest.mark.parametrize("path", sorted(ARTICLES.iterdir()), ids=lambda path: path.name[:3])
def test_every_pair_of_the_articles_that_comparing_all_verifies_is_proposed(path: Path) -> None:
    lines = [line.strip() for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
    assert verified_by_comparing_all(lines) <= set(proposed(lines))


def retellings(count: int) -> list[str]:
    """Paragraphs, and behind each a retelling of it that leaves three in thirteen out."""
    rng = random.Random(5)
    nouns = [f"{a}{b}en" for a in ("tar", "mol", "bes", "kur", "dal") for b in "bdfgklmprst"]
    names = [f"{a}{b}a" for a in ("Ka", "Lo", "Mi", "Su") for b in ("dor", "lin", "ret", "vos")]
    lines = []
    for _ in range(count):
        content = rng.sample(nouns, 9) + rng.sample(names, 4)
        lines.append("We know the " + " and the ".join(content) + ".")
        told = rng.sample(content, 10) + rng.sample(nouns, 1)
        lines.append("So it was the " + " or the ".join(told) + ".")
    return lines


def test_of_a_short_document_every_verified_pair_is_proposed() -> None:
    lines = retellings(12)
    verified = verified_by_comparing_all(lines)
    assert len(verified) > 8
    assert verified <= set(proposed(lines))


def test_of_a_long_document_nearly_every_verified_pair_is_proposed() -> None:
    """Whose pairs share more words than are counted: LSH proposes."""
    lines = retellings(200)
    verified = verified_by_comparing_all(lines)
    assert len(verified) > 150
    assert len(verified & set(proposed(lines))) >= 0.98 * len(verified)


def test_documents_of_a_block_are_proposed_as_they_are_alone() -> None:
    """A long one by LSH, the others by counting, wherever they stand."""
    long, short = retellings(200), retellings(5)
    prints, contents = contents_of(
        block(document("a", short), document("b", long), document("c", short)), SETTINGS
    )
    found = propose_restatements(
        prints.document, contents.sets, SETTINGS.restatements, SETTINGS.minhash
    )
    places = [(0, proposed(short)), (10, proposed(long)), (410, proposed(short))]
    assert found == [(one + at, other + at) for at, pairs in places for one, other in pairs]


def test_a_document_that_says_one_thing_over_and_over_costs_linear_time() -> None:
    """Every paragraph the same, or the same but for a few words of its own."""
    words = STORY[0].split()
    for own in (0, 4):
        lines = [
            " ".join([*words, *(f"word{number}x{at}y" for at in range(own))])
            for number in range(300)
        ]
        found = proposed(lines)
        assert len(found) == 0.55 * len(lines)
        assert len({later for _, later in found}) == len(found)  # each has its closest first
        assert own or all(earlier == 0 for earlier, _ in found)


def test_up_to_the_cap_every_two_equal_paragraphs_are_proposed() -> None:
    settings = Settings(restatements=RestatementSettings(bucket_cap=4))
    assert proposed(STORY[:1] * 5, settings) == [
        (earlier, later) for earlier in range(5) for later in range(earlier + 1, 5)
    ]


def test_a_table_and_a_heading_are_read_for_nothing() -> None:
    table = "Acme 3.1 4.2 5.3 Brink 6.4 7.5 8.6 Cole 9.7 1.8 2.9 Dorn 3.5 4.5 5.5"
    kinds: list[Kind] = ["paragraph", "paragraph", "heading", "heading"]
    lines = [table, f"{table} total", STORY[0], STORY[2]]
    assert restated_in(block(document("d", lines, kinds=kinds)), SETTINGS) == []


def test_what_stands_there_many_times_is_read_once_and_found_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared: list[tuple[int, int]] = []

    def count(
        terms: Sequence[Terms], pairs: Iterable[tuple[int, int]], settings: RestatementSettings
    ) -> Iterator[Comparison]:
        compared.extend(pairs)
        return compare_pairs(terms, compared, settings)

    monkeypatch.setattr(restating, "compare_pairs", count)
    found = restated_in(block(document("d", [STORY[0]] * 3 + [STORY[2]] * 2)), SETTINGS)
    later = {each.later: each.comparison for each in found if each.earlier == 0}
    assert later.keys() == {1, 2, 3, 4}
    assert len({later[3], later[4]}) == 1
    assert len(compared) == 3  # each text with itself, and the one with the other


def test_edges_point_from_the_later_paragraph_to_the_earlier() -> None:
    made = block(document("d", ["A heading", *STORY]))
    prints = fingerprint(made, DecideSettings())
    found = restated_in(made, SETTINGS)
    (edge,) = restated_edges(prints, found)
    assert (int(row_of(edge["left"])), int(row_of(edge["right"]))) == (1, 3)
    assert not edge["left_may_go"]
    assert edge["right_may_go"] == found[0].comparison.permitted
