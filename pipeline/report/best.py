"""Keep the best of many, in bounded memory and whatever the order in which they come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

Item = TypeVar("Item")
_SLACK = 4
"""So many times the limit is held before it is cut down: sorting seldom is cheaper."""


class Best(Generic[Item]):
    """The items of the highest scores; of equal scores, those whose names come first.

    >>> best = Best[str](2)
    >>> for name, score in (("b", 1), ("a", 1), ("c", 3)):
    ...     best.add(score, (name, 0), name.upper())
    >>> list(best)
    ['C', 'A']
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._items: list[tuple[float, tuple[str, int], Item]] = []
        self.seen = 0
        """How many were offered."""

    def add(self, score: float, name: tuple[str, int], item: Item) -> None:
        """Offer an item; its name tells it from all others."""
        self.seen += 1
        self._items.append((-score, name, item))
        if len(self._items) >= _SLACK * self._limit:
            self._cut()

    def __iter__(self) -> Iterator[Item]:
        self._cut()
        return iter([item for _, _, item in self._items])

    def _cut(self) -> None:
        self._items.sort(key=lambda each: each[:2])
        del self._items[self._limit :]
