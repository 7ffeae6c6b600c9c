"""Make the report of an output."""

from __future__ import annotations

import os
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple

from pipeline.loading import Output
from pipeline.outputs import REPORT, Manifest, RejectedRecord
from pipeline.report import groups, safe
from pipeline.report.charts import Bars, Flow, Part, lay_out, lay_out_flow
from pipeline.report.close_calls import UNDECIDED, Call, CloseCalls, Side, Threshold
from pipeline.report.families import NAMES, family_of, label_of
from pipeline.report.figures import POINTS, Figures, Gone, worst_sources
from pipeline.report.page import Content, render
from pipeline.report.reading import Place, read_blocks, read_manifest, settings_of, wholes
from pipeline.report.samples import Chosen, Samples
from pipeline.report.texts import Wanted
from pipeline.report.views import Pair, Texts, pair_of, view_of, wanted
from pipeline.settings import settings_toml
from transforms.settings import Settings

SOURCES: Final = 200
"""Sources that are listed, those that lost most first."""
LETTERS: Final = 20
"""Dead letters of one error that are listed."""
_SETTINGS: Final = 60_000
"""Characters of the settings that are shown: patterns of sites have no end."""
_BESIDE: Final = 800
"""The same of two texts side by side in a list."""
_EXCERPT: Final = 500
"""Characters of a text that is shown in a list."""


def write_report(folder: Path) -> Path:
    """Make ``report.html`` in an output, or make it again; the same output gives the same bytes.

    Args:
        folder: an output, published or about to be.

    Returns:
        Where the report is.

    Raises:
        UserError: there is no output, or it is of another version.
        RunError: a file of it is missing or damaged.
        OSError: the report cannot be written.
    """
    page = render(_content(folder))
    path = folder / REPORT
    attempt = folder / f".{REPORT}.{secrets.token_hex(6)}"
    try:
        attempt.write_bytes(page)
        os.replace(attempt, path)
    finally:
        attempt.unlink(missing_ok=True)
    return path


def _content(folder: Path) -> Content:
    """Look at an output three times: to choose, to name groups, to fetch texts."""
    manifest = read_manifest(folder)
    settings = settings_of(manifest)
    found = _Found(settings)
    for block in read_blocks(folder, manifest):
        found.look(block)
    paragraphs, documents = found.copies.largest(), found.whole_copies.largest()
    for block in read_blocks(folder, manifest, ("removed", "sources")):
        for kept, member in groups.copies(block.removed):
            paragraphs.add(kept, member)
        for kept, member in groups.whole_copies(block.sources):
            documents.add(kept, member)
    chosen = found.samples.chosen(found.close.wholes())
    texts = Wanted(
        _places(chosen, found.close, paragraphs, documents), (c.whole.id for c in chosen)
    )
    for block in read_blocks(folder, manifest, ("documents", "removed", "sources")):
        texts.look(block)
    return _lay_out(manifest, settings, found, (paragraphs, documents), chosen, texts)


class _Found:
    """What the first look at an output finds."""

    def __init__(self, settings: Settings) -> None:
        self.figures = Figures()
        self.samples = Samples()
        self.close = CloseCalls(settings)
        self.copies = groups.Tally()
        self.whole_copies = groups.Tally()
        self.letters: list[RejectedRecord] = []
        self._errors: Counter[str] = Counter()

    def look(self, block: Output) -> None:
        """Count and choose from a block."""
        for whole in wholes(block):
            self.figures.add(whole)
            self.samples.add(whole)
            self.close.add(whole)
        for kept, member in groups.copies(block.removed):
            self.copies.add(kept, len(member.text))
        characters = {source.id: source.characters or 0 for source in block.sources}
        for kept, member in groups.whole_copies(block.sources):
            self.whole_copies.add(kept, characters[member.document])
        for letter in block.rejected:
            self._errors[letter.error] += 1
            if self._errors[letter.error] <= LETTERS:
                self.letters.append(letter)


def _places(chosen: Iterable[Chosen], close: CloseCalls, *listed: groups.Groups) -> Iterator[Place]:
    """The kept paragraphs of this run that stand beside others; a document is its first one."""
    yield from chain.from_iterable(wanted(each.whole) for each in chosen)
    yield from close.kept()
    for group in chain.from_iterable(listed):
        if group.kept.run is None:
            yield group.kept.document, group.kept.paragraph or 0


def _lay_out(
    manifest: Manifest,
    settings: Settings,
    found: _Found,
    listed: tuple[groups.Groups, groups.Groups],
    chosen: list[Chosen],
    texts: Wanted,
) -> Content:
    sources, others = worst_sources(found.figures, SOURCES)
    paragraphs, documents = listed
    return Content(
        manifest=manifest,
        settings=safe.text(settings_toml(settings), _SETTINGS),
        figures=found.figures,
        flow=_flow(found.figures),
        reasons=_reasons(found.figures),
        sources=sources,
        other_sources=others,
        charts=list(_charts(found.figures, settings)),
        thresholds=[_threshold(each, texts.texts) for each in found.close.thresholds(texts.texts)],
        groups=[
            GroupList("paragraphs", list(_groups(paragraphs, texts.texts)), paragraphs.total),
            GroupList("documents", list(_groups(documents, texts.texts)), documents.total),
        ],
        letters=found.letters,
        views=[
            view_of(each, texts.texts) for each in chain(_mixed(chosen, list(texts.survivors())))
        ],
    )


