"""The formats of part files: one interface, JSON Lines and Parquet behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from pipeline.compression import (
    SUFFIXES,
    Codec,
    CompressionError,
    chosen_codec,
    compress,
    decompress,
)
from pipeline.outputs import RecordType
from pipeline.parquet import ParquetError, decode_parquet, encode_parquet
from transforms.settings import OutputSettings


class PartError(ValueError):
    """A part file is not what its format says."""


class PartFormat(Protocol):
    """A way to write the records of a part file, and to read them back."""

    @property
    def suffix(self) -> str:
        """What the names of its files end with."""

    def encode(self, records: Sequence[msgspec.Struct]) -> bytes:
        """The content of a file that holds these records: one or more, all of one kind."""

    def decode(self, data: bytes, kind: type[RecordType]) -> list[RecordType]:
        """The records of such a file.

        Raises:
            PartError: it holds something that :meth:`encode` does not write.
        """


class JsonLines(msgspec.Struct, frozen=True):
    """One JSON object a line, UTF-8; a compressed file is compressed as a whole."""

    codec: Codec = "none"

    @property
    def suffix(self) -> str:
        """``.jsonl``, or with what the codec adds."""
        return f".jsonl{SUFFIXES[self.codec]}"

    def encode(self, records: Sequence[msgspec.Struct]) -> bytes:
        """Lines for records."""
        return compress(msgspec.json.Encoder().encode_lines(records), self.codec)

    def decode(self, data: bytes, kind: type[RecordType]) -> list[RecordType]:
        """Records of lines."""
        try:
            lines = decompress(data, self.codec)
            found = msgspec.json.Decoder(kind).decode_lines(lines)
        except (CompressionError, msgspec.DecodeError) as error:
            raise PartError(str(error)) from error
        if msgspec.json.Encoder().encode_lines(found) != lines:
            raise PartError("a record is not written as this version writes it")
        return found


class Parquet(msgspec.Struct, frozen=True):
    """A table whose columns are the fields of the record; compressed page by page."""

    codec: Codec
    group_size: int
    """Most records in a row group."""
    suffix: str = ".parquet"

    def encode(self, records: Sequence[msgspec.Struct]) -> bytes:
        """Rows for records."""
        return encode_parquet(records, self.codec, self.group_size)

    def decode(self, data: bytes, kind: type[RecordType]) -> list[RecordType]:
        """Records of rows."""
        try:
            return decode_parquet(data, kind)
        except ParquetError as error:
            raise PartError(str(error)) from error


def part_format(settings: OutputSettings) -> PartFormat:
    """The format of part files that the settings ask for; beside plain text it is JSON Lines."""
    codec = chosen_codec(settings)
    if settings.format == "parquet":
        return Parquet(codec, settings.row_group_records)
    return JsonLines(codec)
