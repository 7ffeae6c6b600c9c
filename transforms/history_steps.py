"""What earlier runs kept, as PTransforms: the rows that tonight's paragraphs may repeat."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

import apache_beam as beam
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import AsList, PCollection

from transforms.arrays import distinct
from transforms.fingerprints import SIGHTING, Fingerprints
from transforms.history import (
    HistoryError,
    HistorySlice,
    earlier_columns,
    earlier_fingerprints,
    first_ones,
    look_up,
    meeting,
    read_scheme,
    scheme_of,
)
from transforms.progress import telling
from transforms.settings import Settings
from transforms.shingles import U64
from transforms.shuffling import read_shuffle
from transforms.sightings import block_sightings, questions
from transforms.staging import StagedBlock, StagedContent, Staging
from transforms.steps import MATCH, timed

_NO_CONTENT: Final = StagedContent((), (), ())

_ROW_BITS: Final = 40
"""Of the place of a row among all that were kept; the bits above are the run's."""


@dataclasses.dataclass
class Recall(beam.PTransform[Any, Any]):
    """Staged blocks of tonight to staged blocks of what earlier runs kept and tonight may repeat.

    Attributes:
        ranges: into how many partitions each section of buckets is cut.
        history: what to look through.
    """

    settings: Settings
    staging: Staging
    ranges: int
    history: tuple[HistorySlice, ...]

    def expand(self, staged: PCollection[StagedBlock]) -> PCollection[StagedBlock]:
        return (
            staged.pipeline
            | "List the history" >> beam.Create(self.history)
            | "Look through the history"
            >> beam.ParDo(_Recall(self.settings, self.staging, self.ranges), AsList(staged))
        )


class _Recall(beam.DoFn):
    def __init__(self, settings: Settings, staging: Staging, ranges: int) -> None:
        self._settings = settings
        self._staging = staging
        self._ranges = ranges
        self._recalled = Metrics.counter(MATCH, "recalled_paragraphs")

    def process(self, part: HistorySlice, staged: list[StagedBlock]) -> Iterator[StagedBlock]:
        with timed("recall"), telling(self._staging, "recall", part.block):
            try:
                prints = self._recall(part, staged)
            except (HistoryError, OSError, pa.ArrowException) as error:
                raise HistoryError(f"the history {part.path} cannot be used: {error}") from error
            if prints is None:
                return
            self._recalled.inc(len(prints.words))
            sightings = block_sightings(prints, self._settings, self._ranges, earlier=True)
            block = self._staging.write(_NO_CONTENT, prints, sightings, earlier=True)
        yield block

    def _recall(self, part: HistorySlice, staged: list[StagedBlock]) -> Fingerprints | None:
        """The rows of a slice that tonight may repeat, or ``None`` where there are none."""
        scheme = scheme_of(self._settings)
        _check(part.path, part.sha256)
        with pq.ParquetFile(part.path) as file:
            schema: pa.Schema = file.schema_arrow
            if read_scheme(schema) != scheme:
                raise HistoryError("its fingerprints rest on other settings")
            found = [
                self._look_up(file, group, first_row, part, staged)
                for group, first_row in zip(part.groups, part.first_rows, strict=True)
            ]
        table = pa.concat_tables([rows for rows, _ in found])
        numbers = [number for _, some in found for number in some]
        chosen = first_ones(table, numbers, by_site=self._settings.decide.scope == "site")
        if not chosen.any():
            return None
        table = table.filter(pa.array(chosen))
        numbers = [number for number, wanted in zip(numbers, chosen, strict=True) if wanted]
        return earlier_fingerprints(part.block, table, numbers, scheme)

    def _look_up(
        self,
        file: pq.ParquetFile,
        group: int,
        first_row: int,
        part: HistorySlice,
        staged: list[StagedBlock],
    ) -> tuple[pa.Table, list[int]]:
        """The rows of a row group that share a bucket with tonight's, each with its place."""
        scheme = scheme_of(self._settings)
        candidates = file.read_row_group(group, look_up(scheme))
        rows = meeting(candidates, self._seen(staged), part.before, scheme)
        wanted = np.zeros(len(candidates), bool)
        wanted[rows] = True
        columns = earlier_columns(file.schema_arrow)
        # Chunk by chunk: the texts of a row group may be longer than one array of strings can be.
        table = (
            file.read_row_group(group, columns).filter(pa.array(wanted))
            if len(rows)
            else file.schema_arrow.empty_table().select(columns)
        )
        order = {run: number << _ROW_BITS for number, run in enumerate(part.runs)}
        places = (rows + first_row).tolist()
        runs = table.column("run").to_pylist()
        return table, [order[run] + place for run, place in zip(runs, places, strict=True)]

    def _seen(self, staged: list[StagedBlock]) -> Iterator[U64]:
        """The buckets in which anything of tonight was seen, section after section."""
        for section, question in enumerate(questions(self._settings)):
            if question in ("copies", "near"):
                first = section * self._ranges
                parts = [
                    read_shuffle((block.sightings for block in staged), partition, SIGHTING)
                    for partition in range(first, first + self._ranges)
                ]
                yield distinct(np.concatenate([part["bucket"] for part in parts]))


@lru_cache(maxsize=256)
def _check(path: str, sha256: str) -> None:
    """Raise :class:`HistoryError` unless a file is what was written; once a process."""
    with open(path, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != sha256:
        raise HistoryError(
            "it is not what was written (its digest differs); put it back from a copy, or drop its"
            " runs with `copydesk history drop`"
        )
