"""Guard rails: a run that would remove or reject too much says so with exit code 3."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from tests.running import contents, copydesk, records, write_files

ARTICLES = (
    "The town council voted on Monday for a new bridge over the river after a long debate.\n"
    "Engineers from the regional office will begin to survey both banks before the summer.",
    "A storm tore the roof off the market hall and left hundreds of traders without a stall.\n"
    "Insurance assessors spent the whole afternoon walking through the wreckage with cameras.",
    "Teachers at the secondary school plan to strike next week over the shortage of classrooms.\n"
    "Parents gathered outside the gates with banners that called for money from the province.",
    "The football club sold its oldest striker to a rival and promised a younger side by autumn.\n"
    "Supporters left the stadium in silence when the loudspeakers announced the transfer.",
    "Doctors at the hospital opened a clinic where patients are seen without an appointment.\n"
    "Nurses say the waiting room has been full from early morning until late every evening.",
)
OWN = (
    "A baker in the old quarter has won a national prize for a loaf made with chestnut flour.\n"
    "Customers now queue around the corner long before the shop lifts its shutters at dawn."
)
SMALL = "[guards]\nmin_source_documents = 5\n"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Five articles in one folder, their copies in another, and one that nobody copied."""
    files = {f"{n}.txt": text for n, text in enumerate(ARTICLES)}
    named = {f"{folder}/{name}": text for folder in "ab" for name, text in files.items()}
    return write_files(tmp_path / "in", {**named, "own/baker.txt": OWN})


