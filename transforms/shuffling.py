"""A shuffle through the staging folder: packed records, one file a writer, read by partition.

Beam's local engine keeps what it shuffles in the driver's memory, several times over, and hands
each byte from process to process (docs/performance.md has the figures).  What is seen in the
bands is some 800 bytes a paragraph, so it waits in files instead: a
writer sorts its records by partition, and a reader takes its partition out of every file.  What
Beam carries are the names of the files.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

_SLICE: Final = np.dtype([("partition", "<i4"), ("crc", "<u4"), ("start", "<i8"), ("size", "<i8")])


class ShuffleError(RuntimeError):
    """A file of a shuffle is not what was written."""


class ShuffleFile(msgspec.Struct, frozen=True):
    """Where the records of one writer wait."""

    path: str
    slices: bytes
    """Packed: where in the file each partition is, with its checksum."""


def encode_shuffle(partitions: Sequence[NDArray[np.void]]) -> tuple[list[memoryview], bytes]:
    """What a writer's file holds, one after the other, and :attr:`ShuffleFile.slices` of it.

    Args:
        partitions: the records of each partition, from 0.
    """
    filled = [number for number, records in enumerate(partitions) if len(records)]
    parts = [np.ascontiguousarray(partitions[number]).data for number in filled]
    slices = np.empty(len(filled), _SLICE)
    slices["partition"] = filled
    slices["size"] = [part.nbytes for part in parts]
    slices["start"] = np.cumsum(slices["size"]) - slices["size"]
    slices["crc"] = [zlib.crc32(part) for part in parts]
    return parts, slices.tobytes()


def cut(records: NDArray[np.void], ranges: int) -> list[NDArray[np.void]]:
    """Records by the range in which their ``bucket`` lies."""
    if ranges == 1:
        return [records]
    at = (records["bucket"] >> np.uint64(32)) % np.uint64(ranges)
    return [records[at == number] for number in range(ranges)]


def read_shuffle(
    files: Iterable[ShuffleFile], partition: int, dtype: np.dtype[np.void]
) -> NDArray[np.void]:
    """The records of one partition, writer after writer.

    Raises:
        ShuffleError: a file is missing, or is not what was written.
    """
    parts = []
    for file in files:
        slices = np.frombuffer(file.slices, _SLICE)
        at = int(np.searchsorted(slices["partition"], partition))
        if at < len(slices) and slices["partition"][at] == partition:
            parts.append(_read(file.path, slices[at]))
    return np.frombuffer(b"".join(parts), dtype)


def check_shuffle(file: ShuffleFile) -> None:
    """Raise :class:`ShuffleError` unless every partition is there as it was written."""
    for part in np.frombuffer(file.slices, _SLICE):
        _read(file.path, part)


def _read(path: str, wanted: np.void) -> bytes:
    try:
        with open(path, "rb", buffering=0) as file:
            data = os.pread(file.fileno(), int(wanted["size"]), int(wanted["start"]))
    except OSError as error:
        raise ShuffleError(
            f"cannot read {path} ({error.strerror}): was the run's staging folder removed while"
            " it ran?"
        ) from error
    if zlib.crc32(data) != wanted["crc"]:
        raise ShuffleError(f"{path} is not what was written: run again on sound storage")
    return data
