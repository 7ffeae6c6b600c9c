"""Every kind of input through real pipelines: the same documents, whatever they came in."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.verify import verify
from tests.archives import Answer, arc, warc
from tests.packing import PACK
from tests.running import clean, contents, copydesk, records, write_files
from transforms.settings import DecideSettings, OutputSettings, Settings

DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
PAGES = [
    f"<html><body><h1>News of {day}</h1><p>The council met on {day} to discuss, in room {n * 7}, what"
    f" the bridge number {n} over the river is to cost in the end.</p></body></html>"
    for n, day in enumerate(DAYS)
]
URLS = [f"https://herald.example/{day}" for day in DAYS]


def table(rows: list[dict[str, Any]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def parquet(rows: list[dict[str, Any]]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), out, row_group_size=2)
    return out.getvalue()


def kinds() -> dict[str, bytes]:
    """The pages in a file of each kind."""
    rows = [{"text": page, "url": url} for page, url in zip(PAGES, URLS, strict=True)]
    answers = [Answer(page.encode(), url) for page, url in zip(PAGES, URLS, strict=True)]
    lines = "".join(json.dumps(row) + "\n" for row in rows).encode()
    return {
        "a.jsonl": lines,
        "a.json": json.dumps(rows, indent=1).encode(),
        "a.csv": table(rows),
        "a.parquet": parquet(rows),
        "a.warc": warc(answers)[0],
        "a.warc.gz": warc(answers, gzip=True)[0],
        "a.arc.bz2": PACK["bz2"](arc(answers)[0]),
        "a.jsonl.xz": PACK["xz"](lines),
    }


def test_every_kind_gives_the_same_documents_whatever_the_workers(tmp_path: Path) -> None:
    source = write_files(tmp_path / "in", kinds())
    cut = Settings(
        output=OutputSettings(shard_bytes=1_500), decide=DecideSettings(scope="document")
    )
    one = clean(tmp_path / "one", source, settings=cut)
    two = clean(tmp_path / "two", source, settings=cut, workers=2)
    assert contents(one) == contents(two)
    found: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for row in records(one, "documents"):
        found[row["source"]].append((row["url"], row["title"], row["text"]))
    assert set(found) == set(kinds())
    for rows in found.values():
        assert sorted(rows) == sorted(found["a.jsonl"])
    assert sorted(url for url, _, _ in found["a.jsonl"]) == sorted(URLS)
    assert verify(one, [str(source)]).problems == []


def test_damage_costs_what_is_damaged_and_is_told_with_its_place(tmp_path: Path) -> None:
    files = kinds()
    broken = bytearray(files["a.warc.gz"])
    broken[len(broken) // 2] ^= 255
    packed = PACK["gz"](files["a.jsonl"])
    folder = write_files(
        tmp_path / "in",
        {
            "a.warc.gz": bytes(broken),
            "b.jsonl.gz": packed + packed[:-20],
            "c.parquet": files["a.parquet"][:-1],
            "d.csv": files["a.csv"] + b'"open',
            "e.html.zst": PACK["zst"](PAGES[0].encode())[:-3],
        },
    )
    output = clean(tmp_path / "out", folder)
    letters = records(output, "rejected")
    assert {(row["source"], row["error"]) for row in letters} >= {
        ("a.warc.gz", "damaged-file"),
        ("b.jsonl.gz", "truncated-file"),
        ("c.parquet", "damaged-file"),
        ("d.csv", "invalid-row"),
        ("e.html.zst", "truncated-file"),
    }
    sources = [(row["source"], row["status"] != "rejected") for row in records(output, "sources")]
    assert sources.count(("a.warc.gz", True)) == len(PAGES) - 1
    assert sources.count(("b.jsonl.gz", True)) >= len(PAGES)
    assert sources.count(("d.csv", True)) == len(PAGES)
    offsets = {row["source"]: row["offset"] for row in letters}
    assert offsets["b.jsonl.gz"] == len(packed)
    assert verify(output, [str(folder)]).problems == []


def test_what_is_skipped_is_counted_in_the_run(tmp_path: Path) -> None:
    answers = [Answer(PAGES[0].encode()), Answer(b"gone", status="404 Not Found")]
    source = write_files(tmp_path / "in", {"a.warc": warc(answers)[0]})
    output = clean(tmp_path / "out", source)
    run = json.loads((output / "run.json").read_text())
    assert run["counters"]["skipped_responses_by_status"] == 1
    assert len(records(output, "sources")) == 1


def test_one_record_of_any_container_can_be_inspected(tmp_path: Path) -> None:
    folder = write_files(tmp_path, {"a.warc.gz": kinds()["a.warc.gz"], "a.csv": kinds()["a.csv"]})
    done = copydesk("inspect", f"{folder / 'a.warc.gz'}#0")
    assert done.returncode == 0, done.stderr
    assert "a.warc.gz#0: " in done.stdout
    done = copydesk("inspect", folder / "a.csv")
    assert done.returncode == 2
    assert "holds many documents" in done.stderr
