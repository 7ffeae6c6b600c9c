"""What a history costs a night: ``python -m benchmarks.nights DATA --nights 8``.

DATA is a folder with ``corpora/``, of which a corpus with known duplicates is made and cut into
nights.  Prints what each night costs with the history of those before it, against the same night
without one, and whether the nights keep what one run over all of them keeps.
"""

from __future__ import annotations

import datetime
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from benchmarks.measuring import Cost, measure
from benchmarks.scale_corpus import read_halves, write_scale
from benchmarks.speed_corpus import copydesk

_FIRST: Final = datetime.date(2026, 1, 1)
_SETTINGS: Final = "near-duplicates"
"""A history holds what is looked for across documents; the rest costs a night the same."""


def write_nights(corpus: Path, folder: Path, nights: int) -> list[Path]:
    """The documents of a corpus, dated and in as many files of about as many documents."""
    folder.mkdir()
    lines = [line for part in sorted(corpus.iterdir()) for line in part.read_text().splitlines()]
    paths = []
    for night in range(nights):
        date = (_FIRST + datetime.timedelta(days=night)).isoformat()
        path = folder / f"{date}.jsonl"
        with path.open("w") as out:
            for line in lines[len(lines) * night // nights : len(lines) * (night + 1) // nights]:
                out.write(json.dumps({**json.loads(line), "published": date}) + "\n")
        paths.append(path)
    return paths


def kept(output: Path) -> Iterator[tuple[str, int]]:
    """Each paragraph that an output keeps: its document and index."""
    for part in sorted((output / "documents").iterdir()):
        with part.open() as lines:
            for document in map(json.loads, lines):
                for paragraph in document["paragraphs"]:
                    yield document["id"], paragraph["index"]


def _run(source: Path, output: Path, *options: str | Path) -> Cost:
    return measure(copydesk(source, output, *options, settings=_SETTINGS))


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--nights", type=click.IntRange(min=2), default=8, show_default=True)
@click.option(
    "--paragraphs",
    type=click.IntRange(min=1_000),
    default=25_000,
    show_default=True,
    help="Of each night.",
)
def main(data: Path, nights: int, paragraphs: int) -> None:
    """Print what nights with a growing history cost."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        halves = read_halves(data)
        corpus = write_scale(halves, root / "corpus", root / "truth.jsonl", nights * paragraphs)
        paths = write_nights(corpus.folder, root / "nights", nights)
        history = root / "history"
        apart: set[tuple[str, int]] = set()
        click.echo("earlier paragraphs    CPU s  without a history    times  bytes a paragraph")
        for path in paths:
            before = len(apart)
            alone = _run(path, root / "alone")
            cost = _run(path, root / "night", "--history", history, "--run-name", path.stem)
            apart.update(kept(root / "night"))
            size = sum(file.stat().st_size for file in history.glob("*.parquet"))
            click.echo(
                f"{before:>18,} {cost.cpu:>8.1f} {alone.cpu:>18.1f} {cost.cpu / alone.cpu:>8.2f}"
                f" {size / len(apart):>18.0f}"
            )
        _run(root / "nights", root / "whole")
        whole = set(kept(root / "whole"))
        click.echo(
            f"\nkept: {len(apart):,} paragraphs by the nights, {len(whole):,} by one run,"
            f" {len(apart ^ whole):,} by one of the two alone"
        )
        sys.exit(apart != whole)


if __name__ == "__main__":
    main()
