"""Named arrays in one file, read where they lie.

A staged block is read by many steps, each of which wants a few of its rows.  So its
arrays are mapped into memory, and only the pages that are looked at are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, Generic, TypeVar, overload

import msgspec
import numpy as np
from numpy.typing import NDArray

from transforms.shingles import I64

_ALIGNED: Final = 64
"""Arrays begin at multiples of so many bytes, a processor's cache line."""
_SIZE_BYTES: Final = 8

Item = TypeVar("Item")


class _Column(msgspec.Struct, frozen=True, array_like=True):
    name: str
    dtype: str
    offset: int
    """From the end of the header."""
    count: int


def write_columns(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """A form of one-dimensional arrays that :func:`read_columns` reads; equal arrays, equal bytes.

    >>> read_columns(write_columns({"a": np.arange(3)}))["a"].tolist()
    [0, 1, 2]
    """
    columns: list[_Column] = []
    parts: list[memoryview | bytes] = []
    offset = 0
    for name, array in arrays.items():
        columns.append(_Column(name, array.dtype.str, offset, len(array)))
        padding = -array.nbytes % _ALIGNED
        parts += np.ascontiguousarray(array).data, bytes(padding)
        offset += array.nbytes + padding
    header = msgspec.msgpack.encode(columns)
    size = len(header).to_bytes(_SIZE_BYTES, "little")
    return b"".join((size, header, bytes(-(len(header) + _SIZE_BYTES) % _ALIGNED), *parts))


def read_columns(buffer: Any) -> dict[str, NDArray[Any]]:
    """The arrays by name, as read-only views of the buffer.

    Args:
        buffer: anything with the buffer interface: bytes, or a file that is mapped into memory.
    """
    view = memoryview(buffer).toreadonly()
    end = _SIZE_BYTES + int.from_bytes(view[:_SIZE_BYTES], "little")
    columns = msgspec.msgpack.decode(view[_SIZE_BYTES:end], type=list[_Column])
    start = end + -end % _ALIGNED
    return {
        column.name: np.frombuffer(
            view, np.dtype(column.dtype), column.count, start + column.offset
        )
        if column.count
        else np.zeros(0, np.dtype(column.dtype))
        for column in columns
    }


class Packed(Sequence[Item], Generic[Item]):
    """Items that are encoded one after the other; each is decoded when it is asked for."""

    def __init__(
        self, data: NDArray[np.uint8], offsets: I64, decode: Callable[[bytes], Item]
    ) -> None:
        self.data = data
        self.offsets = offsets
        self._decode = decode

    @classmethod
    def of(cls, encoded: Iterable[bytes], decode: Callable[[bytes], Item]) -> Packed[Item]:
        """Items given as they are encoded."""
        parts = list(encoded)
        sizes = np.fromiter(map(len, parts), np.int64, len(parts))
        data = np.frombuffer(b"".join(parts), np.uint8)
        return cls(data, np.concatenate(([0], np.cumsum(sizes))), decode)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @overload
    def __getitem__(self, at: int) -> Item: ...
    @overload
    def __getitem__(self, at: slice) -> list[Item]: ...
    def __getitem__(self, at: int | slice) -> Item | list[Item]:
        if isinstance(at, slice):
            return [self[each] for each in range(*at.indices(len(self)))]
        if not 0 <= at < len(self):
            raise IndexError(at)
        return self._decode(self.data[self.offsets[at] : self.offsets[at + 1]].tobytes())
