"""Which of the likely paragraphs tells the same first, reading as few documents as may be.

What a paragraph says is known when its document is read (:mod:`transforms.terms`), and pairs that
are likely by chance grow with the square of the corpus.  So what can be said without reading is
asked before: first of both paragraphs alone, then of the better one with the worse one read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.arrays import distinct
from transforms.deciding import KeptParagraph
from transforms.document import Document
from transforms.fingerprints import block_of, pack, rank_of, row_of
from transforms.glances import Glance, Possible, glance, letters_of
from transforms.ranking import Rank
from transforms.restated_across import retold_pairs, same_words
from transforms.restatements import Comparison, shares_enough
from transforms.restating import terms_of
from transforms.settings import Settings
from transforms.staging import StagedBlock, read_documents, read_fingerprints
from transforms.terms import ENGLISH, Terms

_MOST_COMPARED: Final = 64
"""Paragraphs with which one is compared, best rank first, until one tells the same."""


def first_retold(
    better: Mapping[int, Sequence[int]], places: Places, settings: Settings
) -> dict[int, tuple[int, Comparison]]:
    """The first paragraph that tells the same as each, with the comparison.

    In each round one more is compared for all that have none yet: the scorer is quickest with
    many pairs at once.

    Args:
        better: the keys of those of better rank, by the key of what may be told again.
    """
    waiting = {
        told: islice(_alike(told, better[told], places, settings), _MOST_COMPARED)
        for told in sorted(better)
    }
    found: dict[int, tuple[int, Comparison]] = {}
    while waiting:
        pairs: list[tuple[Terms, Terms]] = []
        asked: list[tuple[int, int]] = []
        for told, rest in list(waiting.items()):
            following = next(rest, None)
            if following is None:
                del waiting[told]
            else:
                kept, terms, worse = following
                asked.append((told, kept))
                pairs.append((terms, worse))
        for (told, kept), comparison in zip(asked, retold_pairs(pairs, settings), strict=True):
            if comparison is not None:
                found[told] = kept, comparison
                del waiting[told]
    return found


def _alike(
    told: int, better: Sequence[int], places: Places, settings: Settings
) -> Iterator[tuple[int, Terms, Terms]]:
    """The paragraphs worth comparing with one, by rank, with the terms of both."""
    own = places.glance(told)
    if own.apart:
        return
    restatements, near = settings.restatements, settings.near_duplicates
    for kept in sorted(better, key=places.order.__getitem__):
        seen = places.glance(kept)
        if seen.apart or not own.numbers <= seen.numbers:
            continue
        english = places.are_english(told, kept)
        if english and own.most_shared_facts(seen) < restatements.min_shared_facts:
            continue
        if own.may_be_copy(seen, near) and same_words(places.text(kept), places.text(told), near):
            continue
        worse = places.terms(told)
        if worse is None:
            return
        if english and not places.possible(kept).shares_enough(worse, restatements):
            continue
        terms = places.terms(kept)
        if terms and shares_enough(terms, worse, restatements):
            yield kept, terms, worse


class Places:
    """The paragraphs of some pairs: what they say, how they are named, which comes first."""

    def __init__(
        self, keys: NDArray[np.int64], blocks: Mapping[int, StagedBlock], settings: Settings
    ) -> None:
        self._settings = settings.restatements
        self._documents: dict[int, Document] = {}
        self._glances: dict[int, Glance] = {}
        self._letters: dict[int, str | None] = {}
        self._possible: dict[int, Possible] = {}
        self._wanted: dict[int, dict[int, int]] = defaultdict(dict)
        self._terms: dict[int, Terms | None] = {}
        self.named: dict[int, KeptParagraph] = {}
        self.order: dict[int, tuple[Rank, int]] = {}
        for block in distinct(block_of(keys)).tolist():
            prints = read_fingerprints(blocks, block)
            own = keys[block_of(keys) == block]
            documents = read_documents(
                blocks[block], distinct(prints.document[row_of(own)]).tolist()
            )
            for key in own.tolist():
                row = row_of(key)
                position, paragraph = int(prints.document[row]), int(prints.index[row])
                self._documents[pack(block, position)] = documents[position]
                self._wanted[pack(block, position)][paragraph] = key
                self.order[key] = rank_of(prints.documents[position], settings.decide), paragraph
                self.named[key] = KeptParagraph(
                    document=prints.documents[position].id,
                    paragraph=paragraph,
                    start=int(prints.start[row]),
                    end=int(prints.end[row]),
                    block=block,
                    position=position,
                )

    def glance(self, key: int) -> Glance:
        """What a paragraph tells alone."""
        if key not in self._glances:
            self._glances[key] = glance(self.text(key), self._settings)
        return self._glances[key]

    def possible(self, key: int) -> Possible:
        """The most that a paragraph may say; its document is not read."""
        if key not in self._possible:
            document = self._number(key)
            if document not in self._letters:  # as long as it, so once for all its paragraphs
                self._letters[document] = letters_of(self._documents[document].text)
            self._possible[key] = Possible(self.glance(key), self._letters[document])
        return self._possible[key]

    def text(self, key: int) -> str:
        """A paragraph."""
        place = self.named[key]
        return self._document(key).text[place.start : place.end]

    def are_english(self, *keys: int) -> bool:
        """Whether paragraphs are of documents that are said or found to be in English."""
        return all(self._document(key).language == ENGLISH for key in keys)

    def terms(self, key: int) -> Terms | None:
        """What a paragraph says; its document is read when it is asked for first."""
        if key not in self._terms:
            document = self._number(key)
            wanted = self._wanted.pop(document)
            seen = {index: self._glances.get(each) for index, each in wanted.items()}
            found = terms_of(self._documents[document], seen, self._settings)
            self._terms |= dict.fromkeys(wanted.values())
            self._terms |= zip(wanted.values(), found, strict=False)
        return self._terms[key]

    def _document(self, key: int) -> Document:
        return self._documents[self._number(key)]

    def _number(self, key: int) -> int:
        """The key of the document of a paragraph."""
        place = self.named[key]
        return pack(place.block, place.position)
