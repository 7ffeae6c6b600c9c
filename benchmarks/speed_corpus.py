"""The corpora of real news as input files, and the commands that are run on them."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.duplicate_data import CORPORA, read_rows

SETTINGS_OF: Final = {
    "near-duplicates": (
        "[judge]\naction = 'off'\n[templates]\ndrop = false\n"
        "[documents]\naction = 'off'\n[restatements]\naction = 'off'\n"
    ),
    "everything": "",
}
"""What ``copydesk run`` is told: to look for near-duplicates and exact copies alone, or nothing."""

_FILES: Final = 2
_SEED: Final = 1


class Corpus(NamedTuple):
    """Input that was written."""

    folder: Path
    documents: int
    bytes: int


def news(data: Path) -> Iterator[dict[str, str]]:
    """Every document of the corpora, its title as its first paragraph where it has one."""
    for corpus in CORPORA:
        for row in read_rows(data / "corpora" / f"{corpus}.jsonl.gz"):
            title = row.get("title")
            text = f"{title}\n\n{row['text']}" if title else row["text"]
            yield {"id": f"{corpus}/{row['id']}", "text": text}


def shuffled_news(data: Path) -> list[dict[str, str]]:
    """The same in an order of no meaning, always the same."""
    rows = list(news(data))
    random.Random(_SEED).shuffle(rows)  # noqa: S311  nothing secret
    return rows


def write_news(data: Path, folder: Path) -> Corpus:
    """All documents, shuffled, as two files of JSON Lines."""
    folder.mkdir(parents=True)
    rows = shuffled_news(data)
    for number in range(_FILES):
        with (folder / f"news-{number}.jsonl").open("w") as out:
            out.writelines(json.dumps(row) + "\n" for row in rows[number::_FILES])
    return Corpus(folder, len(rows), sum(path.stat().st_size for path in folder.iterdir()))


def copydesk(
    source: Path, output: Path, *options: str | Path, settings: str = "everything"
) -> list[str | Path]:
    """The command of a run that replaces its output and makes no report.

    Args:
        settings: a key of :data:`SETTINGS_OF`.
    """
    file = output.with_name(f"{settings}.toml")
    file.write_text(SETTINGS_OF[settings])
    run: list[str | Path] = [
        sys.executable,
        "-m",
        "pipeline",
        "run",
        source,
        "--output",
        output,
        "--overwrite",
    ]
    return [*run, "--quiet", "--no-report", "--settings", file, *options]
