"""The formats of part files: one interface, JSON Lines and Parquet behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

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

_MOST_EXPANSION: Final = 250
"""To so many times their size the files of a block may unpack, as files of input may ..."""
_ALWAYS: Final = 512 * 1024 * 1024
"""... and to this whatever their size: eight times the largest record by default.  Its text stands
twice among the documents, and is twice as long in JSON at the worst."""


def most_unpacked(packed: int) -> int:
    """What the files of a block, of so many bytes together, may unpack to."""
    return max(_ALWAYS, _MOST_EXPANSION * packed)


class PartError(ValueError):
    """A part file is not what its format says."""


class PartFormat(Protocol):
    """A way to write the records of a part file, and to read them back."""

    @property
    def suffix(self) -> str:
        """What the names of its files end with."""

    def encode(self, records: Sequence[msgspec.Struct]) -> bytes:
        """The content of a file that holds these records: one or more, all of one kind."""

    def decode(
        self, data: bytes, kind: type[RecordType], most: int
    ) -> tuple[list[RecordType], int]:
        """The records of such a file, and to how many bytes it unpacked.

        Args:
            most: bytes that it may unpack to.

        Raises:
            PartError: it holds something that :meth:`encode` does not write, or unpacks to more.
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

    def decode(
        self, data: bytes, kind: type[RecordType], most: int
    ) -> tuple[list[RecordType], int]:
        """Records of lines."""
        try:
            lines = decompress(data, self.codec, most)
            found = msgspec.json.Decoder(kind).decode_lines(lines)
        except (CompressionError, msgspec.DecodeError) as error:
            raise PartError(str(error)) from error
        if msgspec.json.Encoder().encode_lines(found) != lines:
            raise PartError("a record is not written as this version writes it")
        return found, len(lines)


class Parquet(msgspec.Struct, frozen=True):
    """A table whose columns are the fields of the record; compressed page by page."""

    codec: Codec
    group_size: int
    """Most records in a row group."""
    suffix: str = ".parquet"

    def encode(self, records: Sequence[msgspec.Struct]) -> bytes:
        """Rows for records."""
        return encode_parquet(records, self.codec, self.group_size)

    def decode(
        self, data: bytes, kind: type[RecordType], most: int
    ) -> tuple[list[RecordType], int]:
        """Records of rows."""
        try:
            return decode_parquet(data, kind, most)
        except ParquetError as error:
            raise PartError(str(error)) from error


def part_format(settings: OutputSettings) -> PartFormat:
    """The format of part files that the settings ask for; beside plain text it is JSON Lines."""
    codec = chosen_codec(settings)
    if settings.format == "parquet":
        return Parquet(codec, settings.row_group_records)
    return JsonLines(codec)
