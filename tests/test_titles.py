"""The title: the headline that the body talks about."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from transforms.lines import read_lines
from transforms.segments import NONE
from transforms.titles import find_titles

BODY = [
    "A fire destroyed the old paper mill in the harbour on Sunday night, the fire service said.",
    "Nobody was hurt. The mill had been empty since 2009 and was to be pulled down next year.",
    "The police asked everyone who saw something near the harbour that night to come forward.",
]
TITLE = "Fire Destroys Old Paper Mill in the Harbour"


def title(
    head: Sequence[str], *, known: str | None = None, heading: str | None = None
) -> str | None:
    texts = [*head, *BODY]
    marked = np.array([text == heading for text in texts])
    (found,) = find_titles(read_lines(texts), np.array([len(head)]), [known], marked)
    return None if found == NONE else texts[found]


def test_the_title_is_the_headline_that_shares_its_words_with_the_body() -> None:
    menu = ["News", "Sport", "Council Votes for New Bridge", "Weather"]
    assert title([*menu, TITLE, "By Jane Miller", "3 May 2021"]) == TITLE


def test_a_caption_before_the_title_is_not_the_title() -> None:
    caption = "A fireman with a hose stands in front of what was left of the building"
    assert title([caption, TITLE, "Photo: Jane Miller"]) == TITLE


def test_labels_sentences_and_patterns_are_no_titles() -> None:
    assert title(["News", "Local", "3 May 2021", "It happened on Sunday in the harbour."]) is None


def test_a_question_can_be_a_title() -> None:
    assert title(["Who Set Fire to the Old Paper Mill?"]) == "Who Set Fire to the Old Paper Mill?"


def test_a_title_without_capitals_is_found() -> None:
    assert title(["startseite", "brand zerstört paper mill"]) == "brand zerstört paper mill"


def test_the_title_in_the_metadata_decides() -> None:
    known = "Mill gone – Harbour Gazette"
    assert title([TITLE, "Mill gone – Harbour Gazette", "x"], known=known) == known
    assert (
        title(["We lost the mill", TITLE], known="We lost the mill | Gazette") == "We lost the mill"
    )


def test_a_marked_heading_beats_an_unmarked_headline() -> None:
    other = "What a Night in the Harbour"
    assert title([TITLE, other]) != other
    assert title([TITLE, other], heading=other) == other


def test_nothing_before_the_body_is_no_title() -> None:
    assert title([]) is None
