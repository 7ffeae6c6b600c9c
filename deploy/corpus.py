"""A corpus of any size from the words of the fixture articles, with known duplicates.

``python -m deploy.corpus FOLDER --megabytes 50`` writes the same bytes every time.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ARTICLES: Final = Path(__file__).parent.parent / "fixtures" / "articles"

_SEED: Final = 20_19
_PARAGRAPHS: Final = 24
_WORDS: Final = (20, 80)
"""Words of a paragraph, at least and at most."""

_SENTENCE: Final = 16
_COPY_SHARE: Final = 0.1
_NEAR_SHARE: Final = 0.1
_WHOLE_SHARE: Final = 0.02
"""Shares of paragraphs that are copies, of those that differ in a word, of whole documents."""

_REMEMBERED: Final = 2_000
"""Paragraphs and documents that later ones may repeat: also some of other blocks."""

_FOLDERS: Final = 50


def write_corpus(folder: Path, size: int) -> int:
    """Fill a folder with about ``size`` bytes of plain text; returns how many files."""
    written = 0
    count = 0
    for count, text in enumerate(_documents(random.Random(_SEED)), start=1):
        data = text.encode()
        path = folder / f"{count % _FOLDERS:02d}" / f"{count:07d}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        written += len(data)
        if written >= size:
            break
    return count


def _documents(rng: random.Random) -> Iterator[str]:
    words = _vocabulary()
    paragraphs: list[str] = []
    documents: list[str] = []
    while True:
        if documents and rng.random() < _WHOLE_SHARE:
            yield rng.choice(documents)
            continue
        text = "\n".join(_paragraph(rng, words, paragraphs) for _ in range(_PARAGRAPHS)) + "\n"
        _remember(rng, documents, text)
        yield text


def _paragraph(rng: random.Random, words: list[str], earlier: list[str]) -> str:
    draw = rng.random()
    if earlier and draw < _COPY_SHARE:
        return rng.choice(earlier)
    if earlier and draw < _COPY_SHARE + _NEAR_SHARE:
        changed = rng.choice(earlier).split(" ")
        changed[rng.randrange(1, len(changed) - 1)] = rng.choice(words)
        return " ".join(changed)
    chosen = [rng.choice(words) for _ in range(rng.randint(*_WORDS))]
    sentences = [chosen[at : at + _SENTENCE] for at in range(0, len(chosen), _SENTENCE)]
    text = " ".join(" ".join(sentence).capitalize() + "." for sentence in sentences)
    _remember(rng, earlier, text)
    return text


def _remember(rng: random.Random, memory: list[str], text: str) -> None:
    if len(memory) < _REMEMBERED:
        memory.append(text)
    else:
        memory[rng.randrange(_REMEMBERED)] = text


def _vocabulary() -> list[str]:
    """The words of the articles, each as often as it stands there."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(ARTICLES.iterdir())]
    return [word.lower() for text in texts for word in text.split() if word.isalpha()]


def main() -> None:
    """Write a corpus."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--megabytes", type=float, required=True)
    arguments = parser.parse_args()
    write_corpus(arguments.folder, round(arguments.megabytes * 1e6))


if __name__ == "__main__":
    main()
