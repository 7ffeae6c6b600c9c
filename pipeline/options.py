"""Options that several commands share, and what their words stand for."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar, get_args

import click

from pipeline.guards import LIMITS, named_limits
from pipeline.memory import parse_size
from transforms.settings import JUDGE_MODES, InputFormat, JudgeMode, Limit

Command = TypeVar("Command", bound=Callable[..., Any])


def alternatives(words: Sequence[str]) -> str:
    """Words in a sentence.

    >>> alternatives(("jsonl", "parquet", "text"))
    'jsonl, parquet or text'
    """
    return f"{', '.join(words[:-1])} or {words[-1]}"


def choice(
    *names: str,
    words: Sequence[str],
    metavar: str,
    help: str,  # noqa: A002 click's name
) -> Callable[[Command], Command]:
    """An option that takes one of some words, which its help lists behind what it says."""
    return click.option(
        *names,
        type=click.Choice(words),
        metavar=metavar,
        help=f"{help}: {alternatives(words)}.",
    )


SETTINGS = click.option(
    "--settings",
    "settings_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A TOML file such as `copydesk settings` prints.",
)

SITES = click.option(
    "--sites",
    "sites_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Patterns to keep or drop by site: docs/sites.md.",
)

INPUT_FORMAT = click.option(
    "--input-format",
    type=click.Choice(get_args(InputFormat)),
    metavar="KIND",
    help=f"What every file is: {alternatives(get_args(InputFormat))} (auto: as its name says).",
)

JUDGE = choice("--judge", words=get_args(JudgeMode), metavar="MODE", help="Of boilerplate")

FAST = click.option(
    "--fast", is_flag=True, help="Read pages without trafilatura, at a third of the cost."
)


def judging(judge: JudgeMode | None, *, fast: bool) -> dict[str, dict[str, Any]]:
    """The settings that two flags of several commands stand for."""
    return {
        "split": {"extraction": "none" if fast else None},
        "judge": {**JUDGE_MODES[judge]} if judge else {},
    }


def memory(_: click.Context, __: click.Parameter, word: str | None) -> int | None:
    """The bytes that ``--memory-limit`` was given."""
    try:
        return None if word is None else parse_size(word)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def limits(_: click.Context, __: click.Parameter, words: tuple[str, ...]) -> dict[str, float]:
    """Settings from what ``--max-removed`` was given: ``0.3``, or ``documents=0.3`` for one."""
    given: dict[Limit | None, float] = {}
    for word in words:
        before, equals, share = word.rpartition("=")
        name = next((limit for limit in LIMITS if limit == before), None)
        if equals and name is None:
            raise click.BadParameter(f"{before!r} is no limit: choose from {', '.join(LIMITS)}.")
        try:
            given[name] = float(share)
        except ValueError:
            given[name] = math.nan
        if not 0 <= given[name] <= 1:
            raise click.BadParameter(f"{share!r} is no share: it lies between 0 and 1.")
    return named_limits(given)
