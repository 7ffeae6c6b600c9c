"""Records to a Parquet file and back."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.arrow_schemas import DISTINCT, LONG, SCHEMA_NAME, SCHEMAS, columns
from pipeline.compression import LEVELS, TOO_FAR, Codec
from pipeline.outputs import ORDER, RecordType

_ROWS: Final = 64
"""Rows that are read in one go: the footer may say that they are short."""
_BYTES: Final = 256 * 1024 * 1024
"""What they have together at the most, if each has the longest value and the footer is true."""


class ParquetError(ValueError):
    """The data is no Parquet, or holds something that no run writes."""


def encode_parquet(records: Sequence[msgspec.Struct], codec: Codec, group_size: int) -> bytes:
    """The content of a file that holds these records: one or more, all of one kind.

    Rows are in the order of the records, which must be that of :data:`ORDER`;
    the file says so, and has statistics and a page index by which readers skip.

    Args:
        codec: how pages are compressed.
        group_size: most records in a row group; so many are in memory as an Arrow table.
    """
    kind = type(records[0])
    schema = SCHEMAS[kind]
    names = columns(schema)
    order = [(name, "ascending") for name in ORDER[kind]]
    content = io.BytesIO()
    with pq.ParquetWriter(
        content,
        schema,
        compression=codec.upper(),
        compression_level=LEVELS.get(codec),
        use_dictionary=[path for path, name in names.items() if name not in DISTINCT],
        write_statistics=[path for path, name in names.items() if name not in LONG],
        write_page_index=True,
        sorting_columns=pq.SortingColumn.from_ordering(schema, order, "at_start"),
    ) as writer:
        for start in range(0, len(records), group_size):
            table = _table(records[start : start + group_size], schema)
            writer.write_table(table, row_group_size=group_size)
    return content.getvalue()


def decode_parquet(data: bytes, kind: type[RecordType], most: int) -> tuple[list[RecordType], int]:
    """What :func:`encode_parquet` was given, and how many bytes it is as an Arrow table.

    Args:
        most: bytes that it may be; no more are made, and some rows.

    Raises:
        ParquetError: it is more, the data is damaged, or holds what it would not write.
    """
    schema = SCHEMAS[kind]
    try:
        table = _read(pq.ParquetFile(pa.BufferReader(data)), most)
        _check_schema(table.schema, schema)
        rows = table.to_pylist()
        for row in rows:
            _unpack(row)
        found = msgspec.convert(rows, list[kind])  # type: ignore[valid-type]
    except MemoryError:
        raise  # says nothing about the file
    except (pa.ArrowException, OSError, UnicodeDecodeError, msgspec.DecodeError) as error:
        raise ParquetError(str(error)) from error
    if not _table(found, schema).equals(table):
        raise ParquetError("a record is not written as this version writes it")
    return found, table.nbytes


def _read(file: pq.ParquetFile, most: int) -> pa.Table:
    """The rows of a file, some at a time: a dictionary gives a long value to any number of them."""
    about = file.metadata
    said = sum(max(about.row_group(at).total_byte_size, 0) for at in range(about.num_row_groups))
    if said > most:
        raise _too_large(most)
    batches: list[pa.RecordBatch] = []
    room = most
    rows = min(_ROWS, max(1, _BYTES // max(said, 1)))
    for batch in file.iter_batches(rows, use_threads=False):
        room -= batch.nbytes
        if room < 0:
            raise _too_large(most)
        batches.append(batch)
    return pa.Table.from_batches(batches, file.schema_arrow)


def _too_large(most: int) -> ParquetError:
    return ParquetError(f"the rows unpack to more than the {most:,} bytes {TOO_FAR}")


def _check_schema(found: pa.Schema, expected: pa.Schema) -> None:
    name = expected.metadata[SCHEMA_NAME].decode()
    if (found.metadata or {}).get(SCHEMA_NAME) != expected.metadata[SCHEMA_NAME]:
        raise ParquetError(f"its metadata does not say that its schema is {name}")
    if not found.equals(expected):
        raise ParquetError(f"its columns are not those of the schema {name}")


def _table(records: Sequence[msgspec.Struct], schema: pa.Schema) -> pa.Table:
    rows = [msgspec.to_builtins(record) for record in records]
    for row in rows:
        _pack(row)
    return pa.Table.from_pylist(rows, schema=schema)


def _pack(row: dict[str, Any]) -> None:
    """Give what has no Arrow type the form that its column has."""
    for holder in _with_evidence(row):
        holder["evidence"] = msgspec.json.encode(holder["evidence"]).decode()
    if "changes" in row:
        row["changes"] = [{"name": name, "count": count} for name, count in row["changes"].items()]


def _unpack(row: dict[str, Any]) -> None:
    """Undo :func:`_pack`."""
    for holder in _with_evidence(row):
        holder["evidence"] = msgspec.json.decode(holder["evidence"])
    if "changes" in row:
        row["changes"] = {change["name"]: change["count"] for change in row["changes"]}


def _with_evidence(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "evidence" in row:
        yield row
    for span in row.get("paragraphs", ()):
        yield from span["flags"]
