"""What can be said of each line of a document, without judging it.

A *line* is a paragraph's text with white space collapsed and its bullet taken
off.  *Prose* is a line that ends like a sentence and matches no pattern: the
stuff that articles are made of.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.arrays import Bools, Ints
from transforms.characters import Characters, Form, read_characters
from transforms.patterns import Pattern, PatternSet
from transforms.phrases import PHRASES
from transforms.shapes import SHAPES

_BULLETS: Final = frozenset("-–—*•·▪■●○◦‣⁃∙➤►▶›»✓✔")

_LONG_WORD: Final = 4
"""Letters of a word that says something; shorter ones are mostly function words, and a letter
of an unspaced script counts by itself."""
_VOCABULARY_WORDS: Final = 15
"""Prose lines from this length on make up the vocabulary of the body."""

# Two automata: one for both would have the product of their states.
_SHAPES: Final = PatternSet(SHAPES)
_PHRASES: Final = PatternSet(PHRASES)

_RUNNING_WORDS: Final = 12
"""Prose of this length is running text; the body reaches from the first to the last of it."""
_SHORTEST_HEADLINE: Final = 4
LONGEST_HEADLINE: Final = 30
_COMMA: Final = re.compile("[,،、，]")
_NAMES: Final = 3
"""Fewest names of an enumeration."""
_NAME_WORDS: Final = 5

_REMEMBERED_CHARACTERS: Final = 80
"""Lines up to this length are remembered: menus and prompts are the same on page after page."""
_REMEMBERED: Final = 1 << 14


@dataclass(frozen=True)
class Lines:
    """The facts of a document's lines, one column each."""

    texts: tuple[str, ...]
    characters: Characters
    patterns: tuple[Pattern | None, ...]
    reasons: NDArray[np.str_]
    """The reasons of the patterns, empty for none."""
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

    @cached_property
    def running(self) -> Bools:
        """Prose of several words: running text."""
        return self.prose & (self.words >= _RUNNING_WORDS)

    @cached_property
    def anywhere(self) -> Bools:
        """Matches a pattern that gives its line away even in the middle of an article."""
        found = [pattern is not None and pattern.anywhere for pattern in self.patterns]
        return np.array(found, np.bool_)

    @cached_property
    def enumerations(self) -> Bools:
        """A bare list of names: ``Harbour, Fire Service, Jane Miller``."""
        found = ~self.ended & (self.characters.counts[:, Form.COMMA] >= _NAMES - 1)
        for index in np.flatnonzero(found).tolist():
            pieces = [piece.split() for piece in _COMMA.split(self.texts[index])]
            found[index] = len(pieces) >= _NAMES and all(
                0 < len(piece) <= _NAME_WORDS for piece in pieces
            )
        return found

    @cached_property
    def headlines(self) -> Bools:
        """Could be the title of another article: several words, no pattern, no end."""
        found: Bools = (
            (self.words >= _SHORTEST_HEADLINE)
            & (self.words <= LONGEST_HEADLINE)
            & ~(self.matched | self.colon)
            & (~self.ended | self.question)
            & ~self.enumerations
        )
        return found


def read_lines(paragraphs: Sequence[str]) -> Lines:
    """The facts of the lines of one document, at least one, in its reading order."""
    count = len(paragraphs)
    split = [paragraph.split() for paragraph in paragraphs]
    bulleted = [len(pieces) > 1 and pieces[0] in _BULLETS for pieces in split]
    for pieces, bullet in zip(split, bulleted, strict=True):
        del pieces[:bullet]
    texts = tuple(map(" ".join, split))
    characters = read_characters(texts)
    words = characters.pieces + characters.counts[:, Form.UNSPACED] // 2
    patterns = tuple(map(_match, texts, words.tolist()))
    matched = np.fromiter((pattern is not None for pattern in patterns), np.bool_, count)
    folded = list(map(str.casefold, texts))
    copies = Counter(folded)
    prose = characters.ended & ~matched
    return Lines(
        texts=texts,
        characters=characters,
        patterns=patterns,
        reasons=np.array([pattern.reason if pattern else "" for pattern in patterns], np.str_),
        words=words,
        ended=characters.ended,
        question=characters.counts[:, Form.QUESTION] > 0,
        colon=characters.last == Form.COLON,
        bulleted=np.array(bulleted, np.bool_),
        matched=matched,
        prose=prose,
        capitals=characters.capitals,
        copies=np.fromiter(map(copies.__getitem__, folded), np.int64, count),
        shared=_shared(characters, prose & (words >= _VOCABULARY_WORDS)),
    )


def _match(text: str, words: int) -> Pattern | None:
    short = len(text) <= _REMEMBERED_CHARACTERS
    return _remembered(text, words) if short else _first_pattern(text, words)


def _first_pattern(text: str, words: int) -> Pattern | None:
    return _SHAPES.match(text, words) or _PHRASES.match(text, words)


_remembered = lru_cache(_REMEMBERED)(_first_pattern)


def _shared(characters: Characters, prose: Bools) -> Ints:
    """How much of each line's vocabulary other lines of prose share, in per cent."""
    count = len(prose)
    long = (characters.letters >= _LONG_WORD) | (characters.letters == 0)
    line = characters.line_of[long]
    vocabulary, word = np.unique(characters.words[long], return_inverse=True)
    # Each word counts once in each line of prose that uses it.
    within = prose[line]
    used = np.unique(line[within] * len(vocabulary) + word[within])
    uses = np.bincount(used % max(len(vocabulary), 1), minlength=len(vocabulary))
    elsewhere = uses[word] > within
    shared = np.bincount(line[elsewhere], minlength=count)
    sizes = np.bincount(line, minlength=count)
    share: Ints = np.where(sizes > 0, 100 * shared // np.maximum(sizes, 1), -1)
    return share
