"""Fuzz for long: ``python -m benchmarks.robustness fuzz DIR``.

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
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from tests.fuzzing.__main__ import UNAVAILABLE

PROJECT: Final = Path(__file__).parent.parent

_SLICE_SECONDS: Final = 120.0
_EXECUTIONS: Final = 10_000_000
_READER_MINUTES: Final = 30.0
_READERS: Final = ("page", "warc")
_NICENESS: Final = 10
_SHARES: Final = {
    "normalise": 420, "decode": 420, "fold": 80, "split": 30, "vetoes": 20, "shingles": 20,
    "judge": 8, "clean": 2,
}  # fmt: skip
"""How many of a thousand inputs each pure function gets: of the dear ones fewer."""
_RESULTS: Final = "results.jsonl"
_SAID: Final = re.compile(r"^inputs: (\d+); growth: (-?\d+) MB$", re.MULTILINE)
_COUNT: Final = re.compile(r"^#(\d+)", re.MULTILINE)
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
    """The slices that are left, a target with its processor seconds and inputs, all in turns."""
    all_shares = sum(_SHARES.values())
    wanted = {name: options.executions * share // all_shares for name, share in _SHARES.items()}
    while True:
        done = _done(options.folder)
        seconds = {
            name: 60 * options.reader_minutes - _total(done, name).seconds for name in _READERS
        }
        counts = {name: most - _total(done, name).executions for name, most in wanted.items()}
        left = [
            (name, min(most, options.slice), None) for name, most in seconds.items() if most > 1
        ]
        left += [(name, options.slice, most) for name, most in counts.items() if most > 0]
        if not left:
            return
        yield from left


def _run(folder: Path, target: str, seconds: float, runs: int | None) -> Slice:
    command = [
        sys.executable, "-m", "tests.fuzzing", target, f"--seconds={seconds:.0f}",
        f"--corpus={folder / 'corpus'}", f"--findings={folder / 'findings'}",
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
    if done.returncode == UNAVAILABLE:
        raise SystemExit(said)
    after = os.times()
    ended = _SAID.search(said)
    # One that libFuzzer has ended tells only now and then how many there were.
    counts = [int(count) for count in _COUNT.findall(said)]
    used = after.children_user + after.children_system
    return Slice(
        target,
        int(ended[1]) if ended else max(counts, default=0),
        round(used - before.children_user - before.children_system, 1),
        int(ended[2]) if ended else 0,
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


def _total(done: Iterable[Slice], target: str | None) -> Slice:
    """What the slices of a target come to; of all targets for ``None``."""
    own = [each for each in done if target in (None, each.target)]
    return Slice(
        target or "all",
        sum(each.executions for each in own),
        sum(each.seconds for each in own),
        max((each.growth for each in own), default=0),
        "\n".join(each.finding for each in own if each.finding) or None,
    )


def _table(done: list[Slice]) -> str:
    rows = ["target         inputs   seconds  a second  growth MB  findings"]
    names = dict.fromkeys(each.target for each in done)
    for name in [*names, None]:
        total = _total(done, name)
        rows.append(
            f"{total.target:10}{total.executions:>11,}{total.seconds:>10,.0f}"
            f"{total.executions / max(total.seconds, 1):>10,.0f}{total.growth:>11}"
            f"{'  yes' if total.finding else '   no':>10}"
        )
    return "\n".join(rows)


if __name__ == "__main__":
    sys.exit(main())
