"""Dates in paths: what a pattern means, and what is none."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dates import date_reader, days, fill, fill_input, has_date
from pipeline.errors import UserError

DAY = datetime.date(2026, 11, 6)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("clean/{date}", "clean/2026-11-06"),
        ("clean/{date:%Y/%m/%d}/x", "clean/2026/11/06/x"),
        ("{date:%Y}/{date}.jsonl", "2026/2026-11-06.jsonl"),
        ("{date:%Y-%j%%}", "2026-310%"),
        ("{{date}}", "{date}"),
        ("a{{{date}}}", "a{2026-11-06}"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_a_date_is_filled_in(pattern: str, path: str) -> None:
    assert fill(pattern, DAY) == path
    assert has_date(pattern) == (path != pattern and "2026" in path)


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("{name}", "{name} is no date"),
        ("{date.year}", "{date.year} is no date"),
        ("{date!r}", "{date!r} is no date"),
        ("{date[0]}", "no date"),
        ("{}", "no date"),
        ("a}", "a } alone; write }}"),
        ("a{", "a { alone; write {{"),
        ("{date:%B}", "%B is not for paths; use %Y, %m, %d, %j"),
        ("{date:%}", "% is not for paths"),
    ],
)
def test_anything_else_in_braces_is_refused(pattern: str, said: str) -> None:
    with pytest.raises(UserError) as error:
        fill(pattern, DAY)
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("pattern", "word"),
    [
        ("scrapes/{date}/*.html", "scrapes/./2026-11-06/*.html"),
        ("/data/news-{date:%Y/%m}/x", "/data/./news-2026/11/x"),
        ("/{date}", "/./2026-11-06"),
        ("{date}/x", "././2026-11-06/x"),
    ],
)
def test_names_of_inputs_begin_with_the_date(pattern: str, word: str) -> None:
    assert fill_input(pattern, DAY) == word


def test_days_are_counted_with_both_ends() -> None:
    assert days(DAY, DAY) == [DAY]
    assert days(datetime.date(2024, 2, 28), datetime.date(2024, 3, 1))[1].day == 29
    with pytest.raises(UserError, match="is after"):
        days(DAY, datetime.date(2026, 11, 5))


@given(
    st.dates(datetime.date(1000, 1, 1)),
    st.sampled_from(["clean/{date}", "/a.b/{date:%Y}/{date:%Y%j}*", "{date:%d/%m/%Y}{{x}}"]),
)
def test_a_date_is_read_off_what_was_filled_in(date: datetime.date, pattern: str) -> None:
    assert date_reader(pattern)(fill(pattern, date)) == date


@pytest.mark.parametrize("path", ["x/2026-13-01", "x/2026-1-1", "x/2026-02-30", "x/today", "y/x"])
def test_no_date_is_read_off_other_paths(path: str) -> None:
    assert date_reader("x/{date}")(path) is None


def test_two_dates_of_one_path_must_agree() -> None:
    read = date_reader("{date:%Y}/{date}")
    assert read("2026/2026-11-06") == DAY
    assert read("2025/2026-11-06") is None


def test_part_of_a_date_is_not_enough() -> None:
    with pytest.raises(UserError, match="does not say year, month and day"):
        date_reader("clean/{date:%Y-%m}")
