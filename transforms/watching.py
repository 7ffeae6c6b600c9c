"""Records that take too much, as a last resort: read in a process that the kernel ends.

Code below Python (a parser, a pattern) cannot be interrupted from inside.  So with limits set,
records are decoded and split in a child process.  The kernel ends it at the limit, whatever it
does; the record becomes a dead letter, and the next one gets a new child.

A child ends with its parent, also in the middle of a record.  It is no sandbox: what it says is
read as data of the types expected, but it has the rights of its parent.
"""

from __future__ import annotations

import atexit
import json
import logging
import signal
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Pipe
from typing import IO, Any, Final, Literal

import msgspec

from transforms.block import Block, DecodedRecord, RecordError, dead_letter
from transforms.document import DeadLetter, Document
from transforms.settings import DecodeSettings, SplitSettings, WatchSettings

Step = Literal["decode", "split"]

TOO_SLOW: Final = "took-too-long"
TOO_LARGE: Final = "took-too-much-memory"
CRASHED: Final = "crashed"
UNREPRODUCIBLE: Final = (CRASHED, TOO_LARGE, TOO_SLOW)
"""Errors that depend on the machine: a run that has one is not reproducible."""

NO_MEMORY: Final = 77
"""The exit code of a child that could get no memory."""

_STARTING_SECONDS: Final = 300
"""It takes two, on a machine with nothing else to do."""

_STOPS: Final = (-signal.SIGTERM, -signal.SIGHUP)
"""Exit codes of a child that somebody ended, whatever the record was."""

_BOOT: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
    " from transforms.watched import main; main(*sys.argv[2:])"
)
"""The child imports what its parent would."""

_MOST_SAID: Final = 1_000
"""Characters that are told of a child that did not start."""

_ADVICE: Final = "look at the record and leave it out"


class Watched(RecordError):
    """What a record was stopped for."""


class WatchingError(Exception):
    """No record can be watched; it says nothing about the records."""


class Logged(msgspec.Struct, frozen=True):
    """What a child would have logged."""

    logger: str
    level: int
    text: str
    """The message, and the trace below it."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a child makes of an item: one of the first three has one entry."""

    decoded: tuple[DecodedRecord, ...] = ()
    documents: tuple[Document, ...] = ()
    rejected: tuple[DeadLetter, ...] = ()
    logged: tuple[Logged, ...] = ()


_ANSWER: Final = msgspec.msgpack.Decoder(Answer)


class _Child:
    """A process that does steps on items, one after the other."""

    def __init__(self, watch: WatchSettings) -> None:
        """Start it.

        Raises:
            WatchingError: it does not start.
        """
        self._watch = watch
        self._pipe, theirs = Pipe()
        path = json.dumps([entry for entry in sys.path if isinstance(entry, str)])
        limits = [str(watch.seconds), str(watch.memory_bytes)]
        with theirs, tempfile.TemporaryFile() as complaints:
            self._process = subprocess.Popen(  # noqa: S603 it starts itself
                [sys.executable, "-P", "-c", _BOOT, path, str(theirs.fileno()), *limits],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=complaints,  # until it is ready
            )
            theirs.close()  # or it would be open for as long as this waits
            try:
                self._await_ready(complaints)
            except BaseException:
                self.end()
                raise

    def do(self, step: Step, item: object, settings: Sequence[object]) -> Answer:
        """What the step makes of an item, or the dead letter; both as :func:`each_record` does.

        Raises:
            Watched: the child was ended; it can do nothing more.
            WatchingError: somebody else ended it.
        """
        try:
            self._pipe.send((step, item, settings))
            data = self._pipe.recv_bytes()
        except (EOFError, OSError) as error:
            raise self._why() from error
        try:
            return _ANSWER.decode(data)
        except msgspec.DecodeError as error:
            raise _crashed("sent what is no answer") from error

    def end(self) -> None:
        """End it, whatever it does."""
        self._pipe.close()
        self._process.kill()
        self._process.wait()

    def _await_ready(self, complaints: IO[bytes]) -> None:
        how = f"it said nothing for {_STARTING_SECONDS} s"
        try:
            if self._pipe.poll(_STARTING_SECONDS):
                self._pipe.recv_bytes()
                return
        except (EOFError, OSError):
            code = self._process.wait()
            complaints.seek(0)
            said = complaints.read().decode("utf-8", "replace").split("\n")
            last = [line for line in said if line.strip()][-1:] or [_ending(code)]
            how = last[0][:_MOST_SAID]
        raise WatchingError(
            f"the process that [watch] reads records in does not start ({how}): mend that, or run"
            " without [watch]"
        )

    def _why(self) -> Watched | WatchingError:
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
        if code in _STOPS:
            return WatchingError(
                f"the process that [watch] reads records in was stopped ({_ending(code)}): run it"
                " again"
            )
        return _crashed(f"ended ({_ending(code)}), which may be for want of memory")


def _crashed(how: str) -> Watched:
    return Watched(CRASHED, f"the process that read it {how}: {_ADVICE}, and report it")


def _ending(code: int) -> str:
    """An exit code for people: ``SIGSEGV``, ``signal 34`` (it has no name), ``exit code 1``."""
    try:
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"
    except ValueError:
        return f"signal {-code}"


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
    """The block with its records decoded, each within the limits.

    Raises:
        WatchingError: the process that is to read them does not start, or was told to stop.
    """
    answers, rejected = _each(
        "decode", block.records, (settings,), watch, lambda each: (each.source, each.record)
    )
    return Block(
        index=block.index,
        decoded=tuple(each for answer in answers for each in answer.decoded),
        rejected=block.rejected + rejected,
    )


def split_watched(
    block: Block, settings: SplitSettings, decode: DecodeSettings, watch: WatchSettings
) -> Block:
    """The block with its decoded records split into paragraphs, each within the limits.

    Raises:
        WatchingError: as :func:`decode_watched`.
    """
    answers, rejected = _each(
        "split",
        block.decoded,
        (settings, decode),
        watch,
        lambda each: (each.record.source, each.record.record),
    )
    return Block(
        index=block.index,
        documents=tuple(each for answer in answers for each in answer.documents),
        rejected=block.rejected + rejected,
    )


def _each(
    step: Step,
    items: Sequence[Any],
    settings: Sequence[object],
    watch: WatchSettings,
    identify: Callable[[Any], tuple[str, str | None]],
) -> tuple[list[Answer], tuple[DeadLetter, ...]]:
    answers: list[Answer] = []
    rejected: list[DeadLetter] = []
    for item in items:
        try:
            with _child(watch) as child:
                answer = child.do(step, item, settings)
        except Watched as error:
            rejected.append(dead_letter(error, *identify(item)))
            continue
        for line in answer.logged:
            logging.getLogger(line.logger).log(line.level, "%s", line.text)
        answers.append(answer)
        rejected += answer.rejected
    return answers, tuple(rejected)
