"""Gather what was verified over the whole corpus into one graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.arrays import distinct
from transforms.decisions import STANDING_KINDS, AlikeDocument, Document, Edge, Graph, Node
from transforms.fingerprints import (
    IS_BODY,
    KINDS,
    Fingerprints,
    ReadFingerprints,
    block_of,
    pack,
    rank_of,
    row_of,
)
from transforms.near_copies import NO_ROWS, Alike
from transforms.settings import DecideSettings, Settings
from transforms.shingles import I64

_STANDING: Final = np.array([kind in STANDING_KINDS for kind in KINDS])


class Verified(NamedTuple):
    """All that was compared and passed."""

    copies: NDArray[np.void]
    """``PAIR`` records of exact duplicates: the first of a class, and each other."""
    near: NDArray[np.void]
    """``EDGE`` records of near-duplicates."""
    restated: NDArray[np.void]
    """``EDGE`` records of restatements; the left side is the earlier paragraph."""
    alike: Alike


def build_graph(
    verified: Verified,
    read: ReadFingerprints,
    settings: Settings,
    gone: Mapping[int, I64],
) -> Graph:
    """The graph of all paragraphs and documents that are like another.

    Args:
        read: the fingerprints of a block, by its index.
        gone: the rows of each block that belong to a site's template: they
            neither go as duplicates nor stand for any.
    """
    keys = distinct(
        np.concatenate([array[side] for array in verified[:3] for side in ("left", "right")])
    )
    numbers = distinct(
        np.concatenate([array[side] for array in verified.alike for side in ("left", "right")])
    )
    class_of = _classes(verified.copies)
    body_of = _classes(verified.alike.copies)
    documents: dict[int, Document] = {}
    # What an earlier run kept of one document may be in two blocks.
    kept_before: dict[tuple[str, str], int] = {}
    nodes: list[Node] = []
    variant_of: dict[int, bytes] = {}
    for block in distinct(block_of(np.concatenate((keys, numbers)))).tolist():
        prints = read(block)
        lost = _Lost(prints, gone.get(block, NO_ROWS), settings.decide)
        whole = numbers[block_of(numbers) == block]
        for position, number in zip(row_of(whole).tolist(), whole.tolist(), strict=True):
            documents[number] = lost.document(position, body_of.get(number, number))
        own = keys[block_of(keys) == block]
        for key, row, variant, position, place, words, kind in _columns(prints, own):
            variant_of[key] = variant
            if row in lost.rows:
                continue
            number = pack(block, position)
            entry = prints.documents[position]
            if entry.earlier is not None:
                number = kept_before.setdefault((entry.earlier.run, entry.id), number)
            if number not in documents:
                documents[number] = lost.document(position, number)
            nodes.append(
                Node(
                    key=key,
                    document=number,
                    place=place,
                    words=words,
                    kind=KINDS[kind],
                    copies=class_of.get(key, key),
                    variant=variant,
                )
            )
    near: dict[bytes, list[Edge[bytes]]] = defaultdict(list)
    for edge in verified.near.tolist():
        left, right, jaccard, left_share, right_share, left_may_go, right_may_go = edge
        one, other = variant_of[left], variant_of[right]
        near[one].append(Edge(other, jaccard, left_share, left_may_go))
        near[other].append(Edge(one, jaccard, right_share, right_may_go))
    rephrased: dict[int, list[Edge[int]]] = defaultdict(list)
    for left, right, jaccard, _, share, _, permitted in verified.restated.tolist():
        rephrased[right].append(Edge(left, jaccard, share, permitted))
    alike: dict[int, list[AlikeDocument]] = defaultdict(list)
    for left, right, left_share, right_share in verified.alike.pairs.tolist():
        alike[left].append(AlikeDocument(right, left_share))
        alike[right].append(AlikeDocument(left, right_share))
    return Graph(documents, nodes, near, rephrased, alike)


def _classes(pairs: NDArray[np.void]) -> dict[int, int]:
    """The first of a class by each other member."""
    return dict(zip(pairs["right"].tolist(), pairs["left"].tolist(), strict=True))


class _Lost:
    """The documents of a block without what they have lost to their sites' templates."""

    def __init__(self, prints: Fingerprints, rows: I64, settings: DecideSettings) -> None:
        self._documents = prints.documents
        self._settings = settings
        self.rows = frozenset(rows.tolist())
        words, kind = prints.words[rows], prints.kind[rows]
        alone = (words >= settings.min_words) & ~_STANDING[kind]
        self._words = self._by_document(prints, rows, words * IS_BODY[kind])
        self._standing = self._by_document(prints, rows, alone.astype(np.int64))

    def document(self, position: int, copies: int) -> Document:
        """What is left of the document at a position of the block."""
        entry = self._documents[position]
        return Document(
            rank_of(entry, self._settings),
            entry.site,
            entry.words - self._words[position],
            entry.standing - self._standing[position],
            copies,
            entry.earlier is not None,
        )

    @staticmethod
    def _by_document(prints: Fingerprints, rows: I64, values: I64) -> list[int]:
        sums = np.zeros(len(prints.documents), dtype=np.int64)
        np.add.at(sums, prints.document[rows], values)
        by_document: list[int] = sums.tolist()
        return by_document


def _columns(
    prints: Fingerprints, keys: I64
) -> Iterator[tuple[int, int, bytes, int, int, int, int]]:
    """What the graph holds of some rows: key, row, variant, document, place, words and kind."""
    rows = row_of(keys)
    columns = (prints.variant, prints.document, prints.index, prints.words, prints.kind)
    return zip(
        keys.tolist(), rows.tolist(), *(each[rows].tolist() for each in columns), strict=True
    )
