"""What was kept so far while documents are visited, and the proofs that it gives."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import NamedTuple

from transforms.decisions import STANDING_KINDS, AlikeDocument, Document, Graph, Node, Tier
from transforms.settings import Scope


class Proof(NamedTuple):
    """That a paragraph stands elsewhere: the kept one that it was compared with."""

    tier: Tier
    kept: Node
    jaccard: float
    containment: float
    permitted: bool
    through: int | None = None
    """Of a restatement, the key of the paragraph of its own document that it was compared with,
    where that went as a copy of the kept one."""


class Kept:
    """What was kept so far, by what later paragraphs and documents may be proven with."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._copies: dict[tuple[int, Hashable], Node] = {}
        self._own: dict[tuple[int, int], Node] = {}
        self._variants: dict[tuple[bytes, Hashable], Node] = {}
        self._keys: dict[int, Node] = {}
        self._places: dict[int, int] = {}
        self._documents: dict[tuple[int, Hashable], int] = {}

    def _where(self, number: int, document: Document) -> Hashable:
        if self._scope == "corpus":
            return None
        if self._scope == "site" and document.site is not None:
            return document.site
        return number

    def add(self, node: Node, document: Document) -> None:
        """Register a kept paragraph; the first of its class in the scope stays its proof."""
        where = self._where(node.document, document)
        self._copies.setdefault((node.copies, where), node)
        self._own.setdefault((node.copies, node.document), node)
        self._variants.setdefault((node.variant, where), node)
        self._places[node.key] = len(self._keys)
        self._keys[node.key] = node

    def proof(self, node: Node, document: Document, graph: Graph) -> Proof | None:
        """The best permitted proof that a paragraph stands elsewhere, or ``None``."""
        where = self._where(node.document, document)
        copy = self._copies.get((node.copies, where))
        if copy is not None:
            return Proof("duplicate", copy, 1.0, 1.0, True)
        near = [
            Proof("near-duplicate", kept, edge.jaccard, edge.containment, True)
            for edge in graph.near.get(node.variant, ())
            if edge.permitted and (kept := self._variants.get((edge.to, where))) is not None
        ]
        return max(near, key=self._closeness, default=None)

    def _closeness(self, proof: Proof) -> tuple[bool, float, float, int]:
        """The closest proof is the greatest; of equals, the one of better rank."""
        return (
            proof.permitted,
            proof.jaccard,
            proof.containment,
            -self._places[proof.kept.key],
        )

    def own_copy(self, node: Node) -> Proof | None:
        """The first kept copy in the paragraph's own document, or ``None``."""
        kept = self._own.get((node.copies, node.document))
        return None if kept is None else Proof("duplicate", kept, 1.0, 1.0, True)

    def restated(self, node: Node, graph: Graph, stands: Mapping[int, Node]) -> Proof | None:
        """The best restatement of a paragraph of the same document, or ``None``.

        Args:
            stands: kept paragraphs that stand for copies in the same document, by their keys:
                what was compared with the copy was compared with their text.
        """
        found = []
        for edge in graph.restated.get(node.key, ()):
            kept, through = self._keys.get(edge.to), None
            if kept is None and edge.permitted:
                kept, through = stands.get(edge.to), edge.to
            if kept is not None and kept.kind not in STANDING_KINDS:
                found.append(
                    Proof(
                        "restatement",
                        kept,
                        edge.jaccard,
                        edge.containment,
                        edge.permitted,
                        through,
                    )
                )
        return max(found, key=self._closeness, default=None)

    def add_document(self, number: int, document: Document) -> None:
        """Register a document that stays; the first of its class in the scope is the survivor."""
        where = self._where(number, document)
        self._documents.setdefault((document.copies, where), number)

    def most_alike(self, number: int, document: Document, graph: Graph) -> AlikeDocument | None:
        """The kept document that has most of another's body, with the share, or ``None``.

        Of several with the same share, it is the one of better rank.
        """
        where = self._where(number, document)
        found = [
            AlikeDocument(kept, share)
            for to, share in ((document.copies, 1.0), *graph.alike.get(document.copies, ()))
            if (kept := self._documents.get((to, where))) is not None
        ]
        return min(found, key=lambda f: (-f.share, graph.documents[f.to].rank), default=None)
