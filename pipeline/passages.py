"""The paragraphs of one cleaned document, each with what became of it and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.report.families import family_of, label_of
from transforms.assemble import assemble
from transforms.deciding import KeptParagraph, ParagraphVerdict
from transforms.document import Document, Judgement
from transforms.records import Flag, KeptSpan, RemovedRecord
from transforms.single import Cleaned


class Passage(NamedTuple):
    """A paragraph and what becomes of it."""

    paragraph: int
    """Index in its document."""
    text: str
    judgement: Judgement
    verdict: ParagraphVerdict | None
    """What another paragraph means for it."""
    removed: RemovedRecord | None
    """What a run would write of it, if it goes."""
    flag: Flag | None
    """What marks it, if it stays with a mark."""

    @property
    def mark(self) -> str:
        """One character: it goes, stays, is marked or only reported."""
        if self.removed is not None:
            return "-"
        if self.flag is not None:
            return "~"
        return " " if self.verdict is None else "?"

    @property
    def label(self) -> str:
        """Why it goes or is marked, else what it is."""
        if self.removed is not None:
            return label_of(self.removed.verdict, self.removed.reason)
        return str(self.judgement.kind) if self.verdict is None else self.verdict.tier

    @property
    def family(self) -> str | None:
        """The family of its reason; ``None`` if it stays without a mark."""
        if self.removed is not None:
            return family_of(self.removed.verdict, self.removed.reason)
        return None if self.verdict is None else self.verdict.tier


class Inspected(NamedTuple):
    """A document and its paragraphs, in reading order."""

    document: Document
    passages: Sequence[Passage]

    @property
    def kept(self) -> int:
        """How many paragraphs stay."""
        return sum(passage.removed is None for passage in self.passages)


def inspected(cleaned: Cleaned) -> Inspected:
    """The first document of a block that is the corpus."""
    document = cleaned.content.documents[0]

    def read_text(kept: KeptParagraph) -> str:
        return document.text[kept.start : kept.end]

    records = assemble(cleaned.content, cleaned.verdicts, read_text)
    removed = {record.paragraph: record for record in records.removed}
    spans: dict[int, KeptSpan] = {
        span.index: span for record in records.documents for span in record.paragraphs
    }
    verdicts = {verdict.paragraph: verdict for verdict in cleaned.verdicts.paragraphs}
    passages = []
    for paragraph, judgement in zip(document.paragraphs, document.judgements, strict=True):
        index = paragraph.index
        flags = spans[index].flags if index in spans else ()
        passages.append(
            Passage(
                index,
                document.text_of(paragraph),
                judgement,
                verdicts.get(index),
                removed.get(index),
                flags[0] if flags else None,
            )
        )
    return Inspected(document, passages)
