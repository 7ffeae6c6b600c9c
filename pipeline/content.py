"""What a file holds, unpacked if it is compressed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final, cast

from pipeline.formats import LOOK, Kind, kind_of_content
from pipeline.storage import opened
from pipeline.unpacking import Unpacked, unpacked
from transforms.block import RecordError
from transforms.settings import DecodeSettings, InputSettings

_BUFFER: Final = 256 * 1024


class Content:
    """A file that is being read.

    Args:
        file: what it holds.
        packed: the same without a buffer, of a file that is compressed.
    """

    def __init__(self, file: BinaryIO, packed: Unpacked | None) -> None:
        self.file = file
        self.packed = packed

    @property
    def damage(self) -> RecordError | None:
        """Why the file ended where it did, once it has, if something is wrong with it."""
        return self.packed.damage if self.packed is not None else None

    def resume(self) -> bool:
        """Go on behind the damage; ``False`` if nothing is left there that can be read."""
        return self.packed is not None and self.packed.resume()


@contextmanager
def read_content(path: str, reading: InputSettings, decode: DecodeSettings) -> Iterator[Content]:
    """Open a file; its first bytes, not its name, say whether it is compressed.

    Raises:
        RecordError: it cannot be read; see :func:`pipeline.storage.opened`.
    """
    with opened(path) as file:
        packed = unpacked(
            file, reading.max_expansion, decode.max_record_bytes, reading.max_window_bytes
        )
        if packed is None:
            yield Content(file, None)
        else:
            yield Content(cast(BinaryIO, io.BufferedReader(packed, _BUFFER)), packed)


def look_into(path: str) -> tuple[Kind, bool]:
    """What a file holds by its first bytes, and whether it is compressed."""
    try:
        with read_content(path, InputSettings(), DecodeSettings()) as content:
            return kind_of_content(content.file.read(LOOK)), content.packed is not None
    except RecordError:
        return "unknown", False  # what is wrong is said when it is read
