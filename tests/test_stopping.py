"""Stopping: a run that is told to stop leaves nothing behind, and no worker."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.running import PROJECT, write_files

WORDS = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in "aeiou" for c in "lmnrstv"]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    rng = random.Random(1)
    files = {
        f"{n}.txt": "\n".join(" ".join(rng.choices(WORDS, k=14)) + "." for _ in range(150))
        for n in range(800)
    }
    return write_files(tmp_path / "in", files)


def processes(output: Path) -> list[int]:
    """Processes with the command line of a run into ``output``: its own, and forked workers."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().split(b"\0")
        except OSError:
            continue
        if str(output).encode() in words:
            found.append(int(entry.parent.name))
    return found


def wait_for(condition: object, seconds: float) -> bool:
    assert callable(condition)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return bool(condition())


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc")
@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize(
    "number",
    [
        signal.SIGTERM,
        pytest.param(signal.SIGINT, marks=pytest.mark.long),
        pytest.param(signal.SIGKILL, marks=pytest.mark.long),
    ],
)
def test_a_stopped_run_publishes_nothing(
    number: signal.Signals, workers: str, source: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out"
    words = ["run", str(source), "-o", str(output), "--workers", workers]
    command = [sys.executable, "-m", "pipeline", *words]
    run = subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.PIPE, text=True)
    try:
        assert wait_for(lambda: list(tmp_path.glob(".out.partial-*/staging/block-*")), 120)
        assert len(processes(output)) == {"1": 1, "2": 3}[workers]
        run.send_signal(number)
        _, errors = run.communicate(timeout=60)
    finally:
        run.kill()
    assert not output.exists()
    if number == signal.SIGKILL:
        assert run.returncode == -number
    else:
        assert run.returncode == 128 + number
        assert errors == "copydesk: stopped; nothing was published\n"
        assert not list(tmp_path.glob(".out*"))
    assert wait_for(lambda: not processes(output), 15)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc")
@pytest.mark.parametrize("moment", ["at once", pytest.param("at work", marks=pytest.mark.long)])
def test_a_run_that_loses_a_worker_fails_in_seconds(
    moment: str, source: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out"
    words = ["run", str(source), "-o", str(output), "--workers", "2"]
    command = [sys.executable, "-m", "pipeline", *words]
    run = subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.PIPE, text=True)
    try:
        assert wait_for(lambda: len(processes(output)) == 3, 60)
        if moment == "at work":
            assert wait_for(lambda: list(tmp_path.glob(".out.partial-*/staging/block-*")), 120)
        os.kill(max(processes(output)), signal.SIGKILL)
        _, errors = run.communicate(timeout=60)
    finally:
        run.kill()
    assert run.returncode == 1
    assert "copydesk: the run failed and nothing was published" in errors
    if moment == "at once":
        assert "a worker process ended with code -9" in errors
    assert not list(tmp_path.glob("*out*"))
    assert not processes(output)
