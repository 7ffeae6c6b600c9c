"""Gather what was verified over the whole corpus into a graph, and decide.

Takes the packed arrays that :mod:`transforms.candidates` and
:mod:`transforms.matching` emit and the fingerprints of the blocks that they
point into; gives verdicts block by block, in terms of documents and spans.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

import msgspec
import numpy as np
from numpy.typing import NDArray

from transforms.fingerprints import KINDS, Fingerprints, block_of, pack, row_of
from transforms.ranking import rank
from transforms.settings import Action, Settings
from transforms.shingles import I64
from transforms.verdicts import Decision, Document, Edge, Graph, Node, Tier, decide

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


class BlockVerdicts(msgspec.Struct, frozen=True):
    """Everything that was decided about one block."""

    paragraphs: tuple[ParagraphVerdict, ...] = ()
    documents: tuple[DocumentVerdict, ...] = ()


def build_graph(
    classes: NDArray[np.void],
    edges: NDArray[np.void],
    restated: NDArray[np.void],
    read: ReadFingerprints,
    settings: Settings,
) -> Graph:
    """The graph of all paragraphs that have a copy, a verified edge or a restatement.

    Args:
        classes: ``PAIR`` records of exact duplicates.
        edges: ``EDGE`` records of near-duplicates.
        restated: ``EDGE`` records; the left side is the earlier paragraph.
        read: the fingerprints of a block, by its index.
    """
    keys = np.unique(
        np.concatenate(
            [array[side] for array in (classes, edges, restated) for side in ("left", "right")]
        )
    )
    class_of = dict(zip(classes["right"].tolist(), classes["left"].tolist(), strict=True))
    documents: dict[int, Document] = {}
    nodes: list[Node] = []
    for block in np.unique(block_of(keys)).tolist():
        prints = read(block)
        for row, key in _rows_of(keys, block):
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
                documents[number] = Document(place, entry.site, entry.words, entry.standing)
            nodes.append(
                Node(
                    key=key,
                    document=number,
                    place=int(prints.index[row]),
                    words=int(prints.words[row]),
                    kind=KINDS[int(prints.kind[row])],
                    copies=class_of.get(key, key),
                    variant=prints.variant[row].tobytes(),
                )
            )
    variant_of = {node.key: node.variant for node in nodes}
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
