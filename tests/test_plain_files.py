"""Plain files: one record each, read no further than it may be long."""

from pathlib import Path

import pytest

from pipeline.blocks import Piece
from pipeline.plain_files import PlainFiles
from pipeline.repeated_ids import NO_IDS
from pipeline.sources import InputFile
from tests.running import write_files
from transforms.document import DeadLetter, Record
from transforms.settings import DecodeSettings


def read(path: Path, settings: DecodeSettings) -> Record | DeadLetter:
    piece = Piece(InputFile(str(path), path.name, 1), 0, 1)
    (item,) = PlainFiles(settings).records(piece, NO_IDS)
    return item


def test_a_file_larger_than_the_limit_is_cut_short_not_read_whole(tmp_path: Path) -> None:
    path = write_files(tmp_path, {"a.txt": b"x" * 100}) / "a.txt"
    record = read(path, DecodeSettings(max_record_bytes=10))
    assert isinstance(record, Record)
    assert len(record.data) == 11


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("a.txt", "text/plain"), ("a.HTML", "text/html"), ("a.htm", "text/html"), ("a", None)],
)
def test_the_name_says_what_a_file_is_where_it_can(
    name: str, media_type: str | None, tmp_path: Path
) -> None:
    record = read(write_files(tmp_path, {name: "x"}) / name, DecodeSettings())
    assert isinstance(record, Record)
    assert (record.id, record.media_type) == (name, media_type)


def test_a_format_that_is_not_read_is_named(tmp_path: Path) -> None:
    letter = read(write_files(tmp_path, {"a.jsonl.gz": "x"}) / "a.jsonl.gz", DecodeSettings())
    assert isinstance(letter, DeadLetter)
    assert letter.error == "unsupported-format"
    assert "gzip" in letter.message
