"""Many documents in one array: their lines stand one after another.

The judge computes over a batch of documents at a time, since a call of numpy costs more than the
ten lines of a document.  Whatever looks along lines stops at the bounds of the line's document, so
a document's values are the same in every batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from transforms.arrays import Bools, Ints

Value = TypeVar("Value", bound=np.generic)

NONE: Final = -1
"""The index of a line that a document does not have."""


@dataclass(frozen=True)
class Segments:
    """Where the lines of each document stand among those of a batch.

    >>> two = Segments(np.array([2, 3]))
    >>> two.starts.tolist(), two.ends.tolist(), two.of.tolist()
    ([0, 2], [2, 5], [0, 0, 1, 1, 1])
    """

    sizes: Ints
    """How many lines each document has, at least one."""

    @classmethod
    def of_sizes(cls, sizes: Sequence[int]) -> Segments:
        """The segments of documents with so many lines each."""
        return cls(np.array(sizes, np.int64))

    def __len__(self) -> int:
        return len(self.sizes)

    @cached_property
    def ends(self) -> Ints:
        """The line behind each document's last."""
        return np.cumsum(self.sizes)

    @cached_property
    def starts(self) -> Ints:
        """Each document's first line."""
        return self.ends - self.sizes

    @cached_property
    def of(self) -> Ints:
        """The document of each line."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    @cached_property
    def lines(self) -> Ints:
        """The index of each line in the batch."""
        return np.arange(int(self.sizes.sum()))

    @cached_property
    def first(self) -> Ints:
        """For each line the first of its document."""
        return np.repeat(self.starts, self.sizes)

    @cached_property
    def stop(self) -> Ints:
        """For each line the end of its document."""
        return np.repeat(self.ends, self.sizes)

    @cached_property
    def position(self) -> Ints:
        """The place of each line in its document."""
        return self.lines - self.first

    def spread(self, values: NDArray[Value]) -> NDArray[Value]:
        """A document's value for each of its lines."""
        return np.repeat(values, self.sizes)

    def sums(self, values: Ints | Bools) -> Ints:
        """The sum over each document's lines."""
        sums: Ints = np.add.reduceat(values, self.starts, dtype=np.int64)
        return sums

    def any(self, mask: Bools) -> Bools:
        """Which documents have a line in the mask."""
        found: Bools = np.logical_or.reduceat(mask, self.starts)
        return found

    def all(self, mask: Bools) -> Bools:
        """Which documents have all their lines in the mask."""
        found: Bools = np.logical_and.reduceat(mask, self.starts)
        return found

    def first_in(self, mask: Bools) -> Ints:
        """The first line of each document in the mask, ``NONE`` where it has none."""
        found = np.append(np.flatnonzero(mask), len(mask))
        line: Ints = found[np.searchsorted(found, self.starts)]
        return np.where(line < self.ends, line, NONE)

    def last_in(self, mask: Bools) -> Ints:
        """The last line of each document in the mask, ``NONE`` where it has none."""
        found = np.append(NONE, np.flatnonzero(mask))
        line: Ints = found[np.searchsorted(found, self.ends) - 1]
        return np.where(line >= self.starts, line, NONE)

    def previous(self, mask: Bools) -> Bools:
        """Which lines follow a line of the mask in their document."""
        found: Bools = np.append(False, mask[:-1])
        found[self.starts] = False
        return found

    def next(self, mask: Bools) -> Bools:
        """Which lines stand before a line of the mask in their document."""
        found: Bools = np.append(mask[1:], False)
        found[self.ends - 1] = False
        return found
