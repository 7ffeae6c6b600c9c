"""What a paragraph tells without its document is never less than what it tells with it."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.glances import Possible, glance, letters_of
from transforms.restated_across import same_words
from transforms.restatements import compare, shared_facts
from transforms.settings import NearDuplicateSettings, RestatementSettings
from transforms.terms import Terms, document_terms

NEAR = NearDuplicateSettings()
LOOSE = RestatementSettings(min_stems=3, min_shared_content=4, min_shared_facts=2)
FILLER = "The rain went on all day, and the road to the coast was closed until the evening."
PARTS = (
    "The Free Trade Area (FTA) opened",
    "the Free Trade Area grew",
    "the FTA grew",
    "The F.T.A. of Chile, FTA, lost",
    "Chilean and Bolivian ships",
    "ships of Chile",
    "Marxists met",
    "a book on Marxism",
    "the Marx Reading Club “MRC” met",
    "MRC’s members",
    "O’NEIL (ONL) spoke",
    "Société Générale (SG) of Paris",
    "the SG lost 300 men on Friday",
    "free trade, 300 men",
    "the Arle Valley Bridge (A.V.B.) fell",
    "Arle Valley Bridge traffic",
    "May came in May",
    "Bank robbers",
    "the bank in Lima",
)

articles = st.lists(
    st.lists(st.sampled_from(PARTS), min_size=1, max_size=5).map(
        lambda some: " while others slept, ".join(some) + " at last."
    ),
    min_size=1,
    max_size=4,
)


def read(texts: Sequence[str]) -> list[Terms]:
    found = document_terms(texts, "en", LOOSE)
    assert found is not None
    return found


def bars_of(better: Terms, worse: Terms) -> RestatementSettings:
    """The bars that a pair just passes."""
    found = compare(better, worse, LOOSE)
    return RestatementSettings(
        min_stems=1,
        min_jaccard=0.01,
        min_containment=found.containment,
        min_wording=found.wording,
        min_shared_content=len(worse.wording & better.wording)
        + len(worse.names & better.names | worse.numbers & better.numbers),
        min_shared_facts=shared_facts(better, worse),
    )


@given(articles, articles)
def test_a_pair_that_passes_its_bars_is_possible(better: list[str], worse: list[str]) -> None:
    told = read([*worse, FILLER])
    for text, terms in zip(better, read([*better, FILLER]), strict=False):
        seen = glance(text, LOOSE)
        possible = Possible(seen, letters_of("\n".join([*better, FILLER])))
        for each in () if seen.apart else told:
            assert possible.shares_enough(each, bars_of(terms, each))


def test_what_shares_too_little_is_seen_without_reading() -> None:
    settings = RestatementSettings()
    worse = "On Friday the Arle Ferry of Ostby ran aground at Kelby, and forty people were saved."
    better = "Forty people were saved on Friday when the Arle Ferry of Ostby ran aground at Kelby."
    chance = "On Friday the Arle Bank of Ostby lent Kelby money for a school, and people were glad."
    (told,) = document_terms([worse], "en", settings) or []
    assert Possible(glance(better, settings), letters_of(better)).shares_enough(told, settings)
    assert not Possible(glance(chance, settings), letters_of(chance)).shares_enough(told, settings)


FUND = "Arle Valley Bridge Fund"
LONG = f"The {FUND} bought its steel on Friday, sources in Kelby said."
SHORT = "The AVBF bought the steel on Friday."


@pytest.mark.parametrize(
    ("introduced", "better", "worse"),
    [
        ("(AVBF)", LONG, SHORT),
        ("(A.V.B.F.)", LONG, SHORT),
        ("“AVBF”", LONG, SHORT),
        ("(AVBF)", SHORT, LONG),
    ],
)
def test_an_abbreviation_may_stand_for_words_that_a_paragraph_lacks(
    introduced: str, better: str, worse: str
) -> None:
    opening = f"Members of the {FUND} {introduced} met for the first time in Ostby on Friday."
    _, terms = read([opening, better])
    _, told = read(["Members of the AVBF met in Ostby.", worse])
    bars = bars_of(terms, told)
    assert bars.min_shared_facts == 2
    letters = letters_of(f"{opening}\n{better}")
    assert Possible(glance(better, LOOSE), letters).shares_enough(told, bars)
    assert not Possible(glance(better, LOOSE), letters_of("the")).shares_enough(told, bars)


@given(
    one=st.lists(st.sampled_from("abcdefghijklmnopqrstuvw"), min_size=1, unique=True),
    edits=st.lists(st.tuples(st.integers(0, 30), st.sampled_from("xyz")), max_size=4),
)
def test_near_copies_may_be_copies(one: list[str], edits: list[tuple[int, str]]) -> None:
    """Where words do not repeat; else a near-copy may be compared for nothing, and is no mark."""
    other = list(one)
    for at, word in edits:
        other.insert(at % (len(other) + 1), word)
    texts = " ".join(one), " ".join(other)
    if same_words(*texts, NEAR):
        first, second = (glance(text, LOOSE) for text in texts)
        assert first.may_be_copy(second, NEAR)
        assert second.may_be_copy(first, NEAR)


def test_other_words_are_no_copy() -> None:
    told = glance("The rain went on all day and the road was closed.", LOOSE)
    again = glance("Showers lasted until evening, so traffic had to turn back.", LOOSE)
    assert not told.may_be_copy(again, NEAR)
