"""Outputs that are written record by record, for tests of the report that need no run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from pipeline.outputs import (
    FORMAT_VERSION,
    MANIFEST,
    DocumentRecord,
    FileEntry,
    Flag,
    Kept,
    KeptSpan,
    Manifest,
    RejectedRecord,
    RemovedRecord,
    SourceRecord,
    Tally,
)
from pipeline.report.reading import Whole
from pipeline.settings import settings_hash
from pipeline.sinks import record_sink
from transforms.document import Verdict
from transforms.settings import Settings


def kept_by(document: str, paragraph: int | None, run: str | None = None) -> Kept:
    """The kept paragraph at a place."""
    return Kept(run=run, document=document, paragraph=paragraph, start=None, end=None)


def stays(text: str, flags: tuple[Flag, ...] = ()) -> KeptSpan:
    """A paragraph that stays; :func:`whole` gives it its place."""
    return KeptSpan(index=0, kind="paragraph", text=text, start=0, end=0, flags=flags)


def went(text: str, verdict: Verdict, reason: Any, score: float, **fields: Any) -> RemovedRecord:
    """A paragraph that went; :func:`whole` gives it its place."""
    others: dict[str, Any] = {
        "kind": "paragraph",
        "evidence": {},
        "kept": None,
        "jaccard": score if verdict != "boilerplate" else None,
        "containment": None,
        "rule": f"{verdict}/1",
        **fields,
    }
    return RemovedRecord(
        document="",
        paragraph=0,
        start=0,
        end=0,
        text=text,
        verdict=verdict,
        reason=reason,
        score=score,
        **others,
    )


def marked(verdict: Verdict, kept: Kept, jaccard: float, **evidence: Any) -> Flag:
    """A flag of a paragraph that stays."""
    return Flag(verdict=verdict, kept=kept, jaccard=jaccard, containment=1.0, evidence=evidence)


def whole(id: str, spans: Sequence[KeptSpan | RemovedRecord], **source: Any) -> Whole:
    """A document of these paragraphs, one a line."""
    kept: list[KeptSpan] = []
    removed: list[RemovedRecord] = []
    start = 0
    for index, span in enumerate(spans):
        end = start + len(span.text)
        if isinstance(span, KeptSpan):
            kept.append(msgspec.structs.replace(span, index=index, start=start, end=end))
        else:
            removed.append(
                msgspec.structs.replace(span, document=id, paragraph=index, start=start, end=end)
            )
        start = end + 1
    fields: dict[str, Any] = {
        "status": "kept" if kept else "emptied",
        "url": None,
        "site": None,
        "published": None,
        "fetched": None,
        "headers": (),
        "language": "en",
        "encoding": "utf-8",
        "changes": {},
        "survivor": None,
        "survivor_run": None,
        "means": None,
        "share": None,
        "proven": None,
        **source,
    }
    record = SourceRecord(
        id=id,
        source=id,
        record=None,
        characters=max(start - 1, 0),
        sha256=None,
        replaced_at=(),
        white_space=("", *["\n"] * (len(spans) - 1), ""),
        **fields,
    )
    document = DocumentRecord(
        id=id,
        source=id,
        url=record.url,
        title=None,
        author=None,
        site=record.site,
        published=record.published,
        fetched=record.fetched,
        language=record.language,
        text="\n\n".join(span.text for span in kept),
        paragraphs=tuple(kept),
        characters_in=record.characters or 0,
        characters_out=0,
        sha256="",
    )
    return Whole(record, document if kept else None, removed)


def write_output(
    folder: Path,
    wholes: Iterable[Whole],
    letters: Sequence[RejectedRecord] = (),
    settings: Settings | None = None,
    in_block: int = 1_000,
) -> Path:
    """An output of these documents, so many to a block."""
    settings = settings or Settings()
    ordered = sorted(wholes, key=lambda each: each.id)
    files: list[FileEntry] = []
    folder.mkdir()
    for block, first in enumerate(range(0, max(len(ordered), 1), in_block)):
        some = ordered[first : first + in_block]
        kinds: dict[str, list[Any]] = {
            "documents": [each.document for each in some if each.document is not None],
            "removed": [record for each in some for record in each.removed],
            "sources": [each.source for each in some],
            "rejected": list(letters) if block == 0 else [],
        }
        for name, records in kinds.items():
            files += record_sink(settings.output).write(folder / name, block, records)
    counts = Tally(records=len(ordered) + len(letters), statuses={"kept": len(ordered)})
    for letter in letters:
        counts.errors[letter.error] = counts.errors.get(letter.error, 0) + 1
    manifest = Manifest(
        copydesk="0",
        format=FORMAT_VERSION,
        settings=msgspec.to_builtins(settings),
        settings_sha256=settings_hash(settings),
        run=None,
        history=(),
        counts=counts,
        files=tuple(sorted(files, key=lambda each: each.path)),
    )
    (folder / MANIFEST).write_bytes(msgspec.json.encode(manifest))
    return folder
