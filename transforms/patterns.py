"""Many regular expressions over one line, in one linear pass.

All patterns of a set are compiled into one automaton (``re2.Set``): a line is
read once however many there are, in time linear in its length, so no scraped
line can make the match slow.  A repetition that may start anywhere is written
``.*``: counted ones (``.{0,60}``) multiply the automaton's states.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Final, NamedTuple

import re2

from transforms.document import Reason
from transforms.segments import NONE

_PROBE_CHARACTERS: Final = 160
"""A longer line is probed at this many characters of its start and of its end: that is
where credits, labels and prompts stand, and it bounds the cost of a 20 MB line."""
_AUTOMATON_BYTES: Final = 1 << 26
"""Memory for the automaton's states; when it is full, they are forgotten and made anew."""
_MANY_WORDS: Final = 16
"""A longer line is matched with the patterns that may be so long only: half of them."""
_ANY_LENGTH: Final = 1 << 62


class Pattern(NamedTuple):
    """One form of line: ``name`` is the evidence, ``reason`` the verdict's reason."""

    name: str
    reason: Reason
    expression: str
    max_words: int = _ANY_LENGTH
    """A line with more words is not meant, whatever it matches."""
    anywhere: bool = False
    """Gives its line away even in the middle of an article."""


def alternatives(table: str) -> str:
    """A group of the words of ``table``; ``_`` stands for a space inside one.

    >>> alternatives("see see_also")
    '(?:see|see also)'
    """
    return "(?:" + "|".join(word.replace("_", " ") for word in table.split()) + ")"


def phrases(table: str) -> str:
    """A group of the lines of ``table``."""
    return "(?:" + "|".join(line.strip() for line in table.strip().splitlines()) + ")"


_NAME_WORD: Final = r"(?-i:\p{Lu})[\p{L}\p{M}.'’-]*"
_PARTICLE: Final = alternatives("van von de der den da di du la le al el bin del dos af och y e")
NAME: Final = rf"{_NAME_WORD}(?: (?:{_PARTICLE} )*{_NAME_WORD})*"
"""A person's or a publisher's name: capitalised words with the particles of names between."""


def probe(line: str) -> bytes:
    """What is matched of a line: its bytes, or those of its start and its end."""
    if len(line) > 2 * _PROBE_CHARACTERS:
        line = line[:_PROBE_CHARACTERS] + line[-_PROBE_CHARACTERS:]
    return line.encode("utf-8", "surrogatepass")


class _Automaton(NamedTuple):
    """Some patterns of a set, compiled."""

    automaton: re2.Set
    numbers: tuple[int, ...]
    """Their numbers in the set."""
    limits: tuple[int, ...]
    """The words of each at most."""


class PatternSet:
    """Finds the first pattern, in the order given, that matches a whole line.

    The automata are made when the first line comes: a process that judges nothing has none.
    """

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._patterns = tuple(patterns)

    @cached_property
    def _all(self) -> _Automaton:
        return _compile(self._patterns, 0)

    @cached_property
    def _long(self) -> _Automaton:
        return _compile(self._patterns, _MANY_WORDS + 1)

    def match(self, line: str, words: int) -> Pattern | None:
        """The first pattern that matches ``line``, or ``None``; case does not count.

        Args:
            line: the text, white space collapsed, without its bullet.
            words: how many words it has.
        """
        number = self.find(probe(line), words)
        return None if number == NONE else self._patterns[number]

    def find(self, probed: bytes, words: int) -> int:
        """The number of the first pattern that matches the :func:`probe` of a line, or ``NONE``."""
        automaton, numbers, limits = self._long if words > _MANY_WORDS else self._all
        hits: list[int] | None = automaton.Match(probed)
        if hits:
            for hit in sorted(hits):
                if words <= limits[hit]:
                    return numbers[hit]
        return NONE


def _compile(patterns: Sequence[Pattern], words: int) -> _Automaton:
    """The patterns that a line of so many words may match."""
    options = re2.Options()
    options.max_mem = _AUTOMATON_BYTES
    automaton = re2.Set.FullMatchSet(options)
    numbers = tuple(n for n, pattern in enumerate(patterns) if pattern.max_words >= words)
    for number in numbers:
        automaton.Add(f"(?is:{patterns[number].expression})")
    automaton.Compile()
    return _Automaton(automaton, numbers, tuple(patterns[n].max_words for n in numbers))
