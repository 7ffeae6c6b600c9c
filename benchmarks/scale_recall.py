"""Which of the known twins of a made corpus a run found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from benchmarks.scale_corpus import number_of
from deploy.corpus import MOST_PARAGRAPHS, TIERS, Tier, Twin

_PARAGRAPH_BITS: Final = 8
_GONE: Final = frozenset(("duplicate", "emptied"))


class Found(NamedTuple):
    """Of each kind of twins, those of which one side went, and all that the judge left alone."""

    tiers: Mapping[Tier, tuple[int, int]]
    others: int
    """Paragraphs that went as duplicates, and belong to no known twin."""


class _Removed(msgspec.Struct):
    document: str
    paragraph: int
    verdict: str


class _Source(msgspec.Struct):
    id: str
    status: str


def found_twins(output: Path, truth: Path) -> Found:
    """Compare what a run removed with what was made to be removed."""
    gone: set[int] = set()
    judged: set[int] = set()
    for removed in _rows(output / "removed", _Removed):
        place = _place(number_of(removed.document), removed.paragraph)
        (judged if removed.verdict == "boilerplate" else gone).add(place)
    whole = {
        number_of(source.id)
        for source in _rows(output / "sources", _Source)
        if source.status in _GONE
    }
    found: Counter[Tier] = Counter()
    every: Counter[Tier] = Counter()
    left = len(gone)
    with truth.open("rb") as lines:
        for twin in map(msgspec.json.Decoder(Twin).decode, lines):
            documents = {twin.document, twin.of_document}
            if twin.tier == "document":
                every[twin.tier] += 1
                found[twin.tier] += not documents.isdisjoint(whole)
                left -= sum(_in(document, gone) for document in documents)
                continue
            sides = {
                _place(twin.document, twin.paragraph),
                _place(twin.of_document, twin.of_paragraph),
            }
            left -= len(sides & gone)
            if sides.isdisjoint(judged):  # a paragraph that is taken for boilerplate has no twin
                every[twin.tier] += 1
                found[twin.tier] += not sides.isdisjoint(gone)
    return Found({tier: (found[tier], every[tier]) for tier in TIERS}, left)


def _rows(folder: Path, kind: type[msgspec.Struct]) -> Iterator[Any]:
    decoder = msgspec.json.Decoder(kind)
    for path in sorted(folder.glob("part-*.jsonl")):
        with path.open("rb") as lines:
            yield from map(decoder.decode, lines)


def _place(document: int, paragraph: int) -> int:
    return document << _PARAGRAPH_BITS | paragraph


def _in(document: int, places: set[int]) -> int:
    """How many paragraphs of a document are among the places."""
    return sum(_place(document, paragraph) in places for paragraph in range(MOST_PARAGRAPHS))
