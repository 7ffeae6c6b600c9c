"""A corpus of any number of paragraphs, made of real news: nothing is kept that grows with it.

A new sentence is the first half of a real one and the second half of another; a paragraph is a few
of them with other numbers, and some have a name that is new.  So paragraphs are hardly ever alike
by chance, and the vocabulary keeps growing.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.speed_corpus import news
from deploy.corpus import SEED, documents

_SENTENCES: Final = (1, 3)
"""Sentences of a paragraph, at least and at most."""
_LEAST_WORDS: Final = 20
_SENTENCE_WORDS: Final = (10, 40)
_LEAST_HALF: Final = 4
_ORDINARY: Final = 200
"""Times that a lower-case word stands in the corpora before it may replace another one."""
_NEW_NAME: Final = 0.10
"""Share of paragraphs with a name that no other text has."""
_FILE_BYTES: Final = 256 * 1024 * 1024

_ENDS: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_NUMBER: Final = re.compile(r"\d{2,}")
_NAME: Final = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{4,}\b")


class Halves(NamedTuple):
    """What sentences are made of."""

    opening: Sequence[str]
    ending: Sequence[str]
    names: Sequence[str]
    words: Sequence[str]


class Written(NamedTuple):
    """A corpus on disk, and beside it what it repeats."""

    folder: Path
    truth: Path
    documents: int
    paragraphs: int
    bytes: int


def read_halves(data: Path) -> Halves:
    """The halves of all sentences of the corpora, the names in them and ordinary words."""
    opening: list[str] = []
    ending: list[str] = []
    names: set[str] = set()
    counts: Counter[str] = Counter()
    for row in news(data):
        for line in row["text"].split("\n"):
            for sentence in _ENDS.split(line.strip()):
                words = sentence.split()
                if not _SENTENCE_WORDS[0] <= len(words) <= _SENTENCE_WORDS[1]:
                    continue
                if not sentence[0].isupper():
                    continue  # a dash would make a list item, which goes only with its document
                half = len(words) // 2
                opening.append(" ".join(words[:half]))
                ending.append(" ".join(words[half:]))
                names.update(_NAME.findall(sentence))
                counts.update(word for word in words if word.isalpha() and word.islower())
    ordinary = (word for word, n in counts.items() if n >= _ORDINARY and len(word) > _LEAST_HALF)
    return Halves(opening, ending, sorted(names), sorted(ordinary))


class Writer:
    """Makes paragraphs that no one wrote."""

    def __init__(self, rng: random.Random, halves: Halves) -> None:
        self._rng = rng
        self._halves = halves

    def paragraph(self) -> str:
        """A few new sentences."""
        rng = self._rng
        sentences = [self._sentence() for _ in range(rng.randint(*_SENTENCES))]
        text = " ".join(sentences)
        while text.count(" ") < _LEAST_WORDS:
            text = f"{text} {self._sentence()}"
        text = _NUMBER.sub(self._number, text)
        if rng.random() < _NEW_NAME:
            text = _NAME.sub(self._name(), text, count=1)
        return text

    def _sentence(self) -> str:
        return f"{self._pick(self._halves.opening)} {self._pick(self._halves.ending)}"

    def _number(self, found: re.Match[str]) -> str:
        size = len(found[0])
        if size == 4 and found[0][:2] in ("19", "20"):
            return found[0]  # a year
        return str(int((0.1 + 0.9 * self._rng.random()) * 10**size))

    def _name(self) -> str:
        first, last = self._pick(self._halves.names), self._pick(self._halves.names)
        return first[: len(first) // 2 + 1] + last[len(last) // 2 :]

    def _pick(self, texts: Sequence[str]) -> str:
        return texts[int(self._rng.random() * len(texts))]


def write_scale(halves: Halves, folder: Path, truth: Path, paragraphs: int) -> Written:
    """Write so many paragraphs as JSON Lines, and to ``truth`` each twin; always the same."""
    folder.mkdir(parents=True)
    rng = random.Random(SEED)  # noqa: S311  nothing secret
    made = documents(rng, Writer(rng, halves).paragraph, halves.words)
    written = done = count = 0
    with truth.open("w") as known:
        for number in range(1 << 30):
            with (folder / f"part-{number:03d}.jsonl").open("w") as out:
                size = 0
                while size < _FILE_BYTES and done < paragraphs:
                    each = next(made)
                    text = "\n".join(each.paragraphs)
                    size += out.write(json.dumps({"id": name_of(each.number), "text": text}) + "\n")
                    known.writelines(json.dumps(twin) + "\n" for twin in each.twins)
                    done += len(each.paragraphs)
                    count += 1
            written += size
            if done >= paragraphs:
                break
    return Written(folder, truth, count, done, written)


def name_of(number: int) -> str:
    """The id of a document."""
    return f"d{number:09d}"


def number_of(name: str) -> int:
    """The number of a document with this id."""
    return int(name[1:])
