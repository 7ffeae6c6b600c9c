"""Text from outside, made fit for a terminal: no control characters, no line too wide."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterator
from typing import Final

import click

WIDTH: Final = 80
"""Columns of what is printed for people."""


def takes_bars() -> bool:
    """Whether standard error is a terminal on which a line can be written anew."""
    # A process that was started without it has none.
    return sys.stderr is not None and sys.stderr.isatty() and not _is_dumb()


def _is_dumb() -> bool:
    return os.environ.get("TERM", "dumb") == "dumb"


def say(line: str) -> None:
    """Print a line; its colours only where a terminal shows them, and NO_COLOR is not set."""
    click.echo(line, color=False if os.environ.get("NO_COLOR") or _is_dumb() else None)


def printable(text: str) -> str:
    r"""Text from outside, safe for a terminal.

    >>> printable("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    return "".join(
        char if char.isprintable() or char == "\n" else char.encode("unicode_escape").decode()
        for char in text
    )


def one_line(text: str) -> str:
    r"""The same on one line: a line end in a name cannot begin a line that we did not say.

    >>> one_line("a\ncopydesk: all is well")
    'a\\ncopydesk: all is well'
    """
    return printable(text).replace("\n", "\\n")


def columns(text: str) -> int:
    """How many columns a terminal gives to printable text.

    >>> columns("bridge"), columns("橋")
    (6, 2)
    """
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def _columns(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def clip(text: str, width: int) -> str:
    """The text on one line, cut with an ellipsis where it has more columns than ``width``.

    >>> clip("a long  name", 8)
    'a long …'
    """
    line = printable(" ".join(text.split()))
    if columns(line) <= width:
        return line
    kept = next(_pieces(line, width - 1))
    return f"{kept}…"


def pad(text: str, width: int) -> str:
    """The text, clipped or filled up to exactly ``width`` columns."""
    line = clip(text, width)
    return line + " " * (width - columns(line))


def wrap(text: str, first: str, rest: str, width: int = WIDTH) -> Iterator[str]:
    """The text in lines of at most ``width`` columns.

    Args:
        text: from anywhere; white space collapses, control characters are escaped.
        first: what the first line begins with.
        rest: what the others begin with.
    """
    line, used, start = first, columns(first), True
    for word in printable(" ".join(text.split())).split(" "):
        for piece in _pieces(word, width - columns(rest)):
            size = columns(piece)
            if not start and used + 1 + size <= width:
                line, used = f"{line} {piece}", used + 1 + size
                continue
            if not start or used + size > width:
                yield line.rstrip()
                line, used = rest, columns(rest)
            line, used, start = line + piece, used + size, False
    yield line.rstrip()


def _pieces(word: str, width: int) -> Iterator[str]:
    """A word in pieces of at most ``width`` columns, for words that no line can hold."""
    begin = used = 0
    for at, char in enumerate(word):
        size = _columns(char)
        if used + size > width:
            yield word[begin:at]
            begin, used = at, 0
        used += size
    yield word[begin:]
