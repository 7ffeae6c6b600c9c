"""Named inputs: paths, lists of paths, standard input."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import UserError
from pipeline.named_inputs import named_inputs
from tests.packing import PACK
from tests.running import PROJECT, copydesk, records, write_files

GOOD = "A title\n\nThe council met on Monday to discuss the new bridge over the river.\n"
COMMAND = [sys.executable, "-m", "pipeline"]


def piped(data: bytes, *arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], input=data, capture_output=True, cwd=PROJECT, timeout=300
    )


def test_a_list_names_a_path_a_line(tmp_path: Path) -> None:
    names = b"a.txt\r\n\n - \n s3://b/c\ncaf\xe9\n"
    folder = write_files(tmp_path, {"list": names, "other": "z"})
    with named_inputs(["first"], [folder / "list", folder / "other"]) as inputs:
        assert inputs == ["first", "a.txt", " - ", " s3://b/c", "caf\udce9", "z"]


def test_a_list_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="nowhere"), named_inputs([], [tmp_path / "nowhere"]):
        pass


def test_standard_input_is_kept_while_it_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"text")))
    with named_inputs(["-"], [], tmp_path / "new" / "out") as inputs:
        (path,) = inputs
        assert Path(path).read_bytes() == b"text"
        assert Path(path).parent.parent == tmp_path
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [["-", "-"], ["-"]])
def test_standard_input_is_read_once(words: list[str], tmp_path: Path) -> None:
    lists = [Path("-")] if len(words) == 1 else []
    with pytest.raises(UserError, match="more than once"), named_inputs(words, lists, tmp_path):
        pass


def test_a_run_reads_standard_input(tmp_path: Path) -> None:
    lines = "\n".join(
        json.dumps({"text": GOOD.replace("Monday", day)}) for day in ("Monday", "Friday")
    )
    done = piped(PACK["gz"](lines.encode()), "run", "-", "-o", tmp_path / "out", "--workers", "2")
    assert done.returncode == 0, done.stderr
    assert [row["id"] for row in records(tmp_path / "out", "sources")] == ["stdin#0", "stdin#93"]
    assert os.listdir(tmp_path) == ["out"]


def test_a_run_reads_what_a_list_on_standard_input_names(tmp_path: Path) -> None:
    folder = write_files(
        tmp_path / "in", {"a.txt": GOOD, "b.txt": GOOD, "c.csv": f'body\n"{GOOD}"\n'}
    )
    names = f"{folder / 'a.txt'}\n{folder / 'c.csv'}\n".encode()
    done = piped(
        names, "run", "--files-from", "-", "-o", tmp_path / "out", "--input-format", "text"
    )
    assert done.returncode == 0, done.stderr
    assert [row["id"] for row in records(tmp_path / "out", "sources")] == ["a.txt", "c.csv"]


def test_no_input_at_all_is_wrong_usage(tmp_path: Path) -> None:
    done = copydesk("run", "-o", tmp_path / "out")
    assert done.returncode == 2
    assert "--files-from" in done.stderr
    empty = write_files(tmp_path, {"list": "\n"}) / "list"
    done = copydesk("run", "--files-from", empty, "-o", tmp_path / "out")
    assert done.returncode == 2
    assert "no input was named" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_leaves_no_copy(number: int, tmp_path: Path) -> None:
    command = [*COMMAND, "run", "-", "-o", str(tmp_path / "out")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=PROJECT
    ) as process:
        assert process.stdin is not None
        process.stdin.write(b"some text")
        process.stdin.flush()
        while process.poll() is None and not list(tmp_path.iterdir()):
            pass
        process.send_signal(number)
        process.communicate(timeout=60)
    assert process.returncode == 128 + number
    assert list(tmp_path.iterdir()) == []
