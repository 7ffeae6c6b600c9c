"""What a file is: its kind and its compression, by its name and by its first bytes."""

from __future__ import annotations

import re
from typing import Final, Literal, get_args

from transforms.settings import InputFormat

Kind = Literal["text", "html", "unknown", "jsonl", "json", "csv", "tsv", "parquet", "warc", "arc"]
"""What a file holds; ``unknown`` is one record, text or page by its content."""
Compression = Literal["gzip", "zstd", "bzip2", "xz"]

CONTAINERS: Final[frozenset[Kind]] = frozenset(
    {"jsonl", "json", "csv", "tsv", "parquet", "warc", "arc"}
)
"""Kinds that hold many records."""

LOOK: Final = 512
"""So many first bytes say what a file holds."""

_KINDS: Final[dict[str, Kind]] = {
    "txt": "text",
    "text": "text",
    "md": "text",
    "html": "html",
    "htm": "html",
    "xhtml": "html",
    "jsonl": "jsonl",
    "ndjson": "jsonl",
    "json": "json",
    "csv": "csv",
    "tsv": "tsv",
    "parquet": "parquet",
    "warc": "warc",
    "wet": "warc",
    "arc": "arc",
}
_COMPRESSIONS: Final[dict[str, Compression]] = {
    "gz": "gzip",
    "zst": "zstd",
    "bz2": "bzip2",
    "xz": "xz",
}

SIGNATURES: Final[dict[Compression, re.Pattern[bytes]]] = {
    # Deflate is the only method, and three bits of the flags are never set.
    "gzip": re.compile(rb"\x1f\x8b\x08[\x00-\x1f]", re.DOTALL),
    "zstd": re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18", re.DOTALL),
    "bzip2": re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)"),
    "xz": re.compile(rb"\xfd7zXZ\x00"),
}
"""How a compressed file begins, and each of its members."""
SIGNATURE_BYTES: Final = 10
"""The longest of them."""

_ARC: Final = re.compile(rb"filedesc://[^\n]{1,2000}\n")
_JSON: Final = re.compile(
    rb'(?:\xef\xbb\xbf)?[ \t\r\n]{0,500}(?:\{[ \t\r\n]{0,500}"|\[\s{0,500}\{)'
)


def format_of_name(name: str) -> tuple[Kind | None, Compression | None]:
    """What a name says of a file; ``None`` where it says nothing.

    >>> format_of_name("crawl/a.jsonl.gz"), format_of_name("a.wet")
    (('jsonl', 'gzip'), ('warc', None))
    """
    parts = name.rpartition("/")[2].lower().split(".")
    if len(parts) > 1 and (compression := _COMPRESSIONS.get(parts[-1])):
        return (_KINDS.get(parts[-2]) if len(parts) > 2 else None), compression
    return (_KINDS.get(parts[-1]) if len(parts) > 1 else None), None


def compression_of(head: bytes) -> Compression | None:
    """What the first bytes of a file say of its compression."""
    return next((name for name, begins in SIGNATURES.items() if begins.match(head)), None)


def kind_of_content(head: bytes) -> Kind:
    """What the first bytes of a file, unpacked, say that it holds.

    >>> kind_of_content(b"WARC/1.1 ..."), kind_of_content(b"Once upon a time")
    ('warc', 'unknown')
    """
    if head.startswith(b"WARC/"):
        return "warc"
    if head.startswith(b"PAR1"):
        return "parquet"
    if _ARC.match(head):
        return "arc"
    if _JSON.match(head):
        return "json"
    return "unknown"


def kind_of_setting(format: InputFormat) -> Kind | None:
    """The kind that the setting gives every file; ``None`` for ``auto``."""
    return next((kind for kind in get_args(Kind) if kind == format), None)
