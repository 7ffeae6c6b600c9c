"""The command line: ``copydesk run | report | inspect | tune | verify | settings`` and more."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_args

import click

from pipeline import __version__
from pipeline.collecting import seldom_collecting
from pipeline.completion import completion
from pipeline.ending import Ending, errors_as_codes
from pipeline.errors import ExitCode, RunError, UserError
from pipeline.guards import LIMITS, idle_limit, unreproducible
from pipeline.logs import LogFormat, complain, logs, show_crash
from pipeline.looking import compare, inspect
from pipeline.models import check_models
from pipeline.named_inputs import named_inputs
from pipeline.operating import Operating, fill_dates, operating_options
from pipeline.options import (
    FAST,
    INPUT_FORMAT,
    JUDGE,
    SETTINGS,
    SITES,
    alternatives,
    choice,
    judging,
    limits,
    memory,
)
from pipeline.preview import preview
from pipeline.screens import Screen, Start
from pipeline.settings import load_settings, settings_toml
from pipeline.storage import use_options
from pipeline.summary import summary
from pipeline.terminal import one_line, printable, takes_bars
from pipeline.upkeep import history, prune
from transforms.settings import (
    Compression,
    Format,
    JudgeMode,
    Keep,
    Scope,
    Settings,
    Treatment,
)

if TYPE_CHECKING:  # Beam takes more than a second to import
    from pipeline.run import Outcome

_SAMPLE: Final = 300
"""Documents that ``copydesk tune`` looks at: half a minute on one core."""


_MORE: Final = {
    "Input": ("files_from", "input_format", "date", "since", "fast"),
    "What goes, and who keeps it": ("sites_file", "keep", "prefer", "documents", "near_duplicates"),
    "Limits": ("max_removed", "max_rejected", "memory_limit"),
    "Output": ("compression", "report"),
    "Runs that nobody watches": ("run_name", "wait", "fresh", "metrics", "log_format", "verbose"),
}
"""Options of ``copydesk run`` that do not fit its first screen, by what they are about."""


class _Commands(Start):
    """Turns errors that a user can act on into one line and the right exit code."""

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        sys.excepthook = show_crash
        with errors_as_codes():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        with errors_as_codes():
            return super().invoke(ctx)


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    start=(
        ("copydesk inspect page.html", "look at one document"),
        ("copydesk run articles/ --dry-run", "see what would go, write nothing"),
        ("copydesk run articles/ -o clean", "then open clean/report.html"),
    ),
)
@click.version_option(__version__, prog_name="copydesk")
def main() -> None:
    """Clean scraped articles; every removal comes with its proof."""


@main.command(
    cls=Screen,
    short_help="Clean files, folders or globs into a new folder.",
    context_settings={"ignore_unknown_options": True},
    epilog="Any option of Apache Beam passes through, --runner=FlinkRunner say.",
    examples=(
        "copydesk run articles/ -o clean",
        "copydesk run 'scrapes/**/*.html' -o clean --overwrite --scope site",
        "copydesk run 'crawl/{date}' -o 'clean/{date}' --history known",
    ),
    more=_MORE,
)
@click.argument("words", nargs=-1, type=click.Path(), metavar="INPUT...")
@click.option(
    "--files-from",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Read the files that this one names, a path a line; - is standard input.",
)
@INPUT_FORMAT
@click.option("--output", "-o", type=click.Path(path_type=Path), help="The folder to make.")
@click.option("--overwrite", is_flag=True, help="Replace an output of an earlier run.")
@click.option("--dry-run", is_flag=True, help="Print what would go, and publish nothing.")
@click.option(
    "--max-removed",
    multiple=True,
    callback=limits,
    metavar="[LIMIT=]SHARE",
    help="Publish nothing if more would go: docs/guards.md. LIMIT is"
    f" {alternatives(LIMITS)}; left out, it is the first two.",
)
@click.option(
    "--max-rejected",
    type=click.FloatRange(0, 1),
    metavar="SHARE",
    help="Exit with code 3 if more records cannot be read.",
)
@SETTINGS
@SITES
@JUDGE
@FAST
@choice("--scope", words=get_args(Scope), metavar="SCOPE", help="Where duplicates count")
@choice("--keep", words=get_args(Keep), metavar="WHICH", help="Which document keeps a text")
@click.option(
    "--prefer",
    multiple=True,
    metavar="PREFIX",
    help="For --keep source, best first: how the path of a source begins, herald/ say.",
)
@choice(
    "--documents",
    words=get_args(Treatment),
    metavar="ACTION",
    help="Of whole ones that stand elsewhere",
)
@choice(
    "--near-duplicates",
    words=get_args(Treatment),
    metavar="ACTION",
    help="Of paragraphs equal but for words",
)
@choice(
    "--restatements",
    words=get_args(Treatment),
    metavar="ACTION",
    help="Of the same facts in other words",
)
@choice("--format", "format_", words=get_args(Format), metavar="FORMAT", help="Of the output")
@click.option(
    "--compression",
    type=click.Choice(get_args(Compression)),
    metavar="CODEC",
    help=f"Of the output: {alternatives(get_args(Compression))}; auto is zstd inside Parquet.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    metavar="N",
    help="Processes; by default one a core.",
)
@click.option(
    "--memory-limit",
    callback=memory,
    metavar="SIZE",
    help="What all processes may hold together, 4GB say: fewer at a time, more passes.",
)
@operating_options
@click.option(
    "--report/--no-report", default=True, help="Make report.html, to look at (the default)."
)
@click.option("--quiet", "-q", is_flag=True, help="No progress, and no summary at the end.")
@click.option("--verbose", "-v", is_flag=True, help="Beam's log, and the trace of a failure.")
@seldom_collecting()
def run(
    words: tuple[str, ...],
    files_from: tuple[Path, ...],
    input_format: str | None,
    output: Path | None,
    overwrite: bool,
    dry_run: bool,
    max_removed: dict[str, float],
    max_rejected: float | None,
    settings_file: Path | None,
    sites_file: Path | None,
    judge: JudgeMode | None,
    fast: bool,
    scope: str | None,
    keep: str | None,
    prefer: tuple[str, ...],
    documents: str | None,
    near_duplicates: str | None,
    restatements: str | None,
    format_: str | None,
    compression: str | None,
    workers: int | None,
    memory_limit: int | None,
    operating: Operating,
    report: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Clean files, folders, globs or standard input (-) into the folder --output."""
    with (
        logs(operating.log_format, verbose=verbose, progress=not quiet),
        Ending(operating.metrics) as ending,
        errors_as_codes(),
    ):
        if not words and not files_from:
            raise UserError(
                "no input was named (INPUT, or --files-from); try: copydesk run articles/ -o clean,"
                " or copydesk run --help"
            )
        if output is None and not dry_run:
            raise UserError("missing option --output (-o); only --dry-run needs none")
        settings = load_settings(
            settings_file,
            {
                **judging(judge, fast=fast),
                "input": {"format": input_format},
                "decide": {"scope": scope, "keep": keep, "preferred_sources": prefer or None},
                "documents": {"action": documents},
                "near_duplicates": {"action": near_duplicates},
                "restatements": {"action": restatements},
                "output": {"format": format_, "compression": compression},
                "guards": {**max_removed, "max_rejected": max_rejected},
            },
            sites_file,
        )
        if prefer and settings.decide.keep != "source":
            raise UserError("--prefer orders sources for --keep source; add that")
        check_models()
        # Imported here: Beam takes more than a second, which the other commands need not spend.
        from pipeline.engine import split_arguments
        from pipeline.run import run as run_pipeline

        own = [name for param in click.get_current_context().command.params for name in param.opts]
        arguments = split_arguments(words, own)
        use_options(arguments.beam)
        dated, place = fill_dates(arguments.inputs, output, operating)
        with named_inputs(dated, files_from, place) as inputs:
            if not inputs:
                raise UserError("no input was named: copydesk run INPUT... --output DIR")
            ending.bar = operating.log_format == "text" and not (quiet or verbose) and takes_bars()
            ending.outcome = run_pipeline(
                inputs,
                place,
                settings,
                dry_run=dry_run,
                overwrite=overwrite,
                wait=operating.wait,
                fresh=operating.fresh,
                workers=workers,
                memory_limit=memory_limit,
                remember=operating.remember(),
                report=report,
                beam_flags=arguments.beam,
                fork=True,
                bar=ending.bar,
                farewell=ending.stopped,
            )
        _report(
            ending.outcome,
            place,
            settings,
            dry_run=dry_run,
            quiet=quiet,
            log_format=operating.log_format,
        )