def _mixed(chosen: list[Chosen], survivors: list[Chosen]) -> Iterator[Chosen]:
    """Two that were chosen, then one that keeps what went from them: a jump leads somewhere."""
    rest = iter(survivors)
    for number, each in enumerate(chosen):
        yield each
        if number % 2:
            yield from (survivor for survivor in (next(rest, None),) if survivor is not None)
    yield from rest


class ReasonRow(NamedTuple):
    """A line of the table of reasons."""

    verdict: str
    name: str
    family: str
    gone: Gone
    share: float
    """Of the characters of all paragraphs."""
    bar: float
    """Its share of the largest line, in percent."""


def _reasons(figures: Figures) -> list[ReasonRow]:
    most = max((gone.characters for gone in figures.reasons.values()), default=0) or 1
    rows = [
        ReasonRow(
            verdict,
            label_of(verdict, reason),
            family_of(verdict, reason),
            gone,
            gone.characters / (figures.characters or 1),
            round(gone.characters / most * 100, 1),
        )
        for (verdict, reason), gone in figures.reasons.items()
    ]
    return sorted(rows, key=lambda row: (-row.gone.characters, row.verdict, row.name))


def _flow(figures: Figures) -> Flow:
    families = dict.fromkeys(NAMES, 0)
    for (verdict, reason), gone in figures.reasons.items():
        families[family_of(verdict, reason)] += gone.characters
    parts = [Part("stays", "kept", figures.kept)]
    parts += [Part(NAMES[each], each, count) for each, count in families.items() if count]
    if figures.white_space:
        parts.append(Part("white space", "space", figures.white_space))
    return lay_out_flow(parts)


def _charts(figures: Figures, settings: Settings) -> Iterator[Bars]:
    near, restated, documents = settings.near_duplicates, settings.restatements, settings.documents
    yield lay_out(
        figures.shares,
        title="How much of a document went",
        axis="share of its characters that went",
        counted="documents",
        note=f"Documents of which nothing went are in no bar: {figures.untouched:,}.",
        ticks=(0, 0.25, 0.5, 0.75, 1),
        percent=True,
    )
    yield lay_out(
        figures.near,
        title="Likeness of near-duplicates",
        axis="Jaccard of the two paragraphs",
        counted="paragraphs",
        note="The bar rises with the length of the shorter paragraph; pairs that miss it are not in"
        " the output.",
        ticks=(0.5, 0.6, 0.7, 0.8, 0.9, 1),
        thresholds=(
            (near.short_jaccard, f"up to {near.short_words} words"),
            (near.long_jaccard, f"from {near.long_words} words on"),
        ),
    )
    yield lay_out(
        figures.points,
        title="Points of restatements",
        axis="points of the learned scorer",
        counted="paragraphs",
        note="Marked beyond the second line: a veto or another bar keeps them, or they are told in"
        " another document.",
        ticks=range(POINTS[0], POINTS[-1] + 1, 10),
        thresholds=(
            (restated.mark_points, "and more: marked"),
            (restated.drop_points, "and more: may go"),
        ),
    )
    yield lay_out(
        figures.judged,
        title="Scores of boilerplate",
        axis="how likely the line belongs to the article",
        counted="paragraphs",
        note="Lines that stay have no score in the output. Neighbours decide with the score, so"
        " lines beyond the middle may go.",
        ticks=(0, 0.25, 0.5, 0.75, 1),
        thresholds=((UNDECIDED, "as much for as against"),),
    )
    yield lay_out(
        figures.proven,
        title="Shares of documents that stand elsewhere",
        axis="share of the document",
        counted="documents",
        note="Marked are near-copies, which stay. A document with less in common with any other is"
        " in no bar.",
        ticks=(0, 0.25, 0.5, 0.75, 1),
        thresholds=(
            (documents.mark_share, "and more: listed"),
            (documents.drop_share, "and more: goes"),
        ),
        percent=True,
    )


class CallRow(NamedTuple):
    """A close call, with the two texts where the output has both."""

    document: str
    paragraph: int | None
    said: str
    text: str
    pair: Pair | None


class SideRows(NamedTuple):
    """One side of a threshold."""

    title: str
    rows: list[CallRow]
    seen: int
    without: str


class ThresholdRows(NamedTuple):
    """A threshold with both sides."""

    name: str
    meaning: str
    sides: tuple[SideRows, SideRows]


def _threshold(each: Threshold, texts: Texts) -> ThresholdRows:
    sides = (_side(each.went, texts), _side(each.stayed, texts))
    return ThresholdRows(each.name, each.meaning, sides)


def _side(side: Side, texts: Texts) -> SideRows:
    return SideRows(
        side.title, [_call(call, texts) for call in side.calls], side.seen, side.without
    )


def _call(call: Call, texts: Texts) -> CallRow:
    pair = None if call.kept is None else pair_of(call.text, call.kept, texts, _BESIDE)
    text = safe.text(call.text, _EXCERPT)
    return CallRow(call.document, call.paragraph, call.said, text, pair)


class GroupRow(NamedTuple):
    """A group, with the text that is kept."""

    group: groups.Group
    text: str


class GroupList(NamedTuple):
    """The largest groups of one kind."""

    kind: str
    rows: list[GroupRow]
    total: int


def _groups(listed: groups.Groups, texts: Texts) -> Iterator[GroupRow]:
    for group in listed:
        text = texts.get((group.kept.document, group.kept.paragraph or 0))
        if text is None:  # an earlier run kept it, or the documents are plain text
            text = group.members[0].text
        yield GroupRow(group, safe.text(text, _EXCERPT))
