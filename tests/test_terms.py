"""Terms: the content of the paragraphs of one document."""

import pytest

from transforms.settings import RestatementSettings
from transforms.terms import Terms, document_terms, is_caption, is_list_item

SETTINGS = RestatementSettings()


def terms(*paragraphs: str) -> list[Terms]:
    found = document_terms(paragraphs, "en", SETTINGS)
    assert found is not None
    return found


def test_content_is_stems_names_numbers_and_dates() -> None:
    (found,) = terms("On Tuesday the ships of Norland were leaving with 1,500 men.")
    assert found.wording == {"ship", "leav", "men"}
    assert found.names == {"norland"}
    assert found.numbers == {"1500", "tuesday"}
    assert found.content == {"ship", "leav", "men", "norland", "@norland", "1500", "tuesday"}


def test_a_name_is_known_in_a_paragraph_that_begins_with_it() -> None:
    found = terms("Ships left for Norland.", "Norland shut its ports.")
    assert "norland" in found[1].names
    alone = terms("Norland shut its ports.")
    assert alone[0].names == frozenset()
    assert alone[0].openers == {"norland"}


def test_a_long_form_and_its_abbreviation_are_one_name_everywhere() -> None:
    found = terms(
        "Talks with the Harbour Front (HRF) failed.",
        "Soldiers of the Harbour Front gave up.",
        "Soldiers of HRF gave up.",
    )
    assert found[1].names == found[2].names == {"hrf"}
    assert found[1].content == found[2].content
    assert found[2].known == {"hrf", "harbour", "front"}


def test_names_that_stand_together_are_one_mention() -> None:
    (found,) = terms(
        "In the morning they met with Mary Anne Long, then with Peter Tarrant and last with those"
        " who run the Bank of Norland."
    )
    assert found.mentions == {
        frozenset({"mary", "anne", "long"}),
        frozenset({"peter", "tarrant"}),
        frozenset({"bank", "norland"}),
    }


@pytest.mark.parametrize(
    "text",
    [
        "Norland 3 Port Ester 2; East Ester 1 Long Bay 1; Tarrant 4 Ostley 0",
        "Keane, Scholes, Long, Tarrant, Ostley, Anne, Peters and Bayly (captain).",
        "1986 4.25 pct 1987 4.50 pct 1988 5.00 pct",
        "- Mary Long, who heads the port authority",
    ],
)
def test_tables_squads_and_list_items_are_listed(text: str) -> None:
    prose = "The harbour was shut for most of the day, and nobody could say when it would open."
    assert [each.listed for each in terms(*[prose] * 9, text)] == [False] * 9 + [True]


def test_a_document_of_tables_is_listed_as_a_whole() -> None:
    prose = "The harbour was shut for most of the day, and nobody could say when it would open."
    table = "Norland 3 Port Ester 2; East Ester 1 Long Bay 1; Tarrant 4 Ostley 0"
    assert all(each.listed for each in terms(table, table, prose))


@pytest.mark.parametrize(
    ("text", "listed"),
    [("• a point", True), ("* a point", True), ("-3 degrees", False), ("– he said", True)],
)
def test_bullets_make_list_items(text: str, listed: bool) -> None:
    assert is_list_item(text) is listed


@pytest.mark.parametrize(
    ("text", "caption"),
    [
        ("The bridge at dawn. Photo: Mary Long", True),
        ("The bridge at dawn (AP Photo/Mary Long)", True),
        ("The bridge at dawn © Mary Long", True),
        ("Picture by Mary Long", True),
        ("She took a photo of the bridge.", False),
        ("The picture is not clear.", False),
    ],
)
def test_a_credit_makes_a_caption(text: str, caption: bool) -> None:
    assert is_caption(text) is caption


ENGLISH = "The ships of the union left on the day that it was to be the first in the port."
GERMAN = "Die Schiffe der Union haben am ersten Tag den Hafen in der Stadt verlassen."


@pytest.mark.parametrize(
    ("text", "language", "known"),
    [
        (ENGLISH, "en", True),
        (ENGLISH, "en-GB", True),
        (ENGLISH, None, True),
        (GERMAN, "de", True),
        (GERMAN, "de_AT", True),
        (GERMAN, None, False),
        (ENGLISH, "zh", False),
        (ENGLISH, "th", False),
        ("", None, False),
    ],
)
def test_languages_with_a_stemmer_have_terms(text: str, language: str | None, known: bool) -> None:
    assert (document_terms([text], language, SETTINGS) is not None) is known


def test_there_is_one_for_each_text_and_an_empty_one_is_empty() -> None:
    found = terms("", "Ships left.", " – ")
    assert [bool(each.content) for each in found] == [False, True, False]
