"""Output records of each kind, for tests of how they are written and read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from pipeline.outputs import (
    DocumentRecord,
    Flag,
    Kept,
    KeptSpan,
    RejectedRecord,
    RemovedRecord,
    SourceRecord,
)
from transforms.document import Evidence

KEPT = Kept(run=None, document="a/ü.txt", paragraph=2, start=0, end=31)
WHOLE = Kept(run=None, document="b", paragraph=None, start=None, end=None)
EVIDENCE: Evidence = {"shared_words": 9, "only_removed": ['"', "é\n"], "below": [], "jaccard": 0.5}


def document(
    id: str, text: str = "One.\n\nTwo.", *, flags: tuple[Flag, ...] = ()
) -> DocumentRecord:
    """A kept document of one paragraph."""
    span = KeptSpan(index=1, kind="paragraph", text=text, start=3, end=3 + len(text), flags=flags)
    return DocumentRecord(
        id=id,
        source=id,
        url=None,
        title="A title",
        author=None,
        site="herald.example",
        published="2019-02-16",
        fetched="2019-02-17T10:00:00Z",
        language="en",
        text=text,
        paragraphs=(span,),
        characters_in=len(text) + 3,
        characters_out=len(text),
        sha256="0" * 64,
    )


def flag() -> Flag:
    """A mark on a paragraph that is told in other words elsewhere."""
    return Flag(
        verdict="restatement", kept=KEPT, jaccard=0.25, containment=1.0, evidence={"vetoes": ["ü"]}
    )


def removal(
    document: str,
    paragraph: int = 0,
    *,
    kept: Kept | None = KEPT,
    evidence: Evidence = EVIDENCE,
) -> RemovedRecord:
    """A removed near-duplicate, or boilerplate where nothing is kept for it."""
    return RemovedRecord(
        document=document,
        paragraph=paragraph,
        start=0,
        end=3,
        text="Ü\x00\U0001f600",
        kind="paragraph",
        verdict="boilerplate" if kept is None else "near-duplicate",
        reason="counter" if kept is None else "copy",
        score=1.0,
        evidence=evidence,
        kept=kept,
        jaccard=None if kept is None else 0.8125,
        containment=None if kept is None else 1 / 3,
        rule="near-duplicate/5",
    )


def letter(source: str, record: str | None = None) -> RejectedRecord:
    """A dead letter."""
    return RejectedRecord(
        source=source, record=record, offset=None, error="empty-record", message="m", sample=""
    )


def source(id: str, changes: Mapping[str, int]) -> SourceRecord:
    """A record that was read, all that may be missing missing."""
    return SourceRecord(
        id=id,
        source=id,
        record=None,
        status="kept",
        url=None,
        site=None,
        published=None,
        fetched=None,
        headers=("Content-Type: text/html",),
        language=None,
        characters=None,
        sha256=None,
        encoding="utf-8",
        changes=dict(changes),
        replaced_at=(0, 2**40),
        white_space=("", "\n", "\t\n"),
        survivor=None,
        survivor_run=None,
        means=None,
        share=None,
        proven=0.1,
    )


EVERY_KIND: Sequence[Sequence[msgspec.Struct]] = (
    [document("a"), document("b", "", flags=(flag(), flag())), document("ü", "Ü \U0001f600")],
    [removal("a"), removal("a", 10, kept=None, evidence={}), removal("b", kept=WHOLE)],
    [letter("a.jsonl"), letter("a.jsonl", "0"), letter("a.jsonl", "17")],
    [source("a", {}), source("b", {"surrogates": 2, "head": 1})],
)
"""Records of each kind, in the order of a part file."""
