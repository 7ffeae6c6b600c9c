"""Count what each source loses, with examples: what the guards hold to their limits."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from pipeline.outputs import STAGING, DocumentRecord, RemovedRecord, SourceRecord

EXAMPLES: Final = 3
"""Removals that are shown of a source."""

_EXAMPLE_CHARACTERS: Final = 200
"""Of a removed text so much is shown."""

_FILE: Final = "losses.msgpack"

_NO_FOLDER: Final = "(no folder)"
"""The source of files that lie directly in the folder that was given."""


class Example(msgspec.Struct, frozen=True, order=True):
    """A removal to look at; the smaller is the more telling."""

    judged: bool
    """It went as boilerplate, not as a duplicate."""
    less: int
    """Minus the length of the text: long ones come first."""
    document: str
    paragraph: int
    verdict: str
    """With the reason, where it is boilerplate."""
    text: str
    """The beginning of the text, on one line."""
    kept: str | None
    """The document that has the paragraph still."""
    kept_paragraph: int | None


class Loss(msgspec.Struct):
    """What a source loses; losses add up."""

    documents: int = 0
    """Documents that were read."""
    documents_gone: int = 0
    """Those that go whole or are left empty."""
    paragraphs: int = 0
    """Paragraphs that are no boilerplate."""
    paragraphs_gone: int = 0
    """Those that go as duplicates, each by itself or with its document."""
    characters: int = 0
    """Characters of all paragraphs."""
    characters_gone: int = 0
    """Those that go as boilerplate."""
    examples: tuple[Example, ...] = ()

    @property
    def of_documents(self) -> float:
        """Share of the documents that go."""
        return _share(self.documents_gone, self.documents)

    @property
    def of_paragraphs(self) -> float:
        """Share of the paragraphs that go as duplicates."""
        return _share(self.paragraphs_gone, self.paragraphs)

    @property
    def of_characters(self) -> float:
        """Share of the characters that go as boilerplate."""
        return _share(self.characters_gone, self.characters)

    def add(self, other: Loss) -> None:
        """Add another loss to this one."""
        self.documents += other.documents
        self.documents_gone += other.documents_gone
        self.paragraphs += other.paragraphs
        self.paragraphs_gone += other.paragraphs_gone
        self.characters += other.characters
        self.characters_gone += other.characters_gone
        if other.examples:
            self.examples = tuple(sorted({*self.examples, *other.examples})[:EXAMPLES])


Losses = dict[str, Loss]
"""Losses by source."""


def source_name(record: SourceRecord) -> str:
    """What counts as a document's source: its site, else the first folder of its path.

    What lies in no folder counts together, but for the records of a container,
    which is a source.
    """
    if record.site is not None:
        return record.site
    folder, slash, _ = record.source.partition("/")
    if slash:
        return folder + slash
    return _NO_FOLDER if record.record is None else record.source


def count_losses(
    sources: Iterable[SourceRecord],
    documents: Iterable[DocumentRecord],
    removed: Iterable[RemovedRecord],
) -> Losses:
    """The losses of the sources in a block, from its output records."""
    kept = {document.id: document for document in documents}
    gone: dict[str, list[RemovedRecord]] = defaultdict(list)
    for record in removed:
        gone[record.document].append(record)
    losses: Losses = {}
    for source in sources:
        if source.status != "rejected":
            loss = _document_loss(source, kept.get(source.id), gone[source.id])
            losses.setdefault(source_name(source), Loss()).add(loss)
    return losses


def _document_loss(
    source: SourceRecord, document: DocumentRecord | None, removed: Sequence[RemovedRecord]
) -> Loss:
    loss = Loss(documents=1, documents_gone=int(source.status in ("emptied", "duplicate")))
    spans = document.paragraphs if document is not None else ()
    loss.paragraphs = len(spans)
    loss.characters = sum(span.end - span.start for span in spans)
    for record in removed:
        length = record.end - record.start
        loss.characters += length
        if record.verdict == "boilerplate":
            loss.characters_gone += length
        else:
            loss.paragraphs += 1
            loss.paragraphs_gone += 1
    loss.examples = tuple(map(_example, heapq.nsmallest(EXAMPLES, removed, key=_rank)))
    return loss


def _rank(record: RemovedRecord) -> tuple[bool, int, int]:
    """The order of the examples of one document, before they are made."""
    return record.verdict == "boilerplate", record.start - record.end, record.paragraph


def _example(record: RemovedRecord) -> Example:
    judged = record.verdict == "boilerplate"
    return Example(
        judged=judged,
        less=record.start - record.end,
        document=record.document,
        paragraph=record.paragraph,
        verdict=f"{record.verdict} ({record.reason})" if judged else record.verdict,
        text=" ".join(record.text[: _EXAMPLE_CHARACTERS + 1].split()),
        kept=record.kept.document if record.kept is not None else None,
        kept_paragraph=record.kept.paragraph if record.kept is not None else None,
    )


def add_losses(total: Losses, other: Mapping[str, Loss]) -> None:
    """Add the losses of a block to those of the run."""
    for name, loss in other.items():
        total.setdefault(name, Loss()).add(loss)


def write_losses(folder: Path, losses: Losses) -> None:
    """Leave the losses of a run in its staging folder: they are not published."""
    (folder / STAGING / _FILE).write_bytes(msgspec.msgpack.encode(losses))


def read_losses(folder: Path) -> Losses:
    """What :func:`write_losses` left in an output that is not published yet."""
    return msgspec.msgpack.decode((folder / STAGING / _FILE).read_bytes(), type=Losses)


def whole_loss(losses: Losses) -> Loss:
    """The loss of the run."""
    whole = Loss()
    for loss in losses.values():
        whole.add(loss)
    return whole


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
