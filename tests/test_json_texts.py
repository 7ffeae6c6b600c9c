"""JSON files: an object, an array, or lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.packing import PACK
from tests.reading import parted, read_ids, read_items
from transforms.settings import DecodeSettings


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'{"text": "a", "id": 7}', [("7", "0", b"a")]),
        (b'\xef\xbb\xbf{\n "text": "a"\n}\n', [("f.json#0", "0", b"a")]),
        (b'[{"text": "a"},\n {"text": "a"} ]', [("f.json#1", "1", b"a"), ("f.json#17", "17", b"a")]),
        (b'{"text": "a"}\n{"text": "b"}', [("f.json#0", "0", b"a"), ("f.json#14", "14", b"b")]),
        (b"[]", []),
        (b"", []),
    ],
)  # fmt: skip
def test_what_a_file_holds_says_how_it_is_read(
    data: bytes, expected: list[tuple[str, str, bytes]], tmp_path: Path
) -> None:
    for name, packed in (("f.json", data), ("f.json", PACK["gz"](data))):
        records, letters = parted(read_items(tmp_path, name, packed))
        assert letters == []
        assert [(each.id, each.record, each.data) for each in records] == expected


def test_a_bad_value_of_an_array_costs_itself(tmp_path: Path) -> None:
    data = b'[{"text": "a"}, 7, {"text": 7}, {"id": 1}, {"text": "b"}]'
    records, letters = parted(read_items(tmp_path, "f.json", data))
    assert [record.data for record in records] == [b"a", b"b"]
    assert [(letter.error, letter.record) for letter in letters] == [
        ("not-an-object", "16"),
        ("invalid-field", "19"),
        ("no-text", "32"),
    ]


def test_what_is_no_json_is_read_by_lines(tmp_path: Path) -> None:
    data = b'{"text": "a"\n{"text": "b"}\n[\n'
    records, letters = parted(read_items(tmp_path, "f.json", data))
    assert [record.data for record in records] == [b"b"]
    assert [letter.record for letter in letters] == ["0", "27"]


def test_a_text_that_is_too_large_is_not_read_whole(tmp_path: Path) -> None:
    data = b"[" + b'{"text": "a"},' * 1_000
    (letter,) = parted(
        read_items(tmp_path, "f.json", data, decode=DecodeSettings(max_record_bytes=1_000))
    )[1]
    assert (letter.error, letter.record) == ("record-too-large", None)


def test_one_that_is_cut_is_told(tmp_path: Path) -> None:
    data = PACK["gz"](b'[\n{"text": "a"},\n{"text": "b"}]')
    (letter,) = parted(read_items(tmp_path, "f.json.gz", data[:-9]))[1]
    assert letter.error == "truncated-file"
    nested = b"[" * 100_000
    (letter,) = parted(read_items(tmp_path, "f.json", nested))[1]
    assert letter.error == "json-too-deep"


def test_ids_are_those_of_the_objects(tmp_path: Path) -> None:
    assert read_ids(tmp_path, "f.json", b'[{"id": 1, "text": "a"}, {}, {"id": "b"}]') == [
        "f.json", "1", "b",
    ]  # fmt: skip
    assert read_ids(tmp_path, "f.json", b'{"id": 1}\n{"id": 2}') == ["f.json", "1", "2"]


def test_half_characters_make_no_lines_of_a_text(tmp_path: Path) -> None:
    data = rb'[{"text": "a\ud83d"},' + b"\n" + rb'{"text": "\ude00b", "id": 7}]'
    records, letters = parted(read_items(tmp_path, "f.json", data))
    assert letters == []
    assert [(each.id, each.data.decode("utf-8", "surrogatepass")) for each in records] == [
        ("f.json#1", "a\ud83d"),
        ("7", "\ude00b"),
    ]
    pretty = b'{\n"text":\n' + rb'"\ud83d"' + b"\n}\n"
    (record,), letters = parted(read_items(tmp_path, "f.json", pretty))
    assert letters == []
    assert record.data == "\ud83d".encode("utf-8", "surrogatepass")


def test_a_file_that_nests_without_end_is_one_dead_letter(tmp_path: Path) -> None:
    for data in (b"[" * 100_000, b'[{"text": "a", "x": ' + b"[" * 500 + b"]" * 500 + b"}]"):
        records, letters = parted(read_items(tmp_path, "a.json", data))
        assert records == []
        assert [(letter.error, letter.record) for letter in letters] == [("json-too-deep", "0")]


def test_one_record_of_an_array_that_is_too_deep_costs_itself(tmp_path: Path) -> None:
    deep = b'{"text": "a", "x": ' + b"[" * 250 + b"]" * 250 + b"}"
    records, letters = parted(read_items(tmp_path, "a.json", b'[{"text": "b"},' + deep + b"]"))
    assert [record.data for record in records] == [b"b"]
    assert [letter.error for letter in letters] == ["json-too-deep"]
