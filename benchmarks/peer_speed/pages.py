"""trafilatura on pages, one after the other: ``python pages.py FOLDER``.

Runs in an environment that has trafilatura; every page is read and extracted with its metadata.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from trafilatura import extract


def main(folder: Path) -> None:
    """Extract every page of a folder."""
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    characters = 0
    for path in sorted(folder.iterdir()):
        markup = path.read_text(encoding="utf-8", errors="replace")
        characters += len(extract(markup, with_metadata=True) or "")
    print(characters)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
