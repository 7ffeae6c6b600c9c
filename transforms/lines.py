"""What can be said of each line of a document, without judging it.

A *line* is a paragraph's text with white space collapsed and its bullet taken
off.  *Prose* is a line that ends like a sentence and matches no pattern: the
stuff that articles are made of.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final, get_args

import numpy as np

from transforms.arrays import Bools, Ints, begins
from transforms.characters import Characters, read_characters
from transforms.document import Reason
from transforms.forms import Form
from transforms.patterns import PatternSet, probe
from transforms.phrases import PHRASES
from transforms.segments import NONE, Segments
from transforms.shapes import SHAPES
from transforms.windows import best_blocks

_BULLETS: Final = frozenset("-–—*•·▪■●○◦‣⁃∙➤►▶›»✓✔")

_LONG_WORD: Final = 4
"""Letters of a word that says something; shorter ones are mostly function words, and a letter
of an unspaced script counts by itself."""
_SEVERAL: Final = -2
"""The line of a word that several lines have."""
_VOCABULARY_WORDS: Final = 15
"""Prose lines from this length on make up the vocabulary of the body."""

PATTERNS: Final = SHAPES + PHRASES
# Two automata: one for both would have the product of their states.
_SHAPES: Final = PatternSet(SHAPES)
_PHRASES: Final = PatternSet(PHRASES)

_REASON_CODES: Final[dict[Reason, int]] = {
    reason: code for code, reason in enumerate(get_args(Reason), start=1)
}
# By the number of a pattern; the last is that of no pattern.
_REASONS: Final = np.array([*(_REASON_CODES[pattern.reason] for pattern in PATTERNS), 0])
_ANYWHERE: Final = np.array([*(pattern.anywhere for pattern in PATTERNS), False])

_RUNNING_WORDS: Final = 12
"""Prose of this length is running text; the body reaches from the first to the last of it."""
_CORE_PROSE_COST: Final = 3
"""Words of a prose line that only pay for the line."""
_CORE_OTHER: Final = -4
"""The value of a line that is no prose."""
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
    """The facts of the lines of a batch of documents, one column each."""

    segments: Segments
    """The documents of the lines."""
    texts: Sequence[str]
    characters: Characters
    pattern: Ints
    """The number of the first pattern that the line matches, ``NONE`` for none."""
    words: Ints
    """A run of characters between spaces is a word; without spaces, two characters are."""
    bulleted: Bools
    same: Ints
    """The first line of the document with the same text, case aside."""
    shared: Ints
    """Per cent of its long words that other prose uses too; -1 where it has none."""

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def ended(self) -> Bools:
        """Ends with the end mark of a sentence."""
        return self.characters.ended

    @property
    def capitals(self) -> Ints:
        """Per cent of the words with a capital or a digit first; -1 in scripts without case."""
        return self.characters.capitals

    @cached_property
    def question(self) -> Bools:
        """Holds a question mark."""
        found: Bools = self.characters.counts[:, Form.QUESTION] > 0
        return found

    @cached_property
    def colon(self) -> Bools:
        """Ends with a colon: something follows."""
        found: Bools = self.characters.last == Form.COLON
        return found

    @cached_property
    def matched(self) -> Bools:
        """Matches a pattern."""
        found: Bools = self.pattern != NONE
        return found

    @cached_property
    def prose(self) -> Bools:
        """Ends like a sentence and matches no pattern."""
        return self.ended & ~self.matched

    @cached_property
    def running(self) -> Bools:
        """Prose of several words: running text."""
        return self.prose & (self.words >= _RUNNING_WORDS)

    @cached_property
    def copies(self) -> Ints:
        """How often the line stands in its document, case aside."""
        copies: Ints = np.bincount(self.same)[self.same]
        return copies

    @cached_property
    def reasons(self) -> Ints:
        """The reasons of the patterns, counted from 1 in their order; 0 for none."""
        return _REASONS[self.pattern]

    def of_reason(self, *reasons: Reason) -> Bools:
        """The lines whose pattern has one of the reasons."""
        found = np.zeros(len(self), np.bool_)
        for reason in reasons:
            found |= self.reasons == _REASON_CODES[reason]
        return found

    @cached_property
    def anywhere(self) -> Bools:
        """Matches a pattern that gives its line away even in the middle of an article."""
        return _ANYWHERE[self.pattern]

    @cached_property
    def enumerations(self) -> Bools:
        """A bare list of names: ``Harbour, Fire Service, Jane Miller``."""
        commas = self.characters.counts[:, Form.COMMA]
        # Of so few commas, so many words cannot be names; a comma by itself is a piece too.
        most = _NAME_WORDS * (commas + 1) + commas
        found = ~self.ended & (commas >= _NAMES - 1) & (self.characters.pieces <= most)
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

    @cached_property
    def core(self) -> tuple[Ints, Ints]:
        """Start and end of the run of each document's lines with most prose and least else."""
        values = np.where(self.prose, self.words - _CORE_PROSE_COST, _CORE_OTHER)
        return best_blocks(values, self.segments)


