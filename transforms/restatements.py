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
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import msgspec

from transforms.document import Evidence
from transforms.restatement_features import Reading
from transforms.restatement_model import NO_POINTS, load_scorer
from transforms.settings import RestatementSettings
from transforms.shingles import SCORE_DECIMALS
from transforms.terms import ENGLISH, Terms
from transforms.vetoes import captions, lists, missing_names, restatement_vetoes

_STRONGEST: Final = 3
"""Features that are named as evidence, with the points that they add."""
_LANGUAGE: Final = "language"
"""Why nothing goes as a restatement in languages other than English."""
_CACHED_READINGS: Final = 128
"""Paragraphs that the scorer remembers: more than an article has, so each is read once."""


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


def compare(earlier: Terms, later: Terms, settings: RestatementSettings) -> Comparison:
    """Compare two paragraphs of one document exactly: may the later one go?"""
    common = len(earlier.content & later.content)
    jaccard = _ratio(common, len(earlier.content) + len(later.content) - common)
    containment = _ratio(common, len(later.content))
    wording = _ratio(len(earlier.wording & later.wording), len(later.wording))
    names = later.names & earlier.names
    numbers = later.numbers & earlier.numbers
    bars = {
        "min_jaccard": jaccard >= settings.min_jaccard,
        "min_wording": wording >= settings.min_wording,
        "min_shared_content": len(earlier.wording & later.wording) + len(names | numbers)
        >= settings.min_shared_content,
        "min_shared_facts": shared_facts(earlier, later) >= settings.min_shared_facts,
    }
    comparable = (
        containment >= settings.min_containment
        and min(map(_size, (earlier, later))) >= settings.min_stems
        and not lists(later, earlier)
        and not captions(later, earlier)
    )
    points: int | None = None
    strongest: list[tuple[str, int]] = []
    vetoes: tuple[str, ...] = ()
    if later.language != ENGLISH:
        bars["min_jaccard"] = jaccard >= settings.other_min_jaccard
        # Where a language does not write names with capitals, there are only numbers.
        bars["min_shared_facts"] |= not (earlier.names or later.names)
        verified = comparable and all(bars.values()) and not restatement_vetoes(later, earlier)
        vetoes = (_LANGUAGE,) if verified else ()
    else:
        points = _points(earlier, later) if comparable else NO_POINTS
        bars["drop_points"] = points >= settings.drop_points
        verified = points >= settings.mark_points
        if verified:
            strongest = load_scorer().strongest(_read(earlier), _read(later), _STRONGEST)
            vetoes = restatement_vetoes(later, earlier)
    below = tuple(name for name, passed in bars.items() if not passed)
    return Comparison(
        jaccard=jaccard,
        containment=containment,
        wording=wording,
        shared=tuple(sorted(names | numbers)),
        missing=tuple(sorted(missing_names(later, earlier) | (later.numbers - earlier.numbers))),
        points=points,
        strongest=tuple(f"{name} {added:+d}" for name, added in strongest),
        below=below,
        vetoes=vetoes,
        verified=verified,
        permitted=verified and not below and not vetoes,
    )


def _points(earlier: Terms, later: Terms) -> int:
    return int(load_scorer().score([(_read(earlier), _read(later))])[0])


@lru_cache(maxsize=_CACHED_READINGS)
def _read(terms: Terms) -> Reading:
    return load_scorer().read(terms)


def shared_facts(earlier: Terms, later: Terms) -> int:
    """How many mentions, numbers and dates of the later paragraph the earlier one has."""
    known = earlier.known | earlier.facts.words
    return sum(mention <= known for mention in later.mentions) + len(
        earlier.numbers & later.numbers
    )


def comparison_evidence(comparison: Comparison) -> Evidence:
    """What a restatement verdict rests on besides Jaccard and containment."""
    return {
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
    compared = (
        (earlier, later, compare(terms[earlier], terms[later], settings))
        for (earlier, later), shared in sorted(common.items())
        if _ratio(shared, len(terms[later].content)) >= settings.min_containment
    )
    return [pair for pair in compared if pair[2].verified]


def _size(terms: Terms) -> int:
    return len(terms.wording) + len(terms.names)


def _ratio(part: int, whole: int) -> float:
    return round(part / whole, SCORE_DECIMALS) if whole else 1.0
