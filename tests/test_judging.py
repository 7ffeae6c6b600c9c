"""Documents judged many at a time: each as if it were alone."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms import boilerplate, judging
from transforms.block import Block
from transforms.document import Document, Markup, Paragraph
from transforms.judging import judge_document, judge_documents
from transforms.language import detect_languages
from transforms.settings import JudgeSettings
from transforms.single import judge_block
from transforms.sites import SitePatterns

SETTINGS = JudgeSettings()
LINES = [
    "Home",
    "Sport",
    "3 May 2021",
    "Read more",
    "Old Mill Burns Down in the Harbour",
    "Ferry Line Closes After Forty Years",
    "Island School Gets New Roof",
    "Comments",
    "Harbour, Fire Service, Jane Miller",
    "Photo: Jane Miller",
    "© 2021 Harbour Gazette. All rights reserved.",
    "We use cookies. Your consent is asked for.",
    "今天天气很好。",
    "",
    "A fire destroyed the old paper mill in the harbour on Sunday night, the fire service said.",
    "Nobody was hurt, and the mill had been empty for years when the fire broke out at night.",
    "Die Mühle am Hafen ist in der Nacht zum Montag abgebrannt, verletzt wurde dabei niemand.",
]
PATHS = ["div > p", "div.related > ul > li", "header > h1", "figure > figcaption"]


def of_lines(lines: list[str], markup: list[Markup | None], title: str | None = None) -> Document:
    paragraphs: list[Paragraph] = []
    start = 0
    for line, mark in zip(lines, markup, strict=True):
        heading = mark is not None and mark.path.endswith("h1")
        paragraphs.append(
            Paragraph(
                index=len(paragraphs),
                start=start,
                end=start + len(line),
                kind="heading" if heading else "paragraph",
                markup=mark,
            )
        )
        start += len(line) + 1
    return Document(
        id="a",
        source="a",
        record=None,
        text="\n".join(lines),
        encoding="utf-8",
        changes={},
        replaced_at=(),
        paragraphs=tuple(paragraphs),
        title=title,
    )


def text(*lines: str) -> Document:
    return of_lines(list(lines), [None] * len(lines))


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Plain text, a page with or without an extractor's vote, or nothing."""
    lines = draw(st.lists(st.sampled_from(LINES), max_size=20))
    world = draw(st.sampled_from(["text", "page", "fast"]))
    if world == "text":
        return text(*lines)
    markup = st.builds(
        Markup,
        path=st.sampled_from(PATHS),
        link_density=st.sampled_from([0.0, 0.4, 1.0]),
        extracted=st.booleans() if world == "page" else st.none(),
    )
    title = draw(st.sampled_from([None, "Old Mill Burns Down in the Harbour | Gazette"]))
    return of_lines(lines, [draw(markup) for _ in lines], title)


@given(st.lists(documents(), max_size=12), st.sampled_from([1, 20, 60, 10_000]), st.booleans())
def test_a_document_is_judged_the_same_in_every_batch(
    block: list[Document], lines: int, asked: bool
) -> None:
    settings = JudgeSettings(require_article=asked)
    alone = [judge_document(document, settings, ()) for document in block]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(boilerplate, "_BATCH_LINES", lines)
        judged = judge_block(Block(index=0, documents=tuple(block)), settings, ())
    assert list(judged.documents) == alone
    assert not judged.rejected


@given(st.lists(documents(), max_size=12), st.integers(1, 50), st.integers(1, 800))
def test_a_batch_is_of_bounded_size_unless_it_is_one_document(
    block: list[Document], lines: int, characters: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(boilerplate, "_BATCH_LINES", lines)
        patch.setattr(boilerplate, "_BATCH_CHARACTERS", characters)
        batches = list(boilerplate.batches(block))
    assert sorted(index for batch in batches for index in batch) == list(range(len(block)))
    for batch in batches:
        own = [block[index] for index in batch]
        assert len(own) == 1 or sum(len(document.paragraphs) for document in own) <= lines
        assert len(own) == 1 or sum(len(document.text) for document in own) <= characters


def test_a_document_that_cannot_be_judged_costs_itself() -> None:
    good = text(*LINES)
    bad = msgspec.structs.replace(good, source="bad", title=7)  # no title is a number
    judged = judge_block(Block(index=0, documents=(good, bad, good)), SETTINGS, ())
    assert [letter.source for letter in judged.rejected] == ["bad"]
    assert list(judged.documents) == [judge_document(good, SETTINGS, ())] * 2


def test_where_the_judge_is_off_every_paragraph_stays_as_it_was_split() -> None:
    drop = SitePatterns(site="*", drop=("Comments",))
    (judged,) = judge_documents([page := text(*LINES)], JudgeSettings(action="off"), (drop,))
    dropped = [each for each in judged.judgements if each.verdict == "boilerplate"]
    assert [each.evidence["pattern"] for each in dropped] == ["Comments"]
    assert [each.kind for each in judged.judgements] == [each.kind for each in page.paragraphs]
    assert judged.language == "en"


def test_the_users_patterns_overrule_the_judge_in_a_batch_too() -> None:
    drop = SitePatterns(site="*", drop=("Old Mill.*",))
    first, second = judge_documents([text(*LINES), text(*LINES[4:])], SETTINGS, (drop,))
    assert first.judgements[4].verdict == second.judgements[0].verdict == "boilerplate"


def test_languages_of_many_documents_are_those_of_each() -> None:
    block = judge_documents([text(line) for line in LINES[11:]], SETTINGS, ())
    assert detect_languages(block) == [detect_languages([document])[0] for document in block]
    assert {document.language for document in block} == {None, "en", "de"}


def test_a_document_whose_language_cannot_be_told_costs_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    good, bad = text(*LINES), text("A line about zebras.", *LINES)

    def detect(documents: Sequence[Document]) -> list[str | None]:
        if any("zebras" in document.text for document in documents):
            raise ValueError("zebras")
        return detect_languages(documents)

    monkeypatch.setattr(judging, "detect_languages", detect)
    judged = judge_block(Block(index=0, documents=(good, bad, good)), SETTINGS, ())
    assert len(judged.rejected) == 1
    assert list(judged.documents) == [judge_document(good, SETTINGS, ())] * 2
