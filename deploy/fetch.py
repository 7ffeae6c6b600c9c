"""Engines by name and version, from the package indexes that this machine's clients know.

Everything lands in a cache folder (``COPYDESK_CACHE``, by default
``~/.cache/copydesk``) and is fetched once.  Nothing is installed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

BEAM_VERSION: Final = "2.77.0"
FLINK_VERSION: Final = "2.2.1"

_FLINK_WHEEL: Final = f"apache_flink_libraries-{FLINK_VERSION}-py2.py3-none-any.whl"
_FLINK_SHA256: Final = "74dc5546fbd9add8fbcdf1222a237e09491f9b80296241aef8676ec56f8e686e"
_FLINK_JARS: Final = "pyflink/lib/"

_JOB_SERVER: Final = "beam-runners-flink-2.2-job-server"
_GET: Final = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:get"
_PRISM: Final = f"github.com/apache/beam/sdks/v2/go/cmd/prism@v{BEAM_VERSION}"

_CACHE_VARIABLE: Final = "COPYDESK_CACHE"
_JAR_VARIABLE: Final = "COPYDESK_FLINK_JOB_SERVER"
_PRISM_VARIABLE: Final = "COPYDESK_PRISM"
_FETCH_SECONDS: Final = 900


class NotHere(RuntimeError):
    """A part of an engine cannot be had on this machine; the message says which and why."""


def cache() -> Path:
    """The cache folder."""
    folder = Path(os.environ.get(_CACHE_VARIABLE) or Path.home() / ".cache" / "copydesk")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def flink_job_server() -> Path:
    """Beam's Flink job server: ``COPYDESK_FLINK_JOB_SERVER``, the cache, or by Maven coordinates.

    Raises:
        NotHere: no Maven, or it does not find the jar.
    """
    given = os.environ.get(_JAR_VARIABLE)
    if given:
        return _existing(given, _JAR_VARIABLE)
    repository = cache() / "maven"
    folder = repository / "org" / "apache" / "beam" / _JOB_SERVER / BEAM_VERSION
    jar = folder / f"{_JOB_SERVER}-{BEAM_VERSION}.jar"
    if not jar.exists():
        coordinates = f"org.apache.beam:{_JOB_SERVER}:{BEAM_VERSION}"
        _run(
            [
                *(_tool("mvn"), "--batch-mode", "--quiet", "--update-snapshots", _GET),
                *(f"-Dartifact={coordinates}", "-Dtransitive=false"),
                f"-Dmaven.repo.local={repository}",
            ],
            f"Maven does not find {coordinates} (or name a jar in {_JAR_VARIABLE})",
        )
    return jar


def flink_jars() -> list[Path]:
    """Flink's own jars, out of the wheel that carries them; about 300 MB, unpacked 280 MB.

    Raises:
        NotHere: the wheel cannot be fetched, or is not the one that was tried.
    """
    folder = cache() / f"flink-{FLINK_VERSION}"
    if not folder.exists():
        with tempfile.TemporaryDirectory(dir=cache()) as scratch:
            _run(
                [
                    *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"),
                    *("--no-cache-dir", "--disable-pip-version-check", "--dest", scratch),
                    f"apache-flink-libraries=={FLINK_VERSION}",
                ],
                f"pip cannot fetch apache-flink-libraries {FLINK_VERSION}",
            )
            unpacked = Path(scratch, "lib")
            unpack(Path(scratch, _FLINK_WHEEL), unpacked)
            unpacked.rename(folder)
    return sorted(folder.glob("*.jar"))


def unpack(wheel: Path, folder: Path) -> None:
    """Flink's jars out of its wheel, into a new folder.

    Raises:
        NotHere: the wheel is not the one that was tried.
    """
    with wheel.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != _FLINK_SHA256:
        raise NotHere(f"{wheel.name} has the digest {found}, not {_FLINK_SHA256}")
    folder.mkdir()
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.infolist():
            path = Path(member.filename)
            if member.filename.startswith(_FLINK_JARS) and path.suffix == ".jar":
                with archive.open(member) as source, (folder / path.name).open("wb") as target:
                    shutil.copyfileobj(source, target)


def prism() -> Path:
    """Beam's prism: ``COPYDESK_PRISM``, the cache, or built with Go (2 to 3 CPU minutes).

    Raises:
        NotHere: no Go, or the build failed.
    """
    given = os.environ.get(_PRISM_VARIABLE)
    if given:
        return _existing(given, _PRISM_VARIABLE)
    folder = cache() / f"prism-{BEAM_VERSION}"
    binary = folder / "prism"
    if not binary.exists():
        _run(
            [_tool("go"), "install", _PRISM],
            f"go cannot build {_PRISM}",
            {"GOBIN": str(folder), "GOFLAGS": "-mod=mod"},
        )
    return binary


def java() -> str:
    """The Java launcher.

    Raises:
        NotHere: there is none.
    """
    return _tool("java")


def _existing(path: str, variable: str) -> Path:
    if not Path(path).is_file():
        raise NotHere(f"{variable} names {path}, which is no file")
    return Path(path)


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise NotHere(f"{name} is not on this machine")
    return found


def _run(
    command: Sequence[str], failure: str, environment: Mapping[str, str] | None = None
) -> None:
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=_FETCH_SECONDS,
            env={**os.environ, **(environment or {})},
        )
    except subprocess.TimeoutExpired as error:
        raise NotHere(f"{failure}: no answer after {_FETCH_SECONDS} s") from error
    if done.returncode:
        raise NotHere(f"{failure}; {command[0]} says:\n{(done.stdout + done.stderr)[-800:]}")
