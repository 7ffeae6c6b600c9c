"""Shingle sets: the batch against the definition."""

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.shingles import (
    GOLDEN,
    Sets,
    end_marks,
    hashed_words,
    intersections,
    shingle_hash32,
    shingle_sets,
    stream_runs,
    stream_sets,
    word_hash,
)

WORDS = st.lists(st.sampled_from(["a", "b", "c", "d", "e"]), max_size=8)


def shingles_of(words: list[str], size: int) -> set[tuple[str, ...]]:
    if not words:
        return set()
    return {tuple(words[at : at + size]) for at in range(max(1, len(words) - size + 1))}


@given(st.lists(WORDS, max_size=6), st.integers(1, 4))
def test_a_batch_has_the_sets_of_its_paragraphs(paragraphs: list[list[str]], size: int) -> None:
    sets = shingle_sets(paragraphs, size)
    expected = [shingles_of(words, size) for words in paragraphs]
    assert sets.sizes().tolist() == [len(each) for each in expected]
    for at in range(len(expected)):
        row = sets.hashes[sets.offsets[at] : sets.offsets[at + 1]]
        assert (np.diff(row.astype(object)) > 0).all()


def test_order_matters_inside_a_shingle_and_not_between_shingles() -> None:
    sets = shingle_sets([["a", "b"], ["b", "a"], ["a", "b", "a", "b"]], 2)
    assert sets.hashes[0] != sets.hashes[1]
    assert sets.sizes().tolist() == [1, 1, 2]
    assert intersections(sets, sets, np.array([0]), np.array([2])).tolist() == [1]


@given(st.lists(WORDS, min_size=1, max_size=6), st.lists(WORDS, min_size=1, max_size=6), st.data())
def test_pairs_share_what_both_have(
    ones: list[list[str]], others: list[list[str]], data: st.DataObject
) -> None:
    pairs = data.draw(
        st.lists(st.tuples(st.integers(0, len(ones) - 1), st.integers(0, len(others) - 1)))
    )
    at = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    shared = intersections(shingle_sets(ones, 2), shingle_sets(others, 2), at[:, 0], at[:, 1])
    assert shared.tolist() == [
        len(shingles_of(ones[one], 2) & shingles_of(others[other], 2)) for one, other in pairs
    ]


def test_more_pairs_than_fit_one_chunk_are_counted_alike() -> None:
    sets = shingle_sets([[f"w{at % 7}", "x", "y"] for at in range(70)], 1)
    left, right = (each.ravel() for each in np.indices((70, 70)))
    left, right = np.tile(left, 20), np.tile(right, 20)
    expected = np.where(left % 7 == right % 7, 3, 2)
    assert np.array_equal(intersections(sets, sets, left, right), expected)


@pytest.mark.parametrize(
    ("chunk", "pairs_at_a_time"), [(40, [10] * 5), (39, [9] * 5 + [5]), (1, [1] * 50)]
)
def test_as_many_pairs_are_compared_at_a_time_as_fit_a_chunk(
    chunk: int, pairs_at_a_time: list[int]
) -> None:
    sets = shingle_sets([["a", "b"]], 1)  # four hashes a pair
    pairs = np.zeros(50, np.int64)
    with (
        patch("transforms.shingles._CHUNK", chunk),
        patch.object(Sets, "take", autospec=True, side_effect=Sets.take) as take,
    ):
        assert intersections(sets, sets, pairs, pairs).tolist() == [2] * 50
    # The first two calls leave out the sets that are in no pair.
    taken = [len(call.args[1]) for call in take.call_args_list[2:]]
    assert taken == [count for count in pairs_at_a_time for _ in range(2)]


def test_hashes_are_those_that_histories_hold() -> None:
    # The first output of splitmix64 from the state 0 (Vigna's reference).
    mixed = stream_sets(np.array([GOLDEN], np.uint64), np.array([1]), 1).hashes
    assert mixed.tolist() == [0xE220A8397B1DCDAF]
    assert word_hash("bridge") == 0x26C4BC17A58C0FEE
    assert shingle_hash32(b"new bridge") == 0xFD14D71B


def test_sets_of_one_and_the_same_hash_share_it_in_every_pair() -> None:
    sets = shingle_sets([["a"], ["a"]], 1)
    ones = np.array([0, 0, 1])
    assert intersections(sets, sets, ones, np.array([0, 1, 1])).tolist() == [1, 1, 1]


def test_joined_sets_stand_one_after_the_other() -> None:
    words = [["a", "b"], [], ["c"], ["a"]]
    one, other = shingle_sets(words[:2], 1), shingle_sets(words[2:], 1)
    joined = Sets.joined([one, other])
    whole = shingle_sets(words, 1)
    assert joined.offsets.tolist() == whole.offsets.tolist()
    assert joined.hashes.tolist() == whole.hashes.tolist()
    assert [joined.hashes.dtype.name, joined.offsets.dtype.name] == ["uint64", "int64"]
    nothing = Sets.joined([])
    assert [len(nothing), nothing.hashes.dtype.name] == [0, "uint64"]


def test_the_set_of_a_paragraph_does_not_depend_on_its_batch() -> None:
    alone = shingle_sets([["x", "y", "z"]], 2)
    together = shingle_sets([["q"], ["x", "y", "z"], []], 2)
    assert np.array_equal(together.take(np.array([1])).hashes, alone.hashes)


def test_a_shingle_of_one_word_is_the_word() -> None:
    sets = shingle_sets([["a", "b"], [], ["b", "c"]], 1)
    assert sets.sizes().tolist() == [2, 0, 2]


def test_taking_rows_keeps_their_order() -> None:
    sets = Sets(np.array([1, 5, 9], np.uint64), np.array([0, 2, 3]))
    assert sets.take(np.array([1, 0, 1])).hashes.tolist() == [9, 1, 5, 9]


@given(st.lists(WORDS, max_size=6), st.integers(1, 4))
def test_runs_have_the_shingles_of_the_sets_in_reading_order(
    paragraphs: list[list[str]], size: int
) -> None:
    runs = stream_runs(*hashed_words(paragraphs), size)
    sets = shingle_sets(paragraphs, size)
    assert runs.sizes().tolist() == [
        max(len(words) - size + 1, 1) if words else 0 for words in paragraphs
    ]
    for at in range(len(paragraphs)):
        one = np.array([at])
        assert np.array_equal(np.unique(runs.take(one).hashes), sets.take(one).hashes)


@given(st.lists(WORDS.filter(bool), min_size=1, max_size=6), st.integers(1, 4))
def test_marks_are_equal_where_the_words_at_an_end_are(lines: list[list[str]], most: int) -> None:
    opening, ending = end_marks(*hashed_words(lines), most)
    for one in range(len(lines)):
        for other in range(len(lines)):
            left, right = lines[one], lines[other]
            assert (opening[one] == opening[other]) == (left[:most] == right[:most])
            assert (ending[one] == ending[other]) == (left[-most:] == right[-most:])
            assert opening[one] != ending[other]
