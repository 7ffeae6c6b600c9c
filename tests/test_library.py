"""docs/library.md: every example runs, and prints what the page says."""

import json
import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from tests.running import PROJECT

PAGE = (PROJECT / "docs" / "library.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
EXAMPLES = [(code, said) for (kind, code), (_, said) in pairwise(BLOCKS) if kind == "python"]
(CLEAN_YAML,) = [code for kind, code in BLOCKS if kind == "yaml"]
(YAML_COMMAND,) = [code for _, code in BLOCKS if code.startswith("python -m apache_beam.yaml")]

CRAWL = [
    {
        "id": "a",
        "text": "The council voted on Monday for a new bridge over the river Arle.\nRead more",
    },
    {"id": "b", "text": "The council voted on Monday for a new bridge over the river Arle.\nB."},
    {"id": "c", "text": ""},
]


def python(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    return done.stdout


@pytest.mark.parametrize(("code", "said"), EXAMPLES)
def test_an_example_prints_what_the_page_says(code: str, said: str, tmp_path: Path) -> None:
    printed = python(tmp_path, "-c", code)
    assert sorted(printed.splitlines()) == sorted(said.splitlines())


def test_the_page_has_an_example_of_the_function_and_of_a_pipeline() -> None:
    assert len(EXAMPLES) == 3
    assert "beam.Pipeline" in EXAMPLES[-1][0]


def test_the_yaml_pipeline_runs(tmp_path: Path) -> None:
    (tmp_path / "clean.yaml").write_text(CLEAN_YAML, "utf-8")
    lines = "".join(json.dumps(row) + "\n" for row in CRAWL)
    (tmp_path / "crawl.jsonl").write_text(lines, "utf-8")
    python(tmp_path, *YAML_COMMAND.split()[1:])

    def written(name: str) -> list[dict[str, object]]:
        paths = sorted(tmp_path.glob(f"clean/{name}-*"))
        rows = [json.loads(line) for path in paths for line in path.read_text().splitlines()]
        return sorted(rows, key=lambda row: str(row))

    articles = written("articles")
    assert [row["id"] for row in articles] == ["a", "b"]
    assert "Read more" not in str(articles)
    removed = {(row["document"], row["verdict"]) for row in written("removed")}
    assert ("a", "boilerplate") in removed
    assert ("b", "duplicate") in removed
    assert [row["error"] for row in written("rejected")] == ["empty-record"]
