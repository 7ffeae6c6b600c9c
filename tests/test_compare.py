"""``copydesk compare``: what changed between two outputs, as a user reads it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.terminal import columns
from tests.forging import forge_manifest
from tests.running import Row, clean, copydesk, write_files
from transforms.match_settings import NearDuplicateSettings
from transforms.settings import DocumentSettings, JudgeSettings, OutputSettings, Settings
from transforms.sites import DropPattern, SitePatterns

STORY = (
    "The town council of Arlemouth voted on Monday for a new bridge over the river, 12 to 3.\n"
    "Engineers from the regional office will begin to survey both banks before the"
    " summer, and they will report to the council when the new year begins."
)
NEAR = STORY.replace("regional office", "regional bureau")
EXTRA = "A second story begins here, and it tells of a ferry that ran aground on Sunday night."
WIDE = "橋が開通した。" * 40
ROWS: list[Row] = [
    {"id": "a", "published": "2019-02-16", "text": STORY},
    {"id": "b", "published": "2019-02-17", "text": f"Share this\n{NEAR}\n{EXTRA}\n12 comments"},
    {"id": "c", "published": "2019-02-18", "text": STORY},
    {"id": "d", "text": WIDE},
    {
        "id": "gone",
        "text": "A ferry ran aground on Sunday night, and forty people were taken ashore.",
    },
    {
        "id": "edited",
        "text": "The mayor will open the bridge in spring, as the office said on Friday.",
    },
]
LATER: list[Row] = [
    *ROWS[:4],
    {
        "id": "edited",
        "text": "The mayor will open the bridge in autumn, as the office said on Friday.",
    },
    {"id": "new", "text": "Snow fell on the whole coast on Sunday, and the trains stood still."},
]
LOOSE = Settings(
    judge=JudgeSettings(action="off"),
    near_duplicates=NearDuplicateSettings(action="mark"),
    documents=DocumentSettings(action="report"),
    output=OutputSettings(format="parquet"),
)


def feed(folder: Path, rows: list[Row]) -> Path:
    return write_files(folder, {"feed.jsonl": "\n".join(json.dumps(row) for row in rows)})


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("outputs")
    return (
        clean(folder / "first", feed(folder / "in", ROWS)),
        clean(folder / "second", feed(folder / "later", LATER), settings=LOOSE),
    )


def compare(*words: str | Path, code: int = 0) -> str:
    result = CliRunner().invoke(main, ["compare", *map(str, words)])
    assert result.exit_code == code, result.output
    return result.output


def section(said: str, title: str) -> list[str]:
    """The lines of a section, without its title."""
    (found,) = [part for part in said.split("\n\n") if part.startswith(title)]
    return found.splitlines()[1:]


def test_documents_in_one_output_only_or_with_another_status(
    outputs: tuple[Path, Path],
) -> None:
    said = compare(*outputs)
    assert "\n5 documents are in both, and 10 paragraphs\n" in said
    assert [line.split() for line in section(said, "documents only in A")] == [
        ["kept", "1"],
        ["gone"],
    ]
    assert section(said, "documents only in B")[1].split() == ["new"]
    status, place = section(said, "documents with another status")
    assert status.split() == ["duplicate", "->", "emptied", "1"]
    assert place.split() == ["c"]
    text, place = section(said, "documents whose paragraphs cannot be compared")
    assert (text.split()[-1], place.split()) == ("1", ["edited"])


def test_paragraphs_that_go_on_one_side_only_are_counted_by_reason(
    outputs: tuple[Path, Path],
) -> None:
    strict, loose = outputs
    lines = section(compare(strict, loose), "paragraphs that go in A and stay in B")
    swapped = section(compare(loose, strict), "paragraphs that stay in A and go in B")
    counted = [line.split() for line in lines if line[2] != " "]
    assert counted == [["counter", "1"], ["near-duplicate", "1"], ["share-widget", "1"]]
    assert [line.split() for line in swapped if line[2] != " "] == counted
    assert [line.strip() for line in lines[1:4]] == ["b 4", "A: score 0.12", "12 comments"]
    near = lines.index(next(line for line in lines if "near-duplicate" in line))
    assert lines[near + 1].strip() == "b 2"
    assert "A: like a 1, Jaccard 0." in lines[near + 2]
    assert "B: like a 1, Jaccard 0." in lines[near + 2]
    assert "regional bureau" in " ".join(lines[near:])


def test_settings_that_differ_stand_with_both_values(outputs: tuple[Path, Path]) -> None:
    assert [line.split() for line in section(compare(*outputs), "settings, A -> B")] == [
        ["documents.action", '"drop"', "->", '"report"'],
        ["judge.action", '"drop"', "->", '"off"'],
        ["near_duplicates.action", '"drop"', "->", '"mark"'],
        ["output.format", '"jsonl"', "->", '"parquet"'],
    ]


def test_other_reasons_and_other_marks(outputs: tuple[Path, Path], tmp_path: Path) -> None:
    comments = DropPattern(pattern=".* comments", reason="subscription")
    patterns = SitePatterns(site="*", drop=(comments,))
    marks = Settings(near_duplicates=NearDuplicateSettings(action="report"), sites=(patterns,))
    other = clean(tmp_path / "out", feed(tmp_path / "in", ROWS), settings=marks)
    said = section(compare(outputs[0], other), "paragraphs that go in both, for another reason")
    assert said[0].split() == ["counter", "->", "subscription", "1"]
    assert said[1].split() == ["b", "4"]
    said = section(compare(outputs[1], other), "paragraphs that stay in both, with another mark")
    assert said[0].split() == ["marked", "near-duplicate", "->", "unmarked", "1"]
    assert said[1].split() == ["b", "2"]


def test_an_output_does_not_differ_from_itself_in_another_format(
    outputs: tuple[Path, Path], tmp_path: Path
) -> None:
    parquet = Settings(output=OutputSettings(format="parquet", shard_bytes=300))
    other = clean(tmp_path / "out", feed(tmp_path / "in", ROWS), settings=parquet)
    said = compare(outputs[0], other)
    assert said.endswith("\nno document and no paragraph differs\n")
    assert "output.shard_bytes" in said
    same = compare(other, other)
    assert "settings" not in same
    assert same.endswith("\nno document and no paragraph differs\n")


def test_as_many_examples_as_were_asked_for(tmp_path: Path) -> None:
    rows = [{"id": f"{n}", "text": f"{EXTRA}\n{n} comments"} for n in range(10, 15)]
    kept = clean(tmp_path / "a", feed(tmp_path / "in", rows), settings=LOOSE)
    lost = clean(tmp_path / "b", tmp_path / "in")
    for examples, places in (("0", []), ("2", ["10 1", "11 1"])):
        said = section(compare(kept, lost, "--examples", examples), "paragraphs that stay in A")
        assert said[0].split() == ["counter", "5"]
        assert [line.strip() for line in said if line.endswith(" 1")] == places


def test_plain_text_and_what_is_no_output_are_refused(
    outputs: tuple[Path, Path], tmp_path: Path
) -> None:
    text = Settings(output=OutputSettings(format="text"))
    plain = clean(tmp_path / "text", feed(tmp_path / "in", ROWS), settings=text)
    assert "holds plain text" in compare(outputs[0], plain, code=2)
    assert "it has no manifest.json" in compare(tmp_path, outputs[0], code=2)


def test_a_damaged_output_is_named(outputs: tuple[Path, Path], tmp_path: Path) -> None:
    damaged = clean(tmp_path / "out", feed(tmp_path / "in", ROWS))
    (damaged / "sources" / "part-00000.jsonl").write_text("{")
    said = compare(outputs[0], damaged, code=1)
    assert f"{damaged} cannot be read: sources/part-00000.jsonl" in said


def test_paragraphs_with_other_bounds_are_counted(
    outputs: tuple[Path, Path], tmp_path: Path
) -> None:
    other = shutil.copytree(outputs[0], tmp_path / "other")
    path = other / "removed" / "part-00000.jsonl"
    changed = path.read_text(encoding="utf-8").replace('"start":0,"end":10,', '"start":1,"end":10,')
    path.write_text(changed, encoding="utf-8")
    said = compare(outputs[0], other)
    assert "\n6 documents are in both, and 11 paragraphs\n" in said
    assert "\n2 paragraphs have no other with the same bounds: not compared\n" in said
    assert "no paragraph differs" not in said


def test_no_line_is_wider_than_a_terminal_or_acts_on_it(
    outputs: tuple[Path, Path], tmp_path: Path
) -> None:
    def turn(manifest: Row) -> None:
        manifest["settings"]["decide"]["preferred_sources"] = ["\x1b[31m\u202e" * 30]

    hostile = forge_manifest(shutil.copytree(outputs[0], tmp_path / "hostile"), turn)
    for one, other in (outputs, (hostile, outputs[1])):
        done = copydesk("compare", one, other)
        assert (done.returncode, done.stderr) == (0, "")
        lines = done.stdout.splitlines()
        assert max(map(columns, lines)) <= 80
        assert all(line.isprintable() for line in lines)
        assert (r"\u001b[31m\u202e" in done.stdout) == (one == hostile)
