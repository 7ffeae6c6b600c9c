"""Rebuild a document's normalised text from what a run wrote about it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final, NamedTuple

from pipeline.outputs import DocumentRecord, Kept, KeptSpan, RemovedRecord, SourceRecord
from transforms.sites import TEMPLATE

_SHARED: Final = ("id", "source", "url", "site", "published", "fetched", "language")
"""What a document and its source say alike."""


class RebuildError(Exception):
    """The records of a document do not fit together; the message says where."""


class Rebuilt(NamedTuple):
    """A document as its records tell it."""

    source: SourceRecord
    document: DocumentRecord | None
    spans: list[KeptSpan | RemovedRecord]
    """Every paragraph in reading order, kept or removed."""
    text: str
    """The normalised text."""


def stood(rebuilt: Rebuilt) -> list[KeptSpan | RemovedRecord]:
    """The paragraphs that the judge kept, whatever the corpus made of them."""
    return [
        span
        for span in rebuilt.spans
        if isinstance(span, KeptSpan) or span.verdict != "boilerplate" or span.reason == TEMPLATE
    ]


def proofs_of(span: KeptSpan | RemovedRecord) -> list[Kept]:
    """The kept paragraphs on which a verdict or the flags of a paragraph rest."""
    if isinstance(span, KeptSpan):
        return [flag.kept for flag in span.flags]
    return [] if span.kept is None else [span.kept]


def index_of(span: KeptSpan | RemovedRecord) -> int:
    """The index of a paragraph in its document."""
    return span.index if isinstance(span, KeptSpan) else span.paragraph


def rebuild(
    source: SourceRecord, document: DocumentRecord | None, removed: list[RemovedRecord]
) -> Rebuilt:
    """Put kept and removed spans and the white space between them together again.

    Raises:
        RebuildError: the spans do not tile a text of the stated length and digest.
    """
    for problem in _check_document(source, document):
        raise RebuildError(problem)
    spans: list[KeptSpan | RemovedRecord] = [*removed]
    if document is not None:
        spans.extend(document.paragraphs)
    spans.sort(key=index_of)
    if [index_of(span) for span in spans] != list(range(len(spans))):
        raise RebuildError("a paragraph is missing, or stands twice")
    if len(source.white_space) != len(spans) + 1:
        raise RebuildError("there is not one piece of white space around each paragraph")
    parts = [source.white_space[0]]
    length = len(parts[0])
    for span, space in zip(spans, source.white_space[1:], strict=True):
        if span.start != length or span.end != length + len(span.text):
            raise RebuildError(
                f"paragraph {index_of(span)} has the span [{span.start}, {span.end}) where the "
                f"text before it ends at {length} and it has {len(span.text)} characters"
            )
        parts.extend((span.text, space))
        length = span.end + len(space)
    if any(space.strip() for space in source.white_space):
        raise RebuildError("what stands between two paragraphs is not white space")
    text = "".join(parts)
    if length != source.characters or _sha256(text) != source.sha256:
        raise RebuildError("kept and removed spans do not make up the normalised text")
    return Rebuilt(source, document, spans, text)


def _check_document(source: SourceRecord, document: DocumentRecord | None) -> Iterator[str]:
    if (source.status == "kept") != (document is not None):
        yield f"the status is {source.status}, but there is {'a' if document else 'no'} document"
    if source.record is None and source.id != source.source:
        yield "the id is not that of its source"
    if source.survivor is None and source.survivor_run is not None:
        yield "it names the run of a survivor, and no survivor"
    found = [source.survivor, source.means, source.share, source.proven]
    if found != [None] * 4 and None in found:
        yield "what it says of a survivor is not complete"
    if document is not None:
        for name in _SHARED:
            if getattr(document, name) != getattr(source, name):
                yield f"document and source differ in {name}"
        indices = [span.index for span in document.paragraphs]
        if not indices or indices != sorted(indices):
            yield "the paragraphs of the document are not in reading order"
        if document.text != "\n\n".join(span.text for span in document.paragraphs):
            yield "the text is not its paragraphs joined by blank lines"
        if document.sha256 != _sha256(document.text):
            yield "the text does not have the digest that stands beside it"
        if document.characters_in != source.characters:
            yield "document and source differ in the length of the input"
        if document.characters_out != len(document.text):
            yield "characters_out is not the length of the text"


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
