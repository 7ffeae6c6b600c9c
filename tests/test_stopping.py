"""Stopping: a run that is told to stop publishes nothing and leaves no worker."""

import json
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
        assert errors.startswith("copydesk: stopped; nothing was published")
    # A person who stops a run wants nothing of it; what else ends one may want it to go on.
    stays = number != signal.SIGINT
    assert bool(list(tmp_path.glob(".out.partial-*/staging/block-*"))) == stays
    if number == signal.SIGTERM:
        assert errors.endswith(", and the same command goes on with the blocks that are finished\n")
    assert wait_for(lambda: not processes(output), 15)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc")
def test_a_dry_run_that_is_stopped_leaves_nothing_to_go_on_with(
    source: Path, tmp_path: Path
) -> None:
    words = ["run", str(source), "-o", str(tmp_path / "out"), "--dry-run", "--log-format=json"]
    command = [sys.executable, "-m", "pipeline", *words, "--metrics", str(tmp_path / "x.prom")]
    run = subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.PIPE, text=True)
    try:
        assert wait_for(lambda: list(tmp_path.glob(".copydesk-*/staging/block-*")), 120)
        run.terminate()
        _, errors = run.communicate(timeout=60)
    finally:
        run.kill()
    assert run.returncode == 128 + signal.SIGTERM
    said = [json.loads(line) for line in errors.splitlines()]
    assert said[0]["event"] == "started"
    assert [each["event"] for each in said[-2:]] == ["error", "ended"]
    assert said[-2]["message"] == "stopped; nothing was published"
    assert 'copydesk_exit_code{run="x"} 143.0' in (tmp_path / "x.prom").read_text()
    assert not list(tmp_path.glob(".copydesk-*"))


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
    assert not output.exists()
    assert "the same command goes on with the blocks that are finished" in errors
    assert len(list(tmp_path.glob(".out.partial-*"))) == 1
    assert not processes(output)


def test_a_stop_that_fails_on_its_way_still_ends_the_process_with_its_code() -> None:
    program = (
        "import os, signal\n"
        "from pipeline.stopping import clean_stop\n"
        "def fail():\n"
        "    raise RuntimeError('cannot remove it')\n"
        "with clean_stop(fail, resumable=True):\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "    signal.pause()\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, timeout=60
    )
    assert run.returncode == 128 + signal.SIGINT
    assert run.stderr == "copydesk: stopped; nothing was published\n"
