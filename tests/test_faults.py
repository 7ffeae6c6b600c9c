"""Faults that a run survives: kills, a full disk, input that changes, two runs at once."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.history import History
from tests.faults import SETTINGS, Campaign, Victim, write_corpus
from tests.running import ARTICLES, contents, copydesk, write_files

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

KILLS = 50
VICTIMS: tuple[Victim, ...] = ("run", "worker", "driver")


def command(folder: Path, *, files: int) -> list[str]:
    settings = write_files(folder, {"settings.toml": SETTINGS}) / "settings.toml"
    source = write_corpus(folder / "in", files=files)
    return ["run", str(source), f"--settings={settings}", "--workers=2", "--quiet"]


def test_a_run_that_is_killed_goes_on_and_writes_the_same_bytes(tmp_path: Path) -> None:
    words = command(tmp_path, files=250)  # so many that none is done before it is killed
    assert Campaign(words, tmp_path / "whole").finish()["blocks_resumed"] == 0
    campaign = Campaign(words, tmp_path / "out")
    for victim in VICTIMS:
        before = campaign.finished()
        fault = campaign.kill_after(victim, before + 1)
        assert fault is not None
        assert fault.finished > before
        if victim == "worker":
            assert "the same command goes on" in fault.errors
        assert not (tmp_path / "out").exists()
    waiting = campaign.finished()
    record = campaign.finish()
    assert 0 < waiting == record["blocks_resumed"] < record["blocks"]
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "in",
        "out",
        "settings.toml",
        "whole",
    ]


@pytest.mark.long
def test_fifty_kills_at_random_points_change_no_byte(tmp_path: Path) -> None:
    first = ["run", str(write_corpus(tmp_path / "first", files=30)), "--quiet"]
    for name in ("whole", "killed"):
        history = ["--history", str(tmp_path / name), "--run-name", "n1"]
        assert copydesk(*first, *history, "-o", tmp_path / f"n1-{name}").returncode == 0
    words = [*command(tmp_path, files=120), "--run-name", "n2", "--history"]
    begin = time.monotonic()
    Campaign([*words, str(tmp_path / "whole")], tmp_path / "out-whole").finish()
    longest = time.monotonic() - begin
    whole, remembered = contents(tmp_path / "out-whole"), contents(tmp_path / "whole")

    def check() -> None:
        runs = History(tmp_path / "killed").runs
        assert runs == {"n1": runs["n1"]} or runs == History(tmp_path / "whole").runs

    campaign = Campaign([*words, str(tmp_path / "killed")], tmp_path / "out", check=check)
    kills: Counter[Victim] = Counter()
    published = resumed = 0
    while True:
        victim = min(VICTIMS, key=kills.__getitem__)
        if kills.total() == KILLS:
            campaign.finish()
        elif campaign.kill_at_random(victim, longest) is not None:
            kills[victim] += 1
        if (tmp_path / "out").exists():  # a kill may come when it is just published
            assert contents(tmp_path / "out") == whole
            published += 1
            resumed += campaign.record()["blocks_resumed"]
            shutil.rmtree(tmp_path / "out")
            if kills.total() == KILLS:
                break
    assert published > 1
    assert resumed
    assert contents(tmp_path / "killed") == remembered


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 3 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"NOT TESTED, no file system can be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.parametrize(
    "workers", [pytest.param("--workers=1", marks=pytest.mark.long), "--workers=2"]
)
def test_a_full_disk_fails_the_run_and_leaves_nothing(
    workers: str, small_disk: Path, tmp_path: Path
) -> None:
    output = small_disk / "clean" / "out"
    done = copydesk(*command(tmp_path, files=60), workers, "--output", output)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"copydesk: the disk of {output} is full; nothing was published" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not list(small_disk.iterdir())


def test_input_that_changes_under_the_run_is_noticed(tmp_path: Path) -> None:
    words = command(tmp_path, files=30)
    campaign = Campaign(words, tmp_path / "out")
    process = campaign.start()
    while not campaign.finished():
        time.sleep(0.02)
    for name in ("0000.txt", "0001.txt"):
        (tmp_path / "in" / name).write_text("Another text.")
    (tmp_path / "in" / "0002.txt").unlink()
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 1
    assert f"{tmp_path / 'in' / '0000.txt'} and 2 other files changed while the run" in errors
    assert "nothing was published: run again once nothing writes to it" in errors
    assert not list(tmp_path.glob("*out*"))
    assert not list(tmp_path.glob(".out*"))
    assert copydesk(*words, "-o", tmp_path / "out").returncode == 0


def test_of_two_runs_on_one_output_the_second_refuses_or_waits(tmp_path: Path) -> None:
    campaign = Campaign(command(tmp_path, files=30), tmp_path / "out")
    process = campaign.start()
    while not campaign.finished():
        time.sleep(0.02)
    process.send_signal(signal.SIGSTOP)
    try:
        refused = copydesk("run", ARTICLES, "-o", tmp_path / "out", "--overwrite")
        assert refused.returncode == 2
        assert f"another run works on {tmp_path / 'out'} (process {process.pid}" in refused.stderr
        assert "--wait SECONDS" in refused.stderr
        assert campaign.finished()
    finally:
        process.send_signal(signal.SIGCONT)
    waited = copydesk("run", ARTICLES, "-o", tmp_path / "out", "--overwrite", "--wait", "120")
    assert waited.returncode == 0, waited.stderr
    assert process.wait(60) == 0
    assert "5 records" in waited.stdout
