"""What a run says of itself: text for people, or a JSON object a line for machines.

Everything goes to standard error.  Names and texts from outside are escaped in both.
"""

from __future__ import annotations

import datetime
import json
import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from types import TracebackType
from typing import Final, Literal

import click

from pipeline.terminal import one_line, printable

LogFormat = Literal["text", "json"]

PROGRESS: Final = "progress"
"""The event that tells how far a run has come."""

EVENTS: Final = logging.getLogger("copydesk")
"""A program that calls ``run`` gets the events of the run here."""


def event(name: str, message: str, level: int = logging.INFO, **fields: object) -> None:
    """Log an event of a run.

    Args:
        name: what happened; it stays the same where the message does not.
        message: a sentence for people.
        fields: values for machines, such as JSON can hold.
    """
    EVENTS.log(level, message, extra={"event": name, "fields": fields})


def complain(message: str) -> None:
    """Tell the user what is wrong, in the format of the log if there is one."""
    if EVENTS.handlers:
        event("error", message, logging.ERROR)
    else:
        say_error(f"{EVENTS.name}: {one_line(message)}")


@contextmanager
def logs(format: LogFormat, *, verbose: bool, progress: bool = False) -> Iterator[None]:
    """Send the log to standard error while the context lasts.

    Args:
        format: in text, events are warnings and errors alone unless ``verbose``.
        verbose: Beam's own log too; otherwise not even its warnings at import.
        progress: how far a run has come, too.
    """
    handler = _StandardError()
    handler.addFilter(partial(_wanted, every=verbose or format == "json", progress=progress))
    handler.setFormatter(_JsonFormatter() if format == "json" else _TextFormatter())
    root = logging.getLogger()
    before = [(each, each.handlers[:], each.level) for each in (EVENTS, root)]
    EVENTS.handlers[:] = [handler]
    EVENTS.propagate = False
    wanted = verbose or progress or format == "json"
    EVENTS.setLevel(logging.INFO if wanted else logging.WARNING)
    # Beam makes a handler of its own where the root has none.
    root.handlers[:] = [handler if verbose else logging.NullHandler()]
    root.setLevel(logging.INFO if verbose else logging.CRITICAL)
    try:
        yield
    finally:
        for logger, handlers, level in before:
            logger.handlers[:] = handlers
            logger.setLevel(level)
        EVENTS.propagate = True


def _wanted(record: logging.LogRecord, *, every: bool, progress: bool) -> bool:
    """Whether a record is written; those of progress only where they are asked for."""
    if getattr(record, "event", None) == PROGRESS:
        return progress
    return every or record.levelno >= logging.WARNING


def set_in(text: str) -> str:
    """Lines of others, set in."""
    return "\n".join(f"    {line}" for line in printable(text).split("\n"))


def show_crash(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Show an error that nobody caught, in the place of :data:`sys.excepthook`."""
    lines = "".join(traceback.format_exception(kind, error, trace)).rstrip("\n")
    say_error(f"{EVENTS.name}: a bug, please report it:\n{set_in(lines)}")


def say_error(text: str) -> None:
    """Write to standard error; where that takes nothing, no run fails for it."""
    with suppress(OSError):
        click.echo(text, err=True)


class _StandardError(logging.Handler):
    """Writes to what standard error is at that moment."""

    def emit(self, record: logging.LogRecord) -> None:
        say_error(self.format(record))


class _TextFormatter(logging.Formatter):
    """``copydesk: message`` on one line; other loggers with their level and name.

    What they say on more lines, and traces, is set in: nothing but ours begins as ours does.
    """

    def format(self, record: logging.LogRecord) -> str:
        message = record.getMessage()
        if record.name == EVENTS.name:
            lines = [f"{EVENTS.name}: {one_line(message)}"]
        else:
            first, *more = message.split("\n")
            lines = [f"{record.levelname} {record.name}: {one_line(first)}"]
            lines += [set_in(line) for line in more]
        if record.exc_info:
            lines.append(set_in(self.formatException(record.exc_info)))
        return "\n".join(lines)


class _JsonFormatter(logging.Formatter):
    """An object on one line, in ASCII."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        row = {
            "time": at.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": getattr(record, "event", "log"),
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            row["trace"] = self.formatException(record.exc_info)
        # Of the characters that terminals obey JSON leaves one as it is.
        return json.dumps(row).replace("\x7f", "\\u007f")
