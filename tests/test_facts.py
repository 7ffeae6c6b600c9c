"""Facts: what one paragraph claims."""

import pytest

from transforms.facts import facts_of, longest_quotation


def test_names_are_capitals_in_mid_sentence_and_openers_may_be() -> None:
    facts = facts_of("Ministers of Norland met in Port Ester. Tarrant did not come, the UN said.")
    assert facts.names == {"norland", "port", "ester", "un"}
    assert facts.openers == {"ministers", "tarrant"}
    assert facts.order == ("ministers", "norland", "port", "ester", "tarrant", "un")


def test_a_sign_off_opens_no_sentence() -> None:
    assert facts_of("The fund was closed. Newswire").openers == frozenset()


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("It rained on Tuesday and Friday", {"tuesday", "friday"}),
        ("It rained in June, and on Sept. 4", {"june", "september"}),
        ("It rained yesterday", {"yesterday"}),
        ("It may rain, or they march", set()),
        ("It rained in May and in March", {"may", "march"}),
        ("They met Jan Peters", set()),
        ("They met on Jan. 3", {"january"}),
    ],
)
def test_dates_are_counted_and_are_no_names(text: str, dates: set[str]) -> None:
    assert facts_of(text).dates == dates
    assert not facts_of(text).names & dates


@pytest.mark.parametrize(
    ("text", "denials"),
    [
        ("He said it was true", 0),
        ("He did not say it", 1),
        ("He didn’t say it", 1),
        ("He never said it without proof", 2),
        ("He denied it and failed to say why", 2),
        ("See No. 10", 0),
        ("There was no ship", 1),
    ],
)
def test_denials_are_counted(text: str, denials: int) -> None:
    assert facts_of(text).denials == denials


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("“We will win this,” he said", 4),
        ('"We will win this," he said', 4),
        ("«We will win this», he said", 4),
        ("‘We will win this,’ he said", 4),
        ("'We will win this,' he said", 4),
        ("“We will win this and go on", 7),
        ("the so-called “moderate” ships", 1),
        ("the players' and the owners' day", 0),
        ("it isn't what they don't want", 0),
        ("the '90s and the players' day", 0),
    ],
)
def test_quotations_are_measured(text: str, length: int) -> None:
    assert longest_quotation(text) == length


def test_figures_and_fields_are_what_tables_are_made_of() -> None:
    facts = facts_of("Norland 3 Port Ester 2")
    assert (facts.length, facts.figures, facts.fields) == (5, 2, 5)


@pytest.mark.parametrize(
    ("text", "grades"),
    [
        ("It is rated BB+ or A-, the agency said", ("BB+", "A-")),
        ("It is rated BB now", ()),
        ("The well-known A-team lost - again", ()),
        ("A−", ("A−",)),
    ],
)
def test_ratings_have_a_sign(text: str, grades: tuple[str, ...]) -> None:
    assert facts_of(text).grades == grades


def test_separators_are_counted() -> None:
    assert facts_of("Berg; Dahl, Lund: Holm | Vik.").separators == 4
