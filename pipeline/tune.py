"""``copydesk tune``: what each threshold does to the user's own sample, with examples."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple

from pipeline.blocks import Piece, cut_files
from pipeline.contrast import contrast
from pipeline.errors import UserError
from pipeline.guards import percent
from pipeline.inputs import Inputs
from pipeline.repeated_ids import NO_IDS
from pipeline.sources import list_inputs
from pipeline.sweeps import Case, Passage, Sweep, sweep_lean, sweep_near, sweep_restated
from pipeline.terminal import clip, wrap
from transforms.block import Block
from transforms.document import Record
from transforms.settings import Settings
from transforms.single import decode_block, judge_block, split_block

EXAMPLES: Final = 10
"""Examples on each side of a threshold."""

_MOST_BYTES: Final = 64 * 1024 * 1024
"""Input in a sample: its text and fingerprints stay in memory."""
_RUN: Final = 25
"""Files, or pieces of one, that are taken in a row: copies tend to lie side by side, by date or by
site."""
_TEXT: Final = 420
"""Columns that are shown of a text."""


class _Section(NamedTuple):
    name: str
    meaning: str
    scored: str
    """What the score is called."""
    sweep: Callable[[], Sweep]


def tune(inputs: Sequence[str], settings: Settings, documents: int) -> Iterator[str]:
    """The advice, line by line, as it is found: in 80 columns, safe for a terminal.

    The same sample and settings give the same lines.

    Args:
        inputs: files, folders and globs.
        documents: how many are looked at; of more files, runs of neighbours
            that are spread evenly over the sorted listing, and of containers
            the first records of each piece.

    Raises:
        UserError: missing input, or no document in it.
    """
    files = list_inputs(inputs, settings.input.format)
    pieces = cut_files(files, settings.output.shard_bytes)
    records = _read(choose(pieces, documents), documents, settings)
    sample = Block(index=0, records=tuple(records))
    split = split_block(decode_block(sample, settings.decode), settings.split, settings.decode)
    if not split.documents:
        raise UserError("no document could be read; copydesk run says what is wrong with each")
    judged = judge_block(split, settings.judge, settings.sites)
    paragraphs = sum(len(document.paragraphs) for document in judged.documents)
    yield (
        f"{len(judged.documents):,} documents of {len(files):,} files, {paragraphs:,} paragraphs. "
        "* is how things are set."
    )
    for section in _sections(split, judged, settings):
        yield from _lines(section)


def choose(pieces: Sequence[Piece], count: int) -> list[Piece]:
    """At most ``count`` pieces: all, or runs of neighbours spread over the listing."""
    if len(pieces) <= count:
        return list(pieces)
    runs = -(-count // _RUN)
    size = -(-count // runs)
    places = {run * len(pieces) // runs + step for run in range(runs) for step in range(size)}
    return [pieces[place] for place in sorted(places)[:count]]


def _read(pieces: Sequence[Piece], count: int, settings: Settings) -> list[Record]:
    """At most ``count`` records, as many from each piece of a container."""
    source = Inputs.create(settings)
    records: list[Record] = []
    size = 0
    for piece in pieces:
        found = (item for item in source.records(piece, NO_IDS) if isinstance(item, Record))
        for record in islice(found, -(-count // len(pieces))):
            size += len(record.data)
            if len(records) == count or size > _MOST_BYTES:
                return records
            records.append(record)
    return records


def _sections(split: Block, judged: Block, settings: Settings) -> Iterator[_Section]:
    near = settings.near_duplicates
    yield _Section(
        "near_duplicates.short_jaccard",
        f"Least Jaccard of near-duplicates of up to {near.short_words} words; from there to "
        f"{near.long_words} words the bar changes evenly to long_jaccard.",
        "Jaccard",
        lambda: sweep_near(judged, settings, "short_jaccard"),
    )
    yield _Section(
        "near_duplicates.long_jaccard",
        f"Least Jaccard of near-duplicates of {near.long_words} words and more.",
        "Jaccard",
        lambda: sweep_near(judged, settings, "long_jaccard"),
    )
    yield _Section(
        "restatements.min_jaccard",
        "Least Jaccard of the content of two paragraphs of one document; the other bars of "
        "[restatements] hold as they are set.",
        "Jaccard",
        lambda: sweep_restated(judged, settings),
    )
    yield _Section(
        "judge.lean",
        "Points for keeping a line; more keep more text.",
        "score",
        lambda: sweep_lean(split, judged, settings),
    )


def _lines(section: _Section) -> Iterator[str]:
    sweep = section.sweep()
    yield ""
    yield section.name
    yield from wrap(section.meaning, "  ", "  ")
    yield ""
    yield from _table(sweep)
    for title, cases in (
        ("go now", sweep.going),
        ("stay now, and would go at a lower setting", sweep.staying),
    ):
        shown = f" (the closest {EXAMPLES} of {len(cases):,})" if len(cases) > EXAMPLES else ""
        yield ""
        yield f"  {title}{shown}:" if cases else f"  none {title}"
        for number, case in enumerate(cases[:EXAMPLES], 1):
            yield from _example(number, case, section.scored)


def _table(sweep: Sweep) -> Iterator[str]:
    compared = any(step.proposed is not None for step in sweep.steps)
    yield f"    {'at':>6}{'paragraphs go':>16}{'characters':>14}" + (
        f"{'pairs compared':>17}" if compared else ""
    )
    for step in sweep.steps:
        mark = "*" if step.value == sweep.now else " "
        value = f"{step.value:.2f}" if compared else f"{step.value:g}"
        rate = "" if step.proposed is None else f"{percent(step.proposed):>17}"
        yield f"  {mark} {value:>6}{step.paragraphs:>16,}{step.characters:>14,}{rate}"


def _example(number: int, case: Case, scored: str) -> Iterator[str]:
    yield f"  {number:>4}  {scored} {case.score:.2f}, {case.margin:+.2f} from the bar"
    if case.kept is None:
        yield from _passage(case.gone, case.gone.text, "")
        return
    yield from _passage(case.gone, contrast(case.gone.text, case.kept.text), "this: ")
    yield from _passage(case.kept, contrast(case.kept.text, case.gone.text), "kept: ")


def _passage(passage: Passage, text: str, label: str) -> Iterator[str]:
    name, index = passage.place
    yield from wrap(f"{label}{name} {index}", " " * 8, " " * 10)
    yield from wrap(clip(text, _TEXT), " " * 10, " " * 10)
