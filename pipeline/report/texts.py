"""The second look at an output: the texts that a report wants beside its samples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from pipeline.loading import Output
from pipeline.report.reading import Place, Whole, wholes
from pipeline.report.samples import SURVIVOR, Chosen

_SURVIVORS: Final = 60
"""Documents that are shown because they keep what went from the others."""


class Wanted:
    """What a report wants of documents that it has not chosen."""

    def __init__(self, places: Iterable[Place], chosen: Iterable[str]) -> None:
        self._chosen = set(chosen)
        self._paragraphs: dict[str, set[int]] = {}
        named: Counter[str] = Counter()
        for document, paragraph in places:
            self._paragraphs.setdefault(document, set()).add(paragraph)
            named[document] += 1
        others = ((name, count) for name, count in named.items() if name not in self._chosen)
        order = sorted(others, key=lambda item: (-item[1], item[0]))[:_SURVIVORS]
        self._survivors = {name: rank for rank, (name, _) in enumerate(order)}
        self._found: dict[str, Whole] = {}
        self.texts: dict[Place, str] = {}

    def look(self, block: Output) -> None:
        """Take what is wanted from a block."""
        for whole in wholes(block):
            paragraphs = self._paragraphs.get(whole.id)
            if paragraphs is None:
                continue
            if whole.id in self._survivors:
                self._found[whole.id] = whole
            if whole.document is not None:
                for span in whole.document.paragraphs:
                    if span.index in paragraphs:
                        self.texts[whole.id, span.index] = span.text

    def survivors(self) -> Iterator[Chosen]:
        """The documents that keep what went from the chosen ones, most often named first."""
        for name in self._survivors:
            if name in self._found:
                yield Chosen(self._found[name], (SURVIVOR,))
