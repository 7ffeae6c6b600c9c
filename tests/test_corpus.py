"""Made corpora: always the same, and what is said to be repeated is."""

import json
import random
from collections import Counter
from itertools import islice
from pathlib import Path

from benchmarks.scale_corpus import Halves, Writer, name_of, number_of, write_scale
from benchmarks.scale_recall import found_twins
from benchmarks.speed_corpus import SETTINGS_OF
from deploy.corpus import Made, Twin, documents, write_corpus
from pipeline.settings import load_settings
from tests.running import clean

NOUNS = [first + last for first in ("bar", "cor", "mil", "ten") for last in ("ley", "ner", "ton")]
VERBS = ["saw", "made", "took", "held", "found", "lost"]
HALVES = Halves(
    opening=[f"The {a} {b} of the {c}" for a in NOUNS for b in NOUNS for c in NOUNS],
    ending=[
        f"{verb} the {a} near a {b} {c}."
        for verb in VERBS
        for a in NOUNS
        for b in NOUNS
        for c in NOUNS
    ],
    names=["Miller", "Karlsson", "Okafor"],
    words=["bridges", "gardens", "kitchen", "lantern", "orchard"],
)


def make(count: int) -> list[Made]:
    rng = random.Random(5)
    words = [f"word{n}" for n in range(5_000)]

    def fresh() -> str:
        return " ".join(rng.choice(words) for _ in range(20))

    return list(islice(documents(rng, fresh, ["gardens", "kitchen"]), count))


def test_the_same_seed_makes_the_same_documents() -> None:
    assert make(300) == make(300)


def test_what_repeats_is_known_and_nothing_else_repeats() -> None:
    made = make(1_000)
    texts = {each.number: each.paragraphs for each in made}
    twins = [twin for each in made for twin in each.twins]
    assert {twin.tier for twin in twins} == {"copy", "near-copy", "document"}
    for twin in twins:
        assert twin.of_document < twin.document or twin.of_paragraph < twin.paragraph
        if twin.tier == "document":
            assert texts[twin.document] == texts[twin.of_document]
            continue
        mine = texts[twin.document][twin.paragraph].split(" ")
        theirs = texts[twin.of_document][twin.of_paragraph].split(" ")
        changed = sum(one != other for one, other in zip(mine, theirs, strict=True))
        assert changed == (twin.tier == "near-copy")
    places = Counter(
        place
        for twin in twins
        for place in ((twin.document, twin.paragraph), (twin.of_document, twin.of_paragraph))
    )
    assert set(places.values()) == {1}
    copied = Counter(text for each in made for text in each.paragraphs)
    whole = sum(len(texts[twin.document]) for twin in twins if twin.tier == "document")
    copies = sum(twin.tier == "copy" for twin in twins)
    assert sum(n - 1 for n in copied.values()) == whole + copies


def test_a_made_paragraph_has_other_numbers_and_enough_words() -> None:
    texts = [Writer(random.Random(seed), HALVES).paragraph() for seed in range(50)]
    assert len(set(texts)) > 45
    assert all(len(text.split()) >= 20 for text in texts)


def test_a_written_corpus_is_the_same_and_says_what_it_repeats(tmp_path: Path) -> None:
    first, second = (
        write_scale(HALVES, tmp_path / name, tmp_path / f"{name}.truth", 500) for name in "ab"
    )
    (one,), (other,) = (list(each.folder.iterdir()) for each in (first, second))
    assert one.read_bytes() == other.read_bytes()
    assert first.truth.read_bytes() == second.truth.read_bytes()
    rows = [json.loads(line) for line in one.read_text().splitlines()]
    assert [number_of(row["id"]) for row in rows] == list(range(first.documents))
    assert name_of(7) == rows[7]["id"]
    assert first.paragraphs == sum(row["text"].count("\n") + 1 for row in rows) >= 500
    assert first.bytes == one.stat().st_size
    twins = [Twin(*json.loads(line)) for line in first.truth.read_text().splitlines()]
    assert {twin.tier for twin in twins} >= {"copy", "near-copy"}


def test_plain_text_is_written_up_to_a_size(tmp_path: Path) -> None:
    count = write_corpus(tmp_path, 50_000)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == count
    assert 50_000 <= sum(path.stat().st_size for path in files) < 70_000


def test_what_a_run_finds_is_counted(tmp_path: Path) -> None:
    corpus = write_scale(HALVES, tmp_path / "in", tmp_path / "truth", 400)
    (tmp_path / "settings.toml").write_text(SETTINGS_OF["near-duplicates"])
    settings = load_settings(tmp_path / "settings.toml", {})
    found = found_twins(clean(tmp_path / "out", corpus.folder, settings=settings), corpus.truth)
    twins = Counter(json.loads(line)[0] for line in corpus.truth.read_text().splitlines())
    assert {tier: every for tier, (_, every) in found.tiers.items()} == {
        tier: twins[tier] for tier in found.tiers
    }
    for tier, (gone, every) in found.tiers.items():
        assert gone == every, tier
    assert found.others == 0
