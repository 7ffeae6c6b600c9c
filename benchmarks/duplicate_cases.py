"""Generated cases: one changed word in a paragraph of 20; sentences with other numbers."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import groupby, pairwise
from random import Random
from typing import Final, NamedTuple

from benchmarks.duplicate_data import shuffle_key
from benchmarks.duplicate_join import join, word_grams
from transforms import english
from transforms.folding import words
from transforms.opposites import poles_of
from transforms.stems import stem
from transforms.tokens import tokens_of

SEED: Final = 20

_CASE_WORDS: Final = 20
_LEAST_LETTERS: Final = 4
_LEAST_TIMES: Final = 20
"""A word that stands this often in the corpus is an ordinary one."""

_RELATED: Final = 0.5
"""Paragraphs that share more of their word 2-grams may be copies: only one of them is used."""

_NUMBER: Final = re.compile(r"\d(?:[\d.,/:]*\d)?(?:-\d+/\d+)?|[^\W\d_]+")
_PLAIN_FIGURE: Final = re.compile(r"\d{1,15}(?:\.\d{1,15})?")
_PLAIN_FRACTION: Final = re.compile(r"\d{1,3}/[1-9]\d{0,2}")
_NUMERALS: Final = dict(
    zip(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"],
        map(str, range(1, 11)),
        strict=True,
    )
)
"""Spelled-out numbers, of which agencies make no difference to digits."""


class Changed(NamedTuple):
    """A real paragraph, and the same with one ordinary word put for another."""

    original: str
    changed: str


class Template(NamedTuple):
    """Two paragraphs that are equal but for their numbers."""

    one: str
    other: str


def changed_cases(texts: Sequence[str], count: int) -> tuple[list[Changed], list[str]]:
    """Cases of one changed word, and unrelated paragraphs of about that length.

    The word that goes is in lower case, of four letters or more, and no function word, number,
    date, denial or one of two opposites; so is the word that comes, which stands twenty times or
    more among the texts and has another stem.  Paragraphs that already are like another are left
    out, so that every pair that is found is either a case or wrong.
    """
    fitting = sorted(
        {text for text in texts if abs(len(words(text)) - _CASE_WORDS) <= 1}, key=shuffle_key
    )
    alike = join([word_grams(words(text), 2) for text in fitting], _RELATED)
    twins = set(alike.right.tolist()) | set(alike.left.tolist())
    single = [text for at, text in enumerate(fitting) if at not in twins]
    ordinary = _ordinary_words(texts)
    random = Random(SEED)  # noqa: S311  the same cases every time
    cases: list[Changed] = []
    unrelated: list[str] = []
    for text in single:
        changed = None
        if len(cases) < count and len(words(text)) == _CASE_WORDS:
            changed = _change_word(text, ordinary, random)
        if changed is None:
            unrelated.append(text)
        else:
            cases.append(Changed(text, changed))
    return cases, unrelated


def _ordinary_words(texts: Sequence[str]) -> list[str]:
    counts = Counter(word for text in texts for word in text.split())
    return sorted(word for word, times in counts.items() if times >= _LEAST_TIMES and _plain(word))


def _plain(word: str) -> bool:
    tokens = tokens_of(f"so {word}")
    return (
        word.isascii()
        and word.isalpha()
        and word.islower()
        and len(word) >= _LEAST_LETTERS
        and word not in english.STOP_WORDS
        and len(tokens) == len(("so", word))
        and not tokens[-1].special
    )


def _change_word(text: str, ordinary: Sequence[str], random: Random) -> str | None:
    pieces = re.split(r"(\s+)", text)
    places = [at for at, piece in enumerate(pieces) if _plain(piece)]
    if not places:
        return None
    at = random.choice(places)
    new = random.choice(ordinary)
    while stem(new) == stem(pieces[at]) or poles_of(new):
        new = random.choice(ordinary)
    return "".join([*pieces[:at], new, *pieces[at + 1 :]])


def template_pairs(texts: Sequence[str], least_words: int) -> list[Template]:
    """Real paragraphs that are equal but for their numbers: each with the next of its kind."""
    by_frame: dict[str, list[str]] = defaultdict(list)
    for text in sorted(set(texts), key=shuffle_key):
        if len(words(text)) >= least_words:
            by_frame[frame(text)].append(text)
    return [
        Template(one, other)
        for _, alike in sorted(by_frame.items())
        for one, other in pairwise(alike)
        if numbers_of(one) != numbers_of(other)
    ]


def renumbered(texts: Sequence[str], least_words: int, count: int) -> list[Template]:
    """Real paragraphs, each with itself after one digit of one number was changed."""
    random = Random(SEED)  # noqa: S311  the same cases every time
    cases: list[Template] = []
    for text in sorted(set(texts), key=shuffle_key):
        digits = [at for at, char in enumerate(text) if char in "0123456789"]
        if len(words(text)) < least_words or not digits or len(cases) == count:
            continue
        at = random.choice(digits)
        new = random.choice([digit for digit in "123456789" if digit != text[at]])
        cases.append(Template(text, text[:at] + new + text[at + 1 :]))
    return cases


def lost_numbers(removed: str, kept: str) -> list[str]:
    """The numbers that stand in the removed text more often than in the kept one."""
    ours, theirs = (Counter(map(_value, numbers_of(text))) for text in (removed, kept))
    return sorted((ours - theirs).elements())


def _value(number: str) -> str:
    """One spelling for 1 and 1.0, for 1/2 and 0.50; other spellings as they are."""
    if _PLAIN_FRACTION.fullmatch(number):
        return str(Fraction(number))
    return str(Fraction(Decimal(number))) if _PLAIN_FIGURE.fullmatch(number) else number


def numbers_of(text: str) -> list[str]:
    """The numbers of a text as they follow each other, thousands with or without commas."""
    found = (_NUMERALS.get(run.lower(), run) for run in _NUMBER.findall(text))
    return [run.replace(",", "") for run in found if run[0].isdecimal()]


def frame(text: str) -> str:
    """The folded text with every number, in digits or spelled out, made equal.

    >>> frame("Div 14-1/2 cts vs 14 cts") == frame("DIV nine cts vs 8 cts")
    True
    """
    folds = ("#" if token.numeric else token.fold for token in tokens_of(text))
    return " ".join(fold for fold, _ in groupby(folds))
