"""Read an output block by block: a report holds one block at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import msgspec

from pipeline.errors import RunError, UserError
from pipeline.loading import ContractError, Output, read_output
from pipeline.outputs import (
    FOLDERS,
    FORMAT_VERSION,
    MANIFEST,
    DocumentRecord,
    FileEntry,
    KeptSpan,
    Manifest,
    RemovedRecord,
    SourceRecord,
    lies_inside,
)
from transforms.settings import Settings

Place = tuple[str, int]
"""A document's id and the index of a paragraph in it."""


class Whole(NamedTuple):
    """What an output says of one document."""

    source: SourceRecord
    document: DocumentRecord | None
    """``None`` where nothing stays, or where documents are plain text."""
    removed: list[RemovedRecord]

    @property
    def id(self) -> str:
        """The document's id."""
        return self.source.id

    @property
    def paragraphs(self) -> int:
        """How many it has, kept and removed."""
        return max(len(self.source.white_space) - 1, 0)

    @property
    def characters(self) -> int:
        """Characters of all its paragraphs, without the white space between them."""
        return (self.source.characters or 0) - sum(map(len, self.source.white_space))

    @property
    def characters_gone(self) -> int:
        """Those that went."""
        return sum(record.end - record.start for record in self.removed)

    @property
    def share_gone(self) -> float:
        """The share of its characters that went."""
        return self.characters_gone / self.characters if self.characters else 0.0

    def spans(self) -> dict[int, KeptSpan | RemovedRecord]:
        """Its paragraphs by index, as far as the output has their texts."""
        spans: dict[int, KeptSpan | RemovedRecord] = {}
        if self.document is not None:
            spans.update((span.index, span) for span in self.document.paragraphs)
        spans.update((record.paragraph, record) for record in self.removed)
        return dict(sorted(spans.items()))


def read_manifest(folder: Path) -> Manifest:
    """The manifest of an output.

    Raises:
        UserError: there is none, or it is of another version.
    """
    path = folder / MANIFEST
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except OSError as error:
        raise UserError(
            f"{folder} is no output of copydesk: it has no {MANIFEST}; name the --output of a run"
        ) from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise UserError(f"{path} is damaged, or of another version of copydesk: {error}") from error
    if manifest.format != FORMAT_VERSION:
        raise UserError(
            f"{path} has format {manifest.format}; this copydesk reads {FORMAT_VERSION}"
        )
    return manifest


def settings_of(manifest: Manifest) -> Settings:
    """The settings of a run.

    Raises:
        UserError: they are of another version.
    """
    try:
        return msgspec.convert(manifest.settings, Settings)
    except msgspec.ValidationError as error:
        raise UserError(
            f"the settings in {MANIFEST} are of another version of copydesk: {error}"
        ) from error


def read_blocks(
    folder: Path, manifest: Manifest, names: Container[str] = FOLDERS
) -> Iterator[Output]:
    """The records of an output, one block after the other.

    Args:
        names: the kinds of records that are wanted; documents that are plain
            text hold no records, and are left out.

    Raises:
        RunError: a file is missing, or not as a run writes it, or lies elsewhere.
    """
    settings = settings_of(manifest).output
    blocks: dict[str, list[FileEntry]] = defaultdict(list)
    for entry in manifest.files:
        if not lies_inside(entry.path):
            raise RunError(f"{folder} cannot be read: its {MANIFEST} names a file outside it")
        path = PurePosixPath(entry.path)
        name = path.parts[0]
        if name in names and not (settings.format == "text" and name == "documents"):
            blocks[path.name.partition(".")[0]].append(entry)
    for block in sorted(blocks):
        try:
            yield read_output(folder, blocks[block], settings)
        except (ContractError, OSError) as error:
            raise RunError(
                f"{folder} cannot be read: {error}; copydesk verify says what is wrong with it"
            ) from error


def wholes(block: Output) -> Iterator[Whole]:
    """The documents of a block, those that were rejected left out."""
    kept = {document.id: document for document in block.documents}
    removed: dict[str, list[RemovedRecord]] = defaultdict(list)
    for record in block.removed:
        removed[record.document].append(record)
    for source in block.sources:
        if source.status != "rejected":
            yield Whole(source, kept.get(source.id), removed.get(source.id, []))
