"""Ranking: who survives under each setting of keep."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.ranking import COARSE_BITS, Rank, coarse_rank, published_seconds, rank
from transforms.settings import Keep

# source, characters, published
DOCUMENTS: dict[str, tuple[str, int, str | None]] = {
    "old": ("b/old", 10, "2001-05-01"),
    "new": ("a/new", 20, "2019-02-16T12:00:00+01:00"),
    "undated": ("c/undated", 30, None),
    "twin": ("c/twin", 30, None),
}


@pytest.mark.parametrize(
    ("keep", "order"),
    [
        ("earliest", ["old", "new", "twin", "undated"]),
        ("longest", ["twin", "undated", "new", "old"]),
        ("newest", ["new", "old", "twin", "undated"]),
        ("source", ["twin", "undated", "new", "old"]),
    ],
)
def test_the_order_of_documents(keep: Keep, order: list[str]) -> None:
    def place(id: str) -> Rank:
        source, characters, published = DOCUMENTS[id]
        return rank(
            keep,
            ["c/", "a/"],
            id=id,
            source=source,
            characters=characters,
            published=published_seconds(published),
        )

    assert sorted(DOCUMENTS, key=place) == order


def test_zones_are_taken_into_account_and_nothing_is_guessed() -> None:
    assert published_seconds("1970-01-01T01:00:00+01:00") == 0
    assert published_seconds("1969-12-31T23:59:59") == -1
    assert published_seconds("16 February 2019") is None
    assert published_seconds("") is None


RANKS = st.builds(
    rank,
    st.shared(st.sampled_from(get_args(Keep)), key="keep"),
    st.just(["a/", "b/"]),
    id=st.sampled_from("xyz"),
    source=st.sampled_from(["a/1", "b/1", "c/1"]),
    characters=st.integers(0, 10**9),
    published=st.none() | st.integers(-(10**11), 10**11),
)


@given(RANKS, RANKS)
def test_a_coarse_rank_never_turns_two_documents_round(one: Rank, other: Rank) -> None:
    better, worse = sorted((one, other))
    assert 0 <= coarse_rank(better) <= coarse_rank(worse) < 1 << COARSE_BITS


def test_a_coarse_rank_tells_lengths_and_dates_apart() -> None:
    def coarse(characters: int, published: str | None) -> int:
        return coarse_rank(
            rank(
                "earliest",
                (),
                id="a",
                source="a",
                characters=characters,
                published=published_seconds(published),
            )
        )

    assert coarse(1_100, None) < coarse(1_000, None)
    assert coarse(10, "2018-03-01") < coarse(10, "2018-04-01") < coarse(10, None)
