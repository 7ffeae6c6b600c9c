"""Where a block meets what was decided about it: staged blocks and verdicts to output records."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection
from msgspec.structs import replace

from transforms.across_steps import add_marks
from transforms.assemble import Records, assemble
from transforms.decide_steps import read_verdicts
from transforms.deciding import BlockVerdicts, KeptParagraph
from transforms.document import Document
from transforms.settings import Settings
from transforms.staging import StagedBlock, by_index, read_content, read_documents
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


def assemble_block(met: Met, settings: Settings, staged: Iterable[StagedBlock]) -> Records:
    """The output records of one block.

    Args:
        staged: every block, for what was kept in others.
    """
    index, values = met
    blocks = by_index(staged)
    content = read_content(blocks[index])
    templates = template_verdicts(
        unpack(values["templates"], REPEATED), content.documents, settings.templates
    )
    verdicts = replace(
        add_marks(read_verdicts(values["verdicts"]), values["marks"]), templates=templates
    )
    texts = read_kept_texts(verdicts, blocks, {index: content.documents})
    return assemble(content, verdicts, texts.__getitem__)


def read_kept_texts(
    verdicts: BlockVerdicts,
    blocks: Mapping[int, StagedBlock],
    at_hand: Mapping[int, Sequence[Document]],
) -> dict[KeptParagraph, str]:
    """The kept paragraphs that copies name; of other blocks their documents alone are read.

    Args:
        at_hand: the documents of blocks that are in memory already, by index.
    """
    by_block: dict[int, set[KeptParagraph]] = defaultdict(set)
    for verdict in verdicts.paragraphs:
        if verdict.tier != "restatement":  # its evidence is there already
            by_block[verdict.kept.block].add(verdict.kept)
    texts: dict[KeptParagraph, str] = {}
    for index, wanted in by_block.items():
        documents = at_hand.get(index) or read_documents(
            blocks[index], {kept.position for kept in wanted}
        )
        for kept in wanted:
            texts[kept] = documents[kept.position].text[kept.start : kept.end]
    return texts
