"""The nouns of deciding: what was verified, ready to decide, and what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Generic, Literal, NamedTuple, TypeVar

from transforms.document import Kind
from transforms.ranking import Rank
from transforms.settings import Action, DecideSettings

Tier = Literal["duplicate", "near-duplicate", "restatement"]

Means = Literal["paragraphs", "shingles"]
"""How a document was found to stand elsewhere: paragraph by paragraph, or by its whole body."""

STANDING_KINDS: frozenset[Kind] = frozenset(("title", "heading", "list-item", "table"))
"""Kinds that go only with their whole document (but for copies of its title)."""

NEVER_RESTATED: frozenset[Kind] = STANDING_KINDS | {"quote", "caption", "code"}
"""Kinds that never go because another paragraph says the same in other words."""


def is_body(kind: Kind) -> bool:
    """Whether a kept paragraph of this kind counts when a document goes whole.

    A copy under another headline is a copy.
    """
    return kind not in ("title", "heading")


def could_go_alone(kind: Kind, words: int, settings: DecideSettings) -> bool:
    """Whether a proven paragraph may go while its document stays."""
    return words >= settings.min_words and kind not in STANDING_KINDS


class Document(NamedTuple):
    """A document that is like another, or has a paragraph with an edge."""

    rank: Rank
    site: str | None
    words: int
    """Folded words of its body: kept paragraphs but titles and headings, with edges or without."""
    standing: int
    """How many of its kept paragraphs could go alone if they were proven."""
    copies: int
    """The class of documents with the same body: the smallest number in it."""
    earlier: bool = False
    """An earlier run kept it: nothing is decided about it."""


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
    through: int | None = None
    """Of a restatement, the key of the paragraph of its own document that it was compared with,
    where that went as a copy of the kept one."""


class DroppedDocument(NamedTuple):
    """A document that goes whole."""

    document: int
    survivor: int
    """The document that has the largest part of its words."""
    share: float
    """Share of its body that the survivor has, four decimals."""
    proven: float
    """Share of the words of its body that are proven in any document."""


class NearCopy(NamedTuple):
    """A document that stays, though another has much of it."""

    document: int
    survivor: int
    means: Means
    share: float
    """Share of its body that the survivor has: words of proven paragraphs, or shingles."""
    proven: float
    """Share of the words of its body whose paragraphs went or were marked for other documents."""


class Decided(NamedTuple):
    """What becomes of a corpus, in rank order."""

    paragraphs: list[Decision]
    """The decisions of a document that goes whole are proofs in other documents; its other
    paragraphs go with it."""
    dropped: list[DroppedDocument]
    near_copies: list[NearCopy]
    """One at the most for each document and means."""


class AlikeDocument(NamedTuple):
    """A document whose body is much like another's, seen from one side."""

    to: int
    """The class of the other document."""
    share: float
    """Share of this one's shingles that the other has."""


class Graph(NamedTuple):
    """All that was verified, ready to decide."""

    documents: Mapping[int, Document]
    nodes: Sequence[Node]
    near: Mapping[bytes, Sequence[Edge[bytes]]]
    """Edges by the variant that may go."""
    restated: Mapping[int, Sequence[Edge[int]]]
    """Edges by the key that may go."""
    alike: Mapping[int, Sequence[AlikeDocument]] = MappingProxyType({})
    """Likenesses of whole bodies, by the class of a document."""
