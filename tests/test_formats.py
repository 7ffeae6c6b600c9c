"""Formats: what a file is by its name, by its first bytes, by the user's word."""

import pytest

from pipeline.formats import (
    Compression,
    Kind,
    compression_of,
    format_of_name,
    kind_of_content,
    kind_of_setting,
)
from tests.packing import PACK


@pytest.mark.parametrize(
    ("name", "kind", "compression"),
    [
        ("a.txt", "text", None),
        ("A.HTML", "html", None),
        ("a.b/c.jsonl.gz", "jsonl", "gzip"),
        ("a.ndjson.zst", "jsonl", "zstd"),
        ("a.csv.bz2", "csv", "bzip2"),
        ("a.tsv.xz", "tsv", "xz"),
        ("a.warc.gz", "warc", "gzip"),
        ("CC-MAIN.warc.wet.gz", "warc", "gzip"),
        ("a.arc", "arc", None),
        ("a.parquet", "parquet", None),
        ("a.gz", None, "gzip"),
        ("gz", None, None),
        ("a.json/b", None, None),
        ("json", None, None),
        ("a.log", None, None),
    ],
)
def test_a_name_says_what_it_can(
    name: str, kind: Kind | None, compression: Compression | None
) -> None:
    assert format_of_name(name) == (kind, compression)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"WARC/1.0\r\n", "warc"),
        (b"PAR1\x15", "parquet"),
        (b"filedesc://x.arc 0.0.0.0 20090101000000 text/plain 9\n", "arc"),
        (b'{"text": "x"}', "json"),
        (b'\xef\xbb\xbf[\n  {"text"', "json"),
        (b"{curly} words", "unknown"),
        (b"[1] a footnote", "unknown"),
        (b"text,id\n", "unknown"),
        (b"", "unknown"),
    ],
)
def test_the_first_bytes_say_what_they_can(head: bytes, kind: Kind) -> None:
    assert kind_of_content(head) == kind


def test_every_compression_is_known_by_its_first_bytes() -> None:
    found = [compression_of(pack(b"text")) for pack in PACK.values()]
    assert found == ["gzip", "zstd", "bzip2", "xz"]
    assert compression_of(PACK["bz2"](b"")) == "bzip2"
    assert compression_of(b"BZh9 is no bzip2") is None


def test_the_setting_names_kinds() -> None:
    assert kind_of_setting("auto") is None
    assert kind_of_setting("warc") == "warc"
