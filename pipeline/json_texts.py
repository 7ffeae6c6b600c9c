"""JSON files: one object, an array of objects, or JSON Lines under that name."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

import msgspec

from pipeline.blocks import Piece
from pipeline.content import read_content
from pipeline.json_lines import JsonLines, is_object, whole_characters
from pipeline.repeated_ids import RepeatedIds
from pipeline.text_lines import Line
from transforms.block import RecordError, dead_letter
from transforms.document import DeadLetter, Record
from transforms.json_depth import PARSED_DEPTH, is_too_deep
from transforms.settings import DecodeSettings, InputSettings

_VALUES = msgspec.json.Decoder(list[msgspec.Raw])


class JsonTexts(msgspec.Struct, frozen=True):
    """A source whose files are one JSON text each.

    A file whose first line is a whole object is read as JSON Lines, and so is
    one that is no JSON: there a broken line costs itself.
    """

    input: InputSettings
    decode: DecodeSettings

    def records(self, piece: Piece, repeated: RepeatedIds) -> Iterator[Record | DeadLetter]:
        """The record of each object, named after the byte offset at which it begins."""
        lines = JsonLines(self.input, self.decode)
        source = piece.file.source
        try:
            objects = self._objects(piece)
        except RecordError as error:
            yield dead_letter(error, source, None)
            return
        if objects is None:
            yield from lines.records(piece, repeated)
            return
        for each in objects:
            yield lines.record(source, each, repeated)

    def ids(self, piece: Piece) -> Iterator[str]:
        """The file's name, and the own ids of the records that can be read."""
        lines = JsonLines(self.input, self.decode)
        try:
            objects = self._objects(piece)
        except RecordError:
            objects = []
        if objects is None:
            yield from lines.ids(piece)
            return
        yield piece.file.source
        for each in objects:
            yield from lines.own_ids(each)

    def _objects(self, piece: Piece) -> list[Line] | None:
        """The objects of the text, as if each were a line; ``None`` of JSON Lines.

        Raises:
            RecordError: the file cannot be read, or is no JSON Lines and too large.
        """
        limit = self.decode.max_record_bytes
        with read_content(piece.file.path, self.input, self.decode) as content:
            data = content.file.readline(limit + 1)
            if is_object(data):
                return None
            data += content.file.read(limit + 1 - len(data))
            if len(data) > limit:
                raise RecordError(
                    "record-too-large",
                    f"the file is one JSON text of more than {limit} bytes: write it as JSON Lines,"
                    " or raise decode.max_record_bytes",
                )
            if content.damage is not None:
                raise content.damage
        if data.startswith(codecs.BOM_UTF8):
            data = b"   " + data[len(codecs.BOM_UTF8) :]
        if is_object(data) or is_too_deep(data, PARSED_DEPTH):
            return [Line(0, len(data), data, None)]
        whole = whole_characters(data)
        try:
            values = _VALUES.decode(whole)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return None
        return [Line(start, end, data[start:end], None) for start, end in _places(whole, values)]


def _places(data: bytes, values: list[msgspec.Raw]) -> Iterator[tuple[int, int]]:
    """Where the values of an array stand in its text."""
    end = 1
    for value in values:
        raw = bytes(value)
        # What stands between two values is in none of them, so this finds the next.
        start = data.index(raw, end)
        end = start + len(raw)
        yield start, end
