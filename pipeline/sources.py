"""Find the input: which files a run touches, and what their records are called."""

from __future__ import annotations

import glob
import os
import re
import stat
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from pipeline.content import look_into
from pipeline.errors import MissingInput, UserError
from pipeline.formats import CONTAINERS, Kind, format_of_name, kind_of_setting
from pipeline.storage import is_remote, list_remote
from transforms.settings import InputFormat
from transforms.unicode14 import category

_MAGIC: Final = re.compile(r"[*?\[]")
_MARK: Final = "/./"
"""What stands before it is no part of ids, whatever the argument names; rsync has the same."""
_UNPACKS: Final = 5
"""What packed text unpacks to, for each of its bytes: an estimate, for blocks that are even."""


class InputFile(msgspec.Struct, frozen=True):
    """A file of the input."""

    path: str
    """Where it is on this machine; never written to the output."""
    source: str
    """Its path relative to what the user named, ``/`` between parts, escaped."""
    size: int
    modified: int = 0
    """When it was last changed: nanoseconds, by the clock of its file system."""
    known: Kind | None = None
    """What it holds, where that is not what its name says: the first bytes or the user say it."""
    compressed: bool | None = None
    """Whether it is compressed, where its first bytes were looked at for its kind."""

    @property
    def kind(self) -> Kind:
        """What it holds."""
        return self.known or format_of_name(self.source)[0] or "unknown"

    @property
    def holds_many(self) -> bool:
        """Whether it is a container: a file of many records."""
        return self.kind in CONTAINERS

    @property
    def packed(self) -> bool:
        """Whether it is compressed, as far as is known without a look into it."""
        if self.compressed is None:
            return format_of_name(self.source)[1] is not None
        return self.compressed

    @property
    def in_ranges(self) -> bool:
        """Whether the records of a range of its bytes can be read by themselves."""
        return self.kind in ("jsonl", "parquet") and not self.packed

    @property
    def expansion(self) -> int:
        """About how many bytes each of its bytes unpacks to."""
        return _UNPACKS if self.packed or self.kind == "parquet" else 1


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
    plain = name.isascii() and name.isprintable() and "%" not in name and "\\" not in name
    if plain and "/." not in f"/{name}":  # nearly all are
        return name
    parts = []
    for part in name.split("/"):
        if part in (".", ".."):
            parts.append(part.replace(".", "%2E"))
        else:
            parts.append("".join(map(_escape, part)))
    return "/".join(parts)


def _escape(char: str) -> str:
    if char in "%\\" or category(char)[0] == "C" or char in "\u2028\u2029":
        return "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "surrogateescape"))
    return char


def list_inputs(inputs: Sequence[str], format: InputFormat = "auto") -> list[InputFile]:
    """Every file that the arguments name, sorted by source.

    A file whose name does not say what it holds is looked into.

    Args:
        inputs: files, folders (read recursively, links followed; names that
            start with a dot are left out) and globs, here or in a store that
            Beam reaches (``s3://``).  After ``/./`` in a path of this machine
            begins what ids are made of.
        format: what all of them hold, if the user says so.

    Raises:
        UserError: an argument names nothing, a folder holds no file, two files
            would get the same id, or one the id of a record in another.
    """
    found: dict[str, InputFile] = {}
    named: dict[str, InputFile] = {}
    for argument in inputs:
        for file in _files(argument, kind_of_setting(format)):
            other = found.setdefault(file.source, file)
            if _real(other.path) != _real(file.path):
                raise UserError(
                    f"{other.path} and {file.path} would both be document {file.source!r}: name a "
                    "folder above both, or run them apart"
                )
            twin = named.setdefault(file.path, file)
            if twin.source != file.source:
                raise UserError(
                    f"{file.path} is named twice, as document {twin.source!r} and as"
                    f" {file.source!r}: name it once"
                )
    _check_record_names(found.values())
    return sorted(found.values(), key=lambda file: file.source)


def names_something(argument: str) -> bool:
    """Whether an argument names a file at least.

    Raises:
        UserError: it is none that could be read.
    """
    try:
        return bool(list_remote(argument) if is_remote(argument) else _expand(argument))
    except MissingInput:
        return False


