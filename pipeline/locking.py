"""One run at a time for each output.

The lock is the kernel's (``flock``) on a small file beside the output.  It ends with the
process, whatever that dies of, and forked workers inherit it: where a run was killed, the next
one waits until the last of its workers has ended.  (The libraries for locks close it in forks.)
"""

from __future__ import annotations

import fcntl
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from pipeline.errors import UserError
from pipeline.failures import cannot_write
from pipeline.logs import event

_GRACE_SECONDS: Final = 3.0
"""How long the workers of a run that was killed may take to end; usually it is no time at all."""
_AGAIN_SECONDS: Final = 0.05
_LONGEST_PID: Final = 20


class LockedError(UserError):
    """Another process works on the output."""


@contextmanager
def locked(output: Path, wait: float = 0.0) -> Iterator[None]:
    """Hold the lock of an output; folders above it are made, and go if they stay empty.

    Args:
        output: its absolute path; it need not exist.
        wait: seconds to wait for another process that holds the lock.

    Raises:
        LockedError: another process still holds it.
        UserError: nothing can be written beside the output.
        RunError: the disk is full.
    """
    path = output.with_name(f".{output.name}.lock")
    made = [folder for folder in path.parents if not folder.exists()]
    try:
        file = _acquire(path, max(wait, _GRACE_SECONDS))
    except OSError as error:
        _remove_empty(made)
        raise cannot_write(error, output) from error
    if file is None:
        raise LockedError(
            f"another run works on {output} ({_holder(path)} holds {path}): wait for its end"
            " (copydesk run does with --wait SECONDS)"
        )
    try:
        yield
    finally:
        # Removed while it is held: who waits for it sees that it is gone and makes another.
        with suppress(OSError):
            path.unlink()
        os.close(file)
        _remove_empty(made)


def _acquire(path: Path, seconds: float) -> int | None:
    """The open lock file, locked, or ``None`` if that takes longer."""
    end = time.monotonic() + seconds
    told = False
    while True:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
        if _try_lock(file) and _is_open_at(file, path):
            os.truncate(file, 0)
            os.write(file, str(os.getpid()).encode())
            return file
        os.close(file)
        if time.monotonic() > end:
            return None
        if seconds > _GRACE_SECONDS and not told:
            told = True
            event(
                "waiting",
                f"{_holder(path)} holds {path}: waiting for its end, {seconds:.0f} s at most",
                logging.WARNING,
                seconds=seconds,
            )
        time.sleep(_AGAIN_SECONDS)


def _try_lock(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_open_at(file: int, path: Path) -> bool:
    """Whether the path still leads to the open file: who held it before may have removed it."""
    try:
        return os.path.samestat(os.fstat(file), os.lstat(path))
    except FileNotFoundError:
        return False


def _holder(path: Path) -> str:
    try:
        said = path.read_bytes()[:_LONGEST_PID]
    except OSError:
        said = b""
    return f"process {int(said)}" if said.isdigit() else "a process"


def _remove_empty(folders: list[Path]) -> None:
    """Remove folders, innermost first, that nothing was put into."""
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()
