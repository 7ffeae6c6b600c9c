"""What the classifier sees of each line: whole numbers, a named column each.

The features are computed over all lines of a batch of documents at a time.  They
are of three kinds: the line itself, its neighbours and windows around it, and
its place in the document.  Nothing depends on a language or a script.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.arrays import Ints
from transforms.document import Reason
from transforms.forms import Form
from transforms.lines import Lines
from transforms.segments import NONE, Segments
from transforms.windows import (
    best_blocks,
    from_blocks,
    means,
    run_lengths,
    shifted,
    since,
    until,
)

MISSING: Final = -1_000
"""The value of what a line does not have: a neighbour beyond the end, markup in plain text."""
_MOST_SAME: Final = 20
_STAMPS: Final[tuple[Reason, ...]] = ("timestamp", "byline", "comment")
"""What every post of a thread or a list of articles has."""
_MOST_WORDS: Final = 400
_PROSE_CAP: Final = 60
PER_MILLE: Final = 1_000
_FAR: Final = 60
"""Lines from which a distance is just far."""
_POSITION_CAP: Final = 500
_MOST_PROSE: Final = 5_000
_LABEL_WORDS: Final = 3
_LONG_WORDS: Final = 25
_BLOCK_COST: Final = 10
"""Words that a line of the plain best block pays for itself."""
_CAPITALS: Final = 60
"""Per cent of capitalised words from which a line is set like a headline or a menu."""
_LEADING: Final[tuple[Reason, ...]] = (
    "related-heading",
    "comment",
    "timestamp",
    "share-widget",
    "byline",
    "credit",
    "subscription",
    "copyright",
    "tag-list",
    "author-bio",
)
"""Reasons whose last and next line matter to what stands after and before it."""
_WINDOWS: Final = ((2, 2), (5, 5), (10, 10), (15, 0), (0, 15))
"""Lines before and after."""
_NEAR: Final = ("words", "capitals", "grams", "digits")
"""What is told of each neighbour."""
_LIMITS: Final = np.iinfo(np.int16)


class Table(NamedTuple):
    """Named columns, a row for each line."""

    names: tuple[str, ...]
    values: NDArray[np.int16]


_WINDOW: Final = re.compile(r" (?:-\d+)?[-+]\d+$")


def family(name: str) -> str:
    """What a feature is about, wherever it was measured.

    >>> family("words"), family("words -5+5"), family("words +1")
    ('words', 'words around', 'words around')
    """
    return _WINDOW.sub(" around", name)


def as_table(columns: dict[str, Ints]) -> Table:
    """The columns side by side, in their order, each value as near as 16 bits come to it."""
    lines = len(next(iter(columns.values())))
    values = np.empty((len(columns), lines), np.int16)
    for narrow, wide in zip(values, columns.values(), strict=True):
        np.clip(wide, _LIMITS.min, _LIMITS.max, out=narrow, casting="unsafe")
    return Table(tuple(columns), values.T)


def line_features(lines: Lines, grams: Ints, titles: Ints) -> Table:
    """The features of lines.

    Args:
        lines: the lines of a batch of documents.
        grams: the scores of their words.
        titles: the line of each document that looks most like its title, or ``NONE``.
    """
    own = _own(lines, grams)
    columns = dict(own)
    columns |= _around(lines, own)
    columns |= _place(lines)
    title = lines.segments.spread(titles)
    from_title = np.clip(lines.segments.lines - title, -_FAR, _FAR)
    columns["from title"] = np.where(title == NONE, MISSING, from_title)
    return as_table(columns)


def _own(lines: Lines, grams: Ints) -> dict[str, Ints]:
    characters = lines.characters
    counts = characters.counts
    total = np.maximum(counts.sum(axis=1) - counts[:, Form.LINE_END], 1)
    words = np.minimum(lines.words, _MOST_WORDS)

    def share(*forms: Form) -> Ints:
        shares: Ints = PER_MILLE * counts[:, list(forms)].sum(axis=1) // total
        return shares

    return {
        "words": words,
        "word length": np.minimum(10 * total // np.maximum(lines.words, 1), 300),
        "ended": lines.ended.astype(np.int64),
        "prose": lines.prose.astype(np.int64),
        "question": lines.question.astype(np.int64),
        "colon": lines.colon.astype(np.int64),
        "bullet": lines.bulleted.astype(np.int64),
        "capitals": lines.capitals,
        "copies": np.minimum(lines.copies, 20),
        "shared words": lines.shared,
        "pattern": lines.reasons,
        "pattern anywhere": lines.anywhere.astype(np.int64),
        "digits": share(Form.DIGIT),
        "upper case": share(Form.UPPER),
        "punctuation": share(Form.PUNCTUATION, Form.COLON, Form.SYMBOL),
        "quotes": share(Form.QUOTE),
        "unspaced": share(Form.UNSPACED),
        "commas": np.minimum(counts[:, Form.COMMA], 30),
        "sentences": np.minimum(characters.sentence_ends, 20),
        "first": characters.first,
        "last": characters.last,
        "short words": PER_MILLE * characters.short // np.maximum(lines.words, 1),
        "same opening": np.minimum(characters.same_first, _MOST_SAME),
        "same ending": np.minimum(characters.same_last, _MOST_SAME),
        "grams": grams,
    }


def _around(lines: Lines, own: dict[str, Ints]) -> dict[str, Ints]:
    capped = np.minimum(lines.words, _PROSE_CAP)
    label = (lines.words <= _LABEL_WORDS) & ~lines.prose
    set_as_title = (lines.capitals >= _CAPITALS) & ~lines.ended & (lines.words > _LABEL_WORDS)
    measured = {
        "words": 10 * capped,
        "prose words": np.where(lines.prose, 10 * capped, 0),
        "ended": PER_MILLE * own["ended"],
        "matched": PER_MILLE * lines.matched,
        "labels": PER_MILLE * label,
        "headlines": PER_MILLE * set_as_title,
        "digits": own["digits"],
        "stamps": PER_MILLE * lines.of_reason(*_STAMPS),
        "copied": PER_MILLE * ((lines.copies > 1) & ~lines.prose),
        "shared words": 10 * lines.shared,
        "short words": own["short words"],
        "grams": 10 * own["grams"],
    }
    stacked = np.stack(list(measured.values()), axis=1)
    columns: dict[str, Ints] = {}
    windows = zip(_WINDOWS, means(stacked, lines.segments, _WINDOWS), strict=True)
    for (before, after), around in windows:
        for index, name in enumerate(measured):
            columns[f"{name} -{before}+{after}"] = around[:, index]
    picked = np.stack([own[name] for name in _NEAR], axis=1)
    for by in (-2, -1, 1, 2):
        moved = shifted(picked, lines.segments, by, MISSING)
        for index, name in enumerate(_NEAR):
            columns[f"{name} {by:+d}"] = moved[:, index]
    return columns


def _place(lines: Lines) -> dict[str, Ints]:
    segments = lines.segments
    position, sizes = segments.position, segments.sizes
    prose_words = np.where(lines.prose, np.minimum(lines.words, _PROSE_CAP), 0)
    capped = np.minimum(lines.words, _PROSE_CAP)
    running = lines.running
    long = lines.prose & (lines.words >= _LONG_WORDS)
    cores, blocks = lines.core, best_blocks(lines.words - _BLOCK_COST, segments)
    all_prose = np.maximum(segments.sums(prose_words), 1)
    all_words = np.maximum(segments.sums(capped), 1)
    in_core = PER_MILLE * _sums_between(prose_words, *cores) // all_prose
    in_block = PER_MILLE * _sums_between(capped, *blocks) // all_words
    columns = {
        "index": np.minimum(position, _POSITION_CAP),
        "from end": np.minimum(segments.stop - 1 - segments.lines, _POSITION_CAP),
        "words before": _share_before(capped, all_words, segments),
        "prose before": _share_before(prose_words, all_prose, segments),
        "from core": np.clip(from_blocks(*cores, segments), -_FAR, _FAR),
        "from block": np.clip(from_blocks(*blocks, segments), -_FAR, _FAR),
        "since running": since(running, segments, _FAR),
        "until running": until(running, segments, _FAR),
        "since long": since(long, segments, _FAR),
        "until long": until(long, segments, _FAR),
        "running run": np.minimum(run_lengths(running, segments), _FAR),
        "prose run": np.minimum(run_lengths(lines.prose, segments), _FAR),
        "in core": segments.spread(in_core),
        "in block": segments.spread(in_block),
        "core lines": segments.spread(np.minimum(cores[1] - cores[0], _POSITION_CAP)),
        "lines": segments.spread(np.minimum(sizes, _POSITION_CAP)),
        "all prose": segments.spread(np.minimum(all_prose, _MOST_PROSE)),
        "prose share": segments.spread(PER_MILLE * all_prose // all_words),
        "prose lines": segments.spread(PER_MILLE * segments.sums(lines.prose) // sizes),
    }
    leading = np.array([lines.of_reason(reason) for reason in _LEADING])
    before, after = since(leading, segments, _FAR), until(leading, segments, _FAR)
    for index, reason in enumerate(_LEADING):
        columns[f"since {reason}"] = before[index]
        columns[f"until {reason}"] = after[index]
    return columns


def _share_before(words: Ints, whole: Ints, segments: Segments) -> Ints:
    """The share of a document's words that stand before each line, per mille."""
    sums = np.cumsum(words) - words
    return PER_MILLE * (sums - sums[segments.first]) // segments.spread(whole)


def _sums_between(values: Ints, starts: Ints, ends: Ints) -> Ints:
    sums = np.append(0, np.cumsum(values))
    between: Ints = sums[ends] - sums[starts]
    return between
