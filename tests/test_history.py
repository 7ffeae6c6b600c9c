"""What one night kept counts for the nights that come after."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.errors import RunError, UserError
from pipeline.history import History, locked_history
from pipeline.run import run
from pipeline.run_names import Remember, check_run_name
from pipeline.verify import verify
from tests.running import Row, contents, copydesk, records, write_files
from transforms.settings import (
    DecideSettings,
    DocumentSettings,
    JudgeSettings,
    NearDuplicateSettings,
    Settings,
)

COUNCIL = (
    "The council met in the town hall on Monday to discuss the plan for a bridge over the river."
)
COUNCIL_AGAIN = COUNCIL.replace("discuss", "debate")
RAIN = "Rain is expected in the hills for most of the week, with strong winds near the coast."
SCHOOL = "A school in the old town stays shut until the roof has been repaired by its owner."
TRAINS = "Trains will not run this weekend because the signals near the harbour have failed."
BREAD = "Bakers ask for help with their ovens, as gas has become dear to them this winter."
PORT = "The port expects more ships than ever before as the season of cruises begins in May."
KEEP_ALL = Settings(judge=JudgeSettings(action="off"))

NIGHTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "2026-01-01": {
        "a": (COUNCIL, RAIN),
        "b": (SCHOOL, "Short line.", TRAINS),
    },
    "2026-01-02": {
        "c": (COUNCIL_AGAIN, BREAD),
        "d": (SCHOOL, TRAINS, "Short line."),
        "e": (RAIN, PORT),
    },
    "2026-01-03": {
        "f": (BREAD, PORT, COUNCIL),
        "g": (TRAINS, "Another short line."),
        "h": (COUNCIL_AGAIN,),
    },
}


def night(folder: Path, *names: str) -> Path:
    """A file of what was scraped in these nights, each document with the date of its night."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{'-'.join(names)}.jsonl"
    path.write_text(
        "".join(
            json.dumps({"id": id, "text": "\n".join(lines), "published": name}) + "\n"
            for name in names
            for id, lines in NIGHTS[name].items()
        )
    )
    return path


def nightly(
    root: Path, name: str, settings: Settings = KEEP_ALL, source: Path | None = None
) -> Path:
    """One night's run with the history in ``root``."""
    output = root / f"out-{name}"
    run(
        [str(source or night(root / "in", name))],
        output,
        settings,
        overwrite=True,
        report=False,
        remember=Remember(root / "history", name),
    )
    return output


def kept(output: Path) -> set[tuple[str, int]]:
    return {
        (document["id"], paragraph["index"])
        for document in records(output, "documents")
        for paragraph in document["paragraphs"]
    }


