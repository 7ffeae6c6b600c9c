"""Files made to cost much to read, for :mod:`benchmarks.robustness_time`."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Final

from benchmarks.robustness_attacks import ordinary_text, page

Make = Callable[[int], bytes]
"""A file of about so many bytes."""

_RECORD: Final = (
    b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/\r\n"
    b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n"
)
_RESPONSE: Final = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n%s\r\n%s"
_DOCUMENT: Final = 3_000


def _warc(body: bytes, headers: bytes = b"") -> bytes:
    response = _RESPONSE % (headers, body)
    return _RECORD % (len(response), response)


def _text(size: int) -> bytes:
    return ordinary_text(size)[0].replace(b"\n", b"\\n")


def _rows(row: Callable[[bytes], bytes], before: bytes = b"") -> Make:
    """Rows with an ordinary document each."""
    text = _text(_DOCUMENT)
    return lambda size: before + row(text) * (size // len(row(text)))


def _times(unit: bytes, before: bytes = b"", behind: bytes = b"") -> Make:
    return lambda size: before + unit * (size // len(unit)) + behind


def _chunked(size: int) -> bytes:
    return _warc(b"1\r\na\r\n" * (size // 6) + b"0\r\n\r\n", b"Transfer-Encoding: chunked\r\n")


FILES: Final[dict[str, dict[str, Make]]] = {
    "warc": {
        "ordinary": _times(_warc(page(_text(_DOCUMENT).decode()))),
        "tiny records": _times(_warc(b"<p>a")),
        "nothing but beginnings": _times(b"WARC/1.0\r\n"),
        "headers inside headers": _times(b"WARC/1.0\r\n" * 6_000 + b"\r\n"),
        "many headers": _times(b"WARC/1.0\r\n" + b"a:b\r\n" * 11_000 + b"\r\n"),
        "wrong lengths": _times(b"WARC/1.0\r\nContent-Length: 99999999\r\n\r\n"),
        "chunks of one byte": _chunked,
        "many headers of a response": _times(_warc(b"a", b"a:b\r\n" * 10_000)),
    },
    "jsonl": {
        "ordinary": _rows(lambda text: b'{"text": "%s"}\n' % text),
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
        "ordinary": lambda size: (
            b"[" + b",".join([b'{"text": "%s"}' % _text(_DOCUMENT)] * (size // _DOCUMENT)) + b"]"
        ),
        "empty objects": _times(b"{},", b"[", b"{}]"),
    },
    "csv": {
        "ordinary": _rows(lambda text: b'"%s",1\n' % text, b"text,x\n"),
        "empty rows": _times(b",\n", b"text,x\n"),
        "quotes that are not closed": _times(b'"a\n', b"text,x\n"),
        "quotes closed too early": _times(b'"a"b\n', b"text,x\n"),
        "one row of commas": _times(b",", b"text,x\n", b"\n"),
    },
    "jsonl.gz": {
        "ordinary": lambda size: (
            gzip.compress(b'{"text": "%s"}\n' % _text(_DOCUMENT), compresslevel=0)
            * (size // _DOCUMENT)
        ),
        "signatures": _times(b"\x1f\x8b\x08\x08abcdef", gzip.compress(b'{"text":"a"}\n')[:-6]),
        "empty members": _times(gzip.compress(b"")),
        "tiny members": _times(gzip.compress(b"{}\n")),
    },
}
"""By the ending of their name; the others are compared with the ordinary one."""
