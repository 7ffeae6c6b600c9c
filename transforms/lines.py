"""What can be said of each line of a document, without judging it.

A *line* is a paragraph's text with white space collapsed and its bullet taken
off.  *Prose* is a line that ends like a sentence and matches no pattern: the
stuff that articles are made of.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.paragraphs import END_MARKS
from transforms.patterns import Pattern, PatternSet
from transforms.phrases import PHRASES
from transforms.shapes import SHAPES

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_CLOSING: Final = "\"'”’»›«“‘)]}」』）〉》*_ "
"""What may stand after the end mark: closing quotes and brackets, footnote stars."""
_OPENING: Final = "\"'“”‘’«»„‚([{¿¡「『*_"
_COLONS: Final = (":", "：")
_QUESTIONS: Final = ("?", "？", "؟")
_BULLETS: Final = frozenset("-–—*•·▪■●○◦‣⁃∙➤►▶›»✓✔")

# One character in, one out, no nested repetition: these cannot backtrack.
_UNSPACED: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
"""Letters of the scripts without spaces: Thai, Lao, Myanmar, Khmer, Kana, Han."""
_LONG_WORD: Final = re.compile(rf"{_UNSPACED.pattern}|[^\W_]{{4,}}")
"""Shorter words are mostly function words; a letter of an unspaced script counts by itself."""

_CAPITALS_READ: Final = 20
"""Words from the start of a line whose capitals are counted."""
_VOCABULARY_WORDS: Final = 15
"""Prose lines from this length on make up the vocabulary of the body."""

# Two automata: one for both would have the product of their states.
_SHAPES: Final = PatternSet(SHAPES)
_PHRASES: Final = PatternSet(PHRASES)


@dataclass(frozen=True, slots=True)
class Lines:
    """The facts of a document's lines, one column each."""

    texts: tuple[str, ...]
    patterns: tuple[Pattern | None, ...]
    words: Ints
    """A run of characters between spaces is a word; without spaces, two characters are."""
    ended: Bools
    """Ends with the end mark of a sentence."""
    question: Bools
    """Holds a question mark."""
    colon: Bools
    """Ends with a colon: something follows."""
    bulleted: Bools
    matched: Bools
    """Matches a pattern."""
    prose: Bools
    """Ends like a sentence and matches no pattern."""
    capitals: Ints
    """Per cent of the words that begin with a capital or a digit; -1 in scripts without case."""
    copies: Ints
    """How often the line stands in the document, case aside."""
    shared: Ints
    """Per cent of its long words that other prose uses too; -1 where it has none."""

    def __len__(self) -> int:
        return len(self.texts)


def read_lines(paragraphs: Sequence[str]) -> Lines:
    """The facts of the lines of one document, in its reading order."""
    count = len(paragraphs)
    split = [paragraph.split() for paragraph in paragraphs]
    bulleted = [len(pieces) > 1 and pieces[0] in _BULLETS for pieces in split]
    for pieces, bullet in zip(split, bulleted, strict=True):
        del pieces[:bullet]
    texts = tuple(map(" ".join, split))
    lengths = list(map(_count, texts, split))
    patterns = tuple(
        _SHAPES.match(text, length) or _PHRASES.match(text, length)
        for text, length in zip(texts, lengths, strict=True)
    )
    matched = np.fromiter((pattern is not None for pattern in patterns), np.bool_, count)
    ended = np.fromiter(map(ends_sentence, texts), np.bool_, count)
    folded = [text.casefold() for text in texts]
    copies = Counter(folded)
    words = np.array(lengths, np.int64)
    prose = ended & ~matched
    return Lines(
        texts=texts,
        patterns=patterns,
        words=words,
        ended=ended,
        question=np.fromiter(map(_asks, texts), np.bool_, count),
        colon=np.fromiter((text.endswith(_COLONS) for text in texts), np.bool_, count),
        bulleted=np.array(bulleted, np.bool_),
        matched=matched,
        prose=prose,
        capitals=np.fromiter(map(_capitals, texts, split), np.int64, count),
        copies=np.fromiter(map(copies.__getitem__, folded), np.int64, count),
        shared=_shared(folded, prose & (words >= _VOCABULARY_WORDS)),
    )


def ends_sentence(text: str) -> bool:
    """Whether the line ends with an end mark, quotes and brackets after it left aside.

    >>> ends_sentence("“He left.”"), ends_sentence("What They Said")
    (True, False)
    """
    end = text.rstrip(_CLOSING)[-1:]
    return end != "" and end in END_MARKS


def _asks(text: str) -> bool:
    return any(mark in text for mark in _QUESTIONS)


def _count(text: str, words: Sequence[str]) -> int:
    """How many words the text has, given what stands between its spaces."""
    if text.isascii():
        return len(words)
    return len(words) + len(_UNSPACED.findall(text)) // 2


def _capitals(text: str, words: Sequence[str]) -> int:
    if text.lower() == text.upper() and any(map(str.isalpha, text)):
        return -1
    read = words[:_CAPITALS_READ]
    initials = [word[1:2] if word[0] in _OPENING else word[0] for word in read]
    return 100 * sum(initial.isupper() or initial.isdigit() for initial in initials) // len(read)


def _shared(folded: Sequence[str], prose: Bools) -> Ints:
    """How much of each line's vocabulary other lines of prose share, in per cent."""
    numbers: defaultdict[str, int] = defaultdict()
    numbers.default_factory = numbers.__len__
    found = [_LONG_WORD.findall(line) for line in folded]
    sizes = np.fromiter(map(len, found), np.int64, len(found))
    word = np.fromiter(
        (numbers[word] for line in found for word in line), np.int64, int(sizes.sum())
    )
    line = np.repeat(np.arange(len(found)), sizes)
    # Each word counts once in each line of prose that uses it.
    used = np.unique(line[prose[line]] * len(numbers) + word[prose[line]])
    uses = np.bincount(used % max(len(numbers), 1), minlength=len(numbers))
    elsewhere = uses[word] > prose[line]
    shared = np.bincount(line, weights=elsewhere, minlength=len(found)).astype(np.int64)
    share: Ints = np.where(sizes > 0, 100 * shared // np.maximum(sizes, 1), -1)
    return share