def read_lines(paragraphs: Sequence[str], segments: Segments | None = None) -> Lines:
    """The facts of lines.

    Args:
        paragraphs: the texts of documents, at least one each, in reading order.
        segments: which text is of which document; without it all are of one.
    """
    segments = segments or Segments.of_sizes([len(paragraphs)])
    texts = tuple(map(_collapse, paragraphs))
    bulleted = np.array([text[1:2] == " " and text[0] in _BULLETS for text in texts], np.bool_)
    if bulleted.any():
        texts = tuple(
            text[2:] if bullet else text
            for text, bullet in zip(texts, bulleted.tolist(), strict=True)
        )
    characters = read_characters(texts, segments.of)
    words = characters.pieces + characters.counts[:, Form.UNSPACED] // 2
    pattern = np.fromiter(map(_match, texts, words.tolist()), np.int64, len(texts))
    vocabulary = characters.ended & (pattern == NONE) & (words >= _VOCABULARY_WORDS)
    return Lines(
        segments=segments,
        texts=texts,
        characters=characters,
        pattern=pattern,
        words=words,
        bulleted=bulleted,
        same=_first_alike(texts, segments),
        shared=_shared(characters, vocabulary),
    )


def _collapse(text: str) -> str:
    """The text with its white space collapsed."""
    # A space is the one white space that is printable.
    if text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join(text.split())


def _match(text: str, words: int) -> int:
    """The number of the first pattern that a line matches, or ``NONE``."""
    short = len(text) <= _REMEMBERED_CHARACTERS
    return _remembered(text, words) if short else _first_pattern(text, words)


def _first_pattern(text: str, words: int) -> int:
    probed = probe(text)
    found = _SHAPES.find(probed, words)
    if found == NONE:
        found = _PHRASES.find(probed, words)
        return found if found == NONE else len(SHAPES) + found
    return found


_remembered = lru_cache(_REMEMBERED)(_first_pattern)


def _first_alike(texts: Sequence[str], segments: Segments) -> Ints:
    """The first line of the document with the same text as each line, case aside."""
    folded = list(map(str.casefold, texts))
    found: list[int] = []
    for start, end in zip(segments.starts.tolist(), segments.ends.tolist(), strict=True):
        first: dict[str, int] = {}
        found += [first.setdefault(folded[line], line) for line in range(start, end)]
    return np.array(found, np.int64)


def _shared(characters: Characters, prose: Bools) -> Ints:
    """How much of each line's vocabulary other lines of prose share, in per cent."""
    count = len(prose)
    long = (characters.letters >= _LONG_WORD) | (characters.letters == 0)
    line, keys = characters.line_of[long], characters.keys[long]
    if not len(line):
        return np.full(count, -1)
    order = np.argsort(keys)
    keys, of = keys[order], line[order]
    starts = np.flatnonzero(begins(keys))
    within = prose[of]
    first = np.minimum.reduceat(np.where(within, of, count), starts)
    last = np.maximum.reduceat(np.where(within, of, NONE), starts)
    # A word that one line of prose has is shared by all lines but that one.
    only = np.where(first < last, _SEVERAL, last)
    only = np.repeat(only, np.diff(starts, append=len(of)))
    elsewhere = (only != of) & (only != NONE)
    shared = np.bincount(of[elsewhere], minlength=count)
    words = np.bincount(line, minlength=count)
    share: Ints = np.where(words > 0, 100 * shared // np.maximum(words, 1), -1)
    return share
