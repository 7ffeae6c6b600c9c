"""Parquet: every record comes back, readers can skip, nothing else is taken for an output."""

import io
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import __version__
from pipeline.arrow_schemas import SCHEMAS
from pipeline.outputs import ORDER, DocumentRecord, RemovedRecord
from pipeline.parquet import ParquetError, decode_parquet, encode_parquet
from tests.footers import integer, with_footer
from tests.output_records import EVERY_KIND, document, removal

ANY = 1 << 30
MANY = [document(f"{number:04}", "The same words again. " * 20) for number in range(100)]
FILE = encode_parquet([removal("a"), removal("b"), removal("c", kept=None)], "none", 2)


def opened(data: bytes) -> Any:
    return pq.ParquetFile(pa.BufferReader(data))


def column(data: bytes, path: str, group: int = 0) -> Any:
    found = opened(data).metadata.row_group(group)
    (at,) = (i for i in range(found.num_columns) if found.column(i).path_in_schema == path)
    return found.column(at)


def rewritten(data: bytes, **columns: Sequence[Any]) -> bytes:
    """The same file with other values in a column."""
    table = opened(data).read()
    for name, values in columns.items():
        at = table.schema.get_field_index(name)
        field = table.schema.field(at)
        table = table.set_column(at, field, pa.array(values, type=field.type))
    content = io.BytesIO()
    pq.write_table(table, content)
    return content.getvalue()


@pytest.mark.parametrize("records", EVERY_KIND)
@pytest.mark.parametrize("group_size", [1, 2, 10_000])
def test_every_record_comes_back(records: list[msgspec.Struct], group_size: int) -> None:
    data = encode_parquet(records, "zstd", group_size)
    assert decode_parquet(data, type(records[0]), ANY)[0] == records


def test_the_same_records_give_the_same_bytes() -> None:
    assert encode_parquet(MANY, "zstd", 10) == encode_parquet(list(MANY), "zstd", 10)


def test_nested_values_are_lists_and_structs_and_evidence_is_json() -> None:
    (row, _, _) = opened(FILE).read().to_pylist()
    assert row["kept"]["document"] == "a/ü.txt"
    evidence = msgspec.json.decode(row["evidence"])
    assert (evidence["shared_words"], evidence["only_removed"]) == (9, ['"', "é\n"])


def test_metadata_names_schema_and_versions_and_no_circumstances() -> None:
    metadata = opened(FILE).schema_arrow.metadata
    assert metadata == {
        b"copydesk.schema": b"removed/1",
        b"copydesk.format": b"1",
        b"copydesk.version": __version__.encode(),
    }
    assert set(opened(FILE).metadata.metadata) == {*metadata, b"ARROW:schema"}


def test_row_groups_say_what_they_hold_so_that_readers_skip_them() -> None:
    data = encode_parquet(MANY, "zstd", 30)
    assert opened(data).metadata.num_row_groups == 4
    ranges = [column(data, "id", group).statistics for group in range(4)]
    assert [(each.min, each.max) for each in ranges[:2]] == [("0000", "0029"), ("0030", "0059")]
    assert column(data, "id").has_column_index
    assert column(data, "id").has_offset_index
    assert column(data, "text").statistics is None
    assert column(data, "paragraphs.list.element.text").statistics is None


@pytest.mark.parametrize("records", EVERY_KIND)
def test_row_groups_say_how_they_are_sorted(records: list[msgspec.Struct]) -> None:
    data = encode_parquet(records, "none", 10)
    group = opened(data).metadata.row_group(0)
    names = [group.column(each.column_index).path_in_schema for each in group.sorting_columns]
    assert tuple(names) == ORDER[type(records[0])]
    assert all(each.nulls_first and not each.descending for each in group.sorting_columns)


def test_what_repeats_is_written_once_and_pages_are_compressed() -> None:
    data = encode_parquet(MANY, "zstd", 100)
    for path in ("site", "published", "paragraphs.list.element.kind"):
        assert column(data, path).has_dictionary_page, path
    for path in ("id", "text", "sha256"):
        assert not column(data, path).has_dictionary_page, path
    assert column(data, "text").compression == "ZSTD"
    assert column(encode_parquet(MANY, "none", 100), "text").compression == "UNCOMPRESSED"


@given(st.integers(0, len(FILE) - 1), st.integers(1, 255))
def test_damage_gives_no_other_error(at: int, flip: int) -> None:
    data = bytearray(FILE)
    data[at] ^= flip
    with suppress(ParquetError):  # a changed letter of a text is for the digest to find
        decode_parquet(bytes(data), RemovedRecord, ANY)
    with pytest.raises(ParquetError):
        decode_parquet(FILE[:at], RemovedRecord, ANY)


def test_a_file_of_another_schema_is_refused() -> None:
    with pytest.raises(ParquetError, match=r"metadata does not say .* documents/1"):
        decode_parquet(FILE, DocumentRecord, ANY)
    schema = SCHEMAS[RemovedRecord]
    other = pa.table({"text": ["a"]}, schema=pa.schema([("text", "string")], schema.metadata))
    content = io.BytesIO()
    pq.write_table(other, content)
    with pytest.raises(ParquetError, match=r"columns are not those of the schema removed/1"):
        decode_parquet(content.getvalue(), RemovedRecord, ANY)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"evidence": ['{"a": 1}', "{}", "{}"]}, "not written as this version writes it"),
        ({"evidence": ["{", "{}", "{}"]}, "truncated"),
        ({"verdict": ["guess", "boilerplate", "boilerplate"]}, "Invalid enum value 'guess'"),
    ],
)
def test_values_that_no_run_writes_are_refused(
    columns: dict[str, Sequence[str]], message: str
) -> None:
    assert decode_parquet(rewritten(FILE), RemovedRecord, ANY)
    with pytest.raises(ParquetError, match=message):
        decode_parquet(rewritten(FILE, **columns), RemovedRecord, ANY)


def test_rows_are_read_to_their_limit_only() -> None:
    long = {"text": ["a" * 1_000_000] * 3}
    data = rewritten(FILE, **long)
    assert len(data) < 100_000  # the value is there once
    with pytest.raises(ParquetError, match="unpack to more than the 2,000,000 bytes"):
        decode_parquet(data, RemovedRecord, 2_000_000)
    with pytest.raises(ParquetError, match="unpack to more than the 10 bytes"):
        decode_parquet(FILE, RemovedRecord, 10)
    assert len(decode_parquet(data, RemovedRecord, 4_000_000)[0]) == 3


def test_few_rows_are_read_at_a_time_whatever_the_footer_says() -> None:
    rows = 1_000
    data = encode_parquet([removal(f"{number:04}") for number in range(rows)], "none", rows)
    data = rewritten(data, text=["a" * 100_000] * rows)
    size = opened(data).metadata.row_group(0).total_byte_size
    lie = with_footer(data, integer(size) + integer(rows), integer(0) + integer(rows))
    assert opened(lie).metadata.row_group(0).total_byte_size == 0
    before = pa.default_memory_pool()
    pool = pa.proxy_memory_pool(before)
    pa.set_memory_pool(pool)
    try:
        with pytest.raises(ParquetError, match="unpack to more"):
            decode_parquet(lie, RemovedRecord, 2_000_000)
    finally:
        pa.set_memory_pool(before)
    assert pool.max_memory() < 50_000_000
