"""Options for runs that nobody watches: locks, dates, logs and metrics."""

from __future__ import annotations

import datetime
import functools
import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple, get_args

import click

from pipeline.dates import days, fill, fill_input, has_date
from pipeline.errors import UserError
from pipeline.logs import LogFormat, event
from pipeline.run_names import Remember, check_run_name
from pipeline.sources import names_something

_NAMED: Final = 3
"""Missing days that a notice names; it counts the others."""
_LONGEST_AGE: Final = 5
"""Digits of an age in days."""


class Operating(NamedTuple):
    """What these options were given."""

    wait: float
    fresh: bool
    metrics: Path | None
    log_format: LogFormat
    date: datetime.date | None
    since: datetime.date | None
    history: Path | None
    run_name: str | None

    def remember(self) -> Remember | None:
        """The history that a run uses; the run is called after its date unless it has a name.

        Raises:
            UserError: the name is none, or there is no history.
        """
        if self.history is None:
            if self.run_name is not None:
                raise UserError("--run-name is what a run is called in a --history: add that")
            return None
        name = self.run_name if self.run_name is not None else str(self.date or _today())
        return Remember(self.history, check_run_name(name))


def _today() -> datetime.date:
    return datetime.datetime.now(datetime.UTC).date()


def _day(
    _: click.Context, __: click.Parameter, value: datetime.datetime | None
) -> datetime.date | None:
    return None if value is None else value.date()


def _writable(_: click.Context, __: click.Parameter, path: Path | None) -> Path | None:
    if path is not None and not (path.parent.is_dir() and os.access(path.parent, os.W_OK)):
        raise click.BadParameter(f"no file can be made in the folder {path.parent}.")
    return path


def age(_: click.Context, __: click.Parameter, word: str | None) -> datetime.timedelta | None:
    """The days that ``--older-than`` was given: ``90d``, or ``90``."""
    if word is None:
        return None
    number = word.removesuffix("d")
    if not (number.isascii() and number.isdigit() and len(number) <= _LONGEST_AGE):
        raise click.BadParameter(f"{word!r} is no number of days: write 90d, say.")
    return datetime.timedelta(days=int(number))


def _date_option(name: str, help: str) -> Callable[[Callable[..., None]], Callable[..., None]]:  # noqa: A002
    return click.option(
        name, type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD", callback=_day, help=help
    )


_OPTIONS: Final = (
    _date_option("--date", "For {date} in INPUT and --output; today (UTC) if not given."),
    _date_option("--since", "Read {date} in INPUT from this day to --date, as one run."),
    click.option(
        "--history",
        type=click.Path(path_type=Path, file_okay=False),
        metavar="DIR",
        help="Know what earlier runs kept: docs/history.md.",
    ),
    click.option(
        "--run-name",
        metavar="NAME",
        help="For --history: earlier names come first; the same is replaced. Default: the date.",
    ),
    click.option(
        "--wait",
        type=click.FloatRange(min=0),
        default=0.0,
        metavar="SECONDS",
        help="How long to wait for another run that works on the output, or the history.",
    ),
    click.option(
        "--fresh", is_flag=True, help="Do not go on with what an interrupted run finished."
    ),
    click.option(
        "--metrics",
        type=click.Path(path_type=Path, dir_okay=False),
        callback=_writable,
        metavar="FILE",
        help="Write metrics for Prometheus, NAME.prom say; also of runs that fail.",
    ),
    click.option(
        "--log-format",
        type=click.Choice(get_args(LogFormat)),
        default="text",
        help="json: events and errors as JSON objects, one a line.",
    ),
)


def operating_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add these options to a command, which gets them together as ``operating``."""

    @functools.wraps(command)
    def packed(**values: Any) -> None:
        own = Operating(**{name: values.pop(name) for name in Operating._fields})
        command(**values, operating=own)

    for option in reversed(_OPTIONS):
        packed = option(packed)
    return packed


def fill_dates(
    words: Sequence[str], output: Path | None, given: Operating
) -> tuple[list[str], Path | None]:
    """The inputs and the output of a run, dates filled in.

    A word that names a file as it stands is no pattern.  Of several days those without
    input are left out, with a notice.

    Raises:
        UserError: a pattern is wrong, a date is of no use, or no day has input.
    """
    dated = [word for word in words if _is_pattern(word) and has_date(word)]
    dates_output = output is not None and _is_pattern(str(output)) and has_date(str(output))
    if given.since is not None and not dated:
        raise UserError("--since is for paths with {date}, and no input has one")
    if given.date is not None and not (dated or dates_output or given.history):
        raise UserError("--date is for paths with {date} and for --history; there is neither")
    date = given.date or _today()
    inputs: list[str] = []
    for word in words:
        if word not in dated:
            inputs.append(fill(word, date) if _is_pattern(word) else word)
        elif given.since is None:
            inputs.append(fill_input(word, date))
        else:
            inputs.extend(_present(word, days(given.since, date)))
    if output is not None and _is_pattern(str(output)):
        output = Path(fill(str(output), date))
    return inputs, output


def _is_pattern(word: str) -> bool:
    return ("{" in word or "}" in word) and not os.path.lexists(word)


def _present(pattern: str, wanted: Sequence[datetime.date]) -> list[str]:
    """The inputs of the days that have some."""
    # A pattern may give one path for several days: {date:%Y-%m} does.
    inputs = {fill_input(pattern, day): day for day in reversed(wanted)}
    missing = sorted(day for word, day in inputs.items() if not names_something(word))
    if len(missing) == len(inputs):
        raise UserError(f"no input from {wanted[0]} to {wanted[-1]}: nothing matches {pattern}")
    if missing:
        more = f" and {len(missing) - _NAMED:,} more days" if len(missing) > _NAMED else ""
        event(
            "missing",
            f"{pattern}: no input for {', '.join(map(str, missing[:_NAMED]))}{more}",
            logging.WARNING,
            dates=[str(day) for day in missing],
        )
    return [word for word, day in sorted(inputs.items()) if day not in missing]
