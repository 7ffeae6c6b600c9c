"""A corpus of any size with known duplicates: of the words of the fixture articles, or given texts.

``python -m deploy.corpus FOLDER --megabytes 50`` writes the same bytes every time.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, Literal, NamedTuple, get_args

ARTICLES: Final = Path(__file__).parent.parent / "fixtures" / "articles"

SEED: Final = 20_19

COPY_SHARE: Final = 0.05
NEAR_SHARE: Final = 0.05
WHOLE_SHARE: Final = 0.02
"""Shares of paragraphs that are copies, of those that differ in a word, of documents that are."""

MOST_PARAGRAPHS: Final = 20
_PARAGRAPHS: Final = (4, MOST_PARAGRAPHS)
_WORDS: Final = (20, 80)
"""Paragraphs of a document and words of a paragraph, at least and at most."""

_SENTENCE: Final = 16

_REMEMBERED: Final = 50_000
"""Paragraphs that later ones may repeat: also some of other blocks."""
_REMEMBERED_DOCUMENTS: Final = 2_000

_FOLDERS: Final = 50

Tier = Literal["copy", "near-copy", "document"]
TIERS: Final[tuple[Tier, ...]] = get_args(Tier)


class Twin(NamedTuple):
    """A paragraph, or a document, that repeats an earlier one; no other repeats either."""

    tier: Tier
    document: int
    paragraph: int
    """0 of a document."""
    of_document: int
    of_paragraph: int


class Made(NamedTuple):
    """A document and what is known of it."""

    number: int
    paragraphs: Sequence[str]
    twins: Sequence[Twin]


class _Memory:
    """What may be repeated, each once; of more than there is room for, some are forgotten."""

    def __init__(self, rng: random.Random, room: int) -> None:
        self._rng = rng
        self._room = room
        self._kept: list[tuple[int, int, Sequence[str]]] = []

    def add(self, document: int, paragraph: int, texts: Sequence[str]) -> None:
        if len(self._kept) < self._room:
            self._kept.append((document, paragraph, texts))
        else:
            self._kept[int(self._rng.random() * self._room)] = (document, paragraph, texts)

    def take(self) -> tuple[int, int, Sequence[str]]:
        at = int(self._rng.random() * len(self._kept))
        taken, last = self._kept[at], self._kept.pop()
        if at < len(self._kept):
            self._kept[at] = last
        return taken

    def __bool__(self) -> bool:
        return bool(self._kept)


def documents(rng: random.Random, fresh: Callable[[], str], words: Sequence[str]) -> Iterator[Made]:
    """Documents without end, the same for the same generator.

    Args:
        fresh: makes a paragraph.
        words: of which one replaces another one in a near-copy.
    """
    paragraphs = _Memory(rng, _REMEMBERED)
    whole = _Memory(rng, _REMEMBERED_DOCUMENTS)
    number = 0
    while True:
        if whole and rng.random() < WHOLE_SHARE:
            origin, _, texts = whole.take()
            yield Made(number, texts, [Twin("document", number, 0, origin, 0)])
            number += 1
            continue
        alone = rng.random() < 2 * WHOLE_SHARE  # such may be copied whole: nothing else repeats it
        made: list[str] = []
        twins: list[Twin] = []
        for index in range(rng.randint(*_PARAGRAPHS)):
            draw = rng.random()
            if alone or draw >= COPY_SHARE + NEAR_SHARE or not paragraphs:
                made.append(fresh())
                if not alone:
                    paragraphs.add(number, index, made[-1:])
                continue
            origin, place, (text,) = paragraphs.take()
            tier: Tier = "copy" if draw < COPY_SHARE else "near-copy"
            made.append(text if tier == "copy" else _changed(rng, text, words))
            twins.append(Twin(tier, number, index, origin, place))
        if alone:
            whole.add(number, 0, made)
        yield Made(number, made, twins)
        number += 1


def _changed(rng: random.Random, text: str, words: Sequence[str]) -> str:
    """The text with one ordinary word put for another one inside."""
    found = text.split(" ")
    inner = range(1, len(found) - 1)
    ordinary = [at for at in inner if len(found[at]) >= 4 and found[at].isalpha()]
    lower = [at for at in ordinary if found[at].islower()]
    at = rng.choice(lower or ordinary or inner)
    found[at] = next(word for word in iter(lambda: rng.choice(words), None) if word != found[at])
    return " ".join(found)


def write_corpus(folder: Path, size: int) -> int:
    """Fill a folder with about ``size`` bytes of plain text; returns how many files."""
    rng = random.Random(SEED)
    words = _vocabulary()
    written = 0
    count = 0
    for count, made in enumerate(documents(rng, lambda: _paragraph(rng, words), words), start=1):
        data = "\n".join((*made.paragraphs, "")).encode()
        path = folder / f"{count % _FOLDERS:02d}" / f"{count:07d}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        written += len(data)
        if written >= size:
            break
    return count


def _paragraph(rng: random.Random, words: Sequence[str]) -> str:
    chosen = [rng.choice(words) for _ in range(rng.randint(*_WORDS))]
    sentences = [chosen[at : at + _SENTENCE] for at in range(0, len(chosen), _SENTENCE)]
    return " ".join(" ".join(sentence).capitalize() + "." for sentence in sentences)


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
