"""The first step: plans of blocks to blocks of records."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import Any

import apache_beam as beam
import numpy as np
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import AsList, PCollection

from pipeline.blocks import BlockPlan, Source, read_blocks
from pipeline.repeated_ids import RepeatedIds, digests_of, repeated_digests
from transforms.block import Block
from transforms.finished import find_finished
from transforms.progress import Told, tell, telling
from transforms.settings import OutputSettings
from transforms.staging import Staging
from transforms.steps import Packed, timed

INPUT = "input"
"""Namespace of the counters of what is left out on purpose."""


@dataclasses.dataclass
class Read(beam.PTransform[Any, Any]):
    """Plans of blocks to blocks of records; unreadable ones become dead letters.

    A block that an interrupted run finished is taken up as it is.  A plan is not read if all of
    its blocks are.

    Attributes:
        limits: what a block holds at the most.
        containers: whether records may have ids of their own, of which some may
            be there more than once; then ids are read first.
        ranges: into how many ranges digests of ids are cut for the shuffle; no
            result depends on it.
        staging: where finished blocks are.
    """

    source: Source
    limits: OutputSettings
    containers: bool
    ranges: int
    staging: Staging

    def expand(self, plans: PCollection[BlockPlan]) -> PCollection[Block]:
        repeated = (
            AsList(plans | FindRepeatedIds(self.source, self.ranges, self.staging))
            if self.containers
            else ()
        )
        return plans | "Read blocks" >> beam.FlatMap(
            _read, self.source, self.limits, repeated, self.staging
        ).with_output_types(Block)


@dataclasses.dataclass
class FindRepeatedIds(beam.PTransform[Any, Any]):
    """Plans of blocks to packed digests of the ids that several records give."""

    source: Source
    ranges: int
    staging: Staging

    def expand(self, plans: PCollection[BlockPlan]) -> PCollection[bytes]:
        return (
            plans
            | "Digest ids" >> beam.FlatMap(_digest, self.source, self.ranges, self.staging)
            | "Group digests of ids" >> beam.GroupByKey()
            | "Find repeated ids" >> beam.FlatMap(_repeated)
        )


def _digest(plan: BlockPlan, source: Source, ranges: int, staging: Staging) -> Iterator[Packed]:
    with timed("read ids"), telling(staging, "read ids", plan.index):
        digests = digests_of(id for piece in plan.pieces for id in source.ids(piece))
    part = digests % np.uint64(ranges)
    for number in np.unique(part).tolist():
        yield number, digests[part == number].tobytes()


def _repeated(partition: tuple[int, Iterable[bytes]]) -> Iterator[bytes]:
    repeated = repeated_digests(np.frombuffer(b"".join(partition[1]), np.uint64))
    if len(repeated):
        yield repeated.tobytes()


def _read(
    plan: BlockPlan,
    source: Source,
    limits: OutputSettings,
    repeated: Sequence[bytes],
    staging: Staging,
) -> Iterator[Block]:
    finished = list(_finished(plan, staging))
    yield from finished
    if len(finished) == staging.count_of(plan.index):
        return
    digests = np.sort(np.frombuffer(b"".join(repeated), np.uint64))
    blocks = read_blocks(plan, source, RepeatedIds(digests), limits)
    for number in count(1):
        # What is done with a block while the next one waits is not reading.
        with timed("read"):
            block = next(blocks, None)
        if block is None:
            staging.keep_count(plan.index, number - 1)
            return
        if number > len(finished):
            tell(staging, Told("judge", block.index, "begun"))
            for what, many in block.skipped.items():
                Metrics.counter(INPUT, what).inc(many)
            yield block


def _finished(plan: BlockPlan, staging: Staging) -> Iterator[Block]:
    """The first blocks of a plan, as far as an interrupted run finished them."""
    for index in count(plan.index, plan.count):
        with timed("read"):
            finished = find_finished(staging, index)
        if finished is None:
            return
        yield Block(index=index, finished=finished)
