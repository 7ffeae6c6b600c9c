"""Whole runs on HTML pages beside trafilatura alone."""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Final

import click

from benchmarks.measuring import Cost, in_turns, measure
from benchmarks.speed_corpus import copydesk

ENVIRONMENT: Final = "trafilatura"

_SCRIPT: Final = Path(__file__).parent / "peer_speed" / "pages.py"
_PART: Final = 5
"""One page in so many is in the smaller folder: the difference shows what one more costs."""


def show_pages(data: Path, peers: Path, rounds: int) -> None:
    """Pages to clean text: CPU of trafilatura over CPU of a whole run."""
    with tempfile.TemporaryDirectory() as scratch:
        every, part = Path(scratch, "every"), Path(scratch, "part")
        counts = _unpack(data / "boilerplate" / "html", every, part)
        jobs = {}
        python = peers / ENVIRONMENT / "bin" / "python"
        if python.exists():  # first: an environment that lacks something is told at once
            for folder in (every, part):
                jobs[f"{ENVIRONMENT} {folder.name}"] = partial(measure, [python, _SCRIPT, folder])
        for name, options in (("copydesk", ()), ("copydesk --fast", ("--fast",))):
            for folder in (every, part):
                command = copydesk(folder, Path(scratch, "out"), "--workers", "1", *options)
                jobs[f"{name} {folder.name}"] = partial(measure, command)
        costs = in_turns(jobs, rounds)
    click.echo(f"\n{counts[0]} HTML pages, and {counts[1]} of them; one process each")
    click.echo(pages_table(costs, *counts))


def _unpack(source: Path, every: Path, part: Path) -> tuple[int, int]:
    """The pages in one folder, a share of them in another one; returns how many in each."""
    every.mkdir()
    part.mkdir()
    packed = sorted(source.rglob("*.gz"))
    for number, path in enumerate(packed):
        name = f"{path.name.partition('.')[0]}.html"
        page = gzip.decompress(path.read_bytes())
        (every / name).write_bytes(page)
        if number % _PART == 0:
            (part / name).write_bytes(page)
    return len(list(every.iterdir())), len(list(part.iterdir()))


def pages_table(costs: Mapping[str, Cost], every: int, part: int) -> str:
    """One line a tool: trafilatura's CPU over its own, in whole and for one page more."""
    names = list(dict.fromkeys(name.rpartition(" ")[0] for name in costs))
    whole = {name: costs[f"{name} every"].cpu for name in names}
    more = {
        name: (whole[name] - costs[f"{name} part"].cpu) / (every - part) * 1000 for name in names
    }
    lines = [f"{'':<18} trafilatura takes   of it a page   CPU s   ms a page more   peak MB"]
    for name in names:
        peer = ENVIRONMENT in whole
        ratios = (
            f"{whole[ENVIRONMENT] / whole[name]:>14.2f} x {more[ENVIRONMENT] / more[name]:>13.2f} x"
            if peer
            else f"{'-':>16} {'-':>15}"
        )
        memory = costs[f"{name} every"].proportional / 1e6
        lines.append(f"{name:<18} {ratios} {whole[name]:>8.1f} {more[name]:>16.1f} {memory:>9,.0f}")
    return "\n".join(lines)
