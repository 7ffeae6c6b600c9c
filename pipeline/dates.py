"""Dates in paths: ``scrapes/{date}/*.html``, ``clean/{date:%Y/%m/%d}``.

A pattern is read by hand, not by ``str.format``: nothing but a date can stand in it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from pipeline.errors import UserError

_DEFAULT: Final = "%Y-%m-%d"
_PARTS: Final = {"Y": r"\d{4}", "m": r"\d{2}", "d": r"\d{2}", "j": r"\d{3}"}
"""What may follow a ``%``, and how it looks: parts of a date without words of a language."""
_TOKEN: Final = re.compile(r"\{\{|\}\}|\{(?P<field>[^{}]*)\}|[{}]|[^{}]+")
_DIRECTIVE: Final = re.compile(r"%(?P<part>.?)|[^%]+", re.DOTALL)
_HERE: Final = "./"


class Text(NamedTuple):
    """Characters of a pattern that stand for themselves."""

    text: str


class Part(NamedTuple):
    """A part of the date: ``Y``, ``m``, ``d`` or ``j``."""

    directive: str


Token = Text | Part


def has_date(pattern: str) -> bool:
    """Whether a path has a date to be filled in.

    Raises:
        UserError: it has another field, or a brace of no meaning.
    """
    return any(isinstance(token, Part) for token in tokens(pattern))


def fill(pattern: str, date: datetime.date) -> str:
    """The path with the date filled in.

    Raises:
        UserError: as :func:`has_date`.

    >>> fill("clean/{date}/{date:%Y%m%d}-{{x}}", datetime.date(2026, 11, 6))
    'clean/2026-11-06/20261106-{x}'
    """
    return "".join(
        token.text if isinstance(token, Text) else date.strftime(f"%{token.directive}")
        for token in tokens(pattern)
    )


def fill_input(pattern: str, date: datetime.date) -> str:
    """As :func:`fill`, with the mark that names are relative to what is above the first date.

    So a record has the same id in the run of a day and in one of several.

    >>> fill_input("scrapes/{date}/*.html", datetime.date(2026, 11, 6))
    'scrapes/./2026-11-06/*.html'
    """
    above = pattern[: pattern.index("{date")].rpartition("/")[0]
    below = pattern[len(above) :].removeprefix("/")
    start = "/" if not above and pattern.startswith("/") else f"{fill(above, date) or '.'}/"
    return f"{start}{_HERE}{fill(below, date)}"


def days(since: datetime.date, until: datetime.date) -> list[datetime.date]:
    """Every day from one to another, both included.

    Raises:
        UserError: the first is after the last.
    """
    if since > until:
        raise UserError(f"--since {since} is after --date {until}: swap them")
    return [since + datetime.timedelta(days=n) for n in range((until - since).days + 1)]


def tokens(pattern: str) -> Iterator[Token]:
    """A pattern's pieces, in order.

    Raises:
        UserError: as :func:`has_date`.
    """
    for match in _TOKEN.finditer(pattern):
        word = match[0]
        if match["field"] is not None:
            yield from _field(match["field"], pattern)
        elif word in ("{{", "}}"):
            yield Text(word[0])
        elif word in ("{", "}"):
            raise UserError(f"{pattern}: a {word} alone; write {word * 2} for the character itself")
        else:
            yield Text(word)


def _field(field: str, pattern: str) -> Iterator[Token]:
    name, _, form = field.partition(":")
    if name != "date":
        raise UserError(
            f"{pattern}: {{{field}}} is no date; write {{date}} or {{date:%Y/%m/%d}}, and {{{{ for"
            " the character {"
        )
    for match in _DIRECTIVE.finditer(form or _DEFAULT):
        part = match["part"]
        if part is None or part == "%":
            yield Text(part or match[0])
        elif part in _PARTS:
            yield Part(part)
        else:
            known = ", ".join(f"%{each}" for each in _PARTS)
            raise UserError(f"{pattern}: %{part} is not for paths; use {known}")


def date_reader(pattern: str) -> Callable[[str], datetime.date | None]:
    """What reads the date off a path that the pattern may have given; ``None`` for other paths.

    Raises:
        UserError: the pattern does not hold a whole date, or as :func:`has_date`.
    """
    pieces = list(tokens(pattern))
    parts = {token.directive for token in pieces if isinstance(token, Part)}
    if not ({"Y", "m", "d"} <= parts or {"Y", "j"} <= parts):
        raise UserError(f"{pattern} does not say year, month and day: write {{date}}, say")
    form = "%Y-%m-%d" if "m" in parts else "%Y-%j"
    seen: set[str] = set()
    expression = ""
    for token in pieces:
        if isinstance(token, Text):
            expression += re.escape(token.text)
        elif token.directive in seen:
            expression += f"(?P={token.directive})"
        else:
            expression += f"(?P<{token.directive}>{_PARTS[token.directive]})"
            seen.add(token.directive)
    found = re.compile(expression)

    def read(path: str) -> datetime.date | None:
        match = found.fullmatch(path)
        if match is None:
            return None
        said = "-".join(match[directive[1:]] for directive in form.split("-"))
        try:
            date = datetime.datetime.strptime(said, form).date()
        except ValueError:
            return None
        return date if fill(pattern, date) == path else None

    return read
