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
from collections.abc import Iterable
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from transforms.shingles import I64

_SLICE: Final = np.dtype([("partition", "<i4"), ("crc", "<u4"), ("start", "<i8"), ("size", "<i8")])


class ShuffleError(RuntimeError):
    """A file of a shuffle is not what was written."""


class ShuffleFile(msgspec.Struct, frozen=True):
    """Where the records of one writer wait."""

    path: str
    slices: bytes
    """Packed: where in the file each partition is, with its checksum."""


def encode_shuffle(records: NDArray[np.void], partition: I64) -> tuple[bytes, bytes]:
    """The content of a writer's file, and what :attr:`ShuffleFile.slices` says of it.

    Args:
        records: in any order; those of one partition keep theirs.
        partition: of each record.
    """
    order = np.argsort(partition, kind="stable")
    numbers, starts, counts = np.unique(partition[order], return_index=True, return_counts=True)
    data = records[order].tobytes()
    size = records.dtype.itemsize
    slices = np.empty(len(numbers), _SLICE)
    slices["partition"], slices["start"], slices["size"] = numbers, starts * size, counts * size
    slices["crc"] = [
        zlib.crc32(data[start : start + length])
        for start, length in zip(slices["start"].tolist(), slices["size"].tolist(), strict=True)
    ]
    return data, slices.tobytes()


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
