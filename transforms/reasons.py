"""Say why a line is boilerplate: by its pattern, else by where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from transforms.arrays import Bools
from transforms.document import Paragraph, Reason
from transforms.lines import Lines

_LABEL_WORDS: Final = 3
"""A line of up to so many words is a label."""
_LABELS: Final = 2
"""More labels in a row are a menu."""
_CAPTION_WORDS: Final = 5
_CAPTION_REACH: Final = 4
"""Lines between a caption and its credit: date, byline or title stand between them."""
_OPENERS: Final = ("comments-counted",)
"""Patterns of other reasons that open the readers' comments where they stand after the article."""
_POSTS: Final = ("comment", "timestamp")
"""What stands above or below a reader's comment."""
_BIO_REACH: Final = 3
"""Lines that an author's note takes after its heading."""


class Grounds(NamedTuple):
    """Why a line is boilerplate."""

    reason: Reason
    rule: str | None
    """What its place says; ``None`` when its pattern says all."""


_PLACES: Final = (
    Grounds("comment", "among the comments"),
    Grounds("tag-list", "names in a row after the article"),
    Grounds("caption", "marked up as one"),
    Grounds("caption", "near a credit"),
    Grounds("author-bio", "below the author's name"),
    Grounds("navigation", "labels in a row"),
    Grounds("section-label", "a label outside the article"),
    Grounds("related-link", "a headline outside the article"),
    Grounds("other", None),
)
"""What the place of a line says, in the order in which it is asked."""


def name_grounds(
    lines: Lines, paragraphs: Sequence[Paragraph], first: int, last: int
) -> list[Grounds]:
    """Why each line, if it does not belong to the article, is there.

    Args:
        lines: the document's lines.
        paragraphs: the same as paragraphs.
        first: index of the first line of running text.
        last: index of the last line of running text.
    """
    position = np.arange(len(lines))
    after = position > last
    outside = after | (position < first)
    credited = (lines.reasons == "credit") | (lines.reasons == "caption")
    label = lines.words <= _LABEL_WORDS
    place = np.select(
        (
            _in_thread(lines, after),
            after & lines.enumerations,
            captions(paragraphs),
            (lines.words >= _CAPTION_WORDS) & _within(credited, _CAPTION_REACH, _CAPTION_REACH),
            _within(lines.reasons == "author-bio", 0, _BIO_REACH),
            label & outside & _in_long_runs(label & ~lines.prose & ~lines.matched),
            label & outside,
            outside & lines.headlines,
        ),
        range(len(_PLACES) - 1),
        default=len(_PLACES) - 1,
    )
    return [
        _PLACES[code] if pattern is None else Grounds(pattern.reason, None)
        for code, pattern in zip(place.tolist(), lines.patterns, strict=True)
    ]


def _in_thread(lines: Lines, after: Bools) -> Bools:
    """The readers' comments: from what opens them to the last post, its text included."""
    thread = np.zeros(len(lines), np.bool_)
    counted = [pattern is not None and pattern.name in _OPENERS for pattern in lines.patterns]
    opening = np.flatnonzero(((lines.reasons == "comment") | np.array(counted)) & after)
    if len(opening):
        posts = np.flatnonzero(np.isin(lines.reasons, _POSTS))
        end = int(max(opening[0], posts.max(initial=0))) + 1
        text = lines.prose[end:]
        end += len(text) if text.all() else int(text.argmin())
        thread[opening[0] + 1 : end] = True
    return thread


def captions(paragraphs: Sequence[Paragraph]) -> Bools:
    """What a page marks up as captions."""
    return np.array([p.kind == "caption" and p.markup is not None for p in paragraphs], np.bool_)


def page_labels(lines: Lines, title: int | None, first: int) -> Bools:
    """The labels of the page: above the title, or among stamps below it.

    Args:
        lines: the document's lines.
        title: index of the title, if it has one.
        first: index of the first line of running text.
    """
    found = np.zeros(len(lines), np.bool_)
    if title is not None:
        found[:title] = True
        found[1 : first - 1] |= lines.matched[: max(first - 2, 0)] & lines.matched[2:first]
        found[first:] = False
        found &= lines.words <= _LABEL_WORDS
    return found


def _within(mask: Bools, before: int, after: int) -> Bools:
    """The places up to ``before`` in front of one in the mask and up to ``after`` behind it."""
    sums = np.concatenate(([0], np.cumsum(mask)))
    position = np.arange(len(mask))
    low = np.maximum(position - after, 0)
    high = np.minimum(position + before + 1, len(mask))
    near: Bools = sums[high] > sums[low]
    return near


def _in_long_runs(mask: Bools) -> Bools:
    """The places in runs of more than ``_LABELS`` in the mask."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], mask.astype(np.int8), [0]))))
    long_runs = np.zeros(len(mask), np.bool_)
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        long_runs[start:end] = end - start > _LABELS
    return long_runs
