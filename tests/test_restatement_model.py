from __future__ import annotations

import msgspec
import pytest

from transforms.restatement_features import Reading
from transforms.restatement_model import (
    MODEL,
    NO_POINTS,
    VERSION,
    RestatementModel,
    Scorer,
    is_close,
    load_scorer,
)
from transforms.sealed import ModelError, seal, unseal
from transforms.settings import RestatementSettings
from transforms.terms import document_terms

# A document; the later paragraphs say less and less of what the first one says.
ARTICLE = [
    "The Coastal Ferry Company was founded in 1987 and carried 40,000 passengers a year between"
    " Port Ester and Chile before the storm destroyed its pier.",
    "Founded in 1987, the Coastal Ferry Company used to ship some 40,000 passengers every year"
    " from Port Ester to Chile until a storm destroyed its pier.",
    "The Coastal Ferry Company said on Monday that it will look for another pier in Chile.",
    "Nobody was hurt in the fire, which broke out near an old lighthouse at night.",
]


def readings() -> list[Reading]:
    terms = document_terms(ARTICLE, "en", RestatementSettings())
    assert terms is not None
    return [load_scorer().read(each) for each in terms]


def test_the_nearer_paragraph_has_more_points() -> None:
    first, *others = readings()
    restated, related, other = load_scorer().score([(first, each) for each in others]).tolist()
    assert restated > 2 * related
    assert related > other == NO_POINTS


def test_company_and_order_change_no_points() -> None:
    first, *others = readings()
    together = load_scorer().score([(first, each) for each in others]).tolist()
    alone = [int(load_scorer().score([(each, first)])[0]) for each in others]
    assert together == alone


def test_the_features_that_decide_have_names() -> None:
    first, restated, related, _ = readings()
    pairs = [(first, restated), (first, related)]
    scores = load_scorer().weigh(pairs, -100)
    assert [score.points for score in scores] == load_scorer().score(pairs).tolist()
    for score in scores:
        sizes = [abs(points) for _, points in score.strongest]
        assert len(sizes) == 3
        assert sizes == sorted(sizes, reverse=True)


def test_features_are_named_only_from_the_points_on_that_are_asked_for() -> None:
    first, restated, related, _ = readings()
    scorer = load_scorer()
    points = scorer.score([(first, restated)]).tolist()[0]
    scores = scorer.weigh([(first, restated), (first, related)], points)
    assert [bool(score.strongest) for score in scores] == [True, False]


def test_no_pairs_have_no_points() -> None:
    assert load_scorer().score([]).tolist() == load_scorer().weigh([], 0) == []


def test_a_model_for_other_features_is_refused() -> None:
    model = unseal(MODEL.read_bytes(), RestatementModel, VERSION)
    other = msgspec.structs.replace(model, columns=model.columns[::-1])
    with pytest.raises(ModelError, match="other features"):
        Scorer(unseal(seal(other), RestatementModel, VERSION))


def test_two_paragraphs_as_long_as_books_are_not_compared_word_by_word() -> None:
    long = " ".join(f"word{at} and" for at in range(2_000))
    terms = document_terms([long, long], "en", RestatementSettings())
    assert terms is not None
    assert not is_close(*terms)
