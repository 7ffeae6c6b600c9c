"""Gather what was verified over the whole corpus into a graph, and decide.

Takes the packed arrays that :mod:`transforms.candidates` and
:mod:`transforms.matching` emit and the fingerprints of the blocks that they
point into; gives verdicts block by block, in terms of documents and spans.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from transforms.document import Evidence
from transforms.fingerprints import KINDS, Fingerprints, block_of, pack, row_of
from transforms.ranking import rank
from transforms.settings import Action, DecideSettings, Settings
from transforms.shingles import I64, SCORE_DECIMALS
from transforms.verdicts import (
    STANDING_KINDS,
    Decision,
    Document,
    Edge,
    Graph,
    Node,
    Tier,
    decide,
    is_body,
)

_BODY: Final = np.array([is_body(kind) for kind in KINDS])
_STANDING: Final = np.array([kind in STANDING_KINDS for kind in KINDS])
_NO_ROWS: Final = np.zeros(0, dtype=np.int64)

ReadFingerprints = Callable[[int], Fingerprints]


class KeptParagraph(msgspec.Struct, frozen=True):
    """The kept paragraph that a removal names."""

    document: str
    paragraph: int
    start: int
    end: int
    block: int
    position: int
    """Where the document stands in its block."""


class ParagraphVerdict(msgspec.Struct, frozen=True):
    """What becomes of one paragraph because of another."""

    position: int
    """Where the document stands in its block."""
    paragraph: int
    tier: Tier
    action: Action
    kept: KeptParagraph
    jaccard: float
    containment: float


class DocumentVerdict(msgspec.Struct, frozen=True):
    """A document that goes whole."""

    position: int
    survivor: str
    share: float


class TemplateVerdict(msgspec.Struct, frozen=True):
    """A paragraph that its site repeats on many pages."""

    position: int
    paragraph: int
    site: str
    pages: int
    """Pages that have it; here and below only such pages count as are their own."""
    edges: int
    """Those of them on which it stands before or after the page's own prose."""
    site_pages: int

    @property
    def score(self) -> float:
        """The share of the site's pages that do not have it."""
        return round(1 - self.pages / self.site_pages, SCORE_DECIMALS)

    @property
    def evidence(self) -> Evidence:
        """What was counted."""
        return {
            "site": self.site,
            "pages": self.pages,
            "at_edges": self.edges,
            "site_pages": self.site_pages,
        }


class BlockVerdicts(msgspec.Struct, frozen=True):
    """Everything that was decided about one block."""

    paragraphs: tuple[ParagraphVerdict, ...] = ()
    documents: tuple[DocumentVerdict, ...] = ()
    templates: tuple[TemplateVerdict, ...] = ()


def build_graph(
    classes: NDArray[np.void],
    edges: NDArray[np.void],
    restated: NDArray[np.void],
    read: ReadFingerprints,
    settings: Settings,
    gone: Mapping[int, I64],
) -> Graph:
    """The graph of all paragraphs that have a copy, a verified edge or a restatement.

    Args:
        classes: ``PAIR`` records of exact duplicates.
        edges: ``EDGE`` records of near-duplicates.
        restated: ``EDGE`` records; the left side is the earlier paragraph.
        read: the fingerprints of a block, by its index.
        gone: the rows of each block that belong to a site's template: they
            neither go as duplicates nor stand for any.
    """
    keys = np.unique(
        np.concatenate(
            [array[side] for array in (classes, edges, restated) for side in ("left", "right")]
        )
    )
    class_of = dict(zip(classes["right"].tolist(), classes["left"].tolist(), strict=True))
    documents: dict[int, Document] = {}
    nodes: list[Node] = []
    variant_of: dict[int, bytes] = {}
    for block in np.unique(block_of(keys)).tolist():
        prints = read(block)
        lost = _Lost(prints, gone.get(block, _NO_ROWS), settings.decide)
        for row, key in _rows_of(keys, block):
            variant_of[key] = prints.variant[row].tobytes()
            if row in lost.rows:
                continue
            position = int(prints.document[row])
            number = pack(block, position)
            if number not in documents:
                entry = prints.documents[position]
                place = rank(
                    settings.decide.keep,
                    settings.decide.preferred_sources,
                    id=entry.id,
                    source=entry.source,
                    characters=entry.characters,
                    published=entry.published,
                )
                documents[number] = Document(
                    place,
                    entry.site,
                    entry.words - lost.words[position],
                    entry.standing - lost.standing[position],
                )
            nodes.append(
                Node(
                    key=key,
                    document=number,
                    place=int(prints.index[row]),
                    words=int(prints.words[row]),
                    kind=KINDS[int(prints.kind[row])],
                    copies=class_of.get(key, key),
                    variant=variant_of[key],
                )
            )
    near: dict[bytes, list[Edge[bytes]]] = defaultdict(list)
    for edge in edges.tolist():
        left, right, jaccard, left_share, right_share, left_may_go, right_may_go = edge
        one, other = variant_of[left], variant_of[right]
        near[one].append(Edge(other, jaccard, left_share, left_may_go))
        near[other].append(Edge(one, jaccard, right_share, right_may_go))
    rephrased: dict[int, list[Edge[int]]] = defaultdict(list)
    for left, right, jaccard, _, share, _, permitted in restated.tolist():
        rephrased[right].append(Edge(left, jaccard, share, permitted))
    return Graph(documents, nodes, near, rephrased)


