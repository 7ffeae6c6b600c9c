from __future__ import annotations

import pytest

from transforms.hints import Hints, hints_of, pronouns_clash, turns_direction
from transforms.stems import stem


def hints(text: str) -> Hints:
    folded = frozenset(text.lower().split())
    return hints_of(folded, frozenset(map(stem, folded)))


@pytest.mark.parametrize(
    ("one", "other", "turned"),
    [
        ("She left the clinic", "She entered the clinic", True),
        ("She left one clinic and entered another", "She entered the clinic", True),
        ("She entered the clinic", "She was admitted to the clinic", False),
        ("She left the clinic", "The clinic is large", False),
    ],
)
def test_going_in_is_not_coming_out(one: str, other: str, turned: bool) -> None:
    assert turns_direction(hints(one), hints(other)) is turned
    assert turns_direction(hints(other), hints(one)) is turned


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        ("A climber fell to his death", "Two climbers fell to their deaths", True),
        ("He and his sister fell", "She and her brother fell but he lived", False),
        ("A climber fell to his death", "A climber fell", False),
    ],
)
def test_pronouns_clash_where_both_have_some_and_share_none(
    one: str, other: str, clash: bool
) -> None:
    assert pronouns_clash(hints(one), hints(other)) is clash


def test_what_will_be_is_told_from_what_was() -> None:
    assert hints("The firm may sell its mill").modals != hints("The firm sold its mill").modals
