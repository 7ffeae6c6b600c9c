"""Count what went: by reason, by source, by share and by score."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from pipeline.losses import source_name
from pipeline.outputs import Flag, RemovedRecord
from pipeline.report.reading import Whole
from transforms.sites import TEMPLATE

SHARE_BINS: Final = 20
"""Bars of the shares of documents that went; what went whole has one of its own."""
JACCARD_BINS: Final = 50
SCORE_BINS: Final = 40
POINTS: Final = range(0, 61, 2)
"""Points of restatements, two to a bar; more are counted in the last."""

Reason = tuple[str, str]
"""A verdict and its reason."""


class Gone(msgspec.Struct):
    """What went for one reason."""

    paragraphs: int = 0
    characters: int = 0
    documents: int = 0


class Source(msgspec.Struct):
    """What one source lost."""

    documents: int = 0
    documents_gone: int = 0
    """Those that went whole, or were left empty."""
    characters: int = 0
    boilerplate: int = 0
    """Characters, here and below."""
    duplicates: int = 0
    near_duplicates: int = 0
    restatements: int = 0
    marked: int = 0
    """Paragraphs that stay with a flag."""

    @property
    def gone(self) -> int:
        """Characters that went."""
        return self.boilerplate + self.duplicates + self.near_duplicates + self.restatements

    @property
    def share(self) -> float:
        """The share of its characters that went."""
        return self.gone / self.characters if self.characters else 0.0


class Histogram(msgspec.Struct):
    """Counts in bins of one width; what lies outside counts in the first or last."""

    low: float
    high: float
    removed: list[int]
    marked: list[int]
    """What stays with a flag."""

    @classmethod
    def empty(cls, low: float, high: float, bins: int) -> Histogram:
        """Nothing counted yet."""
        return cls(low, high, [0] * bins, [0] * bins)

    def add(self, value: float, *, marked: bool = False) -> None:
        """Count one."""
        counts = self.marked if marked else self.removed
        # Scores have four decimals: what lies on an edge belongs above it, whatever floats say.
        place = (value - self.low) / (self.high - self.low) * len(counts) + 1e-6
        counts[min(max(int(place), 0), len(counts) - 1)] += 1

    @property
    def total(self) -> int:
        """How many were counted."""
        return sum(self.removed) + sum(self.marked)


_COLUMNS: Final = {
    "boilerplate": "boilerplate",
    "duplicate": "duplicates",
    "near-duplicate": "near_duplicates",
    "restatement": "restatements",
}
"""Where a source counts the characters of a verdict."""


class Figures:
    """The counts of a run, document by document."""

    def __init__(self) -> None:
        self.white_space = 0
        """Characters around paragraphs: they are neither kept nor removed."""
        self.characters = 0
        """Characters of all paragraphs."""
        self.documents = 0
        self.reasons: dict[Reason, Gone] = defaultdict(Gone)
        self.sources: dict[str, Source] = defaultdict(Source)
        self.shares = Histogram.empty(0, 1, SHARE_BINS)
        self.untouched = 0
        """Documents of which nothing went; they are in no bar."""
        self.near = Histogram.empty(0.5, 1, JACCARD_BINS)
        self.points = Histogram.empty(POINTS[0], POINTS[-1], len(POINTS) - 1)
        self.judged = Histogram.empty(0, 1, SCORE_BINS)
        self.proven = Histogram.empty(0, 1, SCORE_BINS)
        """Shares of documents that others have: those that went whole, and near-copies."""

    @property
    def removed(self) -> int:
        """Characters that went."""
        return sum(gone.characters for gone in self.reasons.values())

    @property
    def kept(self) -> int:
        """Characters of the paragraphs that stay."""
        return self.characters - self.removed

    def add(self, whole: Whole) -> None:
        """Count one document."""
        self.documents += 1
        self.white_space += sum(map(len, whole.source.white_space))
        self.characters += whole.characters
        own = self.sources[source_name(whole.source)]
        own.documents += 1
        own.characters += whole.characters
        own.documents_gone += whole.source.status in ("emptied", "duplicate")
        for record in whole.removed:
            length = record.end - record.start
            gone = self.reasons[record.verdict, record.reason]
            gone.paragraphs += 1
            gone.characters += length
            column = _COLUMNS[record.verdict]
            setattr(own, column, getattr(own, column) + length)
            self._score(record)
        for reason in {(record.verdict, record.reason) for record in whole.removed}:
            self.reasons[reason].documents += 1
        for flag in flags_of(whole):
            own.marked += 1
            self._flag(flag)
        self._shares(whole)

    def _score(self, record: RemovedRecord) -> None:
        if record.verdict == "boilerplate" and record.reason != TEMPLATE:
            self.judged.add(record.score)
        elif record.verdict == "near-duplicate":
            self.near.add(record.score)
        elif record.verdict == "restatement":
            self._points(record.evidence.get("points"), marked=False)

    def _flag(self, flag: Flag) -> None:
        if flag.verdict == "near-duplicate":
            self.near.add(flag.jaccard, marked=True)
        elif flag.verdict == "restatement":
            self._points(flag.evidence.get("points"), marked=True)

    def _points(self, points: object, *, marked: bool) -> None:
        if isinstance(points, int | float):  # no scorer judges languages other than English
            self.points.add(points, marked=marked)

    def _shares(self, whole: Whole) -> None:
        if whole.removed:
            self.shares.add(whole.share_gone)
        else:
            self.untouched += 1
        if whole.source.share is not None and whole.source.proven is not None:
            gone = whole.source.status == "duplicate"
            self.proven.add(whole.source.proven if gone else whole.source.share, marked=not gone)


def flags_of(whole: Whole) -> Iterator[Flag]:
    """The flags of a document's paragraphs."""
    if whole.document is not None:
        for span in whole.document.paragraphs:
            yield from span.flags


def worst_sources(figures: Figures, limit: int) -> tuple[Sequence[tuple[str, Source]], int]:
    """The sources that lost most characters, and how many others there are."""
    order = sorted(figures.sources.items(), key=lambda item: (-item[1].gone, item[0]))
    return order[:limit], max(len(order) - limit, 0)