def _files(argument: str, kind: Kind | None) -> Iterator[InputFile]:
    """The files behind one argument."""
    if is_remote(argument):
        base, remote = list_remote(argument)
        for each in remote:
            yield _input_file(
                each.path, each.path.removeprefix(base), (each.size, each.modified), kind
            )
        return
    for path, base in _expand(argument):
        relative = os.path.relpath(path, base).replace(os.sep, "/")
        # A locale may read names otherwise; ids are the same in all of them.
        name = os.fsencode(relative).decode("utf-8", "surrogateescape")
        yield _input_file(os.path.abspath(path), name, _state(path), kind)


def _input_file(path: str, name: str, state: tuple[int, int], kind: Kind | None) -> InputFile:
    source = document_id(name)
    compressed = None
    if kind is None and state[0] and format_of_name(source)[0] is None:
        kind, compressed = look_into(path)
    return InputFile(path, source, *state, kind, compressed)


def _real(path: str) -> str:
    return path if is_remote(path) else os.path.realpath(path)


def _check_record_names(files: Collection[InputFile]) -> None:
    """Refuse names that make the ids of two records equal.

    A record inside a container is ``SOURCE#OFFSET``, or ``ID~SOURCE#OFFSET``: what
    stands before the offset must tell which container it is in.
    """
    containers = {file.source: file for file in files if file.holds_many}
    for file in files if containers else ():
        name, _, number = file.source.rpartition("#")
        named = file.source if file.holds_many else name if number.isdecimal() else ""
        parts = named.split("~")
        for first in range(int(file.holds_many), len(parts)):
            other = containers.get("~".join(parts[first:]))
            if other is not None:
                raise UserError(
                    f"{file.path} is named as a record of {other.path} may be: rename it, or run "
                    "the two apart"
                )


def _expand(argument: str) -> list[tuple[str, str]]:
    """The local files behind one argument, each with the folder that its id is relative to."""
    before, mark, _ = argument.partition(_MARK)
    base = (before or "/") if mark else None
    if os.path.isdir(argument):
        files = list(_walk(argument))
        if not files:
            raise MissingInput(f"the folder {argument} holds no documents")
        return [(path, base or argument) for path in files]
    if os.path.lexists(argument):
        return [(argument, base or os.path.dirname(argument) or ".")]
    if _MAGIC.search(argument):
        base = base or _glob_base(argument)
        matches = sorted(glob.glob(argument, recursive=True))
        files = [
            path
            for match in matches
            for path in (_walk(match) if os.path.isdir(match) else [match])
        ]
        if not files:
            raise MissingInput(f"nothing matches {argument}: check the pattern")
        return [(path, base) for path in files]
    raise MissingInput(f"{argument} does not exist: check the path")


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


def check_apart(
    inputs: Sequence[str], files: Sequence[InputFile], output: Path, option: str = "output"
) -> None:
    """Raise :class:`UserError` where the output would be read, or the input replaced.

    Args:
        option: what gave its place: a history must be apart, too.
    """
    place = os.path.realpath(output)
    for argument in inputs:
        if os.path.isdir(argument) and _holds(os.path.realpath(argument), place):
            raise UserError(
                f"the {option} {output} lies in the input {argument}, and the next run would read "
                f"it: choose an --{option} outside"
            )
    for file in files:
        if not is_remote(file.path) and _holds(place, os.path.realpath(file.path)):
            raise UserError(
                f"{file.path} lies in the {option} {output}: choose another --{option}, or name "
                "the input without it"
            )


def _holds(folder: str, path: str) -> bool:
    return os.path.commonpath((folder, path)) == folder


def changed(files: Iterable[InputFile]) -> list[InputFile]:
    """Files of this machine that are no longer as they were listed: changed, grown or gone."""
    return [
        file
        for file in files
        if not is_remote(file.path) and _state(file.path) != (file.size, file.modified)
    ]


def _state(path: str) -> tuple[int, int]:
    """How many bytes can be read there, and when they were changed last.

    Where none can be read, reading will say what is wrong.
    """
    try:
        found = os.stat(path)
    except OSError:
        return 0, 0
    readable = stat.S_ISREG(found.st_mode) and os.access(path, os.R_OK)
    return (found.st_size, found.st_mtime_ns) if readable else (0, 0)
