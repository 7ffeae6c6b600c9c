"""Promise 5: a run opens no connection but to its own workers on this machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import ARTICLES, SHAPES, copydesk, write_files

# Runs in every Python process of the command, and stays in what it forks: refuses, and reports, whatever
# is not loopback.
GUARD = """
import os, socket, sys

def refuse(event, arguments):
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            report(event, address)
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        if arguments[0] not in (None, "", "127.0.0.1", "::1", "localhost", "0.0.0.0", "::",
                                b"localhost", socket.gethostname()):
            report(event, arguments[0])

def report(event, what):
    with open(os.environ["GUARD_LOG"], "a") as log:
        log.write(f"{event} {what}\\n")
    raise OSError(f"refused by the test: {event} {what}")

def tell():
    with open(os.environ["GUARD_LOG"], "a") as log:
        log.write("guarded\\n")

sys.addaudithook(refuse)
os.register_at_fork(after_in_child=tell)
tell()
"""


@pytest.fixture
def guard(tmp_path: Path) -> dict[str, str]:
    write_files(tmp_path / "guard", {"sitecustomize.py": GUARD})
    return {
        "PYTHONPATH": os.pathsep.join([str(tmp_path / "guard"), os.environ.get("PYTHONPATH", "")]),
        "GUARD_LOG": str(tmp_path / "guard.log"),
    }


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_run_connects_to_nothing_outside_the_machine(
    workers: str, guard: dict[str, str], tmp_path: Path
) -> None:
    done = copydesk(
        "run", ARTICLES, SHAPES, "-o", tmp_path / "out", "--workers", workers, environment=guard
    )
    assert done.returncode == 0, done.stderr
    log = Path(guard["GUARD_LOG"]).read_text().splitlines()
    assert set(log) == {"guarded"}
    assert len(log) >= (1 if workers == "1" else 3)


def test_the_guard_sees_a_connection(guard: dict[str, str]) -> None:
    """The test above can fail: the same guard refuses a page that is fetched."""
    probe = "import socket; socket.create_connection(('192.0.2.1', 80), timeout=1)"
    done = subprocess.run(
        [sys.executable, "-c", probe],
        env={**os.environ, **guard},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "refused by the test" in done.stderr
    assert "192.0.2.1" in Path(guard["GUARD_LOG"]).read_text()
