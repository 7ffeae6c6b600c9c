"""Packaging: what is built holds the program and its licence, and no text of others."""

import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.running import PROJECT

BUILD = "import setuptools.build_meta as b; b.build_sdist('built'); b.build_wheel('built')"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package") / "project"
    skipped = shutil.ignore_patterns(".*", "out", "build", "*.egg-info", "__pycache__")
    shutil.copytree(PROJECT, folder, ignore=skipped)
    subprocess.run([sys.executable, "-c", BUILD], cwd=folder, check=True, capture_output=True)
    return folder / "built"


def test_the_articles_are_in_neither_wheel_nor_sdist(built: Path) -> None:
    names = zipfile.ZipFile(next(built.glob("*.whl"))).namelist()
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names += archive.getnames()
    assert not [name for name in names if "fixtures" in name]


def test_the_wheel_holds_both_packages_their_data_and_the_command(built: Path) -> None:
    wheel = zipfile.ZipFile(next(built.glob("*.whl")))
    names = wheel.namelist()
    tops = {name.split("/")[0] for name in names if "dist-info" not in name}
    assert tops == {"pipeline", "transforms"}
    data = {
        path.relative_to(PROJECT).as_posix()
        for package in ("pipeline", "transforms")
        for path in (PROJECT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert data <= set(names)
    entry_points = next(name for name in names if name.endswith("entry_points.txt"))
    assert "copydesk = pipeline.cli:main" in wheel.read(entry_points).decode()
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert any(name.endswith("licenses/NOTICE") for name in names)
