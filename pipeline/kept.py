"""The kept paragraphs of an output: what a removal may name, and who has a text first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from typing import NamedTuple

from pipeline.outputs import Flag, Kept, KeptSpan
from pipeline.rebuild import Rebuilt
from transforms.document import Evidence, Verdict
from transforms.folding import digest, fold
from transforms.ranking import Rank, earlier_rank, published_seconds, rank
from transforms.settings import DecideSettings, Scope


class Place(NamedTuple):
    """A kept paragraph and the document that it stands in."""

    run: str | None
    """The earlier run that kept it; ``None`` for the one that is checked."""
    document: str
    site: str | None
    span: KeptSpan

    def __str__(self) -> str:
        earlier = "" if self.run is None else f" of the run {self.run}"
        return f"paragraph {self.span.index} of {self.document}{earlier}"

    def named(self) -> Kept:
        """How an output names it."""
        return Kept(
            run=self.run,
            document=self.document,
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

    def is_in(self, rebuilt: Rebuilt) -> bool:
        """Whether it stands in a document of the run that is checked."""
        return self.run is None and self.document == rebuilt.source.id


Key = tuple[str | None, str]
"""A document: the earlier run that kept it, or ``None``, and its id."""


class KeptParagraphs:
    """Every kept paragraph, by its place and by its folded text.

    Args:
        earlier: what earlier runs kept, as far as anything here is like it, in the order of rank.
    """

    def __init__(
        self,
        documents: Mapping[str, Rebuilt],
        settings: DecideSettings,
        earlier: Sequence[Place] = (),
    ) -> None:
        self._documents = documents
        self._scope = settings.scope
        self._ranks = {id: _rank(rebuilt, settings) for id, rebuilt in documents.items()}
        self._earlier: dict[Key, dict[int, Place]] = defaultdict(dict)
        self._earlier_ranks: dict[Key, Rank] = {}
        self._first: dict[tuple[bytes, Hashable], Place] = {}
        self._own: dict[tuple[bytes, str], Place] = {}
        for number, place in enumerate(earlier):
            key = place.run, place.document
            self._earlier[key][place.span.index] = place
            self._earlier_ranks.setdefault(key, earlier_rank(number, place.document))
            self._add(place)
        for id in sorted(documents, key=self._ranks.__getitem__):
            rebuilt = documents[id]
            for span in rebuilt.document.paragraphs if rebuilt.document is not None else ():
                self._add(_place(rebuilt, span))

    def _add(self, place: Place) -> None:
        if folded := fold(place.span.text):
            text = digest(folded)
            where = _where(place.run, place.document, place.site, self._scope)
            self._first.setdefault((text, where), place)
            if place.run is None:
                self._own.setdefault((text, place.document), place)

    def rank(self, key: Key) -> Rank:
        """The rank of a document."""
        return self._ranks[key[1]] if key[0] is None else self._earlier_ranks[key]

    def knows(self, key: Key) -> bool:
        """Whether a document is there."""
        return key[1] in self._documents if key[0] is None else key in self._earlier_ranks

    def find(self, kept: Kept) -> Place | None:
        """The kept paragraph that an output names, or ``None`` where none stands there."""
        index = kept.paragraph
        if index is None:
            return None
        if kept.run is not None:
            place = self._earlier.get((kept.run, kept.document), {}).get(index)
            return place if place is not None and place.named() == kept else None
        rebuilt = self._documents.get(kept.document)
        if rebuilt is None or not 0 <= index < len(rebuilt.spans):
            return None
        span = rebuilt.spans[index]
        return _place(rebuilt, span) if isinstance(span, KeptSpan) else None

    def first_copy(self, rebuilt: Rebuilt, index: int, folded: str) -> Place | None:
        """The first kept copy in scope that was kept before a paragraph was visited."""
        place = self._first.get((digest(folded), _own_where(rebuilt, self._scope)))
        return place if place is not None and self.is_before(place, rebuilt, index) else None

    def own_copy(self, rebuilt: Rebuilt, index: int, folded: str) -> Place | None:
        """The first kept copy in a paragraph's own document, before it."""
        place = self._own.get((digest(folded), rebuilt.source.id))
        return place if place is not None and place.span.index < index else None

    def is_before(self, place: Place, rebuilt: Rebuilt, index: int) -> bool:
        """Whether a place is visited before a paragraph of a document."""
        if place.is_in(rebuilt):
            return place.span.index < index
        return self.rank((place.run, place.document)) < self._ranks[rebuilt.source.id]

    def comes_first(self, one: Rebuilt, other: Rebuilt) -> bool:
        """Whether one document is visited before another."""
        return self._ranks[one.source.id] < self._ranks[other.source.id]

    def in_scope(self, place: Place, rebuilt: Rebuilt) -> bool:
        """Whether duplicates are looked for between a place and a document."""
        return self.share(place, rebuilt, self._scope)

    def share_scope(self, one: Rebuilt, other: Rebuilt) -> bool:
        """Whether duplicates are looked for between two documents."""
        return _own_where(one, self._scope) == _own_where(other, self._scope)

    def share(self, place: Place, rebuilt: Rebuilt, scope: Scope) -> bool:
        """Whether a place and a document are in one scope."""
        where = _where(place.run, place.document, place.site, scope)
        return where == _own_where(rebuilt, scope)


def _place(rebuilt: Rebuilt, span: KeptSpan) -> Place:
    return Place(None, rebuilt.source.id, rebuilt.source.site, span)


def _own_where(rebuilt: Rebuilt, scope: Scope) -> Hashable:
    return _where(None, rebuilt.source.id, rebuilt.source.site, scope)


def _where(run: str | None, document: str, site: str | None, scope: Scope) -> Hashable:
    if scope == "corpus":
        return None
    if scope == "site" and site is not None:
        return "site", site
    return "document", run, document


def _rank(rebuilt: Rebuilt, settings: DecideSettings) -> Rank:
    return rank(
        settings.keep,
        settings.preferred_sources,
        id=rebuilt.source.id,
        source=rebuilt.source.source,
        characters=len(rebuilt.text),
        published=published_seconds(rebuilt.source.published),
    )
