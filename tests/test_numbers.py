"""Numbers: one spelling for each value, and what it counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.numbers import amounts, canonical
from transforms.tokens import tokens_of


def numbers(text: str) -> list[str]:
    return [amount.number for amount in amounts(tokens_of(text))]


def units(text: str) -> list[tuple[str, ...]]:
    return [amount.units for amount in amounts(tokens_of(text))]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1,500 people", "1500 people"),
        ("1.50 points", "1.5 points"),
        ("two million people", "2,000,000 people"),
        ("$1.5 million", "$1,500,000"),
        ("£4.3bn", "£4.3 billion"),
        ("twenty-one ships", "21 ships"),
        ("two hundred and fifty thousand people", "250,000 people"),
        ("some 930 ships", "exactly 930 ships"),
        ("September 30th", "September 30"),
        ("the 30th of September", "30 Sept."),
        ("hundreds of ships", "several hundred ships"),
        ("half a loaf", "0.5 loaves"),
    ],
)
def test_one_value_has_one_spelling(one: str, other: str) -> None:
    assert numbers(one) == numbers(other) != []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.5 points", "15 points"),
        ("1.5 million", "1.5 billion"),
        ("the second ship", "two ships"),
        ("-3 degrees", "3 degrees"),
        ("3-2", "2-3"),
        ("nineteen eighty-four", "one hundred and three"),
        ("two, three", "five"),
    ],
)
def test_different_values_stay_apart(one: str, other: str) -> None:
    assert numbers(one) != numbers(other)


@pytest.mark.parametrize("text", ["one of them", "no one came", "this one", "the one they chose"])
def test_one_is_no_number_where_it_stands_for_a_thing(text: str) -> None:
    assert numbers(text) == []
    assert numbers("one soldier") == ["1"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20 killed and 30 wounded", [("killed",), ("wounded",)]),
        ("two suspected militants", [("suspected", "militants")]),
        ("5 pct", [("%",)]),
        ("5 per cent", [("%",)]),
        ("5%", [("%",)]),
        ("$10", [("$",)]),
        ("On June 4 it rained", [("june",)]),
        ("7 pm", [("pm",)]),
        ("in 2014, ships", [()]),
    ],
)
def test_a_number_knows_what_it_counts(text: str, expected: list[tuple[str, ...]]) -> None:
    assert units(text) == expected


@given(st.integers(min_value=0, max_value=10**12))
def test_grouping_never_changes_a_number(value: int) -> None:
    assert canonical(f"{value:,}") == canonical(str(value)) == str(value)


@pytest.mark.parametrize("figure", ["9" * 6000, "9" * 6000 + " million", "1,2,3,4 million"])
def test_figures_that_are_no_amounts_do_no_harm(figure: str) -> None:
    assert len(numbers(figure)) == 1


def test_numerals_without_end_are_no_number_beyond_all_bounds() -> None:
    found = numbers("hundred " * 20_000)
    assert len(found) > 1
    assert max(map(len, found)) < 30
