"""The last steps: staged blocks and their verdicts to part files, and the manifest."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import apache_beam as beam
import msgspec
from apache_beam.pvalue import AsIter, AsList, PCollection

from pipeline import __version__
from pipeline.assemble import assemble
from pipeline.outputs import FORMAT_VERSION, FileEntry, Manifest, Tally, Written
from pipeline.settings import settings_hash
from pipeline.sinks import JsonLines, document_sink
from transforms.deciding import KeptParagraph
from transforms.settings import Settings
from transforms.staging import StagedBlock, StagedContent, read_content
from transforms.steps import read_verdicts, timed

MANIFEST = "manifest.json"

# Blocks whose documents a worker keeps open to quote kept paragraphs from.
_CACHED_CONTENTS = 4

_read_content = lru_cache(maxsize=_CACHED_CONTENTS)(read_content)


@dataclasses.dataclass
class Write(beam.PTransform[Any, Any]):
    """Staged blocks and encoded verdicts by block index to :class:`Written` files."""

    settings: Settings
    output: str

    def expand(
        self, inputs: tuple[PCollection[StagedBlock], PCollection[tuple[int, bytes]]]
    ) -> PCollection[Written]:
        staged, verdicts = inputs
        keyed = staged | "Key by block" >> beam.Map(lambda block: (block.index, block))
        return (
            {"staged": keyed, "verdicts": verdicts}
            | "Meet the verdicts" >> beam.CoGroupByKey()
            | "Write part files"
            >> beam.FlatMap(write_block, self.settings, self.output, AsList(staged))
        )


def write_block(
    grouped: tuple[int, dict[str, Iterable[Any]]],
    settings: Settings,
    output: str,
    staged: list[StagedBlock],
) -> Iterator[Written]:
    """Write the part files of one block."""
    index, values = grouped
    blocks = {block.index: block for block in staged}
    verdicts = read_verdicts(values["verdicts"])

    def read_text(kept: KeptParagraph) -> str:
        document = _read_content(blocks[kept.block]).documents[kept.position]
        return document.text[kept.start : kept.end]

    with timed("write"):
        content: StagedContent = _read_content(blocks[index])
        records = assemble(content, verdicts, read_text)
        root = Path(output)
        lines = JsonLines()
        files: list[FileEntry] = [
            *document_sink(settings.output.format).write(
                root / "documents", index, records.documents
            ),
            *lines.write(root / "removed", index, records.removed),
            *lines.write(root / "rejected", index, records.rejected),
            *lines.write(root / "sources", index, records.sources),
        ]
    yield Written(tuple(files), records.tally)


@dataclasses.dataclass
class WriteManifest(beam.PTransform[Any, Any]):
    """What was written, to the manifest; it is the last file of a run."""

    settings: Settings
    output: str

    def expand(self, written: PCollection[Written]) -> PCollection[Manifest]:
        return (
            written.pipeline
            | beam.Impulse()
            | beam.Map(write_manifest, self.settings, self.output, AsIter(written))
        )


def write_manifest(
    _: bytes, settings: Settings, output: str, written: Iterable[Written]
) -> Manifest:
    """Write ``manifest.json`` and return it."""
    counts = Tally()
    files: list[FileEntry] = []
    for each in written:
        counts.add(each.tally)
        files.extend(each.files)
    manifest = Manifest(
        copydesk=__version__,
        format=FORMAT_VERSION,
        settings=msgspec.to_builtins(settings),
        settings_sha256=settings_hash(settings),
        counts=counts.sorted(),
        files=tuple(sorted(files, key=lambda file: file.path)),
    )
    data = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    Path(output, MANIFEST).write_bytes(data + b"\n")
    return manifest
