"""Plain files: one record each, read no further than it may be long."""

import gzip
import random
from pathlib import Path

import pytest

from pipeline.blocks import Piece
from pipeline.plain_files import PlainFiles
from pipeline.repeated_ids import NO_IDS
from pipeline.sources import InputFile
from tests.running import write_files
from transforms.document import DeadLetter, Record
from transforms.settings import DecodeSettings, InputSettings


def read(path: Path, settings: DecodeSettings) -> Record | DeadLetter:
    piece = Piece(InputFile(str(path), path.name, 1), 0, 1)
    (item,) = PlainFiles(InputSettings(), settings).records(piece, NO_IDS)
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


@pytest.mark.parametrize("name", ["a.html.gz", "a.html", "a"])
def test_a_compressed_file_is_unpacked_whatever_its_name_says(name: str, tmp_path: Path) -> None:
    packed = gzip.compress(b"<p>x") + gzip.compress(b"y")
    record = read(write_files(tmp_path, {name: packed}) / name, DecodeSettings())
    assert isinstance(record, Record)
    assert (record.id, record.data) == (name, b"<p>xy")
    assert record.media_type == (None if name == "a" else "text/html")


def test_a_compressed_file_that_is_cut_is_a_dead_letter(tmp_path: Path) -> None:
    packed = gzip.compress(random.Random(1).randbytes(1000))
    letter = read(write_files(tmp_path, {"a.txt.gz": packed[:-9]}) / "a.txt.gz", DecodeSettings())
    assert isinstance(letter, DeadLetter)
    assert (letter.error, letter.record, letter.offset) == ("truncated-file", None, 0)


def test_a_bomb_is_unpacked_no_further_than_the_limit(tmp_path: Path) -> None:
    path = write_files(tmp_path, {"a.txt.gz": gzip.compress(b"x" * 10_000_000)}) / "a.txt.gz"
    record = read(path, DecodeSettings(max_record_bytes=1_000))
    # Decoding says of it that it is too large.
    assert isinstance(record, Record)
    assert len(record.data) == 1_001
