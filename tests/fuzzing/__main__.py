"""``python -m tests.fuzzing TARGET``: coverage-guided fuzzing with atheris.

Inputs that break something, take longer than two seconds or more memory than the limit end the
run; each is written to the folder of findings.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tests.fuzzing.targets import Target

_LONGEST_SECONDS: Final = 2
"""An input that takes longer hangs."""
_MOST_GROWTH: Final = 200
"""Megabytes that a target may need beside what it has when it is loaded."""
_LONGEST_INPUT: Final = 16 * 1024
"""Bytes of an input."""
_LOOKS_EVERY: Final = 64
"""Inputs from one look at the clock to the next."""
_INSTRUMENTED: Final = ["transforms", "pipeline"]
_UNAVAILABLE: Final = 75
"""Exit code where there is no atheris: nothing failed, and nothing was run."""
_KILOBYTE: Final = 1024


def main(arguments: list[str] | None = None) -> int:
    """Fuzz one target; does not return where fuzzing was begun."""
    options = _options(arguments)
    try:
        import atheris
    except ImportError:
        sys.stderr.write(
            "fuzzing needs atheris, which has wheels for CPython 3.11 to 3.13 on Linux:"
            " pip install atheris\n"
        )
        return _UNAVAILABLE
    with atheris.instrument_imports(include=_INSTRUMENTED):
        from tests.fuzzing.targets import TARGETS, dictionary_of, regressions_of, seeds_of
    if options.target not in TARGETS:
        sys.stderr.write(f"no target {options.target!r}; there are {', '.join(TARGETS)}\n")
        return 2
    target = TARGETS[options.target]
    given = [folder for of in (seeds_of, regressions_of) if (folder := of(options.target)).is_dir()]
    _warm(target, given)
    loaded = _resident_megabytes()
    sys.stderr.write(f"loaded with {loaded} MB\n")
    corpus = options.corpus or Path(tempfile.mkdtemp(prefix="copydesk-corpus-"))
    corpus.mkdir(parents=True, exist_ok=True)
    findings = options.findings or corpus.parent
    findings.mkdir(parents=True, exist_ok=True)
    dictionary = dictionary_of(options.target)
    flags = [
        f"-timeout={_LONGEST_SECONDS}",
        f"-rss_limit_mb={loaded + _MOST_GROWTH}",
        f"-max_len={_LONGEST_INPUT}",
        f"-artifact_prefix={findings}/{options.target}-",
        "-print_final_stats=1",
        *([f"-runs={options.runs}"] if options.runs is not None else []),
        *([f"-seed={options.seed}"] if options.seed is not None else []),
        *([f"-dict={dictionary}"] if dictionary.is_file() else []),
    ]
    folders = [str(folder) for folder in (corpus, *given)]
    limited = _limited(target, options.seconds) if options.seconds is not None else target
    atheris.Setup([sys.argv[0], *flags, *folders], limited)
    atheris.Fuzz()
    return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing", description=__doc__)
    parser.add_argument("target", help="what is fuzzed; a wrong name lists all")
    parser.add_argument("--seconds", type=float, help="processor seconds until it ends")
    parser.add_argument("--runs", type=int, help="inputs until it ends")
    parser.add_argument("--seed", type=int, help="of the random numbers; else another each time")
    parser.add_argument("--corpus", type=Path, help="folder of inputs that is gone on with")
    parser.add_argument("--findings", type=Path, help="folder for what breaks something")
    return parser.parse_args(arguments)


def _warm(target: Target, folders: list[Path]) -> None:
    """Run what is known, so that models and tables are loaded when memory is looked at."""
    for folder in folders:
        for path in sorted(folder.iterdir()):
            target(path.read_bytes())


def _resident_megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // _KILOBYTE


def _limited(target: Target, seconds: float) -> Callable[[bytes], None]:
    """The target, which ends the run after so many seconds of this process."""
    end = time.process_time() + seconds
    count = 0

    def run(data: bytes) -> None:
        nonlocal count
        count += 1
        if count % _LOOKS_EVERY == 0 and time.process_time() > end:
            os.kill(os.getpid(), signal.SIGUSR1)  # libFuzzer ends as it does after its last run
        target(data)

    return run


if __name__ == "__main__":
    sys.exit(main())
