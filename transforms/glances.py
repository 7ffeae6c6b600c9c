"""A glance at one paragraph: what is true of it whatever its document says, read off its tokens.

It spares reading documents (:mod:`transforms.terms`) of which no paragraph could be marked.
"""

from __future__ import annotations

from typing import NamedTuple

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


def glance(text: str, settings: RestatementSettings) -> Glance:
    """What one paragraph tells at a glance."""
    tokens = tokens_of(text)
    apart = is_table(tokens, settings) or is_list_item(text) or is_caption(text)
    return Glance(apart, frozenset() if apart else claimed_numbers(tokens, text))
