"""Files made to cost much to read, for :mod:`benchmarks.robustness_time`."""

from __future__ import annotations

import gzip
import html
import json
from collections.abc import Callable, Sequence
from typing import Final

from benchmarks.robustness_attacks import page

Make = Callable[[int], bytes]
"""A file of about so many bytes."""
Ordinary = Callable[[Sequence[bytes]], bytes]
"""A file of records with these texts."""

_RECORD: Final = (
    b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/\r\n"
    b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n"
)
_RESPONSE: Final = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n%s\r\n%s"


def _warc(body: bytes, headers: bytes = b"") -> bytes:
    return record_of(_RESPONSE % (headers, body))


def record_of(response: bytes) -> bytes:
    """A record of a web archive that holds a response, headers and all."""
    return _RECORD % (len(response), response)


def _rows(
    row: Callable[[bytes], bytes], before: bytes = b"", joint: bytes = b"", behind: bytes = b""
) -> Ordinary:
    return lambda texts: before + joint.join(map(row, texts)) + behind


def _json(text: bytes) -> bytes:
    return json.dumps({"text": text.decode()}).encode()


def _csv(text: bytes) -> bytes:
    return b'"%s",1\n' % text.replace(b'"', b'""')


def _times(unit: bytes, before: bytes = b"", behind: bytes = b"") -> Make:
    return lambda size: before + unit * (size // len(unit)) + behind


def _chunked(size: int) -> bytes:
    return _warc(b"1\r\na\r\n" * (size // 6) + b"0\r\n\r\n", b"Transfer-Encoding: chunked\r\n")


FILES: Final[dict[str, dict[str, Make]]] = {
    "warc": {
        "tiny records": _times(_warc(b"<p>a")),
        "nothing but beginnings": _times(b"WARC/1.0\r\n"),
        "headers inside headers": _times(b"WARC/1.0\r\n" * 6_000 + b"\r\n"),
        "many headers": _times(b"WARC/1.0\r\n" + b"a:b\r\n" * 11_000 + b"\r\n"),
        "wrong lengths": _times(b"WARC/1.0\r\nContent-Length: 99999999\r\n\r\n"),
        "chunks of one byte": _chunked,
        "many headers of a response": _times(_warc(b"a", b"a:b\r\n" * 10_000)),
    },
    "jsonl": {
        "empty objects": _times(b"{}\n"),
        "blank lines": _times(b"\n"),
        "nested": _times(b"[", b'{"text":', b"\n"),
        "nested in a string": _times(b'["', b"", b"\n"),
        "half characters": _times(b"\\ud800", b'{"text":"', b'"}\n'),
        "one long number": _times(b"1", b'{"text":"a","id":', b"}\n"),
        "many fields": lambda size: (
            b'{"text":"a"' + b"".join(b',"k%d":1' % n for n in range(size // 9)) + b"}\n"
        ),
    },
    "json": {
        "empty objects": _times(b"{},", b"[", b"{}]"),
    },
    "csv": {
        "empty rows": _times(b",\n", b"text,x\n"),
        "quotes that are not closed": _times(b'"a\n', b"text,x\n"),
        "quotes closed too early": _times(b'"a"b\n', b"text,x\n"),
        "one row of commas": _times(b",", b"text,x\n", b"\n"),
    },
    "jsonl.gz": {
        "signatures": _times(b"\x1f\x8b\x08\x08abcdef", gzip.compress(b'{"text":"a"}\n')[:-6]),
        "empty members": _times(gzip.compress(b"")),
        "tiny members": _times(gzip.compress(b"{}\n")),
    },
}
"""By the ending of their name."""

ORDINARY_FILES: Final[dict[str, Ordinary]] = {
    "warc": _rows(lambda text: _warc(page(html.escape(text.decode())))),
    "jsonl": _rows(lambda text: _json(text) + b"\n"),
    "json": _rows(_json, b"[", b",", b"]"),
    "csv": _rows(_csv, b"text,x\n"),
    "jsonl.gz": _rows(lambda text: gzip.compress(_json(text) + b"\n", compresslevel=0)),
}
"""What they are compared with."""
