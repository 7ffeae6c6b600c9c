"""Decide, once per corpus, which paragraphs and documents go.

Documents are visited by rank.  A paragraph goes only if a permitted edge leads
to a paragraph that was already *kept*, and the decision names that paragraph;
so nothing is ever removed by way of something that was removed itself, and no
chain of likenesses can wipe out a source.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from transforms.document import Kind
from transforms.ranking import Rank
from transforms.settings import Action, DecideSettings, Scope

Tier = Literal["duplicate", "near-duplicate", "restatement"]

STANDING_KINDS: frozenset[Kind] = frozenset(("title", "heading", "list-item", "table"))
"""Kinds that go only with their whole document (but for copies of its title)."""


class Document(NamedTuple):
    """A document that has at least one paragraph with an edge."""

    rank: Rank
    site: str | None
    words: int
    """Folded words in all its kept paragraphs, with edges or without."""


class Node(NamedTuple):
    """A paragraph that may go, or for which another may go."""

    key: int
    document: int
    place: int
    """Index of the paragraph in its document."""
    words: int
    kind: Kind
    copies: int
    """The class of its exact duplicates: the smallest key in it."""
    variant: int
    """Digest of its text; edges between variants hold for all their copies."""


class Edge(NamedTuple):
    """A verified pair, seen from the side that may go."""

    to: int
    """The variant (near-duplicates) or the key (restatements) that would be kept."""
    jaccard: float
    containment: float
    """Share of the side that may go which the other side has."""
    permitted: bool


class Decision(NamedTuple):
    """One paragraph that goes, or is marked."""

    key: int
    tier: Tier
    action: Action
    kept: int
    """Key of the kept paragraph that was compared with it."""
    jaccard: float
    containment: float


class DroppedDocument(NamedTuple):
    """A document that goes whole."""

    document: int
    survivor: int
    """The document that has the largest part of its words."""
    share: float
    """Share of its words that are proven elsewhere, four decimals."""


class Graph(NamedTuple):
    """All that was verified, ready to decide."""

    documents: Mapping[int, Document]
    nodes: Sequence[Node]
    near: Mapping[int, Sequence[Edge]]
    """Edges by the variant that may go."""
    restated: Mapping[int, Sequence[Edge]]
    """Edges by the key that may go."""


class _Proof(NamedTuple):
    tier: Tier
    kept: Node
    jaccard: float
    containment: float
    permitted: bool


class _Kept:
    """The paragraphs kept so far, by what later ones may be proven with."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._copies: dict[tuple[int, Hashable], Node] = {}
        self._variants: dict[tuple[int, Hashable], Node] = {}
        self._keys: dict[int, Node] = {}
        self._places: dict[int, int] = {}

    def _where(self, node: Node, document: Document) -> Hashable:
        if self._scope == "corpus":
            return None
        if self._scope == "site" and document.site is not None:
            return document.site
        return node.document

    def add(self, node: Node, document: Document) -> None:
        """Register a kept paragraph; the first of its class in the scope stays its proof."""
        where = self._where(node, document)
        self._copies.setdefault((node.copies, where), node)
        self._variants.setdefault((node.variant, where), node)
        self._places[node.key] = len(self._keys)
        self._keys[node.key] = node

    def proof(self, node: Node, document: Document, graph: Graph) -> _Proof | None:
        """The best permitted proof that a paragraph stands elsewhere, or ``None``."""
        where = self._where(node, document)
        copy = self._copies.get((node.copies, where))
        if copy is not None:
            return _Proof("duplicate", copy, 1.0, 1.0, True)
        near = [
            _Proof("near-duplicate", kept, edge.jaccard, edge.containment, True)
            for edge in graph.near.get(node.variant, ())
            if edge.permitted and (kept := self._variants.get((edge.to, where))) is not None
        ]
        return max(near, key=self._closeness, default=None)

    def _closeness(self, proof: _Proof) -> tuple[bool, float, float, int]:
        """The closest proof is the greatest; of equals, the one of better rank."""
        return (
            proof.permitted,
            proof.jaccard,
            proof.containment,
            -self._places[proof.kept.key],
        )

    def restated(self, node: Node, graph: Graph) -> _Proof | None:
        """The best restatement of a kept paragraph of the same document, or ``None``."""
        found = [
            _Proof("restatement", kept, edge.jaccard, edge.containment, edge.permitted)
            for edge in graph.restated.get(node.key, ())
            if (kept := self._keys.get(edge.to)) is not None and kept.kind not in STANDING_KINDS
        ]
        return max(found, key=self._closeness, default=None)


