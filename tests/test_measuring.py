"""What a command costs is counted whole, whoever reaps its processes."""

import sys
from pathlib import Path

import pytest

from benchmarks.measuring import CommandError, Cost, in_turns, measure, medians

BUSY = """
import time
kept = bytearray(50_000_000)
while time.process_time() < 0.8:
    kept[0] ^= 1
"""

# The parent ends at once, so its child is nobody's: init would reap it, and `time` would not see it.
ORPHAN = f"""
import subprocess, sys
subprocess.Popen([sys.executable, "-c", {BUSY!r}])
"""


@pytest.mark.parametrize("script", [BUSY, ORPHAN])
def test_what_a_process_uses_is_counted_even_if_its_parent_is_gone(script: str) -> None:
    cost = measure([sys.executable, "-c", script])
    assert cost.cpu >= 0.8
    assert min(cost.proportional, cost.resident) > 50_000_000


def test_folders_are_watched_while_the_command_runs(tmp_path: Path) -> None:
    folder = tmp_path / "some-1"
    script = (
        "import pathlib, shutil, sys, time; folder = pathlib.Path(sys.argv[1]); folder.mkdir();"
        "(folder / 'a').write_bytes(bytes(1000)); time.sleep(0.8); shutil.rmtree(folder)"
    )
    cost = measure([sys.executable, "-c", script, folder], watch=str(tmp_path / "some-*"))
    assert cost.watched == 1000
    assert cost.wall >= 0.8


def test_a_command_that_fails_is_an_error_with_what_it_said() -> None:
    with pytest.raises(CommandError, match="no such luck"):
        measure([sys.executable, "-c", "raise SystemExit('no such luck')"])


def test_jobs_take_turns_and_each_figure_has_its_median() -> None:
    told: list[str] = []

    def job(name: str) -> Cost:
        told.append(name)
        return Cost(len(told), 10 - len(told), len(told), 1, 0)

    found = in_turns({"a": lambda: job("a"), "b": lambda: job("b")}, rounds=3)
    assert told == ["a", "b"] * 3
    assert found["a"] == Cost(3, 7, 3, 1, 0)
    assert medians([Cost(1, 1, 1, 1, 1)]) == Cost(1, 1, 1, 1, 1)
