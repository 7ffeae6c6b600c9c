"""Find the title: the headline that the body talks about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from transforms import folding
from transforms.arrays import Bools, Ints
from transforms.document import Reason
from transforms.lines import Lines
from transforms.scorecard import Measure, tally
from transforms.segments import NONE
from transforms.windows import sums_within, until

_LEAST_WORDS: Final = 3
"""Shorter lines are labels."""
_MOST_WORDS: Final = 30
_MOST_CHARACTERS: Final = 250
_EXCLAIMED: Final = ("?", "!", "？", "！", "؟")
"""End marks that a headline may have."""

_STAMPS: Final[tuple[Reason, ...]] = ("timestamp", "byline", "share-widget")
_STAMP_REACH: Final = 5
"""Lines below a title among which its byline, date or share buttons stand."""
_LABEL_WORDS: Final = 4
_LABEL_REACH: Final = 4
"""Lines before and after a title among which labels are counted: menus are all labels."""

# Fitted like the scorecard for lines, on the headlines before the body of pages whose title is
# known; with half of the sites it finds 84 % of the titles in the containers of the others and
# 77 % in their whole pages.
_LEAST_POINTS: Final = -25
"""Of the true titles 1 % have less as lines of their article, 5 % as lines of the whole page."""
_CARD: Final[dict[str, Measure]] = {
    "shared words": Measure((1, 26, 51, 76, 100), (-16, -12, -6, 8, 14, 12)),
    "capitals": Measure((0, 26, 51, 76, 100), (2, -2, 1, -1, 1, -2)),
    "words": Measure((4, 5, 6, 8, 10, 14, 20), (-14, -6, -2, 5, 9, 11, 5, -8)),
    "to body": Measure((2, 3, 5, 9, 15, 25, 50), (14, 14, 3, 3, 1, -5, -11, -21)),
    "from start": Measure((1, 2, 3, 5, 10, 20, 50), (18, 11, 3, -2, -8, -8, -7, -8)),
    "to stamp": Measure((2, 3, 4, 6), (5, 5, 2, -3, -9)),
    "labels around": Measure((1, 2, 4, 6), (-5, -6, -3, 4, 8)),
}
_BASE: Final = -16
_HEADING_POINTS: Final = 20
"""What a page's own markup as a heading is worth."""


def find_titles(
    lines: Lines, body_starts: Ints, known: Sequence[str | None], headings: Bools
) -> Ints:
    """The title line of each document, or ``NONE``.

    A title stands before the body and looks like a headline: neither label
    nor paragraph, no pattern, no full stop, no bullet.  Of several, the one
    that shares most words with the body and stands where titles stand (early,
    near the body, above byline and date, outside of menus) is the title.

    Args:
        lines: the lines of a batch of documents.
        body_starts: the first line of running text of each document.
        known: the titles that the pages' metadata give, if any.
        headings: for each line, whether the page marks it as a heading.
    """
    titles = np.full(len(known), NONE)
    for document, title in enumerate(known):
        if title:
            start, end = int(lines.segments.starts[document]), int(body_starts[document])
            titles[document] = _line_of(title, lines.texts, start, end)
    body_start = lines.segments.spread(np.where(titles == NONE, body_starts, 0))
    candidates = np.flatnonzero(_headlines(lines) & (lines.segments.lines < body_start))
    if not len(candidates):
        return titles
    measured = measure_titles(lines, body_start)
    values = {name: column[candidates] for name, column in measured.items()}
    points = _BASE + tally(_CARD, values).sum(axis=0) + _HEADING_POINTS * headings[candidates]
    # By document, the most points first; of equals the first line.
    owners = lines.segments.of[candidates]
    order = np.lexsort((-points, owners))
    best = order[np.flatnonzero(np.diff(owners, prepend=NONE))]
    best = best[points[best] >= _LEAST_POINTS]
    titles[owners[best]] = candidates[best]
    return titles


def _line_of(title: str, texts: Sequence[str], start: int, end: int) -> int:
    """The first line that says what the title says, or a good part of it; ``NONE`` for none."""
    wanted = f" {folding.fold(title)} "
    for index in range(start, end):
        first = texts[index].partition(" ")[0]
        # Such a word is folded to its lower case; on most lines it is enough to be seen.
        if first.isascii() and first.isalpha() and f" {first.lower()} " not in wanted:
            continue
        folded = folding.fold(texts[index])
        if f" {folded} " == wanted or (
            len(folded.split()) >= _LEAST_WORDS and f" {folded} " in wanted
        ):
            return index
    return NONE


def _headlines(lines: Lines) -> Bools:
    """The lines that could be a title by themselves."""
    headlines: Bools = (
        (lines.words >= _LEAST_WORDS)
        & (lines.words <= _MOST_WORDS)
        & ~(lines.matched | lines.colon | lines.bulleted)
    )
    for index in np.flatnonzero(headlines & lines.ended).tolist():
        text = lines.texts[index]
        headlines[index] = text.endswith(_EXCLAIMED) and len(text) <= _MOST_CHARACTERS
    return headlines


def measure_titles(lines: Lines, body_start: Ints) -> dict[str, Ints]:
    """The values that the card for titles puts points on, one for each line.

    Args:
        lines: the lines of a batch of documents.
        body_start: for each line the first line of running text of its document.
    """
    segments = lines.segments
    labels = ((lines.words <= _LABEL_WORDS) & ~lines.prose).astype(np.int64)
    around, _ = sums_within(labels, segments, _LABEL_REACH, _LABEL_REACH)
    return {
        "shared words": lines.shared,
        "capitals": lines.capitals,
        "words": lines.words,
        "to body": body_start - segments.lines,
        "from start": segments.position,
        "to stamp": until(lines.of_reason(*_STAMPS), segments, _STAMP_REACH + 1),
        "labels around": around - labels,
    }
