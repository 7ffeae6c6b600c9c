"""Folding many texts at once gives what folding each gives."""

import time
from collections.abc import Callable
from itertools import chain
from unittest.mock import patch

import numpy as np
import pyarrow as pa
from hypothesis import example, given
from hypothesis import strategies as st

from transforms import folded
from transforms.folded import fold_texts
from transforms.folding import PARTED, STAND_INS, digest, fold, words
from transforms.shingles import hashed_words

# What folding treats in ways of its own, and what it needs for itself.
NASTY = "'’-−–.,/:05٣½²^<>%$€&@# \n\x85\u00a0\x00\x01\x06\x07aBİıßé\u0300中«“™Ω()~ﬁ\ud800\ue005\U00011f04\U00011f51\U0001fa77"
RESERVED = "".join(STAND_INS.values()) + PARTED
TEXTS = st.lists(st.text(st.sampled_from(NASTY) | st.characters(codec=None), max_size=12))
TOGETHER = st.sampled_from([1, 2, 5, 13, 1 << 15])


@given(TEXTS, TOGETHER)
@example(["1", "2"], 1)
@example(
    ["\u20132", "-2", "a\u22122 \u22122", "\u00a0-3 \u201c\u20134 \u00e9-5", "\u0663.\u0665"],
    1 << 15,
)
@example(["\u0663.\u0665 a  b", "1.5", "\u0663", " '5' "], 5)
@example(["1.", "5", "-5", "", "< a", "b >"], 5)
@example(["<a<b>>", "<a", "b>", "\u0663"], 13)
@example(["x" * 40_000, "", "y z", "x" * 40_000, "z"], 1 << 15)
@example(
    ["x" * 40_000 + "\u00e9" * 40_000, "- ' -", "''", " ", "\u2019 \u2019", "a ' ' b"], 1 << 15
)
@example([bytes(range(0x100)).decode("latin-1"), *map(chr, range(0x100))], 13)
@example([RESERVED, *RESERVED, f"<{RESERVED}>", f"<a{RESERVED}>", f"5{RESERVED}5"], 2)
@example([], 1)
@example(["a\ud800b -5", "\udfff", "c\udc80"], 1 << 15)
@example(["-3.5", "-3, a-3 \u00e9-5 (-4 \u201c-6", "1.:5 1: 5.:", "$-3.5.5 a.-3"], 1 << 15)
def test_many_texts_fold_as_each_does(texts: list[str], together: int) -> None:
    with patch("transforms.folded._TOGETHER", together):
        found = fold_texts(texts)
    each = [words(text) for text in texts]
    stream, lengths = hashed_words(each)
    assert found.lengths.tolist() == lengths.tolist()
    assert np.array_equal(found.stream(), stream)
    assert found.vocabulary.words() == list(dict.fromkeys(chain.from_iterable(each)))
    assert [bytes(made) for made in found.digests()] == [digest(fold(text)) for text in texts]


def test_texts_are_folded_so_many_characters_at_a_time() -> None:
    texts = ["ten letter"] * 9
    with (
        patch("transforms.folded._TOGETHER", 20),
        patch("transforms.folded._joined", wraps=folded._joined) as joined,
    ):
        assert fold_texts(texts).lengths.tolist() == [2] * 9
    assert [len(call.args[0]) for call in joined.call_args_list] == [2, 2, 2, 2, 1]
    with (
        patch("transforms.folded._TOGETHER", 20),
        patch("transforms.folded._joined", wraps=folded._joined) as joined,
    ):
        assert fold_texts(["a", "b" * 30, "c"]).lengths.tolist() == [1, 1, 1]
    assert [len(call.args[0]) for call in joined.call_args_list] == [2, 1]
    with patch("transforms.folded._joined") as joined:
        assert fold_texts([]).lengths.tolist() == []
    joined.assert_not_called()


def test_the_vocabulary_has_each_word_once() -> None:
    found = fold_texts(["Rain, rain", "go away, RAIN", "…"])
    assert found.vocabulary.words() == ["rain", "go", "away"]
    assert found.numbers.tolist() == [0, 0, 1, 2, 0]
    assert found.lengths.tolist() == [2, 3, 0]


def colliding(most: int) -> list[str]:
    """Words of 15 letters and digits for which Arrow has the same hash, with a space before each.

    It multiplies the first 8 and the last 8 bytes; the lowest bits of a product depend on the
    lowest of its factor only, so bytes are found one pair after the other.
    """
    factors = np.array([14029467366897019727, 11400714785074694791], np.uint64)
    aim = np.bitwise_xor.reduce(factors * np.frombuffer(b" aaaaaaaaaaaaaaa", "<u8"))
    letters = np.frombuffer(b"abcdefghijklmnopqrstuvwxyz0123456789", np.uint8).astype(np.uint64)
    space = np.array([ord(" ")], np.uint64)
    found = np.zeros((1, 2), np.uint64)
    for shift in range(0, 64, 8):
        firsts = found[:, :1] | (letters if shift else space) << np.uint64(shift)
        lasts = found[:, 1:] | letters << np.uint64(shift)
        apart = (factors[0] * firsts[:, :, None]) ^ (factors[1] * lasts[:, None, :]) ^ aim
        row, one, other = np.nonzero(apart << np.uint64(56 - shift) == 0)
        found = np.stack((firsts[row, one], lasts[row, other]), axis=1)[:most]
    return [word.tobytes()[1:].decode() for word in found.astype("<u8")]


def seconds(run: Callable[[], object]) -> float:
    begin = time.process_time()
    run()
    return time.process_time() - begin


def test_words_made_to_collide_in_arrows_hash_take_no_longer() -> None:
    words = colliding(5_000)
    assert len(set(words)) == 5_000
    arrow = pa.array([f" {word}".encode() for word in words])
    plainly = min(seconds(arrow.dictionary_encode) for _ in range(3))
    text = " ".join(words)
    assert fold_texts([text]).lengths.tolist() == [len(words)]
    assert min(seconds(lambda: fold_texts([text])) for _ in range(3)) < plainly / 4
