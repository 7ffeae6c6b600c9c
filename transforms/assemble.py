"""Bring a block's documents and verdicts together into output records."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypedDict

import msgspec

from transforms.deciding import (
    BlockVerdicts,
    DocumentVerdict,
    KeptParagraph,
    ParagraphVerdict,
    TemplateVerdict,
)
from transforms.document import (
    DeadLetter,
    Document,
    Evidence,
    Judgement,
    Kind,
    Paragraph,
    Reason,
)
from transforms.evidence import duplicate_evidence, near_duplicate_evidence
from transforms.records import (
    RULES,
    DocumentRecord,
    Flag,
    Kept,
    KeptSpan,
    RejectedRecord,
    RemovedRecord,
    SourceRecord,
    Status,
    Tally,
)
from transforms.restatements import Comparison, restatement_evidence
from transforms.sites import TEMPLATE
from transforms.source_records import rejected_source, source_record, with_survivor
from transforms.staging import StagedContent
from transforms.tally import count, tally_document, tally_rejected

ReadText = Callable[[KeptParagraph], str]
"""The text of a kept paragraph, which may stand in another block."""


class Records(NamedTuple):
    """The output records of one block, sorted by document id."""

    documents: list[DocumentRecord]
    removed: list[RemovedRecord]
    rejected: list[RejectedRecord]
    sources: list[SourceRecord]
    tally: Tally


def assemble(content: StagedContent, verdicts: BlockVerdicts, read_text: ReadText) -> Records:
    """The output records of a block.

    Args:
        read_text: fetches a kept paragraph's text for the evidence.
    """
    by_paragraph: dict[int, dict[int, ParagraphVerdict]] = defaultdict(dict)
    for found in verdicts.paragraphs:
        by_paragraph[found.position][found.paragraph] = found
    by_template: dict[int, dict[int, TemplateVerdict]] = defaultdict(dict)
    for each in verdicts.templates:
        by_template[each.position][each.paragraph] = each
    by_document = {each.position: each for each in verdicts.documents}
    comparisons = {
        (each.document, each.earlier, each.later): each.comparison for each in content.restated
    }
    records = Records([], [], [], [], Tally())
    order = sorted(range(len(content.documents)), key=lambda at: content.documents[at].id)
    for position in order:
        document = content.documents[position]
        own = by_paragraph.get(position, {})
        evidence = {
            index: _evidence(document, verdict, comparisons, read_text)
            for index, verdict in own.items()
        }
        repeated = by_template.get(position, {})
        _assemble_document(document, own, repeated, evidence, by_document.get(position), records)
    for letter in sorted(content.rejected, key=lambda each: (each.source, each.record or "")):
        records.rejected.append(rejected_record(letter))
        records.sources.append(rejected_source(letter.source, letter.record))
        tally_rejected(records.tally, records.rejected[-1])
    records.sources.sort(key=lambda each: each.id)
    return records


def _evidence(
    document: Document,
    verdict: ParagraphVerdict,
    comparisons: Mapping[tuple[int, int, int], Comparison],
    read_text: ReadText,
) -> Evidence:
    if verdict.tier == "restatement":
        own = verdict.kept.paragraph if verdict.own_copy is None else verdict.own_copy
        place = (verdict.position, own, verdict.paragraph)
        found = verdict.comparison or comparisons[place]
        return restatement_evidence(found, verdict.own_copy)
    text = document.text_of(document.paragraphs[verdict.paragraph])
    if verdict.tier == "near-duplicate":
        return near_duplicate_evidence(text, read_text(verdict.kept))
    return duplicate_evidence(text, text)  # the words of exact copies are the same


def _kept(kept: KeptParagraph) -> Kept:
    return Kept(
        run=kept.run,
        document=kept.document,
        paragraph=kept.paragraph,
        start=kept.start,
        end=kept.end,
    )


def _assemble_document(
    document: Document,
    verdicts: Mapping[int, ParagraphVerdict],
    repeated: Mapping[int, TemplateVerdict],
    evidence: Mapping[int, Evidence],
    found: DocumentVerdict | None,
    records: Records,
) -> None:
    kept: list[KeptSpan] = []
    removed: list[RemovedRecord] = []
    gone = found if found is not None and found.action == "drop" else None
    for paragraph, judgement in zip(document.paragraphs, document.judgements, strict=True):
        verdict = verdicts.get(paragraph.index)
        if judgement.verdict == "boilerplate":
            removed.append(boilerplate_record(document, paragraph, judgement))
        elif paragraph.index in repeated:
            line, span = repeated[paragraph.index], _span(document, paragraph, judgement)
            removed.append(_boilerplate(span, TEMPLATE, line.score, line.evidence))
        elif verdict is not None and verdict.action == "drop":
            removed.append(
                _duplicate(document, paragraph, judgement, verdict, evidence[paragraph.index])
            )
        elif gone is not None:
            removed.append(_with_document(document, paragraph, judgement, gone))
        else:
            flags: tuple[Flag, ...] = ()
            if verdict is not None and verdict.action == "mark":
                flags = (_flag(verdict, evidence[paragraph.index]),)
            elif verdict is not None:
                count(records.tally.reported, verdict.tier)
            kept.append(
                KeptSpan(
                    index=paragraph.index,
                    kind=judgement.kind,
                    text=document.text_of(paragraph),
                    start=paragraph.start,
                    end=paragraph.end,
                    flags=flags,
                )
            )
    status: Status = "duplicate" if gone is not None else "kept" if kept else "emptied"
    source = source_record(document, status)
    if found is not None and found.action == "report":
        count(records.tally.reported, "document")
    elif found is not None:
        source = with_survivor(source, found)
    clean = document_record(document, kept) if kept else None
    if clean is not None:
        records.documents.append(clean)
    records.removed.extend(removed)
    records.sources.append(source)
    tally_document(records.tally, source, clean, removed)


def document_record(document: Document, kept: Sequence[KeptSpan]) -> DocumentRecord:
    """What is written of a document that stays, with these paragraphs."""
    text = "\n\n".join(span.text for span in kept)
    return DocumentRecord(
        id=document.id,
        source=document.source,
        url=document.url,
        title=document.title,
        author=document.author,
        site=document.site,
        published=document.published,
        fetched=document.fetched,
        language=document.language,
        text=text,
        paragraphs=tuple(kept),
        characters_in=len(document.text),
        characters_out=len(text),
        sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
    )


def boilerplate_record(
    document: Document, paragraph: Paragraph, judgement: Judgement
) -> RemovedRecord:
    """What is written of a paragraph that the judge takes out."""
    reason = judgement.reason or "other"
    return _boilerplate(
        _span(document, paragraph, judgement), reason, judgement.score, judgement.evidence
    )


def _boilerplate(span: _Span, reason: Reason, score: float, evidence: Evidence) -> RemovedRecord:
    return RemovedRecord(
        **span,
        verdict="boilerplate",
        reason=reason,
        score=score,
        evidence=evidence,
        kept=None,
        jaccard=None,
        containment=None,
        rule=RULES["template" if reason == TEMPLATE else "boilerplate"],
    )


def _duplicate(
    document: Document,
    paragraph: Paragraph,
    judgement: Judgement,
    verdict: ParagraphVerdict,
    evidence: Evidence,
) -> RemovedRecord:
    return RemovedRecord(
        **_span(document, paragraph, judgement),
        verdict=verdict.tier,
        reason="copy",
        score=verdict.jaccard,
        evidence=evidence,
        kept=_kept(verdict.kept),
        jaccard=verdict.jaccard,
        containment=verdict.containment,
        rule=RULES[verdict.tier],
    )


def _with_document(
    document: Document, paragraph: Paragraph, judgement: Judgement, gone: DocumentVerdict
) -> RemovedRecord:
    """A paragraph that has no proof of its own and goes because its document does."""
    return RemovedRecord(
        **_span(document, paragraph, judgement),
        verdict="duplicate",
        reason="document",
        score=gone.proven,
        evidence={"survivor": gone.survivor, "share": gone.share, "proven": gone.proven},
        kept=Kept(run=gone.run, document=gone.survivor, paragraph=None, start=None, end=None),
        jaccard=None,
        containment=None,
        rule=RULES["document"],
    )


class _Span(TypedDict):
    document: str
    paragraph: int
    start: int
    end: int
    text: str
    kind: Kind


def _span(document: Document, paragraph: Paragraph, judgement: Judgement) -> _Span:
    """The fields in which all removals of a paragraph agree."""
    return _Span(
        document=document.id,
        paragraph=paragraph.index,
        start=paragraph.start,
        end=paragraph.end,
        text=document.text_of(paragraph),
        kind=judgement.kind,
    )


def _flag(verdict: ParagraphVerdict, evidence: Evidence) -> Flag:
    return Flag(
        verdict=verdict.tier,
        kept=_kept(verdict.kept),
        jaccard=verdict.jaccard,
        containment=verdict.containment,
        evidence=evidence,
    )


def rejected_record(letter: DeadLetter) -> RejectedRecord:
    """What is written of a dead letter."""
    return RejectedRecord(**msgspec.structs.asdict(letter))
