"""``copydesk compare``: what changed between two outputs, as a user reads it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.terminal import columns
from tests.forging import forge_manifest
from tests.running import Row, clean, copydesk, write_files
from transforms.match_settings import NearDuplicateSettings
from transforms.settings import DocumentSettings, JudgeSettings, OutputSettings, Settings

STORY = (
    "The town council of Arlemouth voted on Monday for a new bridge over the river, 12 to 3.\n"
    "Engineers from the regional office will begin to survey both banks before the summer."
)
NEAR = STORY.replace("survey both banks", "survey the banks")
EXTRA = "A second story begins here, and it tells of a ferry that ran aground on Sunday night."
WIDE = "橋が開通した。" * 40
ROWS: list[Row] = [
    {"id": "a", "published": "2019-02-16", "text": STORY},
    {"id": "b", "published": "2019-02-17", "text": f"Share this\n{NEAR}\n{EXTRA}\n12 comments"},
    {"id": "c", "published": "2019-02-18", "text": STORY},
    {"id": "d", "text": WIDE},
    {"id": "gone", "text": "A ferry ran aground on Sunday night, and forty people were taken ashore."},
    {"id": "edited", "text": "The mayor will open the bridge in spring, as the office said on Friday."},
]
LATER: list[Row] = [
    *ROWS[:4],
    {"id": "edited", "text": "The mayor will open the bridge in autumn, as the office said on Friday."},
    {"id": "new", "text": "Snow fell on the whole coast on Sunday, and the trains stood still."},
]
LOOSE = Settings(
    judge=JudgeSettings(action="off"),
    near_duplicates=NearDuplicateSettings(action="mark"),
    documents=DocumentSettings(action="report"),
    output=OutputSettings(format="parquet"),
)


def feed(folder: Path, rows: list[Row]) -> Path:
    return write_files(folder, {"feed.jsonl": "\n".join(json.dumps(row) for row in rows)})


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("outputs")
    return (
        clean(folder / "first", feed(folder / "in", ROWS)),
        clean(folder / "second", feed(folder / "later", LATER), settings=LOOSE),
    )


def compare(*words: str | Path, code: int = 0) -> str:
    result = CliRunner().invoke(main, ["compare", *map(str, words)])
    assert result.exit_code == code, result.output
    return result.output


def section(said: str, title: str) -> list[str]:
    """The lines of a section, without its title."""
    (found,) = [part for part in said.split("\n\n") if part.startswith(title)]
    return found.splitlines()[1:]


def test_documents_that_are_in_one_only_or_have_another_status(
    outputs: tuple[Path, Path],
) -> None:
    print(compare(*outputs))
    raise AssertionError
