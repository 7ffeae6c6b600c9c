"""Repeated ids: none is missed, whatever the ids are."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from pipeline.repeated_ids import NO_IDS, RepeatedIds

IDS = st.lists(st.one_of(st.sampled_from("abc"), st.text(st.characters(exclude_categories=["Cs"]))))


@given(IDS)
def test_an_id_is_repeated_if_it_is_there_twice(ids: list[str]) -> None:
    repeated = RepeatedIds.among(ids)
    for id, count in Counter(ids).items():
        assert (id in repeated) == (count > 1)


def test_nothing_is_repeated_where_there_is_nothing() -> None:
    assert "a" not in NO_IDS
