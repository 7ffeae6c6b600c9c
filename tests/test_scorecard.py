"""The scorecard: blocks, sums around a line, points."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from transforms.document import Kind, Markup, Paragraph
from transforms.lines import read_lines
from transforms.scorecard import Measure, best_block, score, score_markup, sum_around, tally

VALUES = st.lists(st.integers(-20, 20), max_size=12)


@given(VALUES)
def test_the_best_block_has_the_greatest_sum(values: list[int]) -> None:
    start, end = best_block(np.array(values, np.int64))
    sums = [sum(values[a:b]) for a in range(len(values)) for b in range(a, len(values) + 1)]
    assert sum(values[start:end]) == max([0, *sums])


@given(st.lists(st.tuples(st.integers(-20, 20), st.booleans()), max_size=12), st.integers(0, 5))
def test_sums_around_are_of_the_nearest_counted_lines_but_the_line_itself(
    lines: list[tuple[int, bool]], reach: int
) -> None:
    values = np.array([value for value, _ in lines], np.int64)
    counted = np.array([counts for _, counts in lines], np.bool_)
    expected = []
    for index in range(len(lines)):
        before = [value for value, counts in lines[:index] if counts]
        after = [value for value, counts in lines[index + 1 :] if counts]
        expected.append(sum(before[len(before) - min(reach, len(before)) :]) + sum(after[:reach]))
    assert sum_around(values, reach, counted).tolist() == expected


def test_a_card_gives_each_range_its_points() -> None:
    card = {"words": Measure((3, 10), (-5, 0, 7))}
    assert tally(card, {"words": np.array([0, 2, 3, 9, 10, 99])}).tolist() == [[-5, -5, 0, 0, 7, 7]]


def test_running_text_has_more_points_than_what_stands_around_it() -> None:
    prose = (
        "The council voted for a new bridge on Monday after two years of talks with the islands"
        " about who should pay for it."
    )
    points = score(
        read_lines(["Home", "News", prose, prose.upper(), prose, "Share", "Login"])
    ).points
    assert min(points[2:5]) > max(*points[:2], *points[5:])


def test_the_measures_against_a_line_are_named_worst_first() -> None:
    prose = "The council voted for a new bridge on Monday after two years of talks."
    scores = score(read_lines([*[prose] * 5, "Comments", "I like bridges."]))
    assert scores.against(6)[0] == "after comments"
    assert "after comments" not in scores.against(2)


def paragraph(*, extracted: bool, links: float = 0.0, kind: Kind = "paragraph") -> Paragraph:
    markup = Markup(path="p", link_density=links, extracted=extracted)
    return Paragraph(index=0, start=0, end=1, kind=kind, markup=markup)


def test_markup_speaks_for_what_extraction_keeps_and_against_links_and_captions() -> None:
    kept, left, linked, caption = score_markup(
        [
            paragraph(extracted=True),
            paragraph(extracted=False),
            paragraph(extracted=False, links=1.0),
            paragraph(extracted=True, kind="caption"),
        ]
    ).tolist()
    assert kept > 0 > left > linked
    assert caption < 0


def test_an_extraction_that_found_nothing_has_no_vote() -> None:
    assert score_markup([paragraph(extracted=False)]).tolist() == [0]


def test_plain_text_has_no_markup_to_speak() -> None:
    assert score_markup([Paragraph(index=0, start=0, end=1, kind="caption")]).tolist() == [0]
