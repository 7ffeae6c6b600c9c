"""Opposites: words of the two poles of one axis."""

import pytest

from transforms.opposites import poles_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("rose", "fell"),
        ("increasing", "decline"),
        ("above", "below"),
        ("before", "after"),
        ("won", "lost"),
        ("bought", "sells"),
        ("first", "last"),
        ("possible", "impossible"),
        ("raised", "cut"),
    ],
)
def test_opposites_stand_on_two_sides_of_one_axis(one: str, other: str) -> None:
    sides = {
        (left.axis, left.side, right.side)
        for left in poles_of(one)
        for right in poles_of(other)
        if left.axis == right.axis
    }
    assert sides
    assert all(left != right for _, left, right in sides)


def test_words_of_one_pole_agree_and_most_words_have_none() -> None:
    assert set(poles_of("rose")) & set(poles_of("increased"))
    assert poles_of("harbour") == ()
