"""What a paragraph claims: its numbers, dates, names, denials, opposites and quotations.

Two paragraphs that agree in nearly all words can say different things, and
what makes the difference is small: a figure, a name, a "not", a "fell" for
"rose".  Facts are those small things, read off one paragraph alone;
:mod:`transforms.vetoes` compares them.  Calendar, opposites and numerals are
English (numerals Chinese and Japanese, too), denials those of many languages
(:mod:`transforms.denials`); numbers in digits, names by their capitals and
quotations are found in any language.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Final, NamedTuple

import msgspec
import re2

from transforms import english
from transforms.alternatives import HEDGES
from transforms.denials import denials_inside
from transforms.numbers import Amount, amounts, han_numbers
from transforms.opposites import Pole
from transforms.tokens import Token, Tokens, tokens_of

_DOUBLE_QUOTES: Final = "“”„‟«»\uff02"
_SINGLE_OPENING: Final = ("\u2018", "'")
_SINGLE_CLOSING: Final = ("\u2019", "'")
_QUOTE_MARKS: Final = ('"', "“", "„", "«", "\u2018")
_AFTER_CLOSING: Final = ".,;:!?"

_SEPARATORS: Final = ",;:|\t"
_GRADE: Final = re2.compile(
    r"(?:^|[^\p{L}\p{N}])(\p{Lu}[\p{L}\p{N}]{0,3}[-+\x{2212}])(?:$|[^\p{L}\p{N}+-])"
)
"""A rating: up to four letters and digits, the first a capital, with a sign behind them."""
_MARK: Final = re2.compile(r"[★☆✓✔✗✘☑☒👍👎↑↓]|[<>≤≥±]\s?\p{N}")
"""A rating by stars or ticks, an arrow, or the sign of a bound."""
_MARKS: Final = "★☆✓✔✗✘☑☒👍👎↑↓<>≤≥±"
"""Each of them has one of these."""

_SCORE: Final = re2.compile(
    r"(?:^|[^\p{N}.,/-])(\p{Nd}{1,3})[-\x{2013}](\p{Nd}{1,3})(?:$|[^\p{N}/-])"
)

# What the patterns above cannot do without, far cheaper to look for: three characters each.
_SIGN_BEHIND: Final = re.compile(r"[-+\u2212](?<![\s+-].)(?![A-Za-z0-9])")
_DASH_BEFORE: Final = re.compile(r"[-\u2013](?![A-Za-z\s])")
_OPENED_SINGLE: Final = re.compile(r"['\u2018](?<!\S.)(?!\d)")

_MAX_UPPER: Final = 0.5
"""Share of words in capitals from which they say nothing: IT is the pronoun there."""


class Facts(msgspec.Struct, frozen=True, dict=True):
    """The claims of one paragraph.

    What is worked out of them is remembered: a paragraph is compared with many.
    """

    words: frozenset[str]
    """Its folded words, for asking whether it mentions something at all."""
    numbers: tuple[str, ...]
    """Its numbers in order, canonical: ``1500``, ``1.5``, ordinals as ``#3``."""
    amounts: tuple[Amount, ...]
    """The same with what they count."""
    dates: frozenset[str]
    """Months, weekdays, today and the like; days and years are numbers."""
    names: frozenset[str]
    """Folded words with a capital in mid-sentence, or all in capitals."""
    openers: frozenset[str]
    """Folded words with the capital of a sentence's beginning: names perhaps."""
    order: tuple[str, ...]
    """Names and openers as they follow each other."""
    sequence: tuple[str, ...]
    """Its folded words in order."""
    denials: int
    """Words of denial: not, n't, never, without, failed, denied."""
    hedges: tuple[str, ...]
    """Words, in order, that make less of a claim: may, allegedly, if, only, former."""
    poles: tuple[Pole, ...]
    """Its words that have an opposite, in order."""
    quoted: int
    """Words in its longest quotation."""
    opens_quotation: bool
    """It begins with a quotation mark."""
    length: int
    """How many words it has."""
    figures: int
    """How many of them are numbers."""
    separators: int
    """Commas, semicolons, colons and bars: what lists are made of."""
    grades: tuple[str, ...]
    """Its ratings, in order: ``BB+``, ``A-``; stars, ticks, arrows and the signs of bounds."""
    scores: tuple[tuple[str, str], ...]
    """Two figures with a dash between them: the result ``3-2``, the range ``3-4``."""
    fields: int
    """How many are numbers or begin with a capital: what tables and squads are made of."""

    @cached_property
    def times(self) -> Mapping[str, int]:
        """How often each folded word stands there."""
        found: dict[str, int] = {}
        for word in self.sequence:  # a Counter takes its time to be made
            found[word] = found.get(word, 0) + 1
        return found

    @cached_property
    def mentioned(self) -> frozenset[str]:
        """Words that mention somebody if they are anybody's name, in whatever case."""
        return self.names | self.openers | (self.words - english.STOP_WORDS)

    @cached_property
    def labels(self) -> frozenset[str]:
        """Names of one letter: class A, Elizabeth I."""
        return frozenset([name for name in self.names if len(name) == 1])

    @cached_property
    def once(self) -> frozenset[str]:
        """Names and openers that stand there once."""
        names = frozenset(self.order)
        if len(names) == len(self.order):
            return names
        return frozenset([name for name, times in Counter(self.order).items() if times == 1])

    @cached_property
    def counted(self) -> Mapping[str, frozenset[str]]:
        """Number to all that it counts; without numbers that once stand on their own."""
        found: dict[str, set[str]] = {}
        for amount in self.amounts:
            found.setdefault(amount.number, set()).update(amount.units)
        for amount in self.amounts:
            if not amount.units:
                found.pop(amount.number, None)
        return {number: frozenset(units) for number, units in found.items()}

    @cached_property
    def sides(self) -> Mapping[int, tuple[int, ...]]:
        """The sides of each axis of opposites in order; a side that goes on counts once."""
        found: dict[int, list[int]] = {}
        for pole in self.poles:
            sides = found.setdefault(pole.axis, [])
            if not sides or sides[-1] != pole.side:
                sides.append(pole.side)
        return {axis: tuple(sides) for axis, sides in found.items()}


