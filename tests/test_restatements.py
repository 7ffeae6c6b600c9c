"""Restatements: the same facts in other words, and only those."""

import json
from pathlib import Path

import pytest

from transforms.restatement_features import FEATURES
from transforms.restatements import (
    Comparison,
    all_pairs,
    compare,
    compare_pairs,
    restatement_evidence,
)
from transforms.settings import RestatementSettings
from transforms.terms import Terms, document_terms

SETTINGS = RestatementSettings()
FIXTURES = Path(__file__).parents[1] / "fixtures"

# A document; the number at the head of a paragraph is that of the earlier one that it restates.
ARTICLE = [
    "Talks on the future of the ferry line between Chile and Norland opened in Port Ester on"
    " Monday, the port authority said.",
    "The Coastal Ferry Company (CFC) was founded in 1987 and carried 40,000 passengers a year"
    " between Port Ester and Chile before the storm destroyed its pier.",
    "Ministers hope to name a new operator of the line before the end of the year.",
    "1: Founded in 1987, the Coastal Ferry Company used to ship some 40,000 travellers"
    " every year from Port Ester to Chile.",
    "The CFC was founded in 1987 and carried 40,000 passengers a year from Port Ester to Chile,"
    " and Peter Tarrant was its first captain.",
    "The CFC was not founded in 1987 and never carried 40,000 passengers a year from Port Ester"
    " to Chile.",
    "“We carried 40,000 passengers a year from Port Ester to Chile from 1987 on,” a company"
    " captain said.",
    "CFC 1987 40,000 Port Ester Chile.",
    "Nobody was hurt in the storm, which came ashore near the old lighthouse at night.",
]


def article() -> tuple[list[str], set[tuple[int, int]]]:
    texts, expected = [], set()
    for position, line in enumerate(ARTICLE):
        head, colon, rest = line.partition(": ")
        marked = bool(colon) and head.isdigit()
        texts.append(rest if marked else line)
        if marked:
            expected.add((int(head), position))
    return texts, expected


def terms(texts: list[str]) -> list[Terms]:
    found = document_terms(texts, "en", SETTINGS)
    assert found is not None
    return found


def permitted(texts: list[str]) -> set[tuple[int, int]]:
    return {
        (earlier, later)
        for earlier, later, found in all_pairs(terms(texts), SETTINGS)
        if found.permitted
    }


def test_only_the_paragraph_that_adds_nothing_may_go() -> None:
    texts, expected = article()
    assert permitted(texts) == expected


def test_an_earlier_paragraph_stands_for_a_part_of_itself_not_for_more_than_itself() -> None:
    part = article()[0][1]
    more = (
        part[:-1]
        + ", sank its newest vessel, flooded both repair yards and left the founding family"
        " in heavy debt."
    )
    assert permitted([more, part]) == {(0, 1)}
    assert permitted([part, more]) == set()


def test_what_was_compared_is_the_evidence() -> None:
    texts, _ = article()
    each = terms(texts)
    found = compare(each[1], each[4], SETTINGS)
    assert found.verified
    assert not found.permitted
    evidence = restatement_evidence(found)
    assert evidence["missing"] == ["#1", "peter", "tarrant"]
    assert evidence["vetoes"] == ["numbers", "names"]
    assert {"1987", "40000", "cfc", "chile"} <= set(found.shared)
    assert found.points is not None
    assert evidence["points"] == found.points >= SETTINGS.drop_points
    assert [each.rsplit(" ", 1)[0] in FEATURES for each in found.strongest] == [True] * 3
    assert list(evidence) == [
        *("points", "strongest", "wording", "shared", "missing", "below", "vetoes")
    ]


def test_scores_are_directed_and_rounded() -> None:
    texts, _ = article()
    each = terms(texts)
    one, other = compare(each[1], each[3], SETTINGS), compare(each[3], each[1], SETTINGS)
    assert one.jaccard == other.jaccard
    assert one.containment > other.containment
    assert all(score == round(score, 4) for score in (one.jaccard, one.containment, one.wording))


