"""Reasons by place: for lines that no pattern gives away."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from transforms.document import Markup, Paragraph
from transforms.lines import read_lines
from transforms.reasons import GROUNDS, marked_captions, name_grounds, page_labels
from transforms.segments import NONE

PROSE = "The council voted for a new bridge on Monday after two years of talks."
HEADLINE = "Ferry Line Closes After Forty Years"
CAPTION = "The bridge seen from the old harbour wall"


def reason(texts: Sequence[str], wanted: str, *, caption: bool = False) -> str:
    """Why the line ``wanted`` is boilerplate in a document whose body is its prose."""
    markup = Markup(path="figcaption", link_density=0.0, extracted=False)
    paragraphs = [
        Paragraph(
            index=i, start=0, end=0, kind="caption" if caption else "paragraph", markup=markup
        )
        for i in range(len(texts))
    ]
    body = [index for index, text in enumerate(texts) if text == PROSE]
    lines = read_lines(texts)
    first, last = np.full((2, len(texts)), [[body[0]], [body[-1]]])
    grounds = name_grounds(lines, marked_captions(paragraphs), first, last)
    return GROUNDS[int(grounds[texts.index(wanted)])].reason


@pytest.mark.parametrize(
    ("texts", "wanted", "expected"),
    [
        (["Local", PROSE], "Local", "section-label"),
        (["Local", "World", "Weather", "Culture", PROSE], "World", "navigation"),
        ([PROSE, "Local"], "Local", "section-label"),
        ([PROSE, HEADLINE], HEADLINE, "related-link"),
        ([HEADLINE, PROSE], HEADLINE, "related-link"),
        (
            [PROSE, "Harbour, Town Council, Jane Miller"],
            "Harbour, Town Council, Jane Miller",
            "tag-list",
        ),
        ([CAPTION, "3 May 2021", "Photo: Jane Miller", PROSE], CAPTION, "caption"),
        ([PROSE, CAPTION, "Photo: Jane Miller", PROSE], CAPTION, "caption"),
        (
            [PROSE, "About the author", "Jane lives by the sea."],
            "Jane lives by the sea.",
            "author-bio",
        ),
        ([PROSE, "Comments", "I like bridges."], "I like bridges.", "comment"),
        ([PROSE, "2 Comments", "I like bridges."], "I like bridges.", "comment"),
        ([PROSE, "Comments", "I do.", "Local", "We care for all."], "We care for all.", "other"),
        ([PROSE, "I like bridges.", PROSE], "I like bridges.", "other"),
    ],
)
def test_a_place_gives_a_reason(texts: list[str], wanted: str, expected: str) -> None:
    assert reason(texts, wanted) == expected


def test_a_pattern_goes_before_the_place() -> None:
    assert reason([PROSE, "Comments", "3 May 2021"], "3 May 2021") == "timestamp"


def test_marked_captions_are_captions_wherever_they_stand() -> None:
    assert reason([PROSE, CAPTION, PROSE], CAPTION, caption=True) == "caption"


def test_labels_of_the_page_stand_above_the_title_or_among_stamps_below_it() -> None:
    lines = read_lines(["Local", HEADLINE, "3 May 2021", "Travel", "Share", "Summary", PROSE])
    first = np.full(len(lines), 6)
    assert page_labels(lines, np.full(len(lines), 1), first).nonzero()[0].tolist() == [0, 3]
    assert not page_labels(lines, np.full(len(lines), NONE), first).any()
