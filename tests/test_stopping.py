"""Stopping: a run that is told to stop leaves nothing behind, and no worker."""

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


def processes(mark: str) -> list[str]:
    """Command lines of processes that mention ``mark``, and of workers."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if mark in words:
            found.append(words)
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
    before = len(processes("pipeline.worker"))
    run = subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.PIPE, text=True)
    try:
        assert wait_for(lambda: list(tmp_path.glob(".out.partial-*/staging/block-*")), 120)
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
    assert wait_for(lambda: len(processes("pipeline.worker")) <= before, 15)
