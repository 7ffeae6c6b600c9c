"""One change in a sentence of a newsroom's kind: what must stay, and what must still go.

``fixtures/vetoes`` has one sentence a line, with what stands in one text and in the
other in braces.  The first 85 of ``changed.txt`` were written before the tables of words.
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from transforms import vetoes
from transforms.exchanges import are_opposed, are_turned, exchanged
from transforms.facts import facts_of
from transforms.restatements import compare
from transforms.settings import RestatementSettings, VetoSettings
from transforms.terms import document_terms

FOLDER = Path(__file__).parents[1] / "fixtures" / "vetoes"
CHOICE = re.compile(r"\{([^{}|]*)\|([^{}|]*)\}")
SETTINGS = RestatementSettings()
JACCARD = 0.8


def pairs(name: str) -> Iterator[tuple[str, str]]:
    for line in (FOLDER / name).read_text("utf-8").splitlines():
        if not line.startswith("#"):
            _, sentence = line.split(" | ", 1)
            yield CHOICE.sub(r"\1", sentence), CHOICE.sub(r"\2", sentence)


def near_vetoes(removed: str, kept: str) -> tuple[str, ...]:
    return vetoes.near_duplicate_vetoes(facts_of(removed), facts_of(kept), JACCARD, VetoSettings())


@pytest.mark.parametrize(("one", "other"), list(pairs("changed.txt")))
def test_neither_goes_where_the_one_change_is_a_claim(one: str, other: str) -> None:
    for removed, kept in ((one, other), (other, one)):
        assert near_vetoes(removed, kept)
        terms = document_terms([kept, removed], "en", SETTINGS)
        assert terms is not None
        assert vetoes.restatement_vetoes(terms[1], terms[0])
        assert not compare(terms[0], terms[1], SETTINGS).permitted


@pytest.mark.parametrize(("one", "other"), list(pairs("harmless.txt")))
def test_one_goes_where_the_one_change_is_harmless(one: str, other: str) -> None:
    assert not near_vetoes(one, other) or not near_vetoes(other, one)


@pytest.mark.parametrize(
    ("veto", "removed", "against", "without"),
    [
        (vetoes.hedges_otherwise, "It may be over", "It is over", "It could be over"),
        (vetoes.loses_hedge, "He allegedly left", "He left", "They say he reportedly left"),
        (vetoes.exchanges, "He lost his hat", "She lost her hat", "He lost a hat of his"),
        (vetoes.exchanges, "It rose by 5 points", "It rose to 5 points", "It rose, by 5 points"),
        (vetoes.takes_opposite, "Rates were raised", "Rates were cut", "Rates were lifted"),
        (vetoes.says_opposite, "A legal strike", "An illegal strike", "The strike was legal"),
        (vetoes.turns_score, "They won 3-2 there", "They won 2-3 there", "3-2 was the result"),
        (vetoes.loses_label, "Holders of class A", "Holders of class B", "The A and B shares"),
        (vetoes.loses_uncased, "زار أحمد المدينة", "زار محمود المدينة", "زار أحمد المدينة أمس"),
    ],
)
def test_each_veto_forbids_its_own_case(
    veto: vetoes.FactsTest, removed: str, against: str, without: str
) -> None:
    assert veto(facts_of(removed), facts_of(against))
    assert not veto(facts_of(removed), facts_of(without))


@pytest.mark.parametrize(
    ("removed", "kept"),
    [
        ("زار الوزير أحمد المدينة القديمة", "زار الوزير محمود المدينة القديمة"),
        ("השר כהן ביקר בעיר העתיקה", "השר לוי ביקר בעיר העתיקה"),
        ("मंत्री राम ने शहर का दौरा किया", "मंत्री श्याम ने शहर का दौरा किया"),
        ("მინისტრი გიორგი ქალაქს ეწვია", "მინისტრი დავითი ქალაქს ეწვია"),
        ("王部长昨天访问了这座城市", "李部长昨天访问了这座城市"),
        ("田中大臣が町を訪れました", "鈴木大臣が町を訪れました"),
        ("นายสมชายเยือนเมืองนี้", "นายวิชัยเยือนเมืองนี้"),
    ],
)
def test_a_word_that_may_be_a_name_is_lost_only_where_nearly_all_agrees(
    removed: str, kept: str
) -> None:
    settings = VetoSettings()
    left, right = facts_of(removed), facts_of(kept)
    assert vetoes.near_duplicate_vetoes(left, right, 0.89, settings) == ("uncased",)
    assert vetoes.near_duplicate_vetoes(left, right, 0.90, settings) == ()
    lenient = VetoSettings(uncased_jaccard=0.0)
    assert vetoes.near_duplicate_vetoes(left, right, 0.80, lenient) == ()


def test_hostile_words_cost_linear_time() -> None:
    many = tuple([f"un{at}w" for at in range(50_000)])
    ours, theirs = exchanged(Counter(many), Counter([f"{at}w" for at in range(50_000)]))
    assert are_turned(ours, theirs)
    assert not are_opposed(ours, theirs, in_place=True)
