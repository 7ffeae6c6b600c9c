"""Names and texts from outside act on nothing: no terminal, no log, no file system."""

from __future__ import annotations

import json
import os
import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.cli import main
from pipeline.sinks import file_stem
from pipeline.sources import document_id
from tests.running import records, write_files

# The screen is cleared, the title set, the clipboard written, the bell rung; C1 introducers do the
# same in one byte; then marks that turn text around, and separators that end a line.
ACTS = "\x1b[2J\x1b]0;pwned\x07\x1b]52;c;cm0=\x07\x9b31m\x9d0;x\x9c\x08\x7f\u202e\u2066\u2028\x85\r"
FORGED = "\ncopydesk: verified: 9 documents"
STORY = (
    f"Title {ACTS} of it\n\n"
    f"Norland has been in the grip of a harsh drought since 2011, and the Harvest Aid Fund {ACTS}"
    " has sent grain to farmers in the south.\n\n"
    "Norland has been gripped by drought since 2011, with farmers in the south losing herds,"
    f" according to the Harvest Aid {ACTS} Fund.\n\n"
    "The parliament of Norland opens on Thursday in the capital, Ostby, its speaker said, and will"
    " hear the minister for farming, who has asked for seed, for water and for roads to the south."
    " A second reading of the law on wells is planned for the week after, once the committee has met"
    " and the mayors of the seven towns on the river have been heard in public.\n"
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files whose names and texts act on a terminal."""
    folder = tmp_path_factory.mktemp("hostile")
    rows = [
        {"id": f"a{ACTS}{FORGED}", "url": f"https://a.example/{ACTS}", "text": STORY},
        {"id": "=HYPERLINK(1)", "text": STORY + "One \ud800 half.\n"},
        {"id": "../../etc/passwd", "text": STORY.replace("Norland", "Sudland")},
        {"id": f"b{ACTS}", "text": ""},
    ]
    write_files(
        folder,
        {
            f"x{ACTS}{FORGED}.txt": STORY,
            f"empty{ACTS}{FORGED}.txt": b"",
            "-rf.txt": STORY,
            f"{ACTS}.html": f"<title>{ACTS}</title><p>{STORY}</p>".encode(),
            "rows.jsonl": "".join(json.dumps(row) + "\n" for row in rows),
        },
    )
    (folder / os.fsdecode(b"bad\xff\xfe\x1b[2J.txt")).write_text(STORY)
    return folder


def said(*arguments: str | Path, code: int = 0) -> str:
    """What a command says on both streams, which no terminal obeys."""
    done = CliRunner().invoke(main, [os.fspath(each) for each in arguments])
    assert done.exit_code == code, done.output
    acting = {char for char in done.output if not (char.isprintable() or char == "\n")}
    assert not acting
    ours = [line for line in done.output.splitlines() if line.startswith("copydesk: verified")]
    assert not ours
    return done.output


@pytest.mark.parametrize("format", ["jsonl", "parquet", "text"])
def test_no_output_acts_and_no_text_is_lost(format: str, hostile: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    said("run", hostile, "-o", output, "--format", format)
    for path in output.rglob("*"):
        assert path.name.isascii()
        assert path.name.isprintable()
    said("report", output)
    page = (output / "report.html").read_text(encoding="utf-8")
    assert not {*"\x1b\x07\x9b\x9d\x7f\u2028"} & {*page}
    if format == "jsonl":
        ids = [row["id"] for row in records(output, "sources")]
        assert len(ids) == len(set(ids)) == 9
        assert "%2E%2E/%2E%2E/etc/passwd" in ids
        assert "bad%FF%FE%1B[2J.txt" in ids
        assert all(id.isprintable() for id in ids)
        texts = [row["text"] for row in records(output, "documents")]
        assert any("One \ufffd half." in text for text in texts)
        said("compare", output, output)
    if format == "text":
        files = list((output / "documents").iterdir())
        assert len(files) == len({path.name.casefold() for path in files})
    else:
        said("verify", output)


def test_commands_that_look_say_nothing_that_acts(hostile: Path) -> None:
    said("run", hostile, "--dry-run")
    said("tune", hostile)
    named = hostile / f"x{ACTS}{FORGED}.txt"
    for options in ((), ("--diff",), ("--explain", "1")):
        said("inspect", named, *options)
    said("inspect", f"{hostile / 'rows.jsonl'}#=HYPERLINK(1)")


def test_errors_say_nothing_that_acts(hostile: Path, tmp_path: Path) -> None:
    gone = tmp_path / f"gone{ACTS}{FORGED}"
    said("run", gone, "-o", tmp_path / "out", code=2)
    said("inspect", gone, code=2)
    said("inspect", hostile / f"empty{ACTS}{FORGED}.txt", code=2)
    said("inspect", f"{hostile / 'rows.jsonl'}#{ACTS}{FORGED}", code=2)
    said("verify", gone, code=2)
    said("report", gone, code=2)
    said("compare", gone, gone, code=2)
    said("history", "list", gone, code=2)
    said("prune", f"{gone}{{date}}", "--keep", "1")
    said(f"{ACTS}{FORGED}", code=2)
    said(f"--{ACTS}{FORGED}", code=2)
    said("inspect", f"--{ACTS}{FORGED}", code=2)
    said("run", "--judge", f"{ACTS}{FORGED}", code=2)
    said("run", hostile, "--dry-run", "--max-removed", f"{ACTS}{FORGED}", code=2)
    said("settings", "--settings", gone, code=2)


@settings(max_examples=300)
@given(st.text(max_size=200), st.text(max_size=200))
def test_no_two_ids_share_a_file_on_any_file_system(one: str, other: str) -> None:
    """Not where case does not count, nor where names are brought to one form of Unicode."""
    ids = {document_id(each.encode("utf-8", "replace").decode()) for each in (one, other)}
    ids |= {
        form for id in ids for form in (id.upper(), id.lower(), unicodedata.normalize("NFD", id))
    }
    names = [unicodedata.normalize("NFKC", file_stem(id)).casefold() for id in ids]
    assert len(set(names)) == len(ids)
    for name in names:
        assert "/" not in name
        assert name not in ("", ".", "..")
