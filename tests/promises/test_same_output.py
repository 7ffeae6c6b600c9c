"""Promise 3: the same input and settings give the same bytes."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from pipeline.run import run
from pipeline.verify import verify
from tests.running import ARTICLES, Row, clean, contents, records, write_files
from transforms.settings import OutputSettings, Settings, TemplateSettings

WORDS = [
    "river",
    "bridge",
    "council",
    "vote",
    "budget",
    "school",
    "police",
    "market",
    "storm",
    "harvest",
    "election",
    "court",
]

ENDINGS = [first + second for first in "bdfgklm" for second in "aeiou"]
TOWNS = ["Ostby", "Arlemouth", "Norham", "Kelby", "Westrow", "Hallstead", "Brinley"]
TOLD = (
    "{town} has been in the grip of a harsh drought since {year}. Farmers in the south have lost"
    " herds and harvests, and the Harvest Aid Fund has sent {count} lorries of grain."
)
AGAIN = (
    "Since {year} {town} has been gripped by drought, with farmers in the south losing herds and"
    " harvests, while the Harvest Aid Fund sent {count} lorries of grain."
)
FOLDERS = TemplateSettings(folders=True)


def corpus(folder: Path, documents: int) -> Path:
    """Documents that repeat each other's paragraphs, as they are, nearly, joined and in other words."""
    rng = random.Random(11)
    pool = [
        " ".join(rng.choice(WORDS) + rng.choice(ENDINGS) for _ in range(rng.randrange(9, 60))) + "."
        for _ in range(documents * 2)
    ]
    files = {}
    for number in range(documents):
        paragraphs = rng.sample(pool, 6)
        changed = paragraphs[0].split()
        changed[3] = "changed"
        closing = f"The council of {TOWNS[number % 7]} votes on the next school budget in spring."
        lines = [*paragraphs, " ".join(changed), closing]
        files[f"{number % 7}/{number}.txt"] = "\n".join(lines)
        if number % 5 == 0:
            halves = (" ".join(paragraphs[:3]), " ".join(paragraphs[3:]))
            files[f"{(number + 3) % 7}/joined-{number}.txt"] = "\n".join(halves)
        if number % 3 == 0:
            story = {"town": TOWNS[number % 7], "year": 1900 + number, "count": 300 + number}
            files[f"{number % 7}/told-{number}.txt"] = f"{TOLD.format(**story)}\n{pool[number]}"
            files[f"{(number + 2) % 7}/again-{number}.txt"] = AGAIN.format(**story)
    return write_files(folder, files)


