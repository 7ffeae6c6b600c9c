"""``copydesk inspect``: one document in the terminal, what stays, what goes and why."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import UserError
from pipeline.sources import PlainFiles, list_inputs
from transforms.deciding import ParagraphVerdict
from transforms.document import DeadLetter, Document, Judgement, Paragraph
from transforms.settings import Settings
from transforms.single import Cleaned, clean_records

_LABEL_WIDTH = 18
_LEAST_WIDTH = 60


def inspect(path: Path, settings: Settings, width: int) -> str:
    """One file as lines of at most ``width`` columns, a line or more a paragraph.

    Raises:
        UserError: the file is missing or cannot be read as a document.
    """
    files = list_inputs([os.fspath(path)])
    if len(files) != 1 or os.path.isdir(path):
        raise UserError(f"{path} is a folder: inspect looks at one file")
    (item,) = PlainFiles(settings.decode).records(files[0])
    if isinstance(item, DeadLetter):
        raise UserError(f"{path}: {item.message} ({item.error})")
    cleaned = clean_records([item], settings)
    if cleaned.content.rejected:
        letter = cleaned.content.rejected[0]
        where = f" at byte {letter.offset}" if letter.offset is not None else ""
        raise UserError(f"{path}: {letter.message} ({letter.error}{where})")
    return "\n".join(_lines(cleaned, max(width, _LEAST_WIDTH)))


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
