"""Parquet: every row is a record or told, wherever the file is cut."""

from __future__ import annotations

import datetime
import io
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.footers import integer, with_footer
from tests.fuzzing.checks import check_error
from tests.packing import PACK
from tests.reading import parted, read_ids, read_items
from transforms.document import TEXT, DeadLetter, Record
from transforms.settings import DecodeSettings, InputSettings

TEXTS = [f"the text of row {n} " * 20 for n in range(300)]


def table(columns: dict[str, Any], rows: int = 100, **options: Any) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out, row_group_size=rows, **options)
    return out.getvalue()


PLAIN = table({"id": range(300), "text": TEXTS}, compression="none", use_dictionary=False)


def test_a_row_is_a_record_named_after_its_number(tmp_path: Path) -> None:
    data = table(
        {
            "text": ["Straße", "b"],
            "id": pa.array([7, None]),
            "url": ["https://a.example/1", ""],
            "published": pa.array([datetime.date(2019, 1, 2), None]),
            "other": [[1], [2]],
        }
    )
    for name, content in (("f.parquet", data), ("f", data), ("f.parquet.gz", PACK["gz"](data))):
        one, other = parted(read_items(tmp_path, name, content))[0]
        assert (one.id, one.record, one.data.decode(), one.charset) == ("7", "0", "Straße", TEXT)
        assert (one.url, one.published) == ("https://a.example/1", "2019-01-02")
        assert (other.id, other.record, other.url) == (f"{name}#1", "1", None)
        assert read_ids(tmp_path, name, content) == [name, "7"]


@pytest.mark.parametrize(
    "column",
    [
        pa.array(["a", None, "c"]).dictionary_encode(),
        pa.array(["a", None, "c"], pa.large_string()),
        pa.array([b"a", None, b"c"]),
    ],
)
def test_a_text_has_any_type_of_text(column: pa.Array, tmp_path: Path) -> None:
    records, letters = parted(read_items(tmp_path, "f.parquet", table({"text": column})))
    assert [record.data for record in records] == [b"a", b"c"]
    assert [(letter.error, letter.record) for letter in letters] == [("no-text", "1")]


def test_a_bad_row_costs_itself(tmp_path: Path) -> None:
    broken = pa.array([b"a", b"caf\xe9", b"c"]).view(pa.string())
    records, letters = parted(read_items(tmp_path, "f.parquet", table({"text": broken})))
    assert letters == []
    assert [record.data for record in records] == [b"a", b"caf\xe9", b"c"]
    assert records[1].charset is None
    data = table({"text": ["a", "b"], "id": [1.5, None]})
    records, letters = parted(read_items(tmp_path, "f.parquet", data))
    assert [(letter.error, letter.record) for letter in letters] == [("invalid-field", "0")]
    data = table({"text": [1, 2]})
    letters = parted(read_items(tmp_path, "f.parquet", data))[1]
    assert [letter.error for letter in letters] == ["invalid-field"] * 2


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pa.array([1546423200123456789, None], pa.timestamp("ns")), "2019-01-02T10:00:00.123456"),
        (pa.array([1546423200, 10**14], pa.timestamp("s", "UTC")), "2019-01-02T10:00:00+00:00"),
        (pa.array([17898, 10**9], pa.date32()), "2019-01-02"),
        (pa.array([2019, 1]), None),
    ],
)
def test_a_time_is_written_out_and_one_that_no_calendar_has_left_out(
    column: pa.Array, expected: str | None, tmp_path: Path
) -> None:
    data = table({"text": ["a", "b"], "published": column})
    records, letters = parted(read_items(tmp_path, "f.parquet", data))
    assert letters == []
    assert [record.published for record in records] == [expected, None]


def test_a_table_without_the_column_says_so(tmp_path: Path) -> None:
    (letter,) = parted(read_items(tmp_path, "f.parquet", table({"body": TEXTS}), shard=100))[1]
    assert (letter.error, letter.record) == ("no-text", None)
    assert "'body'" in letter.message
    fields = InputSettings(text_field="body")
    assert (
        len(parted(read_items(tmp_path, "f.parquet", table({"body": TEXTS}), settings=fields))[0])
        == 300
    )