def feed(folder: Path, documents: int) -> Path:
    """The same as JSON Lines between plain files: own ids, some of them repeated, and bad lines."""
    texts = {
        path.relative_to(folder / "all").as_posix(): path.read_text()
        for path in sorted(corpus(folder / "all", documents).rglob("*.txt"))
    }
    lines = []
    for number, (name, text) in enumerate(texts.items()):
        address = f"https://{name[0]}.example/{number}"
        row: Row = {"text": text, "url": address, "published": f"2019-01-{1 + number % 28:02}"}
        if number % 3:
            row["id"] = name if number % 7 else f"story {number % 2}"
        lines.append(json.dumps(row, ensure_ascii=number % 2 == 0))
        if number % 10 == 0:
            lines.append(["", "{", '{"text": ""}', '{"title": "a"}'][number // 10 % 4])
    half = len(lines) // 2
    first = next(name for name, row in zip(texts, range(len(texts)), strict=True) if row % 3)
    return write_files(
        folder / "feed",
        {
            first: texts[first],
            "feed.jsonl": "\n".join(lines[:half]),
            "more/feed.ndjson": "\r\n".join(lines[half:]),
            "more/a.txt": texts[first],
        },
    )


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return corpus(tmp_path_factory.mktemp("corpus"), 120)


@pytest.fixture(scope="module")
def settings() -> Settings:
    return Settings(output=OutputSettings(shard_bytes=8_000), templates=FOLDERS)


@pytest.fixture(scope="module")
def reference(source: Path, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clean(tmp_path_factory.mktemp("reference") / "out", source, settings=settings)


def test_the_corpus_exercises_what_it_should(reference: Path) -> None:
    assert len(list((reference / "documents").iterdir())) > 3
    verdicts = {row["verdict"] for row in records(reference, "removed")}
    assert {"duplicate", "near-duplicate"} <= verdicts
    repeated = [row for row in records(reference, "removed") if row["reason"] == "template"]
    assert len(repeated) > 100
    assert len({row["evidence"]["site"] for row in repeated}) == len(TOWNS)
    means = {row["means"] for row in records(reference, "sources")}
    assert means == {None, "paragraphs", "shingles"}
    assert verify(reference).problems == []
    restated = [
        (row["id"], flag["kept"]["document"])
        for row in records(reference, "documents")
        for paragraph in row["paragraphs"]
        for flag in paragraph["flags"]
        if flag["verdict"] == "restatement"
    ]
    assert len([one for one, other in restated if one != other]) > 20
    blocks = {
        (row["document"], row["kept"]["document"])
        for row in records(reference, "removed")
        if row["kept"]
    }
    assert any(one != other for one, other in blocks)


def test_two_worker_processes_write_the_same_bytes(
    source: Path, settings: Settings, reference: Path, tmp_path: Path
) -> None:
    output = clean(tmp_path / "out", source, settings=settings, workers=2)
    assert contents(output) == contents(reference)


def test_json_lines_give_the_same_records_wherever_they_are_cut(tmp_path: Path) -> None:
    source = feed(tmp_path, 40)
    outputs = {}
    for shard_bytes, workers in ((8_000, 1), (8_000, 2), (2_000, 1), (1 << 30, 1)):
        cut = Settings(output=OutputSettings(shard_bytes=shard_bytes))
        output = tmp_path / f"out-{shard_bytes}-{workers}"
        outputs[shard_bytes, workers] = clean(output, source, settings=cut, workers=workers)
    reference = outputs[8_000, 1]
    assert contents(outputs[8_000, 2]) == contents(reference)
    for output in outputs.values():
        for name in ("documents", "removed", "rejected", "sources"):
            assert sorted(map(json.dumps, records(output, name))) == sorted(
                map(json.dumps, records(reference, name))
            )
    assert len(list((outputs[2_000, 1] / "sources").iterdir())) > 20
    assert verify(reference, [str(source)]).problems == []

    rows = records(reference, "sources")
    ids = {row["id"] for row in rows}
    assert len(ids) == len(rows) > 50
    for repeated in ("story 0", "story 1"):
        assert repeated not in ids
        assert sum(id.startswith(f"{repeated}~") for id in ids) > 1
    plain = {row["id"] for row in rows if row["record"] is None}
    assert len(plain) == 2
    assert any(id.startswith(f"{name}~") for id in ids for name in plain)
    assert {row["error"] for row in records(reference, "rejected")} == {
        "invalid-json", "empty-record", "no-text",
    }  # fmt: skip
    assert {row["verdict"] for row in records(reference, "removed")} >= {"duplicate"}
    assert {row["site"] for row in rows if row["status"] == "kept"} > {"1.example", "2.example"}


def test_the_order_of_the_arguments_changes_no_byte(tmp_path: Path) -> None:
    files = sorted(ARTICLES.iterdir())
    one = clean(tmp_path / "one", *files)
    other = clean(tmp_path / "other", *reversed(files))
    assert contents(one) == contents(other)


def test_another_shard_size_gives_the_same_records_in_other_parts(
    source: Path, reference: Path, tmp_path: Path
) -> None:
    larger = Settings(output=OutputSettings(shard_bytes=40_000), templates=FOLDERS)
    output = clean(tmp_path / "out", source, settings=larger)
    names = ("documents", "removed", "rejected", "sources")
    for name in names:
        assert sorted(map(json.dumps, records(output, name))) == sorted(
            map(json.dumps, records(reference, name))
        )
    assert contents(output).keys() != contents(reference).keys()


def test_records_stand_in_the_order_of_their_ids(reference: Path) -> None:
    def ids(part: Path) -> list[str]:
        return [row["id"] for row in map(json.loads, part.read_text().splitlines())]

    for part in (reference / "sources").iterdir():
        assert ids(part) == sorted(ids(part))


def test_a_manifest_has_no_clock_host_or_path(tmp_path: Path) -> None:
    output = tmp_path / "out"
    run([str(ARTICLES)], output, Settings())
    manifest: Row = json.loads((output / "manifest.json").read_text())
    assert str(tmp_path) not in json.dumps(manifest)
    assert set(manifest) == {
        "copydesk", "format", "settings", "settings_sha256", "run", "history", "counts", "files",
    }  # fmt: skip
