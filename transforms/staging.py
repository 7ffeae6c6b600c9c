"""The run's staging folder: where text waits while its fingerprints travel.

A worker writes the judged documents and the fingerprints of a block here and
emits a small :class:`StagedBlock`; later steps read the block back through
that record, never through a guessed path.  Documents themselves cross no
shuffle.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

import msgspec

from transforms.document import DeadLetter, Document
from transforms.fingerprints import Fingerprints
from transforms.restatements import Comparison
from transforms.sketches import Sketches

_PROBE_NAME: Final = "probe"

# Fingerprints that a worker keeps open while it compares pairs of blocks.
_CACHED_BLOCKS: Final = 4


class StagingError(RuntimeError):
    """The staging folder does not hold what it should; the message says why."""


class StagedFile(msgspec.Struct, frozen=True):
    """A file in the staging folder, with the digest that it must have."""

    path: str
    sha256: str


class StagedBlock(msgspec.Struct, frozen=True):
    """Where a block waits."""

    index: int
    content: StagedFile
    fingerprints: StagedFile
    sketches: StagedFile | None = None
    """``None`` where restatements are looked for inside documents only."""


class Restated(msgspec.Struct, frozen=True):
    """Two paragraphs of one document that were compared, with what came of it."""

    document: int
    """Position of the document in its block."""
    earlier: int
    later: int
    """Indices of the paragraphs in the document."""
    comparison: Comparison


class StagedContent(msgspec.Struct, frozen=True):
    """What the last step needs of a block besides its verdicts."""

    documents: tuple[Document, ...]
    rejected: tuple[DeadLetter, ...]
    restated: tuple[Restated, ...]


class Staging(msgspec.Struct, frozen=True):
    """A folder that every worker must see."""

    folder: str
    token: str
    """What the probe file holds: another folder at the same path is found out."""

    @classmethod
    def create(cls, folder: Path) -> Staging:
        """Make the folder and leave the probe in it."""
        folder.mkdir(parents=True)
        token = secrets.token_hex(16)
        (folder / _PROBE_NAME).write_text(token, encoding="ascii")
        return cls(str(folder), token)

    def check(self) -> None:
        """Raise :class:`StagingError` unless this process sees the run's own folder."""
        probe = Path(self.folder, _PROBE_NAME)
        try:
            seen = probe.read_text(encoding="ascii")
        except OSError as error:
            raise StagingError(
                f"a worker cannot see the staging folder {self.folder} ({error.strerror}): put the "
                "output on storage that all workers share"
            ) from error
        if seen != self.token:
            raise StagingError(
                f"a worker sees another folder at {self.folder}: put the output on storage that "
                "all workers share"
            )

    def write(
        self, content: StagedContent, prints: Fingerprints, sketches: Sketches | None = None
    ) -> StagedBlock:
        """Stage a block; a second attempt at the same block replaces the first."""
        stem = f"block-{prints.block:08d}"
        return StagedBlock(
            prints.block,
            self._write(f"{stem}.content", msgspec.msgpack.encode(content)),
            self._write(f"{stem}.fingerprints", prints.to_bytes()),
            None if sketches is None else self._write(f"{stem}.sketches", sketches.to_bytes()),
        )

    def _write(self, name: str, data: bytes) -> StagedFile:
        path = os.path.join(self.folder, name)
        attempt = f"{path}.{secrets.token_hex(8)}"
        with open(attempt, "xb") as file:
            file.write(data)
        os.replace(attempt, path)
        return StagedFile(path, hashlib.sha256(data).hexdigest())


def _read(staged: StagedFile) -> bytes:
    try:
        data = Path(staged.path).read_bytes()
    except OSError as error:
        raise StagingError(
            f"cannot read the staged block {staged.path} ({error.strerror}): was the run's "
            "staging folder removed while it ran?"
        ) from error
    if hashlib.sha256(data).hexdigest() != staged.sha256:
        raise StagingError(
            f"the staged block {staged.path} is not what was written: run again on sound storage"
        )
    return data


def read_content(block: StagedBlock) -> StagedContent:
    """The documents and dead letters of a staged block."""
    return msgspec.msgpack.decode(_read(block.content), type=StagedContent)


class _RawDocuments(msgspec.Struct, frozen=True):
    """:class:`StagedContent` as far as its documents, which are not decoded yet."""

    documents: tuple[msgspec.Raw, ...]


def read_documents(block: StagedBlock, positions: Iterable[int]) -> dict[int, Document]:
    """Some documents of a staged block by their position; the others are not decoded."""
    raw = msgspec.msgpack.decode(_read(block.content), type=_RawDocuments).documents
    return {at: msgspec.msgpack.decode(raw[at], type=Document) for at in positions}


@lru_cache(maxsize=_CACHED_BLOCKS)
def _cached_fingerprints(staged: StagedFile) -> Fingerprints:
    return Fingerprints.from_bytes(_read(staged))


@lru_cache(maxsize=_CACHED_BLOCKS)
def _cached_sketches(staged: StagedFile) -> Sketches:
    return Sketches.from_bytes(_read(staged))


def by_index(staged: Iterable[StagedBlock]) -> dict[int, StagedBlock]:
    """Staged blocks by their index."""
    return {block.index: block for block in staged}


def read_fingerprints(blocks: Mapping[int, StagedBlock], index: int) -> Fingerprints:
    """The fingerprints of block ``index``, from a small cache where they were just read."""
    return _cached_fingerprints(blocks[index].fingerprints)


def read_sketches(blocks: Mapping[int, StagedBlock], index: int) -> Sketches:
    """The sketches of block ``index``, from a small cache where they were just read."""
    staged = blocks[index].sketches
    if staged is None:
        raise StagingError(f"block {index} was staged without sketches")
    return _cached_sketches(staged)
