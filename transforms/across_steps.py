"""Restatements across documents as PTransforms: after deciding, among what stays.

What crosses the shuffle are packed arrays, 16 bytes for a paragraph and band.
Sketches wait in the staging folder and are read beside the pairs.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

import apache_beam as beam
import msgspec
import numpy as np
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import AsList, PCollection
from numpy.typing import NDArray

from transforms.candidates import PAIR, bucket_pairs, distinct_pairs
from transforms.decide_steps import read_verdicts
from transforms.deciding import BlockVerdicts, KeptParagraph, ParagraphVerdict
from transforms.fingerprints import Fingerprints, block_of, row_of
from transforms.match_steps import by_block, owner
from transforms.ranking import Rank
from transforms.restated_across import (
    SPOT,
    Side,
    likely_pairs,
    looks_across,
    ranks_of,
    retold,
    side,
    spots,
    staying,
)
from transforms.restatements import Comparison
from transforms.settings import Settings
from transforms.sketches import Sketches
from transforms.staging import StagedBlock, by_index, read_fingerprints, read_sketches
from transforms.steps import MATCH, Packed, timed, unpack
from transforms.templates import REPEATED
from transforms.terms import Terms

_STEP: Final = "restate across documents"
_CACHED_SIDES: Final = 4
"""Blocks that a worker keeps ready while it compares pairs of blocks."""
_MOST_COMPARED: Final = 64
"""Paragraphs with which one is compared, best rank first, until one tells the same."""


@dataclasses.dataclass
class MarkAcross(beam.PTransform[Any, Any]):
    """Staged blocks, template lines and verdicts to marks: encoded, keyed by block.

    Attributes:
        ranges: into how many ranges of hashes each band is cut for the shuffle.
    """

    settings: Settings
    ranges: int

    def expand(
        self, inputs: tuple[PCollection[StagedBlock], PCollection[Packed], PCollection[Packed]]
    ) -> PCollection[Packed]:
        staged, templates, verdicts = inputs
        if not looks_across(self.settings):
            none: PCollection[Packed] = verdicts | "Look inside documents only" >> beam.Filter(
                lambda _: False
            )
            return none
        keyed = staged | "Key by block" >> beam.Map(lambda block: (block.index, block))
        marks: PCollection[Packed] = (
            {"staged": keyed, "templates": templates, "verdicts": verdicts}
            | "Meet what stays" >> beam.CoGroupByKey()
            | "Sketch what stays" >> beam.FlatMap(_spots, self.settings, self.ranges)
            | "Group buckets" >> beam.GroupByKey()
            | "Propose pairs" >> beam.ParDo(_Propose(self.settings.restatements.bucket_cap))
            | "Group pairs by block" >> beam.GroupByKey()
            | "Compare content" >> beam.FlatMap(_likely, self.settings, AsList(staged))
            | "Group by what is told again" >> beam.GroupByKey()
            | "Compare what is told" >> beam.FlatMap(_mark, self.settings, AsList(staged))
        )
        return marks


def _spots(
    grouped: tuple[int, dict[str, Iterable[Any]]], settings: Settings, ranges: int
) -> Iterator[Packed]:
    _, values = grouped
    blocks = by_index(values["staged"])
    with timed(_STEP):
        found: list[Packed] = []
        for index in blocks:
            prints = read_fingerprints(blocks, index)
            stays = staying(
                prints,
                read_verdicts(values["verdicts"]),
                unpack(values["templates"], REPEATED)["row"].astype(np.int64),
            )
            for band, seen in enumerate(
                spots(read_sketches(blocks, index), prints, stays, settings)
            ):
                part = (seen["bucket"] >> np.uint64(32)) % np.uint64(ranges)
                found.extend(
                    (band * ranges + number, seen[part == number].tobytes())
                    for number in np.unique(part).tolist()
                )
    yield from found


class _Propose(beam.DoFn):
    """Buckets of a partition to proposed pairs, keyed by the block that will compare them."""

    def __init__(self, cap: int) -> None:
        self._cap = cap
        self._capped = Metrics.counter(MATCH, "capped_buckets")
        self._proposed = Metrics.counter(MATCH, "proposed_restatements")

    def process(self, partition: tuple[int, Iterable[bytes]]) -> Iterator[Packed]:
        with timed(_STEP):
            seen = unpack(partition[1], SPOT)
            proposals = bucket_pairs(seen["bucket"], seen["key"], self._cap)
        self._capped.inc(proposals.capped)
        self._proposed.inc(len(proposals.pairs))
        yield from by_block(owner(proposals.pairs), proposals.pairs)


def _likely(
    grouped: tuple[int, Iterable[bytes]], settings: Settings, staged: list[StagedBlock]
) -> Iterator[Packed]:
    blocks = by_index(staged)

    @lru_cache(maxsize=_CACHED_SIDES)
    def read(index: int) -> Side:
        return side(read_sketches(blocks, index), read_fingerprints(blocks, index), settings)

    with timed(_STEP):
        pairs = distinct_pairs(unpack(grouped[1], PAIR))
        sides = np.stack((block_of(pairs["left"]), block_of(pairs["right"])), axis=1)
        found = [
            likely_pairs(
                pairs[(sides[:, 0] == left) & (sides[:, 1] == right)],
                read(left),
                read(right),
                settings,
            )
            for left, right in np.unique(sides, axis=0).tolist()
        ]
        likely = np.concatenate([np.zeros(0, PAIR), *found])
    yield from by_block(block_of(likely["right"]), likely)


def _mark(
    grouped: tuple[int, Iterable[bytes]], settings: Settings, staged: list[StagedBlock]
) -> Iterator[Packed]:
    index, packed = grouped
    blocks = by_index(staged)
    with timed(_STEP):
        pairs = unpack(packed, PAIR)
        places = _Places(
            np.unique(np.concatenate((pairs["left"], pairs["right"]))), blocks, settings
        )
        better: dict[int, list[int]] = defaultdict(list)
        for kept, told in pairs.tolist():
            better[told].append(kept)
        prints = read_fingerprints(blocks, index)
        marks: list[ParagraphVerdict] = []
        for told in sorted(better):
            row = row_of(told)
            for kept in sorted(better[told], key=places.order.__getitem__)[:_MOST_COMPARED]:
                found = retold(places.terms(kept), places.terms(told), settings)
                if found is not None:
                    marks.append(_verdict(prints, row, places.named[kept], found, settings))
                    break
    if marks:
        yield index, msgspec.msgpack.encode(marks)


class _Places:
    """The paragraphs of some pairs: what they say, how they are named, which comes first."""

    def __init__(
        self, keys: NDArray[np.int64], blocks: Mapping[int, StagedBlock], settings: Settings
    ) -> None:
        self._sketches: dict[int, Sketches] = {}
        self._terms: dict[int, Terms] = {}
        self.named: dict[int, KeptParagraph] = {}
        self.order: dict[int, tuple[Rank, int]] = {}
        for block in np.unique(block_of(keys)).tolist():
            prints, sketches = read_fingerprints(blocks, block), read_sketches(blocks, block)
            self._sketches[block] = sketches
            ranks = ranks_of(prints, settings.decide)
            for key in keys[block_of(keys) == block].tolist():
                row = row_of(key)
                position, paragraph = int(prints.document[row]), int(prints.index[row])
                self.order[key] = ranks[position], paragraph
                self.named[key] = KeptParagraph(
                    document=prints.documents[position].id,
                    paragraph=paragraph,
                    start=int(prints.start[row]),
                    end=int(prints.end[row]),
                    block=block,
                    position=position,
                )

    def terms(self, key: int) -> Terms:
        """What a paragraph says; read when it is asked for first."""
        if key not in self._terms:
            sketches = self._sketches[block_of(key)]
            self._terms[key] = sketches.terms(int(np.searchsorted(sketches.rows, row_of(key))))
        return self._terms[key]


def _verdict(
    prints: Fingerprints, row: int, kept: KeptParagraph, found: Comparison, settings: Settings
) -> ParagraphVerdict:
    return ParagraphVerdict(
        position=int(prints.document[row]),
        paragraph=int(prints.index[row]),
        tier="restatement",
        action="report" if settings.restatements.action == "report" else "mark",
        kept=kept,
        jaccard=found.jaccard,
        containment=found.containment,
        comparison=found,
    )


def add_marks(verdicts: BlockVerdicts, encoded: Iterable[bytes]) -> BlockVerdicts:
    """The verdicts of a block with its marks of :class:`MarkAcross`: one for a paragraph."""
    known = {(each.position, each.paragraph) for each in verdicts.paragraphs}
    marks = [
        mark
        for data in encoded
        for mark in msgspec.msgpack.decode(data, type=list[ParagraphVerdict])
        if (mark.position, mark.paragraph) not in known
    ]
    return msgspec.structs.replace(verdicts, paragraphs=(*verdicts.paragraphs, *marks))
