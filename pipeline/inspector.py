"""``copydesk inspect``: one document in the terminal, what stays, what goes and why."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterator

from pipeline.blocks import Piece, Skipped
from pipeline.errors import UserError
from pipeline.inputs import Inputs
from pipeline.repeated_ids import NO_IDS
from pipeline.sources import InputFile, document_id, list_inputs
from pipeline.storage import is_remote
from transforms.deciding import ParagraphVerdict
from transforms.document import DeadLetter, Document, Judgement, Paragraph, Record
from transforms.settings import Settings
from transforms.single import Cleaned, clean_records

_LABEL_WIDTH = 18
_LEAST_WIDTH = 60
_MOST_PLACES = 5


def inspect(path: str, settings: Settings, width: int) -> str:
    """One document as lines of at most ``width`` columns, a line or more a paragraph.

    Args:
        path: a file; of one that holds many records, ``FILE#ID``.

    Raises:
        UserError: the file is missing or cannot be read as a document.
    """
    item = _find(path, settings)
    if isinstance(item, DeadLetter):
        raise UserError(f"{path}: {item.message} ({item.error})")
    cleaned = clean_records([item], settings)
    if cleaned.content.rejected:
        letter = cleaned.content.rejected[0]
        where = f" at byte {letter.offset}" if letter.offset is not None else ""
        raise UserError(f"{path}: {letter.message} ({letter.error}{where})")
    return "\n".join(_lines(cleaned, max(width, _LEAST_WIDTH)))


def _find(path: str, settings: Settings) -> Record | DeadLetter:
    """The record that a path names."""
    name, id = _split(path)
    files = list_inputs([name], settings.input.format)
    if len(files) != 1 or os.path.isdir(name):
        raise UserError(f"{path} is a folder: inspect looks at one file")
    (file,) = files
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
        raise UserError(f"no record of {file.source} has the id {id}, or stands at that place")
    return found


def _lines(cleaned: Cleaned, width: int) -> Iterator[str]:
    document = cleaned.content.documents[0]
    verdicts = {verdict.paragraph: verdict for verdict in cleaned.verdicts.paragraphs}
    kept = sum(
        judgement.verdict == "keep"
        and (paragraph.index not in verdicts or verdicts[paragraph.index].action != "drop")
        for paragraph, judgement in zip(document.paragraphs, document.judgements, strict=True)
    )
    facts = [f"{len(document.paragraphs)} paragraphs, {kept} kept", document.encoding]
    facts.extend(filter(None, (document.language, document.published)))
    facts.extend(f"{name} {count}" for name, count in document.changes.items())
    yield from textwrap.wrap(f"{document.id}: {', '.join(facts)}", width, subsequent_indent="  ")
    yield ""
    for paragraph, judgement in zip(document.paragraphs, document.judgements, strict=True):
        yield from _paragraph(document, paragraph, judgement, verdicts.get(paragraph.index), width)


def _paragraph(
    document: Document,
    paragraph: Paragraph,
    judgement: Judgement,
    verdict: ParagraphVerdict | None,
    width: int,
) -> Iterator[str]:
    mark, label, note = " ", str(judgement.kind), ""
    if judgement.reason is not None:
        mark, label = "-", judgement.reason
    elif verdict is not None:
        mark = {"drop": "-", "mark": "~", "report": "?"}[verdict.action]
        label = verdict.tier
        note = f" [= {verdict.kept.paragraph}, Jaccard {verdict.jaccard:.2f}]"
    indent = " " * (_LABEL_WIDTH + 9)
    yield from textwrap.wrap(
        " ".join(document.text_of(paragraph).split()) + note,
        width,
        initial_indent=f"{mark} {paragraph.index:>5}  {label:<{_LABEL_WIDTH}}",
        subsequent_indent=indent,
        break_long_words=True,
    )
