"""Web archives as crawlers write them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import NamedTuple

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter


class Answer(NamedTuple):
    """What is written as one record."""

    body: bytes
    url: str = "http://herald.example/1"
    status: str = "200 OK"
    headers: Sequence[tuple[str, str]] = (("Content-Type", "text/html; charset=utf-8"),)


def page(number: int, words: int = 40) -> Answer:
    text = " ".join(f"word{number}x{n}" for n in range(words))
    return Answer(f"<html><body><p>{text}</p></body></html>".encode(), f"http://a.example/{number}")


def warc(answers: Sequence[Answer], *, gzip: bool = False) -> tuple[bytes, list[int]]:
    """An archive with these responses, and where each begins."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=gzip)
    starts: list[int] = []
    for answer in answers:
        headers = StatusAndHeaders(answer.status, list(answer.headers), protocol="HTTP/1.1")
        record = writer.create_warc_record(
            answer.url,
            "response",
            payload=io.BytesIO(answer.body),
            http_headers=headers,
            warc_headers_dict={
                "WARC-Record-ID": f"<urn:uuid:{len(starts):036}>",
                "WARC-Date": "2019-01-02T03:04:05Z",
            },
        )
        starts.append(out.tell())
        writer.write_record(record)
    return out.getvalue(), starts


def other(kind: str, content_type: str, content: bytes, url: str = "urn:x") -> bytes:
    """A record that is no response."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False)
    writer.write_record(
        writer.create_warc_record(
            url, kind, payload=io.BytesIO(content), warc_content_type=content_type
        )
    )
    return out.getvalue()


def arc(answers: Sequence[Answer]) -> tuple[bytes, list[int]]:
    """The same in the format before."""
    first = b"1 0 Crawler\nURL IP-address Archive-date Content-type Archive-length\n"
    data = b"filedesc://a.arc 0.0.0.0 20090102030405 text/plain %d\n%s\n" % (len(first), first)
    starts = []
    for answer in answers:
        starts.append(len(data))
        lines = [
            f"HTTP/1.1 {answer.status}",
            *(f"{name}: {value}" for name, value in answer.headers),
        ]
        content = "\r\n".join([*lines, "", ""]).encode() + answer.body
        data += f"{answer.url} 192.0.2.1 20090102030405 text/html {len(content)}\n".encode()
        data += content + b"\n"
    return data, starts
