"""Targets: readers of files, which are whatever a stranger wrote."""

from __future__ import annotations

import codecs
import io
import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Final

from pipeline.archives import Archived, ArchiveKind, archived
from pipeline.blocks import Item, cut_files
from pipeline.content import Content
from pipeline.formats import Compression, compression_of
from pipeline.inputs import Inputs
from pipeline.repeated_ids import RepeatedIds
from pipeline.sources import InputFile
from pipeline.unpacking import Unpacked
from tests.fuzzing.checks import check_items
from tests.fuzzing.texts import DECODE, chosen
from transforms.document import Record
from transforms.settings import InputSettings

_INPUT: Final = InputSettings()
_BLANK: Final = b"\r\n"
_MARK: Final = codecs.BOM_UTF8
_ANY: Final = 1 << 30
_SHORTEST: Final = 16
"""Bytes of a piece, at the least."""
_PIECES: Final = 5
_FREE: Final = 1 << 16
_EXPANSION: Final = 250
_BUFFERS: Final = (1 << 16, 1000)
_MORE: Final = 1 << 18
"""What a decoder may make of the last bytes that it is given."""


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="copydesk-fuzzing-")


def _items(name: str, data: bytes, shard: int = _ANY) -> list[Item]:
    """All that a file of this name gives."""
    path = Path(_folder().name, name)
    path.write_bytes(data)
    file = InputFile(str(path), name, len(data))
    source = Inputs(_INPUT, DECODE)
    pieces = cut_files([file], shard)
    ids = [id for piece in pieces for id in source.ids(piece)]
    repeated = RepeatedIds.among(ids)
    return [item for piece in pieces for item in source.records(piece, repeated)]


def web_archive(data: bytes) -> None:
    """Every byte of an archive is in a record, in a gap or between two of them."""
    _read_archive("a.warc", "warc", data)


def arc(data: bytes) -> None:
    """The same of the format before."""
    _read_archive("a.arc", "arc", data)


def _read_archive(name: str, kind: ArchiveKind, data: bytes) -> None:
    items = _items(name, data)
    check_items(items, name)
    assert _items(name, data) == items
    if compression_of(data) is None:
        _check_cover(data, kind)


def _check_cover(data: bytes, kind: ArchiveKind) -> None:
    end: int | None = 0
    for found in archived(Content(io.BytesIO(data), None), kind):
        if end is not None:  # a gap goes on to what comes next
            assert found.start >= end
            assert data[end : found.start].strip(_BLANK) == b""
        end = found.file.tell() + found.length if isinstance(found, Archived) else None
        assert end is None or found.start < end <= len(data)
    assert end is None or data[end:].strip(_BLANK) == b""


def json_lines(data: bytes) -> None:
    """Each line is a record or a dead letter, wherever the file is cut."""
    items = _items("a.jsonl", data)
    records, _ = check_items(items, "a.jsonl")
    if compression_of(data) is not None:
        return
    for shard in {max(_SHORTEST, len(data) // part) for part in range(2, _PIECES)}:
        assert _items("a.jsonl", data, shard) == items
    lines = data.split(b"\n")
    assert len(items) == sum(not line.isspace() and line != b"" for line in _unmarked(lines))
    for record in records:
        _check_text(record, data[int(record.record or 0) :].split(b"\n", 1)[0])


def _unmarked(lines: list[bytes]) -> list[bytes]:
    return [lines[0].removeprefix(_MARK) + b" ", *lines[1:]]


def json_text(data: bytes) -> None:
    """An array gives an item for each value that another parser finds in it."""
    items = _items("a.json", data)
    records, _ = check_items(items, "a.json")
    assert _items("a.json", data) == items
    if compression_of(data) is not None:
        return
    try:
        value = json.loads(data.removeprefix(_MARK).decode(), parse_constant=_refuse)
    except (ValueError, RecursionError):
        return
    if isinstance(value, list):
        assert len(items) == len(value)
    if isinstance(value, dict):
        for record in records:
            assert value["text"].encode("utf-8", "surrogatepass") == record.data


def _refuse(constant: str) -> None:
    """NaN and its like are Python's, not JSON's."""
    raise ValueError(constant)


def _check_text(record: Record, line: bytes) -> None:
    """The text of a record is what another parser reads in its line."""
    try:
        value = json.loads(line.removeprefix(_MARK))
    except (ValueError, RecursionError):
        return  # digits without end
    assert value["text"].encode("utf-8", "surrogatepass") == record.data


def csv(data: bytes) -> None:
    """Rows are records or dead letters."""
    choice, body = chosen(data)
    name = "a.tsv" if choice & 1 else "a.csv"
    items = _items(name, body)
    check_items(items, name)
    assert _items(name, body) == items


def unpacked(data: bytes) -> None:
    """What a file unpacks to has a limit, and does not depend on how it is read.

    Of a damaged member it does: how much of it comes before the damage depends on the buffer, and
    so does whether the damage or the limit is met first.
    """
    compression = compression_of(data)
    if compression is None:
        return
    made, damages = _unpack(data, compression, _BUFFERS[0])
    assert len(made) <= max(_FREE, _EXPANSION * len(data)) + _MORE
    again, other_damages = _unpack(data, compression, _BUFFERS[1])
    if "unpacks-too-far" not in {*damages, *other_damages}:
        assert other_damages == damages
    if not damages:
        assert again == made


def _unpack(data: bytes, compression: Compression, buffer: int) -> tuple[bytes, list[str]]:
    packed = Unpacked(io.BytesIO(data), compression, _EXPANSION, _FREE)
    parts: list[bytes] = []
    damages: list[str] = []
    while True:
        while part := packed.read(buffer):
            parts.append(part)
        if packed.damage is None:
            break
        damages.append(packed.damage.error)
        if not packed.resume():
            break
    return b"".join(parts), damages