@pytest.mark.parametrize(
    "stricter",
    [
        {"min_jaccard": 1.0},
        {"min_wording": 1.0},
        {"min_shared_content": 100},
        {"min_shared_facts": 100},
        {"drop_points": 1_000},
    ],
)
def test_under_a_bar_of_removal_a_restatement_is_marked_and_says_why(
    stricter: dict[str, float],
) -> None:
    texts, expected = article()
    each = terms(texts)
    ((earlier, later),) = expected
    settings = RestatementSettings(**stricter)  # type: ignore[arg-type]
    found = compare(each[earlier], each[later], settings)
    assert (found.verified, found.permitted) == (True, False)
    assert found.below == tuple(stricter)


@pytest.mark.parametrize(
    "stricter", [{"min_containment": 1.0}, {"min_stems": 100}, {"mark_points": 1_000}]
)
def test_under_another_bar_it_is_no_restatement(stricter: dict[str, float]) -> None:
    texts, expected = article()
    each = terms(texts)
    ((earlier, later),) = expected
    settings = RestatementSettings(**stricter)  # type: ignore[arg-type]
    assert compare(each[earlier], each[later], SETTINGS).permitted
    assert not compare(each[earlier], each[later], settings).verified


def test_the_oracle_is_every_verified_pair() -> None:
    texts, _ = article()
    each = terms(texts)
    every: list[tuple[int, int, Comparison]] = [
        (earlier, later, found)
        for earlier in range(len(each))
        for later in range(earlier + 1, len(each))
        if (found := compare(each[earlier], each[later], SETTINGS)).verified
    ]
    assert all_pairs(each, SETTINGS) == every
    assert len(every) > 1


@pytest.mark.parametrize(
    "told", ["- {}", "{} (photo by HRF)"], ids=["an item of a list", "a caption"]
)
def test_lists_and_captions_are_not_even_marked(told: str) -> None:
    texts, expected = article()
    ((earlier, later),) = expected
    plain, other = (terms([*texts, text]) for text in (texts[later], told.format(texts[later])))
    assert compare(plain[earlier], plain[-1], SETTINGS).verified
    assert not compare(other[earlier], other[-1], SETTINGS).verified


def test_many_pairs_at_once_give_what_each_gives_alone() -> None:
    each = terms(article()[0] * 8)
    pairs = [(one, other) for one in range(len(each)) for other in range(len(each))]
    alone = [compare(each[one], each[other], SETTINGS) for one, other in pairs[-400:]]
    assert list(compare_pairs(each, pairs, SETTINGS))[-400:] == alone


def test_paragraphs_without_content_are_no_pair() -> None:
    assert all_pairs(terms(["", "–", "The of and to."]), SETTINGS) == []


def gold() -> list[tuple[str, list[int], set[tuple[int, int]]]]:
    articles = []
    for row in map(json.loads, (FIXTURES / "gold.jsonl").read_text().splitlines()):
        stays = [each for each in row["lines"] if each["verdict"] in ("keep", "restatement")]
        restated = {
            (each["of_line"], each["line"]) for each in stays if each["verdict"] == "restatement"
        }
        articles.append((row["document"], [each["line"] for each in stays], restated))
    return articles


@pytest.mark.parametrize(
    ("document", "numbers", "restated"), gold(), ids=lambda value: str(value)[:3]
)
@pytest.mark.parametrize("language", ["en", None])
def test_the_five_articles_give_what_a_reader_marked_and_nothing_else(
    document: str, numbers: list[int], restated: set[tuple[int, int]], language: str | None
) -> None:
    lines = (FIXTURES / "articles" / f"{document}.txt").read_text().split("\n")
    found = document_terms([lines[number - 1] for number in numbers], language, SETTINGS)
    assert found is not None
    assert {
        (numbers[earlier], numbers[later])
        for earlier, later, comparison in all_pairs(found, SETTINGS)
        if comparison.permitted
    } == restated


def test_what_one_did_to_the_other_is_not_told_the_other_way_round() -> None:
    told = (
        "In March the engineer Tom Baker sued his former partner Ann Miller over the patents"
        " of the Norland mill for 40 million crowns."
    )
    turned = (
        "In March the engineer Ann Miller sued her former partner Tom Baker over the patents"
        " of the Norland mill for 40 million crowns."
    )
    terms = document_terms([told, turned], "en", SETTINGS)
    assert terms is not None
    found = compare(terms[0], terms[1], SETTINGS)
    assert found.jaccard > SETTINGS.min_jaccard
    assert "order" in found.vetoes
    assert not found.permitted
