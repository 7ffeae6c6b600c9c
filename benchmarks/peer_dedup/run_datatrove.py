"""datatrove's MinHash in its four stages, with its defaults: ``python run_datatrove.py IN OUT``.

IN has ``{"id", "text"}`` a line; OUT gets ``{"removed", "kept"}`` a line.  A word is a run of
word characters: the default tokenizer is a package more and takes eight times as long.  What is
kept for a removed document is the kept one of its cluster; nothing says that the two were compared.
"""

from __future__ import annotations

import gzip
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


def main(source: Path, target: Path) -> None:
    """Remove near-duplicates of ``source`` and write what went to ``target``."""
    config = MinhashConfig()
    with tempfile.TemporaryDirectory() as scratch:
        signatures, buckets, clusters, kept, removed = (
            f"{scratch}/{name}" for name in ("sigs", "buckets", "clusters", "kept", "removed")
        )
        reader = JsonlReader(str(source.parent), glob_pattern=source.name)
        stages = [
            ([reader, MinhashDedupSignature(signatures, config, language=RunsOfLetters())], 1),
            ([MinhashDedupBuckets(signatures, buckets, config=config)], config.num_buckets),
            ([MinhashDedupCluster(buckets, clusters, config=config, save_cluster_id=True)], 1),
            (
                [
                    reader,
                    MinhashDedupFilter(clusters, JsonlWriter(removed), load_cluster_ids=True),
                    JsonlWriter(kept),
                ],
                1,
            ),
        ]
        for number, (pipeline, tasks) in enumerate(stages):
            LocalPipelineExecutor(
                pipeline, tasks=tasks, workers=1, logging_dir=f"{scratch}/logs/{number}"
            ).run()
        by_cluster = {
            row["metadata"]["minhash_cluster_id"]: row["id"]
            for row in _rows(Path(kept))
            if row["metadata"]["minhash_cluster_id"] >= 0
        }
        with target.open("w") as out:
            for row in _rows(Path(removed)):
                representative = by_cluster.get(row["metadata"]["minhash_cluster_id"])
                out.write(json.dumps({"removed": row["id"], "kept": representative}) + "\n")


def _rows(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt") as lines:
            found += [json.loads(line) for line in lines]
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
