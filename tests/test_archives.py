"""Archives: a record that is broken costs itself."""

from __future__ import annotations

import gzip
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeadersParser

from tests.archives import Answer, arc, page, warc
from tests.packing import PACK
from tests.reading import parted, read_items

PAGES = [page(n) for n in range(4)]
ANYWHERE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def urls(items: list[object]) -> list[str | None]:
    return [record.url for record in parted(items)[0]]  # type: ignore[arg-type]


@pytest.mark.parametrize("length", [b"5", b"999", b"99999999999", b"-1", b"x", b"", b"9" * 5_000])
@pytest.mark.parametrize("way", ["plain", "whole", "by record"])
def test_a_wrong_length_costs_its_record(length: bytes, way: str, tmp_path: Path) -> None:
    data, starts = warc(PAGES)
    at = data.index(b"Content-Length: ", starts[1]) + len(b"Content-Length: ")
    wrong = data[:at] + length + data[data.index(b"\r\n", at) :]
    shift = len(wrong) - len(data)
    ends = [starts[1], starts[2] + shift, starts[3] + shift, len(wrong)]
    if way == "whole":
        wrong = gzip.compress(wrong)
    elif way == "by record":
        wrong = b"".join(
            gzip.compress(wrong[start:end]) for start, end in zip([0, *ends], ends, strict=False)
        )
    records, letters = parted(read_items(tmp_path, "a.warc", wrong))
    assert [record.url for record in records] == [PAGES[n].url for n in (0, 2, 3)]
    (letter,) = letters
    assert letter.error in ("invalid-length", "invalid-record")
    assert (letter.record, letter.offset) == (str(starts[1]), starts[1])


def test_a_wrong_length_in_arc_costs_its_record(tmp_path: Path) -> None:
    data, starts = arc(PAGES)
    end = data.index(b"\n", starts[1])
    wrong = data[: end - 1] + b"99" + data[end:]
    records, letters = parted(read_items(tmp_path, "a.arc", wrong))
    assert [record.url for record in records] == [PAGES[n].url for n in (0, 2, 3)]
    assert [(letter.error, letter.record) for letter in letters] == [
        ("invalid-length", str(starts[1]))
    ]


def test_a_page_that_holds_a_record_is_a_page(tmp_path: Path) -> None:
    inner, _ = warc([Answer(b"<p>planted", "http://evil.example/")])
    answers = [PAGES[0], Answer(b"<p>x\r\n\r\n" + inner + b"\r\n\r\n" + inner), PAGES[1]]
    for packed in (False, True):
        data, _ = warc(answers, gzip=packed)
        records, letters = parted(read_items(tmp_path, "a.warc", data))
        assert letters == []
        assert [record.url for record in records] == [answer.url for answer in answers]


def test_what_is_no_record_is_told_once(tmp_path: Path) -> None:
    data, starts = warc(PAGES)
    junk = b"no record\r\nat all\r\n"
    records, letters = parted(
        read_items(tmp_path, "a.warc", data[: starts[2]] + junk + data[starts[2] :])
    )
    # What does not follow a record as it should says that its length may be wrong.
    assert [record.url for record in records] == [PAGES[n].url for n in (0, 2, 3)]
    assert [(letter.error, letter.record) for letter in letters] == [
        ("invalid-length", str(starts[1]))
    ]
    (letter,) = parted(read_items(tmp_path, "b.warc", b"nothing of the kind"))[1]
    assert (letter.error, letter.record, letter.sample) == (
        "invalid-record", "0", "nothing of the kind",
    )  # fmt: skip
    assert read_items(tmp_path, "c.warc", b"\r\n") == []
    assert read_items(tmp_path, "c.warc", b"") == []


def test_a_header_without_end_is_not_read_whole(tmp_path: Path) -> None:
    data, starts = warc(PAGES[:1])
    endless = b"WARC/1.0\r\n" + b"X: y\r\n" * 50_000
    records, letters = parted(read_items(tmp_path, "a.warc", endless + b"\r\n\r\n" + data))
    assert len(records) == 1
    assert [(letter.error, letter.record) for letter in letters] == [("invalid-record", "0")]
    assert starts == [0]


