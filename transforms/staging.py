"""The run's staging folder: where text waits while its fingerprints travel.

A worker writes the judged documents and the fingerprints of a block here and
emits a small :class:`StagedBlock`; later steps read the block back through
that record, never through a guessed path.  Documents themselves cross no
shuffle.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import secrets
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from transforms.columns import Packed, read_columns, write_columns
from transforms.document import DeadLetter, Document
from transforms.fingerprints import Fingerprints, ReadFingerprints
from transforms.restatements import Comparison
from transforms.shuffling import ShuffleError, ShuffleFile, check_shuffle, encode_shuffle
from transforms.sketches import Sketches

_PROBE_NAME: Final = "probe"

FINISHED: Final = ".finished"
"""How the name of the record of a finished block ends; see :mod:`transforms.finished`."""
_COUNT: Final = ".count"
"""How the name of the file ends that says how many blocks came of a plan."""
TOLD: Final = ".told"
"""How the names of the files end in which a run's progress is told."""
_OF_BLOCKS: Final = (".content", ".fingerprints", ".sightings", ".sketches", FINISHED, _COUNT)
"""How the names of files end that the next run can use; all others go."""

_OPEN_FILES: Final = 32
"""Staged files of each kind that a process keeps mapped: mapping one again costs a tenth of a
millisecond, and the pages that were looked at count as the process's memory while it is mapped."""


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
    sightings: ShuffleFile
    """Its rows and documents in their buckets; see :mod:`transforms.sightings`."""
    sketches: StagedFile | None = None
    """``None`` where restatements are looked for inside documents only."""
    earlier: bool = False
    """Its rows were kept by earlier runs: they are compared with tonight's alone."""


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
        """Make the folder, or take over what an interrupted run staged in it; leave the probe.

        Whoever still writes for that run finds another probe when it looks.
        """
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.iterdir():
            if path.suffix not in _OF_BLOCKS:
                path.unlink()
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
                "output (of CleanDocuments: its staging) on storage that all workers share"
            ) from error
        if seen != self.token:
            raise StagingError(
                f"a worker sees another folder at {self.folder}: put the output (of "
                "CleanDocuments: its staging) on storage that all workers share"
            )

    def write(
        self,
        content: StagedContent,
        prints: Fingerprints,
        sightings: Sequence[NDArray[np.void]],
        sketches: Sketches | None = None,
        *,
        earlier: bool = False,
    ) -> StagedBlock:
        """Stage a block; a second attempt at the same block replaces the first."""
        stem = block_stem(prints.block)
        return StagedBlock(
            prints.block,
            self.put(f"{stem}.content", _encode_content(content)),
            self.put(f"{stem}.fingerprints", prints.to_bytes()),
            self.shuffle(f"{stem}.sightings", sightings),
            None if sketches is None else self.put(f"{stem}.sketches", sketches.to_bytes()),
            earlier,
        )

    def shuffle(self, name: str, partitions: Sequence[NDArray[np.void]]) -> ShuffleFile:
        """Leave the records of each partition for its reader.

        Args:
            name: of the writer; a second attempt replaces the first.
        """
        parts, slices = encode_shuffle(partitions)
        return ShuffleFile(self._write(name, parts), slices)

    def keep_count(self, plan: int, blocks: int) -> None:
        """Leave how many blocks came of a plan; a second attempt gives the same."""
        self.put(_count_name(plan), b"%d" % blocks)

    def count_of(self, plan: int) -> int | None:
        """How many blocks came of a plan, if an interrupted run came to its end."""
        try:
            return int(Path(self.folder, _count_name(plan)).read_bytes())
        except (OSError, ValueError):
            return None

    def put(self, name: str, data: bytes) -> StagedFile:
        """Write a file, which is there whole or not at all; a second attempt replaces the first."""
        return StagedFile(self._write(name, [data]), hashlib.sha256(data).hexdigest())

    def _write(self, name: str, parts: Iterable[bytes | memoryview]) -> str:
        path = os.path.join(self.folder, name)
        attempt = f"{path}.{secrets.token_hex(8)}"
        with open(attempt, "xb") as file:
            file.writelines(parts)
        os.replace(attempt, path)
        return path


def _count_name(plan: int) -> str:
    return f"plan-{plan:08d}{_COUNT}"


def block_stem(index: int) -> str:
    """How the names of the files of a block begin."""
    return f"block-{index:08d}"


