"""datatrove's MinHash in its four stages: ``python run_datatrove.py IN OUT [WORKERS]``.

IN is a file with ``{"id", "text"}`` a line, or a folder of them; each worker takes its share of the
files.  OUT gets ``{"removed", "kept"}`` a line; where it is a folder, datatrove writes in it and
nothing else is done.  All else is by default, but that a word is a run of word characters: the
default tokenizer is a package more and takes eight times as long.  What is kept for a removed
document is the kept one of its cluster; nothing says that the two were compared.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from datatrove.executor import LocalPipelineExecutor  # type: ignore[import-not-found]
from datatrove.pipeline.dedup import (  # type: ignore[import-not-found]
    MinhashDedupBuckets,
    MinhashDedupCluster,
    MinhashDedupFilter,
    MinhashDedupSignature,
)
from datatrove.pipeline.dedup.minhash import MinhashConfig  # type: ignore[import-not-found]
from datatrove.pipeline.readers import JsonlReader  # type: ignore[import-not-found]
from datatrove.pipeline.writers import JsonlWriter  # type: ignore[import-not-found]
from datatrove.utils.word_tokenizers import WordTokenizer  # type: ignore[import-not-found]


class RunsOfLetters(WordTokenizer):  # type: ignore[misc]
    """A word is a run of word characters."""

    def word_tokenize(self, text: str) -> list[str]:
        """The words."""
        return re.findall(r"\w+", text)

    def sent_tokenize(self, text: str) -> list[str]:
        """One sentence: MinHash does not ask."""
        return [text]

    def span_tokenize(self, text: str) -> list[tuple[int, int]]:
        """One sentence: MinHash does not ask."""
        return [(0, len(text))]


def main(source: Path, target: Path, workers: int) -> None:
    """Remove near-duplicates of ``source`` and write what went to ``target``, if that is a file."""
    with tempfile.TemporaryDirectory(dir=target if target.is_dir() else None) as scratch:
        deduplicate(source, Path(scratch), workers)
        if not target.is_dir():
            report(Path(scratch), target)


def deduplicate(source: Path, folder: Path, workers: int) -> None:
    """Fill a folder with ``kept`` and ``removed`` documents."""
    config = MinhashConfig()
    signatures, buckets, clusters, kept, removed = (
        str(folder / name) for name in ("sigs", "buckets", "clusters", "kept", "removed")
    )
    where = (source, "*.jsonl") if source.is_dir() else (source.parent, source.name)
    reader = JsonlReader(str(where[0]), glob_pattern=where[1])
    gone = JsonlWriter(removed, compression=None)
    stages = [
        ([reader, MinhashDedupSignature(signatures, config, language=RunsOfLetters())], workers),
        ([MinhashDedupBuckets(signatures, buckets, config=config)], config.num_buckets),
        ([MinhashDedupCluster(buckets, clusters, config=config, save_cluster_id=True)], 1),
        (
            [
                reader,
                MinhashDedupFilter(clusters, gone, load_cluster_ids=True),
                JsonlWriter(kept, compression=None),
            ],
            workers,
        ),
    ]
    for number, (pipeline, tasks) in enumerate(stages):
        LocalPipelineExecutor(
            pipeline,
            tasks=tasks,
            workers=min(workers, tasks),
            logging_dir=str(folder / "logs" / str(number)),
        ).run()


def report(folder: Path, target: Path) -> None:
    """Write what was removed, each with what is kept for it."""
    by_cluster = {
        row["metadata"]["minhash_cluster_id"]: row["id"]
        for row in _rows(folder / "kept")
        if row["metadata"]["minhash_cluster_id"] >= 0
    }
    with target.open("w") as out:
        for row in _rows(folder / "removed"):
            representative = by_cluster.get(row["metadata"]["minhash_cluster_id"])
            out.write(json.dumps({"removed": row["id"], "kept": representative}) + "\n")


def _rows(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for path in sorted(folder.glob("*.jsonl")):
        with path.open() as lines:
            found += [json.loads(line) for line in lines]
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1)
