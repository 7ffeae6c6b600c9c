"""The lines of a file, or of a piece of one, with their places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

from pipeline.blocks import Piece
from pipeline.content import read_content
from transforms.block import RecordError
from transforms.settings import DecodeSettings, InputSettings

_CHUNK: Final = 1024 * 1024
"""How much of something long is looked at in one go."""


class Line(NamedTuple):
    """A line that begins in a piece."""

    start: int
    """Byte offset of its first byte in the file, as it is unpacked."""
    end: int
    """Where the next line starts; of a line that is too long, a place to look from for it."""
    data: bytes
    """All of it, its end included; of a line that is too long, the beginning."""
    limit: int | None
    """How many bytes it may have, where it has more."""


class Gap(NamedTuple):
    """What cannot be unpacked; it counts as one byte."""

    start: int
    error: RecordError


def lines_of(piece: Piece, reading: InputSettings, decode: DecodeSettings) -> Iterator[Line | Gap]:
    """The lines that begin in a piece; all those of a compressed file are in its first piece.

    Raises:
        RecordError: the file cannot be read, or no further.
    """
    limit = decode.max_record_bytes
    with read_content(piece.file.path, reading, decode) as content:
        if content.packed is None:
            yield from _lines(content.file, piece.start, piece.end, limit)
            return
        if piece.start:
            return
        at = 0
        while True:
            for line in _lines(content.file, at, None, limit):
                yield line
                at = line.end
            if content.damage is None:
                return
            yield Gap(at, content.damage)
            at += 1
            if not content.resume():
                return


def _lines(file: BinaryIO, at: int, end: int | None, limit: int) -> Iterator[Line]:
    """The lines that begin between two places; to the end of the file if there is no other."""
    if at and end is not None:
        # From one byte before: if that ends a line, a line begins with the piece.
        file.seek(at - 1)
        at = _skip(file, at - 1, end)
    while end is None or at < end:
        data = file.readline(limit + 2)
        if not data:
            if end is None:
                return
            raise RecordError(
                "unreadable-file",
                "the file is shorter than when it was listed: run again once nothing writes to it",
                at,
            )
        after = at + len(data)
        too_long = len(data.rstrip(b"\r\n")) > limit
        if too_long and not data.endswith(b"\n"):
            after = _skip(file, after, end)
        yield Line(at, after, data, limit if too_long else None)
        at = after


def _skip(file: BinaryIO, at: int, end: int | None) -> int:
    """Skip the rest of a line that goes on at ``at``, but no further than needed to reach ``end``.

    Returns:
        Where the next line starts, if that is before ``end``.
    """
    while (end is None or at < end) and (data := file.readline(_CHUNK)):
        at += len(data)
        if data.endswith(b"\n"):
            break
    return at