def facts_of(text: str) -> Facts:
    """The facts of one paragraph, from its text alone.

    >>> facts = facts_of("Shares of Acme fell 1,500 points on Tuesday, not in June.")
    >>> facts.numbers, sorted(facts.dates), sorted(facts.names), facts.denials
    (('1500',), ['june', 'tuesday'], ['acme'], 1)
    """
    return facts_of_tokens(text, tokens_of(text))


def facts_of_tokens(text: str, tokens: Tokens) -> Facts:
    """The facts of one paragraph whose tokens are at hand."""
    folds = tuple([token.fold for token in tokens])
    counted = tuple(amounts(tokens))
    shouts = len(tokens.upper) > _MAX_UPPER * len(tokens)
    dates: set[str] = set()
    names: set[str] = set()
    openers: set[str] = set()
    order: list[str] = []
    poles: list[Pole] = []
    denials = denials_inside(text)
    hedges: list[str] = []
    for at in tokens.claims:
        token = tokens[at]
        denials += token.denies and not _is_numero(tokens, at)
        poles += token.poles
        date = date_of(tokens, at)
        if date is not None:
            dates.add(date)
        elif token.fold in HEDGES:
            hedges.append(token.fold)
    for at in tokens.capitals:
        token = tokens[at]
        fold = token.fold
        if token.numeric or (fold in english.CALENDAR and date_of(tokens, at) is not None):
            continue
        label = len(fold) == 1 and not token.initial  # class A, Elizabeth I
        if fold in english.STOP_WORDS and (shouts or not (token.upper or label)):
            continue
        if not token.initial or token.upper:
            names.add(fold)
        elif at + 1 < len(tokens):  # a last word on its own is a sign-off, it opens nothing
            openers.add(fold)
        order.append(fold)
    return Facts(
        words=frozenset(folds),
        numbers=(*[amount.number for amount in counted], *han_numbers(text)),
        amounts=counted,
        dates=frozenset(dates),
        names=frozenset(names),
        openers=frozenset(openers),
        order=tuple(order),
        sequence=folds,
        denials=denials,
        hedges=tuple(hedges),
        poles=tuple(poles),
        quoted=longest_quotation(text),
        opens_quotation=text.lstrip().startswith(_QUOTE_MARKS),
        length=len(tokens),
        figures=len(counted),
        separators=sum(map(text.count, _SEPARATORS)),
        grades=tuple(grades_of(text)),
        scores=scores_of(text) if len(counted) > 1 else (),
        fields=len(counted) + len(tokens.capitals),
    )


