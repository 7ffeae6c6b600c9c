"""CSV and TSV: a header, then a record in each row.

Rows are read as bytes, since a file is often not in the charset that it should
be: a text that is no UTF-8 is decoded as that of a plain file.
"""

from __future__ import annotations

import codecs
import csv
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import msgspec

from pipeline.blocks import Piece
from pipeline.fields import media_type, own_id, record_id, some_names, wrong_id
from pipeline.repeated_ids import RepeatedIds
from pipeline.text_lines import Gap, Line, lines_of
from transforms.block import RecordError, dead_letter, sample_of
from transforms.document import TEXT, DeadLetter, Record
from transforms.settings import DecodeSettings, InputSettings

_BYTES: Final = "latin-1"
"""Each byte is one character in it, and back."""
_DELIMITERS: Final = {"csv": ",;\t", "tsv": "\t,;"}
_MOST_FIELD: Final = sys.maxsize
"""Characters of a field: lines have a limit of their own, in bytes."""


class _Row(NamedTuple):
    start: int
    """Byte offset of its first byte in the file, as it is unpacked."""
    values: list[bytes]
    data: bytes
    """Its first line."""


class _Header(NamedTuple):
    columns: dict[str, int]
    width: int
    delimiter: str


class CsvRows(msgspec.Struct, frozen=True):
    """A source whose files have a record in each row; the first row names the columns.

    The delimiter is the one with which the header has the column of the text.
    """

    input: InputSettings
    decode: DecodeSettings

    def records(self, piece: Piece, repeated: RepeatedIds) -> Iterator[Record | DeadLetter]:
        """The record of each row, named after its byte offset, or what is wrong with it."""
        source = piece.file.source
        at = 0
        try:
            lines = lines_of(piece, self.input, self.decode)
            header = self._header(lines, piece)
            for row in _rows(lines, header, self.decode.max_record_bytes):
                at = row.start
                if isinstance(row, Gap):
                    yield dead_letter(row.error, source, str(row.start))
                    continue
                try:
                    yield self._record(source, row, header, repeated)
                except RecordError as error:
                    yield dead_letter(error, source, str(row.start))
        except RecordError as error:
            # Of the file: it costs what is not read yet.
            yield dead_letter(error, source, str(at + 1) if at else None)

    def ids(self, piece: Piece) -> Iterator[str]:
        """The file's name, and the own ids of the rows that can be read."""
        yield piece.file.source
        try:
            lines = lines_of(piece, self.input, self.decode)
            header = self._header(lines, piece)
            if self.input.id_field not in header.columns:
                return
            for row in _rows(lines, header, self.decode.max_record_bytes):
                try:
                    own = None if isinstance(row, Gap) else self._own_id(row, header)
                except RecordError:
                    continue  # what is wrong is said when it is read
                if own is not None:
                    yield own
        except RecordError:
            return

    def _header(self, lines: Iterator[Line | Gap], piece: Piece) -> _Header:
        # Of the process: as it is, a header would be read or not by what was read before.
        csv.field_size_limit(_MOST_FIELD)
        first = next(lines, None)
        gap = first if isinstance(first, Gap) else None
        if isinstance(first, Line) and not first.data.endswith(b"\n") and first.limit is None:
            gap = _next_gap(lines)
        if gap is not None:
            raise gap.error
        data = first.data.removeprefix(codecs.BOM_UTF8) if isinstance(first, Line) else b""
        name = self.input.text_field
        names: list[str] = []
        for delimiter in _DELIMITERS["tsv" if piece.file.kind == "tsv" else "csv"]:
            text = data.decode("utf-8", "replace")
            try:
                found = next(csv.reader([text], delimiter=delimiter), [])
            except csv.Error:
                continue
            if name in found:
                # The first column of a name counts.
                columns = {each: at for at, each in reversed(list(enumerate(found)))}
                return _Header(columns, len(found), delimiter)
            names = names or found
        raise RecordError(
            "no-text",
            f"the first line has no column {name!r}, but {some_names(names)}: set input.text_field"
            " to the name of the column that holds the text",
            0,
            sample_of(data),
        )

    def _record(self, source: str, row: _Row, header: _Header, repeated: RepeatedIds) -> Record:
        own = self._own_id(row, header)
        data = row.values[header.columns[self.input.text_field]]
        return Record(
            id=record_id(own, source, str(row.start), repeated),
            source=source,
            record=str(row.start),
            data=data,
            media_type=media_type(self.input.text_is),
            charset=None if _text(data) is None else TEXT,
            url=_text(_value(row, header, self.input.url_field)) or None,
            published=_text(_value(row, header, self.input.published_field)) or None,
        )

    def _own_id(self, row: _Row, header: _Header) -> str | None:
        """The id that a row has of its own, escaped; none where it is empty.

        Raises:
            RecordError: ``invalid-row`` or ``invalid-field``.
        """
        if len(row.values) != header.width:
            raise RecordError(
                "invalid-row",
                f"the row has {len(row.values)} fields and the header {header.width}: put a field"
                f" that holds {header.delimiter!r} or a line end into quotes",
                row.start,
                sample_of(row.data),
            )
        value = _text(_value(row, header, self.input.id_field))
        if value is None:
            raise wrong_id(self.input.id_field)
        return own_id(value, self.input.id_field)


