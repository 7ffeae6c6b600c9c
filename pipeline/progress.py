"""Say how far a run has come: a bar on a terminal, lines in a log.

What is said comes from what the steps tell of finished units (:mod:`transforms.progress`), whatever
engine runs them; only the rest of the time is an estimate.
"""

from __future__ import annotations

import datetime
import logging
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple, Protocol

import psutil
from tqdm import tqdm

from pipeline.logs import EVENTS, PROGRESS, event
from pipeline.standing import Standing, Standings, Work

_LOOK_SECONDS: Final = 0.5
_LINE_SECONDS: Final = 10.0
"""Between lines, at first."""
_LATER: Final = 20
"""Later they come after this part of the time so far: long runs make no long logs."""
_MEMORY_SECONDS: Final = 5.0
"""Between looks at the memory of all processes for a bar: one takes some 30 ms."""
_SETTLED: Final = 0.02
"""The share of a run from which on it says how long the rest will take."""
_MEGABYTE: Final = 1e6
_GIGABYTE: Final = 1e9


class Seen(NamedTuple):
    """How far a run is, and how fast."""

    standing: Standing
    documents_per_second: float | None
    bytes_per_second: float | None
    """Of text; both are those of the step, and known once some are through."""
    rest: float | None
    """About how many seconds are left, where that can be said."""
    memory: int | None
    """Bytes that all processes of the local engine hold."""


class _Show(Protocol):
    def is_due(self, gone: float) -> bool:
        """Whether something is to be shown when so many seconds have gone."""

    def show(self, seen: Seen, gone: float) -> None:
        """Show it."""

    def close(self) -> None:
        """End it, and leave nothing that is not meant to stay."""


class _Bar:
    """A line on a terminal that changes, and is gone in the end."""

    def __init__(self) -> None:
        # Its thread that wakes up a bar would be one more beside ours.
        tqdm.monitor_interval = 0
        self._bar = tqdm(
            total=1.0,
            file=sys.stderr,
            leave=False,
            dynamic_ncols=True,
            bar_format="{desc} {percentage:3.0f}%|{bar}| {unit}",
            desc="starting",
            unit="",
        )

    def is_due(self, gone: float) -> bool:
        del gone
        return True

    def show(self, seen: Seen, gone: float) -> None:
        del gone
        standing = seen.standing
        self._bar.n = standing.share
        self._bar.unit = ", ".join(_figures(seen, "docs"))
        self._bar.set_description_str(
            f"{standing.step} ({standing.number}/{standing.steps})", refresh=False
        )
        self._bar.refresh()

    def close(self) -> None:
        self._bar.close()


class _Lines:
    """Events of a log, where something has changed."""

    def __init__(self) -> None:
        self._before: Standing | None = None
        self._due = _LINE_SECONDS

    def is_due(self, gone: float) -> bool:
        return gone >= self._due

    def show(self, seen: Seen, gone: float) -> None:
        standing = seen.standing
        if standing == self._before:
            return
        self._before = standing
        self._due = gone + max(_LINE_SECONDS, gone / _LATER)
        place = f"step {standing.number} of {standing.steps}, {standing.step}"
        units = f"{standing.done:,} of {standing.units:,}"
        figures = "".join(f", {figure}" for figure in _figures(seen, "documents"))
        event(
            PROGRESS,
            f"{standing.share:.0%}: {place} ({units}){figures}",
            step=standing.step,
            step_number=standing.number,
            steps=standing.steps,
            done=standing.done,
            units=standing.units,
            share=round(standing.share, 4),
            blocks_finished=standing.blocks,
            documents_per_second=_rounded(seen.documents_per_second),
            bytes_per_second=_rounded(seen.bytes_per_second),
            seconds_left=_rounded(seen.rest),
            memory_bytes=seen.memory,
        )

    def close(self) -> None:
        """Lines stay."""


def _rounded(figure: float | None) -> int | None:
    return None if figure is None else round(figure)


def _figures(seen: Seen, documents: str) -> Iterator[str]:
    if seen.documents_per_second is not None:
        yield f"{seen.documents_per_second:,.0f} {documents}/s"
    if seen.bytes_per_second is not None:
        yield f"{seen.bytes_per_second / _MEGABYTE:.1f} MB/s"
    if seen.memory is not None:
        yield f"{seen.memory / _GIGABYTE:.1f} GB"
    if seen.rest is not None:
        yield f"{datetime.timedelta(seconds=round(seen.rest))} left"


class Meter:
    """What is seen of a run, look after look.

    Args:
        standings: where it is.
        local: whether it runs in this process and its children, whose memory can be looked at.
    """

    def __init__(self, standings: Standings, *, local: bool) -> None:
        self._standings = standings
        self._local = local
        self._step = 0
        self._since = 0.0
        self._memory: int | None = None
        self._measured = -_MEMORY_SECONDS

    def look(self, gone: float, *, shown: bool = True) -> Seen:
        """What is seen when so many seconds have gone.

        Args:
            shown: whether it is to be shown, so that memory is worth looking at.
        """
        standing = self._standings.look()
        if standing.number != self._step:
            # The first step begins when the run does.
            self._since = gone if self._step else 0.0
            self._step = standing.number
        if shown and self._local and gone >= self._measured + _MEMORY_SECONDS:
            self._measured = gone
            self._memory = _memory()
        seconds = gone - self._since
        known = seconds >= _LOOK_SECONDS and standing.documents > 0
        fresh = standing.share - standing.resumed
        return Seen(
            standing,
            standing.documents / seconds if known else None,
            standing.bytes / seconds if known else None,
            gone * (1 - standing.share) / fresh if fresh > _SETTLED else None,
            self._memory,
        )


def _memory() -> int:
    """Bytes that this process and its children hold; on Linux what they share counts once."""
    own = psutil.Process()
    total = 0
    for process in (own, *own.children(recursive=True)):
        try:
            info = process.memory_full_info()
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue  # it has ended meanwhile
        total += getattr(info, "pss", info.rss)
    return total


@contextmanager
def telling_progress(staging: str, work: Work, *, bar: bool, local: bool) -> Iterator[None]:
    """Show how far a run has come while the context lasts, if anybody looks or listens.

    Args:
        staging: the folder where its steps tell.
        work: what there is to do.
        bar: on the terminal that standard error is; otherwise as events of the log.
        local: whether it runs in this process and its children.
    """
    if not bar and not EVENTS.isEnabledFor(logging.INFO):
        yield
        return
    done = threading.Event()
    meter = Meter(Standings(staging, work), local=local)
    show: _Show = _Bar() if bar else _Lines()
    teller = threading.Thread(target=_tell, args=(meter, show, done), daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()
        show.close()


def _tell(meter: Meter, show: _Show, done: threading.Event) -> None:
    begin = time.monotonic()
    while not done.wait(_LOOK_SECONDS):
        gone = time.monotonic() - begin
        due = show.is_due(gone)
        seen = meter.look(gone, shown=due)
        if due:
            show.show(seen, gone)
