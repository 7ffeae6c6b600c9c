"""Bad input: a clear error or a dead letter each, and the exit code that says which."""

from __future__ import annotations

import json
import os
from itertools import accumulate
from pathlib import Path

import pytest

from pipeline.verify import verify
from tests.running import ARTICLES, clean, copydesk, records, write_files
from transforms.block import Block
from transforms.fingerprints import Fingerprints, Words, fingerprint_words
from transforms.settings import DecideSettings, DecodeSettings, Settings

GOOD = "A title\n\nThe council met on Monday to discuss the new bridge over the river.\n"


def rejected(output: Path) -> dict[str, str]:
    return {row["source"]: row["error"] for row in records(output, "rejected")}


def test_a_missing_path_is_named(tmp_path: Path) -> None:
    done = copydesk("run", tmp_path / "nowhere", "-o", tmp_path / "out")
    assert done.returncode == 2
    assert "nowhere does not exist" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_glob_that_matches_nothing_is_named(tmp_path: Path) -> None:
    done = copydesk("run", tmp_path / "*.txt", "-o", tmp_path / "out")
    assert done.returncode == 2
    assert "nothing matches" in done.stderr


def test_a_folder_without_documents_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty" / "below").mkdir(parents=True)
    done = copydesk("run", tmp_path / "empty", "-o", tmp_path / "out")
    assert done.returncode == 2
    assert "holds no documents" in done.stderr


def test_an_output_that_exists_is_left_alone(tmp_path: Path) -> None:
    output = clean(tmp_path / "out", ARTICLES)
    before = (output / "run.json").read_bytes()
    done = copydesk("run", ARTICLES, "-o", output)
    assert done.returncode == 2
    assert "--overwrite" in done.stderr
    assert (output / "run.json").read_bytes() == before
    assert copydesk("run", ARTICLES, "-o", output, "--overwrite").returncode == 0
    assert (output / "run.json").read_bytes() != before


def test_a_folder_that_is_no_output_is_never_overwritten(tmp_path: Path) -> None:
    mine = write_files(tmp_path / "mine", {"thesis.txt": "years of work"})
    done = copydesk("run", ARTICLES, "-o", mine, "--overwrite")
    assert done.returncode == 2
    assert (mine / "thesis.txt").read_text() == "years of work"


def test_bad_records_cost_themselves_only(tmp_path: Path) -> None:
    folder = write_files(
        tmp_path / "in",
        {
            "good.txt": GOOD,
            "empty.txt": b"",
            "blank.txt": b"\xef\xbb\xbf \n\t\n",
            "image.png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
            "lines.csv": b"body\nx\n",
        },
    )
    (folder / "dangling.txt").symlink_to(folder / "nowhere")
    output = clean(tmp_path / "out", folder)
    assert rejected(output) == {
        "empty.txt": "empty-record",
        "blank.txt": "empty-record",
        "image.png": "binary-record",
        "lines.csv": "no-text",
        "dangling.txt": "unreadable-file",
    }
    assert [row["id"] for row in records(output, "documents")] == ["good.txt"]
    for row in records(output, "rejected"):
        assert row["message"]


def test_bad_lines_cost_themselves_only(tmp_path: Path) -> None:
    lines = [
        json.dumps({"id": "one", "text": GOOD}).encode(),
        b'{"text": "cut o',
        b"[" * 100_000,
        b'{"text": "\xff"}',
        json.dumps({"id": "../\x1b[31m<b>", "text": GOOD.replace("bridge", "school")}).encode(),
        b'{"text": "\\u0000"}',
        b'{"text": "' + b"x" * 3_000,
        b'{"id": "no text"}',
    ]
    folder = write_files(tmp_path / "in", {"lines.jsonl": b"\n".join(lines), "empty.jsonl": b""})
    (folder / "dangling.jsonl").symlink_to(folder / "nowhere")
    settings = Settings(decode=DecodeSettings(max_record_bytes=2_000))
    output = clean(tmp_path / "out", folder, settings=settings)
    letters = {(row["source"], row["record"]): row["error"] for row in records(output, "rejected")}
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    assert letters == {
        ("dangling.jsonl", None): "unreadable-file",
        ("lines.jsonl", str(starts[1])): "invalid-json",
        ("lines.jsonl", str(starts[2])): "record-too-large",
        ("lines.jsonl", str(starts[3])): "invalid-utf-8",
        ("lines.jsonl", str(starts[5])): "empty-record",
        ("lines.jsonl", str(starts[6])): "record-too-large",
        ("lines.jsonl", str(starts[7])): "no-text",
    }
    documents = [row["id"] for row in records(output, "documents")]
    assert documents == ["%2E%2E/%1B[31m<b>", "one"]
    assert len(records(output, "sources")) == len(lines) + 1
    assert verify(output, [str(folder)]).problems == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_permission_is_a_dead_letter(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "in", {"good.txt": GOOD, "secret.txt": GOOD})
    (folder / "secret.txt").chmod(0)
    output = clean(tmp_path / "out", folder)
    assert rejected(output) == {"secret.txt": "unreadable-file"}
    assert "EACCES" in records(output, "rejected")[0]["message"]


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs /proc")
def test_a_file_that_fails_while_it_is_read_is_a_dead_letter(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "in", {"good.txt": GOOD})
    (folder / "broken.txt").symlink_to("/proc/self/mem")  # its first byte cannot be read
    output = clean(tmp_path / "out", folder)
    assert rejected(output) == {"broken.txt": "unreadable-file"}
    assert "EIO" in records(output, "rejected")[0]["message"]
    assert [row["id"] for row in records(output, "documents")] == ["good.txt"]


