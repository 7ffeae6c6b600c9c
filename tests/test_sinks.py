"""Sinks: part files, and text files whose names no other document has."""

import gzip
import hashlib
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pipeline.part_formats import JsonLines, Parquet
from pipeline.sinks import PartFiles, TextFiles, file_stem
from tests.output_records import document, letter


def test_json_lines_are_one_part_a_block(tmp_path: Path) -> None:
    (entry,) = PartFiles(JsonLines()).write(tmp_path / "rejected", 3, [letter("a"), letter("ü\n")])
    data = (tmp_path / entry.path).read_bytes()
    assert entry.path == "rejected/part-00003.jsonl"
    assert entry.records == 2
    assert entry.sha256 == hashlib.sha256(data).hexdigest()
    assert data.decode().count("\n") == 2
    assert '"ü\\n"' in data.decode()


def test_part_files_end_as_their_format_says(tmp_path: Path) -> None:
    for format, name in (
        (JsonLines("zstd"), "part-00000.jsonl.zst"),
        (Parquet("zstd", 10), "part-00000.parquet"),
    ):
        (entry,) = PartFiles(format).write(tmp_path / "rejected", 0, [letter("a"), letter("b")])
        data = (tmp_path / entry.path).read_bytes()
        assert entry.path == f"rejected/{name}"
        assert (entry.records, entry.sha256) == (2, hashlib.sha256(data).hexdigest())


def test_a_block_without_records_writes_nothing(tmp_path: Path) -> None:
    assert PartFiles(JsonLines()).write(tmp_path / "rejected", 0, []) == []
    assert list(tmp_path.iterdir()) == []


def test_a_second_attempt_replaces_the_first(tmp_path: Path) -> None:
    first = PartFiles(JsonLines()).write(tmp_path / "rejected", 0, [letter("a")])
    assert PartFiles(JsonLines()).write(tmp_path / "rejected", 0, [letter("a")]) == first
    assert [path.name for path in (tmp_path / "rejected").iterdir()] == ["part-00000.jsonl"]


def test_text_files_are_one_a_document(tmp_path: Path) -> None:
    entries = TextFiles("none").write(
        tmp_path / "documents", 0, [document("a.txt", "One.\n\nTwo."), document("b/c.txt", "Ü")]
    )
    assert len({entry.path for entry in entries}) == 2
    assert (tmp_path / "documents" / "a.txt.txt").read_text() == "One.\n\nTwo.\n"


def test_text_files_are_compressed_each(tmp_path: Path) -> None:
    (entry,) = TextFiles("gzip").write(tmp_path / "documents", 0, [document("a", "Ü")])
    assert entry.path == "documents/a.txt.gz"
    data = (tmp_path / entry.path).read_bytes()
    assert gzip.decompress(data).decode() == "Ü\n"
    assert entry.sha256 == hashlib.sha256(data).hexdigest()


IDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300)


@given(IDS)
def test_any_id_gives_a_name_that_every_file_system_takes(id: str) -> None:
    stem = file_stem(id)
    assert len(f"{stem}.txt".encode()) <= 200
    assert stem == stem.lower()
    assert stem.isascii()
    assert not set(stem) & set('/\\:*?"<>|')
    assert stem.strip(".") == stem


@given(IDS, IDS)
def test_names_differ_where_ids_do(one: str, other: str) -> None:
    if one != other:
        assert file_stem(one) != file_stem(other)


def test_a_name_has_a_digest_for_which_no_second_id_can_be_found() -> None:
    assert len(file_stem("A").rpartition("~")[2]) * 4 == 128


def test_names_that_mean_something_to_a_system_are_avoided() -> None:
    for id in ("con", "nul.txt", "../../etc/passwd", ".", "..", "-rf", "a/../b", "CON"):
        stem = file_stem(id)
        assert "~" in stem
        assert ".." not in stem
        assert not stem.startswith((".", "-"))
