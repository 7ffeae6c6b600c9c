"""What grows how: ``python -m benchmarks.scale DATA --paragraphs 100000 --paragraphs 1000000``.

DATA is a folder with ``corpora/`` (real news), of which corpora of any size with known duplicates
are made.  Prints, for each size, what a run costs, by step too, and which of the known duplicates
it finds; and between sizes the exponent: 1 is linear, 2 is quadratic.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import log
from pathlib import Path
from typing import Any, Final, NamedTuple

import click
import msgspec

from benchmarks.measuring import Cost, measure
from benchmarks.scale_corpus import Halves, Written, read_halves, write_scale
from benchmarks.scale_recall import Found, found_twins
from benchmarks.speed_corpus import SETTINGS_OF, copydesk
from deploy.corpus import TIERS

_MILLION: Final = 1_000_000
_MOST_EVERYTHING: Final = 1_000_000
"""Paragraphs up to which everything is run; beyond, near-duplicates alone."""


class Run(NamedTuple):
    """One run on one corpus."""

    corpus: Written
    cost: Cost
    record: Mapping[str, Any]
    """``run.json``."""
    found: Found


def run_on(corpus: Written, settings: str, workers: int, scratch: Path) -> Run:
    """Run copydesk on a corpus and look at what it found."""
    output = scratch / f"out-{settings}"
    command = copydesk(corpus.folder, output, "--workers", str(workers), settings=settings)
    cost = measure(command, watch=str(output.with_name(f".{output.name}.partial-*") / "staging"))
    record = msgspec.json.decode((output / "run.json").read_bytes())
    return Run(corpus, cost, record, found_twins(output, corpus.truth))


def runs(
    halves: Halves, sizes: Sequence[int], settings: Sequence[str], workers: int, folder: Path
) -> Iterator[tuple[str, Run]]:
    """Every run, the smallest corpus first; a corpus is removed before the next is made."""
    for size in sizes:
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            root = Path(scratch)
            corpus = write_scale(halves, root / "in", root / "truth.jsonl", size)
            for name in settings:
                if name != "everything" or size <= _MOST_EVERYTHING:
                    click.echo(f"{name}, {corpus.paragraphs:,} paragraphs ...", err=True)
                    yield name, run_on(corpus, name, workers, root)


def costs_table(done: Sequence[Run]) -> str:
    """One line a size; the exponent is of CPU, between it and the size before."""
    lines = [
        f"{'paragraphs':>12} {'MB':>7} exponent {'CPU s':>9} {'wall s':>8} CPU us/paragraph"
        "  Pss MB  RSS MB  Pss B/paragraph  B/paragraph more  staged MB  staged B/paragraph"
    ]
    before: Run | None = None
    for run in done:
        count, cost = run.corpus.paragraphs, run.cost
        exponent = more = "-"
        if before is not None and count > before.corpus.paragraphs:
            ratio = count / before.corpus.paragraphs
            exponent = f"{log(cost.cpu / before.cost.cpu) / log(ratio):.2f}"
            grown = cost.proportional - before.cost.proportional
            more = f"{grown / (count - before.corpus.paragraphs):,.0f}"
        lines.append(
            f"{count:>12,} {run.corpus.bytes / 1e6:>7,.0f} {exponent:>8} {cost.cpu:>9.1f}"
            f" {cost.wall:>8.1f} {cost.cpu / count * 1e6:>16.1f}"
            f" {cost.proportional / 1e6:>7,.0f} {cost.resident / 1e6:>7,.0f}"
            f" {cost.proportional / count:>16,.0f} {more:>17}"
            f" {cost.watched / 1e6:>10,.0f} {cost.watched / count:>19,.0f}"
        )
        before = run
    return "\n".join(lines)


def steps_table(done: Sequence[Run]) -> str:
    """One line a step, one column a size: seconds a million paragraphs, added over workers."""

    def seconds(run: Run, step: str) -> float:
        taken: float = run.record["seconds_by_step"].get(step, 0)
        return taken / run.corpus.paragraphs * _MILLION

    return _by_size("seconds a million paragraphs", done, "seconds_by_step", seconds, "{:,.2f}")


def counters_table(done: Sequence[Run]) -> str:
    """One line a counter, one column a size."""

    def counted(run: Run, counter: str) -> float:
        count: int = run.record["counters"].get(counter, 0)
        return count

    return _by_size("counters", done, "counters", counted, "{:,.0f}")


def _by_size(
    title: str,
    done: Sequence[Run],
    part: str,
    figure: Callable[[Run, str], float],
    style: str,
) -> str:
    names = list(dict.fromkeys(name for run in done for name in run.record[part]))
    lines = [f"{title:<30}" + "".join(f"{run.corpus.paragraphs:>14,}" for run in done)]
    lines += [
        f"{name:<30}" + "".join(f"{style.format(figure(run, name)):>14}" for run in done)
        for name in names
    ]
    return "\n".join(lines)


def recall_table(done: Sequence[Run]) -> str:
    """One line a size: of each kind of known pair, those of which one side went."""
    lines = [
        f"{'paragraphs':>12}" + "".join(f"{tier:>20}" for tier in TIERS) + "   no known pair's"
    ]
    for run in done:
        cells = "".join(
            f"{f'{a:,}/{b:,}':>20}" for a, b in (run.found.tiers[tier] for tier in TIERS)
        )
        lines.append(f"{run.corpus.paragraphs:>12,}{cells}{run.found.others:>18,}")
    return "\n".join(lines)


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--paragraphs",
    "sizes",
    type=click.IntRange(min=1_000),
    multiple=True,
    required=True,
    help="Size of a corpus; as often as needed.",
)
@click.option("--workers", type=click.IntRange(min=1), default=2, show_default=True)
@click.option(
    "--only",
    "settings",
    type=click.Choice(list(SETTINGS_OF)),
    multiple=True,
    help="Run this only; everything is run up to 10^6 paragraphs.",
)
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where corpora and outputs are for a time: six times the input.",
)
def main(
    data: Path, sizes: tuple[int, ...], workers: int, settings: tuple[str, ...], folder: Path | None
) -> None:
    """Print what runs on corpora of so many paragraphs cost, and what they find."""
    place = folder.absolute() if folder is not None else Path(tempfile.gettempdir())
    wanted = settings or tuple(SETTINGS_OF)
    done: dict[str, list[Run]] = {name: [] for name in wanted}
    for name, run in runs(read_halves(data), sorted(sizes), wanted, workers, place):
        done[name].append(run)
    for name, each in done.items():
        click.echo(f"\n{name}, {workers} workers")
        for table in (costs_table, steps_table, counters_table, recall_table):
            click.echo(f"\n{table(each)}")


if __name__ == "__main__":
    main()
