"""What a command costs with every process that it starts.

A process whose parent is gone is adopted by init, and what it used is lost to ``time``.  The
measuring process asks the kernel to be the one that adopts, and waits for every last one.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

PROJECT: Final = Path(__file__).parent.parent

_PR_SET_CHILD_SUBREAPER: Final = 36
_SAMPLES_A_SECOND: Final = 5
_PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")
_PARENT: Final = 1
_RESIDENT: Final = 21
"""Fields of ``/proc/PID/stat`` behind the name, which may hold spaces."""


class Cost(NamedTuple):
    """What a command and everything it started has cost."""

    cpu: float
    """Processor seconds, user and system."""
    wall: float
    """Seconds until the command ended."""
    proportional: int
    """Most bytes of memory at one time, what processes share being counted once (Pss)."""
    resident: int
    """The same with the resident sets added up: what is shared counts in each."""
    watched: int
    """Most bytes at one time in the folders that were watched."""


class CommandError(RuntimeError):
    """A measured command failed."""


def measure(
    command: Sequence[str | Path], watch: str = "", environment: Mapping[str, str] | None = None
) -> Cost:
    """Run a command in a process of its own that adopts what it leaves behind.

    Args:
        watch: a glob pattern of folders, from ``/``, whose files are added up as it runs.
        environment: variables for the command beside our own.

    Raises:
        CommandError: it ended with another exit code than 0.
    """
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch, "cost.json")
        done = subprocess.run(  # noqa: S603  the caller names the command
            [sys.executable, "-m", __spec__.name, report, watch, *command],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd=PROJECT,
            env={**os.environ, **(environment or {})},
            check=False,
        )
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip()
            raise CommandError(f"exit code {done.returncode} of {command}: {said[-2_000:]}")
        return Cost(**json.loads(report.read_text()))


def medians(costs: Iterable[Cost]) -> Cost:
    """The median of each figure: those of different runs may stand side by side."""
    cpu, wall, *sizes = (median(figures) for figures in zip(*costs, strict=True))
    return Cost(cpu, wall, *map(round, sizes))


def in_turns(jobs: Mapping[str, Callable[[], Cost]], rounds: int) -> dict[str, Cost]:
    """The medians of some jobs that take turns, so that what else the machine does is shared."""
    costs: dict[str, list[Cost]] = {name: [] for name in jobs}
    for _ in range(rounds):
        for name, job in jobs.items():
            costs[name].append(job())
    return {name: medians(each) for name, each in costs.items()}


class _Sampler(threading.Thread):
    """Looks at all descendants of this process some times a second."""

    def __init__(self, watch: str) -> None:
        super().__init__(daemon=True)
        self._watch = watch.removeprefix("/")
        self._ended = threading.Event()
        self.proportional = self.resident = self.watched = 0

    def run(self) -> None:
        while not self._ended.wait(1 / _SAMPLES_A_SECOND):
            members = descendants(os.getpid())
            self.proportional = max(self.proportional, sum(map(_proportional, members)))
            self.resident = max(self.resident, sum(members.values()))
            if self._watch:
                self.watched = max(self.watched, _bytes_in(self._watch))

    def end(self) -> None:
        """Stop looking."""
        self._ended.set()
        self.join()


def descendants(ancestor: int) -> dict[int, int]:
    """The resident bytes of the living descendants of a process, by their ids."""
    children: dict[int, list[int]] = {}
    resident: dict[int, int] = {}
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            fields = Path("/proc", name, "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended
        children.setdefault(int(fields[_PARENT]), []).append(int(name))
        resident[int(name)] = int(fields[_RESIDENT]) * _PAGE_BYTES
    found: dict[int, int] = {}
    waiting = [ancestor]
    while waiting:
        for child in children.get(waiting.pop(), ()):
            found[child] = resident[child]
            waiting.append(child)
    return found


def _proportional(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0  # it has ended
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def _bytes_in(pattern: str) -> int:
    total = 0
    for folder in Path("/").glob(pattern):
        for path in folder.rglob("*"):
            try:
                total += path.stat().st_size if path.is_file() else 0
            except OSError:
                continue  # it was moved or removed
    return total


def _main(report: str, watch: str, command: Sequence[str]) -> int:
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    sampler = _Sampler(watch)
    begin = time.monotonic()
    process = subprocess.Popen(command)  # noqa: S603  the caller names the command
    sampler.start()
    code, wall = 0, 0.0
    while True:
        try:
            ended, status = os.wait()
        except ChildProcessError:
            break
        if ended == process.pid:
            code, wall = os.waitstatus_to_exitcode(status), time.monotonic() - begin
    sampler.end()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cost = Cost(
        used.ru_utime + used.ru_stime,
        wall,
        sampler.proportional,
        sampler.resident,
        sampler.watched,
    )
    Path(report).write_text(json.dumps(cost._asdict()))
    return code and 1


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1], sys.argv[2], sys.argv[3:]))