def _value(row: _Row, header: _Header, name: str) -> bytes:
    at = header.columns.get(name)
    return b"" if at is None else row.values[at]


def _text(data: bytes) -> str | None:
    """UTF-8, or ``None``."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


class _Feed:
    """Gives a parser the lines of one row, and keeps them."""

    def __init__(self, lines: Iterator[Line | Gap], limit: int) -> None:
        self.held: list[Line] = []
        self.gap: Gap | None = None
        self._lines = lines
        self._room = limit

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        if isinstance(line, Gap):
            self.gap = line
            raise StopIteration
        self.held.append(line)
        self._room -= len(line.data)
        if line.limit is not None or self._room < 0:
            raise _TooLong
        return line.data.decode(_BYTES)


class _TooLong(Exception):
    """A row that is over the limit."""


def _rows(lines: Iterator[Line | Gap], header: _Header, limit: int) -> Iterator[_Row | Gap]:
    """The rows of a file, and what is broken.

    Of a row that cannot be parsed (a quotation mark is not closed) the first
    line is lost; the others are read as a row each, for there is no telling
    where it was to end.
    """
    alone: deque[Line] = deque()
    while True:
        feed = _Feed(iter([alone.popleft()]) if alone else lines, limit)
        parser = csv.reader(feed, delimiter=header.delimiter, strict=True)
        error = None
        values: Sequence[str] = ()
        try:
            values = next(parser, ())
        except csv.Error:
            error = RecordError(
                "invalid-row",
                "the row is no CSV: close its quotation marks, and double those inside",
            )
        except _TooLong:
            error = RecordError(
                "record-too-large",
                f"the row has more than {limit} bytes, or a quotation mark in it is not closed:"
                " close it, or raise decode.max_record_bytes",
            )
        gap = feed.gap
        if not feed.held:
            if gap is None:
                return
            yield gap
            continue
        first, *rest = feed.held
        cut = not feed.held[-1].data.endswith(b"\n")
        if error is None and cut and gap is None and not alone:
            gap = _next_gap(lines)
        if gap is not None:
            # The end of the row may be missing, and a part of a text is no record.
            yield Gap(first.start, gap.error)
        elif error is not None:
            yield Gap(first.start, _at(error, first))
            alone.extendleft(reversed(rest))
        elif values:
            yield _Row(first.start, [value.encode(_BYTES) for value in values], first.data)


def _at(error: RecordError, line: Line) -> RecordError:
    return RecordError(error.error, error.message, line.start, sample_of(line.data))


def _next_gap(lines: Iterator[Line | Gap]) -> Gap | None:
    """The gap that follows a line without an end, if one does."""
    found = next(lines, None)
    return found if isinstance(found, Gap) else None
