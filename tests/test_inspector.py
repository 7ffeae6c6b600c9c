"""``copydesk inspect``: one document in the terminal, by default and in its other views."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.terminal import columns
from tests.running import ARTICLES, PROJECT, copydesk, write_files

FIRST = ARTICLES / "000_33c2dc9b53ea6dc3.txt"
COUNCIL = "The town council voted on Monday for a new bridge over the Arle, and for its costs."
REPEATED = f"Share this\n{COUNCIL}\nThe mayor spoke for an hour before they voted.\n{COUNCIL}\n"


def inspect(*words: str | Path, code: int = 0) -> str:
    result = CliRunner().invoke(main, ["inspect", *map(str, words)])
    assert result.exit_code == code, result.output
    return result.output


def facts(said: str) -> dict[str, str]:
    """The last part of an explanation, by name."""
    lines = said.rstrip().rsplit("\n\n", 1)[1].splitlines()
    return {line[2:20].rstrip(): line[22:] for line in lines}


@pytest.fixture
def repeated(tmp_path: Path) -> Path:
    return write_files(tmp_path, {"a.txt": REPEATED}) / "a.txt"


def test_boilerplate_is_explained_by_the_features_of_the_judge(repeated: Path) -> None:
    said = inspect(repeated, "--explain", "0")
    assert said.startswith("a.txt, paragraph 0: goes as share-widget\n\n  Share this\n")
    found = facts(said)
    assert found["verdict"] == "boilerplate"
    assert found["rule"].startswith("boilerplate/")
    assert found["judge's score"].startswith("0.")
    assert found["judge's pattern"] == "share-words"
    assert "pattern -" in found["judge's strongest"]


def test_a_copy_is_explained_by_the_paragraph_that_stays(repeated: Path) -> None:
    said = inspect(repeated, "--explain", "3")
    assert said.startswith("a.txt, paragraph 3: goes as duplicate\n")
    assert "in brackets" not in said
    found = facts(said)
    assert (found["kept"], found["Jaccard"], found["containment"]) == ("paragraph 1", "1", "1")
    assert found["shared words"] == "15"
    assert found["only kept"] == "none"


def test_a_restatement_is_explained_by_what_both_texts_have_and_lack() -> None:
    said = inspect(FIRST, "--explain", "18")
    assert "  this: Syria has been [mired] in civil war since 2011" in said
    assert "  kept: Syria has been in the state [of a] civil war" in said
    found = facts(said)
    assert (found["verdict"], found["kept"]) == ("restatement", "paragraph 14")
    assert (found["shared"], found["missing"]) == ("2011, isil, syria", "none")
    assert 0.3 < float(found["Jaccard"]) < 0.6


@pytest.mark.parametrize(
    ("action", "mark", "does"), [("mark", "~", "marked"), ("report", "?", "reported")]
)
def test_what_stays_with_a_mark_or_a_report_is_explained_too(
    action: str, mark: str, does: str, tmp_path: Path
) -> None:
    file = write_files(tmp_path, {"s.toml": f'[restatements]\naction = "{action}"\n'}) / "s.toml"
    said = inspect(FIRST, "--settings", file)
    (line,) = [line for line in said.splitlines() if line[2:7].strip() == "18"]
    assert line.startswith(f"{mark}    18  restatement ")
    said = inspect(FIRST, "--settings", file, "--explain", "18")
    assert f"paragraph 18: stays, {does} as restatement\n" in said
    assert facts(said)["kept"] == "paragraph 14"


def test_what_stays_is_explained_by_its_score(repeated: Path) -> None:
    said = inspect(repeated, "--explain", "1")
    assert said.startswith(f"a.txt, paragraph 1: stays as paragraph\n\n  {COUNCIL[:60]}")
    assert float(facts(said)["judge's score"].split()[0]) > 0.5


def test_there_is_no_such_paragraph_and_no_such_view(repeated: Path) -> None:
    said = inspect(repeated, "--explain", "4", code=2)
    assert f"{repeated} has no paragraph 4: it has 4, counted from 0" in said
    assert "choose one" in inspect(repeated, "--explain", "0", "--diff", code=2)


def test_a_diff_shows_all_of_the_text_once(repeated: Path) -> None:
    assert inspect(repeated, "--diff").splitlines() == [
        "--- a.txt: 4 paragraphs",
        "+++ a.txt: 2 paragraphs",
        "- Share this",
        "  The town council voted on Monday for a new bridge over the Arle, and for its",
        "    costs.",
        "  The mayor spoke for an hour before they voted.",
        "- The town council voted on Monday for a new bridge over the Arle, and for its",
        "-   costs.",
    ]


@pytest.mark.parametrize("view", [(), ("--diff",), ("--explain", "1")])
def test_through_a_pipe_lines_fit_80_columns_and_do_nothing(
    view: tuple[str, ...], tmp_path: Path
) -> None:
    hostile = f"Share this\n{'橋が開通した。' * 30} a\x1b[31m\u202eb {'x' * 200}\n{COUNCIL}\n"
    path = write_files(tmp_path, {"a.txt": hostile}) / "a.txt"
    done = copydesk("inspect", path, *view, environment={"COLUMNS": "80"})
    assert (done.returncode, done.stderr) == (0, "")
    assert "橋が開通した" in done.stdout
    for line in done.stdout.splitlines():
        assert columns(line) <= 80
        assert line.isprintable()


def on_a_terminal(path: Path, **environment: str) -> str:
    """What a terminal is given."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "pipeline", "inspect", str(path)],
        stdout=theirs,
        cwd=PROJECT,
        env={**os.environ, "COLUMNS": "80", **environment},
    ) as process:
        os.close(theirs)
        said = b""
        try:
            while data := os.read(ours, 65536):
                said += data
        except OSError:  # so Linux ends a terminal that nobody writes to any more
            pass
        os.close(ours)
    assert process.returncode == 0
    return said.decode().replace("\r\n", "\n")


def test_a_terminal_gets_colours_by_family_unless_they_are_not_wanted(repeated: Path) -> None:
    plain = on_a_terminal(repeated, NO_COLOR="1")
    coloured = on_a_terminal(repeated, NO_COLOR="")
    assert plain == inspect(repeated)
    red, cyan, off = "\x1b[31m", "\x1b[36m", "\x1b[0m"
    assert f"{red}-     0  share-widget      Share this{off}\n" in coloured
    assert f"{cyan}-     3  duplicate         The town council" in coloured
    for sign in (red, cyan, off):
        coloured = coloured.replace(sign, "")
    assert coloured == plain


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("-", "does not read standard input"),
        ("{}/a.txt#3", "is one document: leave out #3"),
        ("{}/*.txt", "stands for 2 files"),
        ("{}", "is a folder"),
        ("{}/c.jsonl#zz", "sources/ of a run has the ids"),
    ],
)
def test_what_is_no_document_is_told_with_what_to_do(name: str, said: str, tmp_path: Path) -> None:
    write_files(tmp_path, {"a.txt": "Fog.", "b.txt": "Sea.", "c.jsonl": '{"text": "Tin."}\n'})
    done = CliRunner().invoke(main, ["inspect", name.format(tmp_path)])
    assert done.exit_code == 2
    assert said in done.output
