"""Matching: pairs are compared exactly, against a bar that rises with length."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.corpora import block, document
from transforms.candidates import PAIR
from transforms.fingerprints import fingerprint
from transforms.matching import jaccard_bar, verify
from transforms.settings import DecideSettings, NearDuplicateSettings, Settings, VetoSettings
from transforms.single import match_block

SETTINGS = NearDuplicateSettings()


def edges(*lines: str) -> NDArray[np.void]:
    """Every edge among paragraphs of one document, each proposed with each."""
    prints = fingerprint(block(document("d", lines)), DecideSettings())
    keys = prints.shingled.tolist()
    pairs = np.array([(a, b) for a in keys for b in keys if a < b], dtype=PAIR)
    return verify(pairs, lambda _: prints, SETTINGS, VetoSettings())


def jaccard(one: str, other: str, size: int) -> float:
    def shingles(text: str) -> set[tuple[str, ...]]:
        words = text.split()
        return {tuple(words[n : n + size]) for n in range(len(words) - size + 1)}

    a, b = shingles(one), shingles(other)
    return round(len(a & b) / len(a | b), 4)


VOCABULARY = [f"word{chr(97 + n)}{chr(97 + m)}" for n in range(8) for m in range(8)]


@given(st.integers(0, 10_000), st.integers(20, 80), st.integers(0, 6))
def test_an_edge_carries_the_exact_jaccard(seed: int, length: int, changes: int) -> None:
    rng = random.Random(seed)
    one = rng.choices(VOCABULARY, k=length)
    other = list(one)
    for at in rng.sample(range(length), changes):
        other[at] = "changed"
    first, second = " ".join(one), " ".join([*other, "end"])
    exact = jaccard(first, second, SETTINGS.shingle)
    found = edges(first, second)
    if exact >= jaccard_bar(length, SETTINGS):
        assert found["jaccard"].tolist() == [exact]
        assert found["left_containment"][0] >= exact
    else:
        assert len(found) == 0


def test_a_sentence_is_no_copy_of_itself_repeated() -> None:
    assert len(edges(BASE, " ".join([BASE] * 3))) == 0


def test_the_bar_rises_with_length() -> None:
    bars = [jaccard_bar(words, SETTINGS) for words in (8, 24, 60, 100, 500)]
    assert bars[0] == bars[1] == SETTINGS.short_jaccard
    assert bars == sorted(bars)
    assert bars[3] == bars[4] == SETTINGS.long_jaccard


BASE = (
    "The council met in the town hall to discuss the plan for a new bridge over the river"
    " near the old mill"
)


def test_one_changed_word_in_twenty_is_found() -> None:
    found = edges(BASE, BASE.replace("plan", "scheme"))
    assert found[["left_may_go", "right_may_go"]].tolist() == [(True, True)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("20 people met", "30 people met"),
        ("prices rose today", "prices fell today"),
        ("they will vote", "they will not vote"),
        ("talks with Ankara went on", "talks with Berlin went on"),
    ],
)
def test_what_a_veto_forbids_is_no_edge(one: str, other: str) -> None:
    assert len(edges(f"{BASE} and {one}", f"{BASE} and {other}")) == 0


def test_exact_copies_are_no_near_duplicates_of_each_other() -> None:
    assert len(edges(BASE, f"{BASE},".upper())) == 0


def test_what_only_one_side_has_to_lose_may_go_in_the_other_direction() -> None:
    (edge,) = edges(BASE, f"{BASE} in 2015")
    assert edge["left_may_go"]
    assert not edge["right_may_go"]


def test_lsh_finds_one_changed_word_in_twenty_and_no_unrelated_pair() -> None:
    rng = random.Random(3)
    vocabulary = [f"{a}{b}{c}" for a in "bdfgk" for b in "aeiou" for c in "lmnrt"]
    lines = []
    for _ in range(400):
        words = rng.choices(vocabulary, k=20)
        lines.append(" ".join(words))
        words[rng.randrange(1, 19)] = "another"
        lines.append(" ".join(words))
    prints = fingerprint(block(document("d", lines)), DecideSettings())
    _, found = match_block(prints, Settings())
    pairs = {(edge["left"] // 2, edge["right"] // 2) for edge in found}
    assert all(one == other for one, other in pairs)
    assert len(pairs) >= 0.95 * 400


def lines_like_each_other(count: int) -> list[str]:
    """Lines with one word of twenty another one in each."""
    letters = "bcdfghjklm"
    words = [f"{one}a{other}en" for one in letters[:2] for other in letters]
    own = [f"{one}o{other}il" for one in letters for other in letters]
    return [" ".join([*words[:10], own[number], *words[11:]]) for number in range(count)]


def test_in_one_document_few_of_many_alike_are_compared_and_all_but_one_may_go() -> None:
    lines = lines_like_each_other(60)
    found = edges(*lines)
    assert len(found) <= 4 * len(lines)
    firsts = found[found["left"] < 2]
    assert set(firsts["right"].tolist()) == set(range(1, 60))


def test_of_two_documents_every_pair_is_compared() -> None:
    lines = lines_like_each_other(20)
    found = match_block(
        fingerprint(
            block(*[document(f"d{at}", [line]) for at, line in enumerate(lines)]), DecideSettings()
        ),
        Settings(),
    )[1]
    assert len(found) == 20 * 19 // 2
