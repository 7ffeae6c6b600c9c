"""Signatures a second on one core, from text: ``python -m benchmarks.speed_kernel IN WORDS N``.

Started by :mod:`benchmarks.speed`, which runs every tool in a process of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.duplicate_data import read_rows
from benchmarks.peer_speed.kernel import SEED, TOOLS, seconds
from transforms.folded import fold_texts
from transforms.minhash import signatures
from transforms.shingles import stream_runs

ENVIRONMENTS: Final = {
    tool: "rensa" if tool.startswith("rensa") else "datasketch" for tool in TOOLS
}
"""The folder of ``--peers`` in which the environment of each tool is."""

_OURS: Final = "copydesk"
_SCRIPT: Final = Path(__file__).parent / "peer_speed" / "kernel.py"
_CORPUS: Final = "newsarticles2016"
_PARAGRAPHS: Final = 10_000
_WORDS: Final = 60
_PERMUTATIONS: Final = 128


def copydesk(paragraphs: Sequence[str], words: int, permutations: int) -> None:
    """Folded words, shingles and signatures of all paragraphs."""
    folded = fold_texts(paragraphs)
    signatures(stream_runs(folded.stream(), folded.lengths, words), permutations, SEED)


def paragraphs_of(data: Path) -> list[str]:
    """Runs of 60 words of real news."""
    rows = read_rows(data / "corpora" / f"{_CORPUS}.jsonl.gz")
    cut = (
        " ".join(words[at : at + _WORDS])
        for words in (row["text"].split() for row in rows)
        for at in range(0, len(words) - _WORDS, _WORDS)
    )
    return list(islice(cut, _PARAGRAPHS))


def measure(data: Path, peers: Path, shingle: int, rounds: int) -> Mapping[str, float]:
    """Paragraphs a second of every tool whose environment is there: medians of rounds.

    The tools take turns, so that what else the machine does is shared by all.
    """
    paragraphs = paragraphs_of(data)
    commands = {
        tool: [str(python), str(_SCRIPT), tool]
        for tool, folder in ENVIRONMENTS.items()
        if (python := peers / folder / "bin" / "python").exists()
    }
    commands[_OURS] = [sys.executable, "-m", __spec__.name]
    taken: dict[str, list[float]] = {tool: [] for tool in commands}
    with tempfile.TemporaryDirectory() as scratch:
        given = Path(scratch, "paragraphs.json")
        given.write_text(json.dumps(paragraphs))
        for _ in range(rounds):
            for tool, command in commands.items():
                taken[tool].append(_run([*command, str(given), str(shingle), str(_PERMUTATIONS)]))
    return {tool: len(paragraphs) / median(each) for tool, each in taken.items()}


def _run(command: Sequence[str]) -> float:
    one_core = {"RAYON_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    run = subprocess.run(  # noqa: S603  the user names the environments
        command, check=True, capture_output=True, text=True, env={**os.environ, **one_core}
    )
    return float(run.stdout)


def kernel_table(speeds: Mapping[str, float]) -> str:
    """One line a tool, how many times as fast copydesk is first."""
    lines = [f"{'':<16} copydesk is   paragraphs/s   us/paragraph"]
    lines += [
        f"{tool:<16} {speeds[_OURS] / speed:>9.1f} x {speed:>14,.0f} {1e6 / speed:>14.1f}"
        for tool, speed in sorted(speeds.items(), key=lambda each: each[1])
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    given = json.loads(Path(sys.argv[1]).read_text())
    print(seconds(copydesk, given, int(sys.argv[2]), int(sys.argv[3])))
