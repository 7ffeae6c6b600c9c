"""Say how far a run has come while its engine says nothing: finished blocks are files."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from pipeline.logs import EVENTS, event
from transforms.staging import FINISHED

_EVERY_SECONDS: Final = 10.0


@contextmanager
def telling_progress(staging: str, planned: int) -> Iterator[None]:
    """Log, now and then, how many blocks are finished, if anybody listens.

    Args:
        staging: the folder where they lie.
        planned: how many there are to be, or more.
    """
    if not EVENTS.isEnabledFor(logging.INFO):
        yield
        return
    done = threading.Event()
    teller = threading.Thread(target=_tell, args=(staging, planned, done), daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()


def _tell(staging: str, planned: int, done: threading.Event) -> None:
    before = -1
    while not done.wait(_EVERY_SECONDS):
        finished = sum(name.endswith(FINISHED) for name in os.listdir(staging))
        if finished != before:
            event(
                "progress",
                f"{finished:,} blocks are finished, {planned:,} were planned",
                blocks_finished=finished,
                blocks_planned=planned,
            )
        before = finished
