"""Progress: what the steps tell, how it is counted, and what is shown of it."""

from __future__ import annotations

import fcntl
import json
import logging
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from pipeline import progress
from pipeline.run import run
from pipeline.standing import Standing, Standings, Work
from tests.running import PROJECT, write_files
from transforms.progress import Told, tell, telling
from transforms.settings import Settings
from transforms.staging import Staging

ARTICLE = 3 * "The council met on Monday to discuss the bridge number {0} over the river.\n"


@pytest.fixture
def staging(tmp_path: Path) -> Staging:
    return Staging.create(tmp_path / "staging")


def work(*plans: int) -> Work:
    return Work(plans, {"judge": 1, "look for candidates": 4, "compare": 2, "write": 1})


def judge(staging: Staging, *units: int, resumed: bool = False) -> None:
    for unit in units:
        tell(staging, Told("judge", unit, "begun"))
        tell(staging, Told("judge", unit, "resumed" if resumed else "finished", 10, 1_000))


def test_units_are_counted_once_however_often_they_are_told(staging: Staging) -> None:
    standings = Standings(staging.folder, work(0, 0, 0))
    judge(staging, 0, 1)
    first = standings.look()
    judge(staging, 1)
    again = standings.look()
    assert again == first
    assert (first.step, first.done, first.units, first.number, first.steps) == ("judge", 2, 3, 1, 4)
    assert (first.documents, first.bytes) == (20, 2_000)


def test_the_share_grows_from_step_to_step_up_to_the_end(staging: Staging) -> None:
    standings = Standings(staging.folder, work(0, 0))
    seen = [standings.look()]
    for unit in range(2):
        judge(staging, unit)
        seen.append(standings.look())
    for unit in range(4):
        with telling(staging, "look for candidates", unit):
            pass
        seen.append(standings.look())
    # Documents of the second block are compared with nothing: no unit of theirs is told.
    for unit in (0, 1, ~0):
        with telling(staging, "compare", unit):
            pass
        seen.append(standings.look())
    for unit in range(2):
        with telling(staging, "write", unit):
            seen.append(standings.look())
    seen.append(standings.look())
    shares = [each.share for each in seen]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)
    assert seen[-1].step == "write"
    assert seen[4].documents == 10  # half of the buckets: half of the documents, by estimate


def test_of_a_file_that_is_cut_as_it_is_read_one_more_block_is_to_come(staging: Staging) -> None:
    standings = Standings(staging.folder, work(2, 0))
    judge(staging, 0, 1)
    assert (standings.look().done, standings.look().units) == (2, 3)
    judge(staging, 2, 4)  # the second and third of the first plan
    assert (standings.look().done, standings.look().units) == (4, 5)
    assert standings.look().share < 1


def test_what_was_resumed_is_done_but_counts_for_no_speed(staging: Staging) -> None:
    judge(staging, 0, 1, resumed=True)
    standing = Standings(staging.folder, work(0, 0, 0, 0)).look()
    assert standing.documents == 0
    assert standing.share == standing.resumed > 0
    meter = progress.Meter(Standings(staging.folder, work(0, 0, 0, 0)), local=False)
    assert meter.look(5.0).rest is None
    judge(staging, 2)
    seen = meter.look(10.0)
    # A quarter of the judging took ten seconds: what is left cannot take less than another.
    assert seen.rest is not None
    assert seen.rest > 10
    assert seen.documents_per_second == 1


def test_blocks_of_earlier_runs_compare_as_well(staging: Staging) -> None:
    known = Work(
        (0,), {"judge": 1, "recall": 3, "look for candidates": 4, "compare": 2, "write": 1}
    )
    standings = Standings(staging.folder, known)
    judge(staging, 0)
    for unit in range(3):
        with telling(staging, "recall", 1_000 + unit):
            pass
    for unit in (0, 1_000, 1_001, 1_002):
        with telling(staging, "compare", unit):
            pass
    standing = standings.look()
    assert (standing.done, standing.units, standing.documents) == (4, 8, 5)


