"""A glance at one paragraph: what is true of it whatever its document says, read off its tokens.

It spares reading documents (:mod:`transforms.terms`) of which no paragraph could be marked.
"""

from __future__ import annotations

from typing import NamedTuple

from transforms.english import STOP_WORDS
from transforms.facts import claimed_numbers
from transforms.settings import RestatementSettings
from transforms.terms import is_caption, is_list_item, is_table
from transforms.tokens import tokens_of


class Glance(NamedTuple):
    """One paragraph, read alone."""

    apart: bool
    """It is a caption, a table or a list item: then it restates nothing."""
    numbers: frozenset[str]
    """Its numbers and dates."""
    words: frozenset[str]
    """Its folded words."""
    capitals: frozenset[str]
    """Those with a capital, function words aside: every name is among them."""

    def most_shared_facts(self, other: Glance) -> int:
        """As many names, numbers and dates as another paragraph may have of this one's.

        Not counted is a name that one of the two writes out and the other abbreviates.
        """
        return len(self.capitals & other.words) + len(self.numbers & other.numbers)


def glance(text: str, settings: RestatementSettings) -> Glance:
    """What one paragraph tells at a glance."""
    tokens = tokens_of(text)
    apart = is_table(tokens, settings) or is_list_item(text) or is_caption(text)
    if apart:
        return Glance(apart, frozenset(), frozenset(), frozenset())
    return Glance(
        apart,
        claimed_numbers(tokens, text),
        frozenset([token.fold for token in tokens]),
        frozenset([tokens[at].fold for at in tokens.capitals]) - STOP_WORDS,
    )
