"""Parquet: a record in each row.

A row group belongs to the piece in which its first byte lies, as a line does.
"""

from __future__ import annotations

import datetime
import io
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple, cast

import msgspec

from pipeline.blocks import Piece
from pipeline.content import Content, read_content
from pipeline.fields import field_names, media_type, own_id, record_id, some_names, wrong_id
from pipeline.parquet_footers import (
    BUFFER,
    Chunks,
    first_byte,
    flat_columns,
    open_table,
    sizes_of,
)
from pipeline.repeated_ids import RepeatedIds
from transforms.block import RecordError, dead_letter
from transforms.document import TEXT, DeadLetter, Record
from transforms.settings import DecodeSettings, InputSettings

if TYPE_CHECKING:
    import pyarrow.parquet

_ROWS: Final = 64
"""Rows that are read in one go: a text may be large."""
_BYTES: Final = 256 * 1024 * 1024
"""What they may have together where a dictionary gives each the longest value."""


class _Row(NamedTuple):
    number: int
    values: dict[str, Any]


class _Broken(NamedTuple):
    number: int
    """The first row that is lost."""
    error: RecordError


class ParquetRows(msgspec.Struct, frozen=True):
    """A source whose files are tables with a record in each row, named after its number, from 0."""

    input: InputSettings
    decode: DecodeSettings

    def records(self, piece: Piece, repeated: RepeatedIds) -> Iterator[Record | DeadLetter]:
        """The record of each row, or what is wrong with it or with its row group."""
        source = piece.file.source
        try:
            for row in self._rows(piece, field_names(self.input)):
                try:
                    if isinstance(row, _Broken):
                        raise row.error
                    yield self._record(source, row, repeated)
                except RecordError as error:
                    yield dead_letter(error, source, str(row.number))
        except RecordError as error:
            if piece.start == 0:  # one piece says what is wrong with the file
                yield dead_letter(error, source, None)

    def ids(self, piece: Piece) -> Iterator[str]:
        """The file's name, once, and the own ids of the rows that can be read."""
        if piece.start == 0:
            yield piece.file.source
        try:
            for row in self._rows(piece, [self.input.id_field]):
                try:
                    own = None if isinstance(row, _Broken) else self._own_id(row)
                except RecordError:
                    continue  # what is wrong is said when it is read
                if own is not None:
                    yield own
        except RecordError:
            return

    def _record(self, source: str, row: _Row, repeated: RepeatedIds) -> Record:
        name = self.input.text_field
        text = row.values.get(name)
        if text is None:
            raise RecordError("no-text", f"the row has no {name!r}: leave it out of the table")
        if not isinstance(text, str | bytes):
            raise RecordError(
                "invalid-field",
                f"the {name!r} of the row is no string: set input.text_field to the name of the"
                " column that holds the text",
            )
        data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
        return Record(
            id=record_id(self._own_id(row), source, str(row.number), repeated),
            source=source,
            record=str(row.number),
            data=data,
            media_type=media_type(self.input.text_is),
            charset=TEXT if isinstance(text, str) else None,
            url=_text(row.values.get(self.input.url_field)),
            published=_text(row.values.get(self.input.published_field)),
        )

    def _own_id(self, row: _Row) -> str | None:
        name = self.input.id_field
        value = row.values.get(name)
        if isinstance(value, bool) or not isinstance(value, str | int | None):
            raise wrong_id(name)
        return own_id(value, name)

    def _rows(self, piece: Piece, names: Sequence[str]) -> Iterator[_Row | _Broken]:
        """The rows of the row groups that begin in a piece.

        Raises:
            RecordError: the file cannot be read, or has no text.
        """
        with ExitStack() as stack:
            content = stack.enter_context(read_content(piece.file.path, self.input, self.decode))
            if content.packed is not None and piece.start:
                return
            file, size = stack.enter_context(_seekable(content)), None
            size = piece.file.size if content.packed is None else file.seek(0, io.SEEK_END)
            table = open_table(file)
            self._check(table)
            chunks = Chunks(table)
            columns = sorted({at for name in names for at in flat_columns(table, name)})
            number = 0
            for group in range(table.metadata.num_row_groups):
                rows = table.metadata.row_group(group).num_rows
                if not rows:
                    continue  # whatever is wrong with it, nothing is lost
                at = min(max(first_byte(chunks, group), 0), max(size - 1, 0))
                whole = content.packed is not None
                if whole or piece.start <= at < piece.end:
                    yield from self._group(table, chunks, group, columns, number, size)
                number += rows

    def _group(
        self,
        table: pyarrow.parquet.ParquetFile,
        chunks: Chunks,
        group: int,
        columns: list[int],
        number: int,
        whole: int,
    ) -> Iterator[_Row | _Broken]:
        """The rows of a row group, as far as they unpack to what they may.

        Args:
            whole: size of the file: the group has no more, whatever the footer says.
        """
        rows = table.metadata.row_group(group).num_rows
        last = number + rows
        wanted = [chunk for at in columns if (chunk := chunks.at(group, at)) is not None]
        if len(wanted) < len(columns):
            yield _Broken(number, _damaged(group, rows, "the footer says of them what cannot be"))
            return
        packed, size = sizes_of(wanted)
        room = max(self.decode.max_record_bytes, self.input.max_expansion * min(packed, whole))
        if size > room:
            yield _Broken(number, self._too_far(group, last - number))
            return
        for row in _group(table, group, columns, number, min(_ROWS, max(1, _BYTES // size))):
            # A dictionary gives one value to any number of rows.
            if isinstance(row, _Row):
                room -= sum(len(x) for x in row.values.values() if isinstance(x, str | bytes))
            if room < 0:
                yield _Broken(row.number, self._too_far(group, last - row.number))
                return
            yield row

    def _too_far(self, group: int, rows: int) -> RecordError:
        return RecordError(
            "unpacks-too-far",
            f"{rows} rows of row group {group} unpack, from this one on, to more than"
            f" {self.input.max_expansion} times its size: leave them out, or raise"
            " input.max_expansion",
        )

    def _check(self, table: pyarrow.parquet.ParquetFile) -> None:
        names = table.schema_arrow.names
        if self.input.text_field not in names:
            raise RecordError(
                "no-text",
                f"the table has no column {self.input.text_field!r}, but {some_names(names)}: set"
                " input.text_field to the name of the column that holds the text",
            )
        if not flat_columns(table, self.input.text_field):
            raise RecordError(
                "invalid-field",
                f"the column {self.input.text_field!r} of the table is nested, no strings: set"
                " input.text_field to the name of the column that holds the text",
            )


def _group(
    table: pyarrow.parquet.ParquetFile, group: int, columns: list[int], number: int, rows: int
) -> Iterator[_Row | _Broken]:
    """The rows of a row group, numbered from ``number``, so many at a time."""
    import pyarrow

    expected = number + table.metadata.row_group(group).num_rows
    try:
        # By number: a name would take what is nested under it too.
        for batch in table.reader.iter_batches(
            rows, row_groups=[group], column_indices=columns, use_threads=False
        ):
            for values in _values(batch):
                yield _Row(number, values)
                number += 1
    except MemoryError:
        raise  # says nothing about the rows
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        yield _Broken(number, _damaged(group, expected - number, type(error).__name__))
        return
    if number < expected:
        yield _Broken(number, _damaged(group, expected - number, "they are not there"))


def _values(batch: pyarrow.RecordBatch) -> Iterator[dict[str, Any]]:
    """The rows of a batch."""
    columns = {
        name: _column(column)
        for name, column in zip(batch.schema.names, batch.columns, strict=True)
    }
    for at in range(batch.num_rows):
        yield {name: values[at] for name, values in columns.items()}


def _column(column: pyarrow.Array) -> list[Any]:
    """The values of a column.

    A string that is no UTF-8 is given as bytes, a time that no calendar has as ``None``.
    """
    import pyarrow

    types = pyarrow.types
    if types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if types.is_timestamp(column.type) and column.type.unit == "ns":  # Python has none
        column = column.cast(pyarrow.timestamp("us", column.type.tz), safe=False)
    try:
        return cast(list[Any], column.to_pylist())
    except UnicodeDecodeError:
        wide = types.is_large_string(column.type)
        binary = pyarrow.large_binary() if wide else pyarrow.binary()
        return cast(list[Any], column.view(binary).to_pylist())
    except (ValueError, OverflowError):
        return [_value(each) for each in column]


def _value(scalar: pyarrow.Scalar) -> Any:
    try:
        return scalar.as_py()
    except (ValueError, OverflowError):
        return None


def _damaged(group: int, rows: int, why: str) -> RecordError:
    return RecordError(
        "damaged-file",
        f"{rows} rows of row group {group} cannot be read from this one on ({why}): fetch the file"
        " again",
    )


def _text(value: object) -> str | None:
    """A string, or a date or time as ISO 8601 writes it."""
    if isinstance(value, datetime.date):  # and so a datetime
        return value.isoformat()
    return value if isinstance(value, str) and value else None


def _seekable(content: Content) -> BinaryIO:
    """The file, or what it unpacks to on disk: a table is read from its end.

    Raises:
        RecordError: the file is damaged.
    """
    if content.packed is None:
        return content.file
    copy = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    while data := content.file.read(BUFFER):
        copy.write(data)
    if content.damage is not None:
        copy.close()
        raise content.damage
    copy.seek(0)
    return cast(BinaryIO, copy)
