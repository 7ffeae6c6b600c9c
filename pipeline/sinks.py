"""Write the records of a block: part files, or a plain text file for each document."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol

import msgspec

from pipeline.compression import SUFFIXES, Codec, chosen_codec, compress
from pipeline.outputs import STAGING, DocumentRecord, FileEntry
from pipeline.part_formats import PartFormat, part_format
from transforms.settings import OutputSettings

# Longest file name that every common file system takes is 255 bytes; the slug
# leaves room for the digest and the suffix of an unfinished attempt.
_MAX_SLUG: Final = 120
_MARK_BYTES: Final = 16
"""Of a digest of the id; for half of them two ids that agree can be found in a day."""
_PLAIN: Final = re.compile(r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9_])?")
_NOT_PLAIN: Final = re.compile(r"[^a-z0-9_]+")
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)")


class Sink(Protocol):
    """A way to write the records of one block."""

    def write(self, folder: Path, block: int, records: Sequence[msgspec.Struct]) -> list[FileEntry]:
        """Write records into ``folder`` (``documents``, say); entries are relative to its parent.

        A second attempt at the same block replaces the files of the first.
        """


class PartFiles(msgspec.Struct, frozen=True):
    """One part file a block."""

    format: PartFormat

    def write(self, folder: Path, block: int, records: Sequence[msgspec.Struct]) -> list[FileEntry]:
        """Write ``part-00000.jsonl``, say, or nothing where there are no records."""
        if not records:
            return []
        path = folder / f"part-{block:05d}{self.format.suffix}"
        return [_write(path, self.format.encode(records), len(records))]


class TextFiles(msgspec.Struct, frozen=True):
    """One ``.txt`` a document, UTF-8, its paragraphs parted by blank lines."""

    codec: Codec

    def write(
        self,
        folder: Path,
        block: int,  # noqa: ARG002 - a document is a file whatever its block
        records: Sequence[msgspec.Struct],
    ) -> list[FileEntry]:
        """Write one file for each :class:`DocumentRecord`."""
        suffix = f".txt{SUFFIXES[self.codec]}"
        return [
            _write(
                folder / f"{file_stem(record.id)}{suffix}",
                compress(record.text.encode() + b"\n", self.codec),
                1,
            )
            for record in records
            if isinstance(record, DocumentRecord)
        ]


def document_sink(settings: OutputSettings) -> Sink:
    """The sink for documents."""
    if settings.format == "text":
        return TextFiles(chosen_codec(settings))
    return record_sink(settings)


def record_sink(settings: OutputSettings) -> Sink:
    """The sink for all records but documents."""
    return PartFiles(part_format(settings))


def file_stem(id: str) -> str:
    """A file name for a document that no other id gives, on any file system.

    An id of plain lower-case names stays readable as it is; any other gets a
    digest of itself, so that ids that differ in case or form never meet.

    >>> file_stem("000_33c2.txt")
    '000_33c2.txt'
    >>> file_stem("News/A.txt") == file_stem("news/a.txt")
    False
    """
    if len(id) <= _MAX_SLUG and _PLAIN.fullmatch(id) and not _RESERVED.match(id):
        return id
    slug = _NOT_PLAIN.sub("-", id.lower()).strip("-")[:_MAX_SLUG] or "document"
    mark = hashlib.blake2b(id.encode(), digest_size=_MARK_BYTES).hexdigest()
    return f"{slug}~{mark}"


def _write(path: Path, data: bytes, records: int) -> FileEntry:
    # An attempt that dies leaves its file in staging, which is never published.
    staging = path.parents[1] / STAGING
    for folder in (path.parent, staging):
        folder.mkdir(parents=True, exist_ok=True)
    attempt = staging / f"{path.name}.{secrets.token_hex(8)}"
    attempt.write_bytes(data)
    os.replace(attempt, path)
    return FileEntry(
        path=f"{path.parent.name}/{path.name}",
        records=records,
        sha256=hashlib.sha256(data).hexdigest(),
    )
