"""Exchanges: what stands in one of two paragraphs where another word stands in the other.

The words that only one of two nearly equal texts has are few, and each pair of
them may stand in each other's place.  They are taken as multisets, so that
"her" put for "his" is seen where both words stand elsewhere, too; that costs
linear time, where an alignment would not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from transforms.alternatives import sides_of
from transforms.opposites import poles_of

_CACHED_WORDS: Final = 1 << 12

_SHORTEST_ROOT: Final = 3
"""Letters that must be left when an affix is taken off: un-fit, not i-rate."""

_TURNING: Final = ("un", "in", "im", "il", "ir", "dis", "non", "mis", "anti", "counter", "de", "ex")
"""Prefixes that make a word its opposite: direct, indirect."""

_PREFIXES: Final = (
    ("over", "under"),
    ("up", "down"),
    ("in", "out"),
    ("in", "ex"),
    ("im", "ex"),
    ("pre", "post"),
    ("pro", "anti"),
    ("inter", "intra"),
    ("macro", "micro"),
    ("for", "back"),
    ("in", "de"),
)
"""Prefixes of which one makes the opposite of the other: inflow, outflow."""

_SUFFIXES: Final = (("er", "ee"), ("or", "ee"), ("ful", "less"), ("fully", "lessly"))
"""Endings that do so: employer, employee; harmful, harmless; their plurals besides."""


def exchanged(
    ours: Mapping[str, int], theirs: Mapping[str, int]
) -> tuple[frozenset[str], frozenset[str]]:
    """The words that stand more often in one of two texts than in the other.

    Args:
        ours: how often each word stands in one text.
        theirs: the same of the other.

    >>> exchanged({"he": 1, "saw": 1, "her": 1}, {"she": 1, "saw": 1, "her": 1})
    (frozenset({'he'}), frozenset({'she'}))
    """
    return (
        frozenset([word for word, times in ours.items() if times > theirs.get(word, 0)]),
        frozenset([word for word, times in theirs.items() if times > ours.get(word, 0)]),
    )


def are_opposed(ours: Iterable[str], theirs: Iterable[str], *, in_place: bool) -> bool:
    """Whether some word of the first set excludes one of the second: rose, fell; he, she.

    Args:
        in_place: the other words of the two texts keep their places, so that even
            prepositions stand for each other.
    """
    known: dict[tuple[str, int], set[int]] = {}
    for word in theirs:
        for axis, side in _places(word, in_place):
            known.setdefault(axis, set()).add(side)
    return any(
        axis in known and side not in known[axis]  # "lbs" may stand for "pounds" beside "tons"
        for word in ours
        for axis, side in _places(word, in_place)
    )


def are_turned(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether an affix makes some word of the first set out of one of the second.

    >>> are_turned(frozenset({"indirect"}), frozenset({"direct"}))
    True
    """
    return any(not theirs.isdisjoint(turned_forms(word)) for word in ours) or any(
        not ours.isdisjoint(turned_forms(word)) for word in theirs
    )


@lru_cache(maxsize=_CACHED_WORDS)
def turned_forms(word: str) -> frozenset[str]:
    """What a word becomes when an affix that turns its meaning is taken off or put for another.

    >>> sorted(turned_forms("employers"))
    ['employees']
    """
    found = {
        word[len(prefix) :]
        for prefix in _TURNING
        if word.startswith(prefix) and len(word) >= len(prefix) + _SHORTEST_ROOT
    }
    for one, other in _PREFIXES:
        if word.startswith(one) and len(word) >= len(one) + _SHORTEST_ROOT:
            found.add(other + word[len(one) :])
    bare = word.removesuffix("s") if not word.endswith("ss") else word
    plural = word[len(bare) :]
    for one, other in _SUFFIXES:
        if bare.endswith(one) and len(bare) >= len(one) + _SHORTEST_ROOT:
            found.add(bare.removesuffix(one) + other + plural)
    return frozenset(found)


@lru_cache(maxsize=_CACHED_WORDS)
def _places(word: str, in_place: bool) -> tuple[tuple[tuple[str, int], int], ...]:
    alternatives = [
        (("alternatives", side.group), side.side)
        for side in sides_of(word)
        if in_place or not side.in_place
    ]
    return (*alternatives, *((("opposites", pole.axis), pole.side) for pole in poles_of(word)))
