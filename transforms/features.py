"""What the classifier sees of each line: whole numbers, a named column each.

The features of a document are computed over all of its lines at a time.  They
are of three kinds: the line itself, its neighbours and windows around it, and
its place in the document.  Nothing depends on a language or a script.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple, get_args

import numpy as np

from transforms.arrays import Ints
from transforms.characters import Form
from transforms.document import Reason
from transforms.lines import Lines
from transforms.windows import (
    best_block,
    core,
    from_block,
    means,
    run_lengths,
    shifted,
    since,
    until,
)

MISSING: Final = -1_000
"""The value of what a line does not have: a neighbour beyond the end, markup in plain text."""
_MOST_SAME: Final = 20
_STAMPS: Final = ("timestamp", "byline", "comment")
"""What every post of a thread or a list of articles has."""
_MOST_WORDS: Final = 400
_PROSE_CAP: Final = 60
PER_MILLE: Final = 1_000
_FAR: Final = 60
"""Lines from which a distance is just far."""
_POSITION_CAP: Final = 500
_LABEL_WORDS: Final = 3
_LONG_WORDS: Final = 25
_BLOCK_COST: Final = 10
"""Words that a line of the plain best block pays for itself."""
_CAPITALS: Final = 60
"""Per cent of capitalised words from which a line is set like a headline or a menu."""
_LEADING: Final = (
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
_LEADING_COLUMN: Final = np.array(_LEADING)[:, None]
_REASONS: Final = get_args(Reason)
_WINDOWS: Final = ((2, 2), (5, 5), (10, 10), (15, 0), (0, 15))
"""Lines before and after."""
_NEAR: Final = ("words", "capitals", "grams", "digits")
"""What is told of each neighbour."""


class Table(NamedTuple):
    """Named columns, a row for each line."""

    names: tuple[str, ...]
    values: Ints


_WINDOW: Final = re.compile(r" (?:-\d+)?[-+]\d+$")


def family(name: str) -> str:
    """What a feature is about, wherever it was measured.

    >>> family("words"), family("words -5+5"), family("words +1")
    ('words', 'words around', 'words around')
    """
    return _WINDOW.sub(" around", name)


def as_table(columns: dict[str, Ints]) -> Table:
    """The columns side by side, in their order."""
    return Table(tuple(columns), np.array(list(columns.values())).T)


def line_features(lines: Lines, grams: Ints, title: int | None) -> Table:
    """The features of a document's lines.

    Args:
        lines: the document's lines.
        grams: the scores of their words.
        title: the line that looks most like the title.
    """
    own = _own(lines, grams)
    columns = dict(own)
    columns |= _around(lines, own)
    columns |= _place(lines)
    from_title = np.full(len(lines), MISSING)
    if title is not None:
        from_title = np.clip(np.arange(len(lines)) - title, -_FAR, _FAR)
    columns["from title"] = from_title
    return as_table(columns)


def _own(lines: Lines, grams: Ints) -> dict[str, Ints]:
    characters = lines.characters
    counts = characters.counts
    total = np.maximum(counts.sum(axis=1) - counts[:, Form.LINE_END], 1)
    words = np.minimum(lines.words, _MOST_WORDS)
    codes = {reason: code for code, reason in enumerate(_REASONS, start=1)}
    patterns = np.array(
        [codes[pattern.reason] if pattern else 0 for pattern in lines.patterns], np.int64
    )

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
        "pattern": patterns,
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
        "stamps": PER_MILLE * np.isin(lines.reasons, _STAMPS),
        "copied": PER_MILLE * ((lines.copies > 1) & ~lines.prose),
        "shared words": 10 * lines.shared,
        "short words": own["short words"],
        "grams": 10 * own["grams"],
    }
    stacked = np.array(list(measured.values())).T
    columns: dict[str, Ints] = {}
    for before, after in _WINDOWS:
        around = means(stacked, before, after)
        for index, name in enumerate(measured):
            columns[f"{name} -{before}+{after}"] = around[:, index]
    picked = np.array([own[name] for name in _NEAR]).T
    for by in (-2, -1, 1, 2):
        moved = shifted(picked, by, MISSING)
        for index, name in enumerate(_NEAR):
            columns[f"{name} {by:+d}"] = moved[:, index]
    return columns


def _place(lines: Lines) -> dict[str, Ints]:
    count = len(lines)
    position = np.arange(count)
    prose_words = np.where(lines.prose, np.minimum(lines.words, _PROSE_CAP), 0)
    capped = np.minimum(lines.words, _PROSE_CAP)
    running = lines.running
    long = lines.prose & (lines.words >= _LONG_WORDS)
    core_start, core_end = core(lines)
    start, end = best_block(lines.words - _BLOCK_COST)
    all_prose = max(int(prose_words.sum()), 1)
    all_words = max(int(capped.sum()), 1)
    core_words = int(prose_words[core_start:core_end].sum())
    columns = {
        "index": np.minimum(position, _POSITION_CAP),
        "from end": np.minimum(count - 1 - position, _POSITION_CAP),
        "words before": PER_MILLE * (np.cumsum(capped) - capped) // all_words,
        "prose before": PER_MILLE * (np.cumsum(prose_words) - prose_words) // all_prose,
        "from core": np.clip(from_block(core_start, core_end, count), -_FAR, _FAR),
        "from block": np.clip(from_block(start, end, count), -_FAR, _FAR),
        "since running": since(running, _FAR),
        "until running": until(running, _FAR),
        "since long": since(long, _FAR),
        "until long": until(long, _FAR),
        "running run": np.minimum(run_lengths(running), _FAR),
        "prose run": np.minimum(run_lengths(lines.prose), _FAR),
        "in core": _constant(PER_MILLE * core_words // all_prose, count),
        "in block": _constant(PER_MILLE * int(capped[start:end].sum()) // all_words, count),
        "core lines": _constant(min(core_end - core_start, _POSITION_CAP), count),
        "lines": _constant(min(count, _POSITION_CAP), count),
        "all prose": _constant(min(all_prose, 5_000), count),
        "prose share": _constant(PER_MILLE * all_prose // all_words, count),
        "prose lines": _constant(PER_MILLE * int(lines.prose.sum()) // count, count),
    }
    leading = lines.reasons == _LEADING_COLUMN
    for reason, before, after in zip(
        _LEADING, since(leading, _FAR), until(leading, _FAR), strict=True
    ):
        columns[f"since {reason}"] = before
        columns[f"until {reason}"] = after
    return columns


def _constant(value: int, count: int) -> Ints:
    return np.full(count, value, np.int64)
