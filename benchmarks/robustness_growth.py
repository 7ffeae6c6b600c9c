"""How the time of something grows with its input: what 1 MB of a run costs, and half of it.

Sizes begin small, and what takes too long for its size is stopped, so that a quadratic step is
found in seconds and an exponential one at all.
"""

from __future__ import annotations

import gc
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Final, NamedTuple

from benchmarks.robustness_runs import Run

FIRST: Final = 1 << 10
SECOND: Final = 1 << 13
"""Sizes at which every run is tried."""
WHOLE: Final = 1 << 20
"""1 MB, in which the dearest are measured."""
MOST_RATIO: Final = 3.0
"""What twice the input may cost: twice as much is linear, four times is the square."""
FLOOR: Final = 0.1
"""Seconds for 1 MB below which growth is noise, of memory mostly: a square of a million takes
longer, even of one in a thousand characters."""
_MOST_SECONDS: Final = 30.0
"""After so many of them a step is stopped.  The dearest that is linear takes 7: half a million
lines of JSON with an error in each."""
_TRIES: Final = 4

Step = Callable[[str], object]


class TooLong(Exception):
    """A step took longer than any may."""


class Growth(NamedTuple):
    """What a run does to a step."""

    run: Run | None = None
    """None: nothing was tried."""
    size: int = WHOLE
    seconds: float = 0.0
    """For so many characters; of a run that was stopped, until then."""
    ratio: float = 0.0
    """In relation to half of them."""

    @property
    def is_over(self) -> bool:
        """Whether it grows faster than it may, or takes longer than anything may."""
        return self.seconds > FLOOR and self.ratio > MOST_RATIO


def growth(step: Step, runs: Sequence[Run]) -> Growth:
    """What the worst of some runs does to a step.

    All are tried in two small sizes.  Those that take longest, and that grow fastest between the
    two, are measured in full.
    """
    tried: list[tuple[float, float, Run]] = []
    for run in runs:
        try:
            small, large = (seconds_of(step, run.run(size)) for size in (FIRST, SECOND))
        except TooLong:
            return Growth(run, SECOND, _MOST_SECONDS, float("inf"))
        tried.append((large, large / small, run))
    worst = [max(tried, key=lambda each: each[:1]), max(tried, key=lambda each: each[1:2])]
    found = [measured(step, run) for run in dict.fromkeys(each[2] for each in worst)]
    return max(found, key=lambda each: (each.is_over, each.seconds))


def measured(step: Step, run: Run) -> Growth:
    """What a run of 1 MB does to a step.

    Where it is more than twice what half of it does, by far, that is tried again, and must be so
    between a quarter and a half too: memory comes in steps, and a square is one everywhere.
    """
    quarter, half, whole = (run.run(WHOLE >> by) for by in (2, 1, 0))
    try:
        small, large = seconds_of(step, half), seconds_of(step, whole)
        for _ in range(_TRIES):
            if large <= max(FLOOR, small * MOST_RATIO):
                return Growth(run, WHOLE, large, large / small)
            small, large = min(small, seconds_of(step, half)), min(large, seconds_of(step, whole))
        least = min(seconds_of(step, quarter) for _ in range(_TRIES))
    except TooLong:
        return Growth(run, WHOLE, _MOST_SECONDS, float("inf"))
    return Growth(run, WHOLE, large, min(large / small, small / least))


def seconds_of(step: Step, text: str) -> float:
    """The processor time of a step.

    Raises:
        TooLong: it was stopped.
    """
    with _limit(_MOST_SECONDS):
        begin = time.process_time()
        step(text)
        return max(time.process_time() - begin, 1e-6)


@contextmanager
def _limit(seconds: float) -> Iterator[None]:
    """Stop what takes more processor time: :mod:`re` looks for signals as it goes.

    Meanwhile no garbage is collected: that takes a time of its own.
    """

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TooLong

    gc.disable()
    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
        gc.enable()
