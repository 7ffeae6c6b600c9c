from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from transforms.restatement_features import (
    FALLING,
    FEATURES,
    RISING,
    Reading,
    longest_common,
    pair_features,
    read_paragraph,
)
from transforms.settings import RestatementSettings
from transforms.terms import document_terms

WORDS = (
    *("the", "Harbour", "Company", "Ltd", "ferry", "carried", "40,000", "passengers", "to"),
    *("Norland", "on", "Monday", "not", "before", "rose", "fell", "he", "they", "left", "entered"),
    *("will", "again", "storm", "storms", "defence", "defended", "“said”", "also"),
)
SENTENCES = st.lists(st.sampled_from(WORDS), min_size=0, max_size=14).map(" ".join)


def readings(*texts: str) -> list[Reading]:
    terms = document_terms(texts, "en", RestatementSettings())
    assert terms is not None
    return [read_paragraph(each, len) for each in terms]


def features(one: str, other: str) -> dict[str, int]:
    return dict(zip(FEATURES, pair_features(*readings(one, other)), strict=True))


@given(SENTENCES, SENTENCES)
def test_which_paragraph_comes_first_does_not_matter(one: str, other: str) -> None:
    first, second = readings(one, other)
    assert pair_features(first, second) == pair_features(second, first)


@given(SENTENCES)
def test_a_paragraph_says_what_it_says(text: str) -> None:
    found = features(text, text)
    assert all(
        found[name] in (1000, -1)
        for name in FEATURES
        if name.endswith((" max", " jaccard"))
        and " only" not in name
        and name not in ("words max", "missing names max")
    )
    assert all(found[name] <= 0 for name in FALLING)


def test_names_are_distinct_and_known() -> None:
    assert len(set(FEATURES)) == len(FEATURES)
    assert not RISING & FALLING


@given(st.text("abc", max_size=8), st.text("abc", max_size=8))
def test_the_longest_common_subsequence_is_the_longest(one: str, other: str) -> None:
    places: dict[str, int] = {}
    for place, letter in enumerate(one):
        places[letter] = places.get(letter, 0) | 1 << place

    def subsequences(text: str) -> set[tuple[str, ...]]:
        return {some for size in range(len(text) + 1) for some in combinations(text, size)}

    longest = max(map(len, subsequences(one) & subsequences(other)))
    assert longest_common(places, len(one), list(other)) == longest


def test_what_only_one_says_is_counted() -> None:
    found = features(
        "The ferry carried 40,000 passengers to Norland on Monday before the storm.",
        "The ferry carried 30,000 passengers to Norland on Tuesday before the storms.",
    )
    assert (found["numbers only min"], found["dates clash"], found["plurals only"]) == (2, 1, 1)
    assert found["names only max"] == 0


def test_another_form_of_a_word_is_half_a_match() -> None:
    found = features("The defence surprised everyone", "It defended and surprised everyone")
    assert found["prefixes shared"] == 1
    assert found["prefixes max"] > found["wording max"]
