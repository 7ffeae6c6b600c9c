"""How much speaks for a line being part of the article, in points.

A scorecard: each measure of a line and of its surroundings falls into a range,
each range is worth a whole number of points, and a line's score is the sum.
A point is a tenth of a unit of log-odds.  Whole numbers add up the same on
every machine, and every verdict can be read off the card.

The points were fitted by logistic regression (L2, C = .05) on the lines of 773
labelled pages, news, blogs and shops in 20 languages, each page as a whole and
as its article's container; a line weighs the square root of its words over
that of the page's lines.  Then they were rounded.  Fitted on half of the sites
they score F1 .939 (container) and .931 (page) on the English pages of the
others, as they do fitted on all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from transforms.document import Paragraph
from transforms.lines import Bools, Ints, Lines

_PROSE_CAP: Final = 60
"""Words of one line that count as prose around or before others: one long line is not many."""
_COMMENTS_FROM: Final = 300
"""Per mille of the prose before a line from which "Comments" opens the readers' comments."""
_PER_CENT: Final = 100
_PER_MILLE: Final = 1_000

# The core is the run of lines with the greatest sum of these values.
_CORE_PROSE_COST: Final = 3
"""Words of a prose line that only pay for the line."""
_CORE_OTHER: Final = -4
"""The value of a line that is no prose."""

_SHORT: Final = 12
"""Words from which prose counts as a full sentence rather than a prompt or a caption."""
_LABEL: Final = 8
_HEADLINE: Final = 16
"""Words from which a line without end mark is longer than a headline."""


class Measure(NamedTuple):
    """One row of the card: ``points[k]`` for a value in ``[edges[k - 1], edges[k])``."""

    edges: tuple[int, ...]
    points: tuple[int, ...]


def best_block(values: Ints) -> tuple[int, int]:
    """The half-open run with the greatest sum, the first of equals; empty if none is positive."""
    sums = np.concatenate(([0], np.cumsum(values)))
    lowest = np.minimum.accumulate(sums)
    gains = sums - lowest
    end = int(gains.argmax())
    if gains[end] <= 0:
        return 0, 0
    start = int(np.flatnonzero(sums[:end] == lowest[end])[-1])
    return start, end


def core(lines: Lines) -> tuple[int, int]:
    """The half-open run of lines with most prose and least else: the core of the article."""
    return best_block(np.where(lines.prose, lines.words - _CORE_PROSE_COST, _CORE_OTHER))


def sum_around(values: Ints, reach: int, counted: Bools) -> Ints:
    """Sum over the ``reach`` counted lines before each line and as many after, itself left out."""
    position: Ints = np.cumsum(counted) - counted
    sums = np.concatenate(([0], np.cumsum(values[counted])))
    low = np.maximum(position - reach, 0)
    high = np.minimum(position + counted + reach, len(sums) - 1)
    around: Ints = sums[high] - sums[low] - np.where(counted, values, 0)
    return around


def _mean_around(values: Ints, reach: int, counted: Bools) -> Ints:
    """Mean over the same lines, rounded down."""
    lines = sum_around(np.ones_like(values), reach, counted)
    mean: Ints = sum_around(values, reach, counted) // np.maximum(lines, 1)
    return mean


def measure(lines: Lines) -> dict[str, Ints]:
    """The values that the card puts points on, by name, one for each line."""
    count = len(lines)
    position = np.arange(count)
    all_lines = np.ones(count, np.bool_)
    prose_words = np.where(lines.prose, np.minimum(lines.words, _PROSE_CAP), 0)
    before = np.cumsum(prose_words) - prose_words
    total = max(int(prose_words.sum()), 1)
    start, end = core(lines)
    reasons = np.array([pattern.reason if pattern else "" for pattern in lines.patterns])
    comments = reasons == "comment"
    through = _PER_MILLE * before // total
    opening = comments & (through > _COMMENTS_FROM)
    stamps = comments | (reasons == "timestamp")
    # Prose that repeats is a duplicate, for later steps; labels that repeat are a menu's.
    copied = (lines.copies > 1) & ~lines.prose
    return {
        "words": lines.words,
        "form": _form(lines),
        "capitals": lines.capitals,
        "prose around": _mean_around(prose_words, 2, ~lines.matched),
        "patterns around": _mean_around(_PER_CENT * lines.matched, 5, all_lines),
        "copies around": _mean_around(_PER_CENT * copied, 3, all_lines),
        "prose before": through,
        "from core": np.where(
            position < start, position - start, np.maximum(position - end + 1, 0)
        ),
        "shared words": lines.shared,
        "copied": copied.astype(np.int64),
        "pattern": lines.matched.astype(np.int64),
        "after comments": np.maximum.accumulate(opening).astype(np.int64),
        "stamps around": sum_around(stamps.astype(np.int64), 4, all_lines),
    }


