"""Every kind of input behind one source: a file's name says what it is."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from pipeline.blocks import Piece, Source
from pipeline.json_lines import JsonLines
from pipeline.plain_files import PlainFiles
from pipeline.repeated_ids import RepeatedIds
from pipeline.sources import InputFile
from transforms.document import DeadLetter, Record
from transforms.settings import Settings


class Inputs(msgspec.Struct, frozen=True):
    """A source for files of every kind."""

    plain: PlainFiles
    lines: JsonLines

    @classmethod
    def create(cls, settings: Settings) -> Inputs:
        """The source of a run."""
        return cls(PlainFiles(settings.decode), JsonLines(settings.input, settings.decode))

    def records(self, piece: Piece, repeated: RepeatedIds) -> Iterator[Record | DeadLetter]:
        """Every record of a piece; what cannot be read is a dead letter."""
        return self._kind(piece.file).records(piece, repeated)

    def ids(self, piece: Piece) -> Iterator[str]:
        """The ids that the piece itself gives."""
        return self._kind(piece.file).ids(piece)

    def _kind(self, file: InputFile) -> Source:
        return self.lines if file.holds_many else self.plain
