"""Commands that look and change nothing: one document, or the difference of two outputs."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from pipeline.models import check_models
from pipeline.options import FAST, INPUT_FORMAT, JUDGE, SETTINGS, SITES, judging
from pipeline.screens import Screen
from pipeline.settings import load_settings
from pipeline.terminal import say
from transforms.settings import JudgeMode


@click.command(
    cls=Screen,
    short_help="Show one document: what goes, and why.",
    examples=(
        "copydesk inspect page.html",
        "copydesk inspect page.html --explain 12",
        "copydesk inspect crawl.jsonl#tag:example.org,2026:17 --diff",
    ),
)
@click.argument("file", type=click.Path(), metavar="FILE[#ID]")
@click.option(
    "--explain",
    type=click.IntRange(min=0),
    metavar="N",
    help="Of paragraph N alone, everything that its verdict rests on.",
)
@click.option("--diff", is_flag=True, help="The text before and after: what goes begins with -.")
@INPUT_FORMAT
@SETTINGS
@SITES
@JUDGE
@FAST
def inspect(
    file: str,
    explain: int | None,
    diff: bool,
    input_format: str | None,
    settings_file: Path | None,
    sites_file: Path | None,
    judge: JudgeMode | None,
    fast: bool,
) -> None:
    """Show one document: what stays, what goes (-), what is marked (~), and why.

    #ID names one in a file of many records, by its own id or its place in the file. NO_COLOR
    is heeded.
    """
    from pipeline.inspector import inspect as inspect_file

    if diff and explain is not None:
        raise click.UsageError("--explain looks at one paragraph, --diff at all: choose one.")
    check_models()
    settings = load_settings(
        settings_file,
        {**judging(judge, fast=fast), "input": {"format": input_format}},
        sites_file,
    )
    columns = shutil.get_terminal_size().columns
    for line in inspect_file(file, settings, columns, explain=explain, diff=diff):
        say(line)


@click.command(
    cls=Screen,
    short_help="Show what changed between two outputs.",
    examples=("copydesk compare clean-monday clean-tuesday",),
)
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
