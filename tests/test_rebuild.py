"""Putting a document together from its records, and what does not fit."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest
from msgspec.structs import replace

from pipeline.outputs import DocumentRecord, KeptSpan, RemovedRecord, SourceRecord
from pipeline.rebuild import RebuildError, rebuild
from tests.corpora import document
from transforms.assemble import assemble
from transforms.deciding import BlockVerdicts
from transforms.document import Judgement
from transforms.staging import StagedContent


class Parts(NamedTuple):
    """What a run writes of one document."""

    source: SourceRecord
    document: DocumentRecord | None
    removed: list[RemovedRecord]


def parts() -> Parts:
    """A document of three paragraphs, the middle one removed."""
    one = document("d", ["A plan", "Share this", "It was agreed."])
    judged = Judgement(
        verdict="boilerplate", kind="paragraph", reason="share-widget", score=0.1, evidence={}
    )
    keep = one.judgements
    content = StagedContent(
        (replace(one, judgements=(keep[0], judged, keep[2])),), rejected=(), restated=()
    )
    written = assemble(content, BlockVerdicts(), str)
    return Parts(written.sources[0], written.documents[0], written.removed)


def test_kept_and_removed_paragraphs_give_the_text_again() -> None:
    rebuilt = rebuild(*parts())
    assert rebuilt.text == "A plan\nShare this\nIt was agreed."
    assert [type(span) for span in rebuilt.spans] == [KeptSpan, RemovedRecord, KeptSpan]


def of_source(**fields: object) -> Callable[[Parts], Parts]:
    return lambda it: it._replace(source=replace(it.source, **fields))


def of_document(**fields: object) -> Callable[[Parts], Parts]:
    def change(it: Parts) -> Parts:
        assert it.document is not None
        return it._replace(document=replace(it.document, **fields))

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda it: it._replace(removed=[]), "a paragraph is missing"),
        (lambda it: it._replace(removed=it.removed * 2), "stands twice"),
        (lambda it: it._replace(document=None), "there is no document"),
        (of_source(status="emptied"), "there is a document"),
        (of_source(id="e"), "the id is not that of its source"),
        (of_source(share=1.0), "of a survivor is not complete"),
        (of_source(site="example.org"), "differ in site"),
        (of_source(published="2020-01-01"), "differ in published"),
        (of_source(language="fr"), "differ in language"),
        (of_document(source="e"), "differ in source"),
        (of_source(characters=9), "differ in the length"),
        (of_source(sha256="0"), "do not make up the normalised text"),
        (of_source(white_space=("", "\n", "\n")), "one piece of white space"),
        (of_source(white_space=("", " ", "\n", "")), "do not make up the normalised text"),
        (of_source(white_space=("", "\n\n", "\n", "")), "has the span"),
        (of_document(characters_out=9), "characters_out"),
        (of_document(text="A plan"), "not its paragraphs"),
        (of_document(sha256="0"), "the digest"),
    ],
)
def test_what_does_not_fit_is_named(change: Callable[[Parts], Parts], message: str) -> None:
    with pytest.raises(RebuildError, match=message):
        rebuild(*change(parts()))


def test_paragraphs_stand_in_reading_order() -> None:
    it = parts()
    assert it.document is not None
    spans = it.document.paragraphs[::-1]
    with pytest.raises(RebuildError, match="reading order"):
        rebuild(*of_document(paragraphs=spans)(it))
