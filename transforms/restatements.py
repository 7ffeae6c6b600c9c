"""Restatements: the same facts in other words, later in the same document.

Two paragraphs are compared as sets of content (:mod:`transforms.terms`).
Without word order such sets also match claims that differ, so a pair must
pass two judges.  A learned scorer (:mod:`transforms.restatement_model`) says
how much speaks for the two telling the same: enough of it marks the later one.
The later one goes only if the two also share enough of everything (content at
large, plain wording, facts) and :mod:`transforms.vetoes` forbids nothing.  The
scores are directed: a later paragraph may go if the earlier one holds what it
says, not the other way.

In languages other than English there is neither scorer nor list of opposites: a
pair that shares enough and that no veto forbids is marked, and nothing goes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple

import msgspec

from transforms.document import Evidence
from transforms.restatement_features import Reading
from transforms.restatement_model import NO_SCORE, Score, is_close, load_scorer
from transforms.settings import RestatementSettings
from transforms.shingles import SCORE_DECIMALS
from transforms.terms import ENGLISH, Terms
from transforms.vetoes import captions, lists, missing_names, restatement_vetoes

_LANGUAGE: Final = "language"
"""Why nothing goes as a restatement in languages other than English."""
_PAIRS_AT_ONCE: Final = 1_024
_READINGS_AT_ONCE: Final = 4_096
"""Paragraphs that are remembered between two batches of pairs: both bound the memory of a long
document, and an article's paragraphs are read once."""


class Comparison(msgspec.Struct, frozen=True):
    """What comparing two paragraphs of one document gave."""

    jaccard: float
    """Of the content sets."""
    containment: float
    """Share of the later content that the earlier one has."""
    wording: float
    """The same share without names, numbers and dates; 1 where the later one has nothing else."""
    shared: tuple[str, ...]
    """Names, numbers and dates that both have."""
    missing: tuple[str, ...]
    """Those of the later paragraph that the earlier one lacks."""
    points: int | None
    """What the learned scorer gives, in tenths of a unit of log-odds; it knows English only."""
    strongest: tuple[str, ...]
    """The features that moved it most, with the points that they add."""
    below: tuple[str, ...]
    """The scores that do not pass the bar of a removal, by their settings."""
    vetoes: tuple[str, ...]
    """What forbids the removal of a verified pair; see :mod:`transforms.vetoes`."""
    verified: bool
    """The two are restatements: enough for a mark."""
    permitted: bool
    """They are, no score is below the bar of a removal, and nothing forbids it."""


class _Measure(NamedTuple):
    """What counting alone says of a pair."""

    jaccard: float
    containment: float
    wording: float
    names: frozenset[str]
    numbers: frozenset[str]
    """What both have."""
    bars: dict[str, bool]
    """The bars of a removal that count something, and whether the pair passes."""
    comparable: bool


def compare(earlier: Terms, later: Terms, settings: RestatementSettings) -> Comparison:
    """Compare two paragraphs of one document exactly: may the later one go?"""
    (comparison,) = compare_pairs((earlier, later), [(0, 1)], settings)
    return comparison


def compare_pairs(
    terms: Sequence[Terms], pairs: Iterable[tuple[int, int]], settings: RestatementSettings
) -> Iterator[Comparison]:
    """:func:`compare` for many pairs, with the same results.

    Args:
        terms: paragraphs.
        pairs: positions of the earlier and the later one; pairs with the same
            earlier one are quickest next to each other.
    """
    scorer = load_scorer()
    known: dict[int, Reading] = {}

    def read(position: int) -> Reading:
        if position not in known:
            known[position] = scorer.read(terms[position])
        return known[position]

    rest = iter(pairs)
    while batch := list(islice(rest, _PAIRS_AT_ONCE)):
        if len(known) > _READINGS_AT_ONCE:
            known.clear()
        measured = [_measure(terms[one], terms[other], settings) for one, other in batch]
        scored = [
            at
            for at, (one, other) in enumerate(batch)
            if measured[at].comparable
            and terms[other].language == ENGLISH
            and is_close(terms[one], terms[other])
        ]
        readings = [(read(batch[at][0]), read(batch[at][1])) for at in scored]
        scores = dict(zip(scored, scorer.weigh(readings, settings.mark_points), strict=True))
        for at, ((one, other), measure) in enumerate(zip(batch, measured, strict=True)):
            yield _conclude(terms[one], terms[other], measure, scores.get(at, NO_SCORE), settings)


