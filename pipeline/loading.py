"""Read the records of an output, and nothing that is not written as a run writes it."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import msgspec

from pipeline.outputs import (
    ORDER,
    DocumentRecord,
    FileEntry,
    RecordType,
    RejectedRecord,
    RemovedRecord,
    SourceRecord,
)
from pipeline.part_formats import PartError, PartFormat, most_unpacked, part_format
from transforms.settings import OutputSettings


class ContractError(Exception):
    """A part file is not what the contract says; the message says where."""


class Output(msgspec.Struct):
    """The records of an output, in order."""

    documents: list[DocumentRecord]
    removed: list[RemovedRecord]
    rejected: list[RejectedRecord]
    sources: list[SourceRecord]


def read_output(folder: Path, files: Sequence[FileEntry], settings: OutputSettings) -> Output:
    """Every record of the part files that the manifest lists.

    Args:
        settings: those of the run, whose documents are no plain text.

    Raises:
        ContractError: a file is of another format than the settings say, or
            holds other records than the manifest says, a field of no meaning,
            or records out of order, or the files unpack to more than is read.
    """
    parts = _Parts(folder, files, part_format(settings), most_unpacked(_packed(folder, files)))
    return Output(
        parts.read("documents", DocumentRecord),
        parts.read("removed", RemovedRecord),
        parts.read("rejected", RejectedRecord),
        parts.read("sources", SourceRecord),
    )


def _packed(folder: Path, files: Sequence[FileEntry]) -> int:
    """How many bytes the files have, each counted once whatever names a stranger gives it."""
    sizes: dict[tuple[int, int], int] = {}
    for entry in files:
        about = (folder / entry.path).stat()
        if not stat.S_ISREG(about.st_mode):
            raise ContractError(f"{entry.path} is no file: do not read this output")
        sizes[about.st_dev, about.st_ino] = about.st_size
    return sum(sizes.values())


class _Parts(msgspec.Struct):
    folder: Path
    files: Sequence[FileEntry]
    format: PartFormat
    room: int
    """Bytes that what is not read yet may unpack to."""

    def read(self, name: str, kind: type[RecordType]) -> list[RecordType]:
        """The records of one kind."""
        records: list[RecordType] = []
        for entry in self.files:
            if entry.path.startswith(f"{name}/"):
                records.extend(self._read_part(entry, kind))
        if len({_key(record) for record in records}) != len(records):
            raise ContractError(f"{name}: a record is there twice")
        return records

    def _read_part(self, entry: FileEntry, kind: type[RecordType]) -> list[RecordType]:
        if not entry.path.endswith(self.format.suffix):
            raise ContractError(
                f"{entry.path}: the settings of the run make files that end in {self.format.suffix}"
            )
        try:
            data = (self.folder / entry.path).read_bytes()
            found, unpacked = self.format.decode(data, kind, self.room)
        except PartError as error:
            raise ContractError(f"{entry.path}: {error}") from error
        self.room -= unpacked
        if len(found) != entry.records:
            raise ContractError(
                f"{entry.path} has {len(found)} records, the manifest says {entry.records}"
            )
        if any(_key(one) >= _key(other) for one, other in pairwise(found)):
            raise ContractError(
                f"{entry.path}: the records are not in order, or one is there twice"
            )
        return found


def _key(record: msgspec.Struct) -> tuple[int | str, ...]:
    """What a record is sorted by; no name is empty, so the empty one is ``None``'s."""
    values = (getattr(record, name) for name in ORDER[type(record)])
    return tuple("" if value is None else value for value in values)
