"""What a duplicate and the paragraph that stands for it share, in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from transforms.document import Evidence
from transforms.facts import Facts, facts_of
from transforms.folding import words

_MOST_WORDS: Final = 12
"""How many words a list in the evidence shows; its count is always given."""


def duplicate_evidence(removed: str, kept: str) -> Evidence:
    """The words that two paragraphs share and those that only one has.

    >>> duplicate_evidence("It fell on Monday.", "It fell on Monday, he said.")
    {'shared_words': 4, 'only_removed': [], 'only_kept': ['he', 'said']}
    """
    gone = words(removed)
    here = set(gone)
    if removed == kept:  # as most are
        return {"shared_words": len(here), "only_removed": [], "only_kept": []}
    stays = words(kept)
    there = set(stays)
    return {
        "shared_words": len(here & there),
        "only_removed": _first(word for word in gone if word not in there),
        "only_kept": _first(word for word in stays if word not in here),
    }


def near_duplicate_evidence(removed: str, kept: str) -> Evidence:
    """The same, and the names, numbers and dates that both have, or that the kept one lacks.

    What begins a sentence counts as a name where either text has it as one in mid-sentence.

    >>> found = near_duplicate_evidence("Then Acme lost 5 staff.", "Then Acme lost 5 people.")
    >>> found["shared"], found["missing"]
    (['5', 'acme'], [])
    """
    one, other = facts_of(removed), facts_of(kept)
    capitals = one.names | one.openers
    names = (one.names | other.names) & capitals & (other.names | other.openers)
    return {
        **duplicate_evidence(removed, kept),
        "shared": sorted(names | _exact(one) & _exact(other)),
        "missing": sorted((capitals - other.words) | (_exact(one) - _exact(other))),
    }


def _exact(facts: Facts) -> frozenset[str]:
    return facts.dates.union(facts.numbers)


def _first(some: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(some))[:_MOST_WORDS]
