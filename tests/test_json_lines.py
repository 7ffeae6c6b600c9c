"""JSON Lines: every line is a record or a dead letter, wherever the file is cut."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from pipeline.blocks import cut_files
from pipeline.formats import compression_of
from pipeline.json_lines import JsonLines
from pipeline.repeated_ids import NO_IDS, RepeatedIds
from pipeline.sources import InputFile, list_inputs
from tests.running import write_files
from transforms.decoding import decode_record
from transforms.document import DeadLetter, Record
from transforms.settings import DecodeSettings, InputSettings

DEFAULT = DecodeSettings()


def read(
    path: Path,
    shard: int = 1 << 30,
    repeated: RepeatedIds = NO_IDS,
    fields: InputSettings | None = None,
    limits: DecodeSettings = DEFAULT,
) -> list[Record | DeadLetter]:
    source = JsonLines(fields or InputSettings(), limits)
    pieces = cut_files(list_inputs([str(path)]), shard)
    return [item for piece in pieces for item in source.records(piece, repeated)]


def lines(
    tmp_path: Path,
    *content: str | bytes,
    fields: InputSettings | None = None,
    limits: DecodeSettings = DEFAULT,
) -> list[Record | DeadLetter]:
    data = b"\n".join(line if isinstance(line, bytes) else line.encode() for line in content)
    path = write_files(tmp_path, {"f.jsonl": data}) / "f.jsonl"
    return read(path, fields=fields, limits=limits)


def record(tmp_path: Path, line: str | bytes, fields: InputSettings | None = None) -> Record:
    (found,) = lines(tmp_path, line, fields=fields)
    assert isinstance(found, Record), found
    return found


def letter(tmp_path: Path, line: str | bytes, limits: DecodeSettings = DEFAULT) -> DeadLetter:
    """The dead letter of a line that stands between two good ones."""
    good = '{"text": "good"}'
    first, found, last = lines(tmp_path, good, line, good, limits=limits)
    assert (type(first), type(last)) == (Record, Record)
    assert isinstance(found, DeadLetter), found
    assert found.record == str(len(good) + 1)
    assert found.source == "f.jsonl"
    return found


def test_a_line_is_a_record_named_after_its_first_byte(tmp_path: Path) -> None:
    one, other = lines(tmp_path, '{"text": "Straße"}', '{"text": "b"}\n')
    assert isinstance(one, Record)
    assert (one.id, one.source, one.record) == ("f.jsonl#0", "f.jsonl", "0")
    assert one.data.decode() == "Straße"
    assert (one.url, one.published, one.media_type) == (None, None, None)
    assert isinstance(other, Record)
    assert (other.id, other.record) == ("f.jsonl#20", "20")


def test_what_the_record_says_of_itself(tmp_path: Path) -> None:
    line = (
        '{"id": "a/../ä\\n", "text": "x", "url": "https://a.example/1", "published": "2019-01-02"}'
    )
    found = record(tmp_path, line)
    assert found.id == "a/%2E%2E/ä%0A"
    assert (found.url, found.published) == ("https://a.example/1", "2019-01-02")


def test_fields_may_have_other_names(tmp_path: Path) -> None:
    line = '{"body": "x", "link": "https://a.example/1", "date": "2019", "text": 1, "id": []}'
    fields = InputSettings(
        text_field="body", id_field="link", url_field="link", published_field="date"
    )
    found = record(tmp_path, line, fields)
    assert (found.data, found.id) == (b"x", "https://a.example/1")
    assert (found.url, found.published) == ("https://a.example/1", "2019")


@pytest.mark.parametrize(
    ("id", "expected"),
    [
        ("7", "7"),
        ('"7"', "7"),
        ("-1", "-1"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("null", "f.jsonl#0"),
        ('""', "f.jsonl#0"),
        ('"\\u0000"', "%00"),
        ('"f.jsonl#7"', "f.jsonl#7~f.jsonl#0"),
        ('"x~other.NDJSON#7"', "x~other.NDJSON#7~f.jsonl#0"),
        ('"f.jsonl#b"', "f.jsonl#b"),
        ('"twice"', "twice~f.jsonl#0"),
    ],
)
def test_an_id_is_a_string_or_an_integer(id: str, expected: str, tmp_path: Path) -> None:
    path = write_files(tmp_path, {"f.jsonl": f'{{"id": {id}, "text": "x"}}'}) / "f.jsonl"
    (found,) = read(path, repeated=RepeatedIds.among(["twice", "twice", "7"]))
    assert isinstance(found, Record)
    assert (found.id, found.record) == (expected, "0")


@pytest.mark.parametrize("value", ["7", "null", '["a"]', '"\\ud800"'])
def test_an_address_or_date_that_is_no_string_is_left_out(value: str, tmp_path: Path) -> None:
    found = record(tmp_path, f'{{"text": "x", "url": {value}, "published": {value}}}')
    assert (found.url, found.published) == (None, None)


@pytest.mark.parametrize(
    ("line", "error", "offset"),
    [
        ("text", "invalid-json", 4),
        ('{"text": "x"', "invalid-json", 0),
        ('{"text": "x"} {"text": "y"}', "invalid-json", 15),
        ('{"text": "\0"}', "invalid-json", 10),
        ("\0" * 9, "invalid-json", 0),
        ('{"text": "a\\ud800b", "x": "\\ud83d', "invalid-json", 33),
        ('{"text": "a\\ud800b", "x": ]}', "invalid-json", 26),
        ('{"text": "x", "y": NaN}', "invalid-json", 19),
        ('["text"]', "not-an-object", 0),
        ("null", "not-an-object", 0),
        ("7", "not-an-object", 0),
        ("{}", "no-text", 0),
        ('{"text": null}', "no-text", 0),
        ('{"text": 7}', "invalid-field", 0),
        ('{"text": ["x"]}', "invalid-field", 0),
        ('{"text": "x", "id": 1.5}', "invalid-field", 0),
        ('{"text": "x", "id": true}', "invalid-field", 0),
        ('{"text": "x", "id": "\\udc80"}', "invalid-field", 0),
        ('{"text": "x", "id": "' + "i" * 1001 + '"}', "invalid-field", 0),
        (b'{"text": "x", "other": "\xff"}', "invalid-utf-8", 24),
        (b'{"text": "\xed\xa0\x80"}', "invalid-utf-8", 10),
        ('{"text": "x"}'.encode("utf-16"), "invalid-utf-8", 0),
        ("[" * 100_000, "json-too-deep", 0),
        ('{"a":' * 100_000, "json-too-deep", 0),
        ('{"text": "x", "y": ' + "[" * 200 + "]" * 200 + "}", "json-too-deep", 0),
    ],
)  # fmt: skip
def test_a_bad_line_costs_itself(
    line: str | bytes, error: str, offset: int, tmp_path: Path
) -> None:
    found = letter(tmp_path, line)
    assert found.error == error
    assert found.offset == offset + int(found.record or "")
    assert found.message
    assert found.sample.isascii()
    assert len(found.sample) <= 64 * 4


def test_brackets_in_a_text_are_no_depth(tmp_path: Path) -> None:
    text = '[1] \\" {' * 1_000
    assert record(tmp_path, json.dumps({"y": [[]] * 500, "text": text})).data.decode() == text
    deep = '{"text": "x", "y": ' + "[" * 199 + "]" * 199 + "}"
    assert record(tmp_path, deep).data == b"x"


def test_a_line_that_is_too_long_is_not_read_whole(tmp_path: Path) -> None:
    limits = DecodeSettings(max_record_bytes=100)
    found = letter(tmp_path, '{"text": "' + "x" * 100_000, limits)
    assert found.error == "record-too-large"
    assert "max_record_bytes" in found.message
    fits = json.dumps({"text": "x" * 88})
    assert len(fits) == 100
    for end in ("\n", "\r\n", ""):
        (found_record,) = lines(tmp_path, fits + end, limits=limits)
        assert isinstance(found_record, Record)
    assert letter(tmp_path, fits + " ", limits).error == "record-too-large"
    assert letter(tmp_path, " " * 200, limits).error == "record-too-large"


def test_blank_lines_line_ends_and_a_mark_at_the_start(tmp_path: Path) -> None:
    found = lines(tmp_path, b'\xef\xbb\xbf{"text": "a"}\r', b"", b" \t\r", b'{"text": "b"}', b"")
    assert [(item.record, item.data) for item in found if isinstance(item, Record)] == [
        ("0", b"a"),
        ("23", b"b"),
    ]
    assert lines(tmp_path, b"\xef\xbb\xbf", b"") == []
    assert lines(tmp_path, b"") == []


@pytest.mark.parametrize("name", ["text", "n\\ud800"])
def test_half_characters_are_replaced_and_counted(name: str, tmp_path: Path) -> None:
    text = '"a\\ud83d\\ude00b\\ud83d c\\\\ud83d\\udc00"'
    line = f'{{"{name}": 1, "text": {text}}}' if name != "text" else f'{{"text": {text}}}'
    decoded = decode_record(record(tmp_path, line), DEFAULT).decoded
    assert decoded.text == "a\U0001f600b\ufffd c\\ud83d\ufffd"
    assert decoded.encoding == "utf-8"
    assert decoded.changes == {"surrogates": 2}


def test_fields_of_one_name_may_hold_half_characters(tmp_path: Path) -> None:
    line = '{"n\\ud800": 1, "text": "a\\ud83d"}'
    found = record(tmp_path, line, InputSettings(url_field="text"))
    assert found.data == b"a\xed\xa0\xbd"


@pytest.mark.parametrize("name", ['a"b', "a\\b", "a\nb", "a\x00", "\u00e4"])
def test_any_name_is_that_of_a_field(name: str, tmp_path: Path) -> None:
    fields = InputSettings(text_field=name)
    half = json.dumps({name: "a\ud83d"})
    assert record(tmp_path, half, fields).data == b"a\xed\xa0\xbd"
    named = json.dumps({"n\ud83d": 1, name: "a"})
    assert record(tmp_path, named, fields).data == b"a"


@pytest.mark.parametrize(
    "text",
    [
        "p\0a\0p\0e\0r\0s\0 \0o\0n\0 \0t\0h\0e\0 \0t\0a\0b\0l\0e\0",
        '<html><head><meta charset="windows-1252"></head><body><p>Caf\u00e9</p></body></html>',
        "\x1b$B is no Japanese",
        "\u00c3",
    ],
)
def test_text_is_not_taken_for_another_charset(text: str, tmp_path: Path) -> None:
    found = record(tmp_path, json.dumps({"text": text}))
    limits = DecodeSettings(max_controls=1)
    decoded = decode_record(found, limits).decoded
    assert decoded.encoding == "utf-8"
    assert decoded.text == text.translate({0: None, 0x1B: None})


def test_what_is_wrong_with_a_text_is_repaired_as_in_a_file(tmp_path: Path) -> None:
    broken = "It\u00e2\u20ac\u2122s a caf\u00c3\u00a9\u00a0\u2014 and more"
    decoded = decode_record(record(tmp_path, json.dumps({"text": broken})), DEFAULT).decoded
    assert decoded.text == "It\u2019s a caf\u00e9 \u2014 and more"


def test_only_a_text_that_begins_as_a_page_is_one(tmp_path: Path) -> None:
    for text, page in (("<!DOCTYPE html><p>Hi", True), ("Use <b> for <html>.", False)):
        found = record(tmp_path, json.dumps({"text": text}))
        assert decode_record(found, DEFAULT).page == page


def test_a_file_that_cannot_be_read_is_a_dead_letter(tmp_path: Path) -> None:
    (tmp_path / "gone.jsonl").symlink_to(tmp_path / "nowhere")
    (found,) = read(tmp_path / "gone.jsonl")
    assert isinstance(found, DeadLetter)
    assert (found.error, found.record) == ("unreadable-file", None)


def test_a_file_that_shrinks_costs_what_is_gone_by_piece(tmp_path: Path) -> None:
    path = write_files(tmp_path, {"f.jsonl": '{"text": "a"}\n' * 2}) / "f.jsonl"
    file = InputFile(str(path), "f.jsonl", 100)
    source = JsonLines(InputSettings(), DEFAULT)
    for size, expected in ((50, ["0", "14", "28", "50"]), (100, ["0", "14", "28"])):
        found = [
            item for piece in cut_files([file], size) for item in source.records(piece, NO_IDS)
        ]
        assert [item.record for item in found] == expected
        letters = [item for item in found if isinstance(item, DeadLetter)]
        assert {item.error for item in letters} == {"unreadable-file"}


def test_a_file_that_grows_is_read_as_far_as_it_was_listed(tmp_path: Path) -> None:
    path = write_files(tmp_path, {"f.jsonl": '{"text": "a"}\n' * 9}) / "f.jsonl"
    source = JsonLines(InputSettings(), DEFAULT)
    (piece,) = cut_files([InputFile(str(path), "f.jsonl", 15)], 100)
    assert [item.record for item in source.records(piece, NO_IDS)] == ["0", "14"]


def test_ids_are_read_from_each_line_that_has_one(tmp_path: Path) -> None:
    content = '{"id": 1}\n{"id": "a%"}\n[]\n{"text": "x"}\n{"id": []}\n' + "[" * 9_999 + "\n"
    path = write_files(tmp_path, {"f.jsonl": content}) / "f.jsonl"
    source = JsonLines(InputSettings(), DEFAULT)
    for shard in (5, 1_000_000):
        pieces = cut_files(list_inputs([str(path)]), shard)
        assert [id for piece in pieces for id in source.ids(piece)] == ["f.jsonl", "1", "a%25"]
    (tmp_path / "gone.jsonl").symlink_to(tmp_path / "nowhere")
    (piece,) = cut_files(list_inputs([str(tmp_path / "gone.jsonl")]), 1)
    assert list(source.ids(piece)) == ["gone.jsonl"]


LINES = st.one_of(
    st.builds(
        lambda text, plain: json.dumps({"text": text}, ensure_ascii=plain).encode(),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
        st.booleans(),
    ),
    st.sampled_from(
        [
            b"",
            b" \r",
            b"[]",
            b"{",
            b"\xff",
            b"\xef\xbb\xbf",
            b'{"text": "\\ud800"}',
            b"x" * 70,
            b" " * 70,
            b"[" * 60,
        ]
    ),
    st.binary(max_size=9),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.lists(LINES, max_size=12), shard=st.integers(1, 200))
@example(content=[b'{"text": "a"}', b'{"text": "b"}', b""], shard=14)
@example(content=[b"x" * 70, b'{"text": "b"}'], shard=1)
def test_wherever_a_file_is_cut_its_records_are_the_same(
    content: list[bytes], shard: int, tmp_path: Path
) -> None:
    data = b"\n".join(content)
    assume(compression_of(data) is None)
    path = write_files(tmp_path, {"f.jsonl": data}) / "f.jsonl"
    limits = DecodeSettings(max_record_bytes=64)
    whole = read(path, limits=limits)
    assert read(path, shard, limits=limits) == whole
    # Nothing is lost: each line that is not blank is accounted for, in order.
    at, expected = 0, []
    for line in data.split(b"\n"):
        text = line.removeprefix(b"\xef\xbb\xbf") if at == 0 else line
        if text.strip() or len(line.rstrip(b"\r")) > 64:
            expected.append(str(at))
        at += len(line) + 1
    assert [item.record for item in whole] == expected
