"""Read a file as a run does, without one."""

from __future__ import annotations

from pathlib import Path

from pipeline.blocks import Item, cut_files
from pipeline.inputs import Inputs
from pipeline.repeated_ids import NO_IDS, RepeatedIds
from pipeline.sources import list_inputs
from tests.running import write_files
from transforms.document import DeadLetter, Record
from transforms.settings import DecodeSettings, InputSettings

DEFAULT = DecodeSettings()
INPUT = InputSettings()


def read_items(
    folder: Path,
    name: str,
    data: bytes,
    *,
    shard: int = 1 << 30,
    settings: InputSettings = INPUT,
    decode: DecodeSettings = DEFAULT,
    repeated: RepeatedIds = NO_IDS,
) -> list[Item]:
    """All that a file with this content gives, skipped things included."""
    path = write_files(folder, {name: data}) / name
    source = Inputs(settings, decode)
    pieces = cut_files(list_inputs([str(path)], settings.format), shard)
    return [item for piece in pieces for item in source.records(piece, repeated)]


def parted(items: list[Item]) -> tuple[list[Record], list[DeadLetter]]:
    """Records and dead letters; no two have one place."""
    places = [item.record for item in items if isinstance(item, Record | DeadLetter)]
    assert len(set(places)) == len(places), places
    return (
        [item for item in items if isinstance(item, Record)],
        [item for item in items if isinstance(item, DeadLetter)],
    )


def read_ids(folder: Path, name: str, data: bytes, settings: InputSettings = INPUT) -> list[str]:
    """The ids that a file gives."""
    path = write_files(folder, {name: data}) / name
    source = Inputs(settings, DEFAULT)
    pieces = cut_files(list_inputs([str(path)], settings.format), 100)
    return [id for piece in pieces for id in source.ids(piece)]
