"""Is every regular expression, and every parser, linear in what a stranger gives it?

``python -m benchmarks.robustness patterns [--only WORDS]`` makes runs for each of them
(:mod:`benchmarks.robustness_runs`, :mod:`benchmarks.robustness_parsers`), tries all of these small,
and takes the dearest in 512 KB and in 1 MB.  Exit code 1: one grows faster than with its input.
"""

from __future__ import annotations

import argparse
import time
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple

from benchmarks.robustness_attacks import ordinary_text
from benchmarks.robustness_finding import found
from benchmarks.robustness_growth import FLOOR, MOST_RATIO, WHOLE, Growth, Step, growth, seconds_of
from benchmarks.robustness_parsers import PARSERS
from benchmarks.robustness_runs import runs_of
from transforms.patterns import PatternSet

_MOST_MATCHES: Final = 1 << 18
"""Matches that are taken of a run: RE2 needs a call of Python for each, which is no scan."""
_MOST_SHOWN: Final = 40
"""Characters of a run that are shown."""


class Row(NamedTuple):
    """What is measured, and the worst of it."""

    name: str
    runs: int
    growth: Growth
    prose: float
    """Seconds for 1 MB of prose."""


def rows(only: str) -> Iterator[Row]:
    """Every parser, then every pattern in each way in which it is used."""
    prose = ordinary_text(WHOLE).decode()
    for parser in PARSERS:
        if only in parser.name:
            runs, begin = parser.runs(), parser.before[-1]
            worst = growth(parser.step, runs)
            yield Row(parser.name, len(runs), worst, seconds_of(parser.step, begin + prose))
    for each in found():
        if only in each.name and not isinstance(each.pattern, PatternSet):  # a parser has it
            runs = runs_of(each.pattern)
            for way in each.ways:
                step = step_of(each.pattern, way)
                worst = growth(step, runs)
                yield Row(f"{each.name}.{way}", len(runs), worst, seconds_of(step, prose))


def step_of(pattern: Any, way: str) -> Step:
    """One way of using a pattern on a text."""
    use = getattr(pattern, way)
    encoding = "latin-1" if isinstance(pattern.pattern, bytes) else None

    def step(text: str) -> None:
        made = use(text.encode(encoding, "replace") if encoding else text)
        if way == "finditer":
            deque(islice(made, _MOST_MATCHES), maxlen=0)

    return step


def _line(row: Row) -> str:
    worst = row.growth
    over = f" OVER at {worst.size:,} characters" if worst.is_over else ""
    run = " ".join(f"{part!r:.{_MOST_SHOWN}}" for part in worst.run or ())
    ratio = f"{worst.ratio:.2f}" if worst.seconds > FLOOR else ""
    return (
        f"{row.name:<52}{row.runs:>6,}{1000 * worst.seconds:>9.1f}{ratio:>7}"
        f"{1000 * row.prose:>9.1f}  {run}{over}"
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Print a line for each; 1 if one grows too fast."""
    parser = argparse.ArgumentParser(prog="robustness patterns", description=__doc__)
    parser.add_argument("--only", default="", help="what has this in its name")
    options = parser.parse_args(argv)
    begin = time.process_time()
    print(f"{'':<52}{'runs':>6}{'1 MB, ms':>9}{'ratio':>7}{'prose':>9}  worst run")
    taken: list[Row] = []
    for row in rows(options.only):
        print(_line(row), flush=True)
        taken.append(row)
    if not taken:
        parser.error(f"nothing has {options.only!r} in its name")
    over = [row for row in taken if row.growth.is_over]
    runs = sum(row.runs for row in taken)
    slowest = max(taken, key=lambda row: row.growth.seconds)
    seconds = time.process_time() - begin
    print(
        f"\n{len(taken)} uses of patterns and parsers, {runs:,} runs, {seconds:.0f} processor s;"
        f" the slowest is {slowest.name}\nover a ratio of {MOST_RATIO:g}: {len(over)}"
    )
    for row in over:
        print(_line(row))
    return int(bool(over))
