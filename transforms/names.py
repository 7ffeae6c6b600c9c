"""Names, decided over a whole document.

A word is a name in a document if it has a capital in mid-sentence somewhere
in it.  Spellings of one name are brought together without any table of names: a long
form and the abbreviation that the document introduces with it ("Free Trade
Area (FTA)"), a name and what English derives from it (Chile, Chilean), and a name
with and without its possessive.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from transforms import english
from transforms.facts import date_of
from transforms.tokens import Token, Tokens

Words = tuple[str, ...]

_MAX_CAPITALS: Final = 0.5
"""Share of words with capitals from which a paragraph is set as a title, not as a sentence."""

_MOST_LONG_FORMS: Final = 64
"""Of one abbreviation, and with one first word: each is looked through wherever it may stand."""
LONGEST_ABBREVIATION: Final = 8
_LONGEST_NAME: Final = 10
"""Words looked back over for the long form of an abbreviation."""

_CONNECTING: Final = frozenset(
    ("of", "the", "and", "for", "in", "on", "to", "de", "la", "le", "du", "des", "del")
)
"""What stands uncapitalised inside a name."""

SHORTEST_ROOT: Final = 3
_SHORTEST_BASE: Final = 4
"""Letters of a name before its ending, and of what it is derived from (Cub-an, Cuba)."""

_DERIVATIONS: Final = (
    ("ians", ("ia", "", "y", "a", "e")),
    ("ian", ("ia", "", "y", "a", "e")),
    ("eans", ("ea", "e", "")),
    ("ean", ("ea", "e", "")),
    ("ans", ("a", "o", "e", "")),
    ("an", ("a", "o", "e", "")),
    ("ese", ("", "a", "on", "o")),
    ("ists", ("",)),
    ("ist", ("",)),
    ("ism", ("",)),
    ("ish", ("", "ey", "en", "ain", "and", "land")),
    ("ic", ("",)),
    ("is", ("",)),
    ("i", ("", "ia")),
)
"""Endings that English puts on names, and what may have stood there before.