def is_sound(block: StagedBlock, staging: Staging) -> bool:
    """Whether every file of a block is in this staging folder, as it was written."""
    files = [block.content, block.fingerprints]
    if block.sketches is not None:
        files.append(block.sketches)
    paths = [*(file.path for file in files), block.sightings.path]
    if any(os.path.dirname(path) != staging.folder for path in paths):
        return False
    try:
        for file in files:
            _check(file)
        check_shuffle(block.sightings)
    except (StagingError, ShuffleError):
        return False
    _sound.update(files)
    return True


_sound: set[StagedFile] = set()
"""Files whose digest this process has checked."""


def _check(staged: StagedFile) -> None:
    """Raise :class:`StagingError` unless the file is there as it was written."""
    try:
        with open(staged.path, "rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(staged, error) from error
    if digest != staged.sha256:
        raise StagingError(
            f"the staged block {staged.path} is not what was written: run again on sound storage"
        )


def _unreadable(staged: StagedFile, error: OSError) -> StagingError:
    return StagingError(
        f"cannot read the staged block {staged.path} ({error.strerror}): was the run's staging"
        " folder removed while it ran?"
    )


def _map(staged: StagedFile) -> mmap.mmap:
    """The file's bytes where they lie; the digest is checked once a process."""
    if staged not in _sound:
        _check(staged)
        _sound.add(staged)
    try:
        with open(staged.path, "rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except OSError as error:
        raise _unreadable(staged, error) from error


_DOCUMENT: Final = msgspec.msgpack.Decoder(Document)


class _Rest(msgspec.Struct, frozen=True):
    """What is staged of a block beside its documents."""

    rejected: tuple[DeadLetter, ...]
    restated: tuple[Restated, ...]


def _encode_content(content: StagedContent) -> bytes:
    documents = Packed.of(map(msgspec.msgpack.encode, content.documents), _DOCUMENT.decode)
    rest = msgspec.msgpack.encode(_Rest(content.rejected, content.restated))
    return write_columns(
        {
            "document_bytes": documents.data,
            "document_offsets": documents.offsets,
            "rest": np.frombuffer(rest, np.uint8),
        }
    )


def _documents(columns: Mapping[str, NDArray[Any]]) -> Packed[Document]:
    return Packed(columns["document_bytes"], columns["document_offsets"], _DOCUMENT.decode)


def read_content(block: StagedBlock) -> StagedContent:
    """The documents and dead letters of a staged block."""
    columns = _mapped_content(block.content)
    rest = msgspec.msgpack.decode(columns["rest"].tobytes(), type=_Rest)
    return StagedContent(tuple(_documents(columns)), rest.rejected, rest.restated)


def read_documents(block: StagedBlock, positions: Iterable[int]) -> dict[int, Document]:
    """Some documents of a staged block by their position; the others are not read."""
    documents = _documents(_mapped_content(block.content))
    return {at: documents[at] for at in positions}


@lru_cache(maxsize=_OPEN_FILES)
def _mapped_content(staged: StagedFile) -> dict[str, NDArray[Any]]:
    return read_columns(_map(staged))


@lru_cache(maxsize=_OPEN_FILES)
def _mapped_fingerprints(staged: StagedFile) -> Fingerprints:
    return Fingerprints.from_buffer(_map(staged))


@lru_cache(maxsize=_OPEN_FILES)
def _mapped_sketches(staged: StagedFile) -> Sketches:
    return Sketches.from_buffer(_map(staged))


def by_index(staged: Iterable[StagedBlock]) -> dict[int, StagedBlock]:
    """Staged blocks by their index."""
    return {block.index: block for block in staged}


def reader(staged: Iterable[StagedBlock]) -> ReadFingerprints:
    """What gives the fingerprints of staged blocks by their index."""
    return partial(read_fingerprints, by_index(staged))


def read_fingerprints(blocks: Mapping[int, StagedBlock], index: int) -> Fingerprints:
    """The fingerprints of block ``index``, whose arrays are read where they are looked at."""
    return _mapped_fingerprints(blocks[index].fingerprints)


def read_sketches(blocks: Mapping[int, StagedBlock], index: int) -> Sketches:
    """The sketches of block ``index``, whose arrays are read where they are looked at."""
    staged = blocks[index].sketches
    if staged is None:
        raise StagingError(f"block {index} was staged without sketches")
    return _mapped_sketches(staged)
