"""Derive again which documents stand in others: what went whole, and what is a near-copy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pipeline.kept import KeptParagraphs, Key
from pipeline.outputs import KeptSpan, RemovedRecord, SourceRecord
from pipeline.rebuild import Rebuilt, stood
from transforms.decisions import could_go_alone, is_body
from transforms.folding import words
from transforms.matching import compare_sets
from transforms.settings import Settings
from transforms.shingles import SCORE_DECIMALS, Sets, shingle_sets
from transforms.sites import TEMPLATE


class _Cover(NamedTuple):
    """How much of a document is proven in others, as far as its records tell."""

    words: int
    """Words of its body."""
    by_document: Mapping[Key, int]
    """Proven ones by the document that has them."""
    standing: bool
    """It has an unproven paragraph that could go alone if it were proven."""

    def share(self, words: int) -> float:
        return round(words / self.words, SCORE_DECIMALS) if self.words else 0.0

    def proven(self) -> float:
        return self.share(sum(self.by_document.values()))


class _Found(NamedTuple):
    """What a source should say of its survivor."""

    survivor: str | None
    survivor_run: str | None
    share: float | None
    proven: float | None


_NOTHING = _Found(None, None, None, None)


class Covers:
    """Checks the documents of an output one by one."""

    def __init__(
        self, documents: Mapping[str, Rebuilt], kept: KeptParagraphs, settings: Settings
    ) -> None:
        self._documents = documents
        self._kept = kept
        self._settings = settings

    def check(self, rebuilt: Rebuilt) -> Iterator[str]:
        """What is wrong with what became of a document as a whole."""
        source = rebuilt.source
        goes = self._settings.documents.action == "drop"
        if source.status == "duplicate":
            yield from self._whole(rebuilt)
            return
        copies = any(
            isinstance(span, RemovedRecord) and span.verdict != "boilerplate"
            for span in rebuilt.spans
        )
        if source.status == "emptied" and copies and goes:
            yield "it was emptied, but its paragraphs stand elsewhere: it should go whole"
        removed = self._cover(rebuilt, flags=False)
        if goes and not removed.standing and self._enough(removed):
            yield f"{removed.proven()} of its words are proven elsewhere: it should go whole"
        yield from self._near_copy(rebuilt)

    def _whole(self, rebuilt: Rebuilt) -> Iterator[str]:
        source = rebuilt.source
        cover = self._cover(rebuilt, flags=False)
        if self._settings.documents.action != "drop":
            yield f"it went whole, but documents are set to {self._settings.documents.action}"
        if cover.standing:
            yield "it went whole, but a paragraph that could go alone is not proven elsewhere"
        if not self._enough(cover):
            yield f"it went whole, but only {cover.proven()} of its words are proven elsewhere"
        if source.means != "paragraphs":
            yield "a document goes whole by its paragraphs only"
        yield from _differences(source, self._found(cover))

    def _near_copy(self, rebuilt: Rebuilt) -> Iterator[str]:
        source = rebuilt.source
        settings = self._settings.documents
        cover = self._cover(rebuilt, flags=True)
        by_paragraphs = self._found(cover)
        if by_paragraphs.share is None or by_paragraphs.share < settings.mark_share:
            by_paragraphs = _NOTHING
        if settings.action in ("report", "off"):
            by_paragraphs = _NOTHING
            if source.means is not None:
                yield f"documents are set to {settings.action}, but it names a survivor"
        if source.means != "shingles":
            if (source.means is None) != (by_paragraphs is _NOTHING):
                yield f"{by_paragraphs.share} of it is proven in {by_paragraphs.survivor}"
            yield from _differences(source, by_paragraphs)
            return
        survivor = self._documents.get(source.survivor or "")
        if survivor is None or survivor.source.status != "kept" or survivor is rebuilt:
            yield f"the survivor {source.survivor} is no other document that was kept"
            return
        if not self._kept.comes_first(survivor, rebuilt):
            yield f"{source.survivor} does not come before it in the order of keep"
        if not self._kept.share_scope(survivor, rebuilt):
            yield f"{source.survivor} is outside the scope"
        size = settings.shingle
        _, share, _ = compare_sets(_body_set(rebuilt, size), _body_set(survivor, size))
        if share[0] < settings.mark_share or share[0] <= (by_paragraphs.share or 0.0):
            yield f"the survivor has {share[0]} of its shingles, too few to name them"
        found = _Found(source.survivor, None, float(share[0]), cover.proven())
        yield from _differences(source, found)

    def _enough(self, cover: _Cover) -> bool:
        return cover.proven() >= self._settings.documents.drop_share

    def _found(self, cover: _Cover) -> _Found:
        survivor = min(
            cover.by_document,
            key=lambda key: (-cover.by_document[key], self._kept.rank(key)),
            default=None,
        )
        if survivor is None:
            return _NOTHING
        run, id = survivor
        return _Found(id, run, cover.share(cover.by_document[survivor]), cover.proven())

    def _cover(self, rebuilt: Rebuilt, *, flags: bool) -> _Cover:
        """What is proven: by what went, and where asked by what is marked too."""
        total = 0
        by_document: dict[Key, int] = defaultdict(int)
        standing = False
        for span in stood(rebuilt):
            if _of_template(span):
                continue
            count = len(words(span.text))
            body = count if is_body(span.kind) else 0
            total += body
            other = _proven_by(span, flags=flags)
            if other is not None and other != (None, rebuilt.source.id) and self._kept.knows(other):
                by_document[other] += body
            else:
                standing |= could_go_alone(span.kind, count, self._settings.decide)
        return _Cover(total, by_document, standing)


def _differences(source: SourceRecord, found: _Found) -> Iterator[str]:
    for name in _Found._fields:
        stated, derived = getattr(source, name), getattr(found, name)
        if stated != derived:
            yield f"{name} is {derived} by the texts, stated is {stated}"


def _body_set(rebuilt: Rebuilt, size: int) -> Sets:
    body = [
        word
        for span in stood(rebuilt)
        if is_body(span.kind) and not _of_template(span)
        for word in words(span.text)
    ]
    return shingle_sets([body], size)


def _of_template(span: KeptSpan | RemovedRecord) -> bool:
    return isinstance(span, RemovedRecord) and span.reason == TEMPLATE


def _proven_by(span: KeptSpan | RemovedRecord, *, flags: bool) -> Key | None:
    """The document that holds the proof of a removal, or of a mark."""
    proof = None
    if isinstance(span, RemovedRecord):
        proof = span.kept if span.reason == "copy" else None
    elif flags and span.flags and span.flags[0].verdict == "near-duplicate":
        proof = span.flags[0].kept
    return None if proof is None else (proof.run, proof.document)
