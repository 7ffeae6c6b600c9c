"""CSV: every row is a record or a dead letter."""

from __future__ import annotations

import csv
import io
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzzing.checks import check_error
from tests.packing import PACK
from tests.reading import parted, read_ids, read_items
from transforms.document import TEXT
from transforms.settings import DecodeSettings, InputSettings


def table(rows: list[list[str]], **dialect: str) -> bytes:
    out = io.StringIO()
    csv.writer(out, **dialect).writerows(rows)  # type: ignore[arg-type]
    return out.getvalue().encode()


ROWS = [
    ["id", "url", "text"],
    ["1", "https://a.example/1", 'He said "no",\n\nand left.'],
    ["2", "", "b"],
]


@pytest.mark.parametrize(
    ("name", "delimiter"),
    [("f.csv", ","), ("f.csv", ";"), ("f.csv", "\t"), ("f.tsv", "\t"), ("f.tsv", ",")],
)
def test_a_row_is_a_record_named_after_its_first_byte(
    name: str, delimiter: str, tmp_path: Path
) -> None:
    data = table(ROWS, delimiter=delimiter)
    for content in (data, b"\xef\xbb\xbf" + data, PACK["zst"](data)):
        records, letters = parted(read_items(tmp_path, name, content))
        assert letters == []
        assert [(each.id, each.url, each.data, each.charset) for each in records] == [
            ("1", "https://a.example/1", b'He said "no",\n\nand left.', TEXT),
            ("2", None, b"b", TEXT),
        ]
    assert [each.record for each in records] == ["13", str(len(data) - len("2,,b\r\n"))]


def test_fields_may_have_other_names_and_columns_none(tmp_path: Path) -> None:
    data = b"day,body,body,\n2019-01-02,x,y,\n"
    fields = InputSettings(text_field="body", published_field="day", text_is="html")
    (record,) = parted(read_items(tmp_path, "f.csv", data, settings=fields))[0]
    assert (record.id, record.data, record.published) == ("f.csv#15", b"x", "2019-01-02")
    assert record.media_type == "text/html"


def test_a_text_in_another_charset_is_left_to_decoding(tmp_path: Path) -> None:
    data = "id,text\né,café\n1,café\n".encode("latin-1")
    records, letters = parted(read_items(tmp_path, "f.csv", data))
    assert [(each.data, each.charset) for each in records] == [("café".encode("latin-1"), None)]
    assert [letter.error for letter in letters] == ["invalid-field"]


def test_a_bad_row_costs_itself(tmp_path: Path) -> None:
    rows = [b"id,text", b"1,a", b"2,b,c", b"3", b'4,"x" y', b"5,\0", b"", b"6,z", b"7,\r"]
    records, letters = parted(read_items(tmp_path, "f.csv", b"\n".join(rows)))
    assert [record.id for record in records] == ["1", "5", "6", "7"]
    assert [(letter.error, letter.record, letter.offset) for letter in letters] == [
        ("invalid-row", "12", 12),
        ("invalid-row", "18", 18),
        ("invalid-row", "20", 20),
    ]
    assert "2 fields" not in letters[0].message
    assert "3 fields" in letters[0].message


def test_a_quotation_mark_that_is_not_closed_costs_its_line(tmp_path: Path) -> None:
    data = b'text\nfirst\n"open\nsecond\n"two\nlines"\nthird\n'
    records, letters = parted(read_items(tmp_path, "f.csv", data))
    # As far as the field went, a row is a line: nobody knows where it was to end.
    assert [record.data for record in records] == [b"first", b"second", b'lines"', b"third"]
    assert [letter.record for letter in letters] == ["11", "24"]


