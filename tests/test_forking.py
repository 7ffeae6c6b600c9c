"""Forked workers: who forks, who does not, and what is left behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import ARTICLES, PROJECT, clean, contents, write_files

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks on Linux only")

# Runs in every Python process that starts as a command.
TELL = """
import os
with open(os.environ["STARTED"], "a") as log:
    log.write("started\\n")
"""
COMMAND = "from pipeline.cli import main; main()"
WITH_A_THREAD = f"""
import threading
threading.Thread(target=threading.Event().wait, daemon=True).start()
{COMMAND}
"""
LIBRARY = """
import sys
from pathlib import Path
from pipeline.run import run
from transforms.settings import Settings
run([sys.argv[2]], Path(sys.argv[4]), Settings(), workers=2)
"""
FAILING = """
import os, threading
from pipeline import forking
try:
    with forking.forked_workers(3):
        assert len(forking._run.waiting) == 3
        raise ValueError
except ValueError:
    pass
try:
    print(os.waitpid(-1, os.WNOHANG), threading.active_count())
except ChildProcessError:
    print("none left")
"""

SILENT = """
import time
import apache_beam as beam
from pipeline.engine import choose_engine
from pipeline.forking import forked_workers
engine = choose_engine((), 2, 1 << 30)
with forked_workers(2):
    pipeline = beam.Pipeline(runner=engine.runner, options=engine.options)
    pipeline | beam.Create([0, 1]) | beam.Map(lambda _: time.sleep(100))
    pipeline.run().wait_until_finish()
print("done")
"""


def python(code: str, *arguments: str | Path, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=PROJECT,
        env={**os.environ, **environment},
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("code", "processes"),
    [(COMMAND, 1), (WITH_A_THREAD, 3), pytest.param(LIBRARY, 3, marks=pytest.mark.long)],
)
def test_the_command_forks_its_workers_unless_a_thread_is_alive(
    code: str, processes: int, tmp_path: Path
) -> None:
    write_files(tmp_path / "site", {"sitecustomize.py": TELL})
    output, log = tmp_path / "out", tmp_path / "log"
    path = os.pathsep.join([str(tmp_path / "site"), os.environ.get("PYTHONPATH", "")])
    environment = {"PYTHONPATH": path, "STARTED": str(log)}
    python(code, "run", ARTICLES, "-o", output, "--workers", "2", **environment)
    assert log.read_text().splitlines() == ["started"] * processes
    assert contents(output) == contents(clean(tmp_path / "one", ARTICLES))


def test_no_worker_is_left_when_a_run_fails_before_it_starts() -> None:
    assert python(FAILING) == "none left\n"


@pytest.mark.long
def test_workers_that_say_nothing_for_minutes_are_not_cut_off() -> None:
    # gRPC asks every 20 seconds whether the other side lives; a server may find that too often.
    assert python(SILENT) == "done\n"
