"""Compress files and read them back; the same library gives the same bytes at any time."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Final, Literal

import zstandard

from transforms.settings import OutputSettings

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


def decompress(data: bytes, codec: Codec) -> bytes:
    """What :func:`compress` was given.

    Raises:
        CompressionError: the data is damaged, cut off, or followed by more.
    """
    if codec == "none":
        return data
    reader = (
        zlib.decompressobj(wbits=_GZIP)
        if codec == "gzip"
        else zstandard.ZstdDecompressor().decompressobj()
    )
    try:
        content = reader.decompress(data)
    except (zlib.error, zstandard.ZstdError) as error:
        raise CompressionError(f"the {codec} data is damaged: {error}") from error
    if not reader.eof:
        raise CompressionError(f"the {codec} data is cut off")
    if reader.unused_data:
        raise CompressionError(f"something follows the {codec} data")
    return content