def _report(
    outcome: Outcome,
    output: Path | None,
    settings: Settings,
    *,
    dry_run: bool,
    quiet: bool,
    log_format: LogFormat,
) -> None:
    """Say what came of a run, and end the process with its code where that is not 0."""
    manifest, seconds = outcome.manifest, outcome.record.seconds
    if outcome.published and output is not None:
        text = "" if quiet else summary(manifest, output, seconds)
    else:
        text = preview(manifest, outcome.losses, settings.guards, seconds)
    if text:
        failed = not (dry_run or outcome.published)
        try:
            click.echo(printable(text), err=failed and log_format == "text")
        except OSError as error:
            # What was published is there: nobody must think that the run failed.
            where = f"; {output} is published" if outcome.published else ""
            complain(f"the summary could not be written: {error.strerror}{where}")
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # or Python fails at its end as well
    if manifest.counts.statuses == {"rejected": manifest.counts.records}:
        where = f"{output / 'rejected'} says why" if outcome.published and output else ""
        complain("; ".join(filter(None, ("every record was rejected", where))))
        sys.exit(ExitCode.FAILED)
    if outcome.over:
        what = "a run would publish nothing" if dry_run else "nothing was published"
        complain(
            f"{what}: {'; '.join(outcome.over)}. Look at the table (--dry-run prints it too), then"
            " change the settings (copydesk tune shows what each does), or raise the limit"
        )
    idle = idle_limit(outcome.losses, settings.guards)
    machine = unreproducible(manifest.counts)
    for said in (idle, outcome.rejected, machine, outcome.unreported):
        if said is not None:
            complain(said)
    if outcome.over or outcome.rejected is not None or machine is not None:
        sys.exit(ExitCode.LIMIT)


