"""The last steps: staged blocks and their verdicts to part files, and the manifest."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import apache_beam as beam
import msgspec
import numpy as np
from apache_beam.pvalue import AsIter, AsList, PCollection
from msgspec.structs import replace

from pipeline import __version__
from pipeline.assemble import assemble
from pipeline.history import Past, write_kept
from pipeline.losses import Losses, add_losses, count_losses, write_losses
from pipeline.outputs import FORMAT_VERSION, MANIFEST, FileEntry, Manifest, Tally
from pipeline.settings import settings_hash
from pipeline.sinks import document_sink, record_sink
from transforms.across_steps import add_marks
from transforms.decide_steps import read_verdicts
from transforms.deciding import BlockVerdicts, KeptParagraph, staying
from transforms.document import Document
from transforms.history import history_table
from transforms.settings import Settings
from transforms.staging import (
    StagedBlock,
    by_index,
    read_content,
    read_documents,
    read_fingerprints,
)
from transforms.steps import Packed, timed, unpack
from transforms.templates import REPEATED, template_verdicts


class Written(msgspec.Struct, frozen=True):
    """What writing one block gives."""

    files: tuple[FileEntry, ...]
    tally: Tally
    losses: Losses


@dataclasses.dataclass
class Write(beam.PTransform[Any, Any]):
    """Staged blocks, template lines and verdicts to :class:`Written` files.

    Template lines are ``REPEATED`` records, verdicts and marks across documents
    are encoded; all are keyed by block.

    Attributes:
        known: staged blocks, those of earlier runs too.
        run: under what name a history is to know what stays; ``None`` for no history.
    """

    settings: Settings
    output: str
    known: PCollection[StagedBlock]
    run: str | None

    def expand(
        self,
        inputs: tuple[
            PCollection[StagedBlock], PCollection[Packed], PCollection[Packed], PCollection[Packed]
        ],
    ) -> PCollection[Written]:
        staged, templates, verdicts, marks = inputs
        keyed = staged | "Key by block" >> beam.Map(lambda block: (block.index, block))
        return (
            {"staged": keyed, "templates": templates, "verdicts": verdicts, "marks": marks}
            | "Meet the verdicts" >> beam.CoGroupByKey()
            | "Write part files"
            >> beam.FlatMap(write_block, self.settings, self.output, self.run, AsList(self.known))
        )


def write_block(
    grouped: tuple[int, dict[str, Iterable[Any]]],
    settings: Settings,
    output: str,
    run: str | None,
    known: list[StagedBlock],
) -> Iterator[Written]:
    """Write the part files of one block, and what a history is to know of it."""
    index, values = grouped
    blocks = by_index(known)
    verdicts = add_marks(read_verdicts(values["verdicts"]), values["marks"])

    with timed("write"):
        content = read_content(blocks[index])
        repeated = unpack(values["templates"], REPEATED)
        templates = template_verdicts(repeated, content.documents, settings.templates)
        verdicts = replace(verdicts, templates=templates)
        texts = read_kept_texts(verdicts, blocks, {index: content.documents})
        records = assemble(content, verdicts, texts.__getitem__)
        root = Path(output)
        documents, others = document_sink(settings.output), record_sink(settings.output)
        files: list[FileEntry] = [
            *documents.write(root / "documents", index, records.documents),
            *others.write(root / "removed", index, records.removed),
            *others.write(root / "rejected", index, records.rejected),
            *others.write(root / "sources", index, records.sources),
        ]
        if run is not None:
            prints = read_fingerprints(blocks, index)
            stays = staying(prints, verdicts, repeated["row"].astype(np.int64))
            table = history_table(run, prints, content.documents, stays, settings)
            write_kept(root, index, table)
        losses = count_losses(records.sources, records.documents, records.removed)
    yield Written(tuple(files), records.tally, losses)


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


@dataclasses.dataclass
class WriteManifest(beam.PTransform[Any, Any]):
    """What was written, to the manifest; it is the last file of a run."""

    settings: Settings
    output: str
    past: Past | None

    def expand(self, written: PCollection[Written]) -> PCollection[Manifest]:
        return (
            written.pipeline
            | "Once per run" >> beam.Impulse()
            | "Count and list files"
            >> beam.Map(write_manifest, self.settings, self.output, self.past, AsIter(written))
        )


def write_manifest(
    _: bytes, settings: Settings, output: str, past: Past | None, written: Iterable[Written]
) -> Manifest:
    """Write ``manifest.json`` and return it; what each source lost waits in the staging folder."""
    counts = Tally()
    losses: Losses = {}
    files: list[FileEntry] = []
    for each in written:
        counts.add(each.tally)
        add_losses(losses, each.losses)
        files.extend(each.files)
    manifest = Manifest(
        copydesk=__version__,
        format=FORMAT_VERSION,
        settings=msgspec.to_builtins(settings),
        settings_sha256=settings_hash(settings),
        run=None if past is None else past.run,
        history=() if past is None else past.earlier,
        counts=counts.sorted(),
        files=tuple(sorted(files, key=lambda file: file.path)),
    )
    write_losses(Path(output), losses)
    data = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    Path(output, MANIFEST).write_bytes(data + b"\n")
    return manifest
