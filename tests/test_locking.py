"""Locks: one process at a time, and nothing left of them."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from pipeline.errors import UserError
from pipeline.locking import LockedError, locked
from tests.running import PROJECT, write_files

HOLD = """
import os, sys, time
from pathlib import Path
from pipeline.locking import locked
with locked(Path(sys.argv[1])):
    if sys.argv[2] == "fork" and not os.fork():
        time.sleep(float(sys.argv[3]))
        os._exit(0)
    print("held", flush=True)
    time.sleep(60)
"""


def holder(output: Path, *words: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(output), *words],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.locking._GRACE_SECONDS", 0.2)


@pytest.mark.usefixtures("impatient")
def test_a_second_process_is_refused_and_told_which_one_works(tmp_path: Path) -> None:
    output = tmp_path / "out"
    process = holder(output, "alone", "0")
    try:
        with pytest.raises(LockedError, match=rf"process {process.pid} holds .*\.out\.lock"):
            locked(output).__enter__()
        with locked(tmp_path / "other"):
            pass
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    with locked(output):
        assert (tmp_path / ".out.lock").read_text() == str(os.getpid())


def test_what_waits_gets_the_lock_when_it_is_free(tmp_path: Path) -> None:
    output = tmp_path / "out"
    order: list[int] = []
    started = threading.Barrier(4)

    def work(number: int) -> None:
        started.wait()
        with locked(output, 60):
            order.append(number)
            time.sleep(0.05)
            order.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(order) == 8
    assert order[::2] == order[1::2]
    assert not list(tmp_path.iterdir())


def test_workers_of_a_process_that_was_killed_keep_the_lock_until_they_end(tmp_path: Path) -> None:
    output = tmp_path / "out"
    process = holder(output, "fork", "1.5")
    begin = time.monotonic()
    process.kill()
    process.wait()
    with locked(output):
        assert time.monotonic() - begin > 0.5


def test_nothing_is_left_not_even_folders_that_were_made_for_the_output(tmp_path: Path) -> None:
    with locked(tmp_path / "a" / "b" / "out"):
        assert (tmp_path / "a" / "b" / ".out.lock").exists()
    assert not list(tmp_path.iterdir())
    with locked(tmp_path / "a" / "b" / "out"):
        (tmp_path / "a" / "b" / "out").mkdir()
    assert [path.name for path in (tmp_path / "a" / "b").iterdir()] == ["out"]


def test_a_place_that_cannot_be_written_and_a_link_are_refused(tmp_path: Path) -> None:
    blocker = write_files(tmp_path, {"file": "x"}) / "file"
    with pytest.raises(UserError, match="cannot write beside"):
        locked(blocker / "out").__enter__()
    (tmp_path / ".out.lock").symlink_to(blocker)
    with pytest.raises(UserError, match="cannot write beside"):
        locked(tmp_path / "out").__enter__()
    assert blocker.read_text() == "x"
