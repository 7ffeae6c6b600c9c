"""Find the input and read it: what a run touches, and nothing else.

A source lists files and reads records; the rest of the program sees only
:class:`InputFile` and :class:`~transforms.document.Record`.
"""

from __future__ import annotations

import errno
import glob
import os
import re
import stat
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Literal, Protocol

import msgspec

from pipeline.errors import UserError
from transforms.block import Block, RecordError, dead_letter
from transforms.document import DeadLetter, Record
from transforms.settings import DecodeSettings

_MEDIA_TYPES: Final[dict[str, Literal["text/plain", "text/html"]]] = {
    ".txt": "text/plain",
    ".text": "text/plain",
    ".md": "text/plain",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
}
_UNSUPPORTED: Final[dict[str, str]] = {
    ".jsonl": "JSON Lines",
    ".ndjson": "JSON Lines",
    ".json": "JSON",
    ".csv": "CSV",
    ".tsv": "TSV",
    ".parquet": "Parquet",
    ".warc": "WARC",
    ".arc": "ARC",
    ".wet": "WET",
    ".gz": "gzip",
    ".zst": "Zstandard",
    ".bz2": "bzip2",
    ".xz": "xz",
}
_MAGIC: Final = re.compile(r"[*?\[]")
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]{1,15}://")


class InputFile(msgspec.Struct, frozen=True):
    """A file of the input."""

    path: str
    """Where it is on this machine; never written to the output."""
    source: str
    """Its path relative to what the user named, ``/`` between parts, escaped."""
    size: int


class BlockPlan(msgspec.Struct, frozen=True):
    """The slice of the sorted listing that one block holds."""

    index: int
    files: tuple[InputFile, ...]


class Source(Protocol):
    """A way to read one kind of file."""

    def records(self, file: InputFile) -> Iterator[Record | DeadLetter]:
        """Every record of a file; what cannot be read is a dead letter."""


def document_id(name: str) -> str:
    r"""The one escaping rule for ids and sources: what could mislead is percent-encoded.

    That is control, format and unassigned characters, ``%``, the backslash,
    bytes that are no UTF-8, and the path parts ``.`` and ``..``.  Everything
    else stays, so ids read like the names they come from.

    >>> document_id("2019/Überblick 1.txt")
    '2019/Überblick 1.txt'
    >>> document_id("../100%\n")
    '%2E%2E/100%25%0A'
    """
    parts = []
    for part in name.split("/"):
        if part in (".", ".."):
            parts.append(part.replace(".", "%2E"))
        else:
            parts.append("".join(map(_escape, part)))
    return "/".join(parts)


def _escape(char: str) -> str:
    if char in "%\\" or unicodedata.category(char)[0] == "C" or char in "\u2028\u2029":
        return "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "surrogateescape"))
    return char


def list_inputs(inputs: Sequence[str]) -> list[InputFile]:
    """Every file that the arguments name, sorted by source.

    Args:
        inputs: files, folders (read recursively, links followed; names that
            start with a dot are left out) and globs.

    Raises:
        UserError: an argument names nothing, a folder holds no file, or two
            files would get the same id.
    """
    found: dict[str, InputFile] = {}
    named: dict[str, InputFile] = {}
    for argument in inputs:
        for path, base in _expand(argument):
            relative = os.path.relpath(path, base).replace(os.sep, "/")
            file = InputFile(os.path.abspath(path), document_id(relative), _size(path))
            other = found.setdefault(file.source, file)
            if os.path.realpath(other.path) != os.path.realpath(path):
                raise UserError(
                    f"{other.path} and {path} would both be document {file.source!r}: name a "
                    "folder above both, or run them apart"
                )
            twin = named.setdefault(os.path.abspath(path), file)
            if twin.source != file.source:
                raise UserError(
                    f"{path} is named twice, as document {twin.source!r} and as {file.source!r}: "
                    "name it once"
                )
    return sorted(found.values(), key=lambda file: file.source)


def _expand(argument: str) -> list[tuple[str, str]]:
    """The files behind one argument, each with the folder that its id is relative to."""
    if _SCHEME.match(argument):
        raise UserError(f"{argument}: only local files can be read; copy the input here first")
    if os.path.isdir(argument):
        files = list(_walk(argument))
        if not files:
            raise UserError(f"the folder {argument} holds no documents")
        return [(path, argument) for path in files]
    if os.path.lexists(argument):
        return [(argument, os.path.dirname(argument) or ".")]
    if _MAGIC.search(argument):
        base = _glob_base(argument)
        matches = sorted(glob.glob(argument, recursive=True))
        files = [
            path
            for match in matches
            for path in (_walk(match) if os.path.isdir(match) else [match])
        ]
        if not files:
            raise UserError(f"nothing matches {argument}")
        return [(path, base) for path in files]
    raise UserError(f"{argument} does not exist: check the path")


