"""The child process of :mod:`transforms.watching`: does what it is told until the pipe closes."""

from __future__ import annotations

import fcntl
import logging
import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

import msgspec

from transforms.block import each_record
from transforms.decoding import decode_record
from transforms.document import Record
from transforms.settings import DecodeSettings, SplitSettings
from transforms.splitting import split_record
from transforms.watching import NO_MEMORY, Answer, Logged, Step

_SAMPLE: Final = (
    b"<!DOCTYPE html><title>Bridge</title><p>The town council voted on Tuesday to repair the old"
    b" bridge over the river, which has been closed since the spring floods of 2019. \xe9</p>"
)

_MOST_LOGGED: Final = 20
"""Lines of the log for one item."""
_MOST_TEXT: Final = 10_000
"""Characters in one of them: a trace has a tenth."""


def main(pipe: str, seconds: str, memory_bytes: str) -> None:
    """Serve until the other end of the pipe closes.

    Args:
        pipe: number of the file that is this end of it.
        seconds: processor time that an item may take, 0 for any.
        memory_bytes: memory that it may take besides what the process has, 0 for any.
    """
    try:
        _serve(Connection(int(pipe)), float(seconds), int(memory_bytes))
    except MemoryError:
        os._exit(NO_MEMORY)


def _serve(pipe: Connection, seconds: float, memory_bytes: int) -> None:
    # Whoever is at the terminal stops the parent, and this process ends with it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())  # the thread that started it may have one
    fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
    log = _Log(logging.WARNING)
    logging.getLogger().addHandler(log)
    # What is imported and made once is no item's fault.
    sample = Record(id="sample", source="sample", data=_SAMPLE)
    (decoded,) = _do("decode", sample, (DecodeSettings(),)).decoded
    _do("split", decoded, (SplitSettings(), DecodeSettings()))
    log.take()
    if memory_bytes:
        most = _held() + memory_bytes
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)  # what a crash prints is no line of a run's log
    pipe.send_bytes(b"ready")
    while True:
        try:
            step, item, settings = pipe.recv()
        except EOFError:
            return
        # Without a handler the kernel ends the process, whatever it does.
        signal.setitimer(signal.ITIMER_PROF, seconds)
        with _ending_with(pipe):
            answer = msgspec.structs.replace(_do(step, item, settings), logged=log.take())
        signal.setitimer(signal.ITIMER_PROF, 0)
        pipe.send_bytes(msgspec.msgpack.encode(answer))


@contextmanager
def _ending_with(pipe: Connection) -> Iterator[None]:
    """End when the other end of the pipe closes, whatever the process does.

    The kernel then sends SIGIO, which ends a process on Linux; elsewhere the time does.  While an
    item is at work nothing else happens to the pipe.
    """
    flags = fcntl.fcntl(pipe, fcntl.F_GETFL)
    fcntl.fcntl(pipe, fcntl.F_SETFL, flags | os.O_ASYNC)
    if pipe.poll():  # it was closed before
        os._exit(1)
    yield
    fcntl.fcntl(pipe, fcntl.F_SETFL, flags)


class _Log(logging.Handler):
    """Keeps what is logged of an item, for the parent to log."""

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self._lines: list[Logged] = []

    def emit(self, record: logging.LogRecord) -> None:
        if len(self._lines) < _MOST_LOGGED:
            text = self.format(record)[:_MOST_TEXT].encode("utf-8", "backslashreplace").decode()
            self._lines.append(Logged(record.name, record.levelno, text))

    def take(self) -> tuple[Logged, ...]:
        """The lines since the last time."""
        lines = tuple(self._lines)
        self._lines.clear()
        return lines


def _do(step: Step, item: Any, settings: Any) -> Answer:
    if step == "decode":
        decoded, rejected = each_record(
            [item],
            lambda each: decode_record(each, *settings),
            lambda each: (each.source, each.record),
        )
        return Answer(decoded=decoded, rejected=rejected)
    documents, rejected = each_record(
        [item],
        lambda each: split_record(each, *settings),
        lambda each: (each.record.source, each.record.record),
    )
    return Answer(documents=documents, rejected=rejected)


def _held() -> int:
    """The bytes of memory that count for the limit and that the process has already."""
    pages = int(Path("/proc/self/statm").read_text().split()[5])
    return pages * os.sysconf("SC_PAGE_SIZE")
