"""The body of an HTTP response as it was before it was sent: no chunks, no compression."""

from __future__ import annotations

import io
import sys
import zlib
from collections.abc import Iterable, Iterator
from typing import Final

import brotli
from warcio.statusandheaders import StatusAndHeaders

from pipeline.decoders import check_memory
from pipeline.formats import Compression, compression_of
from pipeline.http_chunks import without_chunks
from pipeline.unpacking import Unpacked
from transforms.block import RecordError

_MEMBERS: Final[dict[str, Compression]] = {"gzip": "gzip", "x-gzip": "gzip", "zstd": "zstd"}
_MOST_CODINGS: Final = 4
"""Compressions on top of each other."""
_STEP: Final = 16 * 1024
"""Packed bytes that are given to a decoder at once; it copies what it does not use."""
_PART: Final = 64 * 1024
"""Bytes that it makes at once; so many are not counted where it breaks."""


class Bodies:
    """Undoes what was done to send the bodies of one file, which are given in their order.

    Args:
        limit: bytes that a body may have.
        expansion: it may unpack to so many times what it has in the file, and all of them
            together to so many times the file ...
        size: ... which has so many bytes on disk, or to ``limit``.
    """

    def __init__(self, limit: int, expansion: int, size: int) -> None:
        self._limit = limit
        self._expansion = expansion
        self._room = max(limit, expansion * size)
        """What they may still unpack to, each coding counted."""

    @property
    def spent(self) -> bool:
        """Whether they unpack to more than they may: the file is not to be read any further."""
        return self._room < 0

    def decode(self, data: bytes, headers: StatusAndHeaders) -> bytes:
        """Undo what the headers say was done to a body.

        Many archives hold it undone already; it is then left as it is.

        Raises:
            RecordError: ``invalid-body``, it is not what the headers say or has more codings than
                any server makes; ``record-too-large``; ``unpacks-too-far``.
        """
        most = self._expansion * len(data)
        if "chunked" in (headers.get_header("Transfer-Encoding") or "").lower():
            data = without_chunks(data)
        codings = (headers.get_header("Content-Encoding") or "").lower().split(",")
        if len(codings) > _MOST_CODINGS:
            raise _invalid(", ".join(codings[:_MOST_CODINGS]))
        for coding in reversed(codings):
            data = self._decode(data, coding.strip(), most)
        return data

    def _decode(self, data: bytes, coding: str, most: int) -> bytes:
        if coding in _MEMBERS and compression_of(data) == _MEMBERS[coding]:
            ways = [_unpack(data, _MEMBERS[coding])]
        elif coding == "deflate" and data:
            # As the standard says, or without its wrapping as some servers send it.
            ways = [_inflate(data, bits) for bits in (zlib.MAX_WBITS, -zlib.MAX_WBITS)]
        elif coding == "br" and data:
            ways = [_unbrotli(data)]
        else:
            return data
        for parts in ways:
            try:
                return self._joined(parts, most)
            except _BROKEN as error:
                check_memory(error)
        if coding in _MEMBERS:
            raise _invalid(coding)
        return _as_it_is(data, coding)

    def _joined(self, parts: Iterable[bytes], most: int) -> bytes:
        made = bytearray()
        for part in parts:
            made += part
            self._room -= len(part)
            if len(made) > self._limit:
                raise RecordError(
                    "record-too-large",
                    f"the body of the response unpacks to more than {self._limit} bytes: raise"
                    " decode.max_record_bytes",
                )
            if len(made) > most:
                raise RecordError(
                    "unpacks-too-far",
                    f"the body of the response unpacks to more than {self._expansion} times its"
                    " size: leave it out, or raise input.max_expansion",
                )
            if self.spent:
                raise RecordError(
                    "unpacks-too-far",
                    "the bodies of the responses, up to this one, unpack to more than"
                    f" {self._expansion} times the size of the file, which is read no further:"
                    " leave it out, or raise input.max_expansion",
                )
        return bytes(made)


_BROKEN: Final = (zlib.error, brotli.error, EOFError)


def _unpack(data: bytes, compression: Compression) -> Iterator[bytes]:
    packed = Unpacked(io.BytesIO(data), compression, 1, sys.maxsize)  # the limits are above
    while part := packed.read(_PART):
        yield part
    if packed.damage is not None:
        raise EOFError


def _inflate(data: bytes, bits: int) -> Iterator[bytes]:
    decoder = zlib.decompressobj(bits)
    for at in range(0, len(data), _STEP):
        rest = data[at : at + _STEP]
        part = b""
        while rest or len(part) == _PART:
            part = decoder.decompress(rest, _PART)
            yield part
            rest = decoder.unconsumed_tail
        if decoder.eof:
            return
    raise EOFError


def _unbrotli(data: bytes) -> Iterator[bytes]:
    decoder = brotli.Decompressor()
    for at in range(0, len(data), _STEP):
        yield decoder.process(data[at : at + _STEP], output_buffer_limit=_PART)
        while not decoder.can_accept_more_data():
            yield decoder.process(b"", output_buffer_limit=_PART)
        if decoder.is_finished():
            return
    raise EOFError


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
