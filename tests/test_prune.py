"""Pruning: old outputs of ours go whole, and nothing else does."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.locking import locked
from pipeline.prune import find_outputs
from tests.running import write_files
from tests.test_publish import MANIFEST


def prune(*words: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["prune", *map(str, words)])
    return result.exit_code, result.output


def make(folder: Path, *names: str) -> None:
    for name in names:
        write_files(folder / name, {"manifest.json": MANIFEST, "documents/part-00000.jsonl": ""})


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_newest_days_stay(tmp_path: Path) -> None:
    make(tmp_path, "2026-01-01", "2026-01-03", "2026-01-02", "2025-12-31")
    pattern = tmp_path / "{date}"
    code, said = prune(pattern, "--keep", "2", "--dry-run")
    assert code == 0
    assert said.splitlines() == [
        f"would remove {tmp_path / '2025-12-31'}",
        f"would remove {tmp_path / '2026-01-01'}",
    ]
    assert len(names(tmp_path)) == 4
    assert prune(pattern, "--keep", "2") == (0, said.replace("would remove", "removed"))
    assert names(tmp_path) == ["2026-01-02", "2026-01-03"]
    assert prune(pattern, "--keep", "2") == (0, "")


def test_a_pattern_may_be_relative_to_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path / "{mine}" / "clean", "2026-01-01", "2026-01-02")
    monkeypatch.chdir(tmp_path / "{mine}")
    assert prune("clean/{date}", "--keep", "1")[0] == 0
    assert names(tmp_path / "{mine}" / "clean") == ["2026-01-02"]


def test_what_is_older_than_some_days_goes(tmp_path: Path) -> None:
    today = datetime.datetime.now(datetime.UTC).date()
    days = [str(today - datetime.timedelta(days=age)) for age in (0, 9, 10, 11, 400)]
    make(tmp_path, *days)
    assert prune(tmp_path / "{date}", "--older-than", "10d")[0] == 0
    assert names(tmp_path) == sorted(days[:3])


def test_folders_of_a_date_go_when_they_are_empty(tmp_path: Path) -> None:
    make(tmp_path / "news", "2025/12/31/clean", "2026/01/01/clean", "2026/01/02/clean")
    write_files(tmp_path / "news", {"2026/01/01/notes.txt": "mine"})
    assert prune(tmp_path / "news" / "{date:%Y/%m/%d}" / "clean", "--keep", "1")[0] == 0
    left = [path.relative_to(tmp_path / "news").as_posix() for path in tmp_path.rglob("*")]
    assert "2025" not in left
    assert "2026/01/01/notes.txt" in left
    assert "2026/01/02/clean/manifest.json" in left


def test_what_is_no_output_of_ours_stays(tmp_path: Path) -> None:
    make(tmp_path / "elsewhere", "2020-01-01", "real")
    make(tmp_path / "clean", "2026-01-01", "2020-13-01", "backup-2020-01-02")
    clean = tmp_path / "clean"
    write_files(clean / "2020-01-02", {"thesis.txt": "x"})
    write_files(clean / "2020-01-03", {"manifest.json": MANIFEST, "thesis.txt": "x"})
    (clean / "2020-01-04").mkdir()
    (clean / "2020-01-05").symlink_to(tmp_path / "elsewhere" / "real")
    (clean / "2020-01-06").write_text("a file")
    before = names(clean)
    assert prune(clean / "{date}", "--older-than", "1") == (0, f"removed {clean / '2026-01-01'}\n")
    assert names(clean) == [name for name in before if name != "2026-01-01"]
    (tmp_path / "clean" / "linked").symlink_to(tmp_path / "elsewhere")
    assert find_outputs(f"{clean}/linked/{{date}}")  # above the dates, links are the user's
    assert not find_outputs(f"{tmp_path}/clean/{{date}}/{{date}}")
    assert (tmp_path / "elsewhere" / "real" / "manifest.json").exists()


def test_what_runs_left_goes_with_its_day(tmp_path: Path) -> None:
    make(tmp_path, "2026-01-02", ".2026-01-01.replaced-0a")
    for name in (".2026-01-01.partial-0a", ".2026-01-02.partial-0a", ".2026-01-01.partial-notes"):
        write_files(tmp_path / name, {"staging/x": ""})
    assert prune(tmp_path / "{date}", "--keep", "1")[0] == 0
    assert names(tmp_path) == [
        ".2026-01-01.partial-notes",
        ".2026-01-02.partial-0a",
        "2026-01-02",
    ]


def test_an_output_on_which_a_run_works_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.locking._GRACE_SECONDS", 0.1)
    make(tmp_path, "2026-01-01", "2026-01-02", "2026-01-03")
    with locked(tmp_path / "2026-01-01"):
        code, said = prune(tmp_path / "{date}", "--keep", "1")
    assert code == 1
    assert f"another run works on {tmp_path / '2026-01-01'}" in said
    assert names(tmp_path) == ["2026-01-01", "2026-01-03"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["clean", "--keep", "1"], "clean has no date"),
        (["clean/{date:%Y}", "--keep", "1"], "does not say year, month and day"),
        (["clean/{date}"], "--keep N or --older-than DAYS"),
        (["clean/{date}", "--keep", "1", "--older-than", "1d"], "--keep N or --older-than DAYS"),
        (["clean/{date}", "--older-than", "a week"], "is no number of days"),
        (["clean/{date}", "--keep", "0"], "0 is not in the range"),
    ],
)
def test_wrong_usage_says_what_is_wanted(words: list[str], said: str) -> None:
    code, output = prune(*words)
    assert code == 2
    assert said in output
