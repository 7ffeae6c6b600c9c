"""When a page says that it was published.

Whole days only, from fields that hold a date and nothing else.  The day is the
one that the page writes, in its own time zone.  When it was last changed is
another question: only dates of publication decide which copy is the earliest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from email.utils import parsedate
from typing import Final

import re2
from lxml import html

from transforms.settings import SplitSettings

_PUBLISHED: Final = "datePublished"

_ISO_DATE: Final = re2.compile(r"^\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:\D|$)")
_COMPACT_DATE: Final = re2.compile(r"^\s*(\d{4})(\d{2})(\d{2})(?:\D|$)")
# As content systems print it in English: "May 2, 2024", "2 May 2024".
_MONTH_FIRST: Final = re2.compile(
    r"^\s*([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b"
)
_DAY_FIRST: Final = re2.compile(r"^\s*(\d{1,2})(?:st|nd|rd|th)?\s+([A-Za-z]{3,9})\.?,?\s+(\d{4})\b")
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_URL_DATE: Final = re2.compile(r"/((?:19|20)\d{2})/(\d{1,2})/(\d{1,2})/")

_EPOCH: Final = date(1970, 1, 1)
"""A date field that nobody filled, as content systems print it."""

_MAX_DATE: Final = 100
"""Characters of a date; a longer value is something else."""


def published_day(
    tree: html.HtmlElement,
    fields: Iterable[object],
    url: str | None,
    settings: SplitSettings,
) -> str | None:
    """The day of publication by the first source that names a plausible one, as ``2024-05-02``.

    Args:
        tree: the page, for what it marks up as a date.
        fields: what its metadata says, best first.
        url: its address.
        settings: the dates that are plausible.
    """
    for day in _candidates(tree, fields, url):
        if day and _is_plausible(day, settings):
            return day.isoformat()
    return None


def stated_date(value: str, settings: SplitSettings) -> str | None:
    """The date that a container states of its record: ISO 8601 as it stands, else its day.

    Returns:
        ``None`` for what is no date, half a date or an implausible one.
    """
    value = value.strip()
    day = _day(value)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return day.isoformat() if day and _is_plausible(day, settings) else None
    return value if _is_plausible(moment.date(), settings) else None


def _is_plausible(day: date, settings: SplitSettings) -> bool:
    return day != _EPOCH and settings.earliest_date <= day.isoformat() <= settings.latest_date


def _candidates(
    tree: html.HtmlElement, fields: Iterable[object], url: str | None
) -> Iterator[date | None]:
    for field in fields:
        yield _day(field)
    times = list(tree.iter("time"))
    for element in times:
        if "pubdate" in element.attrib or _PUBLISHED in (
            element.get("itemprop"),
            element.get("property"),
        ):
            yield _day(element.get("datetime"))
    match = _URL_DATE.search(url or "")
    if match:
        yield _date(*match.groups())
    yield _only_day(times)
    yield _only_day(tree.xpath("//*[@itemprop=$name]", name=_PUBLISHED))


def _only_day(elements: Sequence[html.HtmlElement]) -> date | None:
    """The day that all of them name: then no other story's date is among them."""
    days = {_day(e.get("datetime") or e.get("content") or e.text) for e in elements}
    return days.pop() if len(days) == 1 else None


def _day(value: object) -> date | None:
    """The day that a date field names in full; half a date is none."""
    if not isinstance(value, str) or len(value) > _MAX_DATE:
        return None
    match = _ISO_DATE.search(value) or _COMPACT_DATE.search(value)
    if match:
        return _date(*match.groups())
    match = _MONTH_FIRST.search(value)
    if match:
        return _date(match[3], _month(match[1]), match[2])
    match = _DAY_FIRST.search(value)
    if match:
        return _date(match[3], _month(match[2]), match[1])
    try:
        mail = parsedate(value)  # Tue, 14 May 2019 10:30:00 GMT
    except (IndexError, ValueError):
        return None
    return _date(*mail[:3]) if mail else None


def _month(name: str) -> int:
    """The number of a month by its name or abbreviation, 0 if it is none."""
    found = (n for n, month in enumerate(_MONTHS, start=1) if month.startswith(name.lower()))
    return next(found, 0)


def _date(year: str | int, month: str | int, day: str | int) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except (ValueError, OverflowError):
        return None
