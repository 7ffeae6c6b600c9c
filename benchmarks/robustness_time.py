"""What documents made to cost much do cost, against ordinary ones of their size.

``python -m benchmarks.robustness time`` makes each attack (:mod:`benchmarks.robustness_attacks`) in
two sizes, takes it through the whole flow on one core, and prints the worst first: its processor
time in relation to an ordinary document of the same size and kind, and the exponent with which
it grows.  Each is measured in a process of its own, which is stopped after a minute.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import resource
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from multiprocessing.connection import Connection
from statistics import median
from typing import Final, NamedTuple

import msgspec

from benchmarks.robustness_attacks import ORDINARY, Attack, World, attacks
from transforms.assemble import assemble
from transforms.block import Block
from transforms.document import Record
from transforms.settings import Settings
from transforms.single import decide_block, decode_block, judge_block, split_block

_MOST_SECONDS: Final = 120
"""Processor time after which an attack has won."""
_SIZE: Final = 500_000
_REPEATS: Final = 3
_MOST_TIMES: Final = 5.0
"""The figure to hold: an attack costs at most so many ordinary documents of its size."""
_MOST_EXPONENT: Final = 1.2
_STEPS: Final = ("decode", "split", "judge", "decide", "write")


class Cost(NamedTuple):
    """Processor seconds of each step, and what memory the attack took."""

    seconds: tuple[float, ...]
    megabytes: float

    @property
    def total(self) -> float:
        """Of all steps."""
        return sum(self.seconds)


class Row(NamedTuple):
    """What an attack does."""

    attack: Attack
    small: Cost
    large: Cost
    ordinary: Cost
    """An ordinary document of the larger size."""

    @property
    def times(self) -> float:
        """How many ordinary documents it costs."""
        return self.large.total / self.ordinary.total

    @property
    def exponent(self) -> float:
        """Of the size, with which it grows."""
        return math.log2(self.large.total / self.small.total)

    @property
    def is_over(self) -> bool:
        """Whether it does more than it may."""
        fast = self.times < 1  # a few milliseconds grow as they like
        return self.times > _MOST_TIMES or (self.exponent > _MOST_EXPONENT and not fast)


def records_of(texts: Sequence[bytes], world: World) -> tuple[Record, ...]:
    """The documents as records."""
    media = "text/html" if world == "page" else "text/plain"
    return tuple(
        Record(id=f"{number}", source=f"{number}", data=data, media_type=media, charset=None)  # type: ignore[arg-type]
        for number, data in enumerate(texts)
    )


def take(records: tuple[Record, ...], settings: Settings) -> tuple[float, ...]:
    """Take records through the flow; the processor seconds of each step."""
    at = [time.process_time()]
    block = decode_block(Block(index=0, records=records), settings.decode)
    at.append(time.process_time())
    block = split_block(block, settings.split, settings.decode)
    at.append(time.process_time())
    block = judge_block(block, settings.judge, settings.sites)
    at.append(time.process_time())
    cleaned = decide_block(block, settings)
    at.append(time.process_time())
    documents = cleaned.content.documents
    made = assemble(
        cleaned.content,
        cleaned.verdicts,
        lambda kept: documents[kept.position].text[kept.start : kept.end],
    )
    for row in (*made.documents, *made.removed, *made.rejected, *made.sources):
        msgspec.json.encode(row)
    at.append(time.process_time())
    return tuple(end - begin for begin, end in pairwise(at))


def _child(
    sender: Connection, texts: Sequence[bytes], world: World, settings: Settings, repeats: int
) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (_MOST_SECONDS, _MOST_SECONDS))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    records = records_of(texts, world)
    taken = [take(records, settings) for _ in range(repeats)]
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    best = min(taken, key=sum)
    sender.send(Cost(best, (after - before) / 1024))


def measure(texts: Sequence[bytes], world: World, settings: Settings, repeats: int) -> Cost:
    """What documents cost, in a process of its own."""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_child, args=(sender, texts, world, settings, repeats))
    child.start()
    sender.close()
    try:
        cost: Cost = receiver.recv()
    except EOFError:
        cost = Cost((math.nan, *[0.0] * (len(_STEPS) - 1)), math.nan)
    child.join()
    return cost if not math.isnan(cost.total) else Cost((float(_MOST_SECONDS), 0, 0, 0, 0), 0)


def rows(chosen: Sequence[Attack], size: int, settings: Settings, repeats: int) -> Iterator[Row]:
    """Measure attacks, one after the other."""
    for world, make in ORDINARY.items():  # models are loaded and caches warm before a fork
        take(records_of(make(size // 10), world), settings)
    known = {
        world: measure(make(2 * size), world, settings, repeats) for world, make in ORDINARY.items()
    }
    for attack in chosen:
        small, large = (
            measure(attack.make(each), attack.world, settings, repeats) for each in (size, 2 * size)
        )
        yield Row(attack, small, large, known[attack.world])


def _line(row: Row) -> str:
    steps = " ".join(f"{seconds:7.2f}" for seconds in row.large.seconds)
    over = " over" if row.is_over else ""
    return (
        f"{row.attack.name:<48}{row.times:>7.2f}{row.exponent:>7.2f}{row.large.total:>8.2f}"
        f"  {steps}{row.large.megabytes:>7.0f}{over}"
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table; 1 if an attack is over the figure."""
    parser = argparse.ArgumentParser(prog="robustness time", description=__doc__)
    parser.add_argument("--size", type=int, default=_SIZE, help="bytes of the smaller document")
    parser.add_argument("--repeats", type=int, default=_REPEATS, help="the best of so many counts")
    parser.add_argument("--only", default="", help="attacks whose name has this")
    options = parser.parse_args(argv)
    chosen = [attack for attack in attacks() if options.only in attack.name]
    found: list[Row] = []
    for row in rows(chosen, options.size, Settings(), options.repeats):
        print(_line(row), flush=True)
        found.append(row)
    found.sort(key=lambda row: -row.times)
    steps = " ".join(f"{step:>7}" for step in _STEPS)
    print(f"\n{'worst first':<48}{'times':>7}{'exp':>7}{'s':>8}  {steps}{'MB':>7}")
    for row in found:
        print(_line(row))
    print(f"\nmedian {median(row.times for row in found):.2f} times, worst {found[0].times:.2f}")
    return int(any(row.is_over for row in found))


if __name__ == "__main__":
    raise SystemExit(main())
