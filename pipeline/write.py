"""The last steps: staged blocks and their verdicts to part files, and the manifest."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import apache_beam as beam
import msgspec
from apache_beam.pvalue import AsIter, AsList, PCollection

from pipeline import __version__
from pipeline.history import Past
from pipeline.history_files import write_kept
from pipeline.losses import Losses, add_losses, count_losses, write_losses
from pipeline.outputs import FORMAT_VERSION, MANIFEST, FileEntry, Manifest, Tally
from pipeline.settings import settings_hash
from pipeline.sinks import document_sink, record_sink
from transforms.assemble_steps import Decided, MeetVerdicts, Met, assemble_gathered, gather
from transforms.deciding import staying
from transforms.history import history_table
from transforms.progress import telling
from transforms.settings import Settings
from transforms.staging import StagedBlock, Staging, by_index, read_fingerprints
from transforms.steps import timed


class Written(msgspec.Struct, frozen=True):
    """What writing one block gives."""

    files: tuple[FileEntry, ...]
    tally: Tally
    losses: Losses


@dataclasses.dataclass
class Write(beam.PTransform[Any, Any]):
    """What was decided about staged blocks to :class:`Written` files.

    Attributes:
        staging: where progress is told.
        known: staged blocks, those of earlier runs too.
        run: under what name a history is to know what stays; ``None`` for no history.
    """

    settings: Settings
    staging: Staging
    output: str
    known: PCollection[StagedBlock]
    run: str | None

    def expand(self, decided: Decided) -> PCollection[Written]:
        return (
            decided
            | MeetVerdicts()
            | "Write part files"
            >> beam.Map(
                write_block,
                self.settings,
                self.staging,
                self.output,
                self.run,
                AsList(self.known),
            )
        )


def write_block(
    met: Met,
    settings: Settings,
    staging: Staging,
    output: str,
    run: str | None,
    known: list[StagedBlock],
) -> Written:
    """Write the part files of one block, and what a history is to know of it."""
    with timed("write"), telling(staging, "write", met[0]):
        index, root, blocks = met[0], Path(output), by_index(known)
        gathered = gather(met, settings, blocks)
        records = assemble_gathered(gathered, blocks)
        documents, others = document_sink(settings.output), record_sink(settings.output)
        files: list[FileEntry] = [
            *documents.write(root / "documents", index, records.documents),
            *others.write(root / "removed", index, records.removed),
            *others.write(root / "rejected", index, records.rejected),
            *others.write(root / "sources", index, records.sources),
        ]
        if run is not None:
            prints = read_fingerprints(blocks, index)
            stays = staying(prints, gathered.verdicts, gathered.templates)
            documents_of = gathered.content.documents
            write_kept(root, index, history_table(run, prints, documents_of, stays, settings))
        losses = count_losses(records.sources, records.documents, records.removed)
    return Written(tuple(files), records.tally, losses)


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
