"""The reference case: the five articles against the gold verdicts, line by line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.running import ARTICLES, PROJECT, clean, records

GOLD = {
    row["document"]: row["lines"]
    for row in map(json.loads, (PROJECT / "fixtures" / "gold.jsonl").read_text().splitlines())
}


class Line(NamedTuple):
    """A verdict on one line: what it is, and the line that it repeats."""

    verdict: str
    kind: str | None
    of_line: int | None


def gold(name: str) -> dict[int, Line]:
    return {
        row["line"]: Line(row["verdict"], row.get("kind"), row.get("of_line")) for row in GOLD[name]
    }


def lines_of(output: Path, name: str) -> dict[int, Line]:
    """What a run says of each line: paragraphs of these articles are lines, in order."""
    numbers = [
        number
        for number, line in enumerate(
            (ARTICLES / f"{name}.txt").read_text(encoding="utf-8").split("\n"), start=1
        )
        if line.strip()
    ]
    verdicts: dict[int, Line] = {}
    for document in records(output, "documents"):
        if document["id"] == f"{name}.txt":
            for span in document["paragraphs"]:
                assert span["flags"] == []
                verdicts[numbers[span["index"]]] = Line("keep", span["kind"], None)
    for removed in records(output, "removed"):
        if removed["document"] != f"{name}.txt":
            continue
        number = numbers[removed["paragraph"]]
        if removed["verdict"] == "boilerplate":
            verdicts[number] = Line("boilerplate", removed["reason"], None)
        else:
            assert removed["kept"]["document"] == f"{name}.txt"
            of_line = numbers[removed["kept"]["paragraph"]]
            verdicts[number] = Line(removed["verdict"], None, of_line)
    return dict(sorted(verdicts.items()))


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clean(tmp_path_factory.mktemp("together") / "out", ARTICLES)


@pytest.mark.parametrize("name", sorted(GOLD))
def test_all_five_together_are_judged_as_by_hand(name: str, together: Path) -> None:
    assert lines_of(together, name) == gold(name)


@pytest.mark.parametrize("name", sorted(GOLD))
def test_each_article_alone_is_judged_as_by_hand(name: str, tmp_path: Path) -> None:
    output = clean(tmp_path / "out", ARTICLES / f"{name}.txt")
    assert lines_of(output, name) == gold(name)


def test_the_gold_file_is_whole(together: Path) -> None:
    lines = [line for name in GOLD for line in gold(name).values()]
    assert len(lines) == 92
    verdicts = [line.verdict for line in lines]
    assert (verdicts.count("keep"), verdicts.count("boilerplate")) == (64, 24)
    assert verdicts.count("duplicate") + verdicts.count("restatement") == 4
    assert len(records(together, "documents")) == len(GOLD)


def test_a_clean_document_reads_as_its_kept_lines(together: Path) -> None:
    document = next(d for d in records(together, "documents") if d["id"].startswith("003"))
    source = (ARTICLES / document["id"]).read_text(encoding="utf-8").split("\n")
    assert document["text"] == "\n\n".join(source[:8])
    assert document["title"] == source[0]
    assert document["language"] == "en"