class Shape(NamedTuple):
    """How much of a paragraph is figures and capitals: what tells a table."""

    length: int
    figures: int
    fields: int


def shape_of(tokens: Tokens) -> Shape:
    """The three as :class:`Facts` has them, without the rest."""
    figures = len(amounts(tokens))
    return Shape(len(tokens), figures, figures + len(tokens.capitals))


def most_of(tokens: Tokens) -> Shape:
    """The most that :func:`shape_of` may give, without reading the numbers."""
    figures = len(tokens.figures)
    return Shape(len(tokens), figures, figures + len(tokens.capitals))


def claimed_numbers(tokens: Tokens, text: str) -> frozenset[str]:
    """The numbers and dates of a paragraph, as :class:`Facts` has them."""
    dates = [date_of(tokens, at) for at in tokens.claims if tokens[at].fold in english.CALENDAR]
    numbers = [amount.number for amount in amounts(tokens)]
    return frozenset([*numbers, *han_numbers(text), *[date for date in dates if date is not None]])


def date_of(tokens: Sequence[Token], at: int) -> str | None:
    """The date that the token at a position names: a month, a weekday, today."""
    token = tokens[at]
    date = english.CALENDAR.get(token.fold)
    if date is None or not (token.fold in english.WORD_MONTHS or token.fold in english.SHORT_DATES):
        return date
    if not token.capital:
        return None
    beside = [tokens[near] for near in (at - 1, at + 1) if 0 <= near < len(tokens)]
    if any(near.fold[-1].isdecimal() for near in beside):
        return date
    return date if token.fold in english.WORD_MONTHS and not token.initial else None


def scores_of(text: str) -> tuple[tuple[str, str], ...]:
    """The results and ranges of a text, in order.

    >>> scores_of("They won 3-2 in 2019 on grass.")
    (('3', '2'),)
    """
    if _DASH_BEFORE.search(text) is None:
        return ()
    return tuple([(one, other) for one, other in _SCORE.findall(text)])


def grades_of(text: str) -> list[str]:
    """The ratings of a text: those in letters, then stars, ticks, arrows and signs of bounds.

    >>> grades_of("↑ to AA- from A+, a well-known grade")
    ['AA-', 'A+', '↑']
    """
    found: list[str] = []
    if _SIGN_BEHIND.search(text) is not None:
        found += _GRADE.findall(text)
    if any(map(text.__contains__, _MARKS)):
        found += _MARK.findall(text)
    return found


def longest_quotation(text: str) -> int:
    """Words in the longest quotation of a paragraph, 0 without one.

    A quotation that is never closed runs to the end, as one that goes on in
    the next paragraph does.  Single quotes count where they stand outside a
    word on both sides.

    >>> longest_quotation("He called it “a very good day” and 'left'.")
    4
    """
    longest = 0
    marks = text
    for mark in "" if text.isascii() else _DOUBLE_QUOTES:
        marks = marks.replace(mark, '"')
    if '"' in marks:
        longest = max(len(inside.split()) for inside in marks.split('"')[1::2])
    if _OPENED_SINGLE.search(text) is not None:
        longest = max(longest, _single_quoted(text))
    return longest


def _single_quoted(text: str) -> int:
    longest = 0
    opened: int | None = None
    for at, chunk in enumerate(text.split()):
        if opened is None and chunk.startswith(_SINGLE_OPENING) and not chunk[1:2].isdecimal():
            opened = at
        if opened is not None and chunk.rstrip(_AFTER_CLOSING).endswith(_SINGLE_CLOSING):
            longest = max(longest, at + 1 - opened)
            opened = None
    return longest


def _is_numero(tokens: Sequence[Token], at: int) -> bool:
    """Whether ``no`` is short for number: No. 10."""
    return (
        tokens[at].fold == "no"
        and tokens[at].capital
        and at + 1 < len(tokens)
        and tokens[at + 1].fold[-1].isdecimal()
    )