def test_a_pipe_is_a_dead_letter_and_does_not_hang(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "in", {"good.txt": GOOD})
    os.mkfifo(folder / "pipe.txt")
    output = clean(tmp_path / "out", folder)
    assert rejected(output) == {"pipe.txt": "not-a-file"}


def test_a_run_in_which_every_record_is_rejected_fails_and_says_where_to_look(
    tmp_path: Path,
) -> None:
    folder = write_files(tmp_path / "in", {"empty.txt": b""})
    done = copydesk("run", folder, "-o", tmp_path / "out")
    assert done.returncode == 1
    assert "every record was rejected" in done.stderr
    assert rejected(tmp_path / "out") == {"empty.txt": "empty-record"}


def test_invalid_bytes_are_replaced_counted_and_located(tmp_path: Path) -> None:
    data = (
        GOOD.encode() + "Größe über alles, schöne Grüße aus Köln.\n".encode() + b"bad \xff byte\n"
    )
    output = clean(tmp_path / "out", write_files(tmp_path / "in", {"a.txt": data}))
    (source,) = records(output, "sources")
    assert source["status"] == "kept"
    assert source["encoding"] == "utf-8"
    assert source["changes"]["undecodable-bytes"] == 1
    assert source["replaced_at"] == [data.index(b"\xff")]


def test_a_nul_byte_is_taken_out_and_counted(tmp_path: Path) -> None:
    data = GOOD.replace("council", "coun\0cil").encode()
    output = clean(tmp_path / "out", write_files(tmp_path / "in", {"a.txt": data}))
    (document,) = records(output, "documents")
    assert "The council met" in document["text"]
    assert records(output, "sources")[0]["changes"]["controls"] == 1


def test_a_line_of_twenty_megabytes_is_one_paragraph(tmp_path: Path) -> None:
    sentence = "The council met on Monday to discuss the new bridge over the river. "
    line = sentence * (20_000_000 // len(sentence))
    folder = write_files(tmp_path / "in", {"long.txt": f"A title\n{line}\n", "good.txt": GOOD})
    output = clean(tmp_path / "out", folder)
    sources = {row["id"]: row for row in records(output, "sources")}
    assert {row["status"] for row in sources.values()} == {"kept"}
    assert sources["long.txt"]["characters"] == len(f"A title\n{line}\n")


def test_two_files_of_one_id_are_an_error(tmp_path: Path) -> None:
    one = write_files(tmp_path / "one", {"a.txt": GOOD})
    two = write_files(tmp_path / "two", {"a.txt": GOOD})
    done = copydesk("run", one, two, "-o", tmp_path / "out")
    assert done.returncode == 2
    assert "would both be document 'a.txt'" in done.stderr
    assert copydesk("run", one, one / "a.txt", "-o", tmp_path / "out").returncode == 0


def test_an_unknown_option_is_an_error_with_the_nearest_name(tmp_path: Path) -> None:
    done = copydesk("run", ARTICLES, "-o", tmp_path / "out", "--restatement=mark")
    assert done.returncode == 2
    assert "--restatements" in done.stderr


def test_what_is_in_no_store_is_refused_not_fetched(tmp_path: Path) -> None:
    done = copydesk("run", "https://herald.example/articles", "-o", tmp_path / "out")
    assert done.returncode == 2
    assert "none of the stores" in done.stderr


def test_a_document_with_which_matching_fails_costs_itself_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = fingerprint_words

    def failing(block: Block, settings: DecideSettings) -> tuple[Fingerprints, Words]:
        if any("bridge" in document.text for document in block.documents):
            raise OverflowError
        return sound(block, settings)

    monkeypatch.setattr("transforms.steps.fingerprint_words", failing)
    monkeypatch.setattr("transforms.single.fingerprint_words", failing)
    folder = write_files(
        tmp_path / "in", {"bad.txt": GOOD, "good.txt": GOOD.replace("bridge", "school")}
    )
    output = clean(tmp_path / "out", folder)
    assert rejected(output) == {"bad.txt": "unexpected-error"}
    assert [row["id"] for row in records(output, "documents")] == ["good.txt"]
