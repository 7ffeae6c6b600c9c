"""Derive every verdict of an output that rests on the corpus again, from the texts."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, Literal, NamedTuple, get_args

import numpy as np
from msgspec.structs import replace

from pipeline.covers import Covers
from pipeline.differences import differences
from pipeline.kept import KeptParagraphs, Place
from pipeline.outputs import RULES, Flag, Kept, KeptSpan, RemovedRecord
from pipeline.rebuild import Rebuilt, index_of, proofs_of, stood
from pipeline.recount import recount_templates
from transforms.deciding import TemplateVerdict
from transforms.decisions import NEVER_RESTATED, STANDING_KINDS, could_go_alone
from transforms.document import Reason, Verdict
from transforms.evidence import duplicate_evidence, near_duplicate_evidence
from transforms.facts import facts_of
from transforms.folding import fold, words
from transforms.matching import compare_sets, passes_bar
from transforms.restated_across import retold, scope_of
from transforms.restatements import compare, restatement_evidence
from transforms.settings import Settings
from transforms.shingles import shingle_sets
from transforms.sites import TEMPLATE
from transforms.terms import Terms, document_terms
from transforms.vetoes import near_duplicate_vetoes

Span = KeptSpan | RemovedRecord
_CACHED_TERMS: Final = 64
"""Documents whose terms are remembered: many restate the same few."""
Done = Literal["drop", "mark"]
"""What became of a paragraph that is like another."""


class Checked(NamedTuple):
    """How many verdicts and flags were derived again, and what is wrong with them."""

    verdicts: int
    templates: int
    flags: int
    unchecked: int
    """Verdicts and flags that name earlier runs of which nothing is known."""
    problems: list[str]


def check_verdicts(
    documents: Mapping[str, Rebuilt],
    settings: Settings,
    earlier: Sequence[Place] | None = None,
    runs: Collection[str] = (),
) -> Checked:
    """Derive what was decided on every paragraph and document, as far as the texts tell.

    Args:
        earlier: what earlier runs kept; without it, little is said of what names them.
        runs: the earlier runs with which the output was compared.

    That a paragraph is boilerplate follows from its input only, and so does
    that a near-duplicate was overlooked.
    """
    kept = KeptParagraphs(documents, settings.decide, earlier or ())
    deriver = _Deriver(documents, kept, settings)
    covers = Covers(documents, kept, settings)
    problems: list[str] = []
    verdicts = templates = flags = unchecked = 0
    for id, rebuilt in documents.items():
        naming = earlier is None and any(map(runs_named, rebuilt.spans))
        for span in rebuilt.spans:
            problems.extend(
                f"{id}, paragraph {index_of(span)}: it names the run {run}, with which it was not"
                " compared"
                for run in runs_named(span)
                if run not in runs
            )
            if naming and runs_named(span):
                unchecked += 1
                continue
            if isinstance(span, KeptSpan):
                flags += len(span.flags)
                found = deriver.stays(rebuilt, span)
            else:
                verdicts += span.verdict != "boilerplate"
                templates += span.reason == TEMPLATE
                found = deriver.goes(rebuilt, span)
            problems.extend(f"{id}, paragraph {index_of(span)}: {problem}" for problem in found)
        if not naming:
            problems.extend(f"{id}: {problem}" for problem in covers.check(rebuilt))
    return Checked(verdicts, templates, flags, unchecked, problems)


def runs_named(span: Span) -> list[str]:
    """The earlier runs on which a verdict or a flag rests."""
    return [proof.run for proof in proofs_of(span) if proof.run is not None]


class _Deriver:
    def __init__(
        self, documents: Mapping[str, Rebuilt], kept: KeptParagraphs, settings: Settings
    ) -> None:
        self._documents = documents
        self._settings = settings
        self._kept = kept
        self._templates = recount_templates(documents, settings)
        # Documents come one by one; their titles are their own, and so are most restatements.
        self._terms = lru_cache(maxsize=_CACHED_TERMS)(self._terms_of)
        self._title = lru_cache(maxsize=1)(self._title_of)

    def stays(self, rebuilt: Rebuilt, span: KeptSpan) -> Iterator[str]:
        """What is wrong with a paragraph's being kept, and with its flags."""
        template = self._template_of(rebuilt, span)
        if template is not None:
            yield f"{template.pages} pages of its site have it, but it was kept"
        copy = self._copy(rebuilt, span)
        if copy is not None:
            yield f"it is a copy of {copy}, but was kept"
        if len(span.flags) > 1:
            yield "it has more than one flag"
        for flag in span.flags:
            expected = yield from self._likeness(rebuilt, span, flag.verdict, flag.kept, "mark")
            if expected is not None:
                yield from differences(flag, expected, "the texts give")

    def goes(self, rebuilt: Rebuilt, span: RemovedRecord) -> Iterator[str]:
        """What is wrong with one removal."""
        template = self._template_of(rebuilt, span)
        if template is not None and (span.verdict, span.reason) != ("boilerplate", TEMPLATE):
            yield f"{template.pages} pages of its site have it: it goes as {TEMPLATE}"
        if span.verdict == "boilerplate" and span.reason == TEMPLATE:
            if template is None:
                yield "too few pages of its site have it, or not where it stands"
                return
            expected = replace(
                span,
                score=template.score,
                evidence=template.evidence,
                kept=None,
                jaccard=None,
                containment=None,
                rule=RULES[TEMPLATE],
            )
            yield from differences(span, expected, "the texts give")
        elif span.verdict == "boilerplate":
            if span.reason not in get_args(Reason):
                yield f"{span.reason} is no reason for boilerplate"
            bare = replace(
                span, kept=None, jaccard=None, containment=None, rule=RULES["boilerplate"]
            )
            yield from differences(span, bare, "boilerplate has")
        elif span.kept is None:
            yield "a duplicate names no kept paragraph"
        elif span.reason == "document":
            yield from self._with_document(rebuilt, span)
        else:
            flag = yield from self._likeness(rebuilt, span, span.verdict, span.kept, "drop")
            if flag is not None:
                expected = replace(
                    span,
                    reason="copy",
                    score=flag.jaccard,
                    evidence=flag.evidence,
                    kept=flag.kept,
                    jaccard=flag.jaccard,
                    containment=flag.containment,
                    rule=RULES[flag.verdict],
                )
                yield from differences(span, expected, "the texts give")

    def _template_of(self, rebuilt: Rebuilt, span: Span) -> TemplateVerdict | None:
        return self._templates.get((rebuilt.source.id, index_of(span)))

    def _with_document(self, rebuilt: Rebuilt, span: RemovedRecord) -> Iterator[str]:
        """What is wrong with a removal that has no proof but that its document goes."""
        source = rebuilt.source
        survivor, share, proven = source.survivor, source.share, source.proven
        if source.status != "duplicate" or survivor is None or share is None or proven is None:
            yield "it went with its document, but the document stayed"
            return
        if could_go_alone(span.kind, len(words(span.text)), self._settings.decide):
            yield "a paragraph that could go alone needs a proof of its own"
        copy = self._copy(rebuilt, span)
        if copy is not None:
            yield f"it is a copy of {copy}, and must name it"
        expected = replace(
            span,
            verdict="duplicate",
            score=proven,
            evidence={"survivor": survivor, "share": share, "proven": proven},
            kept=Kept(
                run=source.survivor_run, document=survivor, paragraph=None, start=None, end=None
            ),
            jaccard=None,
            containment=None,
            rule=RULES["document"],
        )
        yield from differences(span, expected, "its document gives")

    def _copy(self, rebuilt: Rebuilt, span: Span) -> Place | None:
        """The kept paragraph for which an exact copy goes, or ``None`` where none does."""
        folded, index = fold(span.text), index_of(span)
        if not folded:
            return None
        if rebuilt.source.status == "duplicate":
            return self._kept.first_copy(rebuilt, index, folded)
        title = self._title(rebuilt.source.id)
        if title is not None and title[0] <= index and title[1] == folded:
            own = self._kept.own_copy(rebuilt, index, folded)
            if own is not None:
                return own
        if could_go_alone(span.kind, len(folded.split()), self._settings.decide):
            return self._kept.first_copy(rebuilt, index, folded)
        return None

    def _likeness(
        self, rebuilt: Rebuilt, span: Span, verdict: Verdict, named: Kept, done: Done
    ) -> Generator[str, None, Flag | None]:
        """What is wrong with a verdict; returns what should stand there, where that is known."""
        place = self._kept.find(named)
        if place is None:
            earlier = "" if named.run is None else f" of the run {named.run}"
            yield f"the kept paragraph {named.paragraph} of {named.document}{earlier} is not there"
            return None
        copy = self._copy(rebuilt, span)
        if verdict == "duplicate":
            if done == "mark":
                yield "an exact copy is never marked"
            if copy is None:
                yield "no copy of it that lets it go was kept before it"
                return None
            evidence = duplicate_evidence(span.text, copy.span.text)
            return copy.flag(verdict, 1.0, 1.0, evidence)
        if copy is not None and done == "drop":
            yield f"it is a copy of {copy}, and no {verdict}"
        if not self._kept.is_before(place, rebuilt, index_of(span)):
            yield f"{place} does not come before it in the order of keep"
        if not self._kept.in_scope(place, rebuilt):
            yield f"{place} is outside the scope"
        if verdict == "near-duplicate":
            return (yield from self._near(rebuilt, span, place, done))
        if verdict == "restatement":
            return (yield from self._restated(rebuilt, span, place, done))
        yield f"{verdict} is no verdict on a paragraph that is like another"
        return None

    def _near(
        self, rebuilt: Rebuilt, span: Span, place: Place, done: Done
    ) -> Generator[str, None, Flag]:
        settings = self._settings.near_duplicates
        mine, theirs = words(span.text), words(place.span.text)
        if settings.action != done:
            yield f"near-duplicates are set to {settings.action}"
        if min(len(mine), len(theirs)) < self._settings.decide.min_words:
            yield "a paragraph this short is never compared"
        whole = rebuilt.source.status == "duplicate"
        if not whole and not could_go_alone(span.kind, len(mine), self._settings.decide):
            yield f"a {span.kind} of {len(mine)} words goes only with its document"
        jaccard, share, _ = (
            float(score[0])
            for score in compare_sets(
                shingle_sets([mine], settings.shingle), shingle_sets([theirs], settings.shingle)
            )
        )
        lengths = np.array([len(mine)]), np.array([len(theirs)])
        if not passes_bar(np.array([jaccard]), *lengths, settings)[0]:
            yield f"Jaccard {jaccard} at {len(mine)} and {len(theirs)} words is under the bar"
        for veto in near_duplicate_vetoes(
            facts_of(span.text), facts_of(place.span.text), jaccard, self._settings.vetoes
        ):
            yield f"the veto {veto} forbids it"
        evidence = near_duplicate_evidence(span.text, place.span.text)
        return place.flag("near-duplicate", jaccard, share, evidence)

    def _restated(
        self, rebuilt: Rebuilt, span: Span, place: Place, done: Done
    ) -> Generator[str, None, Flag | None]:
        if span.kind in NEVER_RESTATED or place.span.kind in STANDING_KINDS:
            yield f"a {span.kind} is no restatement of a {place.span.kind}"
        terms = self._terms(rebuilt.source.id)
        mine = index_of(span)
        if terms is None or mine not in terms:
            yield "the language of the document has no restatements"
            return None
        if not place.is_in(rebuilt) and done == "drop":
            return (yield from self._restated_copy(rebuilt, span, terms, place))
        if not place.is_in(rebuilt):
            return (yield from self._retold(rebuilt, terms[mine], place))
        settings = self._settings.restatements
        found = compare(terms[place.span.index], terms[mine], settings)
        if not found.verified:
            yield "the scores of the restatement do not pass"
        forbidden = settings.action == "drop" and not found.permitted
        if done != ("mark" if forbidden else settings.action):
            but = f", but not with {', '.join((*found.below, *found.vetoes))}" if forbidden else ""
            yield f"restatements are set to {settings.action}{but}"
        evidence = restatement_evidence(found)
        return place.flag("restatement", found.jaccard, found.containment, evidence)

    def _restated_copy(
        self, rebuilt: Rebuilt, span: Span, terms: Mapping[int, Terms], place: Place
    ) -> Generator[str, None, Flag | None]:
        """A restatement of a paragraph of its own document that went as a copy of the kept one."""
        own = span.evidence.get("own_copy") if isinstance(span, RemovedRecord) else None
        copy = rebuilt.spans[own] if isinstance(own, int) and own in terms else None
        if (
            not isinstance(copy, RemovedRecord)
            or not isinstance(span, RemovedRecord)
            or copy.paragraph >= span.paragraph
            or (copy.verdict, copy.kept, copy.text) != ("duplicate", span.kept, place.span.text)
        ):
            yield "a restatement goes only for a paragraph of its own document, or what it copies"
            return None
        found = compare(terms[copy.paragraph], terms[span.paragraph], self._settings.restatements)
        if self._settings.restatements.action != "drop" or not found.permitted:
            yield "the restatement may not go"
        evidence = restatement_evidence(found, copy.paragraph)
        return place.flag("restatement", found.jaccard, found.containment, evidence)

    def _retold(
        self, rebuilt: Rebuilt, mine: Terms, place: Place
    ) -> Generator[str, None, Flag | None]:
        """A restatement of another document's paragraph, which is marked."""
        if (action := self._settings.restatements.action) in ("report", "off"):
            yield f"restatements are set to {action}"
        if not self._kept.share(place, rebuilt, scope_of(self._settings)):
            yield f"{place} is outside the scope of restatements"
        theirs = self._terms(place.document) if place.run is None else None
        found = None if theirs is None else retold(theirs[place.span.index], mine, self._settings)
        if found is None:
            yield f"it does not tell what {place} tells in other words"
            return None
        evidence = restatement_evidence(found)
        return place.flag("restatement", found.jaccard, found.containment, evidence)

    def _terms_of(self, id: str) -> dict[int, Terms] | None:
        """The terms of the paragraphs that the judge kept, by index."""
        rebuilt = self._documents[id]
        judged = stood(rebuilt)
        terms = document_terms(
            [span.text for span in judged], rebuilt.source.language, self._settings.restatements
        )
        if terms is None:
            return None
        return {index_of(span): each for span, each in zip(judged, terms, strict=True)}

    def _title_of(self, id: str) -> tuple[int, str] | None:
        """Index and folded text of the paragraph that the judge kept as the title."""
        for span in stood(self._documents[id]):
            if span.kind == "title":
                return index_of(span), fold(span.text)
        return None