def invoke(*words: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, [str(word) for word in words])
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        (["0.4"], "45.5% of the documents would go, more than documents=0.4"),
        (["documents=0.45"], "45.5% of the documents would go"),
        (["paragraphs=0.45"], "45.5% of the paragraphs would go as duplicates"),
        (["documents=0.4", "0.9"], "45.5% of the documents would go"),
    ],
)
def test_too_many_removals_publish_nothing(
    limits: list[str], sentence: str, source: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out"
    words = [f"--max-removed={limit}" for limit in limits]
    code, said = invoke("run", source, "-o", output, *words)
    assert code == 3
    assert f"copydesk: nothing was published: {sentence}" in said
    assert "--dry-run" in said
    assert "raise the limit" in said
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_the_table_says_what_would_have_gone_from_where(source: Path, tmp_path: Path) -> None:
    code, said = invoke("run", source, "-o", tmp_path / "out", "--max-removed=0.4")
    assert code == 3
    lines = said.splitlines()
    (row,) = [line.split() for line in lines if line.startswith("  b/ ")]
    assert row == ["b/", "5", "100.0%", "100.0%", "0.0%"]
    assert not any(line.startswith(("  a/ ", "  own/ ")) for line in lines)
    at = lines.index("removed from b/, for example")
    assert lines[at + 1] == "  b/3.txt 0: duplicate of a/3.txt 0"
    assert lines[at + 2].strip().startswith("The football club sold its oldest striker to a rival")


def test_the_output_of_an_earlier_run_stays(source: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    assert invoke("run", source, "-o", output, "-q")[0] == 0
    before = contents(output, leave=())
    assert invoke("run", source, "-o", output, "--overwrite", "--max-removed=0.1")[0] == 3
    assert contents(output, leave=()) == before


def test_what_is_within_the_limits_is_published(source: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    code, _ = invoke("run", source, "-o", output, "--max-removed=0.5", "--max-removed=source=1")
    assert code == 0
    assert len(records(output, "documents")) == 6


def test_a_source_has_a_limit_of_its_own(source: Path, tmp_path: Path) -> None:
    settings = write_files(tmp_path, {"s.toml": SMALL}) / "s.toml"
    limit = "--max-removed=source=0.5"
    code, said = invoke("run", source, "-o", tmp_path / "out", limit, "--settings", settings)
    assert code == 3
    assert "100.0% of b/ would go, more than source=0.5" in said
    assert any(line.startswith("  b/") and line.endswith("  over") for line in said.splitlines())


def test_the_table_holds_the_worst_source_to_its_limit(source: Path, tmp_path: Path) -> None:
    settings = write_files(tmp_path, {"s.toml": SMALL}) / "s.toml"
    _, said = invoke("run", source, "--dry-run", "--max-removed=source=0.5", "--settings", settings)
    lines = said.splitlines()
    at = lines.index("  any one source (with 5 documents or more)   100.0%     50.0%  over")
    assert lines[at + 1] == "    b/"


def test_a_source_of_few_documents_has_none_and_the_run_says_so(
    source: Path, tmp_path: Path
) -> None:
    limit = "--max-removed=source=0.5"
    done = copydesk("run", source, "-o", tmp_path / "out", limit)
    assert done.returncode == 0
    assert "source=0.5 limits nothing here: no source has 20 documents" in done.stderr
    code, said = invoke("run", source, "--dry-run", limit)
    assert code == 0
    assert "no source is that large" in said


def test_boilerplate_has_a_limit_of_its_own(tmp_path: Path) -> None:
    text = f"{OWN}\nRead more\nFerry Line Closes After Forty Years\nMayor Opens Library Again\n"
    source = write_files(tmp_path / "in", {"x.txt": text})
    code, said = invoke("run", source, "--dry-run", "--max-removed=boilerplate=0.1")
    assert code == 3
    assert "of the characters would go as boilerplate, more than boilerplate=0.1" in said
    assert invoke("run", source, "--dry-run", "--max-removed=0")[0] == 0


def test_limits_can_stand_in_the_settings(source: Path, tmp_path: Path) -> None:
    settings = write_files(tmp_path, {"s.toml": "[guards]\nmax_documents = 0.1\n"}) / "s.toml"
    words = ("run", source, "-o", tmp_path / "out", "--settings", settings)
    assert invoke(*words)[0] == 3
    assert invoke(*words, "--max-removed=documents=0.9")[0] == 0


@pytest.mark.parametrize("limit", ["2", "-1", "nan", "much", "pages=0.3", "documents=", "=0.3"])
def test_a_limit_that_means_nothing_is_refused(limit: str, source: Path, tmp_path: Path) -> None:
    code, said = invoke("run", source, "-o", tmp_path / "out", f"--max-removed={limit}")
    assert code == 2
    assert "--max-removed" in said
    assert not (tmp_path / "out").exists()


def test_a_dry_run_prints_the_table_and_leaves_nothing(source: Path, tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    words = ("run", source, "--dry-run", "--quiet")
    done = copydesk(*words, environment={"TMPDIR": str(temporary)})
    assert (done.returncode, done.stderr) == (0, "")
    assert "11 records" in done.stdout
    assert "documents (dropped or left empty)" in done.stdout
    assert "removed from b/, for example" in done.stdout
    assert list(temporary.iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "tmp"]


def test_a_dry_run_leaves_an_output_alone_and_makes_no_folder(source: Path, tmp_path: Path) -> None:
    mine = write_files(tmp_path / "mine", {"thesis.txt": "x"})
    assert invoke("run", source, "-o", mine, "--dry-run")[0] == 0
    assert contents(mine) == {"thesis.txt": b"x"}
    assert invoke("run", source, "-o", tmp_path / "new" / "out", "--dry-run")[0] == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "mine"]


def test_a_dry_run_tells_what_the_run_would_do(source: Path) -> None:
    code, said = invoke("run", source, "--dry-run", "--max-removed=0.1")
    assert code == 3
    assert "copydesk: a run would publish nothing: 45.5% of the documents" in said


def test_a_run_that_is_not_dry_needs_an_output(source: Path) -> None:
    code, said = invoke("run", source)
    assert code == 2
    assert "--output" in said


def test_too_many_dead_letters_are_published_with_code_3(source: Path, tmp_path: Path) -> None:
    write_files(source, {"empty.txt": "", "junk.txt": b"\x00\x01\x02\x03" * 90})
    output = tmp_path / "out"
    code, said = invoke("run", source, "-o", output, "--max-rejected=0.1")
    assert code == 3
    assert "2 of 13 records (15.4%) were rejected, more than max-rejected=0.1" in said
    counts = json.loads((output / "manifest.json").read_text())["counts"]
    assert counts["statuses"]["rejected"] == 2
    assert invoke("run", source, "-o", output, "--overwrite", "--max-rejected=0.2")[0] == 0
    assert invoke("run", source, "--dry-run", "--max-rejected=0.1")[0] == 3


def test_names_and_texts_reach_the_terminal_escaped(tmp_path: Path) -> None:
    text = f"{OWN}\nRead more\n\x9b31mFerry Line \u202eCloses After Forty Years"
    source = write_files(tmp_path / "in", {"\x1b[31m/a.txt": text, "\x1b[31m/b.txt": OWN})
    code, said = invoke("run", source, "--dry-run")
    assert code == 0
    assert "removed from %1B[31m/" in said
    assert "duplicate of" in said
    assert all(char.isprintable() or char == "\n" for char in said)
