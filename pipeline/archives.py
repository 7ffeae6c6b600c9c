"""The records of a web archive (WARC, ARC), found again behind one that is broken.

warcio reads the headers.  Where a record ends is checked here: behind its length
must be the next one.  If not, the length is wrong, and the next record is looked
for by how records begin; a page could hold such a line, but only within a record
that is broken itself is it taken for one.
"""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Iterator
from typing import BinaryIO, Final, Literal, NamedTuple, cast

import re2
from warcio.recordloader import ARC2WARCHeadersParser
from warcio.statusandheaders import (
    StatusAndHeaders,
    StatusAndHeadersParser,
    StatusAndHeadersParserException,
)

from pipeline.content import Content
from pipeline.text_lines import Gap
from pipeline.unpacking import Unpacked
from transforms.block import RecordError, sample_of

ArchiveKind = Literal["warc", "arc"]

_CHUNK: Final = 64 * 1024
_FIRST_READ: Final = 4 * 1024
"""What is read at first to look for something that is mostly near."""
_MAX_HEADER: Final = 64 * 1024
"""Bytes of a record's own headers."""
_IN_MEMORY: Final = 4 * 1024 * 1024
"""What is unpacked of a member in memory; a larger one goes to a temporary file."""
_MAX_LENGTH: Final = 15
"""Digits of a length."""
_BLANK: Final = b"\r\n"
_PADDING: Final = 64
"""Line ends behind a record."""

_ARC_LINE: Final = (
    r"[A-Za-z][A-Za-z0-9+.-]{1,20}:[^\r\n]{0,900} [0-9A-Fa-f.:]{2,45} [0-9]{14} [^ \r\n]{1,200}"
    r" [0-9]{1,15}\r?\n"
)
_BEGINS: Final = {
    "warc": re2.compile(rb"WARC/[0-9]\.[0-9]{1,2}\r?\n"),
    "arc": re2.compile(_ARC_LINE.encode()),
}
_BEGINS_LINE: Final = {
    "warc": re2.compile(rb"\n(WARC/[0-9]\.[0-9]{1,2}\r?\n)"),
    "arc": re2.compile(rf"\n({_ARC_LINE})".encode()),
}
_CUT_OFF: Final = {
    "warc": re2.compile(rb"(?:W|WA|WAR|WARC|WARC/|WARC/[0-9](?:\.[0-9]{0,2})?\r?)\z"),
    "arc": re2.compile(rb"(?:h|ht|htt|https?|d|dn|dns|[A-Za-z][A-Za-z0-9+.-]{1,20}:[^\r\n]*\r?)\z"),
}
"""The line that begins a record, where an archive ends within it."""
_LONGEST_LINE: Final = 1_300
_PROTOCOLS: Final = ["WARC/1.1", "WARC/1.0", "WARC/0.18", "WARC/0.17"]


class Archived(NamedTuple):
    """A record of an archive, before it is known what it is."""

    start: int
    """Byte offset in the archive as it is unpacked."""
    headers: StatusAndHeaders
    """Those of WARC; ARC has fewer, which are given their names."""
    file: BinaryIO
    """Where its content is: it begins here, and has ``length`` bytes."""
    length: int


class _Unit(NamedTuple):
    """A part of an archive that begins with a record: all of it, or one compressed member."""

    file: BinaryIO
    base: int
    """Its place in the archive as it is unpacked."""
    size: int
    damage: RecordError | None
    """Why it ends where it does, if not with its last record."""


def archived(content: Content, kind: ArchiveKind) -> Iterator[Archived | Gap]:
    """The records of an archive in their order, and what is broken in it.

    A record is to be read before the next one is asked for.
    """
    for unit in _units(content, kind):
        yield from _records(unit, kind)


def _units(content: Content, kind: ArchiveKind) -> Iterator[_Unit]:
    if content.packed is None:
        size = content.file.seek(0, os.SEEK_END)
        yield _Unit(content.file, 0, size, None)
        return
    base = 0
    more = True
    while more:
        for unit in _members(content.packed, kind, base):
            yield unit
            base = unit.base + unit.size
        base += 1  # what was lost counts as one byte
        more = content.resume()


def _members(packed: Unpacked, kind: ArchiveKind, base: int) -> Iterator[_Unit]:
    """The members of an archive, to its end or to where it is damaged.

    One that does not begin as a record does goes on with the one before.
    """
    member = packed.members
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as spool:
        file = cast(BinaryIO, spool)
        while chunk := packed.read(_CHUNK):
            if packed.members != member:
                member = packed.members
                if _may_begin(chunk, kind):
                    unit = _unit(file, base)
                    yield unit
                    base = _clear(unit)
            file.write(chunk)
        unit = _unit(file, base, packed.damage if packed.members == member else None)
        yield unit
        if packed.members != member:  # nothing came of the last one
            base = _clear(unit)
            yield _unit(file, base, packed.damage)


