"""Stop cleanly on SIGINT and SIGTERM, whatever Beam's threads are doing."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Final

STOPS: Final = (signal.SIGINT, signal.SIGTERM)
"""Signals that tell a run to stop."""

_REMOVED: Final[set[Path]] = set()
"""Folders that are gone when the process has stopped."""

# What shells report for a process that a signal ended is this plus its number.
SIGNALLED = 128

Farewell = Callable[[str, int], object]
"""Tells the user a message, and is given the exit code."""


def say_farewell(message: str, _: int) -> None:
    """Write the message to standard error."""
    with suppress(OSError, AttributeError):  # there may be nothing to write to
        os.write(sys.stderr.fileno(), f"copydesk: {message}\n".encode())


def _say_nothing(_: object) -> None:
    """Let a thread end with whatever ended it."""


@contextmanager
def clean_stop(
    discard: Callable[[], None], *, resumable: bool, farewell: Farewell = say_farewell
) -> Iterator[None]:
    """End the process at once when it is told to stop.

    On SIGINT a person has changed their mind, and nothing is left; on SIGTERM the machine
    wants the process gone, and the same command will go on with what is finished.

    An exception would not do: Beam takes it for a failure of the pipeline, or
    waits for its workers.  They end by themselves when this process is gone.
    Has no effect outside the main thread, where no handler can be set.

    Args:
        discard: removes what is not published, and ends who still writes to it.
        resumable: whether another run could go on with that; if not, it always goes.
        farewell: tells the user.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, _: FrameType | None) -> None:
        # Beam's threads would tell at length that their workers are gone.
        threading.excepthook = _say_nothing
        message = "stopped; nothing was published"
        # Whatever fails on the way, the process ends, and its code says why.
        try:
            if number == signal.SIGINT or not resumable:
                discard()
            else:
                message += ", and the same command goes on with the blocks that are finished"
            for folder in _REMOVED:
                shutil.rmtree(folder, ignore_errors=True)
        finally:
            try:
                farewell(message, SIGNALLED + number)
            finally:
                os._exit(SIGNALLED + number)

    before = {number: signal.signal(number, stop) for number in STOPS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def removed_at_stop(folder: Path) -> Iterator[None]:
    """Remove a folder at the end, and also where :func:`clean_stop` ends the process."""
    _REMOVED.add(folder)
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _REMOVED.discard(folder)
