"""Vetoes: each names one thing that a removal may not do."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms import vetoes
from transforms.facts import Facts, facts_of
from transforms.settings import RestatementSettings, VetoSettings
from transforms.terms import document_terms

SETTINGS = VetoSettings()

# The removed paragraph, the kept one, the only veto against it.
NEAR_DUPLICATES = [
    ("Rates rose to 5.25 pct today", "Rates rose to 5.50 pct today", "numbers"),
    ("United won 3-2 at home", "United won 2-3 at home", "numbers"),
    ("He paid 1.5 million for it", "He paid 1.5 billion for it", "numbers"),
    ("Two men were killed there", "Men were killed there", "numbers"),
    ("They lost 20 ships there", "They lost 20 planes there", "amounts"),
    ("They met at 7 am here", "They met at 7 pm here", "amounts"),
    ("They met on Tuesday there", "They met on Friday there", "dates"),
    ("They met in June there", "They met in July there", "dates"),
    ("The envoy of Chile left", "The envoy of Peru left", "names"),
    ("Tarrant said the war was over", "Long said the war was over", "names"),
    ("Then Chile attacked Peru by sea", "Then Peru attacked Chile by sea", "order"),
    ("The port is open", "The port is not open", "denial"),
    ("The port isn’t open", "The port is open", "denial"),
    ("He had denied the charge", "He had faced the charge", "denial"),
    ("Shares rose in early trade", "Shares fell in early trade", "opposites"),
    ("It rose after it fell", "It fell after it rose", "opposites"),
    ("They left before the storm", "They left after the storm", "opposites"),
]


@pytest.mark.parametrize(("removed", "kept", "veto"), NEAR_DUPLICATES)
def test_near_copies_that_claim_something_else_stay(removed: str, kept: str, veto: str) -> None:
    found = vetoes.near_duplicate_vetoes(facts_of(removed), facts_of(kept), SETTINGS)
    assert found == (veto,)


@pytest.mark.parametrize(
    ("removed", "kept"),
    [
        ("The port was shut on Monday.", "The port was shut on Monday, the mayor said."),
        ("It cost 1,500 dollars.", "It cost $1500 dollars."),
        ("Some 930 ships left.", "More than 930 ships left Chile in May."),
        ("However, ships left the port.", "Ships left the port."),
        ("Ships left the port. Newswire", "Ships left the port."),
        ("He did not see Chile.", "He didn't see Chile."),
        ("CHILE SHUTS ITS PORT", "Chile shuts its port"),
        ("He saw Chile's ships.", "He saw the ships of Chile's navy."),
        ("The quick ship left.", "The slow ship left."),
    ],
)
def test_near_copies_that_lose_nothing_may_go(removed: str, kept: str) -> None:
    assert vetoes.near_duplicate_vetoes(facts_of(removed), facts_of(kept), SETTINGS) == ()


def test_an_opener_that_may_be_a_name_can_be_let_go() -> None:
    removed, kept = facts_of("Officers said it was over"), facts_of("Police said it was over")
    assert vetoes.near_duplicate_vetoes(removed, kept, SETTINGS) == ("names",)
    lenient = VetoSettings(openers_are_names=False)
    assert vetoes.near_duplicate_vetoes(removed, kept, lenient) == ()


@pytest.mark.parametrize(
    "veto",
    [
        vetoes.loses_number,
        vetoes.counts_otherwise,
        vetoes.loses_date,
        vetoes.loses_name,
        vetoes.loses_opener,
        vetoes.swaps_names,
        vetoes.denies_otherwise,
        vetoes.turns_order,
        vetoes.turns_round,
    ],
)
@given(text=st.text(max_size=80))
def test_nothing_forbids_removing_a_copy(veto: Callable[[Facts, Facts], bool], text: str) -> None:
    assert not veto(facts_of(text), facts_of(text))


def test_hostile_numbers_cost_linear_time() -> None:
    many = facts_of(" ".join(f"7 w{at}x" for at in range(20_000)))
    assert vetoes.near_duplicate_vetoes(many, many, SETTINGS) == ()


# The removed paragraph and the only veto against removing it for KEPT.
KEPT = (
    "Since May 2011 the rebels of the Harbour Front (HRF) have held two roads in Norland,"
    " and the army of Norland has lost 300 soldiers, but shares rose."
)
RESTATEMENTS = [
    ("Rebels have held two roads in Norland since May 2011.", None),
    ("The HRF rebels have held two Norland roads since May 2011.", None),
    ("The Harbour Front has held two roads in Norland since May 2011.", None),
    ("Rebels have held three roads in Norland since May 2011.", "numbers"),
    ("Rebels have held two roads in Norland since Tuesday.", "numbers"),
    ("The army of Norland has lost 300 tanks.", "amounts"),
    ("Rebels of the Ester Guard have held two roads in Norland.", "names"),
    ("Tarrant has held two roads in Norland since May 2011.", "names"),
    ("Rebels have not held two roads in Norland.", "denial"),
    ("In Norland, shares fell.", "opposites"),
    ("Rebels also held two roads in Norland.", "addition"),
    ("“Rebels have held two roads,” the army of Norland said.", "quotation"),
    ("- Rebels have held two roads in Norland since May 2011", "list"),
    ("Norland, May 2011 (HRF)", "list"),
    (
        "The rebels who have held these two roads in Norland since May 2011 (photo by HRF)",
        "caption",
    ),
]


@pytest.mark.parametrize(("removed", "veto"), RESTATEMENTS)
def test_each_veto_keeps_what_the_earlier_paragraph_does_not_say(
    removed: str, veto: str | None
) -> None:
    other = "Nothing else was known of the war in the north of the country on that day."
    found = document_terms([KEPT, *[other] * 5, removed], "en", RestatementSettings())
    assert found is not None
    expected = () if veto is None else (veto,)
    assert vetoes.restatement_vetoes(found[-1], found[0]) == expected


def test_a_kept_quotation_or_list_stands_for_nothing_either() -> None:
    plain = "Rebels have held two roads in Norland since May 2011, and the army has not moved."
    for kept in (
        "“Rebels have held two roads in Norland since May 2011, the army has not moved.”",
        "- Rebels have held two roads in Norland since May 2011, the army has not moved.",
    ):
        found = document_terms([kept, *[plain] * 5], "en", RestatementSettings())
        assert found is not None
        assert len(vetoes.restatement_vetoes(found[-1], found[0])) == 1
