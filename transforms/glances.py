"""A glance at one paragraph: what is true of it whatever its document says, read off its tokens.

It spares reading documents (:mod:`transforms.terms`) of which no paragraph could be marked.
"""

from __future__ import annotations

from typing import NamedTuple

from transforms.english import STOP_WORDS
from transforms.facts import claimed_numbers
from transforms.settings import RestatementSettings
from transforms.terms import is_caption, is_list_item, is_table, runs_on
from transforms.tokens import Tokens, tokens_of


class Glance(NamedTuple):
    """One paragraph, read alone."""

    apart: bool
    """It is a caption, a table or a list item: then it restates nothing."""
    numbers: frozenset[str]
    """Its numbers and dates."""
    words: frozenset[str]
    """Its folded words."""
    runs: tuple[frozenset[str], ...]
    """Those with a capital that follow on each other, function words aside: its names are parts
    of them."""

    def most_shared_facts(self, other: Glance) -> int:
        """As many names, numbers and dates as another paragraph may have of this one's.

        A run of capitals is one name, and two or more only where a word between them is none.
        Not counted is a name that one of the two writes out and the other abbreviates.
        """
        names = sum([min(len(run & other.words), (len(run) + 1) // 2) for run in self.runs])
        return names + len(self.numbers & other.numbers)


def glance(text: str, settings: RestatementSettings) -> Glance:
    """What one paragraph tells at a glance."""
    tokens = tokens_of(text)
    apart = is_table(tokens, settings) or is_list_item(text) or is_caption(text)
    if apart:
        return Glance(apart, frozenset(), frozenset(), ())
    return Glance(
        apart,
        claimed_numbers(tokens, text),
        frozenset([token.fold for token in tokens]),
        capital_runs(tokens),
    )


def capital_runs(tokens: Tokens) -> tuple[frozenset[str], ...]:
    """The words with a capital in runs, cut where :mod:`transforms.terms` would end a name."""
    folds = [token.fold for token in tokens]
    runs: list[list[str]] = [[]]
    after = 0
    for at in tokens.capitals:
        if tokens[at].upper or folds[at] not in STOP_WORDS:
            if tokens[at].opens or (at > after and not runs_on(tokens, folds, after, at)):
                runs.append([])
            runs[-1].append(folds[at])
            if tokens[at].breaks:
                runs.append([])
            after = at + 1
    return tuple({frozenset(run): None for run in runs if run})
