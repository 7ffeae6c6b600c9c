"""Commands for what runs leave behind: the outputs of old days, and the history."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

import click

from pipeline.errors import ExitCode, UserError
from pipeline.logs import complain
from pipeline.operating import age
from pipeline.screens import Screen
from pipeline.terminal import one_line


@click.group(short_help="List, drop or compact what earlier runs kept.")
def history() -> None:
    """What earlier runs kept: list it, drop a run, put files together."""


@history.command(
    "list",
    cls=Screen,
    short_help="The runs, and how much each kept.",
    examples=("copydesk history list known",),
)
@click.argument("folder", type=click.Path(path_type=Path))
def list_runs(folder: Path) -> None:
    """The runs in the history FOLDER, and how many paragraphs each kept."""
    from pipeline.history import locked_history

    with locked_history(folder, 0) as found:
        if not found.runs:
            raise UserError(f"there is no history in {folder}, or no run in it: check the path")
        for run_name, paragraphs in found.runs.items():
            click.echo(one_line(f"{run_name}  {paragraphs:,} paragraphs"))


@history.command("drop", cls=Screen, examples=("copydesk history drop known 2026-11-03",))
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("run_names", nargs=-1, required=True, metavar="RUN...")
def drop_runs(folder: Path, run_names: tuple[str, ...]) -> None:
    """Forget what each RUN kept: later runs keep such paragraphs again."""
    from pipeline.history import locked_history

    with locked_history(folder, 0) as found:
        for run_name, paragraphs in found.drop(run_names).items():
            click.echo(one_line(f"dropped {run_name}: {paragraphs:,} paragraphs"))


@history.command("compact", cls=Screen, examples=("copydesk history compact known",))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--before", metavar="RUN", help="Only the files of runs before this one.")
def compact_history(folder: Path, before: str | None) -> None:
    """Put many small files into one; what is known stays the same."""
    from pipeline.history import locked_history

    with locked_history(folder, 0) as found:
        count = found.compact(before)
        click.echo(f"put {count} files into one" if count else "there was nothing to put together")


@click.command(
    cls=Screen,
    short_help="Remove the outputs of old days.",
    examples=(
        "copydesk prune 'clean/{date}' --older-than 90d --dry-run",
        "copydesk prune 'clean/{date}' --keep 30",
    ),
)
@click.argument("pattern", type=click.Path(), metavar="OUTPUT")
@click.option("--keep", type=click.IntRange(min=1), metavar="N", help="How many days stay.")
@click.option("--older-than", callback=age, metavar="DAYS", help="Remove what is older: 90d, say.")
@click.option("--dry-run", is_flag=True, help="List what would go, and remove nothing.")
def prune(
    pattern: str, keep: int | None, older_than: datetime.timedelta | None, dry_run: bool
) -> None:
    """Remove old outputs; OUTPUT has a date, as the --output of their runs has."""
    from pipeline.prune import find_outputs, outdated, remove

    if (keep is None) == (older_than is None):
        raise UserError("say what stays: --keep N or --older-than DAYS, one of them")
    before = None if older_than is None else datetime.datetime.now(datetime.UTC).date() - older_than
    outputs = find_outputs(pattern)
    old = outdated(outputs, keep=keep, before=before)
    if not outputs:
        click.echo(one_line(f"no output of ours is named like {pattern}: check the path"))
    problems = 0
    for each, problem in ((each, None) for each in old) if dry_run else remove(old):
        if problem is None:
            click.echo(one_line(f"{'would remove' if dry_run else 'removed'} {each.path}"))
        else:
            complain(problem)
            problems += 1
    if problems:
        sys.exit(ExitCode.FAILED)
