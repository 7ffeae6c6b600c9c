"""Read the records of an output, and nothing that is not written as a run writes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import msgspec

from pipeline.outputs import (
    DocumentRecord,
    FileEntry,
    RejectedRecord,
    RemovedRecord,
    SourceRecord,
)

RecordType = TypeVar("RecordType", bound=msgspec.Struct)


class ContractError(Exception):
    """A part file is not what the contract says; the message says where."""


class Output(msgspec.Struct):
    """The records of an output, in order."""

    documents: list[DocumentRecord]
    removed: list[RemovedRecord]
    rejected: list[RejectedRecord]
    sources: list[SourceRecord]


def read_output(folder: Path, files: Sequence[FileEntry]) -> Output:
    """Every record of the part files that the manifest lists.

    Raises:
        ContractError: a file holds other records than the manifest says, a
            field of no meaning, or records out of order.
    """
    return Output(
        _read(folder, files, "documents", DocumentRecord, lambda each: (each.id, 0)),
        _read(
            folder, files, "removed", RemovedRecord, lambda each: (each.document, each.paragraph)
        ),
        _read(
            folder, files, "rejected", RejectedRecord, lambda each: (each.source, each.record or "")
        ),
        _read(folder, files, "sources", SourceRecord, lambda each: (each.id, 0)),
    )


def _read(
    folder: Path,
    files: Sequence[FileEntry],
    name: str,
    kind: type[RecordType],
    key: Callable[[RecordType], tuple[str, int | str]],
) -> list[RecordType]:
    decoder = msgspec.json.Decoder(kind)
    encoder = msgspec.json.Encoder()
    records: list[RecordType] = []
    for entry in files:
        if not entry.path.startswith(f"{name}/"):
            continue
        data = (folder / entry.path).read_bytes()
        try:
            found = decoder.decode_lines(data)
        except msgspec.DecodeError as error:
            raise ContractError(f"{entry.path}: {error}") from error
        if len(found) != entry.records:
            raise ContractError(
                f"{entry.path} has {len(found)} records, the manifest says {entry.records}"
            )
        if encoder.encode_lines(found) != data:
            raise ContractError(f"{entry.path}: a record is not written as this version writes it")
        keys = [key(record) for record in found]
        if any(one >= other for one, other in pairwise(keys)):
            raise ContractError(
                f"{entry.path}: the records are not in order, or one is there twice"
            )
        records.extend(found)
    if len({key(record) for record in records}) != len(records):
        raise ContractError(f"{name}: a record is there twice")
    return records
