"""Stop cleanly on SIGINT and SIGTERM, whatever Beam's threads are doing."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

STOPS: Final = (signal.SIGINT, signal.SIGTERM)
"""Signals that tell a run to stop."""

# What shells report for a process that a signal ended is this plus its number.
SIGNALLED = 128


@contextmanager
def clean_stop(clean_up: Callable[[], None]) -> Iterator[None]:
    """Call ``clean_up`` and end the process at once when it is told to stop.

    An exception would not do: Beam takes it for a failure of the pipeline, or
    waits for its workers.  They end by themselves when this process is gone.
    Has no effect outside the main thread, where no handler can be set.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, _: FrameType | None) -> None:
        clean_up()
        os.write(sys.stderr.fileno(), b"copydesk: stopped; nothing was published\n")
        os._exit(SIGNALLED + number)

    before = {number: signal.signal(number, stop) for number in STOPS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