@pytest.mark.parametrize(
    "settings",
    [
        KEEP_ALL,
        pytest.param(
            Settings(judge=KEEP_ALL.judge, near_duplicates=NearDuplicateSettings(action="mark")),
            marks=pytest.mark.long,
        ),
        pytest.param(
            Settings(judge=KEEP_ALL.judge, documents=DocumentSettings(action="mark")),
            marks=pytest.mark.long,
        ),
    ],
)
def test_nights_keep_what_one_run_over_all_keeps(tmp_path: Path, settings: Settings) -> None:
    apart = set().union(*(kept(nightly(tmp_path, name, settings)) for name in NIGHTS))
    whole = tmp_path / "whole"
    run([str(night(tmp_path / "in", *NIGHTS))], whole, settings)
    assert apart == kept(whole)
    assert 0 < len(apart) < sum(len(lines) for each in NIGHTS.values() for lines in each.values())


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All nights, one after the other; read only."""
    root = tmp_path_factory.mktemp("nights")
    for name in NIGHTS:
        nightly(root, name)
    return root


def removal(output: Path, document: str, paragraph: int) -> Row:
    (found,) = [
        each
        for each in records(output, "removed")
        if (each["document"], each["paragraph"]) == (document, paragraph)
    ]
    return found


def test_a_removal_names_the_run_and_its_document(nights: Path) -> None:
    copy = removal(nights / "out-2026-01-02", "e", 0)
    assert copy["verdict"] == "duplicate"
    assert copy["kept"] == {
        "run": "2026-01-01",
        "document": "a",
        "paragraph": 1,
        "start": len(COUNCIL) + 1,
        "end": len(COUNCIL) + 1 + len(RAIN),
    }
    near = removal(nights / "out-2026-01-02", "c", 0)
    assert near["verdict"] == "near-duplicate"
    assert near["kept"]["run"] == "2026-01-01"
    assert near["evidence"]["only_kept"] == ["discuss"]


def test_a_document_goes_whole_for_one_of_an_earlier_run(nights: Path) -> None:
    output = nights / "out-2026-01-02"
    (source,) = [each for each in records(output, "sources") if each["id"] == "d"]
    assert (source["status"], source["survivor"]) == ("duplicate", "b")
    assert source["survivor_run"] == "2026-01-01"
    short = removal(output, "d", 2)
    assert (short["reason"], short["kept"]["run"]) == ("copy", "2026-01-01")


def test_the_manifest_names_the_runs_that_were_looked_through(nights: Path) -> None:
    manifest = json.loads((nights / "out-2026-01-03" / "manifest.json").read_bytes())
    assert manifest["run"] == "2026-01-03"
    assert [each["run"] for each in manifest["history"]] == ["2026-01-01", "2026-01-02"]


def test_an_output_is_verified_with_its_history(nights: Path) -> None:
    for name in NIGHTS:
        report = verify(nights / f"out-{name}", history=nights / "history")
        assert report.problems == []
        assert report.unchecked == 0
    alone = verify(nights / "out-2026-01-03")
    assert alone.problems == []
    assert alone.unchecked > 0
    assert "give --history" in alone.summary()


def test_verifying_needs_the_history_as_the_run_saw_it(tmp_path: Path) -> None:
    for name in list(NIGHTS)[:2]:
        nightly(tmp_path, name)
    output = tmp_path / "out-2026-01-02"
    with locked_history(tmp_path / "history", 0) as history:
        history.drop(["2026-01-01"])
    with pytest.raises(UserError, match="2026-01-01 are gone or were run again"):
        verify(output, history=tmp_path / "history")
    with pytest.raises(UserError, match="2026-01-01 are gone"):
        verify(output, history=tmp_path / "hsitory")


def test_verifying_finds_a_removal_that_the_history_does_not_prove(tmp_path: Path) -> None:
    for name in list(NIGHTS)[:2]:
        nightly(tmp_path, name)
    other = tmp_path / "other"
    for name, text in (("2026-01-01", [PORT, *[f"{BREAD} {n}" for n in range(4)]]),):
        source = tmp_path / "other.jsonl"
        source.write_text(json.dumps({"id": "a", "text": "\n".join(text)}) + "\n")
        nightly(other, name, source=source)
    with locked_history(other / "history", 0) as history:
        assert history.runs == {"2026-01-01": 5}  # as many as the run saw
    problems = verify(tmp_path / "out-2026-01-02", history=other / "history").problems
    assert any("of the run 2026-01-01 is not there" in problem for problem in problems)


def test_a_rerun_of_a_night_gives_the_same_and_replaces_its_part(tmp_path: Path) -> None:
    for name in NIGHTS:
        nightly(tmp_path, name)
    before = {name: contents(tmp_path / f"out-{name}") for name in NIGHTS}
    index = (tmp_path / "history" / "history.json").read_bytes()
    for name in ("2026-01-02", "2026-01-03", "2026-01-01"):
        assert contents(nightly(tmp_path, name)) == before[name]
    assert (tmp_path / "history" / "history.json").read_bytes() == index


def test_a_rerun_with_other_input_forgets_what_the_night_kept(tmp_path: Path) -> None:
    nightly(tmp_path, "2026-01-01")
    other = tmp_path / "other.jsonl"
    other.write_text(json.dumps({"id": "z", "text": BREAD}) + "\n")
    nightly(tmp_path, "2026-01-01", source=other)
    assert ("e", 0) in kept(nightly(tmp_path, "2026-01-02"))


def test_files_put_together_change_nothing(tmp_path: Path) -> None:
    for name in list(NIGHTS)[:2]:
        nightly(tmp_path, name)
    apart = contents(nightly(tmp_path, "2026-01-03"))
    with locked_history(tmp_path / "history", 0) as history:
        assert history.compact() == 3
        (file,) = history.files
        assert file.runs == tuple(NIGHTS)
    assert contents(nightly(tmp_path, "2026-01-03")) == apart
    with locked_history(tmp_path / "history", 0) as history:
        assert list(history.runs) == list(NIGHTS)
        assert history.drop(["2026-01-01"]) == {"2026-01-01": 5}
        assert list(history.runs) == ["2026-01-02", "2026-01-03"]
    assert len(list((tmp_path / "history").glob("*.parquet"))) == 2
    assert {("e", 0), ("d", 0)} <= kept(nightly(tmp_path, "2026-01-02"))


def test_fingerprints_of_other_settings_are_refused(tmp_path: Path) -> None:
    nightly(tmp_path, "2026-01-01")
    other = Settings(judge=KEEP_ALL.judge, near_duplicates=NearDuplicateSettings(bands=42, rows=3))
    with pytest.raises(UserError, match="bands is 25 there and 42 here; rows is 5 there and 3"):
        nightly(tmp_path, "2026-01-02", other)
    assert not (tmp_path / "out-2026-01-02").exists()


def test_a_history_is_only_as_wide_as_the_scope(tmp_path: Path) -> None:
    alone = Settings(judge=KEEP_ALL.judge, decide=DecideSettings(scope="document"))
    with pytest.raises(UserError, match="--scope document"):
        nightly(tmp_path, "2026-01-01", alone)
    by_site = Settings(judge=KEEP_ALL.judge, decide=DecideSettings(scope="site"))
    for name, host in (("1", "a"), ("2", "b"), ("3", "a")):
        source = tmp_path / f"{name}.jsonl"
        row = {"id": name, "text": f"{COUNCIL}\n{RAIN}", "url": f"https://{host}.example/{name}"}
        source.write_text(json.dumps(row) + "\n")
        nightly(tmp_path, name, by_site, source)
    assert kept(tmp_path / "out-2")
    assert not kept(tmp_path / "out-3")
    assert verify(tmp_path / "out-3", history=tmp_path / "history").problems == []


def test_in_a_site_each_text_has_a_place_of_its_own(tmp_path: Path) -> None:
    by_site = Settings(judge=KEEP_ALL.judge, decide=DecideSettings(scope="site"))

    def site_night(name: str, rows: list[tuple[str, str]]) -> Path:
        source = tmp_path / f"{name}.jsonl"
        source.write_text(
            "".join(
                json.dumps({"id": f"{name}{at}", "text": text, "url": f"https://{host}.example/"})
                + "\n"
                for at, (host, text) in enumerate(rows)
            )
        )
        return nightly(tmp_path, name, by_site, source)

    site_night("1", [("a", COUNCIL), ("b", COUNCIL), ("c", RAIN)])
    output = site_night("2", [("b", COUNCIL), ("b", f"{COUNCIL_AGAIN}\n{BREAD}")])
    near = removal(output, "21", 0)
    assert (near["kept"]["document"], near["evidence"]["only_kept"]) == ("11", ["discuss"])
    assert removal(output, "20", 0)["kept"]["document"] == "11"
    assert verify(output, history=tmp_path / "history").problems == []


@pytest.mark.long
def test_how_the_files_lie_decides_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.history_files._ROWS_IN_GROUP", 2)
    monkeypatch.setattr("pipeline.history_files._ROWS_IN_SLICE", 2)
    last = tmp_path / "last.jsonl"
    text = "\n".join([COUNCIL, RAIN, SCHOOL, TRAINS, BREAD, PORT])
    last.write_text(json.dumps({"id": "all", "text": text}) + "\n")
    found = []
    for order in ([0, 2, 1], [2, 1, 0], [0, 1, 2]):
        root = tmp_path / "".join(map(str, order))
        for at in order:
            nightly(root, list(NIGHTS)[at])
            with locked_history(root / "history", 0) as history:
                history.compact()
        for name in NIGHTS:  # each with all that come before it
            nightly(root, name)
        with locked_history(root / "history", 0) as history:
            history.compact()
        output = nightly(root, "2026-01-04", source=last)
        assert verify(output, history=root / "history").problems == []
        found.append(contents(output))
    assert found[0] == found[1] == found[2]


def test_a_short_line_of_many_documents_is_recalled_once(tmp_path: Path) -> None:
    for name in ("1", "2", "3"):
        source = tmp_path / f"{name}.jsonl"
        rows = [{"id": f"{name}-{at}", "text": f"Sent from our desk\n{at}"} for at in range(40)]
        source.write_text("".join(json.dumps(row) + "\n" for row in rows))
        output = nightly(tmp_path, name, source=source)
    counters = json.loads((output / "run.json").read_bytes())["counters"]
    assert counters["recalled_paragraphs"] < 40 * 2


@pytest.mark.parametrize("where", ["in", "out-2026-01-01", "out-2026-01-01/history"])
def test_a_history_lies_apart_from_input_and_output(tmp_path: Path, where: str) -> None:
    night(tmp_path / "in", "2026-01-01")
    with pytest.raises(UserError, match="history"):
        run(
            [str(tmp_path / "in")],
            tmp_path / "out-2026-01-01",
            KEEP_ALL,
            remember=Remember(tmp_path / where, "1"),
        )


def test_what_a_killed_run_left_is_no_reason_to_refuse(tmp_path: Path) -> None:
    write_files(tmp_path, {"history/.0123456789abcdef": "half a file"})
    nightly(tmp_path, "2026-01-01")
    names = {path.name for path in (tmp_path / "history").iterdir()}
    assert ".0123456789abcdef" not in names
    assert len(names) == 2


def test_files_without_their_index_are_left_alone(tmp_path: Path) -> None:
    nightly(tmp_path, "2026-01-01")
    (tmp_path / "history" / "history.json").unlink()
    (file,) = (tmp_path / "history").iterdir()
    with pytest.raises(UserError, match=r"has lost its history\.json"):
        nightly(tmp_path, "2026-01-02")
    assert file.exists()


def test_a_damaged_file_can_be_dropped(tmp_path: Path) -> None:
    nightly(tmp_path, "2026-01-01")
    (file,) = (tmp_path / "history").glob("*.parquet")
    file.unlink()
    with locked_history(tmp_path / "history", 0) as history:
        with pytest.raises(UserError, match="no run 'x'"):
            history.drop(["2026-01-01", "x"])
        assert history.drop(["2026-01-01"]) == {"2026-01-01": 5}
        assert history.runs == {}


def test_a_dry_run_adds_nothing(tmp_path: Path) -> None:
    source = night(tmp_path / "in", "2026-01-01")
    run(
        [str(source)],
        None,
        KEEP_ALL,
        dry_run=True,
        remember=Remember(tmp_path / "history", "2026-01-01"),
    )
    assert not (tmp_path / "history" / "history.json").exists()


def test_one_process_at_a_time_uses_a_history(tmp_path: Path) -> None:
    source = night(tmp_path / "in", "2026-01-01")
    with locked_history(tmp_path / "history", 0):
        done = copydesk("run", source, "-o", tmp_path / "out", "--history", tmp_path / "history")
    assert done.returncode == 2
    assert "another run works on" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_damaged_file_ends_the_run_and_says_what_to_do(tmp_path: Path) -> None:
    nightly(tmp_path, "2026-01-01")
    (file,) = (tmp_path / "history").glob("*.parquet")
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    with pytest.raises(RunError, match="its digest differs"):
        nightly(tmp_path, "2026-01-02")
    assert not (tmp_path / "out-2026-01-02").exists()


@pytest.fixture
def failing_replace(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The last step of a commit fails, as it may on a full disk."""

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pipeline.history.os.replace", fail)
    yield
    monkeypatch.undo()


