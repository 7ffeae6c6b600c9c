"""The recipes of docs/recipes.md: each block runs as it stands there, over a small output.

Each runs in a process of its own, as a reader would try it: in a folder that holds ``clean``, and
without network where a library would look for one.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.running import PROJECT, Row, clean, records, write_files
from transforms.settings import Compression, Format, OutputSettings, Settings

BLOCKS: dict[str, list[str]] = {
    heading: re.findall(r"^```python\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)
    for heading, section in re.findall(
        r"^## (.+?)\n(.*?)(?=^## |\Z)",
        (PROJECT / "docs" / "recipes.md").read_text(encoding="utf-8"),
        re.DOTALL | re.MULTILINE,
    )
}
"""The blocks of each section, in order."""

WORST = {
    "DuckDB": "worst.fetchall()",
    "pandas": "worst.values.tolist()",
    "polars": "worst.rows()",
    "Hugging Face datasets": "[[*key, count] for key, count in worst.items()]",
}
"""The rows that a recipe came to, in the terms of its library."""

STORIES = [
    "The town council of Arlemouth voted on Monday for a new bridge over the river, 12 to 3.",
    "A ferry ran aground off Kelby on Sunday night, and forty people were taken ashore by boat.",
    "Teachers of the coast region want smaller classes and have called a strike for early May.",
    "The parliament in Ostby opens on Thursday, its speaker Ada Brink told reporters there.",
]


def stories() -> list[Row]:
    """Pages of two sites; the last tells what the first does, and one goes whole."""
    rows = [
        {
            "id": f"00{number}",  # a string that a guess would make a number
            "url": f"https://{'herald' if number < 3 else 'gazette'}.example/{number}",
            "published": f"2019-02-1{number}",
            "text": f"Share this\n{story}\n1{number} comments",
        }
        for number, story in enumerate(STORIES)
    ]
    told = f"{STORIES[0]}\nRead more\nThe builders say that the work may begin before the summer is over."
    for id, text in (("more", told), ("whole", STORIES[1])):
        url, day = f"https://gazette.example/{id}", "2019-03-01"
        rows.append({"id": id, "url": url, "published": day, "text": text})
    return rows


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folders in which the output is ``clean``, by its format."""
    folder = tmp_path_factory.mktemp("recipes")
    lines = "\n".join(map(json.dumps, stories()))
    source = write_files(folder / "in", {"feed.jsonl": lines})
    formats: dict[str, tuple[Format, Compression]] = {
        "parquet": ("parquet", "auto"),
        "zstd": ("jsonl", "zstd"),
        "gzip": ("jsonl", "gzip"),
        "plain": ("jsonl", "none"),
    }
    for name, (format, compression) in formats.items():
        settings = Settings(output=OutputSettings(format=format, compression=compression))
        clean(folder / name / "clean", source, settings=settings)
    return {name: folder / name for name in formats}


def runs(block: str, result: str, folder: Path, cache: Path) -> Any:
    """What a block came to; it is run from the folder that holds ``clean``."""
    done = subprocess.run(
        [sys.executable, "-c", f"{block}\nimport json; print(json.dumps({result}))"],
        cwd=folder,
        env={**os.environ, "HF_HOME": str(cache), "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    said, _, last = done.stdout.rstrip("\n").rpartition("\n")
    assert said  # a recipe prints what it finds
    return json.loads(last)


def worst(folder: Path) -> Counter[tuple[str, str]]:
    """Removed paragraphs by site and reason, counted without any of the libraries."""
    site = {row["id"]: row["site"] for row in records(folder / "clean", "sources")}
    return Counter(
        (site[row["document"]], row["reason"]) for row in records(folder / "clean", "removed")
    )


def test_every_block_is_tried() -> None:
    assert {heading: len(blocks) for heading, blocks in BLOCKS.items()} == {
        "DuckDB": 3,
        "pandas": 2,
        "polars": 2,
        "Hugging Face datasets": 2,
        "spaCy": 1,
    }


@pytest.mark.parametrize("library", list(WORST))
def test_reasons_by_site(library: str, outputs: dict[str, Path], tmp_path: Path) -> None:
    expected = worst(outputs["plain"])
    assert len(expected) > 4
    assert {site for site, _ in expected} == {"herald.example", "gazette.example"}
    for block, name in ((BLOCKS[library][0], "parquet"), (BLOCKS[library][-1], "zstd")):
        rows = runs(block, WORST[library], outputs[name], tmp_path)
        assert {(site, reason): count for site, reason, count in rows} == expected
        if library != "Hugging Face datasets":  # which counts, and does not sort
            assert rows == sorted(rows, key=lambda row: (-row[2], row[0], row[1]))


@pytest.mark.parametrize("library", list(WORST))
@pytest.mark.parametrize("name", ["plain", "gzip"])
def test_json_lines_may_be_compressed_or_not(
    library: str, name: str, outputs: dict[str, Path], tmp_path: Path
) -> None:
    rows = runs(BLOCKS[library][-1], WORST[library], outputs[name], tmp_path)
    assert {(site, reason): count for site, reason, count in rows} == worst(outputs["plain"])


def test_copies_with_what_was_kept(outputs: dict[str, Path], tmp_path: Path) -> None:
    rows = runs(BLOCKS["DuckDB"][1], "copies.fetchall()", outputs["parquet"], tmp_path)
    kept = ["herald.example"]
    assert rows == [["more", "000", "17", *kept], ["whole", "001", "17", *kept]]


def test_documents_of_spacy_have_their_paragraphs(outputs: dict[str, Path], tmp_path: Path) -> None:
    result = (
        "[(each.user_data['copydesk'], [(span.label_, span.text) for span in"
        " each.spans['paragraphs']]) for each in documents]"
    )
    found = runs(BLOCKS["spaCy"][0], result, outputs["parquet"], tmp_path)
    documents = records(outputs["plain"] / "clean", "documents")
    gone = Counter(
        (row["document"], row["reason"]) for row in records(outputs["plain"] / "clean", "removed")
    )
    assert len(documents) == 5
    for (about, spans), document in zip(found, documents, strict=True):
        assert (about["id"], about["site"]) == (document["id"], document["site"])
        assert about["removed"] == {
            reason: count for (id, reason), count in gone.items() if id == document["id"]
        }
        assert spans == [[each["kind"], each["text"]] for each in document["paragraphs"]]
