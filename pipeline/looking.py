"""Commands that look and change nothing: one document, or the difference of two outputs."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.terminal import say


@click.command()
@click.argument("first", type=click.Path(path_type=Path), metavar="DIR1")
@click.argument("second", type=click.Path(path_type=Path), metavar="DIR2")
@click.option(
    "--examples",
    type=click.IntRange(min=0),
    default=3,
    show_default=True,
    metavar="N",
    help="How many of each change are shown.",
)
def compare(first: Path, second: Path, examples: int) -> None:
    """Show what changed between two outputs: settings, documents, paragraphs by reason.

    Both are JSON Lines or Parquet; DIR1 is A, and DIR2 is B. Of every change the first N in the
    order of DIR2 are shown.
    """
    from pipeline.compare import compare as compare_outputs

    for line in compare_outputs(first, second, examples):
        say(line)