@pytest.mark.parametrize("shard", [1_000, 3_000, 50_000, 10_000_000])
def test_wherever_a_table_is_cut_its_rows_are_the_same(shard: int, tmp_path: Path) -> None:
    records, letters = parted(read_items(tmp_path, "f.parquet", PLAIN, shard=shard))
    assert letters == []
    assert [record.record for record in records] == [str(n) for n in range(300)]
    assert [record.data.decode() for record in records] == TEXTS


def test_a_row_group_that_is_broken_costs_itself(tmp_path: Path) -> None:
    about = pq.ParquetFile(io.BytesIO(PLAIN)).metadata
    start = about.row_group(1).column(1).data_page_offset
    data = bytearray(PLAIN)
    data[start : start + 40] = bytes(40)
    records, letters = parted(read_items(tmp_path, "f.parquet", bytes(data), shard=20_000))
    assert [int(record.record or -1) for record in records] == [*range(100), *range(200, 300)]
    assert [(letter.error, letter.record) for letter in letters] == [("damaged-file", "100")]
    assert "100 rows of row group 1" in letters[0].message


def test_a_row_group_unpacks_to_so_much_and_no_more(tmp_path: Path) -> None:
    decode = DecodeSettings(max_record_bytes=100_000)
    bomb = table({"text": ["x" * 90_000] * 20}, compression="zstd", use_dictionary=False)
    again = pa.DictionaryArray.from_arrays(pa.array([0] * 20, pa.int32()), ["word " * 10_000])
    for data, whole in ((bomb, 0), (table({"text": again}, compression="zstd"), 2)):
        (record,), letters = parted(
            read_items(tmp_path, "f.parquet", table({"text": ["fine"]}), decode=decode)
        )
        assert record.data == b"fine"
        records, letters = parted(read_items(tmp_path, "f.parquet", data, decode=decode))
        assert len(records) == whole
        assert [(letter.error, letter.record) for letter in letters] == [
            ("unpacks-too-far", str(whole))
        ]
        assert "raise input.max_expansion" in letters[0].message


def test_a_row_group_has_packed_no_more_than_the_file(tmp_path: Path) -> None:
    decode = DecodeSettings(max_record_bytes=100_000)
    bomb = table({"text": ["x" * 90_000] * 20}, compression="zstd", use_dictionary=False)
    about = pq.ParquetFile(io.BytesIO(bomb)).metadata.row_group(0).column(0)
    sizes = [
        integer(size)
        for size in (about.total_uncompressed_size, about.total_compressed_size, 8_000)
    ]
    lie = with_footer(bomb, sizes[0] + sizes[1], sizes[0] + sizes[2])
    told = pq.ParquetFile(io.BytesIO(lie)).metadata.row_group(0).column(0)
    assert told.total_compressed_size == 8_000
    letters = parted(read_items(tmp_path, "f.parquet", lie, decode=decode))[1]
    assert [letter.error for letter in letters] == ["unpacks-too-far"]


def test_a_footer_that_arrow_finds_wrong_costs_the_rows_that_it_is_wrong_about(
    tmp_path: Path,
) -> None:
    data = table({"text": ["a", "b", "c", "d"]}, rows=2)
    # How many values have each level: lists of none and of two numbers change places.
    none, two = b"\x19\x06", b"\x19\x26\x00\x04"
    assert data.count(none + two) == 2
    wrong = data.replace(none + two, two + none, 1)  # Arrow would end the process
    for shard in (10, 1_000):
        records, letters = parted(read_items(tmp_path, "f.parquet", wrong, shard=shard))
        assert [record.data for record in records] == [b"c", b"d"]
        assert [(letter.error, letter.record) for letter in letters] == [("damaged-file", "0")]
        assert "2 rows of row group 0" in letters[0].message


