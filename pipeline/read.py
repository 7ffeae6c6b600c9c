"""The first step: plans of blocks to blocks of records."""

from __future__ import annotations

import dataclasses
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection

from pipeline.sources import BlockPlan, Source, read_block
from transforms.block import Block
from transforms.steps import map_blocks


@dataclasses.dataclass
class Read(beam.PTransform[Any, Any]):
    """Plans of blocks to blocks of records; unreadable files become dead letters."""

    source: Source

    def expand(self, plans: PCollection[BlockPlan]) -> PCollection[Block]:
        return plans | map_blocks("read", read_block, self.source)
