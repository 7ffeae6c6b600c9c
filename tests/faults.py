"""Runs that are killed at random points and started again until they end well."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from deploy.processes import children_of
from tests.running import PROJECT, write_files

WORDS = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in "aeiou" for c in "lmnrstv"]

SETTINGS = "[output]\nshard_bytes = 40000\n"
"""Many small blocks, so that a run is killed between two of them."""

_LONGEST = 300.0
_LOOK_SECONDS = 0.02

Victim = Literal["run", "driver", "worker"]
"""The whole process group, the process that submits, or one of its workers."""


def write_corpus(folder: Path, *, files: int = 120, seed: int = 1) -> Path:
    """Made-up articles, one in four of them a near-copy of another; and some JSON Lines."""
    rng = random.Random(seed)

    def sentence() -> str:
        return " ".join(rng.choices(WORDS, k=14)).capitalize() + "."

    texts = ["\n".join(sentence() for _ in range(60)) for _ in range(files)]
    for at in range(3, files, 4):
        texts[at] = texts[at - 1].replace(" ", "  ") + "\n" + sentence()
    rows = "".join(json.dumps({"id": f"r{n // 2}", "text": sentence()}) + "\n" for n in range(400))
    named = {f"{n:04}.txt": text for n, text in enumerate(texts)}
    return write_files(folder, {**named, "rows.jsonl": rows})


class Fault(NamedTuple):
    """One kill, and what had come of the run until then."""

    victim: Victim
    code: int
    finished: int
    """Blocks that waited for the next run afterwards."""
    errors: str
    """What the run said."""


class Campaign:
    """One command, killed again and again.

    Args:
        words: what ``copydesk`` is given, ``--output`` left out.
        output: what the command is to make.
        check: looks at what must hold whenever no run is at work.
    """

    def __init__(
        self,
        words: Sequence[str],
        output: Path,
        *,
        seed: int = 1,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        self._command = [sys.executable, "-m", "pipeline", *words, f"--output={output}"]
        self._output = output
        self._check = check
        self._rng = random.Random(seed)

    def kill_at_random(self, victim: Victim, longest: float) -> Fault | None:
        """Kill it within ``longest`` seconds of its start."""
        moment = time.monotonic() + self._rng.uniform(0, longest)
        return self._kill(victim, lambda: time.monotonic() > moment)

    def kill_after(self, victim: Victim, blocks: int) -> Fault | None:
        """Kill it when so many blocks are finished."""
        return self._kill(victim, lambda: self.finished() >= blocks)

    def _kill(self, victim: Victim, ready: Callable[[], bool]) -> Fault | None:
        """Start the command and kill it when ``ready``; ``None`` if it was done before."""
        process = self.start()
        try:
            while process.poll() is None:
                if ready() and (victim != "worker" or children_of(process.pid)):
                    break
                self._check_whole()
                time.sleep(_LOOK_SECONDS)
            hit = process.poll() is None and self._hit(process, victim)
            _, errors = process.communicate(timeout=_LONGEST)
        finally:
            if process.poll() is None:
                _kill_group(process)
        self._check_whole()
        self._check()
        if not hit or process.returncode == 0:  # a worker may have done its part
            assert process.returncode == 0, errors
            return None
        assert process.returncode == (1 if victim == "worker" else -signal.SIGKILL), errors
        return Fault(victim, process.returncode, self.finished(), errors)

    def finish(self) -> dict[str, int]:
        """Run the command to its end; its ``run.json``."""
        done = subprocess.run(
            self._command,
            cwd=PROJECT,
            capture_output=True,
            text=True,
            timeout=_LONGEST,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        self._check()
        return self.record()

    def record(self) -> dict[str, int]:
        """The ``run.json`` of the output."""
        found: dict[str, int] = json.loads((self._output / "run.json").read_text())
        return found

    def finished(self) -> int:
        """Blocks that wait for the next run."""
        name = f".{self._output.name}.partial-*/staging/*.finished"
        return len(list(self._output.parent.glob(name)))

    def start(self) -> subprocess.Popen[str]:
        """Start the command in a process group of its own."""
        return subprocess.Popen(
            self._command,
            cwd=PROJECT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def _hit(self, process: subprocess.Popen[str], victim: Victim) -> bool:
        if victim == "run":
            return _kill_group(process)
        if victim == "driver":
            process.kill()
            return True
        workers = children_of(process.pid)
        if workers:
            os.kill(self._rng.choice(workers), signal.SIGKILL)
        return bool(workers)

    def _check_whole(self) -> None:
        """What is at the output's place is complete, whenever one looks."""
        if self._output.exists():
            manifest = json.loads((self._output / "manifest.json").read_text())
            for file in manifest["files"]:
                assert (self._output / file["path"]).is_file()
            assert not (self._output / "staging").exists()


def _kill_group(process: subprocess.Popen[str]) -> bool:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True