@pytest.mark.usefixtures("failing_replace")
def test_a_commit_that_fails_leaves_the_history_as_it_was(nights: Path, tmp_path: Path) -> None:
    folder = tmp_path / "history"
    write_files(folder, contents(nights / "history"))
    before = contents(folder, leave=())
    history = History(folder)
    with pytest.raises(RunError, match="is as it was"):
        history.drop(["2026-01-01"])
    left = contents(folder, leave=())
    assert {name: left[name] for name in before} == before
    assert list(History(folder).runs) == list(NIGHTS)


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "a b", "x" * 101, "é", "a\n"])
def test_a_name_that_could_mislead_is_no_name_of_a_run(name: str) -> None:
    with pytest.raises(UserError, match="is no name of a run"):
        check_run_name(name)


def test_a_folder_of_other_things_is_left_alone(tmp_path: Path) -> None:
    write_files(tmp_path / "history", {"letter.txt": "mine"})
    with pytest.raises(UserError, match="holds other files"):
        nightly(tmp_path, "2026-01-01")


@pytest.mark.parametrize(
    ("index", "message"),
    [
        (b"{", "is damaged"),
        (b'{"format": 1, "scheme": {}, "files": []}', "is damaged"),
        (
            b'{"format":9,"scheme":{"format":1,"folding":1,"min_words":8,"shingle":2,"bands":25,'
            b'"rows":5,"seed":1},"files":[]}',
            "has format 9",
        ),
        (
            b'{"format":1,"scheme":{"format":1,"folding":1,"min_words":8,"shingle":2,"bands":25,'
            b'"rows":5,"seed":1},"files":[{"path":"../secret","sha256":"","runs":["a"],"rows":[1],'
            b'"groups":[1]}]}',
            "outside the history",
        ),
        (
            b'{"format":1,"scheme":{"format":1,"folding":1,"min_words":8,"shingle":2,"bands":25,'
            b'"rows":5,"seed":1},"files":[{"path":"%s.parquet","sha256":"","runs":["a","b"],'
            b'"rows":[1],"groups":[1]}]}' % (b"0" * 32),
            "contradict each other",
        ),
        (b'{"format":1,"files":' + b"[" * 100_000, "is damaged"),
    ],
)
def test_an_index_that_is_not_ours_is_refused(tmp_path: Path, index: bytes, message: str) -> None:
    write_files(tmp_path, {"history/history.json": index})
    with pytest.raises(UserError, match=message):
        History(tmp_path / "history")


