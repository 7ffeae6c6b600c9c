"""The terms of a block's paragraphs, read once for all that looks for restatements."""

from __future__ import annotations

from typing import NamedTuple

from transforms.block import Block
from transforms.fingerprints import kept_paragraphs
from transforms.settings import RestatementSettings
from transforms.terms import Terms, document_terms


class BlockTerms(NamedTuple):
    """The paragraphs of a block that the judge keeps, in documents whose language has a stemmer."""

    documents: list[int]
    """The position of each one's document in the block."""
    indices: list[int]
    """The index of each in its document."""
    terms: list[Terms]


def block_terms(block: Block, settings: RestatementSettings, fewest: int = 2) -> BlockTerms:
    """The terms of a block's paragraphs.

    Args:
        fewest: a document with fewer paragraphs is left out; inside one that has a single
            paragraph there is nothing to compare.
    """
    found = BlockTerms([], [], [])
    for position, document in enumerate(block.documents):
        kept = kept_paragraphs(document)
        if len(kept) < fewest:
            continue
        terms = document_terms(
            [document.text_of(paragraph) for paragraph, _ in kept], document.language, settings
        )
        if terms is not None:
            found.documents.extend([position] * len(kept))
            found.indices.extend(paragraph.index for paragraph, _ in kept)
            found.terms.extend(terms)
    return found
