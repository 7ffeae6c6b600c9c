"""Rows with a schema: what the PTransforms of :mod:`transforms.cleaning_steps` take and give.

A Beam pipeline in any language can carry them, and Beam YAML names their fields.  Those that
come out have the fields of :mod:`transforms.records`; ``docs/output.md`` describes them.
"""

# No "from __future__ import annotations" here: Beam reads the types themselves.
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, get_args

import msgspec
from apache_beam.coders import RowCoder
from apache_beam.coders.typecoders import registry

from transforms.block import RecordError, dead_letter
from transforms.document import MOST_ID, TEXT, DeadLetter, MediaType, Record
from transforms.records import (
    DocumentRecord,
    Flag,
    Kept,
    KeptSpan,
    RejectedRecord,
    RemovedRecord,
    SourceRecord,
)


class InputRow(NamedTuple):
    """A record to clean.  Any row with these fields will do; other fields are not read."""

    id: str
    """Unique in the collection; it comes back as it is."""
    text: str
    """A scraped text, or a page's markup."""
    url: str | None = None
    published: str | None = None
    media_type: str | None = None
    """``text/plain`` or ``text/html``; anything else leaves it to the text."""


class KeptRow(NamedTuple):
    """The kept paragraph that another one was compared with."""

    run: str | None
    document: str
    paragraph: int | None
    start: int | None
    end: int | None


class FlagRow(NamedTuple):
    """A mark on a kept paragraph."""

    verdict: str
    kept: KeptRow
    jaccard: float
    containment: float
    evidence: str
    """A JSON object."""


class ParagraphRow(NamedTuple):
    """A kept paragraph."""

    index: int  # type: ignore[assignment]  # a tuple has a method of that name
    kind: str
    text: str
    start: int
    end: int
    flags: Sequence[FlagRow]


class DocumentRow(NamedTuple):
    """A clean document."""

    id: str
    source: str
    url: str | None
    title: str | None
    author: str | None
    site: str | None
    published: str | None
    fetched: str | None
    language: str | None
    text: str
    paragraphs: Sequence[ParagraphRow]
    characters_in: int
    characters_out: int
    sha256: str


class RemovedRow(NamedTuple):
    """A removed paragraph."""

    document: str
    paragraph: int
    start: int
    end: int
    text: str
    kind: str
    verdict: str
    reason: str
    score: float
    evidence: str
    """A JSON object."""
    kept: KeptRow | None
    jaccard: float | None
    containment: float | None
    rule: str


class RejectedRow(NamedTuple):
    """A dead letter."""

    source: str
    record: str | None
    offset: int | None
    error: str
    message: str
    sample: str


class SourceRow(NamedTuple):
    """An input row and what became of it."""

    id: str
    source: str
    record: str | None
    status: str
    url: str | None
    site: str | None
    published: str | None
    fetched: str | None
    headers: Sequence[str]
    language: str | None
    characters: int | None
    sha256: str | None
    encoding: str | None
    changes: Mapping[str, int]
    replaced_at: Sequence[int]
    white_space: Sequence[str]
    survivor: str | None
    survivor_run: str | None
    means: str | None
    share: float | None
    proven: float | None


ROWS: Final[dict[type[msgspec.Struct], type[Any]]] = {
    DocumentRecord: DocumentRow,
    KeptSpan: ParagraphRow,
    Flag: FlagRow,
    Kept: KeptRow,
    RemovedRecord: RemovedRow,
    RejectedRecord: RejectedRow,
    SourceRecord: SourceRow,
}
"""The row of each record."""

for row in (InputRow, *ROWS.values()):
    registry.register_coder(row, RowCoder)


def row_of(record: msgspec.Struct) -> Any:
    """A record of the output as the row of :data:`ROWS` with the same fields."""
    fields = {name: getattr(record, name) for name in record.__struct_fields__}
    if "evidence" in fields:
        fields["evidence"] = msgspec.json.encode(fields["evidence"]).decode()
    return ROWS[type(record)](**{name: _value(value) for name, value in fields.items()})


def _value(value: object) -> object:
    if isinstance(value, msgspec.Struct):
        return row_of(value)
    if isinstance(value, tuple):
        return tuple(map(_value, value))
    return value


_MEDIA_TYPES: Final[dict[str | None, MediaType]] = {each: each for each in get_args(MediaType)}


def record_of(row: Any) -> Record | DeadLetter:
    """The record of a row like :class:`InputRow`, or the dead letter that says why there is none.

    Args:
        row: its ``text`` may also be bytes, and its ``id`` an integer.  An address, a date or a
            media type that is no text is left out, as one that is missing.

    Raises:
        TypeError: it has no field ``id`` or ``text``: the pipeline is wrong, not the row.
    """
    for name in ("id", "text"):
        if not hasattr(row, name):
            raise TypeError(
                f"the rows to clean have no field {name!r}: give each the fields id and text"
                " (beam.Row(id=..., text=...), or MapToFields in YAML)"
            )
    text = row.text
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    id = _id(row.id)
    if id is None:
        return _rejected(
            f"sha256:{hashlib.sha256(data if isinstance(data, bytes) else b'').hexdigest()}",
            "invalid-field",
            f"the row's id is no integer and no string of 1 to {MOST_ID} characters: map id to the"
            " field that holds it (the source names the digest of the text)",
        )
    if data is None:
        return _rejected(id, "no-text", "the row has no text: map text to the field that holds it")
    if not isinstance(data, bytes):
        return _rejected(
            id, "invalid-field", "the row's text is no string: map text to the field that holds it"
        )
    return Record(
        id=id,
        source=id,
        data=data,
        charset=TEXT if isinstance(text, str) else None,
        media_type=_MEDIA_TYPES.get(_string(getattr(row, "media_type", None))),
        url=_string(getattr(row, "url", None)),
        published=_string(getattr(row, "published", None)),
    )


def _rejected(source: str, error: str, message: str) -> DeadLetter:
    return dead_letter(RecordError(error, message), source, None)


def _id(value: object) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return _string(value) if value and len(str(value)) <= MOST_ID else None


def _string(value: object) -> str | None:
    """A value that is a string of whole characters."""
    try:
        return value if isinstance(value, str) and value.encode() else None
    except UnicodeEncodeError:
        return None
