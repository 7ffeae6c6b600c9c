"""Lines of compressed files: each is a record or told, wherever the file is damaged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.packing import PACK
from tests.reading import parted, read_ids, read_items
from transforms.settings import DecodeSettings, InputSettings

WAYS = pytest.mark.parametrize("way", list(PACK))
ANYWHERE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)

LINES = [json.dumps({"id": n, "text": f"the text of record {n} " * 9}).encode() for n in range(40)]
HALVES = [b"\n".join(LINES[:20]) + b"\n", b"\n".join(LINES[20:]) + b"\n"]


@WAYS
@pytest.mark.parametrize("name", ["a.jsonl.{}", "a.jsonl", "a.{}", "a"])
def test_a_compressed_file_has_the_records_of_what_it_holds(
    way: str, name: str, tmp_path: Path
) -> None:
    data = b"\n".join(LINES)
    plain, _ = parted(read_items(tmp_path, "b.jsonl", data, shard=500))
    assert len(plain) == 40
    packed, letters = parted(read_items(tmp_path, name.format(way), PACK[way](data), shard=500))
    assert letters == []
    assert [(each.record, each.data, each.id) for each in packed] == [
        (each.record, each.data, each.id) for each in plain
    ]
    assert read_ids(tmp_path, f"a.jsonl.{way}", PACK[way](data)) == [
        f"a.jsonl.{way}",
        *map(str, range(40)),
    ]


def test_a_file_that_is_not_compressed_as_its_name_says_is_read(tmp_path: Path) -> None:
    records, letters = parted(read_items(tmp_path, "a.jsonl.gz", b"\n".join(LINES)))
    assert (len(records), letters) == (40, [])


@WAYS
@ANYWHERE
@given(cut=st.integers(1, 10_000))
def test_wherever_a_compressed_file_is_cut_what_is_there_is_read(
    way: str, cut: int, tmp_path: Path
) -> None:
    first, second = (PACK[way](half) for half in HALVES)
    cut = len(first) + 1 + cut % (len(second) - 1)
    records, letters = parted(read_items(tmp_path, "a.jsonl." + way, (first + second)[:cut]))
    assert [record.data for record in records[:20]] == [
        json.loads(line)["text"].encode() for line in LINES[:20]
    ]
    texts = {json.loads(line)["text"].encode() for line in LINES}
    assert texts.issuperset(record.data for record in records)
    assert len(letters) in (1, 2)
    assert letters[-1].error in ("truncated-file", "damaged-file")
    assert letters[-1].offset == len(first)


@WAYS
@ANYWHERE
@given(at=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_wherever_a_bit_flips_the_other_member_is_read(
    way: str, at: int, bit: int, tmp_path: Path
) -> None:
    first, second = (PACK[way](half) for half in HALVES)
    data = bytearray(first + second)
    at = 10 + at % (len(data) - 10)
    data[at] ^= 1 << bit
    records, letters = parted(read_items(tmp_path, "a.jsonl." + way, bytes(data)))
    found = {record.data for record in records}
    sound = LINES[20:] if at < len(first) else LINES[:20]
    assert found.issuperset(json.loads(line)["text"].encode() for line in sound)
    if len(found) < 40:
        assert letters


def test_a_line_that_is_too_long_is_skipped_in_a_compressed_file_too(tmp_path: Path) -> None:
    data = PACK["gz"](b'{"text": "' + b"x" * 5_000_000 + b'"}\n{"text": "b"}\n')
    records, letters = parted(
        read_items(
            tmp_path,
            "a.jsonl.gz",
            data,
            settings=InputSettings(max_expansion=2_000),
            decode=DecodeSettings(max_record_bytes=1_000),
        )
    )
    assert [(record.data, record.record) for record in records] == [(b"b", "5000013")]
    assert [(letter.error, letter.record) for letter in letters] == [("record-too-large", "0")]
