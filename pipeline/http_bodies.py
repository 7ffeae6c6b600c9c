"""The body of an HTTP response as it was before it was sent: no chunks, no compression."""

from __future__ import annotations

import io
import zlib
from typing import Final

import brotli
from warcio.bufferedreaders import ChunkedDataReader
from warcio.statusandheaders import StatusAndHeaders

from pipeline.formats import Compression, compression_of
from pipeline.unpacking import Unpacked
from transforms.block import RecordError

_MEMBERS: Final[dict[str, Compression]] = {"gzip": "gzip", "x-gzip": "gzip", "zstd": "zstd"}
_MOST_CODINGS: Final = 4
"""Compressions on top of each other."""


def decode_body(data: bytes, headers: StatusAndHeaders, limit: int) -> bytes:
    """Undo what the headers say was done to a body.

    Many archives hold it undone already; it is then left as it is.

    Args:
        limit: bytes that it may have.

    Raises:
        RecordError: ``invalid-body``, it is not what the headers say or has more codings than
            any server makes; ``record-too-large``.
    """
    if "chunked" in (headers.get_header("Transfer-Encoding") or "").lower():
        data = _without_chunks(data)
    codings = (headers.get_header("Content-Encoding") or "").lower().split(",")
    if len(codings) > _MOST_CODINGS:
        raise _invalid(", ".join(codings[:_MOST_CODINGS]))
    for coding in reversed(codings):
        data = _decode(data, coding.strip(), limit)
    return data


def _without_chunks(data: bytes) -> bytes:
    reader = ChunkedDataReader(io.BytesIO(data))
    parts = []
    while part := reader.read(len(data)):
        parts.append(part)
    return b"".join(parts)


def _decode(data: bytes, coding: str, limit: int) -> bytes:
    if coding in _MEMBERS and compression_of(data) == _MEMBERS[coding]:
        packed = Unpacked(io.BytesIO(data), _MEMBERS[coding], 1, limit)
        made = io.BufferedReader(packed).read(limit + 1)
        if packed.damage is not None and packed.damage.error != "unpacks-too-far":
            raise _invalid(coding)
        too_large = packed.damage is not None
    elif coding == "deflate" and data:
        made = _inflate(data, limit)
        too_large = len(made) > limit
    elif coding == "br" and data:
        made = _unbrotli(data, limit)
        too_large = len(made) > limit
    else:
        return data
    if too_large:
        raise RecordError(
            "record-too-large",
            f"the body of the response unpacks to more than {limit} bytes: raise"
            " decode.max_record_bytes",
        )
    return made


def _inflate(data: bytes, limit: int) -> bytes:
    """Deflate as the standard says, or without its wrapping as some servers send it."""
    for bits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        decoder = zlib.decompressobj(bits)
        try:
            made = decoder.decompress(data, limit + 1)
        except zlib.error:
            continue
        if decoder.eof or len(made) > limit:
            return made
    return _as_it_is(data, "deflate")


def _unbrotli(data: bytes, limit: int) -> bytes:
    decoder = brotli.Decompressor()
    parts = []
    room = limit + 1
    try:
        part = decoder.process(data, output_buffer_limit=room)
        while part:
            parts.append(part)
            room -= len(part)
            if room <= 0 or decoder.is_finished():
                break
            part = decoder.process(b"", output_buffer_limit=room)
    except brotli.error:
        return _as_it_is(data, "br")
    if room > 0 and not decoder.is_finished():
        return _as_it_is(data, "br")
    return b"".join(parts)


def _as_it_is(data: bytes, coding: str) -> bytes:
    """A body that is no such thing, if it can be a page or text.

    These codings have no signature by which to tell.
    """
    try:
        data.decode()
    except UnicodeDecodeError:
        raise _invalid(coding) from None
    return data


def _invalid(coding: str) -> RecordError:
    return RecordError(
        "invalid-body",
        f"the body of the response cannot be unpacked ({coding}): leave it out, or fetch it again",
    )
