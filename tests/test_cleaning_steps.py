"""The PTransforms in a pipeline of someone else's: rows in, rows out, the same as a run."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.pvalue import Row
from apache_beam.testing import test_stream
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.transforms.window import FixedWindows, TimestampedValue

from tests.running import clean as run_clean
from tests.running import records, write_files
from tests.test_rows import plain
from transforms.cleaning import clean
from transforms.cleaning_steps import CleanDocuments, CleanEach
from transforms.rows import InputRow
from transforms.settings import OutputSettings, Settings
from transforms.staging import StagingError

KINDS = ("documents", "removed", "rejected", "sources")
PROCESSES = [
    "--runner=DirectRunner",
    "--allow_unsafe_triggers",
    "--direct_running_mode=multi_processing",
    "--direct_num_workers=2",
]
BODY = "The town council voted on Monday for a new bridge over the river Arle, officials said."


def keep(row: Any, path: str) -> None:
    with open(path, "a", encoding="utf-8") as file:
        file.write(json.dumps(plain(row)) + "\n")


def cleaned(
    folder: Path, rows: list[Any], step: beam.PTransform[Any, Any], flags: list[str] | None = None
) -> dict[str, list[dict[str, Any]]]:
    """The rows that come out, sorted."""
    folder.mkdir()
    options = PipelineOptions(flags or [])
    with beam.Pipeline(None if flags else "FnApiRunner", options=options) as pipeline:
        outputs = pipeline | beam.Create(rows, reshuffle=False) | "Clean" >> step
        assert tuple(outputs) == KINDS
        for kind in KINDS:
            _ = outputs[kind] | f"Keep {kind}" >> beam.Map(keep, str(folder / kind))
    found = {}
    for kind in KINDS:
        path = folder / kind
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        found[kind] = sorted(map(json.loads, lines), key=lambda row: json.dumps(row))
    return found


def corpus() -> list[dict[str, str]]:
    """Articles that share paragraphs, word for word, nearly and as a whole; one is empty."""
    rng = random.Random(5)
    words = [first + end for first in "bcdfglmnprst" for end in ("ale", "ine", "ost", "urk")]
    pool = [" ".join(rng.choices(words, k=30)).capitalize() + "." for _ in range(24)]
    articles = []
    for number in range(18):
        body = rng.sample(pool, 3)
        words_of = body[0].split()
        words_of[4] = "changed"
        lines = ["Share this", *body, " ".join(words_of), f"{number} of {len(pool)} told"]
        articles.append({"id": f"a/{number}", "text": "\n".join(lines)})
    articles.append({"id": "a/copy", "text": articles[3]["text"], "published": "2019-02-16"})
    articles.append({"id": "empty", "text": " "})
    return articles


ARTICLES = corpus()


def without_place(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Records without what names their place: a file and an offset in a run, else the id."""
    rows = [{**row, "source": None, "record": None} for row in rows]
    for row in rows:
        if row.get("status") == "rejected":
            row["id"] = None
    return sorted(rows, key=lambda row: json.dumps(row))


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    rows = [InputRow(**article) for article in ARTICLES]
    return cleaned(tmp_path_factory.mktemp("rows") / "found", rows, CleanDocuments())


def test_rows_become_what_a_run_makes_of_the_same_records(
    found: dict[str, list[dict[str, Any]]], tmp_path: Path
) -> None:
    lines = "".join(json.dumps(article) + "\n" for article in ARTICLES)
    output = run_clean(tmp_path / "out", write_files(tmp_path / "in", {"a.jsonl": lines}))
    for kind in KINDS:
        assert without_place(found[kind]) == without_place(records(output, kind)), kind
    verdicts = Counter(row["verdict"] for row in found["removed"])
    assert {"boilerplate", "duplicate", "near-duplicate"} <= verdicts.keys()
    assert "duplicate" in {row["status"] for row in found["sources"]}


def test_order_blocks_ranges_and_workers_change_nothing(
    found: dict[str, list[dict[str, Any]]], tmp_path: Path
) -> None:
    rows = [InputRow(**article) for article in ARTICLES]
    small = Settings(output=OutputSettings(shard_bytes=2_000))
    step = CleanDocuments(small, staging=str(tmp_path / "staging"), ranges=2)
    other = cleaned(tmp_path / "other", rows[::-1], step, PROCESSES)
    assert other == found
    blocks = {path.name for path in (tmp_path / "staging").rglob("block-????????.content")}
    assert len(blocks) > 3