def _measure(earlier: Terms, later: Terms, settings: RestatementSettings) -> _Measure:
    common = len(earlier.content & later.content)
    jaccard = ratio(common, len(earlier.content) + len(later.content) - common)
    containment = ratio(common, len(later.content))
    alike = len(earlier.wording & later.wording)
    wording = ratio(alike, len(later.wording))
    names = later.names & earlier.names
    numbers = later.numbers & earlier.numbers
    english = later.language == ENGLISH
    least = settings.min_jaccard if english else settings.other_min_jaccard
    return _Measure(
        jaccard=jaccard,
        containment=containment,
        wording=wording,
        names=names,
        numbers=numbers,
        bars={
            "min_jaccard": jaccard >= least,
            "min_wording": wording >= settings.min_wording,
            "min_shared_content": alike + len(names | numbers) >= settings.min_shared_content,
            # Where a language does not write names with capitals, there are only numbers.
            "min_shared_facts": shared_facts(earlier, later) >= settings.min_shared_facts
            or not (english or earlier.names or later.names),
        },
        comparable=containment >= settings.min_containment
        and min(size(earlier), size(later)) >= settings.min_stems
        and not lists(later, earlier)
        and not captions(later, earlier),
    )


def _conclude(
    earlier: Terms, later: Terms, measure: _Measure, score: Score, settings: RestatementSettings
) -> Comparison:
    bars = measure.bars
    points: int | None = None
    vetoes: tuple[str, ...] = ()
    if later.language != ENGLISH:
        passes = measure.comparable and all(bars.values())
        verified = passes and not restatement_vetoes(later, earlier)
        vetoes = (_LANGUAGE,) if verified else ()
    else:
        points = score.points
        bars = bars | {"drop_points": points >= settings.drop_points}
        verified = points >= settings.mark_points
        if verified:
            vetoes = restatement_vetoes(later, earlier)
    below = tuple(name for name, passed in bars.items() if not passed)
    return Comparison(
        jaccard=measure.jaccard,
        containment=measure.containment,
        wording=measure.wording,
        shared=tuple(sorted(measure.names | measure.numbers)),
        missing=tuple(sorted(missing_names(later, earlier) | (later.numbers - earlier.numbers))),
        points=points,
        strongest=tuple(f"{name} {added:+d}" for name, added in score.strongest),
        below=below,
        vetoes=vetoes,
        verified=verified,
        permitted=verified and not below and not vetoes,
    )


def shares_enough(earlier: Terms, later: Terms, settings: RestatementSettings) -> bool:
    """Whether a pair passes the bars of a removal that count something; no scorer is asked."""
    measure = _measure(earlier, later, settings)
    return measure.comparable and all(measure.bars.values())


def shared_facts(earlier: Terms, later: Terms) -> int:
    """How many mentions, numbers and dates of the later paragraph the earlier one has."""
    known = earlier.known | earlier.facts.words
    return sum(mention <= known for mention in later.mentions) + len(
        earlier.numbers & later.numbers
    )


def restatement_evidence(comparison: Comparison, own_copy: int | None = None) -> Evidence:
    """What a restatement verdict rests on besides Jaccard and containment.

    Args:
        own_copy: the index of the paragraph of its own document that was compared, where that went
            as a copy of the kept one.
    """
    copy: Evidence = {} if own_copy is None else {"own_copy": own_copy}
    return {
        **copy,
        "points": comparison.points,
        "strongest": list(comparison.strongest),
        "wording": comparison.wording,
        "shared": list(comparison.shared),
        "missing": list(comparison.missing),
        "below": list(comparison.below),
        "vetoes": list(comparison.vetoes),
    }


def all_pairs(
    terms: Sequence[Terms], settings: RestatementSettings
) -> list[tuple[int, int, Comparison]]:
    """Every verified pair of a document, by comparing all: the oracle for what LSH proposes.

    Returns:
        Position of the earlier and the later paragraph and their comparison,
        in the order of the positions.
    """
    holders: dict[str, list[int]] = defaultdict(list)
    common: Counter[tuple[int, int]] = Counter()
    for later, each in enumerate(terms):
        for term in each.content:
            common.update([(earlier, later) for earlier in holders[term]])
            holders[term].append(later)
    pairs = [
        pair
        for pair, shared in sorted(common.items())
        if ratio(shared, len(terms[pair[1]].content)) >= settings.min_containment
    ]
    return [
        (*pair, found)
        for pair, found in zip(pairs, compare_pairs(terms, pairs, settings), strict=True)
        if found.verified
    ]


def size(terms: Terms) -> int:
    """How much a paragraph says: its stems and names."""
    return len(terms.wording) + len(terms.names)


def ratio(part: int, whole: int) -> float:
    """A share as it is compared with a bar; all of nothing is 1."""
    return round(part / whole, SCORE_DECIMALS) if whole else 1.0
