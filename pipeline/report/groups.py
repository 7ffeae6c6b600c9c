"""Duplicate groups: what is kept once, and how often it went elsewhere."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import numpy as np

from pipeline.outputs import Kept, RemovedRecord, SourceRecord

GROUPS: Final = 40
"""Groups that are listed of each kind, the largest first."""
MEMBERS: Final = 6
"""Members that are named of each."""


class Member(NamedTuple):
    """A paragraph, or a document, that went for what is kept."""

    document: str
    paragraph: int | None
    """``None`` for a document that went whole."""
    verdict: str
    score: float
    text: str


class Group(NamedTuple):
    """What is kept, and what went for it."""

    kept: Kept
    size: int
    """How many went."""
    characters: int
    """Their characters, added up."""
    members: list[Member]
    """The first of them, in the order of the output."""


class Tally:
    """Counts how often each kept thing is named: 16 bytes for each time, so that corpora fit.

    The largest groups are known by a digest when all is counted; a second look
    at the records (:meth:`Groups.add`) names them.
    """

    def __init__(self) -> None:
        self._keys = array("Q")
        self._characters = array("Q")

    def add(self, kept: Kept, characters: int) -> None:
        """Count one that went."""
        self._keys.append(_digest(kept))
        self._characters.append(characters)

    def largest(self) -> Groups:
        """The largest groups, without their members yet; one that went once is a group too."""
        keys, inverse, counts = np.unique(
            np.frombuffer(self._keys, np.uint64), return_inverse=True, return_counts=True
        )
        sums = np.bincount(inverse, np.frombuffer(self._characters, np.uint64), len(keys))
        order = np.lexsort((keys, -sums, -counts))[:GROUPS]
        return Groups(
            {int(keys[at]): (int(counts[at]), int(sums[at])) for at in order}, total=len(keys)
        )


class Groups:
    """The largest groups, whose members are found as records pass by."""

    def __init__(self, sizes: dict[int, tuple[int, int]], total: int) -> None:
        self._sizes = sizes
        self._found: dict[int, Group] = {}
        self.total = total
        """How many groups there are, listed or not."""

    def add(self, kept: Kept, member: Member) -> None:
        """Offer one that went; only the first members of listed groups are held."""
        key = _digest(kept)
        if key not in self._sizes:
            return
        size, characters = self._sizes[key]
        group = self._found.setdefault(key, Group(kept, size, characters, []))
        if len(group.members) < MEMBERS:
            group.members.append(member)

    def __iter__(self) -> Iterator[Group]:
        return (self._found[key] for key in self._sizes if key in self._found)


def copies(removed: Iterable[RemovedRecord]) -> Iterator[tuple[Kept, Member]]:
    """The paragraphs that went for one that is kept, each with it."""
    for record in removed:
        if record.kept is not None and record.kept.paragraph is not None:
            yield (
                record.kept,
                Member(
                    record.document, record.paragraph, record.verdict, record.score, record.text
                ),
            )


def whole_copies(sources: Iterable[SourceRecord]) -> Iterator[tuple[Kept, Member]]:
    """The documents that went whole, each with the one that has most of it."""
    for source in sources:
        if source.status == "duplicate" and source.survivor is not None:
            kept = Kept(
                run=source.survivor_run,
                document=source.survivor,
                paragraph=None,
                start=None,
                end=None,
            )
            yield kept, Member(source.id, None, "duplicate", source.proven or 0.0, "")


def _digest(kept: Kept) -> int:
    name = f"{kept.run or ''}\0{kept.document}\0{kept.paragraph}"
    digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(digest.digest(), "little")
