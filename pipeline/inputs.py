"""Every kind of input behind one source."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import msgspec

from pipeline.blocks import Item, Piece, Source
from pipeline.csv_rows import CsvRows
from pipeline.formats import Kind
from pipeline.json_lines import JsonLines
from pipeline.json_texts import JsonTexts
from pipeline.parquet_rows import ParquetRows
from pipeline.plain_files import PlainFiles
from pipeline.repeated_ids import RepeatedIds
from pipeline.web_archives import WebArchives
from transforms.settings import DecodeSettings, InputSettings, Settings

_SOURCES: Final[dict[Kind, Callable[[InputSettings, DecodeSettings], Source]]] = {
    "text": PlainFiles,
    "html": PlainFiles,
    "unknown": PlainFiles,
    "jsonl": JsonLines,
    "json": JsonTexts,
    "csv": CsvRows,
    "tsv": CsvRows,
    "parquet": ParquetRows,
    "warc": WebArchives,
    "arc": WebArchives,
}


class Inputs(msgspec.Struct, frozen=True):
    """A source for files of every kind."""

    input: InputSettings
    decode: DecodeSettings

    @classmethod
    def create(cls, settings: Settings) -> Inputs:
        """The source of a run."""
        return cls(settings.input, settings.decode)

    def records(self, piece: Piece, repeated: RepeatedIds) -> Iterator[Item]:
        """Every record of a piece; what cannot be read is a dead letter."""
        return self._source(piece).records(piece, repeated)

    def ids(self, piece: Piece) -> Iterator[str]:
        """The ids that the piece itself gives."""
        return self._source(piece).ids(piece)

    def _source(self, piece: Piece) -> Source:
        return _SOURCES[piece.file.kind](self.input, self.decode)