@main.command(
    cls=Screen,
    short_help="Show what each threshold does to a sample.",
    examples=("copydesk tune articles/ --documents 1000",),
)
@click.argument("files", nargs=-1, required=True, type=click.Path())
@click.option(
    "--documents",
    type=click.IntRange(min=1),
    default=_SAMPLE,
    show_default=True,
    help="How many to look at, spread over the input.",
)
@INPUT_FORMAT
@SETTINGS
@SITES
def tune(
    files: tuple[str, ...],
    documents: int,
    input_format: str | None,
    settings_file: Path | None,
    sites_file: Path | None,
) -> None:
    """Show on a sample of FILES what goes at which threshold, with examples on each side."""
    from pipeline.tune import tune as tune_files

    settings = load_settings(settings_file, {"input": {"format": input_format}}, sites_file)
    with named_inputs(files) as inputs:
        for line in tune_files(inputs, settings, documents):
            click.echo(line)


@main.command(
    cls=Screen,
    short_help="Make report.html for an output, or make it again.",
    examples=("copydesk report clean",),
)
@click.argument("output", type=click.Path(path_type=Path))
def report(output: Path) -> None:
    """Make OUTPUT/report.html, or make it again: what a run took away, to look at."""
    from pipeline.report.making import write_report

    try:
        path = write_report(output)
    except OSError as error:
        raise RunError(
            f"the report cannot be written into {output}: {error.strerror}; make room, or the"
            " folder writable, and run copydesk report again"
        ) from error
    click.echo(one_line(f"{path} ({path.stat().st_size:,} bytes): open it in a browser"))


@main.command(
    cls=Screen,
    short_help="Check that nothing is lost and every removal proven.",
    examples=("copydesk verify clean", "copydesk verify clean --input articles/"),
)
@click.argument("output", type=click.Path(path_type=Path))
@click.option(
    "--input",
    "inputs",
    multiple=True,
    type=click.Path(),
    help="The input of the run; re-judges everything.",
)
@click.option(
    "--history",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="That of the run; checks what names earlier runs.",
)
def verify(output: Path, inputs: tuple[str, ...], history: Path | None) -> None:
    """Check an output from itself alone: digests, tiling, every duplicate verdict."""
    from pipeline.verify import verify as verify_output

    report = verify_output(output, inputs, history)
    for problem in report.problems:
        complain(problem)
    if report.problems:
        sys.exit(ExitCode.FAILED)
    click.echo(report.summary())


@main.command(
    cls=Screen,
    short_help="Print every setting, as TOML.",
    examples=("copydesk settings > settings.toml",),
)
@SETTINGS
@SITES
def settings(settings_file: Path | None, sites_file: Path | None) -> None:
    """Print every setting with its meaning and value, as TOML."""
    click.echo(settings_toml(load_settings(settings_file, {}, sites_file)), nl=False)


main.add_command(completion)
main.add_command(inspect)
main.add_command(compare)
main.add_command(history)
main.add_command(prune)
