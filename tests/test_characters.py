from __future__ import annotations

import numpy as np
import pytest

from transforms.characters import read_characters
from transforms.forms import Form


def words(text: str) -> list[int]:
    return [int(word) for word in read_characters([text], np.zeros(1, np.int64)).words]


def test_a_word_hashes_alike_wherever_it_stands() -> None:
    first, _, third = words("fog and Fog")
    assert first == third
    assert words("A dense fog")[2] == first


def test_other_words_hash_otherwise() -> None:
    assert len(set(words("one two three eno owt noe"))) == 6


def test_all_figures_of_a_length_hash_alike() -> None:
    assert words("2015") == words("1999") != words("99")


@pytest.mark.parametrize(
    ("text", "count"),
    [("It's 5 o'clock", 5), ("今天天气", 4), ("", 0), ("—", 0), ("naïve café", 2)],
)
def test_words(text: str, count: int) -> None:
    assert len(words(text)) == count


def test_characters_are_counted_line_by_line() -> None:
    counts = read_characters(["Ab 12.", "", "今, “x”"], np.zeros(3, np.int64)).counts
    assert counts[:, Form.DIGIT].tolist() == [2, 0, 0]
    assert counts[:, Form.UPPER].tolist() == [1, 0, 0]
    assert counts[:, Form.UNSPACED].tolist() == [0, 0, 1]
    assert counts[:, Form.QUOTE].tolist() == [0, 0, 2]
    assert counts[:, Form.COMMA].tolist() == [0, 0, 1]


def test_sentences_end_before_a_space_or_at_the_end_quotes_aside() -> None:
    lines = ["He left. “Why?” she asked.", "version 3.11", "今天。明天。"]
    assert read_characters(lines, np.zeros(3, np.int64)).sentence_ends.tolist() == [3, 0, 1]
