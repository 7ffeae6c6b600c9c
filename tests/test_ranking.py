"""Ranking: who survives under each setting of keep."""

import pytest

from transforms.ranking import Rank, published_seconds, rank
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
