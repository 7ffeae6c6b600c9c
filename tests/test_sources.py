"""Sources: which files are documents, and what they are called."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import UserError
from pipeline.sources import (
    InputFile,
    _check_record_names,
    changed,
    check_apart,
    document_id,
    list_inputs,
    names_something,
)
from tests.packing import PACK
from tests.running import write_files


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


def test_after_a_mark_begins_what_names_are_made_of(tree: Path) -> None:
    assert names(f"{tree}/./a/d/e.txt") == ["a/d/e.txt"]
    assert names(f"{tree}/./a") == ["a/c.html", "a/d/e.txt"]
    assert names(f"{tree}/./a/*/*.txt") == ["a/d/e.txt"]
    assert names(f"{tree.parent}/./in/b.txt", f"{tree.parent}/./in/a") == [
        "in/a/c.html",
        "in/a/d/e.txt",
        "in/b.txt",
    ]


def test_a_folder_of_this_one_has_no_mark(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree.parent)
    assert names("./in") == names("in")
    assert names("././in/a") == ["in/a/c.html", "in/a/d/e.txt"]


def test_what_names_nothing_is_told_apart(tree: Path) -> None:
    (tree / "empty").mkdir()
    assert [names_something(f"{tree}/{name}") for name in ("a", "*.txt", "b.txt")] == [True] * 3
    assert [names_something(f"{tree}/{name}") for name in ("x", "*.x", "empty")] == [False] * 3


def test_files_that_changed_grew_or_went_are_found(tree: Path) -> None:
    files = list_inputs([str(tree)])
    assert changed(files) == []
    (tree / "b.txt").write_text("bb")
    os.utime(tree / "a" / "c.html", ns=(0, 1))
    (tree / "a" / "d" / "e.txt").unlink()
    assert changed(files) == files
    (tree / "new.txt").write_text("not listed")
    assert changed(list_inputs([str(tree)])) == []


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


def test_a_size_is_what_can_be_read(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.jsonl": b"x" * 10})
    (tmp_path / "b.jsonl").symlink_to(tmp_path / "nowhere")
    (tmp_path / "c.jsonl").symlink_to("/dev/zero")
    assert [file.size for file in list_inputs([str(tmp_path)])] == [10, 0, 0]


@pytest.mark.parametrize(
    "name", ["a.jsonl#12", "x~a.jsonl#12", "x~y~a.jsonl#0", "x~a.jsonl", "x~B.NDJSON"]
)
def test_a_name_that_a_record_may_have_is_an_error(name: str, tmp_path: Path) -> None:
    write_files(tmp_path, {"a.jsonl": "", "B.NDJSON": "", name: ""})
    with pytest.raises(UserError, match="named as a record of"):
        list_inputs([str(tmp_path)])


def test_names_that_no_record_has_are_none() -> None:
    names = ["a.jsonl", "a.jsonl#b", "b.jsonl#12", "a.jsonl#1.txt", "x~c.jsonl", "a#1", "~"]
    _check_record_names([InputFile(name, name, 0) for name in names])


def test_a_file_is_what_its_name_says_else_its_first_bytes_else_what_the_user_says(
    tmp_path: Path,
) -> None:
    data = b'{"text": "x"}'
    write_files(
        tmp_path, {"a.txt": data, "b": data, "c": b"text", "d.gz": PACK["gz"](data), "e": b""}
    )
    kinds = [(file.kind, file.packed) for file in list_inputs([str(tmp_path)])]
    assert kinds == [
        ("text", False),
        ("json", False),
        ("unknown", False),
        ("json", True),
        ("unknown", False),
    ]
    assert {file.kind for file in list_inputs([str(tmp_path)], "csv")} == {"csv"}


def test_only_names_that_say_nothing_are_looked_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []

    def look(path: str) -> tuple[str, bool]:
        looked.append(Path(path).name)
        return "unknown", False

    monkeypatch.setattr("pipeline.sources.look_into", look)
    write_files(tmp_path, {"a.txt": "x", "b.warc.gz": "x", "c.parquet": "x", "d.dat": "x", "e": ""})
    list_inputs([str(tmp_path)])
    assert looked == ["d.dat"]
