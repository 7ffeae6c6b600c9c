"""Names, decided over a whole document."""

import pytest

from transforms.names import Names, base_forms, long_form_at, names_of
from transforms.tokens import tokens_of


def names(*paragraphs: str) -> Names:
    return names_of([tokens_of(paragraph) for paragraph in paragraphs])


def test_a_capital_in_mid_sentence_makes_a_name_of_the_whole_document() -> None:
    found = names("Tarrant spoke first.", "Later the crowd heard Tarrant again.")
    assert "tarrant" in found.vocabulary


@pytest.mark.parametrize(
    "paragraph",
    ["Ships left port.", "Ten Ships Leave Northern Port After Long Strike", "TEN SHIPS LEAVE PORT"],
)
def test_a_sentence_opener_or_a_title_proves_no_name(paragraph: str) -> None:
    assert names(paragraph).vocabulary == frozenset()


@pytest.mark.parametrize(
    ("text", "long_form", "name"),
    [
        ("They left the Northern Port Authority (NPA) in May.", "northern port authority", "npa"),
        ("A report of Radio Harbour (RAHAB) said so.", "radio harbour", "rahab"),
        ("The Bureau of Ports and Ships (BPS) said so.", "bureau of ports and ships", "bps"),
        ("A visit by Minister Long of the North Sea Union (NSU).", "north sea union", "nsu"),
    ],
)
def test_an_abbreviation_in_brackets_is_its_long_form(text: str, long_form: str, name: str) -> None:
    found = names(text)
    tokens = tokens_of(long_form)
    assert long_form_at(found, tokens, 0) == (name, len(tokens))


@pytest.mark.parametrize(
    "text",
    [
        "LONDON (AP) Ships left on Monday.",
        "They met in New York (AP) on Monday.",
        "They met Mary Long (ABC) on Monday.",
        "They asked the chief of staff (COS) on Monday.",
    ],
)
def test_other_brackets_introduce_nothing(text: str) -> None:
    assert names(text).long_forms == {}


def test_two_abbreviations_of_one_long_form_are_one_name() -> None:
    found = names(
        "They left the North Sea Union (NSU).",
        "The North Sea Union (NSUN) said so.",
        "NSUN agreed.",
    )
    assert found.canonical["nsun"] == "nsu"
    assert found.implied["nsu"] == {"north", "sea", "union"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Chile", "Chilean"),
        ("Nigeria", "Nigerian"),
        ("Italy", "Italians"),
        ("Iraq", "Iraqi"),
        ("Japan", "Japanese"),
        ("Sweden", "Swedish"),
        ("Marxist", "Marxism"),
        ("Austria", "Austrian"),
        ("Australia", "Australians"),
    ],
)
def test_what_is_derived_from_a_name_counts_as_it(one: str, other: str) -> None:
    found = names(f"They met in {one}.", f"They saw the {other} there.")
    forms = {found.canonical.get(word.lower(), word.lower()) for word in (one, other)}
    assert len(forms) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Austria", "Australia"),
        ("Niger", "Nigeria"),
        ("Austrian", "Australian"),
        ("Iran", "Iraq"),
        ("Slovakia", "Slovenia"),
        ("Roberts", "Robert"),
        ("Guinea", "Guyana"),
    ],
)
def test_names_that_only_look_alike_stay_apart(one: str, other: str) -> None:
    found = names(f"They met in {one}.", f"They met in {other}.")
    assert found.canonical.get(one.lower(), one.lower()) != found.canonical.get(
        other.lower(), other.lower()
    )


def test_a_derived_form_goes_to_the_country_that_the_document_names() -> None:
    with_niger = names("They met in Niger.", "They saw the Nigerian there.")
    with_both = names("They met in Niger and in Nigeria.", "They saw the Nigerian there.")
    assert with_niger.canonical["nigerian"] == "niger"
    assert with_both.canonical["nigerian"] == "nigeria"


def test_short_names_are_derived_from_nothing() -> None:
    assert base_forms("ali") == base_forms("dan") == ()


def test_long_forms_of_one_abbreviation_are_bounded() -> None:
    words = [f"A{chr(97 + at // 26)}{chr(97 + at % 26)}" for at in range(300)]
    found = names(*(f"Members of the Free {word} Board (FAB) met the envoy." for word in words))
    assert 0 < max(map(len, found.implied.values())) < 150
