"""text-dedup's MinHash command with its defaults: ``python run_text_dedup.py IN OUT``.

IN has ``{"id", "text"}`` a line; OUT gets ``{"removed", "kept"}`` a line.  Its output is the kept
documents; what a removed one went for stands in the pickled clusters of its debug mode, where each
cluster has one root, and nowhere for documents that were too short.
"""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import tempfile
from pathlib import Path

from datasets import load_from_disk


def main(source: Path, target: Path) -> None:
    """Remove near-duplicates of ``source`` and write what went to ``target``."""
    with tempfile.TemporaryDirectory() as scratch:
        output = f"{scratch}/output"
        options = {
            "path": "json",
            "data_files": str(source),
            "split": "train",
            "cache_dir": f"{scratch}/cache",
            "output": output,
            "column": "text",
            "num_proc": "1",
            "batch_size": "10000",
        }
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        subprocess.run(  # noqa: S603  its own command
            [sys.executable, "-m", "text_dedup.minhash", *arguments, "--debug"], check=True
        )
        kept = set(load_from_disk(output)["id"])
        clusters = pickle.loads(Path(output, "uf.pkl").read_bytes())  # noqa: S301  written above
    with source.open() as lines:
        ids = [json.loads(line)["id"] for line in lines]
    with target.open("w") as out:
        for at, id in enumerate(ids):
            if id not in kept:
                root = clusters.find(at)
                named = ids[root] if root != at else None
                out.write(json.dumps({"removed": id, "kept": named}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