The longest ending comes first.  The relation runs from the derived form to
its base only: Nigerian may come from Nigeria or Niger, but these two have no
base in common, nor have Austria and Australia.
"""

_BY_LAST_LETTERS: Final = {
    last: [each for each in _DERIVATIONS if each[0].endswith(last)]
    for last in {ending[-2:] for ending, _ in _DERIVATIONS}
}
"""The same by the last two letters of the ending, or its only one."""


class Names(NamedTuple):
    """The names of one document."""

    vocabulary: frozenset[str]
    """Folded words that are names where they have a capital."""
    long_forms: Mapping[str, tuple[tuple[Words, str], ...]]
    """First word of a long form to the long forms and the name that each stands for."""
    canonical: Mapping[str, str]
    """Folded word to the name that it is a form of, where that is another word."""
    implied: Mapping[str, frozenset[str]]
    """Name to the words of its long forms, which mentioning it mentions too."""


def names_of(paragraphs: Sequence[Tokens]) -> Names:
    """The names of a document from the tokens of its paragraphs."""
    vocabulary = _vocabulary(paragraphs)
    stands_for: dict[Words, str] = {}
    same: dict[str, str] = {}
    forms: Counter[str] = Counter()
    openings: Counter[str] = Counter()
    for tokens in paragraphs:
        for long_form, short in _introductions(tokens):
            name = same.get(short, short)
            if long_form not in stands_for:
                if max(forms[name], openings[long_form[0]]) == _MOST_LONG_FORMS:
                    continue
                forms[name] += 1
                openings[long_form[0]] += 1
            name = stands_for.setdefault(long_form, name)
            same.setdefault(short, name)
    canonical = _derived(vocabulary)
    canonical |= {short: name for short, name in same.items() if short != name}
    long_forms: dict[str, tuple[tuple[Words, str], ...]] = {}
    implied: dict[str, frozenset[str]] = {}
    for long_form, name in stands_for.items():
        known = (*long_forms.get(long_form[0], ()), (long_form, name))
        long_forms[long_form[0]] = tuple(sorted(known, key=lambda form: -len(form[0])))
        parts = {canonical.get(word, word) for word in long_form if word not in _CONNECTING}
        implied[name] = implied.get(name, frozenset()) | parts
    return Names(frozenset(vocabulary | set(same)), long_forms, canonical, implied)


def long_form_at(names: Names, tokens: Sequence[Token], at: int) -> tuple[str, int] | None:
    """The name whose long form begins at a token, and how many tokens it takes."""
    for words, name in names.long_forms.get(tokens[at].fold, ()):
        if tuple([token.fold for token in tokens[at : at + len(words)]]) == words:
            return name, len(words)
    return None


def base_forms(word: str) -> tuple[str, ...]:
    """What a name may be derived from, the likeliest first.

    >>> base_forms("chilean"), base_forms("nigeria")
    (('chilea', 'chile', 'chil'), ())
    """
    endings = _BY_LAST_LETTERS.get(word[-2:]) or _BY_LAST_LETTERS.get(word[-1:]) or ()
    for ending, replacements in endings:
        if word.endswith(ending):
            root = word[: -len(ending)]
            forms = [root + letters for letters in replacements]
            if len(root) < SHORTEST_ROOT:
                return ()
            return tuple([form for form in forms if len(form) >= _SHORTEST_BASE])
    return ()


def _vocabulary(paragraphs: Sequence[Tokens]) -> set[str]:
    found: set[str] = set()
    for tokens in paragraphs:
        if len(tokens.capitals) > _MAX_CAPITALS * len(tokens):
            continue
        for at in tokens.capitals:
            token = tokens[at]
            fold = token.fold
            if fold in found or token.numeric or len(fold) < 2:
                continue
            if token.upper or not (
                token.initial
                or fold in english.STOP_WORDS
                or (fold in english.CALENDAR and date_of(tokens, at) is not None)
            ):
                found.add(fold)
    return found


def _derived(vocabulary: set[str]) -> dict[str, str]:
    """Derived names to their base, where the document names the base or a sister form.

    A base that is itself a name of the document wins; else two forms meet in
    the likeliest base that they share (Marxist and Marxism in "marx").
    """
    sisters: dict[str, int] = {}
    bases = {word: forms for word in vocabulary if (forms := base_forms(word))}
    for forms in bases.values():
        for form in forms:
            sisters[form] = sisters.get(form, 0) + 1
    found: dict[str, str] = {}
    for word, forms in sorted(bases.items()):
        named = [form for form in forms if form in vocabulary]
        shared = [form for form in forms if sisters[form] > 1]
        if named or shared:
            found[word] = (named or shared)[0]
    return found


def _introductions(tokens: Tokens) -> Iterable[tuple[Words, str]]:
    """Long forms and the abbreviation in brackets behind them."""
    for at in tokens.upper:
        token = tokens[at]
        if token.opens and token.breaks and len(token.fold) <= LONGEST_ABBREVIATION:
            long_form = _long_form(tokens[max(0, at - _LONGEST_NAME) : at], token.fold)
            if long_form:
                yield long_form, token.fold


def _long_form(before: Sequence[Token], short: str) -> Words:
    """The longest run of a name in front of an abbreviation that spells it.

    Every capitalised word must give its first letter, in order, and the first
    one must give the first: "Radio Liberty (RFERL)" passes, the dateline "NEW YORK
    (AP)" does not.
    """
    start = len(before)
    best: Words = ()
    while start:
        token = before[start - 1]
        if token.breaks or not (token.capital or token.fold in _CONNECTING):
            break
        start -= 1
        run = before[start:]
        letters = [part.fold[0] for part in run if part.capital]
        if token.capital and len(letters) > 1 and _spells(letters, short):
            best = tuple([part.fold for part in run])
    return best


def _spells(letters: Sequence[str], short: str) -> bool:
    """Whether the letters stand in the abbreviation in order, from its first one on."""
    if letters[0] != short[0]:
        return False
    rest = iter(short)
    return all(letter in rest for letter in letters)
