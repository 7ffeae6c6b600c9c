"""What is said of a run that failed, by what it failed of."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Final

from pipeline.errors import Interrupted, RunError, UserError

_FULL: Final = tuple(f"[Errno {number}]" for number in (errno.ENOSPC, errno.EDQUOT))
"""How errors begin that say that there is no room; those of workers come as text alone."""


def failure(error: Exception, output: Path, *, resumable: bool) -> RunError:
    """The error for the user when the pipeline, or the storage below it, failed.

    It is :class:`Interrupted` where the same command can go on later: never where the disk is
    full, as what the run has written is in the way then.
    """
    if _is_full(error):
        return _no_room(output)
    said = f"the run failed and nothing was published: {_last_line(error)}"
    if not resumable:
        return RunError(f"{said} (--verbose shows the trace)")
    return Interrupted(
        f"{said} (--verbose shows the trace; the same command goes on with the blocks that are"
        " finished, and --fresh begins anew)"
    )


def cannot_write(error: OSError, output: Path) -> UserError | RunError:
    """The error for the user when nothing can be made beside the output."""
    if _is_full(error):
        return _no_room(output)
    return UserError(f"cannot write beside {output}: {error.strerror}; choose another --output")


def _no_room(output: Path) -> RunError:
    return RunError(
        f"the disk of {output} is full; nothing was published, and what the run had written there"
        " is removed: free some space (docs/operations.md says how much a run takes) or choose"
        " another --output"
    )


def _is_full(error: Exception) -> bool:
    return any(mark in str(error) for mark in _FULL)


def _last_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[-1] if lines else type(error).__name__
