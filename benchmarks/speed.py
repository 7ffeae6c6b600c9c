"""How fast: ``python -m benchmarks.speed DATA --peers FOLDER``.

DATA is a folder with ``corpora/`` (real news) and ``boilerplate/`` (pages).  Prints one table a
question, ratios first; every figure is a median of runs in which the tools take turns.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import click

from benchmarks import speed_job, speed_kernel, speed_pages
from benchmarks.speed_job import show_beam, show_floor, show_job
from benchmarks.speed_kernel import kernel_table, measure
from benchmarks.speed_pages import show_pages
from transforms.settings import Settings

_ROUNDS: Final = 5


def show_kernel(data: Path, peers: Path, rounds: int) -> None:
    """Signatures from text."""
    shingle = Settings().near_duplicates.shingle
    click.echo("\nsignatures of 128 permutations from paragraphs of 60 words, one core")
    click.echo(kernel_table(measure(data, peers, shingle, rounds)))


class Question(NamedTuple):
    """What can be asked, and the environments of the peers that it takes."""

    show: Callable[[Path, Path, int], None]
    environments: frozenset[str] = frozenset()


QUESTIONS: Final = {
    "kernel": Question(show_kernel, frozenset(speed_kernel.ENVIRONMENTS.values())),
    "job": Question(show_job, frozenset({speed_job.ENVIRONMENT})),
    "floor": Question(show_floor),
    "pages": Question(show_pages, frozenset({speed_pages.ENVIRONMENT})),
    "beam": Question(show_beam),
}

_ENVIRONMENTS: Final = sorted({each for q in QUESTIONS.values() for each in q.environments})


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--peers",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="Folder with an environment for each of: " + ", ".join(_ENVIRONMENTS) + ".",
)
@click.option(
    "--only",
    "questions",
    type=click.Choice(list(QUESTIONS)),
    multiple=True,
    help="Answer these questions only.",
)
@click.option(
    "--rounds",
    type=click.IntRange(min=1),
    default=_ROUNDS,
    show_default=True,
    help="Runs of each tool, of which the median counts.",
)
def main(data: Path, peers: Path, questions: tuple[str, ...], rounds: int) -> None:
    """Print how fast copydesk and other tools are with the texts of DATA."""
    for name in questions or QUESTIONS:
        question = QUESTIONS[name]
        missing = sorted(
            folder
            for folder in question.environments
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
        question.show(data, peers.absolute(), rounds)


if __name__ == "__main__":
    main()
