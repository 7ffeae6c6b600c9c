"""What is said of a failure: what it was, and whether the same command goes on."""

import errno
from pathlib import Path

import pytest

from pipeline.errors import Interrupted, RunError, UserError
from pipeline.failures import cannot_write, failure

OUTPUT = Path("/clean/out")


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device", "/clean/.out.partial-0a/x"),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        RuntimeError("Traceback:\n  OSError: [Errno 28] No space left on device\n while running"),
    ],
)
def test_a_full_disk_is_said_to_be_full_and_nothing_waits(error: Exception) -> None:
    said = failure(error, OUTPUT, resumable=True)
    assert not isinstance(said, Interrupted)
    assert str(said).startswith("the disk of /clean/out is full; nothing was published")
    if isinstance(error, OSError):
        assert str(cannot_write(error, OUTPUT)) == str(said)


def test_another_failure_says_its_last_line_and_how_to_go_on() -> None:
    said = failure(RuntimeError("Traceback:\n  ...\nValueError: of a bug"), OUTPUT, resumable=True)
    assert isinstance(said, Interrupted)
    assert "nothing was published: ValueError: of a bug (--verbose" in str(said)
    assert "--fresh begins anew" in str(said)
    assert "KeyError" in str(failure(KeyError(), OUTPUT, resumable=True))
    dry = failure(RuntimeError("x"), OUTPUT, resumable=False)
    assert type(dry) is RunError
    assert "--fresh" not in str(dry)


def test_a_place_that_cannot_be_written_is_the_users_to_change() -> None:
    said = cannot_write(OSError(errno.EACCES, "Permission denied"), OUTPUT)
    assert isinstance(said, UserError)
    assert str(said) == "cannot write beside /clean/out: Permission denied; choose another --output"
