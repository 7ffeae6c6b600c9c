"""What speaks for two paragraphs saying the same: named whole numbers, learned from.

Every feature is symmetric (which paragraph may go is decided elsewhere), a
count or a share in thousandths, and -1 where there is nothing to share.  A
larger overlap speaks for a restatement; what only one of the two has (names,
numbers, a future, an opposite) speaks against it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise
from typing import Final, NamedTuple

from transforms.folding import words
from transforms.hints import Hints, hints_of, pronouns_clash, turns_direction
from transforms.stems import stem
from transforms.terms import Terms
from transforms.vetoes import adds, counts_otherwise, missing_names, turns_round

_WHOLE: Final = 1000
"""Shares are in thousandths, rounded down."""
_NOTHING: Final = -1

_SKIP: Final = 3
"""Content words that may be this far apart and still make a pair: word order that has changed."""
_LEAD: Final = 4
"""Content words that a paragraph opens with: who does what."""
_PREFIX: Final = 4
"""Letters that two forms of one word share where their stems differ (defence, defended)."""
_THIRD: Final = 2
_PLURAL: Final = "s"

_OVERLAPS: Final = (
    "stems",
    "content",
    "wording",
    "names",
    "numbers",
    "pairs",
    "skips",
    "word pairs",
)
FEATURES: Final = (
    *(f"{of} {kind}" for of in _OVERLAPS for kind in ("shared", "jaccard", "max", "min")),
    *("rare shared", "rare jaccard", "rare max", "rare min"),
    *("rarest shared", "third rarest shared", "rare only min", "rare only max"),
    *("terms only min", "terms only max"),
    *("prefixes shared", "prefixes jaccard", "prefixes max"),
    *("sequence", "sequence max", "sequence min", "sequence order"),
    *("lead shared", "lead only min", "lead only max", "first shared", "last shared", "spread"),
    *("forms shared", "forms only", "plurals only"),
    *("names only min", "names only max", "missing names min", "missing names max", "names clash"),
    *("mentions shared", "wording only min", "wording only max", "wording clash"),
    *("numbers only min", "numbers only max", "amounts only", "dates shared", "dates clash"),
    *("denials only", "opposites only", "poles shared", "in and out only", "out only"),
    *("modals only", "modal only", "again only", "pronouns clash", "additions only"),
    *("longest quotation", "words min", "words max", "length", "function words jaccard"),
)
"""The names, in the order of :func:`pair_features`."""

RISING: Final = frozenset(
    f"{of} {kind}"
    for of in (*_OVERLAPS, "rare", "prefixes", "sequence", "forms", "lead")
    for kind in ("shared", "jaccard", "max", "min")
)
"""Features of which more never speaks against a restatement."""
FALLING: Final = frozenset(
    name for name in FEATURES if " only" in name or "missing" in name or "clash" in name
)
"""Features of which more never speaks for one."""


class Reading(NamedTuple):
    """One paragraph, ready to be compared with many."""

    terms: Terms
    sets: tuple[AbstractSet[object], ...]
    """What the overlaps are of, in the order of their names."""
    all_terms: frozenset[str]
    """Stems, names and numbers."""
    rarity: Mapping[str, int]
    """The same with how rare each is."""
    rarity_sum: int
    places: Mapping[str, int]
    """Content word to the bits of its places: what the longest common subsequence asks for."""
    lead: frozenset[str]
    forms: Mapping[str, tuple[str, ...]]
    """Stem to the words that it stands for here."""
    mentioned: frozenset[str]
    """Stems of all words, function words included."""
    hints: Hints


def read_paragraph(terms: Terms, rarity_of: Callable[[str], int]) -> Reading:
    """A paragraph as the features see it.

    Args:
        terms: the paragraph, read as part of its document.
        rarity_of: how rare a stem, name or number is.
    """
    order = terms.order
    sequence = list(map(stem, words(terms.text)))
    every = frozenset(order) | terms.numbers
    rarity = {term: rarity_of(term) for term in every}
    places: dict[str, int] = {}
    for place, term in enumerate(order):
        places[term] = places.get(term, 0) | 1 << place
    forms: dict[str, tuple[str, ...]] = {}
    for word in terms.facts.words:
        if (key := stem(word)) in terms.wording:
            forms[key] = (*forms.get(key, ()), word)
    skips = {
        (one, other) if one < other else (other, one)
        for distance in range(1, _SKIP + 1)
        for one, other in zip(order, order[distance:], strict=False)
        if one != other
    }
    mentioned = frozenset(sequence)
    return Reading(
        terms=terms,
        sets=(
            mentioned,
            terms.content,
            terms.wording,
            terms.names,
            terms.numbers,
            frozenset(pairwise(order)),
            skips,
            frozenset(pairwise(sequence)),
        ),
        all_terms=every,
        rarity=rarity,
        rarity_sum=sum(rarity.values()),
        places=places,
        lead=frozenset(order[:_LEAD]),
        forms=forms,
        mentioned=mentioned,
        hints=hints_of(terms.facts.words, mentioned),
    )


def pair_features(one: Reading, other: Reading) -> list[int]:
    """The features of a pair, the same whichever comes first."""
    return [
        *_overlaps(one, other),
        *_rarities(one, other),
        *_sequences(one, other),
        *_forms(one, other),
        *_names(one, other),
        *_claims(one.terms, other.terms),
        *_hints(one, other),
        *_sizes(one, other),
    ]


def _overlaps(one: Reading, other: Reading) -> list[int]:
    found: list[int] = []
    for mine, theirs in zip(one.sets, other.sets, strict=True):
        shared = len(mine & theirs)
        least, most = _sorted(len(mine), len(theirs))
        found += (
            shared,
            _share(shared, least + most - shared),
            _share(shared, least),
            _share(shared, most),
        )
    return found


def _rarities(one: Reading, other: Reading) -> list[int]:
    """How much the rarer terms agree, and the same with other forms of a word as shared."""
    shared = one.all_terms & other.all_terms
    rarities = sorted([one.rarity[term] for term in shared], reverse=True)
    common = sum(rarities)
    least, most = _sorted(one.rarity_sum, other.rarity_sum)
    mine, theirs = one.all_terms - shared, other.all_terms - shared
    alike = _alike_beginnings(mine, theirs)
    few, many = _sorted(len(one.all_terms), len(other.all_terms))
    return [
        common,
        _share(common, least + most - common),
        _share(common, least),
        _share(common, most),
        rarities[0] if rarities else 0,
        rarities[_THIRD] if len(rarities) > _THIRD else 0,
        *_sorted(one.rarity_sum - common, other.rarity_sum - common),
        *_sorted(len(mine), len(theirs)),
        alike,
        _share(len(shared) + alike, few + many - len(shared) - alike),
        _share(len(shared) + alike, few),
    ]


def _alike_beginnings(mine: AbstractSet[str], theirs: AbstractSet[str]) -> int:
    """How many terms of one may be paired with one of the other that begins alike."""
    begun: dict[str, int] = {}
    for term in mine:
        if len(term) >= _PREFIX:
            begun[term[:_PREFIX]] = begun.get(term[:_PREFIX], 0) + 1
    alike = 0
    for term in theirs:
        if left := begun.get(term[:_PREFIX], 0):
            begun[term[:_PREFIX]] = left - 1
            alike += 1
    return alike


def _sequences(one: Reading, other: Reading) -> list[int]:
    """How far the content words that agree stand in one order, and where."""
    mine, theirs = one.terms.order, other.terms.order
    length = longest_common(one.places, len(mine), theirs)
    least, most = _sorted(len(mine), len(theirs))
    shared = len(one.all_terms & other.all_terms)
    return [
        length,
        _share(length, least),
        _share(length, most),
        _share(length, shared),
        len(one.lead & other.lead),
        *_sorted(len(one.lead - other.all_terms), len(other.lead - one.all_terms)),
        int(mine[:1] == theirs[:1] != ()),
        int(mine[-1:] == theirs[-1:] != ()),
        min(_spread(mine, other.all_terms), _spread(theirs, one.all_terms)),
    ]


def longest_common(places: Mapping[str, int], length: int, other: Sequence[str]) -> int:
    """Length of the longest common subsequence, in one whole number for a row of its table.

    Bit-parallel (Hyyrö 2004): a step for each word of the other sequence.

    Args:
        places: each word of one sequence with the bits of its places.
        length: words in that sequence.

    >>> longest_common({"a": 0b101, "b": 0b010}, 3, ["a", "a", "b"])
    2
    """
    every = (1 << length) - 1
    row = every
    for word in other:
        met = row & places.get(word, 0)
        row = ((row + met) | (row - met)) & every
    return length - row.bit_count()


def _spread(order: Sequence[str], known: AbstractSet[str]) -> int:
    """How densely the known words stand between the first and the last of them."""
    at = [place for place, term in enumerate(order) if term in known]
    return _share(len(at), at[-1] - at[0] + 1) if at else _NOTHING


def _forms(one: Reading, other: Reading) -> list[int]:
    """Whether shared stems stand there in one form: a climber fell, climbers fell."""
    same = differ = plurals = 0
    for key in one.forms.keys() & other.forms.keys():
        mine, theirs = one.forms[key], other.forms[key]
        if any(word in theirs for word in mine):
            same += 1
            continue
        differ += 1
        plurals += any(word + _PLURAL in theirs for word in mine) or any(
            word + _PLURAL in mine for word in theirs
        )
    return [same, differ, plurals]


def _names(one: Reading, other: Reading) -> list[int]:
    mine, theirs = one.terms, other.terms
    lacks = _sorted(len(mine.names - theirs.known), len(theirs.names - mine.known))
    shared = len(mine.names & theirs.names)
    words_only = _sorted(len(mine.wording - theirs.wording), len(theirs.wording - mine.wording))
    return [
        *lacks,
        *_sorted(len(missing_names(mine, theirs)), len(missing_names(theirs, mine))),
        _share(lacks[0], lacks[0] + shared),
        len(mine.mentions & theirs.mentions),
        *words_only,
        _share(words_only[0], words_only[0] + len(mine.wording & theirs.wording)),
    ]


def _claims(one: Terms, other: Terms) -> list[int]:
    mine, theirs = one.facts, other.facts
    dates = len(mine.dates & theirs.dates)
    return [
        *_sorted(len(one.numbers - other.numbers), len(other.numbers - one.numbers)),
        counts_otherwise(mine, theirs) + counts_otherwise(theirs, mine),
        dates,
        int(bool(mine.dates and theirs.dates and not dates)),
        abs(mine.denials - theirs.denials),
        turns_round(mine, theirs) + turns_round(theirs, mine),
        len(set(mine.poles) & set(theirs.poles)),
    ]


def _hints(one: Reading, other: Reading) -> list[int]:
    mine, theirs = one.hints, other.hints
    return [
        int(turns_direction(mine, theirs)),
        int(mine.comes_out != theirs.comes_out),
        len(mine.modals ^ theirs.modals),
        int(bool(mine.modals) != bool(theirs.modals)),
        len(mine.again ^ theirs.again),
        int(pronouns_clash(mine, theirs)),
        adds(one.terms, other.terms) + adds(other.terms, one.terms),
    ]


def _sizes(one: Reading, other: Reading) -> list[int]:
    mine, theirs = one.terms.facts, other.terms.facts
    least, most = _sorted(mine.length, theirs.length)
    some, others = one.hints.function_words, other.hints.function_words
    shared = len(some & others)
    return [
        max(mine.quoted, theirs.quoted),
        least,
        most,
        _share(least, most),
        _share(shared, len(some) + len(others) - shared),
    ]


def _share(part: int, whole: int) -> int:
    return _WHOLE * part // whole if whole else _NOTHING


def _sorted(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one <= other else (other, one)
