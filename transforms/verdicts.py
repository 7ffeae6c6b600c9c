"""Decide, once per corpus, which paragraphs and documents go.

Documents are visited by rank.  A paragraph goes only if a permitted edge leads
to a paragraph that was already *kept*, and the decision names that paragraph;
so nothing is ever removed by way of something that was removed itself, and no
chain of likenesses can wipe out a source.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Generic, Literal, NamedTuple, TypeVar

from transforms.document import Kind
from transforms.ranking import Rank
from transforms.settings import Action, DecideSettings, Scope

Tier = Literal["duplicate", "near-duplicate", "restatement"]

STANDING_KINDS: frozenset[Kind] = frozenset(("title", "heading", "list-item", "table"))
"""Kinds that go only with their whole document (but for copies of its title)."""

NEVER_RESTATED: frozenset[Kind] = STANDING_KINDS | {"quote", "caption", "code"}
"""Kinds that never go because another paragraph says the same in other words."""


def is_body(kind: Kind) -> bool:
    """Whether a kept paragraph of this kind counts when a document goes whole.

    A copy under another headline is a copy.
    """
    return kind not in ("title", "heading")


class Document(NamedTuple):
    """A document that has at least one paragraph with an edge."""

    rank: Rank
    site: str | None
    words: int
    """Folded words of its body: kept paragraphs but titles and headings, with edges or without."""
    standing: int
    """How many of its kept paragraphs could go alone if they were proven."""


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
    variant: bytes
    """Digest of its text; edges between variants hold for all their copies."""


To = TypeVar("To", bytes, int)


class Edge(NamedTuple, Generic[To]):
    """A verified pair, seen from the side that may go."""

    to: To
    """What would be kept: a variant (near-duplicates) or a key (restatements)."""
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
    near: Mapping[bytes, Sequence[Edge[bytes]]]
    """Edges by the variant that may go."""
    restated: Mapping[int, Sequence[Edge[int]]]
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
        self._own: dict[tuple[int, int], Node] = {}
        self._variants: dict[tuple[bytes, Hashable], Node] = {}
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
        self._own.setdefault((node.copies, node.document), node)
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

    def own_copy(self, node: Node) -> _Proof | None:
        """The first kept copy in the paragraph's own document, or ``None``."""
        kept = self._own.get((node.copies, node.document))
        return None if kept is None else _Proof("duplicate", kept, 1.0, 1.0, True)

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
        decisions.extend(_paragraphs(nodes, document, kept, graph, settings, near, restatement))
    return decisions, dropped


def _whole(
    nodes: Iterable[Node],
    document: Document,
    kept: _Kept,
    graph: Graph,
    settings: DecideSettings,
    near: Action,
) -> tuple[list[tuple[Node, _Proof]], DroppedDocument] | None:
    """The proofs with which a document goes whole, or ``None`` when it stays.

    It stays while it has one paragraph that could go alone and is not proven:
    that may be the correction that the other document lacks.
    """
    proofs: list[tuple[Node, _Proof]] = []
    covered: dict[int, int] = defaultdict(int)
    unproven = document.standing
    for node in nodes:
        proof = kept.proof(node, document, graph)
        if proof is not None and (proof.tier == "duplicate" or near == "drop"):
            proofs.append((node, proof))
            covered[proof.kept.document] += node.words if is_body(node.kind) else 0
            unproven -= could_go_alone(node.kind, node.words, settings)
    share = round(sum(covered.values()) / document.words, 4) if document.words else 0.0
    if unproven or share < settings.document_share:
        return None
    survivor = min(covered, key=lambda n: (-covered[n], graph.documents[n].rank))
    return proofs, DroppedDocument(proofs[0][0].document, survivor, share)


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
        found: list[tuple[Action, _Proof]] = []
        copy = kept.own_copy(node) if node.copies == title else None
        if copy is None and could_go_alone(node.kind, node.words, settings):
            copy = kept.proof(node, document, graph)
        if copy is not None:
            found.append(("drop" if copy.tier == "duplicate" else near, copy))
        if node.kind not in NEVER_RESTATED and (proof := kept.restated(node, graph)) is not None:
            # A veto keeps the text of a restatement; the mark says what it is like.
            found.append(
                ("mark" if restatement == "drop" and not proof.permitted else restatement, proof)
            )
        if not found:
            kept.add(node, document)
            continue
        action, proof = min(found, key=lambda each: _FIRST[each[0]])
        yield Decision(
            node.key, proof.tier, action, proof.kept.key, proof.jaccard, proof.containment
        )
        if action != "drop":
            kept.add(node, document)


_FIRST: Mapping[Action, int] = {"drop": 0, "mark": 1, "report": 2}
"""Of two things to be said of a paragraph, the one that is done."""


def could_go_alone(kind: Kind, words: int, settings: DecideSettings) -> bool:
    """Whether a proven paragraph may go while its document stays."""
    return words >= settings.min_words and kind not in STANDING_KINDS
