"""Compressed files, member by member: what is broken costs what follows in its member.

A gzip, Zstandard, bzip2 or xz file is a row of members (frames, streams) that
unpack by themselves.  Where one is broken, the bytes before are given, the file
seems to end, and :attr:`Unpacked.damage` says why; :meth:`Unpacked.resume` goes
on with the next member that can be found.
"""

from __future__ import annotations

import io
from typing import BinaryIO, Final

from pipeline.decoders import BROKEN, STEP, TOO_WIDE, WINDOW, Decoder, new_decoder
from pipeline.formats import SIGNATURE_BYTES, SIGNATURES, Compression, compression_of
from transforms.block import RecordError, sample_of

_CHUNK: Final = 16 * 1024
"""Packed bytes that are read in one go."""
_TRIAL: Final = 64 * 1024
"""So many packed bytes that follow a signature must unpack, or it is none."""
_SCAN: Final = 4 * 1024
"""What is looked through at first for the next member; twice as much each time."""
_MOST_SCANNED: Final = 1024 * 1024
_MOST_TRIALS: Final = 1_000
"""Signatures in a row that begin no member, until the rest of a file is given up: by chance they
stand gigabytes apart."""
_MOST_TRIALS_OF_FILE: Final = 10_000
"""The same of those with members between them."""


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
        window: int = WINDOW,
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
        self._decoder: Decoder | None = None
        self._start = 0
        """Where the member begins in the compressed file."""
        self._trials = 0
        """Signatures that began no member."""
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

    def _unpack(self, decoder: Decoder, most: int) -> bytes:
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
        except BROKEN as error:
            if any(words in str(error) for words in TOO_WIDE):
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
        step = STEP if self._compression == "zstd" else _CHUNK
        taken, self._packed = self._packed[:step], self._packed[step:]
        return taken

    def _next_member(self) -> Decoder | None:
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
        self._decoder = new_decoder(self._compression, self._window)
        return self._decoder

    def _break(self, error: str, message: str, sample: bytes = b"") -> None:
        self.damage = RecordError(error, message, self._start, sample_of(sample))

    def _find(self, at: int) -> int | None:
        """Where the next member begins that unpacks, from ``at`` on."""
        signature = SIGNATURES[self._compression]
        size = _SCAN
        most = min(self._trials + _MOST_TRIALS, _MOST_TRIALS_OF_FILE)
        while True:
            self._file.seek(at)
            data = self._file.read(size)
            for match in signature.finditer(data):
                if self._unpacks(at + match.start()):
                    return at + match.start()
                self._trials += 1
                if self._trials >= most:
                    return None
            if len(data) < size:
                return None
            at += len(data) - SIGNATURE_BYTES + 1
            size = min(2 * size, _MOST_SCANNED)

    def _unpacks(self, at: int) -> bool:
        """Whether the first bytes of a member can be unpacked."""
        self._file.seek(at)
        decoder = new_decoder(self._compression, self._window)
        for _ in range(_TRIAL // STEP):
            packed = self._file.read(STEP)
            try:
                made = decoder.decompress(packed, _CHUNK)
            except BROKEN:
                return False
            if made or decoder.eof:
                return True
            if not packed:
                return False
        return False


def unpacked(file: BinaryIO, expansion: int, free: int, window: int = WINDOW) -> Unpacked | None:
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
