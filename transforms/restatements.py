"""Restatements: the same facts in other words, later in the same document.

Two paragraphs are compared as sets of content (:mod:`transforms.terms`).
Without word order such sets also match claims that differ, so a pair must
share enough of everything (content at large, plain wording, facts), and
:mod:`transforms.vetoes` has the last word.  The scores are directed: a later
paragraph may go if the earlier one holds what it says, not the other way.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import msgspec

from transforms.document import Evidence
from transforms.settings import RestatementSettings
from transforms.shingles import SCORE_DECIMALS
from transforms.terms import Terms
from transforms.vetoes import missing_names, restatement_vetoes


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
    vetoes: tuple[str, ...]
    """What forbids the removal of a pair whose scores pass; see :mod:`transforms.vetoes`."""
    verified: bool
    """The scores pass."""
    permitted: bool
    """The scores pass and nothing forbids the removal."""


def compare(earlier: Terms, later: Terms, settings: RestatementSettings) -> Comparison:
    """Compare two paragraphs of one document exactly: may the later one go?"""
    common = len(earlier.content & later.content)
    jaccard = _ratio(common, len(earlier.content) + len(later.content) - common)
    containment = _ratio(common, len(later.content))
    wording = _ratio(len(earlier.wording & later.wording), len(later.wording))
    names = later.names & earlier.names
    numbers = later.numbers & earlier.numbers
    verified = (
        jaccard >= settings.min_jaccard
        and containment >= settings.min_containment
        and wording >= settings.min_wording
        and min(map(_size, (earlier, later))) >= settings.min_stems
        and len(earlier.wording & later.wording) + len(names | numbers)
        >= settings.min_shared_content
        and shared_facts(earlier, later) >= settings.min_shared_facts
    )
    vetoes = restatement_vetoes(later, earlier) if verified else ()
    return Comparison(
        jaccard=jaccard,
        containment=containment,
        wording=wording,
        shared=tuple(sorted(names | numbers)),
        missing=tuple(sorted(missing_names(later, earlier) | (later.numbers - earlier.numbers))),
        vetoes=vetoes,
        verified=verified,
        permitted=verified and not vetoes,
    )


def shared_facts(earlier: Terms, later: Terms) -> int:
    """How many mentions, numbers and dates of the later paragraph the earlier one has."""
    known = earlier.known | earlier.facts.words
    return sum(mention <= known for mention in later.mentions) + len(
        earlier.numbers & later.numbers
    )


def comparison_evidence(comparison: Comparison) -> Evidence:
    """What a restatement verdict rests on besides Jaccard and containment."""
    return {
        "wording": comparison.wording,
        "shared": list(comparison.shared),
        "missing": list(comparison.missing),
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
