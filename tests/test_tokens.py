"""Tokens: folded words that still know their capitals, sentences and denials."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms import english
from transforms.alternatives import HEDGES
from transforms.folding import words
from transforms.opposites import poles_of
from transforms.tokens import Token, tokens_of


def token(text: str, fold: str) -> Token:
    return next(each for each in tokens_of(text) if each.fold == fold)


@pytest.mark.parametrize(
    ("text", "opener"),
    [
        ("Ships left the port. Tankers stayed.", "tankers"),
        ("He asked: Where are they?", "where"),
        ("The mayor said “Nothing has changed” twice.", "nothing"),
        ("“It is over.” Voters went home.", "voters"),
        ("– Bulleted words come first", "bulleted"),
    ],
)
def test_a_capital_that_opens_a_sentence_is_marked(text: str, opener: str) -> None:
    assert token(text, opener).initial


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ships left Norland in May.", "norland"),
        ("A visit by Mr. Tarrant ended.", "tarrant"),
        ("A letter to J. Tarrant came back.", "tarrant"),
        ("An envoy of the U.S. Treasury came.", "treasury"),
        ("The port (Norland) is closed.", "norland"),
        ("The Norland-led group met.", "norland"),
    ],
)
def test_a_capital_in_mid_sentence_is_not(text: str, name: str) -> None:
    found = token(text, name)
    assert found.capital
    assert not found.initial


@pytest.mark.parametrize("text", ["the U.S. and others", "the UN and others", "the EU's offer"])
def test_abbreviations_are_upper_case_words(text: str) -> None:
    assert [each.fold for each in tokens_of(text) if each.upper] == [
        text.split()[1].replace(".", "").replace("'s", "").lower()
    ]


def test_possessives_are_taken_off_and_contractions_deny() -> None:
    found = {each.fold: each.denies for each in tokens_of("The bank's chief doesn’t say no")}
    assert found == {
        "the": False,
        "bank": False,
        "chief": False,
        "doesnt": True,
        "say": False,
        "no": True,
    }


def test_a_link_has_neither_names_nor_numbers() -> None:
    for link in ("https://t.example/6MxAB7", "www.Example.com/News", "Jo.Day@example.com"):
        assert not any(each.special for each in tokens_of(f"see {link} there"))


def test_a_sign_belongs_to_a_number_only_after_a_space() -> None:
    assert [each.fold for each in tokens_of("at -3 after 2-3")] == ["at", "-3", "after", "2", "3"]


def test_punctuation_parts_phrases_and_hyphens_do_not() -> None:
    assert token("Chile, Peru", "chile").breaks
    assert token("Peru (Lima)", "lima").opens
    assert not token("Chile-Peru border", "chile").breaks


@given(
    st.text(
        # Symbols such as the sign for degrees Fahrenheit are letters to folding alone.
        alphabet=st.characters(
            exclude_categories=["Cs", "So"], exclude_characters="'\u2019\u02bc\uff07"
        ),
        max_size=60,
    )
)
def test_no_letter_or_digit_is_lost(text: str) -> None:
    folded = "".join(words(text))
    read = "".join(each.fold for each in tokens_of(text))
    assert [char for char in read if char.isalnum()] == [char for char in folded if char.isalnum()]


def test_long_chunks_cost_linear_time() -> None:
    assert len(tokens_of("a1" * 200_000)) == 400_000


PARAGRAPHS = st.lists(
    st.one_of(
        st.sampled_from(["the", "Mr.", "U.S.", "(FTA)", "quarter", "May", "rose", "isn't", "No."]),
        st.sampled_from(["$4.3bn", "-5%", "high-profile", "“Yes,”", "'Left", "...", "!", "–"]),
        st.sampled_from(["www.five.com/quarter", "אBC", "Area:", "five", "NATO's", "don’t.", "³"]),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
        st.text("aAéÉ5.'’-:/!\"%", max_size=6),
    ),
    max_size=12,
).map(" ".join)


@given(PARAGRAPHS)
def test_the_places_of_tokens_are_those_of_a_plain_definition(text: str) -> None:
    tokens = tokens_of(text)

    def places(of: Callable[[Token], bool]) -> list[int]:
        return [at for at, each in enumerate(tokens) if of(each)]

    assert tokens.capitals == places(lambda each: each.capital)
    assert tokens.upper == places(lambda each: each.upper)
    # A link claims nothing: what numbers and dates its letters spell is not special.
    assert tokens.claims == places(
        lambda each: (
            each.special
            and (
                each.denies
                or each.fold in english.CALENDAR
                or each.fold in HEDGES
                or poles_of(each.fold) != ()
            )
        )
    )
    assert tokens.figures == places(lambda each: each.numeric or each.fold in english.PARTS_ALONE)


@given(PARAGRAPHS)
def test_chunks_are_read_alike_wherever_they_stand(text: str) -> None:
    """A capital is initial behind a sentence's end alone; the rest is the chunk's own."""
    expected: list[Token] = []
    opens = True
    for part in text.split():
        alone, inner = tokens_of(part), tokens_of(f"so {part}")[1:]
        expected += alone if opens else inner
        # What follows a chunk shows whether it ends a sentence.
        follower = tokens_of(f"so {part} Norland")[-1]
        opens = follower.initial or (opens and not alone)
    assert tokens_of(text) == expected
