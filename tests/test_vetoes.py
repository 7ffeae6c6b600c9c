"""Vetoes: each names one thing that a removal may not do."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from transforms import vetoes
from transforms.facts import Facts, facts_of
from transforms.settings import RestatementSettings, VetoSettings
from transforms.terms import document_terms

SETTINGS = VetoSettings()
JACCARD = 0.8
"""Of two paragraphs with one changed word in twenty or so."""

# The removed paragraph, the kept one, the only veto against it.
NEAR_DUPLICATES = [
    ("Rates rose to 5.25 pct today", "Rates rose to 5.50 pct today", "numbers"),
    ("United won 3-2 at home", "United won 2-3 at home", "numbers"),
    ("He paid 1.5 million for it", "He paid 1.5 billion for it", "numbers"),
    ("Two men were killed there", "Men were killed there", "numbers"),
    ("They lost 20 chairs there", "They lost 20 lamps there", "amounts"),
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


# News from one template: two paragraphs of which neither may go for the other.
TEMPLATE_NEWS = {
    "rates": ("The dollar stood at 1.8035 marks in Tokyo.", "The dollar stood at 1.8135 marks in Tokyo."),
    "rates in fractions": ("The prime rate is now 7-3/4 pct.", "The prime rate is now 7-1/2 pct."),
    "rates without figures": ("The bank raised its key rate again.", "The bank lowered its key rate again."),
    "scores": ("City beat United 2-1 at home.", "City beat United 3-1 at home."),
    "scores turned round": ("City beat United 2-1 at home.", "United beat City 2-1 at home."),
    "scores without figures": ("City drew with United at home.", "City won against United at home."),
    "results": ("Shr 34 cts vs 28 cts in the quarter.", "Shr 34 cts vs 26 cts in the quarter."),
    "results in words": ("The mine made a profit of 3 mln dlrs.", "The mine made a loss of 3 mln dlrs."),
    "results turned round": ("Shr loss 34 cts vs profit 28 cts.", "Shr profit 34 cts vs loss 28 cts."),
    "ratings": ("The agency rates the bank Baa2 today.", "The agency rates the bank Baa3 today."),
    "ratings with a sign": ("The agency rates the bank BB+ today.", "The agency rates the bank BB today."),
    "ratings with two signs": ("The agency rates the bank A+ today.", "The agency rates the bank A- today."),
    "ratings by their outlook": ("The bank has a stable outlook.", "The bank has a negative outlook."),
    "tables": ("Ostby 14 20 cloudy Kelby 16 23 windy", "Ostby 14 20 windy Kelby 16 24 foggy"),
    "tables of words": ("Ostby: hail; Kelby: fog; Norham: snow", "Ostby: sleet; Kelby: fog; Norham: frost"),
    "lists": ("Bring apples, pears, plums, nuts, honey.", "Bring apples, pears, plums, nuts, butter."),
    "squads": ("Norland: Berg; Dahl, Lund, Holm, Vik", "Norland: Berg; Dahl, Lund, Holm, Moe"),
    "squads in another order": ("Norland: Berg; Dahl, Lund, Holm, Vik", "Norland: Dahl; Berg, Lund, Holm, Vik"),
    "schedules": ("The minister meets the envoy at 9 am.", "The minister meets the envoy at 10 am."),
    "schedules by day": ("They meet on Tuesday in the old hall.", "They meet on Thursday in the old hall."),
    "schedules by time": ("The train leaves from there at noon.", "The train leaves from there at midnight."),
}  # fmt: skip


@pytest.mark.parametrize(("one", "other"), TEMPLATE_NEWS.values(), ids=TEMPLATE_NEWS.keys())
def test_template_news_goes_in_neither_direction(one: str, other: str) -> None:
    left, right = facts_of(one), facts_of(other)
    assert vetoes.near_duplicate_vetoes(left, right, JACCARD, SETTINGS)
    assert vetoes.near_duplicate_vetoes(right, left, JACCARD, SETTINGS)


# What one paragraph says and the other does not: only the poorer one may go.
RICHER = [
    ("Ships left the port.", "Some 930 ships left the port."),
    ("Ships left the port.", "Ships left the port on Tuesday."),
    ("Ships left the port.", "Ships left the port of Chile."),
    ("Shares rose in early trade.", "Shares rose in early trade, then fell."),
    ("Berg; Dahl, Lund, Holm, Vik", "Berg; Dahl, Lund, Holm, Vik, Moe"),
]


@pytest.mark.parametrize(("poorer", "richer"), RICHER)
def test_only_the_poorer_of_two_may_go(poorer: str, richer: str) -> None:
    less, more = facts_of(poorer), facts_of(richer)
    assert vetoes.near_duplicate_vetoes(less, more, JACCARD, SETTINGS) == ()
    assert vetoes.near_duplicate_vetoes(more, less, JACCARD, SETTINGS)


# Each veto by name: what the first paragraph loses in the second, and what it does not.
NAMED: list[tuple[Callable[[Facts, Facts], bool], str, str, str]] = [
    (vetoes.loses_number, "30 men left", "20 men left", "30 men left by 9"),
    (vetoes.counts_otherwise, "They lost 30 ships", "They lost 30 planes", "Lost: 30 ships"),
    (vetoes.loses_date, "They left on Friday", "They left on Monday", "On Friday they left"),
    (vetoes.loses_name, "They saw Chile", "They saw Peru", "Chile saw them"),
    (vetoes.loses_opener, "Tarrant left. He sold it.", "Long left. He sold it.", "It was Tarrant."),
    (vetoes.changes_grade, "It is rated A+ now", "It is rated A now", "Now it is rated A+"),
    (vetoes.swaps_names, "It was Chile, then Peru", "It was Peru, then Chile", "Chile and Peru"),
    (vetoes.denies_otherwise, "It was not true", "It was true", "It was never true"),
    (vetoes.turns_order, "It rose and fell", "It fell and rose", "It rose, then fell"),
    (vetoes.turns_order, "It fell, rose and fell", "It rose and fell", "It fell, rose, fell"),
    (vetoes.turns_order, "It rose, then fell", "It fell, then rose", "It rose, rose and fell"),
    (vetoes.turns_round, "It rose", "It fell", "It rose, then fell"),
    (vetoes.turns_round, "It fell", "It rose", "It rose, then fell"),
    (vetoes.lacks_grade, "Rated A+, once BB-", "Rated A+, once BB", "Once BB-, rated A+ now"),
    (vetoes.lacks_grade, "It is rated A+ now", "It is rated now", "It was rated A+"),
    (vetoes.turns_score, "They won 3-2 there", "They won 2-3 there", "They won 1-0 there"),
    (vetoes.loses_label, "Holders of class A", "Holders of class", "Class A and its holders"),
    # A quarter of the words may differ where the others keep their places; no more.
    (vetoes.exchanges, "sold by 5 points", "sold to 5 points", "soon up to 5 points"),
]


@pytest.mark.parametrize(
    ("veto", "removed", "against", "without"),
    NAMED,
    ids=[f"{each[0].__name__}-{each[1]}" for each in NAMED],
)
def test_each_veto_forbids_its_own_case_and_no_other(
    veto: Callable[[Facts, Facts], bool], removed: str, against: str, without: str
) -> None:
    assert veto(facts_of(removed), facts_of(against))
    assert not veto(facts_of(removed), facts_of(without))


def test_what_is_a_table_or_a_list_is_a_setting() -> None:
    removed, kept = facts_of("Ostby: hail; Kelby: fog"), facts_of("Ostby: sleet; Kelby: fog")
    assert vetoes.loses_entry(removed, kept, SETTINGS)
    anything = VetoSettings(max_figures=1.0, max_fields=1.0, max_separators=1.0)
    assert not vetoes.loses_entry(removed, kept, anything)


def test_one_of_the_two_is_enough_of_a_table() -> None:
    table = facts_of("Ostby: hail; Kelby: fog")
    prose = facts_of("It will hail in the town of Ostby, and in Kelby there is fog.")
    assert vetoes.loses_entry(facts_of("It will snow in Ostby, says a man"), table, SETTINGS)
    assert vetoes.loses_entry(facts_of("Ostby: snow; Kelby: fog"), prose, SETTINGS)


@pytest.mark.parametrize(
    ("text", "of", "share"),
    [
        ("we had 3 or 4", "max_figures", 0.4),
        ("Berg and Dahl went", "max_fields", 0.5),
        ("a, b; c d", "max_separators", 0.5),
    ],
)
def test_a_share_alone_makes_a_table_if_there_is_more_than_that(
    text: str, of: str, share: float
) -> None:
    none = VetoSettings(max_figures=1.0, max_fields=1.0, max_separators=1.0)
    assert not vetoes.is_table_or_list(facts_of(text), replace(none, **{of: share}))
    assert vetoes.is_table_or_list(facts_of(text), replace(none, **{of: share - 0.1}))


@pytest.mark.parametrize(
    ("removed", "kept", "found"),
    [
        ("The envoy of Chile left. Tarrant won.", "The envoy of Peru left. Long won.", "names"),
        ("Ostby: hail; Kelby: fog", "Ostby: sleet; Kelby: fog", "entries"),
    ],
)
def test_a_veto_is_named_once(removed: str, kept: str, found: str) -> None:
    left, right = facts_of(removed), facts_of(kept)
    assert vetoes.near_duplicate_vetoes(left, right, JACCARD, SETTINGS) == (found,)


@pytest.mark.parametrize(("language", "expected"), [("en", ("order",)), ("de", ())])
def test_who_did_it_is_told_by_the_place_in_english_only(
    language: str, expected: tuple[str, ...]
) -> None:
    texts = [
        "On Monday the court heard that Chile sued Peru over the old port.",
        *["Nothing else was known of the port in the north of the country then."] * 5,
        "On Monday the court heard that Peru sued Chile over the old port.",
    ]
    found = document_terms(texts, language, RestatementSettings())
    assert found is not None
    assert vetoes.restatement_vetoes(found[-1], found[0]) == expected


def test_prose_may_lose_a_word() -> None:
    removed = facts_of("The council met in the town hall to discuss the plan, officials said.")
    kept = facts_of("The council met in the town hall to discuss the scheme, officials said.")
    assert vetoes.near_duplicate_vetoes(removed, kept, JACCARD, SETTINGS) == ()


@pytest.mark.parametrize(("removed", "kept", "veto"), NEAR_DUPLICATES)
def test_near_copies_that_claim_something_else_stay(removed: str, kept: str, veto: str) -> None:
    found = vetoes.near_duplicate_vetoes(facts_of(removed), facts_of(kept), JACCARD, SETTINGS)
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
        ("The quick ship left.", "The fast ship left."),
    ],
)
def test_near_copies_that_lose_nothing_may_go(removed: str, kept: str) -> None:
    assert vetoes.near_duplicate_vetoes(facts_of(removed), facts_of(kept), JACCARD, SETTINGS) == ()


def test_an_opener_that_may_be_a_name_can_be_let_go() -> None:
    removed, kept = facts_of("Officers said it was over"), facts_of("Police said it was over")
    assert vetoes.near_duplicate_vetoes(removed, kept, JACCARD, SETTINGS) == ("names",)
    lenient = VetoSettings(openers_are_names=False)
    assert vetoes.near_duplicate_vetoes(removed, kept, JACCARD, lenient) == ()


@pytest.mark.parametrize(
    "veto",
    [
        vetoes.loses_number,
        vetoes.counts_otherwise,
        vetoes.loses_date,
        vetoes.loses_name,
        vetoes.loses_opener,
        vetoes.changes_grade,
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
    assert vetoes.near_duplicate_vetoes(many, many, JACCARD, SETTINGS) == ()


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
