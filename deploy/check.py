"""Run the pipeline on another engine and compare every byte with the local engine.

``deploy/check flink|prism|python``: the fixtures, then a generated corpus, then the
corpus again while part of the engine is killed half-way.  Exit code 0: all the
same; 1: not; 75: the engine is not to be had on this machine.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from deploy.corpus import write_corpus
from deploy.engines import ENGINES, Engine
from deploy.fetch import NotHere
from deploy.processes import EngineError, Processes, ended_by_signals

FIXTURES: Final = Path(__file__).parent.parent / "fixtures"

UNAVAILABLE: Final = 75
"""The exit code for what may work another time or on another machine (EX_TEMPFAIL)."""

_RUN_SECONDS: Final = 900.0
_STOP_SECONDS: Final = 60.0
_POLL_SECONDS: Final = 0.05

_CIRCUMSTANCES: Final = "run.json"
_PLANTED: Final = ("duplicate", "near-duplicate")


class Different(RuntimeError):
    """The engine did not do what the local one does; the message says where."""


def main() -> int:
    """Check the engine that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", choices=sorted(ENGINES))
    parser.add_argument("--megabytes", type=float, default=50.0, help="size of the corpus")
    parser.add_argument("--work", type=Path, help="a new folder to work in, which is left there")
    arguments = parser.parse_args()
    if arguments.work:
        arguments.work.mkdir(parents=True)
    with (
        ended_by_signals(),
        tempfile.TemporaryDirectory(prefix="copydesk-check-") as scratch,
        Processes((arguments.work or Path(scratch)) / "logs") as processes,
    ):
        work: Path = arguments.work or Path(scratch)
        try:
            begin = time.monotonic()
            engine = ENGINES[arguments.engine](processes, work)
            _say(f"{arguments.engine} started", begin)
            _compare(engine, work, round(arguments.megabytes * 1e6))
        except NotHere as error:
            _say(f"SKIPPED, NOTHING WAS CHECKED ON {arguments.engine.upper()}: {error}")
            return UNAVAILABLE
        except (Different, EngineError) as error:
            _say(f"FAILED: {error}")
            return 1
    _say("every check passed")
    return 0


def _compare(engine: Engine, work: Path, size: int) -> None:
    local = _run("fixtures, local", FIXTURES, work / "fixtures-local", ["--workers=1"])
    other = _run("fixtures, the engine", FIXTURES, work / "fixtures-engine", engine.flags)
    check_same(local, other)

    corpus = work / "corpus"
    begin = time.monotonic()
    files = write_corpus(corpus, size)
    _say(f"corpus of {size / 1e6:.0f} MB in {files} files", begin)
    local = _run("corpus, local with 2 workers", corpus, work / "local-2", ["--workers=2"])
    _check_planted(local)
    single = _run("corpus, local with 1 worker", corpus, work / "local-1", ["--workers=1"])
    check_same(local, single)
    other = _run("corpus, the engine", corpus, work / "engine", engine.flags)
    check_same(local, other)
    _kill_half_way(engine, corpus, work, local)


def _kill_half_way(engine: Engine, corpus: Path, work: Path, local: Path) -> None:
    begin = time.monotonic()
    place = work / "killed"
    blocks = len([*(local / "sources").iterdir()])
    process = _start(corpus, place, engine.flags)
    try:
        while (staged := _finished(place)) < (blocks + 1) // 2:
            _check_running(process, begin)
            time.sleep(_POLL_SECONDS)
        least = engine.kill()
        _say(f"killed with {staged} of {blocks} blocks staged", begin)
        if place.exists():
            raise Different("an output stood there before the run had ended")
        code = process.wait(_RUN_SECONDS if engine.survives else _STOP_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise Different("the run did not end after the kill") from error
    finally:
        process.kill()
        _, said = process.communicate()
    if engine.survives:
        if code:
            raise Different(f"the run failed after the kill:\n{said[-800:]}")
        if engine.restarts() < least:
            raise Different("the engine did not start anything again: the kill came too late")
        check_same(local, place)
        _say("killed half-way: the same bytes", begin)
        return
    if not code or place.exists():
        raise Different("a run that lost its workers ended well, or published something")
    if not _finished(place):
        raise Different("nothing that was finished waits for the next run")
    _say("killed half-way: the run failed and published nothing", begin)
    check_same(local, _run("the same on the local engine", corpus, place, ["--workers=2"]))
    resumed = json.loads((place / _CIRCUMSTANCES).read_bytes())["blocks_resumed"]
    if not resumed:
        raise Different("the next run did again what was finished")
    _say(f"which went on with {resumed} of {blocks} blocks: the same bytes")


def _finished(output: Path) -> int:
    """Blocks that wait for the end of a run, or for the next one."""
    return len([*output.parent.glob(f".{output.name}.partial-*/*/block-????????.finished")])


def _check_running(process: subprocess.Popen[str], begin: float) -> None:
    if process.poll() is not None:
        raise Different("the run ended before it could be disturbed")
    if time.monotonic() - begin > _RUN_SECONDS:
        raise Different("the run did not come to its half")


def _start(inputs: Path, output: Path, flags: list[str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "pipeline", "run", str(inputs), f"--output={output}", *flags]
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def _run(what: str, inputs: Path, output: Path, flags: list[str]) -> Path:
    begin = time.monotonic()
    process = _start(inputs, output, flags)
    try:
        _, said = process.communicate(timeout=_RUN_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise Different(f"{what}: no end after {_RUN_SECONDS:.0f} s") from error
    finally:
        process.kill()
    if process.returncode:
        raise Different(f"{what}: exit code {process.returncode}\n{said[-800:]}")
    _say(what, begin)
    return output


def check_same(one: Path, other: Path) -> None:
    """Check that two outputs are the same but for the circumstances of their runs.

    Raises:
        Different: they are not; the first difference is named.
    """
    names = [
        sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
        for folder in (one, other)
    ]
    if names[0] != names[1]:
        odd = sorted({*names[0]} ^ {*names[1]})
        raise Different(f"{one} and {other}: only one of them has {odd[0]}")
    for name in names[0]:
        if name.name != _CIRCUMSTANCES and (one / name).read_bytes() != (other / name).read_bytes():
            raise Different(f"{one / name} and {other / name} differ")


def _check_planted(output: Path) -> None:
    """The corpus has duplicates, so that the steps which find them had work."""
    found = {
        json.loads(line)["verdict"]
        for part in (output / "removed").iterdir()
        for line in part.read_text(encoding="utf-8").splitlines()
    }
    missing = [verdict for verdict in _PLANTED if verdict not in found]
    if missing:
        raise Different(f"the corpus gave no {missing[0]}: it does not test what it should")


def _say(what: str, begin: float | None = None) -> None:
    took = "" if begin is None else f" ({time.monotonic() - begin:.1f} s)"
    sys.stdout.write(f"engines: {what}{took}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
