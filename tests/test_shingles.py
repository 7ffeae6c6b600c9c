"""Shingle sets: the batch against the definition."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from transforms.shingles import Sets, intersections, shingle_sets, word_sets

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
    for at, one in enumerate(expected):
        row = sets.hashes[sets.offsets[at] : sets.offsets[at + 1]]
        assert (np.diff(row.astype(object)) > 0).all()
        for other_at, other in enumerate(expected):
            shared = intersections(sets.take(np.array([at])), sets.take(np.array([other_at])))
            assert shared.tolist() == [len(one & other)]


def test_order_matters_inside_a_shingle_and_not_between_shingles() -> None:
    sets = shingle_sets([["a", "b"], ["b", "a"], ["a", "b", "a", "b"]], 2)
    assert sets.hashes[0] != sets.hashes[1]
    assert sets.sizes().tolist() == [1, 1, 2]
    assert intersections(sets.take(np.array([0])), sets.take(np.array([2]))).tolist() == [1]


def test_the_set_of_a_paragraph_does_not_depend_on_its_batch() -> None:
    alone = shingle_sets([["x", "y", "z"]], 2)
    together = shingle_sets([["q"], ["x", "y", "z"], []], 2)
    assert np.array_equal(together.take(np.array([1])).hashes, alone.hashes)


def test_word_sets_are_shingles_of_one_word() -> None:
    sets = word_sets([frozenset("ab"), frozenset(), frozenset("bc")])
    assert sets.sizes().tolist() == [2, 0, 2]


def test_taking_rows_keeps_their_order() -> None:
    sets = Sets(np.array([1, 5, 9], np.uint64), np.array([0, 2, 3]))
    assert sets.take(np.array([1, 0, 1])).hashes.tolist() == [9, 1, 5, 9]
