"""Run the real pipeline in tests and read what it wrote."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.run import run
from transforms.settings import Settings

PROJECT = Path(__file__).parent.parent
ARTICLES = PROJECT / "fixtures" / "articles"
SHAPES = PROJECT / "fixtures" / "shapes"

Row = dict[str, Any]


def records(output: Path, name: str) -> list[Row]:
    """Every record of one kind, in the order of the part files."""
    return [
        json.loads(line)
        for part in sorted((output / name).glob("part-*.jsonl"))
        for line in part.read_text(encoding="utf-8").splitlines()
    ]


def clean(output: Path, *inputs: Path, settings: Settings | None = None, workers: int = 1) -> Path:
    """Run the pipeline in this process (or with workers), without a report; the output."""
    chosen = settings or Settings()
    run([str(path) for path in inputs], output, chosen, workers=workers, report=False)
    return output


def reported(output: Path, *inputs: Path, settings: Settings | None = None) -> Path:
    """The same with a report."""
    run([str(path) for path in inputs], output, settings or Settings(), workers=1)
    return output


def write_files(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """A folder with these files, by relative path."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def copydesk(
    *arguments: str | Path, environment: Mapping[str, str] | None = None, cwd: Path = PROJECT
) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, as a user runs it."""
    return subprocess.run(
        [sys.executable, "-m", "pipeline", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env={**os.environ, **(environment or {})},
        timeout=300,
    )


def contents(
    output: Path, *, leave: Sequence[str] = ("run.json", "report.html")
) -> dict[str, bytes]:
    """Every file of an output by relative path, but for those that may differ."""
    return {
        path.relative_to(output).as_posix(): path.read_bytes()
        for path in sorted(output.rglob("*"))
        if path.is_file() and path.name not in leave
    }
