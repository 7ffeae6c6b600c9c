"""Decide, once per corpus, which paragraphs and documents go.

Documents are visited by rank.  A paragraph goes only if a permitted edge leads
to a paragraph that was already *kept*, and the decision names that paragraph;
so nothing is ever removed by way of something that was removed itself, and no
chain of likenesses can wipe out a source.  A document that is like another and
stays, for what it says in addition, is listed as a near-copy.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from transforms.decisions import (
    NEVER_RESTATED,
    Decided,
    Decision,
    Document,
    DroppedDocument,
    Graph,
    NearCopy,
    Node,
    could_go_alone,
    is_body,
)
from transforms.proofs import Kept, Proof
from transforms.settings import Action, DecideSettings, DocumentSettings
from transforms.shingles import SCORE_DECIMALS


def decide(
    graph: Graph,
    settings: DecideSettings,
    documents: DocumentSettings,
    near: Action,
    restatement: Action,
) -> Decided:
    """Decide on every paragraph and document of the graph.

    Args:
        near: what becomes of near-duplicates; exact duplicates are dropped.
        restatement: what becomes of restatements whose removal is permitted;
            one that a veto forbids is marked (or reported).
    """
    kept = Kept(settings.scope)
    by_document: dict[int, list[Node]] = defaultdict(list)
    for node in graph.nodes:
        by_document[node.document].append(node)
    decided = Decided([], [], [])
    for number in sorted(graph.documents, key=lambda n: graph.documents[n].rank):
        document = graph.documents[number]
        nodes = sorted(by_document[number], key=lambda node: node.place)
        if document.earlier:
            for node in nodes:
                kept.add(node, document)
            continue
        proofs = list(_proofs(nodes, document, kept, graph, near, restatement))
        gone = _whole(number, document, proofs, graph, settings, documents)
        if gone is not None and documents.action == "drop":
            decided.paragraphs.extend(_decision(node, "drop", proof) for node, proof in proofs)
            decided.dropped.append(gone)
            continue
        found = list(_paragraphs(nodes, document, kept, graph, settings, near, restatement))
        decided.paragraphs.extend(_decision(*each) for each in found)
        if documents.action != "off":
            copies = _near_copies(number, document, found, kept, graph, documents)
            decided.near_copies.extend(copies)
        if gone is None:
            kept.add_document(number, document)
    return decided


def _proofs(
    nodes: Iterable[Node],
    document: Document,
    kept: Kept,
    graph: Graph,
    near: Action,
    restatement: Action,
) -> Iterator[tuple[Node, Proof]]:
    """The paragraphs of a document that are proven in others, each with its proof."""
    stands: dict[int, Node] = {}
    for node in nodes:
        proof = kept.proof(node, document, graph)
        if proof is not None and proof.tier == "near-duplicate" and near != "drop":
            proof = None
        if proof is None and restatement == "drop" and node.kind not in NEVER_RESTATED:
            proof = kept.restated(node, graph, stands)
        if proof is not None:
            _note_copy(stands, node, proof)
            yield node, proof


def _note_copy(stands: dict[int, Node], node: Node, proof: Proof) -> None:
    """Remember what stands for a paragraph, if it is the same text to the letter."""
    if proof.tier == "duplicate" and proof.kept.variant == node.variant:
        stands[node.key] = proof.kept


def _decision(node: Node, action: Action, proof: Proof) -> Decision:
    return Decision(
        node.key,
        proof.tier,
        action,
        proof.kept.key,
        proof.jaccard,
        proof.containment,
        proof.through,
    )


class _Cover:
    """How much of a document others have, by the paragraphs that are proven in them."""

    def __init__(self, document: Document, proven: Iterable[tuple[Node, Proof]]) -> None:
        self._words = document.words
        self._by_document: dict[int, int] = defaultdict(int)
        for node, proof in proven:
            if proof.kept.document != node.document:
                self._by_document[proof.kept.document] += node.words * is_body(node.kind)

    def share(self, document: int) -> float:
        """The share of its words that one document has."""
        return self._share(self._by_document[document])

    def proven(self) -> float:
        """The share of its words that any document has."""
        return self._share(sum(self._by_document.values()))

    def survivor(self, graph: Graph) -> int | None:
        """The document that has most of it; of equals, the one of better rank."""
        return min(
            self._by_document,
            key=lambda n: (-self._by_document[n], graph.documents[n].rank),
            default=None,
        )

    def _share(self, words: int) -> float:
        return round(words / self._words, SCORE_DECIMALS) if self._words else 0.0


def _whole(
    number: int,
    document: Document,
    proofs: Sequence[tuple[Node, Proof]],
    graph: Graph,
    settings: DecideSettings,
    documents: DocumentSettings,
) -> DroppedDocument | None:
    """How a document could go whole, or ``None`` when it cannot.

    It stays while it has one paragraph that could go alone and is not proven:
    that may be the correction that the other document lacks.
    """
    cover = _Cover(document, proofs)
    survivor = cover.survivor(graph)
    alone = sum(could_go_alone(node.kind, node.words, settings) for node, _ in proofs)
    if survivor is None or alone < document.standing or cover.proven() < documents.drop_share:
        return None
    return DroppedDocument(number, survivor, cover.share(survivor), cover.proven())


def _near_copies(
    number: int,
    document: Document,
    found: Iterable[tuple[Node, Action, Proof]],
    kept: Kept,
    graph: Graph,
    documents: DocumentSettings,
) -> Iterator[NearCopy]:
    """The kept documents that have much of one that stays, by either means.

    Only what the output tells counts: paragraphs that went or are marked.
    """
    cover = _Cover(
        document,
        ((node, proof) for node, action, proof in found if action != "report"),
    )
    survivor = cover.survivor(graph)
    if survivor is not None and (share := cover.share(survivor)) >= documents.mark_share:
        yield NearCopy(number, survivor, "paragraphs", share, cover.proven())
    alike = kept.most_alike(number, document, graph)
    if alike is not None and alike.share >= documents.mark_share:
        yield NearCopy(number, alike.to, "shingles", alike.share, cover.proven())


def _paragraphs(
    nodes: Iterable[Node],
    document: Document,
    kept: Kept,
    graph: Graph,
    settings: DecideSettings,
    near: Action,
    restatement: Action,
) -> Iterator[tuple[Node, Action, Proof]]:
    """Decide on the paragraphs of a document that stays, in reading order."""
    title: int | None = None
    stands: dict[int, Node] = {}
    for node in nodes:
        if node.kind == "title" and title is None:
            title = node.copies
        found: list[tuple[Action, Proof]] = []
        copy = kept.own_copy(node) if node.copies == title else None
        if copy is None and could_go_alone(node.kind, node.words, settings):
            copy = kept.proof(node, document, graph)
        if copy is not None:
            found.append(("drop" if copy.tier == "duplicate" else near, copy))
        proof = None
        if node.kind not in NEVER_RESTATED:
            proof = kept.restated(node, graph, stands if restatement == "drop" else {})
        if proof is not None:
            # A veto keeps the text of a restatement; the mark says what it is like.
            found.append(
                ("mark" if restatement == "drop" and not proof.permitted else restatement, proof)
            )
        if not found:
            kept.add(node, document)
            continue
        action, proof = min(found, key=lambda each: _FIRST[each[0]])
        yield node, action, proof
        if action == "drop":
            _note_copy(stands, node, proof)
        else:
            kept.add(node, document)


_FIRST: Mapping[Action, int] = {"drop": 0, "mark": 1, "report": 2}
"""Of two things to be said of a paragraph, the one that is done."""
