"""Compressed files, member by member: what is broken costs what follows in its member.

A gzip, Zstandard, bzip2 or xz file is a row of members (frames, streams) that
unpack by themselves.  Where one is broken, the bytes before are given, the file
seems to end, and :attr:`Unpacked.damage` says why; :meth:`Unpacked.resume` goes
on with the next member that can be found.
"""

from __future__ import annotations

import bz2
import io
import lzma
import zlib
from typing import BinaryIO, Final, Protocol

import zstandard

from pipeline.formats import SIGNATURE_BYTES, SIGNATURES, Compression, compression_of
from transforms.block import RecordError, sample_of

_CHUNK: Final = 16 * 1024
"""Packed bytes that are read in one go."""
_STEP: Final = 1024
"""Packed bytes of Zstandard that are given to it at once: it has no limit to what it makes of
them, which is 128 KB of four bytes at the worst."""
_TRIAL: Final = 64 * 1024
"""So many packed bytes that follow a signature must unpack, or it is none."""
_MEMORY: Final = 128 * 1024 * 1024
"""What a decoder may look back on: the most that the tools write unless told otherwise."""
_TOO_WIDE: Final = ("requires too much memory", "Memory usage limit")
"""What the decoders of Zstandard and xz say of a member that asks for more."""
_SCAN: Final = 4 * 1024
"""What is looked through at first for the next member; twice as much each time."""
_MOST_SCANNED: Final = 1024 * 1024


class _Decoder(Protocol):
    """Unpacks one member."""

    @property
    def eof(self) -> bool:
        """Whether the member has ended."""

    @property
    def unused_data(self) -> bytes:
        """What was given beyond the end of the member."""

    def decompress(self, data: bytes, most: int) -> bytes:
        """What is unpacked, of this and of what was given before."""

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
        made = self._inner.decompress(self._inner.unconsumed_tail + data, most)
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

    def decompress(self, data: bytes, most: int) -> bytes:  # noqa: ARG002 see _STEP
        return self._inner.decompress(data)


class _Standard:
    """Those of the standard library, which are alike."""

    def __init__(self, inner: bz2.BZ2Decompressor | lzma.LZMADecompressor) -> None:
        self._inner = inner

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    @property
    def hungry(self) -> bool:
        return self._inner.needs_input

    def decompress(self, data: bytes, most: int) -> bytes:
        return self._inner.decompress(data, most)


_BROKEN: Final = (zlib.error, zstandard.ZstdError, lzma.LZMAError, OSError, ValueError, EOFError)
"""What decoders raise, each its own."""


def _decoder(compression: Compression, window: int) -> _Decoder:
    if compression == "gzip":
        return _Zlib()
    if compression == "zstd":
        return _Zstd(window)
    if compression == "bzip2":
        return _Standard(bz2.BZ2Decompressor())
    return _Standard(lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=window))


