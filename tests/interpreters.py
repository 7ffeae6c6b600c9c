"""``python -m tests.interpreters``: each supported Python writes the same bytes.

Makes an environment of the run-time lock for every supported version that is found here, in
``COPYDESK_CACHE`` (by default ``~/.cache/copydesk``), runs the fixtures, the nasty corpus and
corpora of the characters of Unicode 14, and of newer ones, in it, and compares the outputs, and
what each says of those characters.  Exit code 1: they differ; 75: not every version is here.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.circumstances import Circumstances, nasty, of_characters, run_under
from tests.running import ARTICLES, PROJECT, SHAPES, contents
from tests.unicode14 import assigned, newer

VERSIONS: Final = ("3.11", "3.12", "3.13")
_NOT_ALL_HERE: Final = 75
"""What .ci/run takes for a check that could not be made."""
_LOCK: Final = PROJECT / "requirements.lock"
_CHARACTERS_IN_A_DOCUMENT: Final = 40


def _candidates(version: str) -> Iterator[Path]:
    """Where an interpreter may be: on the path, or among pyenv's."""
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        yield Path(folder) / f"python{version}"
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    for each in sorted(pyenv.glob(f"{version}.*"), reverse=True):
        yield each / "bin" / "python"


def interpreter(version: str) -> Path | None:
    """An interpreter of this version that starts, if there is one."""
    asked = "import sys, venv; print('%d.%d' % sys.version_info[:2])"
    for path in _candidates(version):
        if path.exists():
            done = subprocess.run([path, "-c", asked], capture_output=True, text=True, check=False)
            if done.stdout.strip() == version:
                return path
    return None


def environment(python: Path, version: str) -> Path:
    """The interpreter of an environment that holds what the run-time lock pins."""
    cache = Path(os.environ.get("COPYDESK_CACHE") or Path.home() / ".cache" / "copydesk")
    made = cache / f"python-{version}"
    inside = made / "bin" / "python"
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or "uv"
    if not inside.exists():
        subprocess.run([uv, "venv", "--quiet", "--python", python, made], check=True)
    sync = (uv, "pip", "sync", "--quiet", "--require-hashes")
    subprocess.run([*sync, "--python", str(inside), str(_LOCK)], check=True)
    return inside


def compare(pythons: dict[str, Path]) -> list[str]:
    """What differs between the first and each other, a line each."""
    differences: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        feeds = [
            of_characters(folder / f"{name}.jsonl", characters, step=_CHARACTERS_IN_A_DOCUMENT)
            for name, characters in (("known", list(assigned())), ("newer", list(newer())))
        ]
        inputs = (ARTICLES, SHAPES, nasty(folder / "nasty"), *feeds)
        first: tuple[str, dict[str, bytes], str] | None = None
        for version, python in pythons.items():
            around = Circumstances({"PYTHONHASHSEED": "random"}, python=python)
            output = run_under(around, folder / version, *inputs, cwd=folder)
            said = subprocess.run(
                [python, "-m", "tests.unicode14"], capture_output=True, text=True, check=True,
                cwd=PROJECT,
            ).stdout  # fmt: skip
            if first is None:
                first = version, contents(output), said
                continue
            other, expected, its_digest = first
            written = contents(output)
            differences += [
                f"{each} is not the same under Python {other} and {version}"
                for each in sorted(expected.keys() | written.keys())
                if expected.get(each) != written.get(each)
            ]
            if said != its_digest:
                differences.append(f"Python {other} and {version} read characters otherwise")
    return differences


def main() -> int:
    """Compare the versions that are here; the exit code."""
    found = {version: interpreter(version) for version in VERSIONS}
    here = {version: python for version, python in found.items() if python is not None}
    pythons = {version: environment(python, version) for version, python in here.items()}
    differences = compare(pythons)
    for difference in differences:
        sys.stderr.write(f"{difference}\n")
    if differences:
        return 1
    if len(here) > 1:
        sys.stdout.write(f"the same bytes under Python {', '.join(here)}\n")
    missing = [version for version in VERSIONS if version not in here]
    if missing:
        sys.stderr.write(f"not here: Python {', '.join(missing)}\n")
        return _NOT_ALL_HERE
    return 0


if __name__ == "__main__":
    sys.exit(main())
