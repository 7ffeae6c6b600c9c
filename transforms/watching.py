"""Records that take too much, as a last resort: read in a process that the kernel ends.

Code below Python (a parser, a pattern) cannot be interrupted from inside.  So with limits set,
records are decoded and split in a child process.  The kernel ends it at the limit, whatever it
does; the record becomes a dead letter, and the next one gets a new child.
"""

from __future__ import annotations

import atexit
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Pipe
from typing import Any, Final, Literal

from transforms.block import Block, RecordError, dead_letter
from transforms.document import DeadLetter
from transforms.settings import DecodeSettings, SplitSettings, WatchSettings

Step = Literal["decode", "split"]

TOO_SLOW: Final = "took-too-long"
TOO_LARGE: Final = "took-too-much-memory"
CRASHED: Final = "crashed"
UNREPRODUCIBLE: Final = (CRASHED, TOO_LARGE, TOO_SLOW)
"""Errors that depend on the machine: a run that has one is not reproducible."""

NO_MEMORY: Final = 77
"""The exit code of a child that could get no memory."""

_ADVICE: Final = "look at the record and leave it out"


class Watched(RecordError):
    """What a record was stopped for."""


class _Child:
    """A process that does steps on items, one after the other."""

    def __init__(self, watch: WatchSettings) -> None:
        self._watch = watch
        self._pipe, theirs = Pipe()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 it starts itself
                [
                    sys.executable,
                    "-P",
                    "-m",
                    "transforms.watched",
                    str(theirs.fileno()),
                    str(watch.seconds),
                    str(watch.memory_bytes),
                ],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # what a crash prints is no line of a run's log
            )
        self._receive()  # it is ready

    def do(self, step: Step, item: object, settings: Sequence[object]) -> Any:
        """What the step makes of an item, or the dead letter; both as :func:`each_record` does.

        Raises:
            Watched: the child was ended; it can do nothing more.
        """
        try:
            self._pipe.send((step, item, settings))
        except OSError as error:
            raise self._why() from error
        return self._receive()

    def end(self) -> None:
        """End it, whatever it does."""
        self._pipe.close()
        self._process.kill()
        self._process.wait()

    def _receive(self) -> Any:
        try:
            return self._pipe.recv()
        except (EOFError, OSError) as error:
            raise self._why() from error

    def _why(self) -> Watched:
        code = self._process.wait()
        watch = self._watch
        if code == -signal.SIGPROF:
            return Watched(
                TOO_SLOW,
                f"it took more than {watch.seconds:g} s of processor time and was stopped: "
                f"{_ADVICE}, or raise watch.seconds",
            )
        if code == NO_MEMORY:
            return Watched(
                TOO_LARGE,
                f"it took more than {watch.memory_bytes:,} bytes of memory: {_ADVICE}, or raise"
                " watch.memory_bytes",
            )
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return Watched(
            CRASHED,
            f"the process that read it ended ({how}), which may be for want of memory: {_ADVICE},"
            " and report it",
        )


_idle: Final[dict[WatchSettings, deque[_Child]]] = {}
"""Children that wait for work, by what they were started with."""


@contextmanager
def _child(watch: WatchSettings) -> Iterator[_Child]:
    """A child of one's own, for as long as it lives."""
    idle = _idle.setdefault(watch, deque())
    try:
        child = idle.pop()
    except IndexError:
        child = _Child(watch)
    try:
        yield child
    except BaseException:
        child.end()
        raise
    idle.append(child)


@atexit.register
def end_children() -> None:
    """End the children that wait."""
    for idle in _idle.values():
        while idle:
            with suppress(OSError):
                idle.pop().end()


def decode_watched(block: Block, settings: DecodeSettings, watch: WatchSettings) -> Block:
    """The block with its records decoded, each within the limits."""
    decoded, rejected = _each(
        "decode", block.records, (settings,), watch, lambda each: (each.source, each.record)
    )
    return Block(index=block.index, decoded=decoded, rejected=block.rejected + rejected)


def split_watched(
    block: Block, settings: SplitSettings, decode: DecodeSettings, watch: WatchSettings
) -> Block:
    """The block with its decoded records split into paragraphs, each within the limits."""
    documents, rejected = _each(
        "split",
        block.decoded,
        (settings, decode),
        watch,
        lambda each: (each.record.source, each.record.record),
    )
    return Block(index=block.index, documents=documents, rejected=block.rejected + rejected)


def _each(
    step: Step,
    items: Sequence[Any],
    settings: Sequence[object],
    watch: WatchSettings,
    identify: Callable[[Any], tuple[str, str | None]],
) -> tuple[tuple[Any, ...], tuple[DeadLetter, ...]]:
    results: list[Any] = []
    rejected: list[DeadLetter] = []
    for item in items:
        try:
            with _child(watch) as child:
                made, letters = child.do(step, item, settings)
        except Watched as error:
            rejected.append(dead_letter(error, *identify(item)))
            continue
        results += made
        rejected += letters
    return tuple(results), tuple(rejected)
