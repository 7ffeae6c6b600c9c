"""Files that are one record each: plain text and pages."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final, Literal

import msgspec

from pipeline.blocks import Piece
from pipeline.repeated_ids import RepeatedIds
from transforms.block import RecordError, dead_letter
from transforms.document import DeadLetter, Record
from transforms.settings import DecodeSettings

_MEDIA_TYPES: Final[dict[str, Literal["text/plain", "text/html"]]] = {
    ".txt": "text/plain",
    ".text": "text/plain",
    ".md": "text/plain",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
}
_UNSUPPORTED: Final[dict[str, str]] = {
    ".json": "JSON",
    ".csv": "CSV",
    ".tsv": "TSV",
    ".parquet": "Parquet",
    ".warc": "WARC",
    ".arc": "ARC",
    ".wet": "WET",
    ".gz": "gzip",
    ".zst": "Zstandard",
    ".bz2": "bzip2",
    ".xz": "xz",
}


class PlainFiles(msgspec.Struct, frozen=True):
    """A source whose files are one record each; a file's name is its id."""

    settings: DecodeSettings

    def records(self, piece: Piece, repeated: RepeatedIds) -> Iterator[Record | DeadLetter]:  # noqa: ARG002 names are unique
        """The file's one record, or the dead letter that says why there is none."""
        file = piece.file
        try:
            if file.suffix in _UNSUPPORTED:
                raise RecordError(
                    "unsupported-format",
                    f"{_UNSUPPORTED[file.suffix]} files are not read yet: unpack them to text,"
                    " HTML or JSON Lines",
                )
            with opened(file.path) as content:
                data = _read(content, file.size, self.settings.max_record_bytes)
            yield Record(
                id=file.source,
                source=file.source,
                data=data,
                media_type=_MEDIA_TYPES.get(file.suffix),
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


@contextmanager
def opened(path: str) -> Iterator[BinaryIO]:
    """A regular file, to be read.

    Raises:
        RecordError: ``unreadable-folder``, ``not-a-file`` or ``unreadable-file``;
            also when it fails while it is read.
    """
    try:
        if os.path.isdir(path):
            raise RecordError(
                "unreadable-folder", "this folder cannot be listed: check that it may be read"
            )
        if not os.path.isfile(path) and os.path.exists(path):
            raise RecordError("not-a-file", "this is no regular file (a pipe or device, say)")
        with open(path, "rb") as file:
            yield file
    except OSError as error:
        code = errno.errorcode.get(error.errno or 0, "EIO")
        raise RecordError(
            "unreadable-file",
            f"the file cannot be opened ({code}): check that it exists and may be read",
        ) from error
