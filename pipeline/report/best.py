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

    Of items that say the same, only the best is kept.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._items: list[tuple[float, tuple[str, int], str | None, Item]] = []
        self.seen = 0
        """How many were offered."""

    def add(self, score: float, name: tuple[str, int], item: Item, says: str | None = None) -> None:
        """Offer an item; its name tells it from all others.

        Args:
            says: what others may say as well; ``None`` where that does not matter.
        """
        self.seen += 1
        self._items.append((-score, name, says, item))
        if len(self._items) >= _SLACK * self._limit:
            self._cut()

    def __iter__(self) -> Iterator[Item]:
        self._cut()
        return iter([item for *_, item in self._items])

    def _cut(self) -> None:
        self._items.sort(key=lambda each: each[:2])
        said: set[str] = set()
        kept = []
        for each in self._items:
            says = each[2]
            if says is None or says not in said:
                kept.append(each)
            if says is not None:
                said.add(says)
        self._items = kept[: self._limit]
