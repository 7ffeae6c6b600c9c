"""``copydesk compare``: what changed between two outputs, by reason and with examples.

Paragraphs are the same if their spans are, in a document whose normalised
text is: where the text changed, nothing can be said of single paragraphs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from pipeline.changes import Changes, Group
from pipeline.errors import UserError
from pipeline.outputs import Kept, KeptSpan, Manifest, RemovedRecord, SourceRecord
from pipeline.report.families import label_of
from pipeline.report.reading import read_blocks, read_manifest, settings_of, wholes
from pipeline.terminal import clip, pad, wrap

_NAME: Final = 38
"""Columns of the name of a setting."""
_LABEL: Final = 66
"""Columns of a change, before its count."""
_TEXT: Final = 200
"""Columns of the text of an example, on several lines."""

Span = tuple[int, int]
Spans = Mapping[Span, KeptSpan | RemovedRecord]


class Fate(NamedTuple):
    """What became of a paragraph."""

    stays: bool
    label: str
    """Why it goes, or how it is marked."""
    note: str
    """What that rests on."""


class Seen(NamedTuple):
    """What the first output says of one document: no texts, so that it fits into memory."""

    status: str
    sha256: str | None
    fates: dict[Span, Fate]


def compare(first: Path, second: Path, examples: int) -> Iterator[str]:
    """The differences of two outputs, as lines of at most 80 columns.

    One output is held in memory without its texts; the other is read block by block.

    Args:
        examples: how many to show of each change.

    Raises:
        UserError: one is no output, or holds plain text.
        RunError: a file of one is missing or damaged.
    """
    manifests = [_manifest(folder) for folder in (first, second)]
    seen = {source.id: _seen(source, spans) for source, spans in _documents(first, manifests[0])}
    changes = Changes(examples)
    for source, spans in _documents(second, manifests[1]):
        before = seen.pop(source.id, None)
        if before is None:
            changes.add("only in B", source.status, source.id)
        else:
            _compare_document(before, source, spans, changes)
    for id, before in sorted(seen.items()):
        changes.add("only in A", before.status, id)
    return _lines((first, second), _settings(*manifests), changes)


def _manifest(folder: Path) -> Manifest:
    manifest = read_manifest(folder)
    if settings_of(manifest).output.format == "text":
        raise UserError(
            f"{folder} holds plain text, which has no spans to compare; run with --format jsonl or"
            " parquet"
        )
    return manifest


def _documents(folder: Path, manifest: Manifest) -> Iterator[tuple[SourceRecord, Spans]]:
    """Every input record of an output, with its paragraphs."""
    for block in read_blocks(folder, manifest):
        paragraphs = {whole.id: whole.spans() for whole in wholes(block)}
        for source in block.sources:
            found = paragraphs.get(source.id, {})
            yield source, {(span.start, span.end): span for span in found.values()}


def _seen(source: SourceRecord, spans: Spans) -> Seen:
    fates = {place: _fate(span) for place, span in spans.items()}
    return Seen(source.status, source.sha256, fates)


_PLAIN: Final = Fate(stays=True, label="unmarked", note="")


def _fate(span: KeptSpan | RemovedRecord) -> Fate:
    if isinstance(span, KeptSpan):
        if not span.flags:
            return _PLAIN
        flag = span.flags[0]
        note = f"like {_place(flag.kept)}, Jaccard {flag.jaccard:.2f}"
        return Fate(stays=True, label=f"marked {flag.verdict}", note=note)
    label = label_of(span.verdict, span.reason)
    if span.kept is None:
        return Fate(stays=False, label=label, note=f"score {span.score:.2f}")
    if span.reason == "document":
        note = f"survivor {_place(span.kept)}, {span.score:.0%} proven"
        return Fate(stays=False, label=label, note=note)
    note = f"like {_place(span.kept)}, Jaccard {span.score:.2f}"
    return Fate(stays=False, label=label, note=note)


def _place(kept: Kept) -> str:
    paragraph = "" if kept.paragraph is None else f" {kept.paragraph}"
    run = "" if kept.run is None else f" of run {kept.run}"
    return f"{kept.document}{paragraph}{run}"


def _compare_document(before: Seen, source: SourceRecord, spans: Spans, changes: Changes) -> None:
    changes.documents += 1
    if before.status != source.status:
        run = "" if source.survivor_run is None else f" of run {source.survivor_run}"
        note = "" if source.survivor is None else f"survivor in B: {source.survivor}{run}"
        changes.add("status", f"{before.status} -> {source.status}", source.id, note)
    if before.sha256 != source.sha256:
        changes.add("text", "another normalised text", source.id)
        return
    changes.uncompared += len(before.fates.keys() ^ spans.keys())
    for place, span in spans.items():
        if place not in before.fates:
            continue
        old, new = before.fates[place], _fate(span)
        changes.paragraphs += 1
        if old[:2] != new[:2]:
            kind, label = _change(old, new)
            index = span.index if isinstance(span, KeptSpan) else span.paragraph
            sides = (("A", old.note), ("B", new.note))
            note = "; ".join(f"{side}: {said}" for side, said in sides if said)
            changes.add(kind, label, f"{source.id} {index}", note, span.text)


def _change(old: Fate, new: Fate) -> tuple[str, str]:
    """The kind of a change, and how its group is called."""
    if old.stays and new.stays:
        return "mark", f"{old.label} -> {new.label}"
    if old.stays:
        return "goes", new.label
    if new.stays:
        return "stays", old.label
    return "reason", f"{old.label} -> {new.label}"


def _settings(first: Manifest, second: Manifest) -> Iterator[tuple[str, str, str]]:
    """What differs in the settings and the circumstances that the manifests tell."""
    one, other = (
        {
            "copydesk": manifest.copydesk,
            "history": [earlier.run for earlier in manifest.history],
            **dict(_flat(manifest.settings, "")),
        }
        for manifest in (first, second)
    )
    for name in sorted(one.keys() | other.keys()):
        values = [
            json.dumps(side[name], ensure_ascii=False) if name in side else "-"
            for side in (one, other)
        ]
        if values[0] != values[1]:
            yield name, values[0], values[1]


def _flat(settings: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


_TITLES: Final = {
    "only in A": "documents only in A, by what became of them",
    "only in B": "documents only in B, by what became of them",
    "status": "documents with another status, A -> B",
    "text": "documents whose paragraphs cannot be compared",
    "goes": "paragraphs that stay in A and go in B, by why they go",
    "stays": "paragraphs that go in A and stay in B, by why they went",
    "reason": "paragraphs that go in both, for another reason, A -> B",
    "mark": "paragraphs that stay in both, with another mark, A -> B",
}


def _lines(
    folders: tuple[Path, Path], settings: Iterator[tuple[str, str, str]], changes: Changes
) -> Iterator[str]:
    for side, folder in zip("AB", folders, strict=True):
        yield from wrap(str(folder), f"{side}  ", "   ")
    yield ""
    yield f"{changes.documents:,} documents are in both, and {changes.paragraphs:,} paragraphs"
    if changes.uncompared:
        yield f"{changes.uncompared:,} paragraphs have no other with the same bounds: not compared"
    differing = list(settings)
    if differing:
        yield ""
        yield "settings, A -> B"
    for name, one, other in differing:
        values = f"{clip(one, _TEXT)} -> {clip(other, _TEXT)}"
        yield from wrap(values, f"  {pad(name, _NAME)}  ", " " * 6)
    for kind, title in _TITLES.items():
        groups = changes.groups(kind)
        if groups:
            yield ""
            yield title
        for group in groups:
            yield from _group(group)
    if not changes.found:
        yield "no document and no paragraph differs"


def _group(group: Group) -> Iterator[str]:
    yield f"  {pad(group.label, _LABEL)}  {group.count:>9,}"
    for example in group.examples:
        yield from wrap(example.place, " " * 6, " " * 8)
        if example.note:
            yield from wrap(example.note, " " * 8, " " * 8)
        if example.text:
            yield from wrap(clip(example.text, _TEXT), " " * 8, " " * 8)
