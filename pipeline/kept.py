"""The kept paragraphs of an output: what a removal may name, and who has a text first."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import NamedTuple

from pipeline.outputs import Flag, Kept, KeptSpan
from pipeline.rebuild import Rebuilt
from transforms.document import Evidence, Verdict
from transforms.folding import digest, fold
from transforms.ranking import Rank, published_seconds, rank
from transforms.settings import DecideSettings, Scope


class Place(NamedTuple):
    """A kept paragraph and the document that it stands in."""

    document: Rebuilt
    span: KeptSpan

    def __str__(self) -> str:
        return f"paragraph {self.span.index} of {self.document.source.id}"

    def named(self) -> Kept:
        """How an output names it."""
        return Kept(
            run=None,
            document=self.document.source.id,
            paragraph=self.span.index,
            start=self.span.start,
            end=self.span.end,
        )

    def flag(self, verdict: Verdict, jaccard: float, containment: float, proof: Evidence) -> Flag:
        """The flag of a paragraph that is like it."""
        return Flag(
            verdict=verdict,
            kept=self.named(),
            jaccard=jaccard,
            containment=containment,
            evidence=proof,
        )


class KeptParagraphs:
    """Every kept paragraph, by its place and by its folded text."""

    def __init__(self, documents: Mapping[str, Rebuilt], settings: DecideSettings) -> None:
        self._documents = documents
        self._scope = settings.scope
        self._ranks = {id: _rank(rebuilt, settings) for id, rebuilt in documents.items()}
        self._first: dict[tuple[bytes, Hashable], Place] = {}
        self._own: dict[tuple[bytes, str], Place] = {}
        for id in sorted(documents, key=self._ranks.__getitem__):
            rebuilt = documents[id]
            for span in rebuilt.document.paragraphs if rebuilt.document is not None else ():
                if folded := fold(span.text):
                    place, key = Place(rebuilt, span), digest(folded)
                    self._first.setdefault((key, self._where(rebuilt)), place)
                    self._own.setdefault((key, id), place)

    def rank(self, id: str) -> Rank:
        """The rank of a document."""
        return self._ranks[id]

    def find(self, kept: Kept) -> Place | None:
        """The kept paragraph that an output names, or ``None`` where none stands there."""
        rebuilt = self._documents.get(kept.document)
        index = kept.paragraph
        if rebuilt is None or index is None or not 0 <= index < len(rebuilt.spans):
            return None
        span = rebuilt.spans[index]
        return Place(rebuilt, span) if isinstance(span, KeptSpan) else None

    def first_copy(self, rebuilt: Rebuilt, index: int, folded: str) -> Place | None:
        """The first kept copy in scope that was kept before a paragraph was visited."""
        place = self._first.get((digest(folded), self._where(rebuilt)))
        return place if place is not None and self.is_before(place, rebuilt, index) else None

    def own_copy(self, rebuilt: Rebuilt, index: int, folded: str) -> Place | None:
        """The first kept copy in a paragraph's own document, before it."""
        place = self._own.get((digest(folded), rebuilt.source.id))
        return place if place is not None and place.span.index < index else None

    def is_before(self, place: Place, rebuilt: Rebuilt, index: int) -> bool:
        """Whether a place is visited before a paragraph of a document."""
        if place.document is rebuilt:
            return place.span.index < index
        return self.comes_first(place.document, rebuilt)

    def comes_first(self, one: Rebuilt, other: Rebuilt) -> bool:
        """Whether one document is visited before another."""
        return self._ranks[one.source.id] < self._ranks[other.source.id]

    def in_scope(self, place: Place, rebuilt: Rebuilt) -> bool:
        """Whether duplicates are looked for between a place and a document."""
        return self.share_scope(place.document, rebuilt)

    def share_scope(self, one: Rebuilt, other: Rebuilt) -> bool:
        """Whether duplicates are looked for between two documents."""
        return self.share(one, other, self._scope)

    def share(self, one: Rebuilt, other: Rebuilt, scope: Scope) -> bool:
        """Whether two documents are in one scope."""
        return _where(one, scope) == _where(other, scope)

    def _where(self, rebuilt: Rebuilt) -> Hashable:
        return _where(rebuilt, self._scope)


def _where(rebuilt: Rebuilt, scope: Scope) -> Hashable:
    if scope == "corpus":
        return None
    if scope == "site" and rebuilt.source.site is not None:
        return "site", rebuilt.source.site
    return "document", rebuilt.source.id


def _rank(rebuilt: Rebuilt, settings: DecideSettings) -> Rank:
    return rank(
        settings.keep,
        settings.preferred_sources,
        id=rebuilt.source.id,
        source=rebuilt.source.source,
        characters=len(rebuilt.text),
        published=published_seconds(rebuilt.source.published),
    )
