"""Folding many texts at once gives what folding each gives."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from transforms.folded import fold_texts
from transforms.folding import digest, fold, words
from transforms.shingles import hashed_words

# What folding treats in ways of its own, and what it needs for itself.
NASTY = "'’-−–.,/:05٣½²^<>%$€&@# \n\x85\u00a0\x00\x01\x06\x07aBİıßé\u0300中«“™Ω()~ﬁ\ud800\ue005"
TEXTS = st.lists(st.text(st.sampled_from(NASTY) | st.characters(codec=None), max_size=12))


@given(TEXTS)
@example(["1", "2"])
@example(["\u20132", "-2", "a\u22122 \u22122", "\u00a0-3 \u201c\u20134 \u00e9-5", "\u0663.\u0665"])
@example(["1.", "5", "-5", "", "< a", "b >"])
@example(["x" * 40_000, "", "y z", "x" * 40_000, "z"])
def test_many_texts_fold_as_each_does(texts: list[str]) -> None:
    folded = fold_texts(texts)
    each = [words(text) for text in texts]
    stream, lengths = hashed_words(each)
    assert folded.lengths.tolist() == lengths.tolist()
    assert np.array_equal(folded.stream(), stream)
    assert [bytes(found) for found in folded.digests()] == [digest(fold(text)) for text in texts]


def test_the_vocabulary_has_each_word_once() -> None:
    folded = fold_texts(["Rain, rain", "go away, RAIN", "…"])
    assert folded.vocabulary.words() == ["rain", "go", "away"]
    assert folded.numbers.tolist() == [0, 0, 1, 2, 0]
    assert folded.lengths.tolist() == [2, 3, 0]
