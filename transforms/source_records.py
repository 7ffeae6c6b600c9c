"""What is written of every input record, whatever became of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from msgspec.structs import replace

from transforms.deciding import DocumentVerdict
from transforms.document import Document
from transforms.records import SourceRecord, Status


def with_survivor(source: SourceRecord, found: DocumentVerdict | SourceRecord) -> SourceRecord:
    """The same with the document that has most of it."""
    return replace(
        source,
        survivor=found.survivor,
        survivor_run=found.survivor_run if isinstance(found, SourceRecord) else found.run,
        means=found.means,
        share=found.share,
        proven=found.proven,
    )


def source_record(document: Document, status: Status) -> SourceRecord:
    """What is written of every record that was read; its survivor is added by the verdicts."""
    return SourceRecord(
        id=document.id,
        source=document.source,
        record=document.record,
        status=status,
        url=document.url,
        site=document.site,
        published=document.published,
        fetched=document.fetched,
        headers=document.headers,
        language=document.language,
        characters=len(document.text),
        sha256=hashlib.sha256(document.text.encode("utf-8", "surrogatepass")).hexdigest(),
        encoding=document.encoding,
        changes=document.changes,
        replaced_at=document.replaced_at,
        white_space=tuple(_white_space(document)),
        survivor=None,
        survivor_run=None,
        means=None,
        share=None,
        proven=None,
    )


def _white_space(document: Document) -> Iterator[str]:
    end = 0
    for paragraph in document.paragraphs:
        yield document.text[end : paragraph.start]
        end = paragraph.end
    yield document.text[end:]


def rejected_source(source: str, record: str | None) -> SourceRecord:
    """What is written among the sources of a record that was rejected."""
    return SourceRecord(
        id=source if record is None else f"{source}#{record}",
        source=source,
        record=record,
        status="rejected",
        url=None,
        site=None,
        published=None,
        fetched=None,
        headers=(),
        language=None,
        characters=None,
        sha256=None,
        encoding=None,
        changes={},
        replaced_at=(),
        white_space=(),
        survivor=None,
        survivor_run=None,
        means=None,
        share=None,
        proven=None,
    )
