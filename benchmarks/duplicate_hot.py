"""Hot buckets: what one line many times over costs in time and memory.

``python -m benchmarks.duplicate_hot KIND COUNT`` measures in a process of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

import numpy as np

from benchmarks.duplicate_data import plain_documents
from transforms.minhash import signatures
from transforms.settings import Settings
from transforms.shingles import shingle_sets
from transforms.single import decide_block

KINDS: Final = {
    "copies": "the same line",
    "spellings": "the same words, other commas each time",
    "variants": "one word of twenty another each time",
    "groups": "the same in groups of 100: no bucket far over the cap",
    "crafted": "texts that share a bucket with 60 others in every band, with others in each",
}

_LINE: Final = (
    "the council said on its own pages that all the roads near the river will be closed"
    " while the {} works go on"
)
WORDS: Final = [
    "".join(each) for each in product("bdfgkmnprst", "aeiou", "lmnrt", "aeiou", ("", "s", "n"))
]
_GROUP: Final = 100
_SHARED: Final = 60
_CRAFT: Final = 60_000
"""Pairs of words among which those of the least hashes are looked for."""


class Hot(NamedTuple):
    """What it cost to match and decide."""

    documents: int
    seconds: float
    """Of processor time, so that what else runs does not count."""
    megabytes: float
    """Peak of the whole process beyond what it took to hold the documents."""
    dropped: int


def lines_of(kind: str, count: int) -> list[str]:
    """The lines of one kind, always the same."""
    if kind == "variants":
        return [_LINE.format(_letters(at)) for at in range(count)]
    if kind == "groups":
        rng = Random(1)  # noqa: S311  the same lines every time
        groups = [rng.choices(WORDS, k=20) for _ in range(-(-count // _GROUP))]
        made = [(group, at) for at in range(_GROUP) for group in groups][:count]
        return [" ".join([*group[:10], _letters(at), *group[11:]]) for group, at in made]
    if kind == "crafted":
        return _crafted(count, Settings())
    line = _LINE.format("bridge")
    return [_spelled(line, at) if kind == "spellings" else line for at in range(count)]


def _letters(at: int) -> str:
    return "x" + "".join(chr(ord("a") + int(digit)) for digit in str(at))


def _crafted(count: int, settings: Settings) -> list[str]:
    """Texts made of the pairs of words that have the least hash under one permutation each."""
    rng = Random(1)  # noqa: S311  the same lines every time
    near = settings.near_duplicates
    grams = [rng.sample(WORDS, near.shingle) for _ in range(_CRAFT)]
    hashes = signatures(
        shingle_sets(grams, near.shingle), near.bands * near.rows, settings.minhash.seed
    )
    buckets = max(2, count // _SHARED)
    least = np.argpartition(hashes, buckets, axis=0)[:buckets].reshape(buckets, near.bands, -1)
    return [
        " ".join(
            word
            for band in range(near.bands)
            for gram in least[rng.randrange(buckets), band].tolist()
            for word in grams[gram]
        )
        for _ in range(count)
    ]


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
    begin = time.process_time()
    verdicts = decide_block(block, settings).verdicts
    seconds = time.process_time() - begin
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
