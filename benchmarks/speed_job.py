"""Whole jobs on real news: beside datatrove, beside copying the bytes, with and without Beam."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

import click

from benchmarks.measuring import Cost, in_turns, measure
from benchmarks.speed_corpus import SETTINGS_OF, Corpus, copydesk, write_news

ENVIRONMENT: Final = "datatrove"

_SCRIPT: Final = Path(__file__).parent / "peer_dedup" / "run_datatrove.py"
_WORKERS: Final = 2
_FLOOR: Final = "read, hash, write"


@contextmanager
def _news(data: Path) -> Iterator[tuple[Corpus, Path]]:
    """The corpus in a folder, and another folder for what is made of it."""
    with tempfile.TemporaryDirectory() as scratch:
        yield write_news(data, Path(scratch, "news")), Path(scratch)


def _said(corpus: Corpus, rounds: int) -> str:
    return f"{corpus.documents:,} documents, {corpus.bytes / 1e6:.1f} MB, {rounds} rounds"


def show_job(data: Path, peers: Path, rounds: int) -> None:
    """Deduplication, and everything, beside datatrove's MinHash; whole processes."""
    with _news(data) as (corpus, scratch):
        jobs: dict[str, Callable[[], Cost]] = {}
        python = peers / ENVIRONMENT / "bin" / "python"
        if python.exists():  # first: an environment that lacks something is told at once
            peer: list[str | Path] = [python, _SCRIPT, corpus.folder, scratch, str(_WORKERS)]
            offline = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(scratch)}
            jobs[ENVIRONMENT] = partial(measure, peer, environment=offline)
        for settings in SETTINGS_OF:
            run = copydesk(
                corpus.folder, scratch / "out", "--workers", str(_WORKERS), settings=settings
            )
            jobs[f"copydesk, {settings}"] = partial(measure, run)
        costs = in_turns(jobs, rounds)
    click.echo(f"\n{_said(corpus, rounds)}, {_WORKERS} workers, whole processes")
    click.echo(job_table(costs, ENVIRONMENT, corpus))


def show_floor(data: Path, peers: Path, rounds: int) -> None:
    """How far a run is from reading, hashing and writing its input."""
    del peers
    with _news(data) as (corpus, scratch):
        script = [sys.executable, "-m", "benchmarks.speed_floor"]
        floor: list[str | Path] = [*script, corpus.folder, scratch / "copy"]
        jobs = {_FLOOR: partial(measure, floor)}
        for settings in SETTINGS_OF:
            run = copydesk(corpus.folder, scratch / "out", "--workers", "1", settings=settings)
            jobs[f"copydesk, {settings}"] = partial(measure, run)
        costs = in_turns(jobs, rounds)
    click.echo(f"\n{_said(corpus, rounds)}, one process")
    click.echo(floor_table(costs))


def show_beam(data: Path, peers: Path, rounds: int) -> None:
    """The share of Beam: a run, and the same functions in a plain loop."""
    del peers
    with _news(data) as (corpus, scratch):
        jobs = {}
        for settings in SETTINGS_OF:
            for how in ("--workers=1", "--runner=benchmarks.speed_loop.PlainLoop"):
                run = copydesk(corpus.folder, scratch / "out", how, settings=settings)
                jobs[f"{settings} {how}"] = partial(measure, run)
        costs = in_turns(jobs, rounds)
    click.echo(f"\n{_said(corpus, rounds)}, one process")
    click.echo(beam_table(costs))


def job_table(costs: Mapping[str, Cost], other: str, corpus: Corpus) -> str:
    """One line a job; first what another one takes, as a multiple of it."""
    lines = [
        f"{other + ' takes':<27}     CPU    wall  memory |   CPU s  wall s  Pss MB  RSS MB"
        "  documents/s"
    ]
    for name, cost in costs.items():
        ratios = (
            f"{costs[other].cpu / cost.cpu:>6.3g}x {costs[other].wall / cost.wall:>6.3g}x"
            f" {costs[other].proportional / max(cost.proportional, 1):>6.3g}x"
            if other in costs
            else f"{'-':>7} {'-':>7} {'-':>7}"
        )
        lines.append(
            f"{name:<27} {ratios} | {cost.cpu:>7.2f} {cost.wall:>7.2f}"
            f" {cost.proportional / 1e6:>7,.0f} {cost.resident / 1e6:>7,.0f}"
            f" {corpus.documents / cost.wall:>12,.0f}"
        )
    return "\n".join(lines)


def floor_table(costs: Mapping[str, Cost]) -> str:
    """One line a job, as a multiple of the floor."""
    floor = costs[_FLOOR]
    lines = [f"{_FLOOR + ' times':<27} {'CPU':>7} {'wall':>7} | {'CPU s':>7} {'wall s':>7}  Pss MB"]
    lines += [
        f"{name:<27} {cost.cpu / floor.cpu:>7,.0f} {cost.wall / floor.wall:>7,.0f} |"
        f" {cost.cpu:>7.2f} {cost.wall:>7.2f} {cost.proportional / 1e6:>7,.0f}"
        for name, cost in costs.items()
    ]
    return "\n".join(lines)


def beam_table(costs: Mapping[str, Cost]) -> str:
    """One line a kind of run: the share of its time that a plain loop does without."""
    lines = [
        f"{'':<16} Beam's share of CPU   of wall   CPU s: Beam    loop    Pss MB: Beam    loop"
    ]
    for settings in SETTINGS_OF:
        run, loop = (cost for name, cost in costs.items() if name.startswith(f"{settings} "))
        lines.append(
            f"{settings:<16} {1 - loop.cpu / run.cpu:>19.1%} {1 - loop.wall / run.wall:>9.1%}"
            f" {run.cpu:>13.2f} {loop.cpu:>7.2f}"
            f" {run.proportional / 1e6:>15,.0f} {loop.proportional / 1e6:>7,.0f}"
        )
    return "\n".join(lines)
