"""The two scripts: arguments of run_local.sh, and what they say when something is missing."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.running import PROJECT

TOOLS = (
    "bash",
    "cat",
    "cksum",
    "cut",
    "dirname",
    "ln",
    "mkdir",
    "readlink",
    "rm",
    "sleep",
    "tail",
    "tr",
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The scripts in a folder of their own whose environment only prints its arguments."""
    folder = tmp_path / "a copy desk"
    folder.mkdir()
    for name in ("environment.sh", "run_local.sh", "requirements.lock", "pyproject.toml"):
        shutil.copy(PROJECT / name, folder / name)
    (folder / "pipeline").mkdir()
    shutil.copy(PROJECT / "pipeline" / "__init__.py", folder / "pipeline" / "__init__.py")
    return folder


def ready(project: Path) -> None:
    """Make the environment look set up; its python prints what it was asked to run."""
    python = project / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\nfor word in "$@"; do echo "$word"; done\n')
    python.chmod(0o755)
    stamp = subprocess.run(
        ["bash", "-c", ". ./environment.sh; stamp_of requirements.lock"],
        cwd=project,
        env={**os.environ, "here": str(project)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    (project / ".venv" / "requirements.lock.stamp").write_text(stamp)


def run(project: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(project / "run_local.sh"), *words],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )


def test_without_arguments_the_fixtures_go_to_the_default_output(project: Path) -> None:
    ready(project)
    assert run(project).stdout.splitlines() == [
        "-P", "-m", "pipeline", "run", f"{project}/fixtures/articles",
        "--output", f"{project}/out", "--overwrite",
    ]  # fmt: skip


@pytest.mark.parametrize("output", [["-o", "my out"], ["--output", "x"], ["--output=x"], ["-ox"]])
def test_an_output_of_the_users_is_not_overwritten(output: list[str], project: Path) -> None:
    ready(project)
    words = run(project, "in put", *output).stdout.splitlines()
    assert words == ["-P", "-m", "pipeline", "run", "in put", *output]


def test_an_output_alone_gets_the_fixtures(project: Path) -> None:
    ready(project)
    words = run(project, "-o", "x").stdout.splitlines()
    assert words == ["-P", "-m", "pipeline", "run", f"{project}/fixtures/articles", "-o", "x"]


def bare(tmp_path: Path) -> Path:
    """A PATH with the tools that the scripts need and no Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found, tool
        (folder / tool).symlink_to(found)
    return folder


def test_without_python_one_line_says_so(project: Path, tmp_path: Path) -> None:
    done = run(project, PATH=str(bare(tmp_path)), PYTHON="")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "Python 3.11 or newer is needed (found: none)" in done.stderr


def test_an_old_python_is_named(project: Path, tmp_path: Path) -> None:
    folder = bare(tmp_path)
    old = folder / "python3"
    old.write_text('#!/bin/sh\ncase "$2" in *exit*) exit 1 ;; *) echo 3.9.1 ;; esac\n')
    old.chmod(0o755)
    done = run(project, PATH=str(folder), PYTHON="")
    assert done.returncode == 1
    assert "(found: 3.9.1)" in done.stderr
