"""Outputs and histories that somebody changed are refused in one line, whatever is in them."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from tests.running import ARTICLES, clean
from transforms.settings import OutputSettings, Settings

DEEP = b"[" * 100_000


@pytest.fixture(scope="module", params=["jsonl", "parquet"])
def sound(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = Settings(output=OutputSettings(format=request.param))
    return clean(tmp_path_factory.mktemp("sound") / "out", ARTICLES, settings=settings)


def with_manifest(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], object]:
    def apply(folder: Path) -> None:
        manifest = json.loads((folder / "manifest.json").read_text())
        change(manifest)
        (folder / "manifest.json").write_text(json.dumps(manifest))

    return apply


def with_file(path: str) -> Callable[[Path], object]:
    entry = {"path": path, "records": 1, "sha256": "0" * 64}
    return with_manifest(lambda manifest: manifest["files"].append(entry))


def with_part(data: bytes) -> Callable[[Path], object]:
    """The first part with other bytes, whose digest the manifest has."""

    def apply(folder: Path) -> None:
        part = min((folder / "documents").iterdir())
        part.write_bytes(data)
        name = part.relative_to(folder).as_posix()

        def seal(manifest: dict[str, Any]) -> None:
            (entry,) = (each for each in manifest["files"] if each["path"] == name)
            entry["sha256"] = hashlib.sha256(data).hexdigest()

        with_manifest(seal)(folder)

    return apply


def with_deep_settings(folder: Path) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["settings"] = {"x": "HERE"}
    path.write_bytes(json.dumps(manifest).encode().replace(b'"HERE"', DEEP + b"]" * len(DEEP)))


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "manifest.json").write_bytes(b"\x80\x04\x95pickle"),
        lambda folder: (folder / "manifest.json").write_bytes(DEEP),
        with_deep_settings,
        with_manifest(lambda manifest: manifest["settings"].update(split={"max_depth": -1})),
        with_file("documents/../../../../../../etc/passwd"),
        with_file("/etc/passwd"),
        with_file("documents/a\0b.jsonl"),
        with_file(""),
        with_part(b"\x80\x04\x95pickle"),
        with_part(b'{"id": ' + DEEP + b"\n"),
        with_part(b"PAR1" + bytes(100) + b"PAR1"),
        lambda folder: shutil.rmtree(folder / "sources"),
    ],
    ids=[
        "manifest a pickle",
        "manifest nested",
        "settings nested",
        "settings wrong",
        "path outside",
        "path absolute",
        "path with NUL",
        "path empty",
        "part a pickle",
        "part nested",
        "part no Parquet",
        "sources gone",
    ],
)
def test_no_command_trusts_an_output(
    change: Callable[[Path], object], sound: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out"
    shutil.copytree(sound, output)
    change(output)
    for words in (["verify", output], ["report", output], ["compare", sound, output]):
        done = CliRunner().invoke(main, [str(word) for word in words])
        assert isinstance(done.exception, SystemExit), (words, done.exception)
        assert done.exit_code in (1, 2)
        assert len(done.output.splitlines()) < 20
        assert "root:" not in done.output
