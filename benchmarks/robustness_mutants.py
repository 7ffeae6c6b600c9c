"""Mutation testing of what decides: ``python -m benchmarks.robustness_mutants [DIR]``.

mutmut changes one thing at a time in the modules that fold, shingle, veto and decide, and runs the
tests that reach the changed function; a mutant that none of them notices survives.  What stands
outside of functions (tables, patterns) it does not change.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

PROJECT: Final = Path(__file__).parent.parent

MODULES: Final = ("folding", "folded", "shingles", "vetoes", "verdicts")
_TESTS: Final = (
    "tests/test_folding.py",
    "tests/test_folded.py",
    "tests/test_shingles.py",
    "tests/test_minhash.py",
    "tests/test_vetoes.py",
    "tests/test_verdicts.py",
    "tests/promises/test_generated_graphs.py",
)
"""Those that assert what these modules do; others would notice more, and take minutes."""
_COPIED: Final = ("pipeline", "transforms", "tests", "deploy", "benchmarks", "fixtures")
_LEFT: Final = shutil.ignore_patterns("__pycache__", "seeds", "regressions")
_SLOW: Final = (
    "test_words_made_to_collide_in_arrows_hash_take_no_longer",
    "test_hostile_numbers_cost_linear_time",
)
"""They look at time, of which a mutant takes some."""
_NAME: Final = re.compile(r"^\s+(\S+): (.+)$", re.MULTILINE)
_KILLED: Final = ("killed", "timeout", "caught by type check", "segfault")
_NO_MUTANT: Final = ("skipped", "not checked")
_NICENESS: Final = "10"

_SETTINGS: Final = """\
[mutmut]
source_paths=
    transforms
only_mutate=
{modules}
also_copy=
{copied}
pytest_add_cli_args_test_selection=
{tests}
pytest_add_cli_args=
    -p
    no:randomly
{deselected}
use_git_change_detection=false
track_dependencies=false
"""


class Score(NamedTuple):
    """What became of the mutants."""

    by_module: dict[str, Counter[str]]
    survivors: list[str]

    @property
    def share(self) -> float:
        """Share of the mutants that a test noticed."""
        together = sum(self.by_module.values(), Counter[str]())
        return _noticed(together) / max(1, together.total())


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the mutants, test each, and print the score and what survived."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "folder", type=Path, nargs="?", help="where to work; one that is there is gone on with"
    )
    parser.add_argument("--module", choices=MODULES, help="one alone")
    parser.add_argument("--diffs", action="store_true", help="show what each survivor changes")
    options = parser.parse_args(arguments)
    folder = options.folder or Path(tempfile.mkdtemp(prefix="copydesk-mutants-"))
    _prepare(folder, [options.module] if options.module else MODULES)
    done = _mutmut(folder, "run", "--max-children", "1")
    (folder / "run.log").write_text(done)
    score = _score(_mutmut(folder, "results", "--all", "true"))
    for module, counted in sorted(score.by_module.items()):
        print(f"{module:10}{_noticed(counted):>6} of {counted.total():>4} noticed")
    print(f"{'score':10}{score.share:>6.1%}")
    for name in score.survivors:
        print(_mutmut(folder, "show", name) if options.diffs else name)
    return 0


def _prepare(folder: Path, modules: Sequence[str]) -> None:
    """A copy of the project with the settings of mutmut, which works where it stands."""
    for name in _COPIED:
        shutil.copytree(PROJECT / name, folder / name, ignore=_LEFT, dirs_exist_ok=True)
    shutil.copy(PROJECT / "pyproject.toml", folder)
    settings = _SETTINGS.format(
        modules=_lines(f"transforms/{module}.py" for module in modules),
        copied=_lines(name for name in _COPIED if name not in ("transforms", "tests")),
        tests=_lines(_TESTS),
        deselected=_lines(f"--deselect={name}" for name in _slow_tests()),
    )
    (folder / "setup.cfg").write_text(settings)


def _mutmut(folder: Path, *arguments: str) -> str:
    """What mutmut says."""
    done = subprocess.run(  # noqa: S603  a command of ours
        ["nice", "-n", _NICENESS, sys.executable, "-m", "mutmut", *arguments],  # noqa: S607
        cwd=folder,
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
