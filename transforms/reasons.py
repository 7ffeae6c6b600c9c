"""Say why a line is boilerplate: by its pattern, else by where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from transforms.document import Paragraph, Reason
from transforms.lines import Bools, Lines
from transforms.related_links import is_enumeration, is_headline

_LABEL_WORDS: Final = 3
"""A line of up to so many words is a label."""
_LABELS: Final = 2
"""More labels in a row are a menu."""
_CAPTION_WORDS: Final = 5
_CAPTION_REACH: Final = 4
"""Lines between a caption and its credit: date, byline or title stand between them."""
_BIO_REACH: Final = 3
"""Lines that an author's note takes after its heading."""


class Grounds(NamedTuple):
    """Why a line is boilerplate."""

    reason: Reason
    rule: str | None
    """What its place says; ``None`` when its pattern says all."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around each line of one document."""

    first: int
    """Index of the first line of running text."""
    last: int
    """Index of the last line of running text."""
    comments: int
    """Index of the line that opens the readers' comments; the number of lines if none does."""
    captions: Bools
    """What the page marks up as captions."""
    near_credit: Bools
    below_bio_heading: Bools
    in_menu: Bools


def read_surroundings(
    lines: Lines, paragraphs: Sequence[Paragraph], first: int, last: int
) -> Surroundings:
    """What stands around each line, given the first and the last line of running text."""
    count = len(lines)
    reasons = np.array([pattern.reason if pattern else "" for pattern in lines.patterns])
    opening = np.flatnonzero((reasons == "comment") & (np.arange(count) > last))
    credited = (reasons == "credit") | (reasons == "caption")
    return Surroundings(
        first=first,
        last=last,
        comments=int(opening[0]) if len(opening) else count,
        captions=np.array([p.kind == "caption" and p.markup is not None for p in paragraphs]),
        near_credit=_within(credited, _CAPTION_REACH, _CAPTION_REACH),
        below_bio_heading=_within(reasons == "author-bio", 0, _BIO_REACH),
        in_menu=_in_long_runs((lines.words <= _LABEL_WORDS) & ~lines.prose & ~lines.matched),
    )


def is_page_label(lines: Lines, index: int, title: int | None, first: int) -> bool:
    """Whether the line is a label of the page: above the title, or among stamps below it."""
    if title is None or index >= first or lines.words[index] > _LABEL_WORDS:
        return False
    return index < title or bool(
        lines.matched[index - 1] and index + 1 < first and lines.matched[index + 1]
    )


def name_grounds(lines: Lines, index: int, around: Surroundings) -> Grounds:
    """Why the line at ``index``, which does not belong to the article, is there."""
    pattern = lines.patterns[index]
    if pattern is not None:
        return Grounds(pattern.reason, None)
    if index > around.comments:
        return Grounds("comment", "among the comments")
    if index > around.last and is_enumeration(lines, index):
        return Grounds("tag-list", "names in a row after the article")
    if around.captions[index]:
        return Grounds("caption", "marked up as one")
    before, after = index < around.first, index > around.last
    words = int(lines.words[index])
    if words >= _CAPTION_WORDS and around.near_credit[index]:
        return Grounds("caption", "near a credit")
    if around.below_bio_heading[index]:
        return Grounds("author-bio", "below the author's name")
    if words <= _LABEL_WORDS and (before or after):
        if around.in_menu[index]:
            return Grounds("navigation", "labels in a row")
        return Grounds("section-label", "a label outside the article")
    if (before or after) and is_headline(lines, index):
        return Grounds("related-link", "a headline outside the article")
    return Grounds("other", None)


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
