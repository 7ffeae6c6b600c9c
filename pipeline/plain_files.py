"""Files that are one record each: plain text and pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final, Literal

import msgspec

from pipeline.blocks import Piece
from pipeline.content import read_content
from pipeline.formats import Kind
from pipeline.repeated_ids import RepeatedIds
from transforms.block import RecordError, dead_letter
from transforms.document import DeadLetter, Record
from transforms.settings import DecodeSettings, InputSettings

_MEDIA_TYPES: Final[dict[Kind, Literal["text/plain", "text/html"]]] = {
    "text": "text/plain",
    "html": "text/html",
}


class PlainFiles(msgspec.Struct, frozen=True):
    """A source whose files are one record each; a file's name is its id."""

    input: InputSettings
    decode: DecodeSettings

    def records(self, piece: Piece, repeated: RepeatedIds) -> Iterator[Record | DeadLetter]:  # noqa: ARG002 names are unique
        """The file's one record, or the dead letter that says why there is none."""
        file = piece.file
        limit = self.decode.max_record_bytes
        try:
            with read_content(file.path, self.input, self.decode) as content:
                data = _read(content.file, file.size, limit)
                if content.damage is not None and len(data) <= limit:
                    raise content.damage
            yield Record(
                id=file.source,
                source=file.source,
                data=data,
                media_type=_MEDIA_TYPES.get(file.kind),
            )
        except RecordError as error:
            yield dead_letter(error, file.source, None)

    def ids(self, piece: Piece) -> Iterator[str]:
        """The file's name."""
        yield piece.file.source


def _read(content: BinaryIO, size: int, limit: int) -> bytes:
    """All bytes, or one more than may be: decoding says of such a record that it is too large.

    Args:
        size: as it was listed; asked for as much as the limit, Python would make room for it.
    """
    data = content.read(min(size, limit) + 1)
    return data + content.read(limit + 1 - len(data)) if len(data) > size else data
