"""Cut the listing into blocks, and read a block: the same pieces whatever reads them."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from pipeline.repeated_ids import RepeatedIds
from pipeline.sources import InputFile
from transforms.block import Block
from transforms.document import DeadLetter, Record


class Piece(msgspec.Struct, frozen=True):
    """A file, or the records of a container that begin in a range of its bytes."""

    file: InputFile
    start: int
    end: int
    """Half-open; a range may begin and end inside a record."""


class BlockPlan(msgspec.Struct, frozen=True):
    """The slice of the sorted listing that one block holds."""

    index: int
    pieces: tuple[Piece, ...]

    @property
    def size(self) -> int:
        """Bytes of input."""
        return sum(piece.end - piece.start for piece in self.pieces)


class Source(Protocol):
    """A way to read one kind of file, or every kind."""

    def records(self, piece: Piece, repeated: RepeatedIds) -> Iterator[Record | DeadLetter]:
        """Every record of a piece; what cannot be read is a dead letter."""

    def ids(self, piece: Piece) -> Iterator[str]:
        """The ids that the piece itself gives: a file's name, and the own ids of records."""


def plan_blocks(files: Iterable[InputFile], shard_bytes: int) -> list[BlockPlan]:
    """Cut the sorted listing into even blocks of at most ``shard_bytes``.

    A larger container is cut into equal ranges; another larger file is a block
    of its own.  Nothing but the listing and the shard size decides where a
    block ends, and no file is opened.
    """
    pieces = cut_files(files, shard_bytes)
    ends = np.cumsum([piece.end - piece.start for piece in pieces], dtype=np.int64)
    most = min(shard_bytes, int(ends[-1])) if pieces else 0
    fewest = len(_starts(ends, most))
    # As little room as gives no more blocks: else the last one would hold what is left over.
    room = bisect.bisect_left(
        range(most), True, key=lambda room: len(_starts(ends, room)) <= fewest
    )
    starts = _starts(ends, room)
    return [
        BlockPlan(index, tuple(pieces[start:end]))
        for index, (start, end) in enumerate(pairwise([*starts, len(pieces)]))
    ]


def cut_files(files: Iterable[InputFile], shard_bytes: int) -> list[Piece]:
    """The files in their order, containers in equal ranges of at most ``shard_bytes``."""
    return [piece for file in files for piece in _pieces(file, shard_bytes)]


def _pieces(file: InputFile, shard_bytes: int) -> Iterator[Piece]:
    parts = max(1, -(-file.size // shard_bytes)) if file.holds_many else 1
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


def read_block(plan: BlockPlan, source: Source, repeated: RepeatedIds) -> Block:
    """The records of a block, and a dead letter for each that cannot be read."""
    records: list[Record] = []
    rejected: list[DeadLetter] = []
    for piece in plan.pieces:
        for item in source.records(piece, repeated):
            if isinstance(item, Record):
                records.append(item)
            else:
                rejected.append(item)
    return Block(index=plan.index, records=tuple(records), rejected=tuple(rejected))


def repeated_ids(plans: Sequence[BlockPlan], source: Source) -> RepeatedIds:
    """The ids that more than one record of these blocks gives, found in this process."""
    return RepeatedIds.among(
        id for plan in plans for piece in plan.pieces for id in source.ids(piece)
    )