class _Lost:
    """What the documents of a block have lost to their sites' templates."""

    def __init__(self, prints: Fingerprints, rows: I64, settings: DecideSettings) -> None:
        self.rows = frozenset(rows.tolist())
        words, kind = prints.words[rows], prints.kind[rows]
        alone = (words >= settings.min_words) & ~_STANDING[kind]
        self.words = self._by_document(prints, rows, words * _BODY[kind])
        self.standing = self._by_document(prints, rows, alone.astype(np.int64))

    @staticmethod
    def _by_document(prints: Fingerprints, rows: I64, values: I64) -> list[int]:
        sums = np.zeros(len(prints.documents), dtype=np.int64)
        np.add.at(sums, prints.document[rows], values)
        by_document: list[int] = sums.tolist()
        return by_document


def _rows_of(keys: I64, block: int) -> Iterator[tuple[int, int]]:
    own = keys[block_of(keys) == block]
    return zip(row_of(own).tolist(), own.tolist(), strict=True)


def decide_blocks(
    graph: Graph, read: ReadFingerprints, settings: Settings
) -> dict[int, BlockVerdicts]:
    """Decide on the graph; the verdicts of every block that has any."""
    decisions, dropped = decide(
        graph, settings.decide, settings.near_duplicates.action, settings.restatements.action
    )
    paragraphs: dict[int, list[ParagraphVerdict]] = defaultdict(list)
    documents: dict[int, list[DocumentVerdict]] = defaultdict(list)
    kept = _describe_kept(decisions, read)
    survivors = _document_ids(sorted({gone.survivor for gone in dropped}), read)
    for block, rows in _by_block([decision.key for decision in decisions]).items():
        prints = read(block)
        for at in rows:
            decision = decisions[at]
            row = row_of(decision.key)
            paragraphs[block].append(
                ParagraphVerdict(
                    position=int(prints.document[row]),
                    paragraph=int(prints.index[row]),
                    tier=decision.tier,
                    action=decision.action,
                    kept=kept[decision.kept],
                    jaccard=decision.jaccard,
                    containment=decision.containment,
                )
            )
    for gone in dropped:
        documents[block_of(gone.document)].append(
            DocumentVerdict(row_of(gone.document), survivors[gone.survivor], gone.share)
        )
    return {
        block: BlockVerdicts(tuple(paragraphs[block]), tuple(documents[block]))
        for block in sorted({*paragraphs, *documents})
    }


def _by_block(keys: list[int]) -> dict[int, list[int]]:
    """Positions in ``keys`` by block, so that each block is read once."""
    blocks: dict[int, list[int]] = defaultdict(list)
    for at, key in enumerate(keys):
        blocks[block_of(key)].append(at)
    return dict(sorted(blocks.items()))


def _document_ids(numbers: list[int], read: ReadFingerprints) -> dict[int, str]:
    return {
        numbers[at]: read(block).documents[row_of(numbers[at])].id
        for block, places in _by_block(numbers).items()
        for at in places
    }


def _describe_kept(decisions: list[Decision], read: ReadFingerprints) -> dict[int, KeptParagraph]:
    keys = sorted({decision.kept for decision in decisions})
    described: dict[int, KeptParagraph] = {}
    for block, at in _by_block(keys).items():
        prints = read(block)
        for key in (keys[n] for n in at):
            row = row_of(key)
            position = int(prints.document[row])
            described[key] = KeptParagraph(
                document=prints.documents[position].id,
                paragraph=int(prints.index[row]),
                start=int(prints.start[row]),
                end=int(prints.end[row]),
                block=block,
                position=position,
            )
    return described
