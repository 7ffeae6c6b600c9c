"""Mutation testing of what decides: ``python -m benchmarks.robustness mutants [DIR]``.

mutmut changes one thing at a time in the modules that fold, shingle, veto and decide, and runs the
tests that reach the changed function; a mutant that none of them notices survives.  What stands
outside of functions (tables, patterns) it does not change.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).parent.parent

_TESTS: Final = {
    "folding": ("tests/test_folding.py",),
    "folded": ("tests/test_folded.py",),
    "shingles": ("tests/test_shingles.py", "tests/test_minhash.py"),
    "vetoes": ("tests/test_vetoes.py", "tests/test_exchanges.py"),
    "verdicts": ("tests/test_verdicts.py",),
}
"""The modules, and the tests that assert what they do; others would notice more, in minutes."""
_TIMED: Final = (
    "tests/test_folded.py::test_words_made_to_collide_in_arrows_hash_take_no_longer",
    "tests/test_vetoes.py::test_hostile_numbers_cost_linear_time",
    "tests/test_exchanges.py::test_hostile_words_cost_linear_time",
)
"""They are about time, which is dear here."""
_COPIED: Final = ("pipeline", "transforms", "tests", "deploy", "fixtures")
_LEFT_OUT: Final = shutil.ignore_patterns("__pycache__", "seeds", "regressions")
_RESULT: Final = re.compile(r"^\s*transforms\.(\w+)\.(\S+): (.+)$", re.MULTILINE)
_MISSED: Final = ("survived", "no tests")
_ONE_THREAD: Final = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
_NICENESS: Final = "10"

_SETTINGS: Final = """\
[mutmut]
source_paths=transforms
only_mutate=transforms/{module}.py
also_copy=
{copied}
pytest_add_cli_args_test_selection=
{tests}
pytest_add_cli_args=
    --quiet
{deselected}
use_git_change_detection=false
track_dependencies=false
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the mutants, test each, and print the score and what survived."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "folder", type=Path, nargs="?", help="where to work; one that is there is gone on with"
    )
    parser.add_argument("--module", choices=_TESTS, action="append", help="these alone")
    parser.add_argument("--diffs", action="store_true", help="show what each survivor changes")
    options = parser.parse_args(arguments)
    folder = options.folder or Path(tempfile.mkdtemp(prefix="copydesk-mutants-"))
    all_results: Counter[str] = Counter()
    survivors: list[str] = []
    for module in options.module or _TESTS:
        place = folder / module
        _prepare(place, module)
        (place / "run.log").write_text(_mutmut(place, "run", "--max-children", "1"))
        found = _RESULT.findall(_mutmut(place, "results", "--all", "true"))
        missed = [f"transforms.{of}.{name}" for of, name, status in found if status in _MISSED]
        counted = Counter("missed" if status in _MISSED else "noticed" for *_, status in found)
        all_results += counted
        print(_row(module, counted), flush=True)
        survivors += [_mutmut(place, "show", name) for name in missed] if options.diffs else missed
    print(_row("all", all_results))
    print(*survivors, sep="\n")
    return 0


def _row(name: str, counted: Counter[str]) -> str:
    share = counted["noticed"] / max(1, counted.total())
    return f"{name:10}{counted['noticed']:>6} of {counted.total():>5} noticed{share:>8.1%}"


def _prepare(place: Path, module: str) -> None:
    """A copy of the project with the settings of mutmut, which works where it stands."""
    for name in _COPIED:
        shutil.copytree(PROJECT / name, place / name, ignore=_LEFT_OUT, dirs_exist_ok=True)
    shutil.copy(PROJECT / "pyproject.toml", place)
    settings = _SETTINGS.format(
        module=module,
        copied=_lines(name for name in _COPIED if name not in ("transforms", "tests")),
        tests=_lines(_TESTS[module]),
        deselected=_lines(
            f"--deselect={test}" for test in _TIMED if test.startswith(_TESTS[module])
        ),
    )
    (place / "setup.cfg").write_text(settings)


def _lines(values: Iterable[str]) -> str:
    return "\n".join(f"    {value}" for value in values)


def _mutmut(folder: Path, *arguments: str) -> str:
    """What mutmut says."""
    done = subprocess.run(  # noqa: S603  a command of ours
        ["nice", "-n", _NICENESS, sys.executable, "-m", "mutmut", *arguments],  # noqa: S607
        cwd=folder,
        env={**os.environ, **_ONE_THREAD},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"mutmut {' '.join(arguments)} failed:\n{done.stdout[-4000:]}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