def test_a_file_of_other_rows_is_refused_whatever_its_digest(nights: Path, tmp_path: Path) -> None:
    folder = tmp_path / "history"
    write_files(folder, contents(nights / "history"))
    index = json.loads((folder / "history.json").read_text())
    entry = index["files"][0]
    table = pq.read_table(folder / entry["path"]).slice(1)
    pq.write_table(table, folder / entry["path"])
    data = (folder / entry["path"]).read_bytes()
    entry["sha256"] = hashlib.sha256(data).hexdigest()
    (folder / "history.json").write_text(json.dumps(index))
    refused = copydesk("history", "compact", folder)
    assert refused.returncode == 1
    assert "other columns or rows" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_command_lists_drops_and_puts_together(nights: Path, tmp_path: Path) -> None:
    folder = tmp_path / "history"
    write_files(folder, contents(nights / "history"))
    listed = copydesk("history", "list", folder).stdout.splitlines()
    assert listed[0] == "2026-01-01  5 paragraphs"
    assert "put 3 files into one" in copydesk("history", "compact", folder).stdout
    assert "dropped 2026-01-02" in copydesk("history", "drop", folder, "2026-01-02").stdout
    unknown = copydesk("history", "drop", folder, "2020")
    assert unknown.returncode == 2
    assert "has no run '2020'" in unknown.stderr
