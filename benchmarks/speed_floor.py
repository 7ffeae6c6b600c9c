"""What the bytes alone cost: ``python -m benchmarks.speed_floor IN OUT``.

Every file of IN is read, hashed with SHA-256 and written to OUT, and nothing else is done.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Final

_CHUNK: Final = 1 << 20


def copy(source: Path, target: Path) -> str:
    """Write the bytes of a file to another one; returns their digest."""
    digest = hashlib.sha256()
    with source.open("rb") as given, target.open("wb") as out:
        while chunk := given.read(_CHUNK):
            digest.update(chunk)
            out.write(chunk)
    return digest.hexdigest()


if __name__ == "__main__":
    Path(sys.argv[2]).mkdir(exist_ok=True)
    for path in sorted(Path(sys.argv[1]).iterdir()):
        print(copy(path, Path(sys.argv[2], path.name)))
