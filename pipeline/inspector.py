"""``copydesk inspect``: one document in the terminal, what stays, what goes and why."""

from __future__ import annotations

import os
from collections.abc import Iterator

from pipeline.blocks import Piece, Skipped
from pipeline.errors import UserError
from pipeline.inputs import Inputs
from pipeline.named_inputs import STANDARD_INPUT
from pipeline.passages import Inspected, inspected
from pipeline.repeated_ids import NO_IDS
from pipeline.sources import InputFile, document_id, list_inputs
from pipeline.storage import is_remote
from pipeline.views import difference, evidence, overview
from transforms.document import DeadLetter, Record
from transforms.settings import Settings
from transforms.single import clean_records

_LEAST_WIDTH = 60
_MOST_PLACES = 5


def inspect(
    path: str, settings: Settings, width: int, *, explain: int | None = None, diff: bool = False
) -> Iterator[str]:
    """One document as lines of at most ``width`` columns, in the colours of a terminal.

    Args:
        path: a file; of one that holds many records, ``FILE#ID``.
        explain: a paragraph, of which everything is told that its verdict rests on.
        diff: the text before and after, instead of a line or more a paragraph.

    Raises:
        UserError: the file is missing or cannot be read as a document, or it
            has no such paragraph.
    """
    found, width = _clean(path, settings), max(width, _LEAST_WIDTH)
    if diff:
        return difference(found, width)
    if explain is None:
        return overview(found, width)
    if explain >= len(found.passages):
        raise UserError(
            f"{path} has no paragraph {explain}: it has {len(found.passages)}, counted from 0"
        )
    return evidence(found, explain, width)


def _clean(path: str, settings: Settings) -> Inspected:
    item = _find(path, settings)
    if isinstance(item, DeadLetter):
        raise UserError(f"{path}: {item.message} ({item.error})")
    cleaned = clean_records([item], settings)
    if cleaned.content.rejected:
        letter = cleaned.content.rejected[0]
        where = f" at byte {letter.offset}" if letter.offset is not None else ""
        raise UserError(f"{path}: {letter.message} ({letter.error}{where})")
    return inspected(cleaned)


def _find(path: str, settings: Settings) -> Record | DeadLetter:
    """The record that a path names."""
    name, id = _split(path)
    if name == STANDARD_INPUT:
        raise UserError("inspect does not read standard input: name a file")
    files = list_inputs([name], settings.input.format)
    if os.path.isdir(name):
        raise UserError(f"{path} is a folder: inspect looks at one file, name one in it")
    if len(files) != 1:
        raise UserError(f"{path} stands for {len(files):,} files: inspect looks at one, name it")
    (file,) = files
    if id is not None and not file.holds_many:
        raise UserError(f"{name} is one document: leave out #{id}")
    if id is not None:
        return _find_inside(file, id, settings)
    if file.holds_many:
        raise UserError(
            f"{path} holds many documents: add # and the id of one, or its place in the file"
            f" (as '{path}#0')"
        )
    (item,) = _read(file, settings)
    return item


def _split(path: str) -> tuple[str, str | None]:
    """A file's path and what stands behind the ``#``, if a file has the name before it."""
    if not os.path.lexists(path):
        for at, sign in enumerate(path):
            if sign == "#" and (is_remote(path) or os.path.isfile(path[:at])):
                return path[:at], path[at + 1 :]
    return path, None


def _read(file: InputFile, settings: Settings) -> Iterator[Record | DeadLetter]:
    for item in Inputs.create(settings).records(Piece(file, 0, file.size), NO_IDS):
        if not isinstance(item, Skipped):
            yield item


def _find_inside(file: InputFile, id: str, settings: Settings) -> Record | DeadLetter:
    """The record of a container with an own id, else at a byte offset."""
    placed = None
    named = []
    for item in _read(file, settings):
        if isinstance(item, Record) and item.id in (id, document_id(id)):
            named.append(item)
        elif item.record == id:
            placed = item
    if len(named) > 1:
        places = ", ".join(f"#{item.record}" for item in named[:_MOST_PLACES])
        raise UserError(
            f"{len(named)} records of {file.source} have the id {id}: name one by its place, as"
            f" {places}"
        )
    found = named[0] if named else placed
    if found is None:
        raise UserError(
            f"no record of {file.source} has the id {id}, or stands at that place: sources/ of a"
            " run has the ids and places"
        )
    return found