def test_a_row_that_is_too_long_costs_itself(tmp_path: Path) -> None:
    lines = b"".join(b"line %d\n" % n for n in range(99))
    limits = DecodeSettings(max_record_bytes=100)
    for long in (b'"' + lines, b"x" * 5_000 + b"\n", b'"' + b"x" * 5_000 + b'"\n'):
        data = b"text\nfirst\n" + long + b"last\n"
        records, letters = parted(read_items(tmp_path, "f.csv", data, decode=limits))
        assert records[0].data == b"first"
        assert records[-1].data == b"last"
        assert [letter.error for letter in letters] == ["record-too-large"]
    records, letters = parted(
        read_items(tmp_path, "f.csv", b"text\n" + b"x" * 5_000, decode=limits)
    )
    assert [letter.error for letter in letters] == ["record-too-large"]


@pytest.mark.parametrize("data", [b"", b"a,b\n1,2\n", b'"open', "text\nx\n".encode("utf-16")])
def test_a_file_without_the_column_says_so(data: bytes, tmp_path: Path) -> None:
    (letter,) = parted(read_items(tmp_path, "f.csv", data))[1]
    assert (letter.error, letter.record) == ("no-text", None)
    assert "text_field" in letter.message


def test_a_header_is_read_whatever_was_read_before(tmp_path: Path) -> None:
    data = b"text," + b"x" * 200_000 + b"\na,b\n"
    csv.field_size_limit(131_072)  # as in a process that has read nothing
    records, letters = parted(read_items(tmp_path, "f.csv", data))
    assert letters == []
    assert [record.data for record in records] == [b"a"]


def test_an_error_names_long_columns_by_their_beginnings(tmp_path: Path) -> None:
    data = b",".join(b"n%d" % n + b"\x01z" * 100_000 for n in range(30)) + b"\n"
    (letter,) = parted(read_items(tmp_path, "f.csv", data))[1]
    check_error(letter)
    assert "'n1\\x01z" in letter.message
    assert letter.message.endswith("to the name of the column that holds the text")


def test_ids_are_those_of_the_rows(tmp_path: Path) -> None:
    assert read_ids(tmp_path, "f.csv", table(ROWS)) == ["f.csv", "1", "2"]
    assert read_ids(tmp_path, "f.csv", b"text\nx\n") == ["f.csv"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(cut=st.integers(0, 10_000), way=st.sampled_from(["gz", "zst"]))
def test_wherever_a_file_is_cut_no_text_is_cut_with_it(cut: int, way: str, tmp_path: Path) -> None:
    rows = [["text"], *([f'row "{n}"\nof many\n' + "x" * n] for n in range(50))]
    data = PACK[way](table(rows))
    cut = 20 + cut % (len(data) - 20)
    records, letters = parted(read_items(tmp_path, "f.csv." + way, data[:cut]))
    assert [letter.error for letter in letters][-1] == "truncated-file"
    texts = [row[0].encode() for row in rows[1:]]
    assert [record.data for record in records] == texts[: len(records)]


CELLS = st.sampled_from(['"', ",", "\n", "\r\n", "a", '""', "\0", "é", " "])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(cells=st.lists(CELLS, max_size=40), limit=st.integers(5, 60))
def test_no_line_is_lost(cells: list[str], limit: int, tmp_path: Path) -> None:
    data = ("text\n" + "".join(cells)).encode()
    items = read_items(tmp_path, "f.csv", data, decode=DecodeSettings(max_record_bytes=limit))
    records, letters = parted(items)
    starts = sorted(
        int(place or 0)
        for place in [each.record for each in records] + [each.record for each in letters]
    )
    # Whatever begins, begins where a line does, and the first that is not blank is one.
    lines = list(accumulate((len(line) + 1 for line in data.split(b"\n")), initial=0))
    assert set(starts) <= set(lines)
    filled = [at for at, line in zip(lines, data.split(b"\n"), strict=False) if line.strip(b"\r")]
    assert starts[:1] == filled[1:2]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), max_size=8))
def test_what_a_writer_wrote_is_read(texts: list[str], tmp_path: Path) -> None:
    data = table([["id", "text"], *([str(n), text] for n, text in enumerate(texts))])
    records, letters = parted(read_items(tmp_path, "f.csv", data))
    assert letters == []
    assert [record.data.decode() for record in records] == texts