def _unit(file: BinaryIO, base: int, damage: RecordError | None = None) -> _Unit:
    return _Unit(file, base, file.tell(), damage)


def _clear(unit: _Unit) -> int:
    """Empty the file of a unit that was read; what comes next has the place that is returned."""
    unit.file.seek(0)
    unit.file.truncate()
    return unit.base + unit.size


def _may_begin(chunk: bytes, kind: ArchiveKind) -> bool:
    """Whether a member with these first bytes begins a record."""
    if kind == "warc":
        return chunk.startswith(b"WARC/"[: len(chunk)])
    return len(chunk) < _LONGEST_LINE or _BEGINS["arc"].match(chunk) is not None


def _records(unit: _Unit, kind: ArchiveKind) -> Iterator[Archived | Gap]:
    waiting = unit.damage
    at: int | None = _after_blank(unit, 0)
    while at is not None and at < unit.size:
        unit.file.seek(at)
        head = _head(unit, kind)
        header = _header(head, kind)
        if header is None:
            end, error, search = unit.size, _no_header(unit.base + at, head), at
        else:
            headers, size, length = header
            search = at + size
            end = search + length
            following = _after_blank(unit, end)
            if _ends_well(unit, following, kind):
                unit.file.seek(search)
                yield Archived(unit.base + at, headers, unit.file, length)
                at = following
                continue
            error = _wrong_length(unit.base + at, length, head)
        found = _find(unit, search, kind)
        if found is None and waiting is not None and end >= unit.size - _PADDING:
            error, waiting = waiting, None
        yield Gap(unit.base + at, error)
        at = found
    if waiting is not None:
        yield Gap(unit.base + unit.size, waiting)


def _head(unit: _Unit, kind: ArchiveKind) -> bytes:
    """The first bytes of a record, its headers among them if it has any that can be read."""
    head = unit.file.read(_FIRST_READ)
    if end_of_headers(head) is None and _BEGINS_LINE[kind].search(head) is None:
        head += unit.file.read(_MAX_HEADER - len(head))
    return head


def end_of_headers(head: bytes) -> int | None:
    """Where what follows a block of headers begins, if it ends among these bytes."""
    ends = [at + len(end) for end in (b"\r\n\r\n", b"\n\n") if (at := head.find(end)) >= 0]
    return min(ends, default=None)


def _after_blank(unit: _Unit, at: int) -> int:
    """The place behind the line ends that stand at one."""
    unit.file.seek(at)
    data = unit.file.read(_PADDING)
    return at + len(data) - len(data.lstrip(_BLANK))


def _ends_well(unit: _Unit, following: int, kind: ArchiveKind) -> bool:
    """Whether another record begins there, be it cut off, or the unit ends, as it should."""
    if following >= unit.size:
        return following == unit.size and unit.damage is None
    unit.file.seek(following)
    line = unit.file.read(_LONGEST_LINE)
    if following + len(line) == unit.size and _CUT_OFF[kind].match(line) is not None:
        return True
    return _BEGINS[kind].match(line) is not None


def _header(head: bytes, kind: ArchiveKind) -> tuple[StatusAndHeaders, int, int] | None:
    """The headers of a record, how many bytes they have and how many its content has."""
    begins = _BEGINS[kind].match(head)
    if begins is None:
        return None
    try:
        if kind == "arc":
            end = begins.end()
            headers = ARC2WARCHeadersParser().parse(io.BytesIO(head[:end]))
        else:
            end = end_of_headers(head) or 0
            # Where another record begins before they end, these headers are cut off.
            if not end or _BEGINS_LINE[kind].search(head[:end]):
                return None
            headers = StatusAndHeadersParser(_PROTOCOLS).parse(io.BytesIO(head[:end]))
    except (StatusAndHeadersParserException, EOFError, ValueError, IndexError):
        return None
    length = (headers.get_header("Content-Length") or "").strip()
    if not (length.isascii() and length.isdigit() and len(length) <= _MAX_LENGTH):
        return None
    return headers, end, int(length)


def _find(unit: _Unit, at: int, kind: ArchiveKind) -> int | None:
    """Where the next line is that begins a record, from ``at`` on."""
    size = _FIRST_READ
    while at < unit.size:
        unit.file.seek(at)
        data = unit.file.read(size)
        size = _CHUNK
        if found := _BEGINS_LINE[kind].search(data):
            return at + int(found.start(1))
        if len(data) <= _LONGEST_LINE:
            return None
        at += len(data) - _LONGEST_LINE
    return None


def _no_header(at: int, head: bytes) -> RecordError:
    return RecordError(
        "invalid-record",
        "no record begins here whose headers can be read: everything up to the next one is left"
        " out",
        at,
        sample_of(head),
    )


def _wrong_length(at: int, length: int, head: bytes) -> RecordError:
    return RecordError(
        "invalid-length",
        f"the record says that it has {length} bytes, but no other begins behind them: the archive"
        " is cut off here, or was written wrongly",
        at,
        sample_of(head),
    )
