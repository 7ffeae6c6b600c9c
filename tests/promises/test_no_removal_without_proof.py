"""Promise 2: every verdict can be derived again, and tampering is found out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import fields

from pipeline.outputs import (
    DocumentRecord,
    Kept,
    KeptSpan,
    RejectedRecord,
    RemovedRecord,
    SourceRecord,
    Tally,
)
from pipeline.verify import verify
from tests.forging import forge, forge_manifest, other
from tests.running import Row, clean, copydesk, records, write_files

COUNCIL = "The council met on Monday to discuss the new bridge over the river, officials said."
NEARLY = "The council met on Monday to discuss the new crossing over the river, officials said."
OTHER = "Rain is expected in the north for most of the week, with strong winds near the coast."
LAST = "A school in the old town will stay shut until the roof has been repaired by its new owner."
NEW = "And one new sentence that nobody else has written so far."
STORY = """Norland waits for rain
Norland has been in the grip of a harsh drought since 2011. Farmers in the south have lost \
herds and harvests, and the Harvest Aid Fund (HAF) has sent grain.
The parliament of Norland opens on Thursday in the capital, Ostby, its speaker said.
Norland has been gripped by drought since 2011, with farmers in the south losing herds, \
according to the Harvest Aid Fund.
Norland has been gripped by drought since 2011, with 40 farmers in the south losing herds, \
according to the Harvest Aid Fund.
Copyright 2015 The Norland Herald. All rights reserved.
"""
CLOSING = "The Herald reports on the council from the old town hall."
SITE_PAGES = {
    f"page-{number}.html": "<html><head><meta property='og:site_name' content='The Herald'></head>"
    f"<body><article><h1>{title}</h1><p>{lead}</p><p>{CLOSING}</p></article></body></html>"
    for number, (title, lead) in enumerate(
        {
            "Harbour opens": "Fishing boats came back to the rebuilt harbour on Friday, to a band.",
            "No trains": "Trains will not run on Sunday because the signals near Ostby failed.",
            "A prize": "Two pupils from the north won the prize for a bicycle that folds itself.",
            "Bread": "Bakers ask for help with their ovens, as gas has become dear this winter.",
            "Stage": "An old comedy is on stage again from March, with a new ending in verse.",
            "Doctors": "Patients waited for nine hours when every computer of the clinic stopped.",
        }.items()
    )
}
PAGE = f"<html><head><title>Snow</title></head><body><h1>Snow</h1><p>{NEW}</p></body></html>"


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("proof")
    write_files(
        folder / "in",
        {
            "a.txt": f"Bridge plan\n{COUNCIL}\n{OTHER}\n",
            "b.txt": f"Another title\n{NEARLY}\n{LAST}\nBridge plan\n",
            "c.txt": f"Third title\n{OTHER}\n{LAST.upper()}\nTheir number is growing, it said.\n",
            "d.txt": f"Talks about the river go on\n{COUNCIL}\n{OTHER}\n",
            "e.html": PAGE,
            "f.bin": bytes(range(256)) * 4,
            "g.txt": " \n",
            "h.txt": STORY,
            **SITE_PAGES,
        },
    )
    return clean(folder / "out", folder / "in")


def names(of: type[Any]) -> list[str]:
    return [field.name for field in fields(of)]


def source_of(output: Path) -> list[str]:
    return [str(output.parent / "in")]


def nothing(rows: list[Row]) -> None:
    """The change of a forger who changes nothing."""


def first(rows: list[Row], **wanted: object) -> Row:
    return next(row for row in rows if all(row[name] == value for name, value in wanted.items()))


def replaced(name: str, **wanted: object) -> Callable[[list[Row]], None]:
    """A change of one field of the first record that is as wanted."""

    def change(rows: list[Row]) -> None:
        row = first(rows, **wanted)
        row[name] = other(name, row[name])

    return change


def test_the_corpus_has_every_kind_of_verdict(output: Path) -> None:
    verdicts = {(row["verdict"], row["reason"]) for row in records(output, "removed")}
    assert {tuple(each.values()) for each in (*PROVEN, TEMPLATE)} <= verdicts
    assert {row["status"] for row in records(output, "sources")} == {
        "kept",
        "duplicate",
        "rejected",
    }


def test_every_removal_names_a_paragraph_that_was_kept(output: Path) -> None:
    kept = {
        (document["id"], span["index"]): span
        for document in records(output, "documents")
        for span in document["paragraphs"]
    }
    named = [
        row
        for row in records(output, "removed")
        if row["verdict"] != "boilerplate" and row["reason"] != "document"
    ]
    assert len(named) >= 7
    for row in named:
        span = kept[row["kept"]["document"], row["kept"]["paragraph"]]
        assert (span["start"], span["end"]) == (row["kept"]["start"], row["kept"]["end"])


def test_an_output_is_verified_from_itself_and_against_its_input(output: Path) -> None:
    report = verify(output)
    assert report.problems == []
    assert report.verdicts == sum(
        row["verdict"] != "boilerplate" for row in records(output, "removed")
    )
    full = verify(output, source_of(output))
    assert full.problems == []
    assert full.rejudged + len(records(output, "rejected")) == len(records(output, "sources"))


def test_the_command_verifies_and_says_so(output: Path) -> None:
    done = copydesk("verify", output, "--input", output.parent / "in")
    assert done.returncode == 0, done.stderr
    assert "8 duplicate verdicts and 1 flags derived again" in done.stdout


@pytest.mark.parametrize("name", ["documents", "removed", "rejected", "sources"])
def test_a_forger_who_changes_nothing_is_not_accused(
    name: str, output: Path, tmp_path: Path
) -> None:
    assert verify(forge(output, tmp_path / "out", name, nothing), source_of(output)).problems == []


PROVEN: tuple[dict[str, object], ...] = (
    {"verdict": "duplicate", "reason": "copy"},
    {"verdict": "near-duplicate", "reason": "copy"},
    {"verdict": "restatement", "reason": "copy"},
    {"verdict": "duplicate", "reason": "document"},
)

TEMPLATE: dict[str, object] = {"verdict": "boilerplate", "reason": "template"}


@pytest.mark.parametrize(
    "wanted", [*PROVEN, TEMPLATE], ids=lambda each: "-".join(map(str, each.values()))
)
@pytest.mark.parametrize("name", [name for name in names(RemovedRecord) if name != "kind"])
def test_a_changed_proof_is_found_out_from_the_output_alone(
    name: str, wanted: dict[str, object], output: Path, tmp_path: Path
) -> None:
    assert verify(forge(output, tmp_path / "out", "removed", replaced(name, **wanted))).problems


@pytest.mark.parametrize("wanted", PROVEN, ids=lambda each: "-".join(map(str, each.values())))
@pytest.mark.parametrize("name", names(Kept))
def test_a_proof_that_names_another_place_is_found_out(
    name: str, wanted: dict[str, object], output: Path, tmp_path: Path
) -> None:
    def change(rows: list[Row]) -> None:
        kept = first(rows, **wanted)["kept"]
        kept[name] = "e.html" if name == "document" else other(name, kept[name])

    assert verify(forge(output, tmp_path / "out", "removed", change)).problems


@pytest.mark.parametrize("name", names(RemovedRecord))
def test_a_judgement_that_was_made_up_is_found_out_with_the_input(
    name: str, output: Path, tmp_path: Path
) -> None:
    change = replaced(name, verdict="boilerplate", reason="copyright")
    assert verify(forge(output, tmp_path / "out", "removed", change), source_of(output)).problems


@pytest.mark.parametrize("wanted", PROVEN, ids=lambda each: "-".join(map(str, each.values())))
def test_another_kind_is_found_out_with_the_input(
    wanted: dict[str, object], output: Path, tmp_path: Path
) -> None:
    change = replaced("kind", **wanted)
    assert verify(forge(output, tmp_path / "out", "removed", change), source_of(output)).problems


@pytest.mark.parametrize("id", ["b.txt", "e.html"])
@pytest.mark.parametrize("name", names(DocumentRecord))
def test_a_changed_document_is_found_out(name: str, id: str, output: Path, tmp_path: Path) -> None:
    forged = forge(output, tmp_path / "out", "documents", replaced(name, id=id))
    assert verify(forged, source_of(output)).problems


@pytest.mark.parametrize("name", names(KeptSpan))
def test_a_changed_paragraph_is_found_out(name: str, output: Path, tmp_path: Path) -> None:
    def change(rows: list[Row]) -> None:
        span = first(rows, id="b.txt")["paragraphs"][1]
        if name == "flags":
            (span["flags"],) = (
                span["flags"] for row in rows for span in row["paragraphs"] if span["flags"]
            )
        else:
            span[name] = other(name, span[name])

    assert verify(forge(output, tmp_path / "out", "documents", change), source_of(output)).problems


@pytest.mark.parametrize("status", ["kept", "duplicate", "rejected"])
@pytest.mark.parametrize("name", names(SourceRecord))
def test_a_changed_source_is_found_out(
    name: str, status: str, output: Path, tmp_path: Path
) -> None:
    forged = forge(output, tmp_path / "out", "sources", replaced(name, status=status))
    assert verify(forged, source_of(output)).problems


@pytest.mark.parametrize("name", ["site", "published", "language"])
def test_document_and_source_must_agree(name: str, output: Path, tmp_path: Path) -> None:
    forged = forge(output, tmp_path / "out", "sources", replaced(name, id="b.txt"))
    assert f"b.txt: document and source differ in {name}" in verify(forged).problems


@pytest.mark.parametrize("source", ["f.bin", "g.txt"])
@pytest.mark.parametrize("name", names(RejectedRecord))
def test_a_changed_dead_letter_is_found_out(
    name: str, source: str, output: Path, tmp_path: Path
) -> None:
    forged = forge(output, tmp_path / "out", "rejected", replaced(name, source=source))
    assert verify(forged, source_of(output)).problems


def lose_first(rows: list[Row]) -> None:
    del rows[0]


def repeat_first(rows: list[Row]) -> None:
    rows.insert(0, rows[0])


def swap_first(rows: list[Row]) -> None:
    rows[0], rows[1] = rows[1], rows[0]


def add_field(rows: list[Row]) -> None:
    rows[0]["note"] = "unheard of"


@pytest.mark.parametrize("change", [lose_first, repeat_first, swap_first, add_field])
@pytest.mark.parametrize("name", ["documents", "removed", "rejected", "sources"])
def test_lost_repeated_and_moved_records_are_found_out(
    name: str, change: Callable[[list[Row]], None], output: Path, tmp_path: Path
) -> None:
    assert verify(forge(output, tmp_path / "out", name, change)).problems


@pytest.mark.parametrize("name", names(Tally))
def test_a_changed_count_is_found_out(name: str, output: Path, tmp_path: Path) -> None:
    def change(manifest: Row) -> None:
        counts = manifest["counts"]
        counts[name] = other("", counts[name])

    forged = forge(output, tmp_path / "out", "sources", nothing)
    (problem,) = verify(forge_manifest(forged, change)).problems
    assert problem.startswith(f"manifest.json: {name} is ")


@pytest.mark.parametrize(
    ("group", "name", "value"),
    [("decide", "min_words", 4), ("documents", "drop_share", 7), ("output", "new", True)],
)
def test_changed_settings_are_found_out(
    group: str, name: str, value: object, output: Path, tmp_path: Path
) -> None:
    def change(manifest: Row) -> None:
        manifest["settings"][group][name] = value

    forged = forge_manifest(forge(output, tmp_path / "out", "sources", nothing), change)
    (problem,) = verify(forged).problems
    assert "the settings do not have the digest" in problem


def test_a_changed_file_is_found_out_by_its_digest(output: Path, tmp_path: Path) -> None:
    tampered = forge(output, tmp_path / "out", "sources", nothing)
    (part,) = (tampered / "documents").iterdir()
    part.write_bytes(part.read_bytes().replace(b"council", b"mayor's", 1))
    done = copydesk("verify", tampered)
    assert done.returncode == 1
    assert f"documents/{part.name}: the file was changed" in done.stderr


def test_an_input_that_changed_is_noticed(output: Path, tmp_path: Path) -> None:
    for path in (output.parent / "in").iterdir():
        write_files(tmp_path / "in", {path.name: path.read_bytes()})
    write_files(tmp_path / "in", {"a.txt": "Bridge plan\nNo longer.\n", "new.txt": "A new file.\n"})
    problems = verify(output, [str(tmp_path / "in")]).problems
    assert any(problem.startswith("a.txt: the normalised text differs") for problem in problems)
    assert any(problem.startswith("new.txt: the output does not account") for problem in problems)


def test_what_differs_only_in_letters_newer_than_python_is_no_copy(tmp_path: Path) -> None:
    one, other = (
        " ".join(
            f"{word}{chr(0x11F04 + at)}" for word, at in zip("abcdefghijkl", order, strict=True)
        )
        for order in (range(12), reversed(range(12)))  # Kawi, of Unicode 15
    )
    texts = {"a.txt": one, "b.txt": other, "c.txt": one}
    output = clean(tmp_path / "out", write_files(tmp_path / "in", texts))
    status = {row["id"]: row["status"] for row in records(output, "sources")}
    assert status == {"a.txt": "kept", "b.txt": "kept", "c.txt": "duplicate"}
