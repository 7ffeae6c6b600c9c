"""``python -m tests.fuzzing [TARGET ...]``: coverage-guided fuzzing with atheris.

An input that breaks something, takes more than two processor seconds or more memory than the
limit ends its target; it is printed, and written to the folder of findings.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import operator
import os
import resource
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

import numpy as np

if TYPE_CHECKING:
    from tests.fuzzing.targets import Target

LONGEST_SECONDS: Final = 2
"""An input that takes more processor time hangs."""
_STUCK_SECONDS: Final = 30
"""One that takes more time than this is ended by libFuzzer, however busy the machine is."""
MOST_GROWTH: Final = 200
"""Megabytes that a target may need beside what it has when it is loaded."""
_LONGEST_INPUT: Final = 4 * 1024
"""Bytes of an input."""
_INSTRUMENTED: Final = ["transforms", "pipeline"]
_COMPARISONS: Final = (
    operator.lt, operator.le, operator.eq, operator.ne, operator.gt, operator.ge,
)  # fmt: skip
"""By their numbers in CPython."""
UNAVAILABLE: Final = 75
"""Exit code where there is no atheris: nothing failed, and nothing was run."""
FOUND: Final = 77
"""Exit code of a finding; libFuzzer has others for its own."""
_USAGE: Final = 2
_KILOBYTE: Final = 1024


def main() -> int:
    """Fuzz the targets one after the other; the exit code of the last that found something."""
    options = _options()
    try:
        import atheris
    except ImportError:
        sys.stderr.write(
            "fuzzing needs atheris, which is there for CPython 3.11 to 3.13 on Linux, x86-64:"
            " pip install atheris\n"
        )
        return UNAVAILABLE
    with atheris.instrument_imports(include=_INSTRUMENTED):
        from tests.fuzzing.targets import TARGETS
    names = options.targets or list(TARGETS)
    if unknown := sorted({*names} - {*TARGETS}):
        sys.stderr.write(f"no target {', '.join(unknown)}; there are {', '.join(TARGETS)}\n")
        return _USAGE
    code = 0
    for name in names:
        # libFuzzer ends its process; what is loaded here serves all.
        child = os.fork()
        if not child:
            _fuzz(name, options, len(names))
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) or code
    return code


def _without_arrays(trace: Callable[..., Any]) -> Callable[..., Any]:
    """What looks at comparisons, but at those of arrays: atheris 3.0 never lets go of their results.

    Up to a megabyte an input was taken for growth of ours.
    """

    def traced(left: Any, right: Any, comparison: int, *where: object) -> Any:
        if isinstance(left, np.ndarray) or isinstance(right, np.ndarray):
            return _COMPARISONS[comparison](left, right)
        return trace(left, right, comparison, *where)

    return traced


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing", description=__doc__)
    parser.add_argument("targets", nargs="*", help="all of them without; a wrong name lists them")
    parser.add_argument("--seconds", type=float, help="processor seconds of all targets together")
    parser.add_argument("--runs", type=int, help="inputs of each target")
    parser.add_argument("--seed", type=int, help="of the random numbers; else another each time")
    parser.add_argument("--corpus", type=Path, help="folder of inputs that is gone on with")
    parser.add_argument(
        "--findings", type=Path, default=Path("findings"), help="folder for what breaks something"
    )
    return parser.parse_args()


def _fuzz(name: str, options: argparse.Namespace, share: int) -> NoReturn:
    """Fuzz one target, with which the process ends."""
    import atheris

    from tests.fuzzing.targets import TARGETS, dictionary_of, regressions_of, seeds_of

    scratch = tempfile.mkdtemp(prefix="copydesk-fuzzing-")
    tempfile.tempdir = scratch  # nothing is cleaned up at exit: libFuzzer leaves at once
    known = [folder for of in (seeds_of, regressions_of) if (folder := of(name)).is_dir()]
    for folder in known:  # models and tables are loaded before memory is looked at
        for path in sorted(folder.iterdir()):
            TARGETS[name](path.read_bytes())
    corpus = Path(options.corpus or scratch, name)
    corpus.mkdir(parents=True, exist_ok=True)
    options.findings.mkdir(parents=True, exist_ok=True)
    seconds = None if options.seconds is None else options.seconds / share
    run = _Run(TARGETS[name], f"{options.findings}/{name}-", seconds, options.runs, scratch)
    dictionary = dictionary_of(name)
    flags = [
        f"-timeout={_STUCK_SECONDS}",
        f"-rss_limit_mb={run.loaded + MOST_GROWTH}",
        f"-max_len={_LONGEST_INPUT}",
        f"-artifact_prefix={run.prefix}",
        *([f"-seed={options.seed}"] if options.seed is not None else []),
        *([f"-dict={dictionary}"] if dictionary.is_file() else []),
    ]
    sys.stderr.write(f"fuzzing {name}\n")
    atheris.Setup([sys.argv[0], *flags, *map(str, (corpus, *known))], run)
    atheris.Fuzz()
    raise AssertionError("libFuzzer has ended its process before")


class _Run:
    """The target under watch: it counts, and leaves at a finding or where a limit is reached."""

    def __init__(
        self, target: Target, prefix: str, seconds: float | None, runs: int | None, scratch: str
    ) -> None:
        self.loaded = _resident_megabytes()
        self.prefix = prefix
        self._target = target
        self._runs = runs
        self._end = None if seconds is None else time.process_time() + seconds
        self._scratch = scratch
        self._count = 0

    def __call__(self, data: bytes) -> None:
        """One input."""
        self._count += 1
        if self._count == 1:  # libFuzzer puts its own there as it begins
            import atheris

            atheris._trace_cmp = _without_arrays(atheris._trace_cmp)
        begin = time.process_time()
        try:
            self._target(data)
        except BaseException:  # noqa: BLE001 whatever it is, it is a finding
            traceback.print_exc()
            self._found("crash", data)
        end = time.process_time()
        if end - begin > LONGEST_SECONDS:
            sys.stderr.write(f"one input took {end - begin:.1f} processor seconds\n")
            self._found("slow", data)
        if (self._end is not None and end > self._end) or self._count == self._runs:
            self._leave(0)

    def _found(self, kind: str, data: bytes) -> NoReturn:
        path = Path(f"{self.prefix}{kind}-{hashlib.sha256(data).hexdigest()[:16]}")
        path.write_bytes(data)
        shown = base64.b64encode(data).decode("ascii")
        sys.stderr.write(f"written to {path}, in base64: {shown}\n")
        self._leave(FOUND)

    def _leave(self, code: int) -> NoReturn:
        growth = _resident_megabytes() - self.loaded
        sys.stderr.write(f"inputs: {self._count}; growth: {growth} MB\n")
        sys.stderr.flush()
        shutil.rmtree(self._scratch, ignore_errors=True)
        os._exit(code)


def _resident_megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // _KILOBYTE


if __name__ == "__main__":
    sys.exit(main())
