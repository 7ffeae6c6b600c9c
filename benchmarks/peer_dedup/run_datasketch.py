"""datasketch alone, as its documentation shows it: ``python run_datasketch.py IN OUT``.

IN has ``{"id", "text"}`` a line; OUT gets ``{"removed", "kept"}`` a line.  A document goes when the
index, which holds the documents kept so far, gives any candidate; the first candidate is named.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from datasketch import MinHash, MinHashLSH

THRESHOLD = 0.7
WORDS = 5
PERMUTATIONS = 128


def main(source: Path, target: Path) -> None:
    """Remove near-duplicates of ``source`` and write what went to ``target``."""
    index = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
    with source.open() as lines, target.open("w") as out:
        for line in lines:
            row = json.loads(line)
            words = re.findall(r"\w+", row["text"].lower())
            signature = MinHash(num_perm=PERMUTATIONS)
            for at in range(max(len(words) - WORDS + 1, 1)):
                signature.update(" ".join(words[at : at + WORDS]).encode())
            candidates = index.query(signature)
            if candidates:
                out.write(json.dumps({"removed": row["id"], "kept": min(candidates)}) + "\n")
            else:
                index.insert(row["id"], signature)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
