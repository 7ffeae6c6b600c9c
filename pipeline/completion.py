"""Completion of commands, options and file names by the shell."""

from __future__ import annotations

import os
from typing import Final

import click
from click.shell_completion import get_completion_class

from pipeline.screens import Screen

_NAME: Final = "copydesk"
_SHELLS: Final = ("bash", "zsh", "fish")


@click.command(
    cls=Screen,
    short_help="Make your shell complete commands and names.",
    examples=(
        'eval "$(copydesk completion bash)"      # in ~/.bashrc',
        'eval "$(copydesk completion zsh)"       # in ~/.zshrc',
        "copydesk completion fish | source       # in ~/.config/fish/config.fish",
    ),
)
@click.argument("shell", type=click.Choice(_SHELLS), required=False)
@click.pass_context
def completion(ctx: click.Context, shell: str | None) -> None:
    """Print what makes a shell complete commands; by default for the one you use."""
    chosen = shell or os.path.basename(os.environ.get("SHELL", ""))
    if chosen not in _SHELLS:
        raise click.UsageError(f"which shell? copydesk completion {'|'.join(_SHELLS)}")
    kind = get_completion_class(chosen)
    assert kind is not None  # noqa: S101 - click knows each of these
    click.echo(kind(ctx.find_root().command, {}, _NAME, f"_{_NAME.upper()}_COMPLETE").source())