def decide(
    graph: Graph, settings: DecideSettings, near: Action, restatement: Action
) -> tuple[list[Decision], list[DroppedDocument]]:
    """Decide on every paragraph of the graph.

    Args:
        near: what becomes of near-duplicates; exact duplicates are dropped.
        restatement: what becomes of restatements whose removal is permitted;
            one that a veto forbids is marked (or reported).

    Returns:
        The decisions and the documents that go whole, in rank order.  The
        decisions of a document that goes whole are proofs in other documents;
        its other paragraphs go with it.
    """
    kept = _Kept(settings.scope)
    by_document: dict[int, list[Node]] = defaultdict(list)
    for node in graph.nodes:
        by_document[node.document].append(node)
    decisions: list[Decision] = []
    dropped: list[DroppedDocument] = []
    for number in sorted(by_document, key=lambda n: graph.documents[n].rank):
        document = graph.documents[number]
        nodes = sorted(by_document[number], key=lambda node: node.place)
        whole = _whole(nodes, document, kept, graph, settings, near)
        if whole is not None:
            proofs, gone = whole
            decisions.extend(
                Decision(node.key, p.tier, "drop", p.kept.key, p.jaccard, p.containment)
                for node, p in proofs
            )
            dropped.append(gone)
            continue
        for decision in _paragraphs(nodes, document, kept, graph, settings, near, restatement):
            decisions.append(decision)
    return decisions, dropped


def _whole(
    nodes: Iterable[Node],
    document: Document,
    kept: _Kept,
    graph: Graph,
    settings: DecideSettings,
    near: Action,
) -> tuple[list[tuple[Node, _Proof]], DroppedDocument] | None:
    """The proofs with which a document goes whole, or ``None`` when it stays."""
    proofs: list[tuple[Node, _Proof]] = []
    covered: dict[int, int] = defaultdict(int)
    for node in nodes:
        proof = kept.proof(node, document, graph)
        if proof is not None and (proof.tier == "duplicate" or near == "drop"):
            proofs.append((node, proof))
            covered[proof.kept.document] += node.words
    share = round(sum(covered.values()) / document.words, 4) if document.words else 0.0
    if share < settings.document_share:
        return None
    survivor = min(covered, key=lambda n: (-covered[n], graph.documents[n].rank))
    return proofs, DroppedDocument(next(iter(proofs))[0].document, survivor, share)


def _paragraphs(
    nodes: Iterable[Node],
    document: Document,
    kept: _Kept,
    graph: Graph,
    settings: DecideSettings,
    near: Action,
    restatement: Action,
) -> Iterator[Decision]:
    """Decide on the paragraphs of a document that stays, in reading order."""
    title: int | None = None
    for node in nodes:
        if node.kind == "title" and title is None:
            title = node.copies
        proof = kept.proof(node, document, graph)
        if proof is not None and not _may_go_alone(node, proof, title, settings):
            proof = None
        if proof is None and node.kind not in STANDING_KINDS:
            proof = kept.restated(node, graph)
        action: Action | None = None
        if proof is not None:
            action = _action(proof, near, restatement)
            yield Decision(
                node.key, proof.tier, action, proof.kept.key, proof.jaccard, proof.containment
            )
        if action != "drop":
            kept.add(node, document)


def _action(proof: _Proof, near: Action, restatement: Action) -> Action:
    if proof.tier == "duplicate":
        return "drop"
    if proof.tier == "near-duplicate":
        return near
    return "mark" if restatement == "drop" and not proof.permitted else restatement


def _may_go_alone(node: Node, proof: _Proof, title: int | None, settings: DecideSettings) -> bool:
    if proof.tier == "duplicate" and proof.kept.document == node.document and node.copies == title:
        return True
    return node.words >= settings.min_words and node.kind not in STANDING_KINDS
