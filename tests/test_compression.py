"""Compression: files that any tool reads, the same bytes every time, damage that is noticed."""

import gzip
import tracemalloc

import pytest
import zstandard

from pipeline.compression import (
    Codec,
    CompressionError,
    chosen_codec,
    compress,
    decompress,
)
from transforms.settings import Compression, Format, OutputSettings

DATA = b"The town council voted on Monday.\n" * 50


def test_other_tools_read_what_is_compressed() -> None:
    assert gzip.decompress(compress(DATA, "gzip")) == DATA
    assert zstandard.decompress(compress(DATA, "zstd")) == DATA
    assert compress(DATA, "none") == DATA
    assert max(len(compress(DATA, "gzip")), len(compress(DATA, "zstd"))) < len(DATA) // 5


def test_a_gzip_header_holds_no_name_and_no_time() -> None:
    assert compress(DATA, "gzip")[:8] == b"\x1f\x8b\x08" + b"\x00" * 5


@pytest.mark.parametrize("codec", ["none", "gzip", "zstd"])
@pytest.mark.parametrize("data", [b"", DATA])
def test_what_is_compressed_is_read_back(codec: Codec, data: bytes) -> None:
    assert decompress(compress(data, codec), codec, len(data)) == data


@pytest.mark.parametrize("codec", ["gzip", "zstd"])
def test_damage_is_noticed(codec: Codec) -> None:
    whole = compress(DATA, codec)
    flipped = bytearray(whole)
    flipped[-2] ^= 1  # in the checksum or the length
    for data, message in (
        (DATA, "is damaged"),
        (bytes(flipped), "is damaged"),
        (whole[:-1], "is cut off"),
        (b"", "is cut off"),
        (whole + whole, "something follows"),
    ):
        with pytest.raises(CompressionError, match=message):
            decompress(data, codec, len(DATA))


@pytest.mark.parametrize(
    ("format", "compression", "codec"),
    [
        ("jsonl", "auto", "none"),
        ("text", "auto", "none"),
        ("parquet", "auto", "zstd"),
        ("parquet", "none", "none"),
        ("jsonl", "gzip", "gzip"),
    ],
)
def test_auto_compresses_parquet_alone(
    format: Format, compression: Compression, codec: Codec
) -> None:
    assert chosen_codec(OutputSettings(format=format, compression=compression)) == codec


@pytest.mark.parametrize("codec", ["gzip", "zstd"])
def test_what_unpacks_too_far_is_not_unpacked(codec: Codec) -> None:
    bomb = compress(bytes(300_000_000), codec)
    tracemalloc.start()
    with pytest.raises(CompressionError, match=f"the {codec} data unpacks to more than the 1,000,"):
        decompress(bomb, codec, 1_000_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100_000_000  # zstd makes up to 32 MB of what it is given at once
    with pytest.raises(CompressionError, match="more than the 0 bytes"):
        decompress(compress(b"a", codec), codec, 0)


def test_what_is_not_packed_counts_too() -> None:
    assert decompress(b"ab", "none", 2) == b"ab"
    with pytest.raises(CompressionError, match="the file has more than the 1 bytes"):
        decompress(b"ab", "none", 1)