def test_memory_is_looked_at_only_where_it_is_shown(
    staging: Staging, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = iter([7, 8])
    monkeypatch.setattr(progress, "_memory", lambda: next(looked))
    meter = progress.Meter(Standings(staging.folder, work(0)), local=True)
    assert meter.look(1.0, shown=False).memory is None
    assert [meter.look(second).memory for second in (2.0, 3.0, 4.0)] == [7, 7, 7]
    assert meter.look(60.0).memory == 8


def test_a_line_that_is_half_written_waits(staging: Staging) -> None:
    standings = Standings(staging.folder, work(0, 0))
    path = Path(staging.folder, "1-x.told")
    path.write_bytes(b'["judge",0,"finished",10,1000]\n["judge",1,"fin')
    assert standings.look().done == 1
    with path.open("ab") as file:
        file.write(b'ished",10,1000]\n')
    assert standings.look().done == 2


def test_a_folder_that_takes_no_line_costs_nothing_but_the_line(tmp_path: Path) -> None:
    with telling(Staging(str(tmp_path / "gone"), ""), "decide", 0):
        pass
    assert not list(tmp_path.iterdir())


def test_a_run_tells_every_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(progress, "_LOOK_SECONDS", 0.001)
    monkeypatch.setattr(progress, "_LINE_SECONDS", 0.0)
    shown: list[Standing] = []
    monkeypatch.setattr(
        progress._Lines, "show", lambda _, seen, __: shown.append(seen.standing), raising=True
    )
    folder = write_files(tmp_path / "in", {f"{n}.txt": ARTICLE.format(n) for n in range(3)})
    with caplog.at_level(logging.INFO):
        run([str(folder)], tmp_path / "out", Settings(), workers=1)
    assert shown
    assert [each.share for each in shown] == sorted(each.share for each in shown)
    assert {each.steps for each in shown} == {8}


IMPATIENT = """
import logging, sys
logging.root.addHandler(logging.NullHandler())  # as the command has it before it imports Beam
from pipeline import progress
from pipeline.cli import main
progress._LOOK_SECONDS, progress._LINE_SECONDS = 0.01, 0.01
main(sys.argv[1:], prog_name="copydesk")
"""
"""The command, which does not wait for ten seconds before it says how far it is."""


def impatient(folder: Path, *arguments: str, terminal: bool = False) -> str:
    """What the command says to standard error: a pipe, or a terminal of 80 columns."""
    write_files(folder / "in", {f"{n}.txt": ARTICLE.format(n) for n in range(3)})
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-c", IMPATIENT, "run", "in", "-o", "out", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(PROJECT), "TERM": "xterm"},
        stdout=subprocess.DEVNULL,
        stderr=theirs if terminal else subprocess.PIPE,
    )
    os.close(theirs)
    said = b""
    if process.stderr is not None:
        said = process.stderr.read()
        process.stderr.close()
    else:
        while chunk := _read(ours):
            said += chunk
    os.close(ours)
    assert process.wait(60) == 0, said
    return said.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:  # nobody has it open any more
        return b""


def test_in_a_log_there_are_lines(tmp_path: Path) -> None:
    lines = impatient(tmp_path).splitlines()
    assert lines
    for line in lines:
        assert re.fullmatch(
            r"copydesk: \d+%: step \d of 8, [a-z ]+ \([\d,]+ of [\d,]+\), .+ GB.*", line
        ), line
    assert "\x1b" not in "".join(lines)


def test_a_log_of_objects_has_the_figures(tmp_path: Path) -> None:
    events = [json.loads(line) for line in impatient(tmp_path, "--log-format", "json").splitlines()]
    told = [each for each in events if each["event"] == "progress"]
    assert events[0]["event"] == "started"
    assert told
    assert 0 <= told[0]["share"] <= told[-1]["share"] <= 1
    assert told[-1]["memory_bytes"] > 10_000_000
    assert {"step", "step_number", "steps", "done", "units", "seconds_left"} <= {*told[0]}


def test_a_quiet_run_shows_none(tmp_path: Path) -> None:
    said = impatient(tmp_path, "--quiet", "--log-format", "json")
    assert "started" in said
    assert "progress" not in said


def test_on_a_terminal_there_is_a_bar_that_fits_and_is_gone_in_the_end(tmp_path: Path) -> None:
    said = impatient(tmp_path, terminal=True)
    drawn = [re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", each) for each in said.split("\r")]
    assert any("/8)" in each and "GB" in each for each in drawn)
    assert max(map(len, drawn)) <= 80
    assert not drawn[-1].strip()
