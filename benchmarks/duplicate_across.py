"""Restatements across documents: how many are marked, what that costs, and some to read.

The whole program runs on a corpus as plain-text files, with ``restatements.scope`` at its
default and switched off.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from benchmarks.duplicate_data import records

CORPORA: Final = ("fnc", "reuters21578")
_READ: Final = 20
"""Marks that are printed for a reader."""
_SCOPES: Final = ("document", "corpus")


class Mark(NamedTuple):
    """A paragraph that another document told before."""

    document: str
    text: str
    kept: str
    told: str


class Across(NamedTuple):
    """What a corpus gave."""

    marks: list[Mark]
    """Across documents, in the order of document and paragraph."""
    inside: int
    """Marks inside documents."""
    seconds: dict[str, float]
    """Processor seconds of the whole program, by scope."""


def run_across(data: Path, corpus: str) -> Across:
    """Run the program on a corpus with each scope."""
    seconds = {}
    with tempfile.TemporaryDirectory() as scratch:
        source, output = Path(scratch, "in"), Path(scratch, "out")
        source.mkdir()
        for at, record in enumerate(records(data, corpus)):
            (source / f"{at:05}.txt").write_bytes(record.data)
        for scope in _SCOPES:
            settings = Path(scratch, f"{scope}.toml")
            settings.write_text(f'[restatements]\nscope = "{scope}"\n')
            begin = os.times()
            subprocess.run(  # noqa: S603  our own program
                [
                    *(sys.executable, "-m", "pipeline", "run", source, "--output", output),
                    *("--overwrite", "--workers", "1", "--settings", settings),
                ],
                check=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            end = os.times()
            used = end.children_user + end.children_system
            seconds[scope] = used - begin.children_user - begin.children_system
        found = list(_marks(output))
    marks = [mark for mark in found if mark.document != mark.kept]
    return Across(marks, len(found) - len(marks), seconds)


def chosen(marks: list[Mark]) -> list[Mark]:
    """The marks to read: drawn by chance, the same every time."""
    return random.Random(_READ).sample(marks, min(_READ, len(marks)))  # noqa: S311  no secret


def _marks(output: Path) -> Iterator[Mark]:
    documents: dict[str, dict[str, Any]] = {}
    for part in sorted((output / "documents").iterdir()):
        for line in part.read_text("utf-8").splitlines():
            document = json.loads(line)
            documents[document["id"]] = document
    for name in sorted(documents):
        for paragraph in documents[name]["paragraphs"]:
            for flag in paragraph["flags"]:
                if flag["verdict"] == "restatement":
                    kept = flag["kept"]
                    told = {
                        each["index"]: each["text"]
                        for each in documents[kept["document"]]["paragraphs"]
                    }
                    yield Mark(
                        name,
                        paragraph["text"],
                        kept["document"],
                        told.get(kept["paragraph"], ""),
                    )
