"""Count output records: what the manifest states, and what a check counts again."""

from __future__ import annotations

from collections.abc import Iterable

from transforms.records import DocumentRecord, RejectedRecord, RemovedRecord, SourceRecord, Tally


def count(counts: dict[str, int], name: str, by: int = 1) -> None:
    """Add to the count of a name."""
    counts[name] = counts.get(name, 0) + by


def tally_document(
    tally: Tally,
    source: SourceRecord,
    document: DocumentRecord | None,
    removed: Iterable[RemovedRecord],
) -> None:
    """Add a document that was read, all but what is only reported: no record tells that."""
    tally.records += 1
    count(tally.statuses, source.status)
    if source.status != "duplicate" and source.means is not None:
        count(tally.near_copies, source.means)
    tally.characters_in += source.characters or 0
    for change, times in source.changes.items():
        count(tally.changes, change, times)
    if document is not None:
        tally.characters_out += document.characters_out
        tally.paragraphs_in += len(document.paragraphs)
        tally.paragraphs_out += len(document.paragraphs)
        count(tally.verdicts, "keep", len(document.paragraphs))
        for span in document.paragraphs:
            for flag in span.flags:
                count(tally.flags, flag.verdict)
    for record in removed:
        tally.paragraphs_in += 1
        count(tally.verdicts, record.verdict)
        judged = record.verdict == "boilerplate"
        if judged:
            count(tally.reasons, record.reason)
        name: str = record.reason if judged else record.verdict
        count(tally.removed_characters, name, record.end - record.start)


def tally_rejected(tally: Tally, letter: RejectedRecord) -> None:
    """Add a dead letter."""
    tally.records += 1
    count(tally.statuses, "rejected")
    count(tally.errors, letter.error)
