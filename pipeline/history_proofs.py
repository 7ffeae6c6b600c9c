"""What a history says of the verdicts of an output: the kept paragraphs that they may name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.history import locked_history
from pipeline.history_files import read_files
from pipeline.kept import Place
from pipeline.outputs import EarlierRun, KeptSpan
from pipeline.rebuild import Rebuilt, proofs_of
from transforms.folding import digest, fold


def read_earlier(
    folder: Path,
    run: str,
    expected: Sequence[EarlierRun],
    documents: Mapping[str, Rebuilt],
) -> list[Place]:
    """What runs before ``run`` kept, in the order of rank, as far as an output may name it.

    Args:
        expected: the runs that it was compared with.
        documents: those of the output.

    Raises:
        UserError: the folder holds no history, or not these runs any more, or another process
            uses it.
        RunError: a file is not what was written.
    """
    texts = {
        digest(folded)
        for rebuilt in documents.values()
        for span in rebuilt.spans
        if (folded := fold(span.text))
    }
    named = {
        (proof.run, proof.document)
        for rebuilt in documents.values()
        for span in rebuilt.spans
        for proof in proofs_of(span)
    }
    found: list[tuple[str, int, int, Place]] = []
    with locked_history(folder, 0) as history:
        history.check_known(expected)
        for number, file in enumerate(history.files):
            tables = read_files(history.folder, [file])
            for row, each in enumerate(row for table in tables for row in table.to_pylist()):
                wanted = each["folded"] in texts or (each["run"], each["document"]) in named
                if wanted and each["run"] < run:
                    found.append((each["run"], number, row, _place_of(each)))
    return [place for *_, place in sorted(found, key=lambda each: each[:3])]


def _place_of(row: Mapping[str, Any]) -> Place:
    span = KeptSpan(
        index=row["paragraph"],
        kind=row["kind"],
        text=row["text"],
        start=row["start"],
        end=row["end"],
        flags=(),
    )
    return Place(row["run"], row["document"], row["site"], span)
