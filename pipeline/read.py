"""The first step: plans of blocks to blocks of records."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import AsList, PCollection

from pipeline.blocks import BlockPlan, Source, read_block
from pipeline.repeated_ids import RepeatedIds, digests_of, repeated_digests
from transforms.block import Block
from transforms.finished import find_finished
from transforms.staging import Staging
from transforms.steps import Packed, timed


@dataclasses.dataclass
class Read(beam.PTransform[Any, Any]):
    """Plans of blocks to blocks of records; unreadable ones become dead letters.

    A block that an interrupted run finished is taken up as it is, and not read.

    Attributes:
        containers: whether records may have ids of their own, of which some may
            be there more than once; then ids are read first.
        ranges: into how many ranges digests of ids are cut for the shuffle; no
            result depends on it.
        staging: where finished blocks are.
    """

    source: Source
    containers: bool
    ranges: int
    staging: Staging

    def expand(self, plans: PCollection[BlockPlan]) -> PCollection[Block]:
        repeated = (
            AsList(plans | FindRepeatedIds(self.source, self.ranges)) if self.containers else ()
        )
        return plans | "Read blocks" >> beam.Map(_read, self.source, repeated, self.staging)


@dataclasses.dataclass
class FindRepeatedIds(beam.PTransform[Any, Any]):
    """Plans of blocks to packed digests of the ids that several records give."""

    source: Source
    ranges: int

    def expand(self, plans: PCollection[BlockPlan]) -> PCollection[bytes]:
        return (
            plans
            | "Digest ids" >> beam.FlatMap(_digest, self.source, self.ranges)
            | "Group digests of ids" >> beam.GroupByKey()
            | "Find repeated ids" >> beam.FlatMap(_repeated)
        )


def _digest(plan: BlockPlan, source: Source, ranges: int) -> Iterator[Packed]:
    with timed("read ids"):
        digests = digests_of(id for piece in plan.pieces for id in source.ids(piece))
    part = digests % np.uint64(ranges)
    for number in np.unique(part).tolist():
        yield number, digests[part == number].tobytes()


def _repeated(partition: tuple[int, Iterable[bytes]]) -> Iterator[bytes]:
    repeated = repeated_digests(np.frombuffer(b"".join(partition[1]), np.uint64))
    if len(repeated):
        yield repeated.tobytes()


def _read(plan: BlockPlan, source: Source, repeated: Sequence[bytes], staging: Staging) -> Block:
    with timed("read"):
        if (finished := find_finished(staging, plan.index)) is not None:
            return Block(index=plan.index, finished=finished)
        digests = np.sort(np.frombuffer(b"".join(repeated), np.uint64))
        return read_block(plan, source, RepeatedIds(digests))
