"""What a run is: what finished blocks follow from, and nothing else."""

from pathlib import Path

import pytest

from pipeline.resume import run_key
from pipeline.sources import list_inputs
from tests.running import write_files
from transforms.settings import OutputSettings, Settings


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_files(
        tmp_path / "in",
        {"a.txt": "a", "b.txt": "b", b"\xff.txt".decode("utf-8", "surrogateescape"): "c"},
    )


def key(source: Path, settings: Settings | None = None, passes: int = 1) -> str:
    return run_key(list_inputs([str(source)]), settings or Settings(), passes)


def test_the_same_run_has_the_same_key(source: Path) -> None:
    assert key(source) == key(source)
    assert set(key(source)) <= set("0123456789abcdef")


def test_other_settings_passes_and_files_are_another_run(source: Path) -> None:
    keys = [
        key(source),
        key(source, Settings(output=OutputSettings(shard_bytes=9))),
        key(source, passes=2),
    ]
    (source / "a.txt").touch()
    keys.append(key(source))
    (source / "c.txt").touch()
    keys.append(key(source))
    (source / "c.txt").rename(source / "d.txt")
    keys.append(key(source))
    assert len(set(keys)) == len(keys)


def test_other_code_and_other_packages_are_another_run(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [key(source)]
    monkeypatch.syspath_prepend(str(write_files(tmp_path / "site", {"ftfy-99.dist-info/x": ""})))
    keys.append(key(source))
    code = write_files(tmp_path / "code", {"judge.py": "x = 1", "models/judge.msgpack": "x"})
    monkeypatch.setattr("transforms.__path__", [str(code)])
    keys.append(key(source))
    for name in ("judge.py", "models/judge.msgpack"):
        (code / name).write_text("x = 2")
        keys.append(key(source))
    assert len(set(keys)) == len(keys)
    (code / "notes.txt").write_text("no code")
    assert key(source) == keys[-1]
