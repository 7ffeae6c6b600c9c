"""Records that take too much of the machine: stopped, told, and nobody else's fault."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from pipeline.errors import UserError
from pipeline.settings import load_settings
from pipeline.verify import verify
from tests.running import clean, contents, copydesk, records, write_files
from transforms.block import Block
from transforms.cleaning_steps import CleanDocuments
from transforms.document import Record
from transforms.settings import DecodeSettings, Settings, SplitSettings, WatchSettings
from transforms.single import decode_block, split_block
from transforms.watching import WatchingError, decode_watched, split_watched

GOOD = (
    "<!DOCTYPE html><h1>Bridge</h1><p>The council met on Monday to discuss number {}, a bridge.</p>"
)
WATCH = WatchSettings(seconds=1.0, memory_bytes=256 << 20)
SLOW = "<!DOCTYPE html>" + ("<p " + " ".join(f"a{n}" for n in range(9_999)) + ">x") * 20
"""The parser takes time with the square of the attributes: three seconds here."""
LARGE = "<!DOCTYPE html>" + "<b>x</b>" * 900_000
LIMITS = """
[watch]
seconds = 4
memory_bytes = 268_435_456
[split]
max_attributes = 10_000
max_nodes = 10_000_000
"""


def block(*pages: str) -> Block:
    made = tuple(
        Record(id=str(at), source=f"{at}.html", data=page.encode()) for at, page in enumerate(pages)
    )
    return Block(index=0, records=made)


def test_what_takes_little_comes_out_as_if_nobody_watched() -> None:
    pages = block(GOOD.format(1), "", GOOD.format(2))
    watched = decode_watched(pages, DecodeSettings(), WATCH)
    assert watched == decode_block(pages, DecodeSettings())
    assert [letter.error for letter in watched.rejected] == ["empty-record"]
    assert split_watched(watched, SplitSettings(), DecodeSettings(), WATCH) == split_block(
        watched, SplitSettings(), DecodeSettings()
    )


def test_a_page_that_takes_too_much_costs_itself_and_the_run_says_so(tmp_path: Path) -> None:
    pages = {
        "1.html": GOOD.format(1),
        "2.html": 4 * SLOW,
        "3.html": LARGE,
        "4.html": GOOD.format(2),
    }
    folder = write_files(tmp_path / "in", pages)
    (tmp_path / "s.toml").write_text(LIMITS)
    output = tmp_path / "out"
    done = copydesk("run", folder, "-o", output, "--settings", tmp_path / "s.toml")
    assert done.returncode == 3
    assert "not reproducible" in done.stderr
    assert "took-too-long 1" in done.stderr
    assert json.loads((output / "run.json").read_text())["reproducible"] is False
    slow, large = records(output, "rejected")
    assert (slow["source"], slow["error"]) == ("2.html", "took-too-long")
    assert "raise watch.seconds" in slow["message"]
    assert (large["source"], large["error"]) == ("3.html", "took-too-much-memory")
    assert "268,435,456 bytes" in large["message"]
    assert [row["id"] for row in records(output, "documents")] == ["1.html", "4.html"]
    assert verify(output, [str(folder)]).problems == []  # does not try these again


def test_a_watched_run_writes_the_same_records(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "in", {f"{n}.html": GOOD.format(n) for n in range(5)})
    plain = contents(clean(tmp_path / "plain", folder))
    watched = contents(clean(tmp_path / "watched", folder, settings=Settings(watch=WATCH)))
    assert json.loads((tmp_path / "watched" / "run.json").read_text())["reproducible"] is True
    plain.pop("manifest.json")
    watched.pop("manifest.json")
    assert plain == watched


def cpu_seconds(process: psutil.Process) -> float:
    spent = process.cpu_times()
    return float(spent.user + spent.system)


def await_true(reached: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.02)


AT_WORK = """
from tests.test_watching import *
watch, decode = WatchSettings(seconds=1000), DecodeSettings()
ready = decode_watched(block(SLOW * 20), decode, watch)
print("ready", flush=True)
split_watched(ready, SplitSettings(max_attributes=10_000, max_nodes=10_000_000), decode, watch)
"""


def test_a_child_at_work_ends_with_its_parent() -> None:
    with subprocess.Popen([sys.executable, "-c", AT_WORK], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"ready\n"
        (child,) = psutil.Process(parent.pid).children()
        before = cpu_seconds(child)
        await_true(lambda: cpu_seconds(child) > before + 0.3)
        parent.kill()
    try:
        child.wait(10)
    except psutil.TimeoutExpired:
        child.kill()
        pytest.fail("it went on alone")


def test_memory_has_a_limit_only_with_time_and_on_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    memory: dict[str, Any] = {"watch": {"memory_bytes": 1 << 30}}
    with pytest.raises(UserError, match=r"watch\.memory_bytes needs watch\.seconds"):
        load_settings(None, memory)
    with pytest.raises(ValueError, match=r"watch\.memory_bytes needs watch\.seconds"):
        CleanDocuments(memory)
    memory["watch"]["seconds"] = 60
    assert load_settings(None, memory).watch.is_on
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(UserError, match="Linux only"):
        load_settings(None, memory)


def other_code(folder: Path, watched: str) -> str:
    """A folder with another package of our name; in it this is the module of the child."""
    write_files(folder / "transforms", {"__init__.py": "", "watched.py": watched})
    return str(folder)


def test_a_child_runs_the_code_of_its_parent_and_a_run_without_one_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = other_code(tmp_path, "raise ImportError('there is no such parser')")
    monkeypatch.setattr(sys, "path", [broken, *sys.path])
    with pytest.raises(WatchingError, match=r"does not start \(ImportError: there is no such"):
        decode_watched(block(GOOD), DecodeSettings(), WatchSettings(seconds=11))


def test_what_a_child_says_is_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken_over = other_code(
        tmp_path,
        "import os, pickle\n"
        "from multiprocessing.connection import Connection\n"
        "class Call:\n"
        "    def __reduce__(self): return os.mkdir, ('called',)\n"
        "def main(pipe, *_):\n"
        "    pipe = Connection(int(pipe))\n"
        "    pipe.send(None)\n"
        "    pipe.recv_bytes()\n"
        "    pipe.send(Call())\n",
    )
    monkeypatch.setattr(sys, "path", [taken_over, *sys.path])
    monkeypatch.chdir(tmp_path)
    done = decode_watched(block(GOOD), DecodeSettings(), WatchSettings(seconds=12))
    assert [letter.error for letter in done.rejected] == ["crashed"]
    assert "sent what is no answer" in done.rejected[0].message
    assert not Path("called").exists()


def test_the_trace_of_a_bug_is_logged_as_if_nobody_watched(
    caplog: pytest.LogCaptureFixture,
) -> None:
    no_settings: Any = None
    done = decode_watched(block(GOOD), no_settings, WATCH)
    assert [letter.error for letter in done.rejected] == ["unexpected-error"]
    (line,) = caplog.records
    assert (line.name, line.levelname) == ("transforms.block", "ERROR")
    first, *trace = line.getMessage().splitlines()
    assert first == "unexpected error in '0.html'"
    assert trace[0].startswith("Traceback")
    assert trace[-1].startswith("AttributeError: ")
    caplog.clear()
    decode_watched(block(GOOD), DecodeSettings(), WATCH)
    assert caplog.records == []


@dataclass
class Signals:
    """An item that sends the child a signal."""

    number: int
    source: str = "0.html"
    record: None = None

    def __reduce__(self) -> tuple[Any, tuple[int]]:
        return signal.raise_signal, (self.number,)


def test_signals_that_end_a_child_are_told() -> None:
    def ended_by(number: int) -> list[str]:
        items: Any = (Signals(number),)
        done = decode_watched(Block(index=0, records=items), DecodeSettings(), WATCH)
        return [letter.message for letter in done.rejected]

    (message,) = ended_by(signal.SIGRTMIN + 1)  # it has no name
    assert f"ended (signal {signal.SIGRTMIN + 1})" in message
    # Who stops a run stops its children; no record is at fault.
    with pytest.raises(WatchingError, match="SIGTERM"):
        ended_by(signal.SIGTERM)
