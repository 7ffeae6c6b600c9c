"""The targets of fuzzing by name, with the files that belong to each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.fuzzing import readers, texts

Target = Callable[[bytes], None]
"""Takes any bytes; fails where something does not hold that holds of every input."""

HERE: Final = Path(__file__).parent

PURE: Final[dict[str, Target]] = {
    "decode": texts.decode,
    "normalise": texts.normalised,
    "split": texts.split,
    "judge": texts.judged,
    "fold": texts.folded,
    "shingles": texts.shingled,
    "vetoes": texts.vetoed,
    "clean": texts.cleaned,
}
"""What happens to text."""

READERS: Final[dict[str, Target]] = {
    "page": texts.page,
    "warc": readers.web_archive,
    "arc": readers.arc,
    "json-lines": readers.json_lines,
    "json": readers.json_text,
    "csv": readers.csv,
    "unpack": readers.unpacked,
}
"""What reads files and pages."""

TARGETS: Final[dict[str, Target]] = PURE | READERS


def seeds_of(name: str) -> Path:
    """The folder of inputs with which fuzzing begins."""
    return HERE / "seeds" / name


def regressions_of(name: str) -> Path:
    """The folder of inputs that once broke something; there need not be one."""
    return HERE / "regressions" / name


def dictionary_of(name: str) -> Path:
    """The words of which inputs are made; there need not be one."""
    return HERE / "dictionaries" / f"{name}.dict"
