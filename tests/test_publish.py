"""Publishing: an output appears whole or not at all."""

import errno
import os
from pathlib import Path

import pytest

from pipeline.errors import Interrupted, UserError
from pipeline.outputs import FOLDERS
from pipeline.publish import Unpublished
from tests.running import write_files

MANIFEST = """{"copydesk": "0.1.0", "format": 1, "settings": {}, "settings_sha256": "",
"run": null, "history": [], "counts": {}, "files": []}"""


def unpublished_at(output: Path, *, overwrite: bool = False) -> Unpublished:
    return Unpublished(output, overwrite=overwrite, key="0a")


def test_nothing_is_there_before_and_all_is_there_after(tmp_path: Path) -> None:
    output = tmp_path / "out"
    with unpublished_at(output) as unpublished:
        write_files(unpublished.folder, {"manifest.json": MANIFEST, "staging/x": "y"})
        assert not output.exists()
        unpublished.publish()
    assert sorted(path.name for path in output.iterdir()) == sorted([*FOLDERS, "manifest.json"])
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_run_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail() -> None:
        with unpublished_at(tmp_path / "out") as unpublished:
            write_files(unpublished.folder, {"half": "x"})
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_an_existing_output_is_replaced_only_when_asked(tmp_path: Path) -> None:
    output = write_files(tmp_path / "out", {"manifest.json": MANIFEST, "documents/old": "x"})
    with pytest.raises(UserError, match="--overwrite"):
        unpublished_at(output)
    with unpublished_at(output, overwrite=True) as unpublished:
        write_files(
            unpublished.folder, {"manifest.json": MANIFEST, "documents/new": "y", "staging/x": ""}
        )
        assert (output / "documents" / "old").exists()
        unpublished.publish()
    assert (output / "documents" / "new").exists()
    assert not (output / "documents" / "old").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_failed_run_leaves_the_old_output(tmp_path: Path) -> None:
    output = write_files(tmp_path / "out", {"manifest.json": MANIFEST, "documents/old": "x"})
    with pytest.raises(KeyError), unpublished_at(output, overwrite=True):
        raise KeyError
    assert (output / "documents" / "old").exists()


def test_what_an_interrupted_run_left_is_found_by_the_next_one_of_the_key(tmp_path: Path) -> None:
    def interrupt(key: str) -> Path:
        with Unpublished(tmp_path / "out", overwrite=False, key=key) as unpublished:
            write_files(unpublished.folder, {"staging/block": "x", "documents/part": "half"})
            raise Interrupted

    for key, fresh, found in (("a1", False, True), ("a1", True, False), ("b2", False, False)):
        with pytest.raises(Interrupted):
            interrupt("a1")
        with Unpublished(tmp_path / "out", overwrite=False, key=key, fresh=fresh) as unpublished:
            assert (unpublished.folder / "staging" / "block").exists() == found
            assert not (unpublished.folder / "documents" / "part").exists()
            assert len(list(tmp_path.iterdir())) == 1
        assert not list(tmp_path.iterdir())


def test_leftovers_of_an_output_with_a_longer_name_are_left_alone(tmp_path: Path) -> None:
    others = (".out.partial-x.partial-0a", ".out2.partial-0a", ".out.partial-notes")
    for name in others:
        (tmp_path / name).mkdir()
    write_files(tmp_path, {".out.staged-0a/x": "", ".out.replaced-0a/thesis.txt": ""})
    with unpublished_at(tmp_path / "out") as unpublished:
        names = sorted(path.name for path in tmp_path.iterdir())
        assert names == sorted([*others, unpublished.folder.name])
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(others)


def test_an_output_that_was_moved_away_when_its_run_was_killed_is_put_back(tmp_path: Path) -> None:
    old = write_files(tmp_path / ".out.replaced-0a", {"manifest.json": MANIFEST})
    with pytest.raises(UserError, match="--overwrite"):
        unpublished_at(tmp_path / "out")
    assert (tmp_path / "out" / "manifest.json").exists()
    assert not old.exists()


def test_when_publishing_fails_all_is_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = write_files(tmp_path / "out", {"manifest.json": MANIFEST, "documents/old": "x"})
    unpublished = unpublished_at(output, overwrite=True)
    write_files(unpublished.folder, {"manifest.json": MANIFEST, "staging/x": ""})
    before = sorted(tmp_path.rglob("*"))
    rename = os.rename

    def refuse(path: Path, place: Path) -> None:
        if place == output and path == unpublished.folder:
            raise OSError(errno.EACCES, "refused")
        rename(path, place)

    monkeypatch.setattr("os.rename", refuse)
    with pytest.raises(OSError, match="refused"):
        unpublished.publish()
    assert sorted(tmp_path.rglob("*")) == before


def test_a_file_or_another_folder_is_never_replaced(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "mine", {"thesis.txt": "x"})
    app = write_files(tmp_path / "app", {"index.html": "x", "manifest.json": '{"name": "an app"}'})
    mixed = write_files(tmp_path / "mixed", {"manifest.json": MANIFEST, "thesis.txt": "x"})
    for path in (folder, folder / "thesis.txt", app, mixed):
        with pytest.raises(UserError, match="not written by copydesk"):
            unpublished_at(path, overwrite=True)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    blocker = write_files(tmp_path, {"file": "x"}) / "file"
    with pytest.raises(UserError, match="cannot write beside"):
        unpublished_at(blocker / "out")
