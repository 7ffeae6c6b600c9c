"""What another document tells in other words is marked: real runs over small literal corpora."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from pipeline.loading import read_output
from pipeline.outputs import Manifest
from pipeline.rebuild import rebuild
from pipeline.rederive import check_verdicts
from pipeline.verify import verify
from tests.running import Row, clean, records, write_files
from transforms.settings import (
    Action,
    DecideSettings,
    OutputSettings,
    RestatementSettings,
    Scope,
    Settings,
)

TOLD = (
    "Norland has been in the grip of a harsh drought since 2011. Farmers in the south have lost"
    " herds and harvests, and the Harvest Aid Fund has sent 300 lorries of grain from Ostby."
)
AGAIN = (
    "Since 2011 Norland has been gripped by drought, with farmers in the south losing herds and"
    " harvests, while the Harvest Aid Fund sent 300 lorries of grain."
)
ONCE_MORE = (
    "Farmers in the south of Norland, who lost herds and harvests to a drought that began in 2011,"
    " were sent grain on 300 lorries by the Harvest Aid Fund."
)
OTHER_NUMBER = AGAIN.replace("300", "450")
DENIED = AGAIN.replace("sent 300", "never sent the 300")
SAME_WORDS = TOLD.replace("harsh", "severe")
NEWS = {
    "a": "The parliament in Ostby opens on Thursday, its speaker Ada Brink told reporters here.",
    "b": "A ferry from Kelby ran aground on Sunday night, and forty people were taken ashore.",
    "c": "Teachers of the coast region want smaller classes and have called a strike for May.",
}


def run_on(
    folder: Path,
    told: Mapping[str, Sequence[str]],
    *,
    scope: Scope = "corpus",
    action: Action = "drop",
    decide: Scope = "corpus",
    pages: bool = False,
) -> Path:
    """The output of a run on one article for each name: its news, then what it tells."""
    files = {}
    for name, paragraphs in told.items():
        lines = [NEWS[name[0]], *paragraphs]
        if pages:
            site, _, _ = name[2:].partition("/")
            body = "".join(f"<p>{line}</p>" for line in lines)
            link = f'<link rel="canonical" href="https://{site}/{name[0]}">'
            head = f"<head><title>News {name[0]}</title>{link}</head>"
            page = f"<html>{head}<body><article>{body}</article></body></html>"
            files[f"{name[0]}.html"] = page
        else:
            files[f"{name}.txt"] = "\n".join(lines)
    settings = Settings(
        restatements=RestatementSettings(action=action, scope=scope),
        decide=DecideSettings(scope=decide),
    )
    output = clean(folder / "out", write_files(folder / "in", files), settings=settings)
    assert verify(output).problems == []
    return output


def flagged(output: Path) -> dict[tuple[str, str], Row]:
    """The one flag of each flagged paragraph, by document and text."""
    found = {}
    for document in records(output, "documents"):
        for paragraph in document["paragraphs"]:
            if paragraph["flags"]:
                (flag,) = paragraph["flags"]
                found[document["id"], paragraph["text"]] = flag
    return found


def test_what_another_article_tells_in_other_words_is_flagged_with_its_evidence(
    tmp_path: Path,
) -> None:
    output = run_on(tmp_path, {"a": [TOLD], "b": [AGAIN]})
    # Neither has a date, so the longer document is kept first.
    ((place, flag),) = flagged(output).items()
    assert place == ("b.txt", AGAIN)
    assert flag["verdict"] == "restatement"
    kept = flag["kept"]
    assert (kept["document"], kept["paragraph"]) == ("a.txt", 1)
    assert {"300", "2011", "harvest"} <= set(flag["evidence"]["shared"])
    assert flag["evidence"]["missing"] == []
    assert flag["evidence"]["points"] >= RestatementSettings().drop_points
    assert records(output, "removed") == []


def test_of_three_tellings_each_names_the_one_of_best_rank(tmp_path: Path) -> None:
    output = run_on(tmp_path, {"a": [TOLD], "b": [AGAIN], "c": [ONCE_MORE]})
    named = {document: flag["kept"]["document"] for (document, _), flag in flagged(output).items()}
    assert named == {"b.txt": "a.txt", "c.txt": "a.txt"}


@pytest.mark.parametrize("told", [OTHER_NUMBER, SAME_WORDS])
def test_another_number_and_the_same_words_are_not_flagged(tmp_path: Path, told: str) -> None:
    assert flagged(run_on(tmp_path, {"a": [TOLD], "b": [told]})) == {}


def test_a_denial_is_flagged_and_says_what_it_is_as_inside_a_document(tmp_path: Path) -> None:
    (flag,) = flagged(run_on(tmp_path / "across", {"a": [TOLD], "b": [DENIED]})).values()
    (inside,) = flagged(run_on(tmp_path / "inside", {"a": [TOLD, NEWS["c"], DENIED]})).values()
    assert "denial" in flag["evidence"]["vetoes"]
    assert flag["evidence"]["vetoes"] == inside["evidence"]["vetoes"]


def test_inside_a_document_it_goes_and_across_documents_it_stays(tmp_path: Path) -> None:
    output = run_on(tmp_path, {"a": [TOLD, NEWS["c"], AGAIN], "b": [AGAIN + " It is dry."]})
    assert {row["document"] for row in records(output, "removed")} <= {"a.txt"}
    assert {document for document, _ in flagged(output)} == {"b.txt"}


@pytest.mark.parametrize(
    ("scope", "decide"), [("document", "corpus"), ("corpus", "document"), ("document", "document")]
)
def test_inside_documents_only_nothing_is_flagged(
    tmp_path: Path, scope: Scope, decide: Scope
) -> None:
    assert flagged(run_on(tmp_path, {"a": [TOLD], "b": [AGAIN]}, scope=scope, decide=decide)) == {}


@pytest.mark.parametrize(("scope", "decide"), [("site", "corpus"), ("corpus", "site")])
def test_within_a_site_other_sites_are_not_compared(
    tmp_path: Path, scope: Scope, decide: Scope
) -> None:
    told = {"a@one.example": [TOLD], "b@one.example": [AGAIN], "c@two.example": [ONCE_MORE]}
    output = run_on(tmp_path, told, scope=scope, decide=decide, pages=True)
    sites = {row["id"]: row["site"] for row in records(output, "documents")}
    assert len(set(sites.values())) == 2
    assert {document for document, _ in flagged(output)} == {"b.html"}


def test_report_counts_and_flags_nothing(tmp_path: Path) -> None:
    output = run_on(tmp_path, {"a": [TOLD], "b": [AGAIN]}, action="report")
    assert flagged(output) == {}
    assert '"reported": {\n   "restatement": 1' in (output / "manifest.json").read_text()


def test_a_forged_flag_is_found_out(tmp_path: Path) -> None:
    output = run_on(tmp_path, {"a": [TOLD], "b": [AGAIN]})
    manifest = msgspec.json.decode((output / "manifest.json").read_bytes(), type=Manifest)
    loaded = read_output(output, manifest.files, OutputSettings())
    kept = {each.id: each for each in loaded.documents}
    rebuilt = {each.id: rebuild(each, kept[each.id], []) for each in loaded.sources}
    assert check_verdicts(rebuilt, Settings()).problems == []
    narrower = Settings(restatements=RestatementSettings(scope="document"))
    assert any("outside the scope" in each for each in check_verdicts(rebuilt, narrower).problems)
    stricter = Settings(restatements=RestatementSettings(min_shared_facts=50))
    assert any("other words" in each for each in check_verdicts(rebuilt, stricter).problems)
    spans = rebuilt["b.txt"].spans
    flags = (replace(spans[1].flags[0], jaccard=0.99),)  # type: ignore[union-attr]
    spans[1] = replace(spans[1], flags=flags)
    assert check_verdicts(rebuilt, Settings()).problems != []
