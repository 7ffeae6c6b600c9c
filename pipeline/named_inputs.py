"""What the command line names as input: paths, files of paths, standard input."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from pipeline.errors import UserError
from pipeline.stopping import clean_stop, removed_at_stop

STANDARD_INPUT: Final = "-"

_SOURCE: Final = "stdin"
"""What it is called in the output."""
_COPY: Final = 1024 * 1024


@contextmanager
def named_inputs(
    words: Sequence[str], lists: Sequence[Path] = (), beside: Path | None = None
) -> Iterator[list[str]]:
    """The paths that are to be read; standard input is one as long as the context lasts.

    Args:
        words: paths, and ``-`` for standard input.
        lists: files with a path in each line; ``-`` for standard input too.
        beside: where the output is to appear, so that workers that see it see
            the copy of standard input; else that is in the system's temporary folder.

    Raises:
        UserError: a list cannot be read, standard input is named twice or cannot be kept.
    """
    named = list(words)
    read = [str(each) for each in lists if str(each) == STANDARD_INPUT]
    _check_once([*named, *read])
    for each in lists:
        named.extend(_paths(each))
    _check_once([*named, *read])
    with ExitStack() as stack:
        if STANDARD_INPUT in named:
            copy = stack.enter_context(_standard_input(beside))
            named[named.index(STANDARD_INPUT)] = str(copy)
        yield named


def _check_once(named: Sequence[str]) -> None:
    if named.count(STANDARD_INPUT) > 1:
        raise UserError("standard input (-) is named more than once: it can be read once")


def _paths(file: Path) -> list[str]:
    """The lines of a list; blank ones are none, and a path may have any other character."""
    if str(file) == STANDARD_INPUT:
        data = sys.stdin.buffer.read()
    else:
        try:
            data = file.read_bytes()
        except OSError as error:
            raise UserError(
                f"cannot read the list of inputs {file} ({error.strerror}): check the path"
            ) from error
    paths = os.fsdecode(data).split("\n")
    return [path for each in paths if (path := each.removesuffix("\r")).strip()]


@contextmanager
def _standard_input(beside: Path | None) -> Iterator[Path]:
    """A copy of standard input, which several workers can read, and twice."""
    above = beside.absolute().parents if beside is not None else ()
    parent = next((folder for folder in above if folder.is_dir()), Path(tempfile.gettempdir()))
    # Named before it is made: a stop between the two would leave it.
    folder = parent / f".copydesk-stdin-{secrets.token_hex(8)}"
    copy = folder / _SOURCE
    with removed_at_stop(folder):
        try:
            with clean_stop(lambda: None, resumable=False):
                folder.mkdir(mode=0o700)
                with copy.open("xb") as file:
                    shutil.copyfileobj(sys.stdin.buffer, file, _COPY)
        except OSError as error:
            raise UserError(
                f"standard input cannot be kept in {folder.parent}: {error.strerror}"
            ) from error
        yield copy
