"""The command line: ``copydesk run | inspect | verify | settings``."""

from __future__ import annotations

import logging
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, get_args

import click
import msgspec

from pipeline import __version__
from pipeline.errors import ExitCode, RunError, UserError
from pipeline.settings import load_settings, settings_toml
from pipeline.stopping import SIGNALLED
from pipeline.summary import summary
from transforms.settings import JUDGE_MODES, Action, Format, JudgeMode, Keep, Scope

_SETTINGS = click.option(
    "--settings",
    "settings_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A TOML file; `copydesk settings` prints one with every default.",
)

_SITES = click.option(
    "--sites",
    "sites_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A TOML file of patterns to keep or drop by site; docs/sites.md explains it.",
)


class _Commands(click.Group):
    """Turns errors that a user can act on into one line and the right exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except UserError as error:
            _fail(error, ExitCode.USAGE)
        except RunError as error:
            _fail(error, ExitCode.FAILED)
        except KeyboardInterrupt:
            sys.exit(SIGNALLED + signal.SIGINT)


def _fail(error: Exception, code: ExitCode) -> NoReturn:
    click.echo(f"copydesk: {printable(str(error))}", err=True)
    sys.exit(code)


def printable(text: str) -> str:
    r"""Text from outside, safe for a terminal.

    >>> printable("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    return "".join(
        char if char.isprintable() or char == "\n" else char.encode("unicode_escape").decode()
        for char in text
    )


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="copydesk")
def main() -> None:
    """Clean scraped articles: boilerplate and duplicates out, every removal with its proof."""


@contextmanager
def _quietly(verbose: bool) -> Iterator[None]:
    """Keep Beam's log, its warnings at import included, out of the terminal unless asked."""
    level = logging.INFO if verbose else logging.CRITICAL
    logging.basicConfig(level=level, format="%(levelname)s %(name)s: %(message)s")
    logging.disable(logging.NOTSET if verbose else logging.ERROR)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


@main.command(
    context_settings={"ignore_unknown_options": True},
    epilog="Any option of Apache Beam passes through, --runner=FlinkRunner say.",
)
@click.argument("words", nargs=-1, required=True, type=click.UNPROCESSED, metavar="INPUT...")
@click.option(
    "--output", "-o", required=True, type=click.Path(path_type=Path), help="The folder to make."
)
@click.option("--overwrite", is_flag=True, help="Replace an output of an earlier run.")
@_SETTINGS
@_SITES
@click.option(
    "--judge",
    type=click.Choice(get_args(JudgeMode)),
    help="How readily paragraphs go as boilerplate.",
)
@click.option(
    "--fast", is_flag=True, help="Read pages without trafilatura, at a third of the cost."
)
@click.option("--scope", type=click.Choice(get_args(Scope)), help="Where duplicates count.")
@click.option("--keep", type=click.Choice(get_args(Keep)), help="Which document keeps a text.")
@click.option(
    "--near-duplicates", type=click.Choice(get_args(Action)), help="What becomes of them."
)
@click.option("--restatements", type=click.Choice(get_args(Action)), help="What becomes of them.")
@click.option("--format", "format_", type=click.Choice(get_args(Format)), help="Of the documents.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes of the local engine.")
@click.option("--quiet", "-q", is_flag=True, help="No summary at the end.")
@click.option("--verbose", "-v", is_flag=True, help="Beam's log, and the trace of a failure.")
def run(
    words: tuple[str, ...],
    output: Path,
    overwrite: bool,
    settings_file: Path | None,
    sites_file: Path | None,
    judge: JudgeMode | None,
    fast: bool,
    scope: str | None,
    keep: str | None,
    near_duplicates: str | None,
    restatements: str | None,
    format_: str | None,
    workers: int | None,
    quiet: bool,
    verbose: bool,
) -> None:
    r"""Clean INPUT... (files, folders, globs) into the folder --output.

    \b
    copydesk run articles/ -o clean
    copydesk run 'scrapes/**/*.html' -o clean --overwrite --scope site
    """
    settings = load_settings(
        settings_file,
        {
            "split": {"extraction": "none" if fast else None},
            "judge": msgspec.structs.asdict(JUDGE_MODES[judge]) if judge else {},
            "decide": {"scope": scope, "keep": keep},
            "near_duplicates": {"action": near_duplicates},
            "restatements": {"action": restatements},
            "output": {"format": format_},
        },
        sites_file,
    )
    with _quietly(verbose):
        # Imported here: Beam takes more than a second, which the other commands need not spend.
        from pipeline.engine import split_arguments
        from pipeline.run import run as run_pipeline

        own = [name for param in click.get_current_context().command.params for name in param.opts]
        arguments = split_arguments(words, own)
        if not arguments.inputs:
            raise UserError("no input was named: copydesk run INPUT... --output DIR")
        manifest, record = run_pipeline(
            arguments.inputs,
            output,
            settings,
            overwrite=overwrite,
            workers=workers,
            beam_flags=arguments.beam,
        )
    if not quiet:
        click.echo(printable(summary(manifest, output, record.seconds)))
    if manifest.counts.statuses == {"rejected": manifest.counts.records}:
        click.echo(f"copydesk: every record was rejected; {output / 'rejected'} says why", err=True)
        sys.exit(ExitCode.FAILED)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@_SETTINGS
@_SITES
def inspect(file: Path, settings_file: Path | None, sites_file: Path | None) -> None:
    """Show one document: what stays, what goes (-), what is marked (~), and why."""
    from pipeline.inspector import inspect as inspect_file

    settings = load_settings(settings_file, {}, sites_file)
    click.echo(inspect_file(file, settings, shutil.get_terminal_size().columns))


@main.command()
@click.argument("output", type=click.Path(path_type=Path))
@click.option(
    "--input", "inputs", multiple=True, help="The input of the run; re-judges everything."
)
def verify(output: Path, inputs: tuple[str, ...]) -> None:
    """Check an output from itself alone: digests, tiling, every duplicate verdict."""
    from pipeline.verify import verify as verify_output

    report = verify_output(output, inputs)
    for problem in report.problems:
        click.echo(f"copydesk: {printable(problem)}", err=True)
    if report.problems:
        sys.exit(ExitCode.FAILED)
    click.echo(report.summary())


@main.command()
@_SETTINGS
@_SITES
def settings(settings_file: Path | None, sites_file: Path | None) -> None:
    """Print every setting with its meaning and value, as TOML."""
    click.echo(settings_toml(load_settings(settings_file, {}, sites_file)), nl=False)
