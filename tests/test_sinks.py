"""Sinks: part files, and text files whose names no other document has."""

import hashlib
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pipeline.outputs import DocumentRecord, RejectedRecord
from pipeline.sinks import JsonLines, TextFiles, file_stem


def letter(source: str) -> RejectedRecord:
    return RejectedRecord(
        source=source, record=None, offset=None, error="empty-record", message="m", sample=""
    )


def document(id: str, text: str) -> DocumentRecord:
    return DocumentRecord(
        id=id,
        source=id,
        url=None,
        title=None,
        author=None,
        site=None,
        published=None,
        language=None,
        text=text,
        paragraphs=(),
        characters_in=len(text),
        characters_out=len(text),
        sha256="",
    )


def test_json_lines_are_one_part_a_block(tmp_path: Path) -> None:
    (entry,) = JsonLines().write(tmp_path / "rejected", 3, [letter("a"), letter("ü\n")])
    data = (tmp_path / entry.path).read_bytes()
    assert entry.path == "rejected/part-00003.jsonl"
    assert entry.records == 2
    assert entry.sha256 == hashlib.sha256(data).hexdigest()
    assert data.decode().count("\n") == 2
    assert '"ü\\n"' in data.decode()


def test_a_block_without_records_writes_nothing(tmp_path: Path) -> None:
    assert JsonLines().write(tmp_path / "rejected", 0, []) == []
    assert list(tmp_path.iterdir()) == []


def test_a_second_attempt_replaces_the_first(tmp_path: Path) -> None:
    first = JsonLines().write(tmp_path / "rejected", 0, [letter("a")])
    assert JsonLines().write(tmp_path / "rejected", 0, [letter("a")]) == first
    assert [path.name for path in (tmp_path / "rejected").iterdir()] == ["part-00000.jsonl"]


def test_text_files_are_one_a_document(tmp_path: Path) -> None:
    entries = TextFiles().write(
        tmp_path / "documents", 0, [document("a.txt", "One.\n\nTwo."), document("b/c.txt", "Ü")]
    )
    assert len({entry.path for entry in entries}) == 2
    assert (tmp_path / "documents" / "a.txt.txt").read_text() == "One.\n\nTwo.\n"


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


def test_names_that_mean_something_to_a_system_are_avoided() -> None:
    for id in ("con", "nul.txt", "../../etc/passwd", ".", "..", "-rf", "a/../b", "CON"):
        stem = file_stem(id)
        assert "~" in stem
        assert ".." not in stem
        assert not stem.startswith((".", "-"))
