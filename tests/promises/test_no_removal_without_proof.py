"""Promise 2: every duplicate verdict can be derived again, and tampering is found out."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.verify import verify
from tests.running import ARTICLES, SHAPES, Row, clean, copydesk, records, write_files

COUNCIL = "The council met on Monday to discuss the new bridge over the river, officials said."
NEARLY = "The council met on Monday to discuss the new crossing over the river, officials said."
OTHER = "Rain is expected in the north for most of the week, with strong winds near the coast."
LAST = "A school in the old town will stay shut until the roof has been repaired by its new owner."
NEW = "And one new sentence that nobody else has written so far."


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("proof")
    write_files(
        folder / "in",
        {
            "a.txt": f"Bridge plan\n{COUNCIL}\n{OTHER}\n",
            "b.txt": f"Another title\n{NEARLY}\n{LAST}\nBridge plan\n",
            "c.txt": f"Third title\n{OTHER}\n{LAST.upper()}\n{NEW}\n",
            "d.txt": f"{COUNCIL}\n{OTHER}\n",
        },
    )
    for path in ARTICLES.iterdir():
        (folder / "in" / path.name).write_bytes(path.read_bytes())
    return clean(folder / "out", folder / "in")


def test_the_corpus_has_every_kind_of_verdict(output: Path) -> None:
    verdicts = {
        (row["verdict"], row["reason"] if row["kept"] else "") for row in records(output, "removed")
    }
    assert {("duplicate", "copy"), ("near-duplicate", "copy"), ("restatement", "copy")} <= verdicts
    assert {row["status"] for row in records(output, "sources")} == {"kept", "duplicate"}


def test_every_removal_names_a_paragraph_that_was_kept(output: Path) -> None:
    kept = {
        (document["id"], span["index"]): span
        for document in records(output, "documents")
        for span in document["paragraphs"]
    }
    named = [row for row in records(output, "removed") if row["verdict"] != "boilerplate"]
    assert len(named) >= 8
    for row in named:
        span = kept[row["kept"]["document"], row["kept"]["paragraph"]]
        assert (span["start"], span["end"]) == (row["kept"]["start"], row["kept"]["end"])


def test_an_output_is_verified_from_itself_and_against_its_input(output: Path) -> None:
    report = verify(output)
    assert report.problems == []
    assert report.verdicts == sum(
        row["verdict"] != "boilerplate" for row in records(output, "removed")
    )
    full = verify(output, [str(output.parent / "in")])
    assert full.problems == []
    assert full.rejudged == len(records(output, "sources"))


def test_the_command_verifies_and_says_so(tmp_path: Path) -> None:
    output = clean(tmp_path / "out", ARTICLES, SHAPES)
    done = copydesk("verify", output, "--input", ARTICLES, "--input", SHAPES)
    assert done.returncode == 0, done.stderr
    assert "4 duplicate verdicts derived again" in done.stdout


def rewrite(output: Path, name: str, change: Callable[[list[Row]], None]) -> None:
    """Change the records of one kind and make the manifest agree."""
    path = next((output / name).iterdir())
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    change(rows)
    data = "".join(
        json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows
    )
    path.write_text(data)
    manifest = json.loads((output / "manifest.json").read_text())
    for entry in manifest["files"]:
        if entry["path"] == f"{name}/{path.name}":
            entry["sha256"] = hashlib.sha256(data.encode()).hexdigest()
            entry["records"] = len(rows)
    (output / "manifest.json").write_text(json.dumps(manifest))


def copy(output: Path, to: Path) -> Path:
    shutil.copytree(output, to)
    return to


def first(rows: list[Row], **wanted: str) -> Row:
    return next(row for row in rows if all(row[name] == value for name, value in wanted.items()))


def other_document(rows: list[Row]) -> None:
    row = first(rows, verdict="near-duplicate")
    row["kept"] = dict(row["kept"], document="c.txt")


def better_score(rows: list[Row]) -> None:
    first(rows, verdict="near-duplicate")["jaccard"] = 0.99


def another_text(rows: list[Row]) -> None:
    row = first(rows, verdict="duplicate", reason="copy")
    row["text"] = row["text"][::-1]


def lost_removal(rows: list[Row]) -> None:
    rows.remove(first(rows, verdict="boilerplate"))


def other_span(rows: list[Row]) -> None:
    row = first(rows, verdict="restatement")
    row["kept"]["start"] += 1


def wrong_tier(rows: list[Row]) -> None:
    row = first(rows, verdict="near-duplicate")
    row["verdict"] = "duplicate"


@pytest.mark.parametrize(
    "change", [other_document, better_score, another_text, lost_removal, other_span, wrong_tier]
)
def test_a_tampered_removal_is_found_out_even_with_a_matching_manifest(
    change: Callable[[list[Row]], None], output: Path, tmp_path: Path
) -> None:
    tampered = copy(output, tmp_path / "out")
    rewrite(tampered, "removed", change)
    assert verify(tampered).problems


def test_a_changed_file_is_found_out_by_its_digest(output: Path, tmp_path: Path) -> None:
    tampered = copy(output, tmp_path / "out")
    part = next((tampered / "documents").iterdir())
    part.write_bytes(part.read_bytes().replace(b"council", b"mayor's", 1))
    done = copydesk("verify", tampered)
    assert done.returncode == 1
    assert f"documents/{part.name}: the file was changed" in done.stderr


def test_a_judgement_that_was_made_up_is_found_out_with_the_input(
    output: Path, tmp_path: Path
) -> None:
    tampered = copy(output, tmp_path / "out")

    def change(rows: list[Row]) -> None:
        row = first(rows, verdict="boilerplate", reason="copyright")
        row["reason"] = "timestamp"

    rewrite(tampered, "removed", change)
    assert verify(tampered, [str(output.parent / "in")]).problems


def test_an_input_that_changed_is_noticed(output: Path, tmp_path: Path) -> None:
    changed = copy(output.parent / "in", tmp_path / "in")
    (changed / "a.txt").write_text("Bridge plan\nNo longer.\n")
    (changed / "new.txt").write_text("A new file.\n")
    problems = verify(output, [str(changed)]).problems
    assert any(problem.startswith("a.txt: the normalised text differs") for problem in problems)
    assert any(problem.startswith("new.txt: the output does not account") for problem in problems)
