"""The child process of :mod:`transforms.watching`: does what it is told until the pipe closes."""

from __future__ import annotations

import logging
import os
import resource
import signal
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from transforms.block import each_record
from transforms.decoding import decode_record
from transforms.document import Record
from transforms.settings import DecodeSettings, SplitSettings
from transforms.splitting import split_record
from transforms.watching import NO_MEMORY, Step

_SAMPLE: Final = (
    b"<!DOCTYPE html><title>Bridge</title><p>The town council voted on Tuesday to repair the old"
    b" bridge over the river, which has been closed since the spring floods of 2019. \xe9</p>"
)


def main(pipe: Connection, seconds: float, memory_bytes: int) -> None:
    """Serve until the other end of the pipe closes.

    Args:
        seconds: processor time that an item may take, 0 for any.
        memory_bytes: memory that it may take besides what the process has, 0 for any.
    """
    logging.getLogger().addHandler(logging.NullHandler())
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # it ends with its parent, not before
    # What is imported and made once is no item's fault.
    sample = Record(id="sample", source="sample", data=_SAMPLE)
    (decoded,), _ = _do("decode", sample, (DecodeSettings(),))
    _do("split", decoded, (SplitSettings(), DecodeSettings()))
    if memory_bytes:
        most = _held() + memory_bytes
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    pipe.send(None)
    while True:
        try:
            step, item, settings = pipe.recv()
        except EOFError:
            return
        # Without a handler the kernel ends the process, whatever it does.
        signal.setitimer(signal.ITIMER_PROF, seconds)
        answer = _do(step, item, settings)
        signal.setitimer(signal.ITIMER_PROF, 0)
        pipe.send(answer)


def _do(step: Step, item: Any, settings: Any) -> Any:
    if step == "decode":
        return each_record(
            [item],
            lambda each: decode_record(each, *settings),
            lambda each: (each.source, each.record),
        )
    return each_record(
        [item],
        lambda each: split_record(each, *settings),
        lambda each: (each.record.source, each.record.record),
    )


def _held() -> int:
    """The bytes of memory that count for the limit and that the process has already."""
    pages = int(Path("/proc/self/statm").read_text().split()[5])
    return pages * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    try:
        main(Connection(int(sys.argv[1])), float(sys.argv[2]), int(sys.argv[3]))
    except MemoryError:
        os._exit(NO_MEMORY)
