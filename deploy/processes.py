"""Processes of an engine on this machine: started, waited for, and always stopped."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Final

LOOPBACK: Final = "127.0.0.1"

_GRACE_SECONDS: Final = 5.0
_POLL_SECONDS: Final = 0.1
_LOG_TAIL: Final = 2_000


class EngineError(RuntimeError):
    """An engine did not do what it should; the message says what."""


class Processes:
    """Named processes, each with a log file and a group of its own.

    As a context manager it ends them all, and what they started.
    """

    def __init__(self, logs: Path) -> None:
        logs.mkdir(parents=True, exist_ok=True)
        self._logs = logs
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Processes:
        return self

    def __exit__(self, *_: object) -> None:
        for name in reversed([*self._running]):
            self.end(name)

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        environment: Mapping[str, str] | None = None,
    ) -> subprocess.Popen[bytes]:
        """Start a process; what it prints goes to ``NAME.log``."""
        with (self._logs / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(environment or {})},
                start_new_session=True,
            )
        self._running[name] = process
        return process

    def end(self, name: str, *, at_once: bool = False) -> None:
        """End a process and its group, with SIGKILL ``at_once`` or after a grace."""
        process = self._running.pop(name)
        if not at_once:
            _signal_group(process.pid, signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(_GRACE_SECONDS)
        # Also after a clean end: what it started may have outlived it.
        _signal_group(process.pid, signal.SIGKILL)
        process.wait()

    def id_of(self, name: str) -> int:
        """The id of a process that was started here."""
        return self._running[name].pid

    def wait(self, name: str, is_ready: Callable[[], bool], seconds: float) -> None:
        """Wait until a process is ready.

        Raises:
            EngineError: it ended, or was not ready in time; with the end of its log.
        """
        limit = time.monotonic() + seconds
        while not is_ready():
            ended = self._running[name].poll() is not None
            if ended or time.monotonic() > limit:
                what = "ended" if ended else f"was not ready after {seconds:.0f} s"
                raise EngineError(f"{name} {what}:\n{self.tail(name)}")
            time.sleep(_POLL_SECONDS)

    def tail(self, name: str) -> str:
        """The last lines of a process's log."""
        data = (self._logs / f"{name}.log").read_bytes()[-_LOG_TAIL:]
        return data.decode("utf-8", "replace")


def _signal_group(leader: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(leader, number)


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def listens(port: int) -> Callable[[], bool]:
    """Whether something listens on a port of the loopback address."""

    def look() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex((LOOPBACK, port)) == 0

    return look


def children_of(process: int) -> list[int]:
    """The processes that a process started, in whichever thread, and that still run (Linux)."""
    lists = Path("/proc", str(process), "task").glob("*/children")
    return [int(word) for path in lists for word in path.read_text(encoding="ascii").split()]


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Let SIGTERM and SIGHUP unwind this process as SIGINT does, so that nothing is left."""

    def leave(number: int, _: FrameType | None) -> None:
        sys.exit(128 + number)

    before = {number: signal.signal(number, leave) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
