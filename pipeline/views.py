"""What ``copydesk inspect`` shows of a document: all of it, the evidence of one paragraph, a diff.

Colours repeat what marks and labels say: nothing is lost without them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import click

from pipeline.contrast import contrast
from pipeline.passages import Inspected, Passage
from pipeline.terminal import pad, wrap
from transforms.document import Evidence

_LABEL: Final = 18
"""Columns of a label, and of the name of a piece of evidence."""

_COLOURS: Final[Mapping[str, str]] = {
    "furniture": "red",
    "credits": "bright_red",
    "links": "magenta",
    "promotion": "bright_magenta",
    "page": "yellow",
    "duplicate": "cyan",
    "near-duplicate": "bright_cyan",
    "restatement": "bright_blue",
    "document": "blue",
}
"""The colour of every family of reasons."""


def overview(found: Inspected, width: int) -> Iterator[str]:
    """Every paragraph with what becomes of it."""
    document = found.document
    facts = [f"{len(found.passages)} paragraphs, {found.kept} kept", document.encoding]
    facts.extend(filter(None, (document.language, document.published)))
    facts.extend(f"{name} {count}" for name, count in document.changes.items())
    yield from wrap(f"{document.id}: {', '.join(facts)}", "", "  ", width)
    yield ""
    for passage in found.passages:
        verdict, note = passage.verdict, ""
        if verdict is not None:
            note = f" [= {verdict.kept.paragraph}, Jaccard {verdict.jaccard:.2f}]"
        first = f"{passage.mark} {passage.paragraph:>5}  {pad(passage.label, _LABEL)}"
        rest = " " * (_LABEL + 9)
        yield from _coloured(passage, wrap(passage.text + note, first, rest, width))


def difference(found: Inspected, width: int) -> Iterator[str]:
    """The text before and after: lines that go begin with ``-``, those that stay with a space."""
    total = len(found.passages)
    yield from wrap(f"{found.document.id}: {total} paragraphs", "--- ", "    ", width)
    yield from wrap(f"{found.document.id}: {found.kept} paragraphs", "+++ ", "    ", width)
    for passage in found.passages:
        sign = " " if passage.removed is None else "-"
        yield from _coloured(passage, wrap(passage.text, f"{sign} ", f"{sign}   ", width))


def evidence(found: Inspected, index: int, width: int) -> Iterator[str]:
    """Everything that is known about one paragraph, a line or more a fact."""
    passage = found.passages[index]
    does = {"-": "goes as", "~": "stays, marked as", "?": "stays, reported as", " ": "stays as"}
    said = f"{found.document.id}, paragraph {index}: {does[passage.mark]} {passage.label}"
    yield from _coloured(passage, wrap(said, "", "  ", width))
    yield ""
    verdict = passage.verdict
    if verdict is None:
        yield from wrap(passage.text, "  ", "  ", width)
    else:
        kept = found.document.text[verdict.kept.start : verdict.kept.end]
        yield from wrap(contrast(passage.text, kept), "  this: ", "    ", width)
        yield from wrap(contrast(kept, passage.text), "  kept: ", "    ", width)
        if passage.text != kept:
            yield "  in brackets: words that the other one lacks"
    yield ""
    for name, value in _facts(passage):
        yield from wrap(value, f"  {pad(name, _LABEL)}  ", " " * (_LABEL + 4), width)


def _facts(passage: Passage) -> Iterator[tuple[str, str]]:
    removed, verdict, flag = passage.removed, passage.verdict, passage.flag
    if removed is not None:
        yield "verdict", removed.verdict
        yield "reason", removed.reason
        yield "rule", removed.rule
    if verdict is not None:
        yield "kept", f"paragraph {verdict.kept.paragraph}"
        yield "Jaccard", f"{verdict.jaccard:g}"
        yield "containment", f"{verdict.containment:g}"
    record = removed or flag
    if record is not None and verdict is not None:
        yield from _values(record.evidence)
    yield "judge's score", f"{passage.judgement.score:g} (1: it belongs to the article)"
    yield from _values(passage.judgement.evidence, "judge's ")


def _values(found: Evidence, prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in found.items():
        if isinstance(value, str | int | float) or value is None:
            said = str(value)
        else:
            said = ", ".join(map(str, value)) or "none"
        yield prefix + name.replace("_", " "), said


def _coloured(passage: Passage, lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        family = passage.family
        yield line if family is None else click.style(line, fg=_COLOURS[family])
