"""Say why a line is boilerplate: by its pattern, else by where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from transforms.arrays import Bools, Ints
from transforms.document import Paragraph, Reason
from transforms.lines import PATTERNS, Lines
from transforms.segments import NONE
from transforms.windows import run_lengths, within

_LABEL_WORDS: Final = 3
"""A line of up to so many words is a label."""
_LABELS: Final = 2
"""More labels in a row are a menu."""
_CAPTION_WORDS: Final = 5
_CAPTION_REACH: Final = 4
"""Lines between a caption and its credit: date, byline or title stand between them."""
_OPENERS: Final = [PATTERNS.index(each) for each in PATTERNS if each.name == "comments-counted"]
"""Patterns of other reasons that open the readers' comments where they stand after the article."""
_POSTS: Final[tuple[Reason, ...]] = ("comment", "timestamp")
"""What stands above or below a reader's comment."""
_BIO_REACH: Final = 3
"""Lines that an author's note takes after its heading."""


class Grounds(NamedTuple):
    """Why a line is boilerplate."""

    reason: Reason
    rule: str | None
    """What its place says; ``None`` when its pattern says all."""


# What the place of a line says, in the order in which it is asked.
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
GROUNDS: Final = (
    *_PLACES,
    Grounds("no-article", "the page holds none"),
    Grounds("other", "markup"),
    Grounds("related-link", "links under a heading"),
    Grounds("related-link", "links after the article"),
    *(Grounds(pattern.reason, None) for pattern in PATTERNS),
)
"""All that there are; in arrays they are numbers."""
NO_ARTICLE: Final = len(_PLACES)
MARKUP: Final = NO_ARTICLE + 1
HEADED_LINK: Final = NO_ARTICLE + 2
LINK: Final = NO_ARTICLE + 3
_FIRST_PATTERN: Final = NO_ARTICLE + 4


def grounds_of_patterns(lines: Lines, otherwise: Ints | int) -> Ints:
    """The grounds that the lines' patterns are, or others where a line has none."""
    return np.where(lines.matched, lines.pattern + _FIRST_PATTERN, otherwise)


def name_grounds(lines: Lines, captions: Bools, first: Ints, last: Ints) -> Ints:
    """Why each line, if it does not belong to the article, is there.

    Args:
        lines: the lines of a batch of documents.
        captions: the lines that a page marks up as captions.
        first: for each line the first line of running text of its document.
        last: the last one.
    """
    segments = lines.segments
    after = segments.lines > last
    outside = after | (segments.lines < first)
    credited = lines.of_reason("credit", "caption")
    label = lines.words <= _LABEL_WORDS
    menu = label & ~lines.prose & ~lines.matched
    place = np.select(
        (
            _in_threads(lines, after),
            after & lines.enumerations,
            captions,
            (lines.words >= _CAPTION_WORDS)
            & within(credited, segments, _CAPTION_REACH, _CAPTION_REACH),
            within(lines.of_reason("author-bio"), segments, 0, _BIO_REACH),
            label & outside & menu & (run_lengths(menu, segments) > _LABELS),
            label & outside,
            outside & lines.headlines,
        ),
        range(len(_PLACES) - 1),
        default=len(_PLACES) - 1,
    )
    return grounds_of_patterns(lines, place)


def _in_threads(lines: Lines, after: Bools) -> Bools:
    """The readers' comments: from what opens them to the last post, its text included."""
    segments = lines.segments
    thread = np.zeros(len(lines), np.bool_)
    opens = after & (lines.of_reason("comment") | np.isin(lines.pattern, _OPENERS))
    opening = segments.first_in(opens)
    last_post = segments.last_in(lines.of_reason(*_POSTS))
    for document in np.flatnonzero(opening != NONE).tolist():
        start, stop = int(opening[document]), int(segments.ends[document])
        end = max(start, int(last_post[document])) + 1
        text = lines.prose[end:stop]
        end += len(text) if text.all() else int(text.argmin())
        thread[start + 1 : end] = True
    return thread


def marked_captions(paragraphs: Sequence[Paragraph]) -> Bools:
    """What a page marks up as captions."""
    return np.array([p.kind == "caption" and p.markup is not None for p in paragraphs], np.bool_)


def page_labels(lines: Lines, titles: Ints, first: Ints) -> Bools:
    """The labels of pages: above the title, or among stamps below it.

    Args:
        lines: the lines of a batch of documents.
        titles: for each line the title of its document, or ``NONE``.
        first: for each line the first line of running text of its document.
    """
    segments = lines.segments
    among = segments.previous(lines.matched) & segments.next(lines.matched)
    among &= segments.lines < first - 1
    found: Bools = (segments.lines < titles) | (among & (titles != NONE))
    return found & (segments.lines < first) & (lines.words <= _LABEL_WORDS)
