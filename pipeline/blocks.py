"""Cut the listing into blocks, and read a block: the same pieces whatever reads them."""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from pipeline.repeated_ids import RepeatedIds
from pipeline.sources import InputFile
from transforms.block import Block
from transforms.document import DeadLetter, Record
from transforms.settings import OutputSettings

FIRST_PAST: Final = 1 << 30
"""Blocks of what a run reads have lower numbers than those of a history."""


class Piece(msgspec.Struct, frozen=True):
    """A file, or the records of a container that begin in a range of its bytes."""

    file: InputFile
    start: int
    end: int
    """Half-open; a range may begin and end inside a record."""

    @property
    def text_size(self) -> int:
        """About how many bytes it holds, unpacked."""
        return (self.end - self.start) * self.file.expansion


class BlockPlan(msgspec.Struct, frozen=True):
    """A slice of the sorted listing: one block, or more where it unpacks to more than one holds.

    What a compressed file holds is known only when it is read.  So the number of
    the first block is that of the plan, and each further one is ``count`` higher.
    """

    index: int
    pieces: tuple[Piece, ...]
    count: int
    """How many plans there are."""

    @property
    def size(self) -> int:
        """About how many bytes of text it holds."""
        return sum(piece.text_size for piece in self.pieces)

    @property
    def streams(self) -> bool:
        """Whether its blocks are cut as it is read."""
        return any(piece.file.holds_many and not piece.file.in_ranges for piece in self.pieces)


class Skipped(msgspec.Struct, frozen=True):
    """What a container holds besides records: it is counted, and nothing else."""

    what: str


Item = Record | DeadLetter | Skipped
"""What a source gives."""


class Source(Protocol):
    """A way to read one kind of file, or every kind."""

    def records(self, piece: Piece, repeated: RepeatedIds) -> Iterator[Item]:
        """Every record of a piece; what cannot be read is a dead letter."""

    def ids(self, piece: Piece) -> Iterator[str]:
        """The ids that the piece itself gives: a file's name, and the own ids of records."""


def plan_blocks(files: Iterable[InputFile], shard_bytes: int) -> list[BlockPlan]:
    """Cut the sorted listing into even blocks of at most ``shard_bytes``.

    A larger container is cut into equal ranges if these can be read by
    themselves; another larger file is a plan of its own.  Nothing but the
    listing and the shard size decides where a plan ends.
    """
    pieces = cut_files(files, shard_bytes)
    ends = np.cumsum([piece.text_size for piece in pieces], dtype=np.int64)
    most = min(shard_bytes, int(ends[-1])) if pieces else 0
    fewest = len(_starts(ends, most))
    # As little room as gives no more blocks: else the last one would hold what is left over.
    room = bisect.bisect_left(
        range(most), True, key=lambda room: len(_starts(ends, room)) <= fewest
    )
    starts = _starts(ends, room)
    return [
        BlockPlan(index, tuple(pieces[start:end]), len(starts))
        for index, (start, end) in enumerate(pairwise([*starts, len(pieces)]))
    ]


def largest_block(plans: Iterable[BlockPlan], shard_bytes: int) -> int:
    """About how many bytes of text the largest block holds."""
    return max(
        (min(plan.size, shard_bytes) if plan.streams else plan.size for plan in plans), default=0
    )


def cut_files(files: Iterable[InputFile], shard_bytes: int) -> list[Piece]:
    """The files in their order, containers in equal ranges of at most ``shard_bytes``."""
    return [piece for file in files for piece in _pieces(file, shard_bytes)]


def _pieces(file: InputFile, shard_bytes: int) -> Iterator[Piece]:
    text_size = file.size * file.expansion
    parts = max(1, min(file.size, -(-text_size // shard_bytes))) if file.in_ranges else 1
    for part in range(parts):
        yield Piece(file, file.size * part // parts, file.size * (part + 1) // parts)


def _starts(ends: NDArray[np.int64], room: int) -> list[int]:
    """Where blocks begin if each takes what fits into ``room`` bytes, and one piece at least."""
    starts = []
    at = 0
    while at < len(ends):
        starts.append(at)
        before = int(ends[at - 1]) if at else 0
        at = max(at + 1, int(np.searchsorted(ends, before + room, side="right")))
    return starts


def read_blocks(
    plan: BlockPlan, source: Source, repeated: RepeatedIds, limits: OutputSettings
) -> Iterator[Block]:
    """The records of a plan, and a dead letter for each that cannot be read, block by block.

    A block is full when the next record would be too much for it.  One at least
    comes of every plan.

    Raises:
        TooManyBlocks: there are no numbers left.
    """
    index = plan.index
    block = _Filling()
    for piece in plan.pieces:
        for item in source.records(piece, repeated):
            if block.is_full(item, limits):
                yield block.close(index)
                index += plan.count
                if index >= FIRST_PAST:
                    raise TooManyBlocks
                block = _Filling()
            block.add(item)
    yield block.close(index)


class TooManyBlocks(RuntimeError):
    """A run that is to read more blocks than there are numbers."""

    def __init__(self) -> None:
        super().__init__(
            f"the input makes more than {FIRST_PAST:,} blocks: raise output.shard_bytes and"
            " output.shard_records, or run its parts apart"
        )

    def __reduce__(self) -> tuple[type[TooManyBlocks], tuple[()]]:
        return type(self), ()


class _Filling:
    """A block that is being filled."""

    def __init__(self) -> None:
        self._records: list[Record] = []
        self._rejected: list[DeadLetter] = []
        self._skipped: Counter[str] = Counter()
        self._size = 0

    def is_full(self, item: Item, limits: OutputSettings) -> bool:
        """Whether there is no room for something more."""
        count = len(self._records) + len(self._rejected)
        return count > 0 and (
            count >= limits.shard_records or self._size + _weight(item) > limits.shard_bytes
        )

    def add(self, item: Item) -> None:
        """Put something in."""
        self._size += _weight(item)
        if isinstance(item, Record):
            self._records.append(item)
        elif isinstance(item, DeadLetter):
            self._rejected.append(item)
        else:
            self._skipped[item.what] += 1

    def close(self, index: int) -> Block:
        """The block."""
        return Block(
            index=index,
            records=tuple(self._records),
            rejected=tuple(self._rejected),
            skipped=dict(sorted(self._skipped.items())),
        )


def _weight(item: Item) -> int:
    """The bytes that are kept of something."""
    if isinstance(item, Record):
        return len(item.data)
    return len(item.message) if isinstance(item, DeadLetter) else 0


def repeated_ids(plans: Sequence[BlockPlan], source: Source) -> RepeatedIds:
    """The ids that more than one record of these blocks gives, found in this process."""
    return RepeatedIds.among(
        id for plan in plans for piece in plan.pieces for id in source.ids(piece)
    )
