"""Restatements across documents as PTransforms: after deciding, among what stays.

Sketches, and what is seen in the buckets (16 bytes for a paragraph and band), wait in the staging
folder; what crosses Beam's shuffle are the few pairs that are likely.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, Final

import apache_beam as beam
import msgspec
import numpy as np
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import AsList, PCollection

from transforms.candidates import PAIR, bucket_pairs, distinct_pairs, sides
from transforms.decide_steps import read_verdicts
from transforms.deciding import BlockVerdicts, KeptParagraph, ParagraphVerdict, staying
from transforms.fingerprints import Fingerprints, block_of, row_of
from transforms.match_steps import by_block, owner
from transforms.progress import telling
from transforms.restated_across import SPOT, likely_pairs, looks_across, possible_pairs, spots
from transforms.restatements import Comparison
from transforms.retelling import Places, first_retold
from transforms.settings import Settings
from transforms.shuffling import ShuffleFile, cut, read_shuffle
from transforms.staging import (
    StagedBlock,
    Staging,
    block_stem,
    by_index,
    read_fingerprints,
    read_sketches,
)
from transforms.steps import MATCH, Packed, timed, unpack
from transforms.templates import REPEATED

_STEP: Final = "restate across documents"


@dataclasses.dataclass
class MarkAcross(beam.PTransform[Any, Any]):
    """Staged blocks, template lines and verdicts to marks: encoded, keyed by block.

    Attributes:
        staging: where what is seen in the buckets waits, and progress is told.
        ranges: into how many partitions each band is cut.
    """

    settings: Settings
    staging: Staging
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
        seen: PCollection[ShuffleFile] = (
            {"staged": keyed, "templates": templates, "verdicts": verdicts}
            | "Meet what stays" >> beam.CoGroupByKey()
            | "Sketch what stays" >> beam.FlatMap(_spots, self.settings, self.staging, self.ranges)
        )
        partitions = range(self.settings.restatements.across_bands * self.ranges)
        marks: PCollection[Packed] = (
            staged.pipeline
            | "List the buckets" >> beam.Create(partitions)
            | "Look into buckets"
            >> beam.ParDo(_Look(self.settings, self.staging), AsList(seen), AsList(staged))
            | "Group what is possible" >> beam.GroupByKey()
            | "Compare sketches"
            >> beam.FlatMap(_likely, self.settings, self.staging, AsList(staged))
            | "Group by what is told again" >> beam.GroupByKey()
            | "Compare what is told"
            >> beam.FlatMap(_mark, self.settings, self.staging, AsList(staged))
        )
        return marks


def _spots(
    grouped: tuple[int, dict[str, Iterable[Any]]],
    settings: Settings,
    staging: Staging,
    ranges: int,
) -> Iterator[ShuffleFile]:
    _, values = grouped
    blocks = by_index(values["staged"])
    for index in blocks:
        with timed(_STEP):
            prints = read_fingerprints(blocks, index)
            sketches = read_sketches(blocks, index)
            stays = staying(
                prints,
                read_verdicts(values["verdicts"]),
                unpack(values["templates"], REPEATED)["row"].astype(np.int64),
            )
            bands = spots(sketches, prints.keys(sketches.rows), stays, settings)
            file = staging.shuffle(
                f"{block_stem(index)}.spots", [part for seen in bands for part in cut(seen, ranges)]
            )
        yield file


class _Look(beam.DoFn):
    """Partitions of buckets to possible pairs, keyed by the block that compares their sketches."""

    def __init__(self, settings: Settings, staging: Staging) -> None:
        self._settings = settings
        self._staging = staging
        self._capped = Metrics.counter(MATCH, "capped_buckets")
        self._proposed = Metrics.counter(MATCH, "proposed_restatements")

    def process(
        self, partition: int, seen: list[ShuffleFile], staged: list[StagedBlock]
    ) -> Iterator[Packed]:
        blocks = by_index(staged)
        with timed(_STEP), telling(self._staging, "look for restatements", partition):
            spots = read_shuffle(seen, partition, SPOT)
            cap = self._settings.restatements.bucket_cap
            proposals = bucket_pairs(spots["bucket"], spots["key"], cap)
            possible = possible_pairs(
                proposals.pairs, partial(read_sketches, blocks), self._settings
            )
        self._capped.inc(proposals.capped)
        self._proposed.inc(len(proposals.pairs))
        yield from by_block(owner(possible), possible)


def _likely(
    grouped: tuple[int, Iterable[bytes]],
    settings: Settings,
    staging: Staging,
    staged: list[StagedBlock],
) -> Iterator[Packed]:
    """The likely pairs among possible ones, keyed by the block of what is told again.

    A pair that is alike is met in ten bands or more: here it is compared once.
    """
    blocks = by_index(staged)
    with timed(_STEP), telling(staging, "compare restatements", ~grouped[0]):
        likely = likely_pairs(
            distinct_pairs(unpack(grouped[1], PAIR)),
            partial(read_sketches, blocks),
            partial(read_fingerprints, blocks),
            settings,
        )
    yield from by_block(block_of(likely["right"]), likely)


def _mark(
    grouped: tuple[int, Iterable[bytes]],
    settings: Settings,
    staging: Staging,
    staged: list[StagedBlock],
) -> Iterator[Packed]:
    index, packed = grouped
    blocks = by_index(staged)
    with timed(_STEP), telling(staging, "compare restatements", index):
        pairs = distinct_pairs(unpack(packed, PAIR))
        places = Places(sides(pairs)[0], blocks, settings)
        better: dict[int, list[int]] = defaultdict(list)
        for kept, told in pairs.tolist():
            better[told].append(kept)
        prints = read_fingerprints(blocks, index)
        marks = [
            _verdict(prints, row_of(told), places.named[kept], comparison, settings)
            for told, (kept, comparison) in sorted(first_retold(better, places, settings).items())
        ]
    if marks:
        yield index, msgspec.msgpack.encode(marks)


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
