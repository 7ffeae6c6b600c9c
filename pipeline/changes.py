"""Count changes by kind and label, and keep the first few of each to look at."""

from __future__ import annotations

from typing import NamedTuple

import msgspec


class Example(NamedTuple):
    """One change."""

    place: str
    note: str
    """What it rests on; empty if there is nothing to say."""
    text: str
    """Of the paragraph; empty for a document."""


class Group(msgspec.Struct):
    """Changes of one label."""

    label: str
    count: int = 0
    examples: list[Example] = []


class Changes:
    """What differs between two outputs, as it is found.

    >>> changes = Changes(examples=1)
    >>> for place in ("a.txt 0", "a.txt 7"):
    ...     changes.add("goes", "counter", place, text="12 comments")
    >>> [(group.label, group.count, len(group.examples)) for group in changes.groups("goes")]
    [('counter', 2, 1)]
    """

    def __init__(self, examples: int) -> None:
        self._most = examples
        self._groups: dict[tuple[str, str], Group] = {}
        self.documents = 0
        """Documents that are in both."""
        self.paragraphs = 0
        """Paragraphs that were compared."""
        self.uncompared = 0
        """Paragraphs of either that the other does not have with the same bounds."""

    @property
    def found(self) -> bool:
        """Whether anything differs."""
        return bool(self._groups or self.uncompared)

    def add(self, kind: str, label: str, place: str, note: str = "", text: str = "") -> None:
        """Count a change; it becomes an example while its group has few."""
        group = self._groups.setdefault((kind, label), Group(label))
        group.count += 1
        if len(group.examples) < self._most:
            group.examples.append(Example(place, note, text))

    def groups(self, kind: str) -> list[Group]:
        """The groups of a kind, the largest first."""
        found = [group for (name, _), group in self._groups.items() if name == kind]
        return sorted(found, key=lambda group: (-group.count, group.label))
