"""The facts of lines, in scripts with and without case and spaces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.lines import read_lines


@pytest.mark.parametrize(
    "text",
    [
        "It rained.",
        "“It rained.”",
        "It rained!)",
        "下雨了。",
        "هل هطل المطر؟",
        "बारिश हुई।",
        "It rained…",
    ],
)
def test_a_sentence_ends_with_the_end_mark_of_any_script(text: str) -> None:
    assert read_lines([text, ""]).ended.tolist() == [True, False]


@pytest.mark.parametrize("text", ["Rain in the North", "3.5", "”", "", "Rain, wind,"])
def test_what_has_no_end_mark_at_its_end_is_no_sentence(text: str) -> None:
    assert read_lines(["Rain.", text]).ended.tolist() == [True, False]


def test_two_characters_without_spaces_count_as_a_word() -> None:
    assert read_lines(["今天天气很好", "two words", "iPhone 手机"]).words.tolist() == [4, 2, 3]


def test_white_space_is_collapsed_and_the_bullet_taken_off() -> None:
    lines = read_lines(["•  Bread \t and butter", "- 3 degrees", "-3 degrees", "•"])
    assert lines.texts == ("Bread and butter", "3 degrees", "-3 degrees", "•")
    assert lines.bulleted.tolist() == [True, True, False, False]


def test_capitals_are_a_share_of_the_words_and_unknown_without_case() -> None:
    lines = read_lines(["“Fog Closes the Airport”", "fog", "今天天气很好", "12 345"])
    assert lines.capitals.tolist() == [75, 0, -1, 100]


def test_shared_words_are_those_that_other_prose_uses() -> None:
    prose = (
        "The harbour wall was finished in spring and the ferries came back to the old town"
        " after eleven long years."
    )
    lines = read_lines(
        ["Ferries Return to Harbour", "Weather", "am", prose, prose + " Nobody cheered."]
    )
    assert lines.shared.tolist()[:3] == [66, 0, -1]  # "return" is not in the prose
    assert lines.shared.tolist()[3] == 100


def test_copies_are_counted_without_case() -> None:
    assert read_lines(["Home", "HOME", "Sport"]).copies.tolist() == [2, 2, 1]


@given(
    st.lists(
        st.lists(st.sampled_from(["stormy", "harbour", "ferry", "of"]), min_size=13, max_size=20),
        min_size=1,
        max_size=6,
    ),
    st.lists(st.booleans(), min_size=6, max_size=6),
)
def test_a_word_is_shared_if_another_line_of_prose_has_it(
    lines: list[list[str]], ends: list[bool]
) -> None:
    texts = [" ".join(line) + "." * end for line, end in zip(lines, ends, strict=False)]
    prose = [len(line) >= 15 and end for line, end in zip(lines, ends, strict=False)]
    expected = []
    for index, line in enumerate(lines):
        long = [word for word in line if len(word) > 3]
        others = {word for n, own in enumerate(lines) if prose[n] and n != index for word in own}
        shared = sum(word in others for word in long)
        expected.append(100 * shared // len(long) if long else -1)
    assert read_lines(texts).shared.tolist() == expected