def test_a_bad_row_costs_itself(tmp_path: Path) -> None:
    rows = [
        Row(id="good", text=BODY),
        Row(id="twice", text=f"{BODY} It was there."),
        Row(id="twice", text="Another text with the id of the one before."),
        Row(id="none", text=None),
        Row(id=None, text="A text without an id."),
        Row(id="page", text="<p>&#xD800; &#0; " + BODY[:60] + "</p>", media_type="text/html"),
    ]
    found = cleaned(tmp_path / "rows", rows, CleanDocuments())
    assert [row["id"] for row in found["documents"]] == ["good", "page"]
    assert Counter(row["error"] for row in found["rejected"]) == {
        "repeated-id": 2,
        "no-text": 1,
        "invalid-field": 1,
    }
    assert len(found["sources"]) == len(rows)


def test_an_empty_collection_is_no_trouble(tmp_path: Path) -> None:
    found = cleaned(tmp_path / "rows", [], CleanDocuments())
    assert not any(found.values())


def test_each_row_by_itself_becomes_what_the_function_makes_of_it(tmp_path: Path) -> None:
    rows = [InputRow(**article) for article in ARTICLES]
    twice = InputRow("a/1", f"{BODY}\n{BODY}")
    found = cleaned(tmp_path / "rows", [*rows, twice], CleanEach())
    alone = [clean(row.text, id=row.id, published=row.published) for row in [*rows[:-1], twice]]
    texts = sorted((each.source.id, each.text) for each in alone)
    assert sorted((row["id"], row["text"]) for row in found["documents"]) == texts
    assert len(found["removed"]) == sum(len(each.removed) for each in alone)
    assert [row["error"] for row in found["rejected"]] == ["empty-record"]


def test_windows_are_kept_row_by_row_and_left_out_across_the_collection() -> None:
    def windowed(element: Any, window: Any = beam.DoFn.WindowParam) -> tuple[str, str]:
        return element.id, type(window).__name__

    rows = [TimestampedValue(InputRow("a", BODY), 0), TimestampedValue(InputRow("b", BODY), 100)]
    with beam.Pipeline("FnApiRunner", options=PipelineOptions([])) as pipeline:
        windows = pipeline | beam.Create(rows, reshuffle=False) | beam.WindowInto(FixedWindows(10))
        each = windows | CleanEach()
        corpus = windows | CleanDocuments()
        assert_that(
            each["documents"] | "Windows" >> beam.Map(windowed),
            equal_to([("a", "IntervalWindow"), ("b", "IntervalWindow")]),
            label="each",
        )
        assert_that(
            corpus["documents"] | "Window" >> beam.Map(windowed),
            equal_to([("a", "GlobalWindow")]),
            label="corpus",
        )


def test_a_collection_without_an_end_is_for_clean_each() -> None:
    pipeline = beam.Pipeline("FnApiRunner", options=PipelineOptions(["--streaming"]))
    rows = (
        pipeline
        | test_stream.TestStream().add_elements([InputRow("a", BODY)])
        | beam.Map(lambda row: row)
    )
    with pytest.raises(ValueError, match="use CleanEach"):
        rows | CleanDocuments()
    assert tuple(rows | CleanEach()) == KINDS


def test_settings_are_tables_and_a_wrong_one_is_named(tmp_path: Path) -> None:
    rows = [InputRow(id, BODY) for id in "ab"]
    scope = {"decide": {"scope": "document"}}
    found = cleaned(tmp_path / "rows", rows, CleanDocuments(scope))
    assert len(found["documents"]) == 2
    with pytest.raises(ValueError, match=r"unknown field `scop`.*\$.decide"):
        CleanEach({"decide": {"scop": "document"}})


def test_a_worker_that_sees_no_staging_folder_ends_the_pipeline(tmp_path: Path) -> None:
    with pytest.raises(StagingError, match="of CleanDocuments: its staging"):
        lose_staging(tmp_path)


def lose_staging(folder: Path) -> None:
    with beam.Pipeline("FnApiRunner", options=PipelineOptions([])) as pipeline:
        rows = pipeline | beam.Create([InputRow("a", BODY)])
        rows | CleanDocuments(staging=str(folder / "staging"))
        for probe in folder.rglob("probe"):
            probe.unlink()