@pytest.mark.parametrize("rows", [-40, 0, 10, 90])
def test_numbers_of_rows_that_do_not_add_up_are_a_broken_footer(rows: int, tmp_path: Path) -> None:
    data = table({"text": TEXTS[:90]}, rows=40)
    # A group ends with its bytes and its rows, and where it begins.
    size = integer(pq.ParquetFile(io.BytesIO(data)).metadata.row_group(0).total_byte_size)
    told = [size + integer(number) + b"\x26" for number in (40, rows)]
    wrong = with_footer(data, told[0], told[1])
    assert pq.ParquetFile(io.BytesIO(wrong)).metadata.row_group(0).num_rows == rows
    (letter,) = parted(read_items(tmp_path, "f.parquet", wrong, shard=100))[1]
    assert (letter.error, letter.record) == ("damaged-file", None)
    assert "do not add up" in letter.message


NESTED = [["x" * 1_000] * 2_000, ["y"]]


def test_a_nested_text_is_told_before_anything_is_read(tmp_path: Path) -> None:
    for column in (NESTED, [{"a": "x"}, {"a": "y"}]):
        (letter,) = parted(read_items(tmp_path, "f.parquet", table({"text": column})))[1]
        assert (letter.error, letter.record) == ("invalid-field", None)
        assert "input.text_field" in letter.message


@pytest.mark.parametrize("name", ["id", "url", "published", "text.parts"])
def test_what_is_nested_beside_a_text_is_not_read(name: str, tmp_path: Path) -> None:
    data = table({"text": ["a", "b"], name: NESTED}, compression="zstd", use_dictionary=False)
    decode = DecodeSettings(max_record_bytes=100_000)
    records, letters = parted(read_items(tmp_path, "f.parquet", data, decode=decode))
    assert letters == []
    assert [(each.id, each.data) for each in records] == [
        ("f.parquet#0", b"a"),
        ("f.parquet#1", b"b"),
    ]
    assert [(each.url, each.published) for each in records] == [(None, None)] * 2


def test_an_error_names_long_columns_by_their_beginnings(tmp_path: Path) -> None:
    data = table({f"n{n}" + "z" * 10_000: ["a"] for n in range(30)})
    (letter,) = parted(read_items(tmp_path, "f.parquet", data))[1]
    check_error(letter)
    assert "'n1zzz" in letter.message
    assert letter.message.endswith("to the name of the column that holds the text")


ANYWHERE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@ANYWHERE
@given(cut=st.integers(0, 1_000_000))
def test_a_table_that_is_cut_has_no_footer(cut: int, tmp_path: Path) -> None:
    items = read_items(tmp_path, "f.parquet", PLAIN[: cut % len(PLAIN)], shard=20_000)
    (letter,) = parted(items)[1]
    assert (letter.error, letter.record) == ("damaged-file", None)


SMALL = table({"id": range(60), "text": TEXTS[:60]}, rows=20, write_page_checksum=True)


@ANYWHERE
@given(at=st.integers(0, 1_000_000), bit=st.integers(0, 7))
def test_wherever_a_bit_flips_every_row_is_read_or_told(at: int, bit: int, tmp_path: Path) -> None:
    data = bytearray(SMALL)
    data[at % len(data)] ^= 1 << bit
    items = read_items(tmp_path, "f.parquet", bytes(data))
    assert all(isinstance(item, Record | DeadLetter) for item in items)
    records = [item for item in items if isinstance(item, Record)]
    if len(records) < 60:
        assert len(records) < len(items)


@pytest.mark.parametrize("at", ["pyarrow.parquet.ParquetFile", "pipeline.parquet_rows._values"])
def test_no_memory_is_no_damage(at: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise pa.ArrowMemoryError("malloc of size 2147483648 failed")

    monkeypatch.setattr(at, fail)
    with pytest.raises(MemoryError):
        read_items(tmp_path, "f.parquet", PLAIN)
