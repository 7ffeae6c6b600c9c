"""When a page says that it was published."""

from __future__ import annotations

import pytest

from transforms.page_dates import published_day, stated_date
from transforms.page_tree import parse_page
from transforms.settings import SplitSettings

SETTINGS = SplitSettings()


def published(
    *fields: object,
    markup: str = "<p>a",
    url: str | None = None,
    settings: SplitSettings = SETTINGS,
) -> str | None:
    return published_day(parse_page(markup, settings).tree, fields, url, settings)


@pytest.mark.parametrize(
    ("field", "day"),
    [
        ("2024-05-02", "2024-05-02"),
        ("2024-05-02T10:00:00Z", "2024-05-02"),
        # The day that the page writes, wherever it is read.
        ("2024-05-02T23:30:00-05:00", "2024-05-02"),
        ("2024/5/2 10:00", "2024-05-02"),
        ("20240502", "2024-05-02"),
        ("20240502T100000", "2024-05-02"),
        ("Thu, 02 May 2024 10:30:00 GMT", "2024-05-02"),
        ("May 2, 2024", "2024-05-02"),
        ("Sept. 2nd 2024 at noon", "2024-09-02"),
        (" 02 December, 2024", "2024-12-02"),
        # Half a date is none: nothing may be filled in from today's.
        ("2024-05", None),
        ("2024", None),
        ("May 2024", None),
        ("three days ago", None),
        ("Maybe 2, 2024", None),
        ("2024-02-30", None),
        ("February 30, 2024", None),
        ("2024-13-01", None),
        # Which is the month?
        ("02/05/2024", None),
        ("1970-01-01T00:00:00Z", None),
        ("0001-01-01", None),
        ("9999-12-31", None),
        ("2024-05-02 " + "x" * 1000, None),
        (20240502, None),
        (None, None),
        ({}, None),
    ],
)
def test_a_full_and_plausible_date_is_the_day_of_publication(
    field: object, day: str | None
) -> None:
    assert published(field) == day


def test_the_first_field_with_a_plausible_date_decides() -> None:
    assert published("soon", "1821-05-02", "2024-05-02", "2023-01-01") == "2024-05-02"


def test_the_settings_say_which_dates_are_plausible() -> None:
    settings = SplitSettings(earliest_date="2020-01-02", latest_date="2020-12-30")
    days = ("2020-01-01", "2020-01-02", "2020-12-30", "2020-12-31")
    found = [published(day, settings=settings) for day in days]
    assert found == [None, "2020-01-02", "2020-12-30", None]


def test_a_time_element_of_publication_goes_before_others() -> None:
    markup = (
        '<time datetime="2019-01-01">x</time>'
        '<time itemprop="datePublished" datetime="2024-05-02">y</time>'
    )
    assert published(markup=markup) == "2024-05-02"
    assert published("2024-05-01", markup=markup) == "2024-05-01"


@pytest.mark.parametrize(
    ("markup", "other"),
    [
        ('<time datetime="2024-05-02T10:00">x</time><time>May 2, 2024</time>', "<time>May 3, 2024"),
        ('<b itemprop="datePublished" content="2024-05-02">x</b>', "<b itemprop=datePublished>old"),
    ],
)
def test_elements_that_agree_on_a_day_name_it(markup: str, other: str) -> None:
    assert published(markup=markup) == "2024-05-02"
    # A teaser's date is among them.
    assert published(markup=markup + other) is None


def test_a_date_in_the_address() -> None:
    assert published(url="https://harbour.example/2024/5/2/wall") == "2024-05-02"
    assert published(url="https://harbour.example/1024/5/2/wall") is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-05-02", "2024-05-02"),
        (" 2024-05-02T10:00:00Z ", "2024-05-02T10:00:00Z"),
        ("2024-05-02T23:30:00-05:00", "2024-05-02T23:30:00-05:00"),
        ("Thu, 02 May 2024 10:30:00 GMT", "2024-05-02"),
        ("May 2, 2024", "2024-05-02"),
        ("2024-05-02T99:00", "2024-05-02"),
        ("2024-05", None),
        ("1714644000", None),
        ("yesterday", None),
        ("", None),
        ("1970-01-01T00:00:00Z", None),
        ("1850-01-01T00:00:00Z", None),
        ("9999-12-31T00:00:00Z", None),
        ("x" * 100_000, None),
    ],
)
def test_a_container_may_state_the_time_too(value: str, expected: str | None) -> None:
    assert stated_date(value, SETTINGS) == expected
