from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from transforms.characters import MOST_DOCUMENTS, read_characters
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


ODD = "aZ9é今สΩ.?!:,;“”\"')(*_-–$©\t \u0301\ud800\U0001f600"


@given(st.lists(st.text(ODD, max_size=30), min_size=1, max_size=8))
@example(["?“"])
def test_lines_are_read_as_character_by_character(lines: list[str]) -> None:
    found = read_characters(lines, np.zeros(len(lines), np.int64))
    pieces = [line.replace("\t", " ").split() for line in lines]
    assert found.pieces.tolist() == [len(own) for own in pieces]
    assert found.counts.sum(axis=1).tolist() == [len(line) + 1 for line in lines]
    closing = "\"'“”)*_"  # “ closes in German
    ended = [line.rstrip(f"{closing} ")[-1:] in tuple(".?!") for line in lines]
    assert found.ended.tolist() == ended
    assert found.sentence_ends.tolist() == [
        sum(piece.rstrip(closing)[-1:] in tuple(".?!") for piece in own) for own in pieces
    ]
    words = [re.findall("[今ส]|[aZ9éΩ\u0301]+", line) for line in lines]
    assert found.line_of.tolist() == [n for n, own in enumerate(words) for _ in own]
    assert found.letters.tolist() == [
        0 if word in "今ส" else len(word) for own in words for word in own
    ]


def test_a_word_has_another_key_in_another_document() -> None:
    keys = read_characters(["fog fog", "fog"], np.array([0, 1])).keys.tolist()
    assert keys[0] == keys[1] != keys[2]


def test_more_documents_than_keys_can_tell_apart_are_refused() -> None:
    with pytest.raises(ValueError, match="more than"):
        read_characters(["fog"], np.array([MOST_DOCUMENTS]))
