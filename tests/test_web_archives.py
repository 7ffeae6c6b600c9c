"""Web archives: what is read of them, as what, and what is left out."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from pipeline.blocks import Skipped
from tests.archives import Answer, arc, other, page, warc
from tests.packing import PACK
from tests.reading import parted, read_ids, read_items
from transforms.decoding import decode_record
from transforms.settings import DecodeSettings, InputSettings

PAGES = [page(n) for n in range(3)]


def skipped(items: list[object]) -> list[str]:
    return [item.what for item in items if isinstance(item, Skipped)]


def test_a_response_is_a_page_with_its_address(tmp_path: Path) -> None:
    data, starts = warc(PAGES)
    records, letters = parted(read_items(tmp_path, "a.warc", data))
    assert letters == []
    assert [(each.id, each.record, each.url, each.data) for each in records] == [
        (f"a.warc#{start}", str(start), answer.url, answer.body)
        for start, answer in zip(starts, PAGES, strict=True)
    ]
    assert {(each.media_type, each.charset, each.published) for each in records} == {
        ("text/html", "utf-8", None)
    }
    assert read_ids(tmp_path, "a.warc", data) == ["a.warc"]


def test_a_response_tells_when_it_was_fetched_and_what_the_server_sent(tmp_path: Path) -> None:
    sent = [
        ("Content-Type", "text/html"),
        ("X-Long", "x" * 5_000),
        ("Set-Cookie", "visitor=7"),
        *[("X-Many", str(n)) for n in range(100)],
    ]
    data, _ = warc([Answer(b"<p>Bridge", headers=sent)])
    (record,), _ = parted(read_items(tmp_path, "a.warc", data))
    assert record.fetched == "2019-01-02T03:04:05Z"
    assert record.headers[0] == "Content-Type: text/html"
    assert len(record.headers[1]) == 1_000
    assert not any("visitor" in line for line in record.headers)
    assert len(record.headers) < 70
    data, _ = arc([PAGES[0]])
    (record,), _ = parted(read_items(tmp_path, "a.arc", data))
    assert record.fetched == "2009-01-02T03:04:05Z"


@pytest.mark.parametrize("said", [b"yesterday       ", b"2019-02-31T12:00", b"20190216120000  "])
def test_a_time_that_is_none_is_left_out(said: bytes, tmp_path: Path) -> None:
    data, _ = warc([PAGES[0]])
    forged = data.replace(b"2019-01-02T03:04:05Z", said.ljust(20))
    assert forged != data
    (record,), _ = parted(read_items(tmp_path, "a.warc", forged))
    assert record.fetched is None


def test_records_are_named_by_the_unpacked_archive(tmp_path: Path) -> None:
    data, _ = warc(PAGES)
    by_record, _ = warc(PAGES, gzip=True)
    plain, _ = parted(read_items(tmp_path, "a.warc", data))
    ways = [by_record, *(pack(data) for pack in PACK.values())]
    for packed in ways:
        records, letters = parted(read_items(tmp_path, "a.warc.gz", packed))
        assert letters == []
        assert [each.data for each in records] == [each.data for each in plain]
        assert len({each.record for each in records}) == 3
    records, _ = parted(read_items(tmp_path, "a.warc", PACK["gz"](data)))
    assert records == plain


def test_members_that_cut_records_anywhere_are_put_together(tmp_path: Path) -> None:
    data, _ = warc(PAGES)
    packed = b"".join(gzip.compress(data[at : at + 100]) for at in range(0, len(data), 100))
    records, letters = parted(read_items(tmp_path, "a.warc.gz", packed))
    assert letters == []
    assert records == parted(read_items(tmp_path, "a.warc.gz", gzip.compress(data)))[0]


def test_arc_is_read_as_warc_is(tmp_path: Path) -> None:
    data, starts = arc(PAGES)
    by_record = b"".join(
        gzip.compress(data[start:end])
        for start, end in zip([0, *starts], [*starts, len(data)], strict=True)
    )
    for name, content in (
        ("a.arc", data),
        ("a.arc.gz", gzip.compress(data)),
        ("a.arc.gz", by_record),
        ("a", data),
    ):
        records, letters = parted(read_items(tmp_path, name, content))
        assert letters == []
        assert [(each.record, each.url, each.data) for each in records] == [
            (str(start), answer.url, answer.body)
            for start, answer in zip(starts, PAGES, strict=True)
        ]


def test_what_is_no_page_is_skipped_and_counted(tmp_path: Path) -> None:
    data, _ = warc(
        [
            Answer(b"gone", status="404 Not Found"),
            Answer(b"", status="301 Moved"),
            Answer(b"\x89PNG", headers=[("Content-Type", "image/png")]),
            PAGES[0],
        ]
    )
    data += other("warcinfo", "application/warc-fields", b"software: x")
    data += other("metadata", "application/warc-fields", b"a: b")
    data += other("response", "text/dns", b"192.0.2.1", "dns:a.example")
    items = read_items(tmp_path, "a.warc", data)
    assert len(parted(items)[0]) == 1
    assert parted(items)[1] == []
    assert skipped([*items]) == [
        "skipped_responses_by_status",
        "skipped_responses_by_status",
        "skipped_records_by_media_type",
        "skipped_records_without_page",
        "skipped_records_without_page",
        "skipped_records_without_page",
    ]


def test_texts_of_wet_and_resources_are_read(tmp_path: Path) -> None:
    data = other("conversion", "text/plain", "Straße".encode(), "http://a.example/1")
    data += other("resource", "text/html", b"<p>x", "<http://a.example/2>")
    records, letters = parted(read_items(tmp_path, "a.warc.wet.gz", PACK["gz"](data)))
    assert letters == []
    assert [(each.data.decode(), each.media_type, each.url) for each in records] == [
        ("Straße", "text/plain", "http://a.example/1"),
        ("<p>x", "text/html", "http://a.example/2"),
    ]


def test_the_charset_of_the_response_is_used(tmp_path: Path) -> None:
    body = "<html><p>Приветствие городу и миру".encode("koi8-r")
    answer = Answer(body, headers=[("content-type", 'TEXT/HTML; Charset="KOI8-R"')])
    (record,) = parted(read_items(tmp_path, "a.warc", warc([answer])[0]))[0]
    assert record.charset == "KOI8-R"
    assert "Приветствие" in decode_record(record, DecodeSettings()).decoded.text


@pytest.mark.parametrize(
    ("headers", "body", "error"),
    [
        ([("Content-Type", "text/html"), ("Content-Encoding", "gzip")], PACK["gz"](b"x" * 99)[:-1], "invalid-body"),
        ([("Content-Type", "text/html")], b"x" * 5_000, "record-too-large"),
    ],
    ids=["cut", "too large"],
)  # fmt: skip
def test_a_body_that_cannot_be_read_costs_itself(
    headers: list[tuple[str, str]], body: bytes, error: str, tmp_path: Path
) -> None:
    data, starts = warc([PAGES[0], Answer(body, headers=headers), PAGES[1]])
    limits = DecodeSettings(max_record_bytes=2_000)
    records, letters = parted(read_items(tmp_path, "a.warc", data, decode=limits))
    assert len(records) == 2
    assert [(letter.error, letter.record) for letter in letters] == [(error, str(starts[1]))]


def test_bodies_in_bodies_do_not_get_round_what_a_file_may_unpack_to(tmp_path: Path) -> None:
    text = b"The council met on Monday to speak about the bridge. " * 20_000
    headers = [("Content-Type", "text/plain"), ("Content-Encoding", "gzip, gzip")]
    bomb = Answer(gzip.compress(gzip.compress(text)), headers=headers)
    data, starts = warc([PAGES[0], bomb, PAGES[1]])
    records, letters = parted(read_items(tmp_path, "a.warc", data))
    assert [each.data for each in records] == [PAGES[0].body, PAGES[1].body]
    assert [(letter.error, letter.record) for letter in letters] == [
        ("unpacks-too-far", str(starts[1]))
    ]


def test_an_archive_whose_bodies_unpack_too_far_together_is_read_no_further(
    tmp_path: Path,
) -> None:
    """Packed as an archive, the same body again costs next to nothing."""
    body = bytes(range(256)) * 40
    headers = [("Content-Type", "text/plain"), ("Content-Encoding", "gzip")]
    data, starts = warc([Answer(PACK["gz"](body), headers=headers)] * 60 + [PAGES[0]])
    packed = PACK["xz"](data)
    times = 100
    fits = len(packed) * times // len(body)
    assert 3 < fits < 30
    items = read_items(
        tmp_path,
        "a.warc.xz",
        packed,
        settings=InputSettings(max_expansion=times),
        decode=DecodeSettings(max_record_bytes=len(body)),
    )
    records, letters = parted(items)
    assert [each.record for each in records] == [str(start) for start in starts[:fits]]
    assert [(letter.error, letter.record) for letter in letters] == [
        ("unpacks-too-far", str(starts[fits]))
    ]


def test_a_large_recording_is_skipped_without_being_kept(tmp_path: Path) -> None:
    film = Answer(b"x" * 5_000_000, headers=[("Content-Type", "video/mp4")])
    data, _ = warc([PAGES[0], film, PAGES[1]], gzip=True)
    limits = DecodeSettings(max_record_bytes=20_000)
    items = read_items(tmp_path, "a.warc.gz", data, decode=limits)
    # Its expansion is that of a bomb, in which the archive ends.
    assert [letter.error for letter in parted(items)[1]] == ["unpacks-too-far"]
    items = read_items(tmp_path, "a.warc", warc([PAGES[0], film, PAGES[1]])[0], decode=limits)
    assert len(parted(items)[0]) == 2
    assert skipped([*items]) == ["skipped_records_by_media_type"]


def test_a_response_that_is_none_is_told(tmp_path: Path) -> None:
    data, _ = warc(PAGES[:1])
    (letter,) = parted(
        read_items(tmp_path, "a.warc", data.replace(b"HTTP/1.1 200", b"SMTP/1.1 200"))
    )[1]
    assert (letter.error, letter.record) == ("invalid-response", "0")
