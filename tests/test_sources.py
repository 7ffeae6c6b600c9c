"""Sources: which files are documents, what they are called, how they are cut into blocks."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import UserError
from pipeline.sources import (
    InputFile,
    PlainFiles,
    check_apart,
    document_id,
    list_inputs,
    plan_blocks,
    read_block,
)
from tests.running import write_files
from transforms.document import DeadLetter, Record
from transforms.settings import DecodeSettings


def names(*inputs: Path | str) -> list[str]:
    return [file.source for file in list_inputs([str(path) for path in inputs])]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return write_files(
        tmp_path / "in",
        {"b.txt": "b", "a/c.html": "c", "a/d/e.txt": "e", ".hidden": "x", ".git/f.txt": "f"},
    )


def test_a_folder_is_read_with_all_below_it_but_hidden_names(tree: Path) -> None:
    assert names(tree) == ["a/c.html", "a/d/e.txt", "b.txt"]


def test_a_file_is_relative_to_its_folder(tree: Path) -> None:
    assert names(tree / "a" / "d" / "e.txt") == ["e.txt"]


def test_a_glob_is_relative_to_the_part_without_wildcards(tree: Path) -> None:
    assert names(f"{tree}/**/*.txt") == ["a/d/e.txt", "b.txt"]
    assert names(f"{tree}/a/*") == ["c.html", "d/e.txt"]


def test_a_file_with_brackets_in_its_name_is_no_glob(tmp_path: Path) -> None:
    write_files(tmp_path, {"a[1].txt": "x"})
    assert names(tmp_path / "a[1].txt") == ["a[1].txt"]


def test_a_relative_path_names_documents_as_an_absolute_one(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tree.parent)
    assert names("in") == names(tree)
    assert names("in/b.txt") == ["b.txt"]


def test_a_name_that_is_no_utf8_has_an_escaped_id(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "caf\udce9.txt").write_text("x")
    assert names(tmp_path / "in") == ["caf%E9.txt"]


def test_a_missing_file_is_an_error() -> None:
    with pytest.raises(UserError, match="does not exist"):
        list_inputs(["no/such/file.txt"])


def test_links_to_folders_are_followed_but_not_in_circles(tree: Path) -> None:
    (tree / "a" / "up").symlink_to(tree, target_is_directory=True)
    (tree / "a" / "d" / "across").symlink_to(tree / "a", target_is_directory=True)
    assert names(tree) == ["a/c.html", "a/d/e.txt", "b.txt"]
    (tree / "other").symlink_to(write_files(tree.parent / "other", {"f.txt": "f"}))
    assert names(tree) == ["a/c.html", "a/d/e.txt", "b.txt", "other/f.txt"]


def test_a_file_named_under_two_ids_is_an_error(tree: Path) -> None:
    with pytest.raises(UserError, match="named twice"):
        list_inputs([str(tree), str(tree / "a")])


def test_output_and_input_stay_apart(tree: Path) -> None:
    files = list_inputs([str(tree)])
    check_apart([str(tree)], files, tree.parent / "out")
    with pytest.raises(UserError, match="lies in the input"):
        check_apart([str(tree)], files, tree / "out")
    with pytest.raises(UserError, match="lies in the output"):
        check_apart([str(tree / "b.txt")], list_inputs([str(tree / "b.txt")]), tree)


@given(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20))
def test_ids_are_printable_and_differ_where_names_do(one: str, other: str) -> None:
    assert all(
        char.isprintable() or char == "\u00a0" or char.isspace() for char in document_id(one)
    )
    assert not {".", ".."} & set(document_id(one).split("/"))
    if one != other:
        assert document_id(one) != document_id(other)


SIZES = st.lists(st.integers(0, 50), max_size=20)


@given(SIZES, st.integers(1, 60))
def test_blocks_follow_from_the_listing_and_the_shard_size(sizes: list[int], shard: int) -> None:
    files = [InputFile(f"/{n}", f"{n}", size) for n, size in enumerate(sizes)]
    blocks = plan_blocks(files, shard)
    assert [file for block in blocks for file in block.files] == files
    assert [block.index for block in blocks] == list(range(len(blocks)))
    for block in blocks:
        assert len(block.files) == 1 or sum(file.size for file in block.files) <= shard


def test_a_file_larger_than_the_limit_is_cut_short_not_read_whole(tmp_path: Path) -> None:
    path = write_files(tmp_path, {"a.txt": b"x" * 100}) / "a.txt"
    (record,) = PlainFiles(DecodeSettings(max_record_bytes=10)).records(
        InputFile(str(path), "a.txt", 100)
    )
    assert isinstance(record, Record)
    assert len(record.data) == 11


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("a.txt", "text/plain"), ("a.HTML", "text/html"), ("a.htm", "text/html"), ("a", None)],
)
def test_the_name_says_what_a_file_is_where_it_can(
    name: str, media_type: str | None, tmp_path: Path
) -> None:
    write_files(tmp_path, {name: "x"})
    (record,) = PlainFiles(DecodeSettings()).records(InputFile(str(tmp_path / name), name, 1))
    assert isinstance(record, Record)
    assert record.media_type == media_type


def test_a_block_parts_records_from_dead_letters(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.txt": "x", "b.csv": "y"})
    (plan,) = plan_blocks(list_inputs([str(tmp_path)]), 100)
    block = read_block(plan, PlainFiles(DecodeSettings()))
    assert [record.id for record in block.records] == ["a.txt"]
    assert [(letter.source, letter.error) for letter in block.rejected] == [
        ("b.csv", "unsupported-format")
    ]
    assert isinstance(block.rejected[0], DeadLetter)
