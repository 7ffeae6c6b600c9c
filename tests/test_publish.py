"""Publishing: an output appears whole or not at all."""

from pathlib import Path

import pytest

from pipeline.errors import UserError
from pipeline.publish import Unpublished
from tests.running import write_files

MANIFEST = """{"copydesk": "0.1.0", "format": 1, "settings": {}, "settings_sha256": "",
"counts": {}, "files": []}"""


def test_nothing_is_there_before_and_all_is_there_after(tmp_path: Path) -> None:
    output = tmp_path / "out"
    with Unpublished(output, overwrite=False) as unpublished:
        write_files(unpublished.folder, {"manifest.json": MANIFEST, "staging/x": "y"})
        assert not output.exists()
        unpublished.publish()
    assert sorted(path.name for path in output.iterdir()) == ["manifest.json"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_run_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail() -> None:
        with Unpublished(tmp_path / "out", overwrite=False) as unpublished:
            write_files(unpublished.folder, {"half": "x"})
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_an_existing_output_is_replaced_only_when_asked(tmp_path: Path) -> None:
    output = write_files(tmp_path / "out", {"manifest.json": MANIFEST, "documents/old": "x"})
    with pytest.raises(UserError, match="--overwrite"):
        Unpublished(output, overwrite=False)
    with Unpublished(output, overwrite=True) as unpublished:
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
    with pytest.raises(KeyError), Unpublished(output, overwrite=True):
        raise KeyError
    assert (output / "documents" / "old").exists()


def test_of_two_runs_on_one_output_the_second_to_finish_refuses(tmp_path: Path) -> None:
    output = tmp_path / "out"
    with (
        Unpublished(output, overwrite=False) as one,
        Unpublished(output, overwrite=False) as other,
    ):
        write_files(one.folder, {"staging/x": "", "documents/one": "1"})
        write_files(other.folder, {"staging/x": "", "documents/other": "2"})
        one.publish()
        with pytest.raises(UserError, match="exists"):
            other.publish()
    assert [path.name for path in (output / "documents").iterdir()] == ["one"]


def test_a_file_or_another_folder_is_never_replaced(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "mine", {"thesis.txt": "x"})
    app = write_files(tmp_path / "app", {"index.html": "x", "manifest.json": '{"name": "an app"}'})
    mixed = write_files(tmp_path / "mixed", {"manifest.json": MANIFEST, "thesis.txt": "x"})
    for path in (folder, folder / "thesis.txt", app, mixed):
        with pytest.raises(UserError, match="not written by copydesk"):
            Unpublished(path, overwrite=True)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    blocker = write_files(tmp_path, {"file": "x"}) / "file"
    with pytest.raises(UserError, match="cannot write beside"):
        Unpublished(blocker / "out", overwrite=False)
