"""Derive every duplicate verdict of an output again, from the two texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

import numpy as np

from pipeline.outputs import Kept, KeptSpan, RemovedRecord
from pipeline.rebuild import Rebuilt, index_of
from transforms.facts import facts_of
from transforms.folding import fold, words
from transforms.matching import compare_sets, passes_bar
from transforms.ranking import Rank, published_seconds, rank
from transforms.restatements import compare
from transforms.settings import Settings
from transforms.shingles import shingle_sets
from transforms.terms import Terms, document_terms
from transforms.verdicts import STANDING_KINDS
from transforms.vetoes import near_duplicate_vetoes


class Checked(NamedTuple):
    """How many verdicts were derived again, and what is wrong with them."""

    verdicts: int
    problems: list[str]


def check_verdicts(documents: Mapping[str, Rebuilt], settings: Settings) -> Checked:
    """Derive each removal that names another paragraph, and each document that goes whole."""
    deriver = _Deriver(documents, settings)
    problems: list[str] = []
    verdicts = 0
    for id, rebuilt in documents.items():
        for span in rebuilt.spans:
            if isinstance(span, RemovedRecord) and span.verdict != "boilerplate":
                verdicts += 1
                problems.extend(
                    f"{id}, paragraph {span.paragraph}: {problem}"
                    for problem in deriver.removal(rebuilt, span)
                )
        if rebuilt.source.status == "duplicate":
            problems.extend(f"{id}: {problem}" for problem in deriver.whole(rebuilt))
    return Checked(verdicts, problems)


class _Deriver:
    def __init__(self, documents: Mapping[str, Rebuilt], settings: Settings) -> None:
        self._documents = documents
        self._settings = settings
        self._terms = cache(self._terms_of)

    def removal(self, rebuilt: Rebuilt, span: RemovedRecord) -> Iterator[str]:
        """What is wrong with one removal."""
        if span.kept is None:
            yield "a duplicate names no kept paragraph"
            return
        if span.reason == "document":
            if rebuilt.source.status != "duplicate":
                yield "it went with its document, but the document stayed"
            return
        kept = self._kept(span.kept)
        if kept is None:
            yield f"the kept paragraph {span.kept.paragraph} of {span.kept.document} is not there"
            return
        other = self._documents[span.kept.document]
        if not self._outranks(other, kept, rebuilt, span):
            yield f"{other.source.id} does not come before it in the order of keep"
        if not self._in_scope(other, rebuilt):
            yield f"{other.source.id} is outside the scope"
        if rebuilt.source.status != "duplicate":
            yield from self._alone(rebuilt, span, kept, other)
        if span.verdict == "duplicate":
            if fold(span.text) != fold(kept.text):
                yield "the two texts do not fold to the same words"
        elif span.verdict == "near-duplicate":
            yield from self._near(span, kept)
        else:
            yield from self._restated(rebuilt, span, other, kept)

    def whole(self, rebuilt: Rebuilt) -> Iterator[str]:
        """What is wrong with the verdict that a document goes whole."""
        total = covered = 0
        by_document: dict[str, int] = defaultdict(int)
        for span in rebuilt.spans:
            if not isinstance(span, RemovedRecord) or span.verdict == "boilerplate":
                continue
            count = len(words(span.text))
            total += count
            if span.reason == "copy" and span.kept is not None:
                covered += count
                by_document[span.kept.document] += count
                if span.kept.document == rebuilt.source.id:
                    yield f"paragraph {span.paragraph} is proven by the document itself"
        share = round(covered / total, 4) if total else 0.0
        if share != rebuilt.source.share or share < self._settings.decide.document_share:
            yield f"{share} of its words are proven elsewhere, stated is {rebuilt.source.share}"
        if by_document.get(rebuilt.source.survivor or "", 0) < max(by_document.values(), default=0):
            yield f"{rebuilt.source.survivor} is not the document that has most of it"

    def _kept(self, kept: Kept) -> KeptSpan | None:
        rebuilt = self._documents.get(kept.document)
        if rebuilt is None or kept.paragraph is None or kept.paragraph >= len(rebuilt.spans):
            return None
        span = rebuilt.spans[kept.paragraph]
        if not isinstance(span, KeptSpan) or (span.start, span.end) != (kept.start, kept.end):
            return None
        return span

    def _rank(self, rebuilt: Rebuilt) -> Rank:
        return rank(
            self._settings.decide.keep,
            self._settings.decide.preferred_sources,
            id=rebuilt.source.id,
            source=rebuilt.source.source,
            characters=len(rebuilt.text),
            published=published_seconds(rebuilt.source.published),
        )

    def _outranks(
        self, other: Rebuilt, kept: KeptSpan, rebuilt: Rebuilt, span: RemovedRecord
    ) -> bool:
        if other is rebuilt:
            return kept.index < span.paragraph
        return self._rank(other) < self._rank(rebuilt)

    def _in_scope(self, other: Rebuilt, rebuilt: Rebuilt) -> bool:
        scope = self._settings.decide.scope
        if other is rebuilt or scope == "corpus":
            return True
        site = rebuilt.source.site
        return scope == "site" and site is not None and site == other.source.site

    def _alone(
        self, rebuilt: Rebuilt, span: RemovedRecord, kept: KeptSpan, other: Rebuilt
    ) -> Iterator[str]:
        """Whether a paragraph of this kind and length may go without its document."""
        if span.verdict == "duplicate" and other is rebuilt and kept.kind == "title":
            return
        if span.kind in STANDING_KINDS:
            yield f"a {span.kind} goes only with its document"
        if (
            span.verdict != "restatement"
            and len(words(span.text)) < self._settings.decide.min_words
        ):
            yield "a paragraph this short goes only with its document"

    def _near(self, span: RemovedRecord, kept: KeptSpan) -> Iterator[str]:
        settings = self._settings.near_duplicates
        mine, theirs = words(span.text), words(kept.text)
        jaccard, share, _ = (
            float(score[0])
            for score in compare_sets(
                shingle_sets([mine], settings.shingle), shingle_sets([theirs], settings.shingle)
            )
        )
        if (jaccard, share) != (span.jaccard, span.containment):
            yield f"Jaccard and containment are {jaccard} and {share}"
        lengths = np.array([len(mine)]), np.array([len(theirs)])
        if not passes_bar(np.array([jaccard]), *lengths, settings)[0]:
            yield f"Jaccard {jaccard} at {len(mine)} and {len(theirs)} words is under the bar"
        for veto in near_duplicate_vetoes(
            facts_of(span.text), facts_of(kept.text), self._settings.vetoes
        ):
            yield f"the veto {veto} forbids it"

    def _restated(
        self, rebuilt: Rebuilt, span: RemovedRecord, other: Rebuilt, kept: KeptSpan
    ) -> Iterator[str]:
        if other is not rebuilt:
            yield "a restatement goes only for a paragraph of its own document"
            return
        terms = self._terms(rebuilt.source.id)
        if span.paragraph not in terms or kept.index not in terms:
            yield "the language of the document has no restatements"
            return
        found = compare(terms[kept.index], terms[span.paragraph], self._settings.restatements)
        if not found.permitted:
            yield f"the restatement is not permitted: {', '.join(found.vetoes) or 'scores'}"
        if (found.jaccard, found.containment) != (span.jaccard, span.containment):
            yield f"Jaccard and containment are {found.jaccard} and {found.containment}"

    def _terms_of(self, id: str) -> dict[int, Terms]:
        """The terms of the paragraphs that the judge kept, by index."""
        rebuilt = self._documents[id]
        judged = [
            span
            for span in rebuilt.spans
            if isinstance(span, KeptSpan) or span.verdict != "boilerplate"
        ]
        terms = document_terms(
            [span.text for span in judged], rebuilt.source.language, self._settings.restatements
        )
        return {index_of(span): each for span, each in zip(judged, terms or [], strict=False)}
