"""Formats of part files: each reads what it writes, and nothing else."""

import msgspec
import pytest

from pipeline.outputs import RejectedRecord
from pipeline.part_formats import JsonLines, Parquet, PartError, PartFormat, part_format
from tests.output_records import EVERY_KIND, letter
from transforms.settings import Format, OutputSettings

ANY = 1 << 30
FORMATS: list[PartFormat] = [JsonLines(), JsonLines("gzip"), JsonLines("zstd"), Parquet("zstd", 2)]


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("records", EVERY_KIND)
def test_each_reads_what_it_writes(format: PartFormat, records: list[msgspec.Struct]) -> None:
    data = format.encode(records)
    assert format.decode(data, type(records[0]), ANY)[0] == records
    assert data == format.encode(records)


def test_names_say_the_format() -> None:
    assert [each.suffix for each in FORMATS] == [".jsonl", ".jsonl.gz", ".jsonl.zst", ".parquet"]


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("data", [b"\x00", b"{}\n", b"PAR1PAR1PAR1"])
def test_anything_else_is_refused(format: PartFormat, data: bytes) -> None:
    with pytest.raises(PartError):
        format.decode(data, RejectedRecord, ANY)


def test_lines_that_are_written_otherwise_are_refused() -> None:
    data = JsonLines().encode([letter("a")])
    with pytest.raises(PartError, match="not written as this version writes it"):
        JsonLines().decode(data.replace(b",", b", "), RejectedRecord, ANY)


@pytest.mark.parametrize(
    ("format", "expected"),
    [
        ("jsonl", JsonLines("gzip")),
        ("text", JsonLines("gzip")),  # of what are no documents
        ("parquet", Parquet("gzip", 7)),
    ],
)
def test_settings_choose(format: Format, expected: PartFormat) -> None:
    settings = OutputSettings(format=format, compression="gzip", row_group_records=7)
    assert part_format(settings) == expected
