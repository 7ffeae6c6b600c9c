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


class PatternSet:
    """Finds the first pattern, in the order given, that matches a whole line.

    The automata are made when the first line comes: a process that judges nothing has none.
    """

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._patterns = tuple(patterns)
        self._long = tuple(pattern for pattern in patterns if pattern.max_words > _MANY_WORDS)

    @cached_property
    def _all(self) -> re2.Set:
        return _automaton(self._patterns)

    @cached_property
    def _of_long(self) -> re2.Set:
        return _automaton(self._long)

    def match(self, line: str, words: int) -> Pattern | None:
        """The first pattern that matches ``line``, or ``None``; case does not count.

        Args:
            line: the text, white space collapsed, without its bullet.
            words: how many words it has.
        """
        if len(line) > 2 * _PROBE_CHARACTERS:
            line = line[:_PROBE_CHARACTERS] + line[-_PROBE_CHARACTERS:]
        if words > _MANY_WORDS:
            patterns, automaton = self._long, self._of_long
        else:
            patterns, automaton = self._patterns, self._all
        hits: list[int] | None = automaton.Match(line.encode("utf-8", "surrogatepass"))
        for hit in sorted(hits or ()):
            if words <= patterns[hit].max_words:
                return patterns[hit]
        return None


def _automaton(patterns: Sequence[Pattern]) -> re2.Set:
    options = re2.Options()
    options.max_mem = _AUTOMATON_BYTES
    automaton = re2.Set.FullMatchSet(options)
    for pattern in patterns:
        automaton.Add(f"(?is:{pattern.expression})")
    automaton.Compile()
    return automaton
