"""Fuzz for long: ``python -m benchmarks.robustness_fuzz DIR``.

Ten million inputs for the pure functions and thirty processor minutes for each reader of pages
and of web archives, a slice at a time, one process after the other.  ``DIR`` holds the corpora,
what was found and the figures of each slice: begun again, it goes on where it was.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from tests.fuzzing.targets import PURE

PROJECT: Final = Path(__file__).parent.parent

_SLICE_SECONDS: Final = 240.0
_EXECUTIONS: Final = 10_000_000
_READER_MINUTES: Final = 30.0
_READERS: Final = ("page", "warc")
_NICENESS: Final = 10
_SHARES: Final = {"fold": 3, "normalise": 3, "shingles": 2, "vetoes": 3, "decode": 3, "split": 2}
"""Weights of the pure functions among all inputs; one of the others counts one."""
_RESULTS: Final = "results.jsonl"
_STAT: Final = re.compile(r"^stat::(\w+):\s+(\d+)", re.MULTILINE)
_COUNT: Final = re.compile(r"^#(\d+)", re.MULTILINE)
_LOADED: Final = re.compile(r"^loaded with (\d+) MB$", re.MULTILINE)
_UNAVAILABLE: Final = 75
_TAIL: Final = 4_000


class Slice(msgspec.Struct):
    """What one process of fuzzing did."""

    target: str
    executions: int
    seconds: float
    """Processor seconds, with those of loading."""
    growth: int
    """Megabytes beyond those that it had when it was loaded."""
    finding: str | None
    """What it was ended by, if not by its limit."""


def main(arguments: list[str] | None = None) -> int:
    """Fuzz until the figures are reached, and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--executions", type=int, default=_EXECUTIONS)
    parser.add_argument("--reader-minutes", type=float, default=_READER_MINUTES)
    parser.add_argument("--slice", type=float, default=_SLICE_SECONDS, help="processor seconds")
    parser.add_argument("--report", action="store_true", help="only print what was done")
    options = parser.parse_args(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    if not options.report:
        for target, seconds, runs in _work(options):
            _append(options.folder, _run(options.folder, target, seconds, runs))
    done = _done(options.folder)
    print(_table(done))
    return 1 if any(each.finding for each in done) else 0


def _work(options: argparse.Namespace) -> Iterator[tuple[str, float, int | None]]:
    """The slices that are left: a target, its processor seconds, its inputs."""
    for name in _READERS:
        while (left := 60 * options.reader_minutes - _seconds(options.folder, name)) > 1:
            yield name, min(left, options.slice), None
    weights = {name: _SHARES.get(name, 1) for name in PURE}
    wanted = {
        name: options.executions * weight // sum(weights.values())
        for name, weight in weights.items()
    }
    while True:
        # In turns: whatever has time for it, every target was run.
        left = {name: most - _executions(options.folder, name) for name, most in wanted.items()}
        open_ = {name: count for name, count in left.items() if count > 0}
        if not open_:
            return
        for name, count in open_.items():
            yield name, options.slice, count


def _run(folder: Path, target: str, seconds: float, runs: int | None) -> Slice:
    command = [
        sys.executable, "-m", "tests.fuzzing", target, f"--seconds={seconds:.0f}",
        f"--corpus={folder / 'corpus' / target}", f"--findings={folder / 'findings'}",
        *([f"--runs={runs}"] if runs is not None else []),
    ]  # fmt: skip
    before = os.times()
    done = subprocess.run(  # noqa: S603  a command of ours
        command,
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        preexec_fn=lambda: os.nice(_NICENESS),
    )
    said = done.stdout.decode(errors="replace")
    if done.returncode == _UNAVAILABLE:
        raise SystemExit(said)
    after = os.times()
    stats = {name: int(value) for name, value in _STAT.findall(said)}
    counts = [int(count) for count in _COUNT.findall(said)]
    loaded = _LOADED.search(said)
    used = after.children_user + after.children_system
    return Slice(
        target,
        stats.get("number_of_executed_units", max(counts, default=0)),
        round(used - before.children_user - before.children_system, 1),
        max(0, stats.get("peak_rss_mb", 0) - int(loaded[1])) if loaded else 0,
        said[-_TAIL:] if done.returncode else None,
    )


def _append(folder: Path, found: Slice) -> None:
    with (folder / _RESULTS).open("ab") as file:
        file.write(msgspec.json.encode(found) + b"\n")
    print(
        f"{found.target}: {found.executions:,} inputs in {found.seconds:.0f} s,"
        f" growth {found.growth} MB{', FOUND SOMETHING' if found.finding else ''}",
        flush=True,
    )


def _done(folder: Path) -> list[Slice]:
    path = folder / _RESULTS
    lines = path.read_bytes().splitlines() if path.exists() else []
    return [msgspec.json.decode(line, type=Slice) for line in lines]


def _seconds(folder: Path, target: str) -> float:
    return sum(each.seconds for each in _done(folder) if each.target == target)


def _executions(folder: Path, target: str) -> int:
    return sum(each.executions for each in _done(folder) if each.target == target)


def _table(done: list[Slice]) -> str:
    rows = ["target        inputs   seconds  a second  growth MB  findings"]
    names = dict.fromkeys(each.target for each in done)
    for name in [*names, None]:
        own = [each for each in done if name in (None, each.target)]
        executions, seconds = sum(e.executions for e in own), sum(e.seconds for e in own)
        growth = max((each.growth for each in own), default=0)
        found = sum(each.finding is not None for each in own)
        rows.append(
            f"{name or 'all':10}{executions:>10,}{seconds:>10,.0f}"
            f"{executions / max(seconds, 1):>10,.0f}{growth:>11}{found:>10}"
        )
    return "\n".join(rows)


if __name__ == "__main__":
    sys.exit(main())
