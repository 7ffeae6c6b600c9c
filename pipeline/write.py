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
from pipeline.losses import Losses, add_losses, count_losses, write_losses
from pipeline.outputs import FORMAT_VERSION, MANIFEST, FileEntry, Manifest, Tally
from pipeline.settings import settings_hash
from pipeline.sinks import JsonLines, document_sink
from transforms.assemble_steps import Decided, MeetVerdicts, Met, assemble_block
from transforms.settings import Settings
from transforms.staging import StagedBlock
from transforms.steps import timed


class Written(msgspec.Struct, frozen=True):
    """What writing one block gives."""

    files: tuple[FileEntry, ...]
    tally: Tally
    losses: Losses


@dataclasses.dataclass
class Write(beam.PTransform[Any, Any]):
    """What was decided about staged blocks to :class:`Written` files."""

    settings: Settings
    output: str

    def expand(self, decided: Decided) -> PCollection[Written]:
        return (
            decided
            | MeetVerdicts()
            | "Write part files"
            >> beam.Map(write_block, self.settings, self.output, AsList(decided[0]))
        )


def write_block(met: Met, settings: Settings, output: str, staged: list[StagedBlock]) -> Written:
    """Write the part files of one block."""
    with timed("write"):
        index, root, lines = met[0], Path(output), JsonLines()
        records = assemble_block(met, settings, staged)
        files: list[FileEntry] = [
            *document_sink(settings.output.format).write(
                root / "documents", index, records.documents
            ),
            *lines.write(root / "removed", index, records.removed),
            *lines.write(root / "rejected", index, records.rejected),
            *lines.write(root / "sources", index, records.sources),
        ]
        losses = count_losses(records.sources, records.documents, records.removed)
    return Written(tuple(files), records.tally, losses)


@dataclasses.dataclass
class WriteManifest(beam.PTransform[Any, Any]):
    """What was written, to the manifest; it is the last file of a run."""

    settings: Settings
    output: str

    def expand(self, written: PCollection[Written]) -> PCollection[Manifest]:
        return (
            written.pipeline
            | "Once per run" >> beam.Impulse()
            | "Count and list files"
            >> beam.Map(write_manifest, self.settings, self.output, AsIter(written))
        )


def write_manifest(
    _: bytes, settings: Settings, output: str, written: Iterable[Written]
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
        counts=counts.sorted(),
        files=tuple(sorted(files, key=lambda file: file.path)),
    )
    write_losses(Path(output), losses)
    data = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    Path(output, MANIFEST).write_bytes(data + b"\n")
    return manifest
