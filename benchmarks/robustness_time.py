"""What documents made to cost much do cost, against ordinary ones of their size.

``python -m benchmarks.robustness time`` makes each attack (:mod:`benchmarks.robustness_attacks`,
:mod:`benchmarks.robustness_readers`) in two sizes, takes it through the whole flow on one core, and
prints the worst first: its processor time in relation to an ordinary document of the same size and
kind, and the exponent with which it grows.  Each is measured in a process of its own, which is
stopped after two minutes.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

import msgspec

from benchmarks.robustness_attacks import (
    Attack,
    World,
    attacks,
    ordinary_page,
    ordinary_text,
    until,
)
from benchmarks.robustness_readers import FILES, ORDINARY_FILES
from benchmarks.speed_corpus import shuffled_news
from pipeline.blocks import Piece
from pipeline.collecting import seldom_collecting
from pipeline.inputs import Inputs
from pipeline.repeated_ids import NO_IDS
from pipeline.sources import list_inputs
from transforms.assemble import assemble
from transforms.block import Block
from transforms.document import DeadLetter, MediaType, Record
from transforms.settings import Settings
from transforms.single import decide_block, decode_block, judge_block, split_block

_MOST_SECONDS: Final = 120
"""Processor time after which an attack has won."""
_SIZE: Final = 500_000
_REPEATS: Final = 3
_MOST_TIMES: Final = 5.0
"""The figure to hold: an attack costs at most so many ordinary documents of its size."""
_MOST_EXPONENT: Final = 1.2
_MOST_ORDINARY: Final = 500
"""Ordinary documents that are measured; more of them cost as many times more."""
_STEPS: Final = ("read", "decode", "split", "judge", "decide", "write")


Prose = Callable[[int], bytes]
"""Ordinary text of so many bytes."""


class Cost(NamedTuple):
    """Processor seconds of each step, and what memory the attack took."""

    seconds: tuple[float, ...]
    megabytes: float

    @property
    def total(self) -> float:
        """Of all steps."""
        return sum(self.seconds)

    def times(self, number: float) -> Cost:
        """The processor time of so many of it."""
        return self._replace(seconds=tuple(number * each for each in self.seconds))


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


def read(texts: Sequence[bytes], world: World, settings: Settings) -> Block:
    """Documents, or those of one file, as a block of records."""
    if world in FILES:
        return _read_file(texts[0], world, settings)
    media: MediaType = "text/html" if world == "page" else "text/plain"
    records = [
        Record(id=f"{number}", source=f"{number}", data=data, media_type=media)
        for number, data in enumerate(texts)
    ]
    return Block(index=0, records=tuple(records))


def _read_file(data: bytes, ending: str, settings: Settings) -> Block:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"file.{ending}")
        path.write_bytes(data)
        (file,) = list_inputs([str(path)])
        found = list(Inputs.create(settings).records(Piece(file, 0, file.size), NO_IDS))
    return Block(
        index=0,
        records=tuple(item for item in found if isinstance(item, Record)),
        rejected=tuple(item for item in found if isinstance(item, DeadLetter)),
    )


def take(texts: Sequence[bytes], world: World, settings: Settings) -> tuple[float, ...]:
    """Take documents through the flow; the processor seconds of each step."""
    at = [time.process_time()]
    block = read(texts, world, settings)
    at.append(time.process_time())
    block = decode_block(block, settings.decode)
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


def _child(sender: Connection, texts: Sequence[bytes], world: World, settings: Settings) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (_MOST_SECONDS, _MOST_SECONDS))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with seldom_collecting():  # as in a run
        taken = take(texts, world, settings)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sender.send(Cost(taken, (after - before) / 1024))


def measure(texts: Sequence[bytes], world: World, settings: Settings, repeats: int) -> Cost:
    """The least of what documents cost, in processes that have not seen them before."""
    costs = (_measure(texts, world, settings) for _ in range(repeats))
    return min(costs, key=lambda cost: cost.total)


def _measure(texts: Sequence[bytes], world: World, settings: Settings) -> Cost:
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_child, args=(sender, texts, world, settings))
    child.start()
    sender.close()
    try:
        cost: Cost = receiver.recv()
    except EOFError:  # it was stopped
        cost = Cost((float(_MOST_SECONDS), *[0.0] * (len(_STEPS) - 1)), 0)
    child.join()
    return cost


def all_attacks() -> list[Attack]:
    """Documents, then files."""
    return [
        *attacks(),
        *(
            Attack(f"{ending}: {name}", ending, _alone(make))
            for ending, files in FILES.items()
            for name, make in files.items()
        ),
    ]


def _alone(make: Callable[[int], bytes]) -> Callable[[int], Sequence[bytes]]:
    return lambda size: [make(size)]


def rows(
    chosen: Sequence[Attack], size: int, settings: Settings, repeats: int, prose: Prose
) -> Iterator[Row]:
    """Measure attacks, one after the other."""
    for world in ("text", "page", *FILES):  # models are loaded and caches warm before a fork
        take(_ordinary(world, size // 10, 1, prose), world, settings)
    known: dict[tuple[World, int], Cost] = {}
    for attack in chosen:
        world, texts = attack.world, attack.make(2 * size)
        records = _records(texts, world, settings)
        if (world, records) not in known:
            few = min(records, _MOST_ORDINARY)
            ordinary = _ordinary(world, sum(map(len, texts)) * few // records, few, prose)
            cost = measure(ordinary, world, settings, repeats)
            known[world, records] = cost.times(records / few)
        small, large = (
            measure(each, world, settings, repeats) for each in (attack.make(size), texts)
        )
        yield Row(attack, small, large, known[world, records])


def _ordinary(world: World, size: int, records: int, prose: Prose) -> Sequence[bytes]:
    """So many documents of so many bytes together, or a file of them."""
    if world == "page":
        return [ordinary_page(size)]
    each = max(1, size // records)
    text = prose(each * records)
    # A character that is cut in two is no part of this.
    texts = [
        text[at : at + each].decode(errors="ignore").encode()
        for at in range(0, each * records, each)
    ]
    return [ORDINARY_FILES[world](texts)] if world in ORDINARY_FILES else texts


def _news(texts: Sequence[str], size: int) -> bytes:
    """Real articles, one behind the other."""
    return until(iter(texts), size, "\n\n").encode()[:size]


def _records(texts: Sequence[bytes], world: World, settings: Settings) -> int:
    """How many documents an attack is, those that are rejected too."""
    block = read(texts, world, settings)
    return max(1, len(block.records) + len(block.rejected))


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
    parser.add_argument(
        "--repeats", type=int, default=_REPEATS, help="the best of so many processes counts"
    )
    parser.add_argument("--only", default="", help="attacks whose name has this")
    parser.add_argument("--data", type=Path, help="ordinary text is real: folder with corpora/")
    options = parser.parse_args(argv)
    prose: Prose = ordinary_text
    if options.data:
        prose = partial(_news, [row["text"] for row in shuffled_news(options.data)])
    chosen = [attack for attack in all_attacks() if options.only in attack.name]
    found: list[Row] = []
    for row in rows(chosen, options.size, Settings(), options.repeats, prose):
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
