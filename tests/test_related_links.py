"""Links to other articles: under a heading, without one, and what only looks like them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from transforms.lines import read_lines
from transforms.related_links import find_link_runs

PROSE = "The council voted for a new bridge on Monday after two years of talks with the islands."
HEADLINES = [
    "Ferry Line Closes After Forty Years",
    "Island School Gets New Roof",
    "Why the Old Mill Had to Burn",
]


def links(texts: Sequence[str], *, shortest: int = 3) -> list[str]:
    """The texts that stand in a run of links when the score keeps every line."""
    lines = read_lines(texts)
    last = max(index for index, text in enumerate(texts) if text == PROSE)
    runs = find_link_runs(lines, np.full(len(lines), True), np.array([last]), shortest)
    return [texts[index] for run in sorted(runs) for index in range(run.start, run.end)]


def test_headlines_after_the_article_are_links_without_any_heading() -> None:
    assert links([PROSE, *HEADLINES]) == HEADLINES


def test_bullets_make_no_difference() -> None:
    bulleted = [f"- {headline}" for headline in HEADLINES]
    assert links([PROSE, *bulleted]) == bulleted


def test_fewer_headlines_than_a_run_are_left_to_the_score() -> None:
    assert links([PROSE, *HEADLINES[:2]]) == []
    assert links([PROSE, *HEADLINES[:2]], shortest=2) == HEADLINES[:2]


def test_a_heading_makes_links_of_what_follows_however_few_or_short() -> None:
    assert links([PROSE, "Read more", "Ferry stops", "By Jane Miller"]) == [
        "Ferry stops",
        "By Jane Miller",
    ]


def test_links_in_the_article_leave_its_next_heading_alone() -> None:
    assert links([PROSE, "Recommended stories", *HEADLINES, "What Comes Next", PROSE]) == HEADLINES
    assert links([PROSE, "Recommended stories", "What Comes Next", PROSE]) == []
    bulleted = ["• Ferry stops", "• School opens"]
    assert links([PROSE, "Related:", *bulleted, PROSE]) == bulleted
    lone = "Why the Old Mill Had to Burn"
    assert links([PROSE, "Lire aussi :", lone, PROSE]) == [lone]


def test_a_list_that_the_article_announces_is_its_own() -> None:
    assert links([PROSE, "The council will also pay for:", *HEADLINES]) == []
    assert links([PROSE, "Also decided", *HEADLINES]) == []


def test_lines_set_as_sentences_are_no_headlines() -> None:
    assert (
        links([PROSE, "two cups of plain flour", "a bit of cold butter", "some salt and water"])
        == []
    )


def test_headlines_in_scripts_without_case_are_links_too() -> None:
    headlines = ["房地产市场面临新的挑战", "出口数据好于经济学家的预期", "中央银行维持利率水平不变"]
    assert links([PROSE, *headlines]) == headlines


def test_a_heading_without_anything_below_it_starts_nothing() -> None:
    assert links([PROSE, "Read more"]) == []
    assert links([PROSE, "Read more", PROSE]) == []
