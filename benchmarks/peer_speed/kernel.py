"""MinHash signatures by other tools: ``python kernel.py TOOL IN WORDS PERMUTATIONS``.

IN is a JSON list of paragraphs; all tools get the same shingles of WORDS words.  Prints the
seconds of processor time.  Imports only the tool that is asked for.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

SEED = 1
WARM = 100
_PRIME = (1 << 61) - 1


def shingles(paragraph: str, words: int) -> list[str]:
    """Cut a paragraph as the tools' documentation does."""
    found = re.findall(r"\w+", paragraph.lower())
    return [" ".join(found[at : at + words]) for at in range(max(len(found) - words + 1, 1))]


def datasketch(paragraphs: Sequence[str], words: int, permutations: int) -> None:
    """One by one, one update a shingle."""
    from datasketch import MinHash

    for paragraph in paragraphs:
        signature = MinHash(num_perm=permutations, seed=SEED)
        for shingle in shingles(paragraph, words):
            signature.update(shingle.encode())


def datasketch_bulk(paragraphs: Sequence[str], words: int, permutations: int) -> None:
    """``MinHash.bulk`` over all."""
    from datasketch import MinHash

    encoded = ([each.encode() for each in shingles(text, words)] for text in paragraphs)
    MinHash.bulk(encoded, num_perm=permutations, seed=SEED)


def numpy_loop(paragraphs: Sequence[str], words: int, permutations: int) -> None:
    """What a page of numpy gives, a paragraph at a time."""
    import numpy as np

    random = np.random.default_rng(SEED)
    factors = random.integers(1, _PRIME, permutations, dtype=np.uint64)
    summands = random.integers(0, _PRIME, permutations, dtype=np.uint64)
    for paragraph in paragraphs:
        digests = [
            int.from_bytes(hashlib.sha1(each.encode()).digest()[:4], "little")  # noqa: S324
            for each in shingles(paragraph, words)
        ]
        hashes = np.array(digests, np.uint64)[:, None]
        ((hashes * factors + summands) % np.uint64(_PRIME)).min(axis=0)


def rensa(paragraphs: Sequence[str], words: int, permutations: int) -> None:
    """One by one."""
    from rensa import RMinHash

    for paragraph in paragraphs:
        signature = RMinHash(num_perm=permutations, seed=SEED)
        signature.update(shingles(paragraph, words))
        signature.digest()


def rensa_matrix(paragraphs: Sequence[str], words: int, permutations: int) -> None:
    """All at once into one matrix: its fastest way from text to the signatures of MinHash."""
    from rensa import RMinHash

    sets: Iterator[list[str]] = (shingles(text, words) for text in paragraphs)
    RMinHash.digest_matrix_from_token_sets(sets, permutations, SEED)


TOOLS: dict[str, Callable[[Sequence[str], int, int], None]] = {
    "datasketch": datasketch,
    "datasketch-bulk": datasketch_bulk,
    "numpy-loop": numpy_loop,
    "rensa": rensa,
    "rensa-matrix": rensa_matrix,
}


def seconds(
    run: Callable[[Sequence[str], int, int], None],
    paragraphs: Sequence[str],
    words: int,
    permutations: int,
) -> float:
    """Processor time of a run, after a small one that loads what is loaded once."""
    run(paragraphs[:WARM], words, permutations)
    begin = time.process_time()
    run(paragraphs, words, permutations)
    return time.process_time() - begin


if __name__ == "__main__":
    given = json.loads(Path(sys.argv[2]).read_text())
    print(seconds(TOOLS[sys.argv[1]], given, int(sys.argv[3]), int(sys.argv[4])))
