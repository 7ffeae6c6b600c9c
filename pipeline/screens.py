"""Help that fits a screen: what most users need first, with examples, the rest one word away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import click

_ALL: Final = "--help-all"


class Screen(click.Command):
    """A command whose help has examples, and fits a screen.

    Args:
        examples: command lines.
        more: names of parameters by heading that only ``--help-all`` lists; where there are none,
            ``--help`` lists every one.
    """

    def __init__(
        self,
        *arguments: Any,
        examples: Sequence[str] = (),
        more: Mapping[str, Sequence[str]] | None = None,
        **rest: Any,
    ) -> None:
        super().__init__(*arguments, **rest)
        self._examples = examples
        self._more = more or {}
        if self._more:
            self.params.append(
                click.Option(
                    [_ALL],
                    is_flag=True,
                    is_eager=True,
                    expose_value=False,
                    help="Every option, by what it is about.",
                    callback=_show_all,
                )
            )

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What it does, and the examples."""
        super().format_help_text(ctx, formatter)
        if self._examples:
            with formatter.section("Examples"):
                for line in self._examples:
                    formatter.write(f"{'':{formatter.current_indent}}{line}\n")

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What stands at the end, where there is room."""
        if not self._more or ctx.meta.get(_ALL):
            super().format_epilog(ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options under their headings."""
        later = {name for names in self._more.values() for name in names}
        first = [param for param in self.get_params(ctx) if param.name not in later]
        _write(formatter, "Options", first, ctx)
        if not ctx.meta.get(_ALL):
            return
        params = {param.name: param for param in self.get_params(ctx)}
        for heading, names in self._more.items():
            _write(formatter, heading, [params[name] for name in names], ctx)


def _write(
    formatter: click.HelpFormatter,
    heading: str,
    params: Sequence[click.Parameter],
    ctx: click.Context,
) -> None:
    options = [param for param in params if isinstance(param, click.Option)]
    rows = [row for option in options if (row := option.get_help_record(ctx)) is not None]
    if rows:
        with formatter.section(heading):
            formatter.write_dl(rows)


def _show_all(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        ctx.meta[_ALL] = True
        click.echo(ctx.get_help(), color=ctx.color)
        ctx.exit()


class Start(click.Group):
    """The commands, with what to do first.

    Args:
        start: command lines, each with what it does.
    """

    def __init__(self, *arguments: Any, start: Sequence[tuple[str, str]] = (), **rest: Any) -> None:
        super().__init__(*arguments, **rest)
        self._start = start

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What it is for, and the first steps."""
        super().format_help_text(ctx, formatter)
        if self._start:
            with formatter.section("Start here"):
                formatter.write_dl(self._start, col_max=40)