def _glob_base(pattern: str) -> str:
    parts = Path(pattern).parts
    fixed = next(n for n, part in enumerate(parts) if _MAGIC.search(part))
    return str(Path(*parts[:fixed])) if fixed else "."


def _walk(folder: str) -> Iterator[str]:
    """Every file below a folder, in any order; links are followed but where they lead in circles.

    A folder that cannot be listed stands for what is in it.
    """
    waiting: list[tuple[str, tuple[str, ...]]] = [(folder, (os.path.realpath(folder),))]
    while waiting:
        parent, above = waiting.pop()
        try:
            entries = list(os.scandir(parent))
        except OSError:
            yield parent
            continue
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if not entry.is_dir():
                yield entry.path
            elif (real := os.path.realpath(entry.path)) not in above:
                waiting.append((entry.path, (*above, real)))


def check_apart(inputs: Sequence[str], files: Sequence[InputFile], output: Path) -> None:
    """Raise :class:`UserError` where the output would be read, or the input replaced."""
    place = os.path.realpath(output)
    for argument in inputs:
        if os.path.isdir(argument) and _holds(os.path.realpath(argument), place):
            raise UserError(
                f"the output {output} lies in the input {argument}, and the next run would read "
                "it: choose an --output outside"
            )
    for file in files:
        if _holds(place, os.path.realpath(file.path)):
            raise UserError(
                f"{file.path} lies in the output {output}: choose another --output, or name the "
                "input without it"
            )


def _holds(folder: str, path: str) -> bool:
    return os.path.commonpath((folder, path)) == folder


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0  # reading it will say what is wrong


def plan_blocks(files: Sequence[InputFile], shard_bytes: int) -> list[BlockPlan]:
    """Cut the sorted listing into blocks of about ``shard_bytes``.

    Nothing but the listing and the shard size decides where a block ends.
    """
    blocks: list[BlockPlan] = []
    current: list[InputFile] = []
    filled = 0
    for file in files:
        if current and filled + file.size > shard_bytes:
            blocks.append(BlockPlan(len(blocks), tuple(current)))
            current, filled = [], 0
        current.append(file)
        filled += file.size
    if current:
        blocks.append(BlockPlan(len(blocks), tuple(current)))
    return blocks


class PlainFiles(msgspec.Struct, frozen=True):
    """A source whose files are one record each: plain text and pages."""

    settings: DecodeSettings

    def records(self, file: InputFile) -> Iterator[Record | DeadLetter]:
        """The file's one record, or the dead letter that says why there is none."""
        suffix = os.path.splitext(file.path)[1].lower()
        try:
            if suffix in _UNSUPPORTED:
                raise RecordError(
                    "unsupported-format",
                    f"{_UNSUPPORTED[suffix]} files are not read yet: unpack them to text or HTML",
                )
            yield Record(
                id=file.source,
                source=file.source,
                data=_read(file.path, self.settings.max_record_bytes),
                media_type=_MEDIA_TYPES.get(suffix),
            )
        except RecordError as error:
            yield dead_letter(error, file.source, None)


def _read(path: str, limit: int) -> bytes:
    """The bytes of a regular file, at most one more than ``limit``."""
    try:
        found = os.stat(path)
        if stat.S_ISDIR(found.st_mode):
            raise RecordError(
                "unreadable-folder", "this folder cannot be listed: check that it may be read"
            )
        if not stat.S_ISREG(found.st_mode):
            raise RecordError("not-a-file", "this is no regular file (a pipe or device, say)")
        with open(path, "rb") as file:
            # Asked for as much as the limit, Python would make room for it, file by file.
            size = min(found.st_size, limit)
            data = file.read(size + 1)
            return data + file.read(limit - size) if len(data) > size else data
    except OSError as error:
        code = errno.errorcode.get(error.errno or 0, "EIO")
        raise RecordError(
            "unreadable-file",
            f"the file cannot be opened ({code}): check that it exists and may be read",
        ) from error


def read_block(plan: BlockPlan, source: Source) -> Block:
    """The records of a block, and a dead letter for each that cannot be read."""
    records: list[Record] = []
    rejected: list[DeadLetter] = []
    for file in plan.files:
        for item in source.records(file):
            if isinstance(item, Record):
                records.append(item)
            else:
                rejected.append(item)
    return Block(index=plan.index, records=tuple(records), rejected=tuple(rejected))