def _form(lines: Lines) -> Ints:
    """What each line looks like.

    0 a label or headline, 1 a short question, 2 a long one, 3 a short
    statement, 4 a long one, 5 a label with a colon, 6 a sentence with one,
    7 a long line without an end.
    """
    prose, short = lines.prose, lines.words < _SHORT
    asked = np.where(short, 1, 2)
    stated = np.where(short, 3, 4)
    announcing = np.where(lines.words < _LABEL, 5, 6)
    other = np.where(lines.words < _HEADLINE, 0, 7)
    form: Ints = np.where(
        prose,
        np.where(lines.question, asked, stated),
        np.where(lines.colon, announcing, other),
    )
    return form


_CARD: Final[dict[str, Measure]] = {
    "words": Measure((3, 6, 11, 21, 41), (-8, -1, -2, -8, -1, 6)),
    "form": Measure((1, 2, 3, 4, 5, 6, 7), (-6, -10, -2, -4, 3, 3, 11, -11)),
    "capitals": Measure((0, 26, 51, 76, 100), (0, 4, -1, -6, -1, -3)),
    "prose around": Measure((1, 2, 4, 7, 11, 16, 24, 36), (-4, -6, -4, -4, -3, -1, 1, 3, 3)),
    "patterns around": Measure((1, 11, 26, 51, 76), (8, 0, -1, -6, -9, -6)),
    "copies around": Measure((1, 35, 70), (3, -2, -7, -10)),
    "prose before": Measure((1, 20, 100, 500, 900, 970, 1000), (0, 0, 6, 11, 4, -10, -15, -11)),
    "from core": Measure(
        (-20, -10, -5, -2, -1, 0, 1, 2, 3, 6, 11, 21),
        (-17, -9, -2, -3, -5, -3, 8, 10, 4, 4, 0, -2, -1),
    ),
    "shared words": Measure((0, 1, 26, 51, 76), (-8, -7, -4, 0, 4, 2)),
    "copied": Measure((1,), (-4, -11)),
    "pattern": Measure((1,), (4, -19)),
    "after comments": Measure((1,), (15, -30)),
    "stamps around": Measure((1, 2, 3), (7, 7, -13, -16)),
}
_BASE: Final = -21
_NAMES: Final = tuple(_CARD)
"""Points of every line, whatever its measures."""
_TELLING: Final = -5
_NAMED: Final = 3
"""So many measures are named as evidence, if they have no more than the telling points."""


class Scores(NamedTuple):
    """What the card says of a document's lines."""

    points: Ints
    """The sum for each line: more than 0 speaks for the article."""
    rows: Ints
    """The points of each measure (row) for each line (column)."""

    def against(self, index: int) -> list[str]:
        """The measures that say most against a line, worst first."""
        column = self.rows[:, index].tolist()
        worst = sorted(range(len(column)), key=column.__getitem__)[:_NAMED]
        return [_NAMES[row] for row in worst if column[row] <= _TELLING]


def score(lines: Lines) -> Scores:
    """The points of each line."""
    rows = tally(_CARD, measure(lines))
    return Scores(points=_BASE + rows.sum(axis=0), rows=rows)


_EXTRACTED: Final = 16
_NOT_EXTRACTED: Final = -24
_ALL_LINK: Final = -10
_LINK_DENSITY: Final = 0.9
"""Share of a block's characters inside links from which it is nothing but a link."""
_CAPTION: Final = -25


def score_markup(paragraphs: Sequence[Paragraph]) -> Ints:
    """The points for what a page's markup says; 0 for plain text.

    Fitted like the card, beside its score, on 773 pages.  Extraction has no
    vote where it found nothing: it may have been skipped.
    """
    voted = any(paragraph.markup and paragraph.markup.extracted for paragraph in paragraphs)
    return np.array([_markup_points(paragraph, voted=voted) for paragraph in paragraphs], np.int64)


def _markup_points(paragraph: Paragraph, *, voted: bool) -> int:
    markup = paragraph.markup
    if markup is None:
        return 0
    points = _CAPTION if paragraph.kind == "caption" else 0
    if voted:
        points += _EXTRACTED if markup.extracted else _NOT_EXTRACTED
    if markup.link_density >= _LINK_DENSITY:
        points += _ALL_LINK
    return points


def tally(card: Mapping[str, Measure], values: Mapping[str, Ints]) -> Ints:
    """The points that a card gives to measured values: a row for each measure."""
    return np.array(
        [np.array(row.points)[np.digitize(values[name], row.edges)] for name, row in card.items()]
    )
