"""Where a block meets what was decided about it: staged blocks and verdicts to output records."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import PCollection
from msgspec.structs import replace

from transforms.across_steps import add_marks
from transforms.assemble import Records, assemble
from transforms.decide_steps import read_verdicts
from transforms.deciding import BlockVerdicts, KeptParagraph
from transforms.document import Document
from transforms.settings import Settings
from transforms.shingles import I64
from transforms.staging import (
    StagedBlock,
    StagedContent,
    by_index,
    read_content,
    read_documents,
    read_fingerprints,
)
from transforms.steps import Packed, unpack
from transforms.templates import REPEATED, template_verdicts

Decided = tuple[
    PCollection[StagedBlock], PCollection[Packed], PCollection[Packed], PCollection[Packed]
]
"""Staged blocks; template lines (``REPEATED`` records), verdicts and marks across documents (both
encoded), all three keyed by block."""

Met = tuple[int, dict[str, Iterable[Any]]]
"""A block's index with its staged block and what was decided about it."""


@dataclasses.dataclass
class MeetVerdicts(beam.PTransform[Any, Any]):
    """What was decided to :data:`Met`, one a block, for :func:`assemble_block`."""

    def expand(self, decided: Decided) -> PCollection[Met]:
        staged, templates, verdicts, marks = decided
        keyed = staged | "Key by block" >> beam.Map(lambda block: (block.index, block))
        met: PCollection[Met] = {
            "staged": keyed,
            "templates": templates,
            "verdicts": verdicts,
            "marks": marks,
        } | "Meet the verdicts" >> beam.CoGroupByKey()
        return met


class Gathered(NamedTuple):
    """A block and all that was decided about it."""

    block: int
    content: StagedContent
    verdicts: BlockVerdicts
    templates: I64
    """The rows of its fingerprints that belong to a site's template."""


def gather(met: Met, settings: Settings, blocks: Mapping[int, StagedBlock]) -> Gathered:
    """Read a block and what was decided about it."""
    index, values = met
    content = read_content(blocks[index])
    repeated = unpack(values["templates"], REPEATED)
    verdicts = replace(
        add_marks(read_verdicts(values["verdicts"]), values["marks"]),
        templates=template_verdicts(repeated, content.documents, settings.templates),
    )
    return Gathered(index, content, verdicts, repeated["row"].astype(np.int64))


def assemble_gathered(gathered: Gathered, blocks: Mapping[int, StagedBlock]) -> Records:
    """The output records of one block.

    Args:
        blocks: every block, for what was kept in others.
    """
    content, verdicts = gathered.content, gathered.verdicts
    texts = read_kept_texts(verdicts, blocks, {gathered.block: content.documents})
    return assemble(content, verdicts, texts.__getitem__)


def assemble_block(met: Met, settings: Settings, staged: Iterable[StagedBlock]) -> Records:
    """The output records of one block.

    Args:
        staged: every block, for what was kept in others.
    """
    blocks = by_index(staged)
    return assemble_gathered(gather(met, settings, blocks), blocks)


def read_kept_texts(
    verdicts: BlockVerdicts,
    blocks: Mapping[int, StagedBlock],
    at_hand: Mapping[int, Sequence[Document]],
) -> dict[KeptParagraph, str]:
    """The kept paragraphs that near-duplicates name; of other blocks only their documents are read.

    Args:
        at_hand: the documents of blocks that are in memory already, by index.
    """
    by_block: dict[int, set[KeptParagraph]] = defaultdict(set)
    for verdict in verdicts.paragraphs:
        if verdict.tier == "near-duplicate":  # the evidence of others needs no other text
            by_block[verdict.kept.block].add(verdict.kept)
    texts: dict[KeptParagraph, str] = {}
    for index, wanted in by_block.items():
        if blocks[index].earlier:
            prints = read_fingerprints(blocks, index)
            texts |= {kept: prints.text_at(kept.position, kept.paragraph) for kept in wanted}
            continue
        documents = at_hand.get(index) or read_documents(
            blocks[index], {kept.position for kept in wanted}
        )
        for kept in wanted:
            texts[kept] = documents[kept.position].text[kept.start : kept.end]
    return texts
