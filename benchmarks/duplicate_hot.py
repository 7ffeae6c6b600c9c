"""Hot buckets: what one line many times over costs in time and memory.

``python -m benchmarks.duplicate_hot KIND COUNT`` measures in a process of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.duplicate_data import plain_documents
from transforms.settings import Settings
from transforms.single import decide_block

KINDS: Final = {
    "copies": "the same line",
    "spellings": "the same words, other commas each time",
    "variants": "one word of twenty another each time",
}

_LINE: Final = (
    "the council said on its own pages that all the roads near the river will be closed"
    " while the {} works go on"
)


class Hot(NamedTuple):
    """What it cost to match and decide."""

    documents: int
    seconds: float
    megabytes: float
    """Peak of the whole process beyond what the documents took."""
    dropped: int


def lines_of(kind: str, count: int) -> list[str]:
    """The lines of one kind, always the same."""
    if kind == "variants":
        return [_LINE.format(_letters(at)) for at in range(count)]
    line = _LINE.format("bridge")
    return [_spelled(line, at) if kind == "spellings" else line for at in range(count)]


def _letters(at: int) -> str:
    return "x" + "".join(chr(ord("a") + int(digit)) for digit in str(at))


def _spelled(line: str, at: int) -> str:
    """The line with the bits of a number as commas after its words."""
    parts = line.split()
    return " ".join(part + "," * (at >> bit & 1) for bit, part in enumerate(parts))


def measure(kind: str, count: int) -> Hot:
    """Match and decide in this process."""
    settings = Settings()
    block = plain_documents([(f"{at:07}", line) for at, line in enumerate(lines_of(kind, count))])
    # What is loaded once, for one document or for all.
    decide_block(plain_documents([("warm", lines_of(kind, 1)[0])]), settings)
    before = _peak()
    begin = time.perf_counter()
    verdicts = decide_block(block, settings).verdicts
    seconds = time.perf_counter() - begin
    dropped = sum(verdict.action == "drop" for verdict in verdicts.paragraphs)
    return Hot(count, round(seconds, 1), round(_peak() - before), dropped)


def _peak() -> float:
    """Megabytes; ``getrusage`` would count what the parent had when it forked."""
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def measured_apart(kind: str, count: int) -> Hot:
    """The same in a process of its own, so that peaks do not hide each other."""
    command = [sys.executable, "-m", __spec__.name, kind, str(count)]
    run = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    return Hot(*json.loads(run.stdout))


def hot_table(found: Sequence[tuple[str, Hot]]) -> str:
    """One line a kind and size."""
    lines = [f"{'':<10} documents   seconds  us/document   MB beyond   dropped"]
    lines += [
        f"{kind:<10} {each.documents:>9} {each.seconds:>9.1f}"
        f" {each.seconds / each.documents * 1e6:>12.0f} {each.megabytes:>11.0f} {each.dropped:>9}"
        for kind, each in found
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(sys.argv[1], int(sys.argv[2]))) + "\n")
