"""Bring a block's documents and verdicts together into output records."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple, TypedDict

import msgspec

from pipeline.outputs import (
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
from transforms.deciding import BlockVerdicts, DocumentVerdict, KeptParagraph, ParagraphVerdict
from transforms.document import Document, Evidence, Judgement, Kind, Paragraph
from transforms.evidence import duplicate_evidence
from transforms.restatements import Comparison, comparison_evidence
from transforms.staging import StagedContent

RULES: Mapping[str, str] = {
    "boilerplate": "boilerplate/1",
    "duplicate": "duplicate/1",
    "near-duplicate": "near-duplicate/1",
    "restatement": "restatement/1",
    "document": "document/1",
}
"""Name and version of the rule behind each verdict; a change of the rule raises the version."""

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
    by_paragraph = {(each.position, each.paragraph): each for each in verdicts.paragraphs}
    by_document = {each.position: each for each in verdicts.documents}
    comparisons = {
        (each.document, each.earlier, each.later): each.comparison for each in content.restated
    }
    records = Records([], [], [], [], Tally())
    order = sorted(range(len(content.documents)), key=lambda at: content.documents[at].id)
    for position in order:
        document = content.documents[position]
        own = {
            paragraph.index: by_paragraph[position, paragraph.index]
            for paragraph in document.paragraphs
            if (position, paragraph.index) in by_paragraph
        }
        evidence = {
            index: _evidence(document, verdict, comparisons, read_text)
            for index, verdict in own.items()
        }
        _assemble_document(document, own, evidence, by_document.get(position), records)
    for letter in sorted(content.rejected, key=lambda each: (each.source, each.record or "")):
        records.rejected.append(RejectedRecord(**msgspec.structs.asdict(letter)))
        records.sources.append(_rejected_source(letter.source, letter.record))
        _count(records.tally.statuses, "rejected")
        _count(records.tally.errors, letter.error)
        records.tally.records += 1
    records.sources.sort(key=lambda each: each.id)
    return records


def _evidence(
    document: Document,
    verdict: ParagraphVerdict,
    comparisons: Mapping[tuple[int, int, int], Comparison],
    read_text: ReadText,
) -> Evidence:
    if verdict.tier == "restatement":
        return comparison_evidence(
            comparisons[verdict.position, verdict.kept.paragraph, verdict.paragraph]
        )
    text = document.text_of(document.paragraphs[verdict.paragraph])
    return duplicate_evidence(text, read_text(verdict.kept))


def _kept(kept: KeptParagraph) -> Kept:
    return Kept(
        run=None,
        document=kept.document,
        paragraph=kept.paragraph,
        start=kept.start,
        end=kept.end,
    )


def _assemble_document(
    document: Document,
    verdicts: Mapping[int, ParagraphVerdict],
    evidence: Mapping[int, Evidence],
    gone: DocumentVerdict | None,
    records: Records,
) -> None:
    kept: list[KeptSpan] = []
    removed: list[RemovedRecord] = []
    for paragraph, judgement in zip(document.paragraphs, document.judgements, strict=True):
        verdict = verdicts.get(paragraph.index)
        if judgement.verdict == "boilerplate":
            removed.append(_boilerplate(document, paragraph, judgement))
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
                _count(records.tally.reported, verdict.tier)
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
    text = "\n\n".join(span.text for span in kept)
    status: Status = "duplicate" if gone is not None else "kept" if kept else "emptied"
    if kept:
        records.documents.append(
            DocumentRecord(
                id=document.id,
                source=document.source,
                url=document.url,
                title=document.title,
                author=document.author,
                site=document.site,
                published=document.published,
                language=document.language,
                text=text,
                paragraphs=tuple(kept),
                characters_in=len(document.text),
                characters_out=len(text),
                sha256=_sha256(text),
            )
        )
    records.removed.extend(removed)
    records.sources.append(
        SourceRecord(
            id=document.id,
            source=document.source,
            record=document.record,
            status=status,
            site=document.site,
            published=document.published,
            language=document.language,
            characters=len(document.text),
            sha256=_sha256(document.text),
            encoding=document.encoding,
            changes=document.changes,
            replaced_at=document.replaced_at,
            white_space=tuple(_white_space(document)),
            survivor=gone.survivor if gone is not None else None,
            share=gone.share if gone is not None else None,
        )
    )
    _tally_document(records.tally, document, status, text, kept, removed)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _white_space(document: Document) -> Iterator[str]:
    end = 0
    for paragraph in document.paragraphs:
        yield document.text[end : paragraph.start]
        end = paragraph.end
    yield document.text[end:]


def _boilerplate(document: Document, paragraph: Paragraph, judgement: Judgement) -> RemovedRecord:
    return RemovedRecord(
        **_span(document, paragraph, judgement),
        verdict="boilerplate",
        reason=judgement.reason or "other",
        score=judgement.score,
        evidence=judgement.evidence,
        kept=None,
        jaccard=None,
        containment=None,
        rule=RULES["boilerplate"],
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
        score=gone.share,
        evidence={"survivor": gone.survivor, "share": gone.share},
        kept=Kept(run=None, document=gone.survivor, paragraph=None, start=None, end=None),
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


def _rejected_source(source: str, record: str | None) -> SourceRecord:
    return SourceRecord(
        id=source if record is None else f"{source}#{record}",
        source=source,
        record=record,
        status="rejected",
        site=None,
        published=None,
        language=None,
        characters=None,
        sha256=None,
        encoding=None,
        changes={},
        replaced_at=(),
        white_space=(),
        survivor=None,
        share=None,
    )


def _count(counts: dict[str, int], name: str, by: int = 1) -> None:
    counts[name] = counts.get(name, 0) + by


def _tally_document(
    tally: Tally,
    document: Document,
    status: Status,
    text: str,
    kept: list[KeptSpan],
    removed: list[RemovedRecord],
) -> None:
    tally.records += 1
    _count(tally.statuses, status)
    tally.characters_in += len(document.text)
    tally.characters_out += len(text)
    tally.paragraphs_in += len(document.paragraphs)
    tally.paragraphs_out += len(kept)
    if kept:
        _count(tally.verdicts, "keep", len(kept))
    for span in kept:
        for flag in span.flags:
            _count(tally.flags, flag.verdict)
    for record in removed:
        _count(tally.verdicts, record.verdict)
        judged = record.verdict == "boilerplate"
        if judged:
            _count(tally.reasons, record.reason)
        name: str = record.reason if judged else record.verdict
        _count(tally.removed_characters, name, record.end - record.start)
    for name, count in document.changes.items():
        _count(tally.changes, name, count)
