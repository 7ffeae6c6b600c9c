"""Compress files and read them back; the same library gives the same bytes at any time."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Final, Literal

import zstandard

from pipeline.decoders import BROKEN, STEP, WINDOW, new_decoder
from transforms.settings import OutputSettings

TOO_FAR: Final = (
    "that are left for it: files of this size are read up to 250 times that or 512 MB together, and"
    " hardly any text is packed so well; if the output is not yours, do not trust it"
)
"""Why part files are read no further; ``pipeline.part_formats`` has the limit."""

Codec = Literal["none", "gzip", "zstd"]

SUFFIXES: Mapping[Codec, str] = {"none": "", "gzip": ".gz", "zstd": ".zst"}
"""What the name of a file ends with that is compressed as a whole."""

LEVELS: Mapping[Codec, int] = {"gzip": 6, "zstd": 3}
"""The libraries' own defaults, written down: another version may choose others."""

_GZIP: Final = 31
"""Window bits by which zlib writes a gzip header, which then holds no time and no name."""


class CompressionError(ValueError):
    """The data is not what its compression says."""


def chosen_codec(settings: OutputSettings) -> Codec:
    """The codec that the settings ask for."""
    if settings.compression != "auto":
        return settings.compression
    return "zstd" if settings.format == "parquet" else "none"


def compress(data: bytes, codec: Codec) -> bytes:
    """The content of a file, compressed in one piece."""
    if codec == "gzip":
        return zlib.compress(data, LEVELS[codec], wbits=_GZIP)
    if codec == "zstd":
        return zstandard.ZstdCompressor(level=LEVELS[codec], write_checksum=True).compress(data)
    return data


def decompress(data: bytes, codec: Codec, most: int) -> bytes:
    """What :func:`compress` was given.

    Args:
        most: bytes that it may unpack to; it is unpacked no further.

    Raises:
        CompressionError: the data unpacks to more, is damaged, cut off, or followed by more.
    """
    if codec == "none":
        if len(data) > most:  # a file that was read before, under another name
            raise CompressionError(f"the file has more than the {most:,} bytes {TOO_FAR}")
        return data
    decoder = new_decoder(codec, WINDOW)
    made = bytearray()
    at = 0
    while not decoder.eof:
        packed = data[at : at + STEP] if decoder.hungry else b""
        if decoder.hungry and not packed:
            raise CompressionError(f"the {codec} data is cut off")
        at += len(packed)
        try:
            made += decoder.decompress(packed, most + 1 - len(made))
        except BROKEN as error:
            raise CompressionError(f"the {codec} data is damaged: {error}") from error
        if len(made) > most:
            raise CompressionError(
                f"the {codec} data unpacks to more than the {most:,} bytes {TOO_FAR}"
            )
    if decoder.unused_data or at < len(data):
        raise CompressionError(f"something follows the {codec} data")
    return bytes(made)
