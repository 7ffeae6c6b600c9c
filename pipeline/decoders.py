"""What unpacks one member of a compressed file, the same for each way of compression."""

from __future__ import annotations

import bz2
import lzma
import zlib
from typing import Final, Protocol

import zstandard

from pipeline.formats import Compression

WINDOW: Final = 128 * 1024 * 1024
"""What a decoder may look back on: the most that the tools write unless told otherwise."""
STEP: Final = 1024
"""Packed bytes of Zstandard that are given to it at once: it has no limit to what it makes of
them, which is 128 KB of four bytes at the worst."""
TOO_WIDE: Final = ("requires too much memory", "Memory usage limit")
"""What the decoders of Zstandard and xz say of a member that asks for more."""
_NO_MEMORY: Final = ("not enough memory", "Error -4 ")
"""What those of Zstandard and zlib say where there is no memory; the others raise MemoryError."""


class Decoder(Protocol):
    """Unpacks one member."""

    @property
    def eof(self) -> bool:
        """Whether the member has ended."""

    @property
    def unused_data(self) -> bytes:
        """What was given beyond the end of the member."""

    def decompress(self, data: bytes, most: int) -> bytes:
        """What is unpacked, of this and of what was given before.

        Raises:
            MemoryError: there is none.
            Exception: one of :data:`BROKEN`, the member is damaged.
        """

    @property
    def hungry(self) -> bool:
        """Whether it can do nothing without more data."""


class _Zlib:
    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        self.hungry = True

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, most: int) -> bytes:
        try:
            made = self._inner.decompress(self._inner.unconsumed_tail + data, most)
        except zlib.error as error:
            check_memory(error)
            raise
        # It may hold back what did not fit, with nothing of the input left.
        self.hungry = not self._inner.unconsumed_tail and len(made) < most
        return made


class _Zstd:
    hungry = True

    def __init__(self, window: int) -> None:
        decoder = zstandard.ZstdDecompressor(max_window_size=window)
        self._inner = decoder.decompressobj()

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, most: int) -> bytes:  # noqa: ARG002 see STEP
        try:
            return self._inner.decompress(data)
        except zstandard.ZstdError as error:
            check_memory(error)
            raise


class _Standard:
    """Those of the standard library, which are alike."""

    def __init__(self, inner: bz2.BZ2Decompressor | lzma.LZMADecompressor) -> None:
        self._inner = inner
        self.hungry = True

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, most: int) -> bytes:
        made = self._inner.decompress(data, most)
        # That of bzip2 asks for more input though it holds something back.
        self.hungry = self._inner.needs_input and not made
        return made


BROKEN: Final = (zlib.error, zstandard.ZstdError, lzma.LZMAError, OSError, ValueError, EOFError)
"""What decoders raise, each its own."""


def check_memory(error: Exception) -> None:
    """Raise :class:`MemoryError` if a decoder means that: it says nothing about the data."""
    if any(words in str(error) for words in _NO_MEMORY):
        raise MemoryError from error


def new_decoder(compression: Compression, window: int) -> Decoder:
    """What unpacks a member and looks back on so many bytes at the most."""
    if compression == "gzip":
        return _Zlib()
    if compression == "zstd":
        return _Zstd(window)
    if compression == "bzip2":
        return _Standard(bz2.BZ2Decompressor())
    return _Standard(lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=window))