class Unpacked(io.RawIOBase):
    """What a compressed file holds, as a file.

    Args:
        file: the compressed file, at its beginning.
        compression: how it begins.
        expansion: it may unpack to so many times what was read of it ...
        free: ... and to this without regard to that.
        window: bytes that a decoder may look back on.
    """

    def __init__(
        self,
        file: BinaryIO,
        compression: Compression,
        expansion: int,
        free: int,
        window: int = _MEMORY,
    ) -> None:
        self.damage: RecordError | None = None
        """Why the file ends here, where that is not its end."""
        self.members = 0
        """How many members were begun, with the damaged one; a read gives bytes of one only."""
        self._file = file
        self._compression = compression
        self._expansion = expansion
        self._free = free
        self._window = window
        self._given = 0
        self._read = 0
        """Packed bytes that were read from the file."""
        self._packed = b""
        self._held = b""
        """Unpacked bytes that did not fit the reader's buffer."""
        self._decoder: _Decoder | None = None
        self._start = 0
        """Where the member begins in the compressed file."""
        self._done = False

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Unpack some bytes; none where the file ends or is damaged."""
        while self.damage is None and not self._done:
            decoder = self._decoder or self._next_member()
            if decoder is None:
                break
            data = self._unpack(decoder, len(buffer))
            if data:
                buffer[: len(data)] = data
                return len(data)
        return 0

    def resume(self) -> bool:
        """Go on after the damage, with the next member that unpacks; ``False`` if there is none."""
        if self.damage is None or self.damage.error == "unpacks-too-far":
            return False
        at = self._find(self._start + 1)
        if at is None:
            self._done = True
            return False
        self._seek(at)
        self.damage = None
        return True

    def _seek(self, at: int) -> None:
        self._file.seek(at)
        self._read = at
        self._packed = b""
        self._held = b""
        self._decoder = None

    def _unpack(self, decoder: _Decoder, most: int) -> bytes:
        if self._held:
            data, self._held = self._held[:most], self._held[most:]
            return data
        data = b""
        try:
            if decoder.eof:
                self._packed = decoder.unused_data + self._packed
                self._decoder = None
                return b""
            packed = self._take() if decoder.hungry else b""
            if decoder.hungry and not packed:
                raise EOFError
            data = decoder.decompress(packed, most)
        except EOFError:
            self._break(
                "truncated-file",
                "the file ends inside a compressed member: fetch it again",
            )
        except _BROKEN as error:
            if any(words in str(error) for words in _TOO_WIDE):
                self._break(
                    "window-too-large",
                    f"a compressed member ({self._compression}) looks back on more than"
                    f" {self._window:,} bytes: pack it again without --long, or raise"
                    " input.max_window_bytes",
                )
                return b""
            self._break(
                "damaged-file",
                f"a compressed member ({self._compression}) cannot be unpacked from here, or its"
                " checksum is wrong: fetch the file again",
            )
        self._given += len(data)
        if self._given > max(self._free, self._read * self._expansion):
            self._break(
                "unpacks-too-far",
                f"the file unpacks to more than {self._expansion} times its size: leave it out, or"
                " raise input.max_expansion",
            )
            return b""
        self._held = data[most:]
        return data[:most]

    def _take(self) -> bytes:
        """Some packed bytes; none at the end of the file."""
        if not self._packed:
            self._packed = self._file.read(_CHUNK)
            self._read += len(self._packed)
        step = _STEP if self._compression == "zstd" else _CHUNK
        taken, self._packed = self._packed[:step], self._packed[step:]
        return taken

    def _next_member(self) -> _Decoder | None:
        """Begin the next member, if there is one."""
        while True:
            # Zeros may follow a member, to fill a block of a tape.
            self._packed = self._packed.lstrip(b"\0") if self.members else self._packed
            if len(self._packed) >= SIGNATURE_BYTES:
                break
            more = self._file.read(_CHUNK)
            if not more:
                break
            self._read += len(more)
            self._packed += more
        if not self._packed:
            self._done = True
            return None
        self._start = self._read - len(self._packed)
        self.members += 1
        if not SIGNATURES[self._compression].match(self._packed):
            self._break(
                "damaged-file",
                f"what follows a compressed member is no other ({self._compression}): fetch the"
                " file again",
                self._packed,
            )
            return None
        self._decoder = _decoder(self._compression, self._window)
        return self._decoder

    def _break(self, error: str, message: str, sample: bytes = b"") -> None:
        self.damage = RecordError(error, message, self._start, sample_of(sample))

    def _find(self, at: int) -> int | None:
        """Where the next member begins that unpacks, from ``at`` on."""
        signature = SIGNATURES[self._compression]
        size = _SCAN
        while True:
            self._file.seek(at)
            data = self._file.read(size)
            for match in signature.finditer(data):
                if self._unpacks(at + match.start()):
                    return at + match.start()
            if len(data) < size:
                return None
            at += len(data) - SIGNATURE_BYTES + 1
            size = min(2 * size, _MOST_SCANNED)

    def _unpacks(self, at: int) -> bool:
        """Whether the first bytes of a member can be unpacked."""
        self._file.seek(at)
        decoder = _decoder(self._compression, self._window)
        for _ in range(_TRIAL // _STEP):
            packed = self._file.read(_STEP)
            try:
                made = decoder.decompress(packed, _CHUNK)
            except _BROKEN:
                return False
            if made or decoder.eof:
                return True
            if not packed:
                return False
        return False


def unpacked(file: BinaryIO, expansion: int, free: int, window: int = _MEMORY) -> Unpacked | None:
    """What a file holds, if its first bytes say that it is compressed.

    Args:
        file: at its beginning, where it is again if it is not compressed.
        expansion: see :class:`Unpacked`.
        free: see :class:`Unpacked`.
        window: see :class:`Unpacked`.
    """
    head = file.read(SIGNATURE_BYTES)
    file.seek(0)
    compression = compression_of(head)
    if compression is None:
        return None
    return Unpacked(file, compression, expansion, free, window)
