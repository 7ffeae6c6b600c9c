"""How fast: ``python -m benchmarks.speed DATA --peers FOLDER``.

DATA is a folder with ``corpora/`` (real news).  Prints one table a question, ratios first; every
figure is a median of runs in which the tools take turns.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import click

from benchmarks.speed_kernel import ENVIRONMENTS, kernel_table, measure
from transforms.settings import Settings


def show_kernel(data: Path, peers: Path, settings: Settings) -> None:
    """Signatures from text."""
    missing = sorted(
        folder
        for folder in set(ENVIRONMENTS.values())
        if not (peers / folder / "bin" / "python").exists()
    )
    if missing:
        click.secho(
            f"\nNOT MEASURED: {', '.join(missing)}. Give --peers FOLDER with an environment in"
            " FOLDER/NAME for each (see docs/performance.md).",
            fg="red",
            bold=True,
            err=True,
        )
    click.echo("\nsignatures of 128 permutations from paragraphs of 60 words, one core")
    click.echo(kernel_table(measure(data, peers, settings.near_duplicates.shingle)))


QUESTIONS: Final[dict[str, Callable[[Path, Path, Settings], None]]] = {"kernel": show_kernel}


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--peers",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="Folder with an environment for each of: "
    + ", ".join(sorted(set(ENVIRONMENTS.values())))
    + ".",
)
@click.option(
    "--only",
    "questions",
    type=click.Choice(list(QUESTIONS)),
    multiple=True,
    help="Answer these questions only.",
)
def main(data: Path, peers: Path, questions: tuple[str, ...]) -> None:
    """Print how fast copydesk and other tools are with the texts of DATA."""
    settings = Settings()
    for question in questions or QUESTIONS:
        QUESTIONS[question](data, peers, settings)


if __name__ == "__main__":
    main()