def test_headers_that_are_cut_off_cost_no_other_record(tmp_path: Path) -> None:
    data, _ = warc(PAGES[:2])
    records, letters = parted(
        read_items(tmp_path, "a.warc", b"WARC/1.0\r\nWARC-Type: response\r\n" + data)
    )
    assert [record.url for record in records] == [page.url for page in PAGES[:2]]
    assert [(letter.error, letter.record) for letter in letters] == [("invalid-record", "0")]


def test_headers_inside_headers_are_not_read_again_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    parse = StatusAndHeadersParser.parse

    def counting(self: StatusAndHeadersParser, stream: BytesIO) -> object:
        read.append(len(stream.getvalue()))
        return parse(self, stream)

    monkeypatch.setattr(StatusAndHeadersParser, "parse", counting)
    data = b"WARC/1.0\r\n" * 500 + b"\r\n" + warc(PAGES[:1])[0]
    records, letters = parted(read_items(tmp_path, "a.warc", data))
    assert len(records) == 1
    assert len(letters) == 500
    assert sum(read) <= len(data)


@pytest.mark.parametrize("kind", ["warc", "arc"])
def test_a_record_is_read_wherever_the_next_one_is_cut_off(kind: str, tmp_path: Path) -> None:
    data, starts = {"warc": warc, "arc": arc}[kind](PAGES[:2])
    for cut in range(starts[1] + 1, len(data) - 40):
        records, letters = parted(read_items(tmp_path, f"a.{kind}", data[:cut]))
        assert [record.url for record in records] == [PAGES[0].url], data[starts[1] : cut]
        assert [letter.offset for letter in letters] == [starts[1]]


@ANYWHERE
@given(cut=st.integers(0, 100_000), packed=st.sampled_from(["plain", "by record", *PACK]))
def test_wherever_an_archive_is_cut_the_records_before_are_read(
    cut: int, packed: str, tmp_path: Path
) -> None:
    data, starts = warc(PAGES, gzip=packed == "by record")
    if packed in PACK:
        members = [
            PACK[packed](data[start:end])
            for start, end in zip(starts, [*starts[1:], len(data)], strict=True)
        ]
        starts = [len(b"".join(members[:n])) for n in range(len(members))]
        data = b"".join(members)
    cut = 20 + cut % (len(data) - 20)
    whole = sum(end <= cut for end in [*starts[1:], len(data)])
    records, letters = parted(read_items(tmp_path, "a.warc", data[:cut]))
    found = [record.url for record in records]
    # All that is missing of a record may be the line ends behind it.
    assert found in (
        [each.url for each in PAGES[:whole]],
        [each.url for each in PAGES[: whole + 1]],
    )
    if cut not in (*starts, len(data)) and len(found) == whole:
        assert len(letters) == 1
    else:
        assert len(letters) <= (packed != "plain")


@ANYWHERE
@given(
    at=st.integers(0, 100_000),
    bit=st.integers(0, 7),
    packed=st.sampled_from(["plain", "by record", "zst"]),
)
def test_wherever_a_bit_flips_the_other_records_are_read(
    at: int, bit: int, packed: str, tmp_path: Path
) -> None:
    data, starts = warc(PAGES, gzip=packed == "by record")
    if packed == "zst":
        members = [
            PACK[packed](data[start:end])
            for start, end in zip(starts, [*starts[1:], len(data)], strict=True)
        ]
        starts = [len(b"".join(members[:n])) for n in range(len(members))]
        data = b"".join(members)
    at = 20 + at % (len(data) - 20)
    broken = bytearray(data)
    broken[at] ^= 1 << bit
    hit = max(n for n, start in enumerate(starts) if start <= at)
    items = read_items(tmp_path, "a.warc", bytes(broken))
    records, letters = parted(items)
    bodies = [record.data for record in records]
    # A flip between two records makes the length of the one before look wrong.
    near = {hit, hit - 1 if at < starts[hit] + 10 else hit}
    assert set(bodies) >= {answer.body for n, answer in enumerate(PAGES) if n not in near}
    if len(items) < len(PAGES):
        assert letters
