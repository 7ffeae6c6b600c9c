"""Sweeps: what goes at which setting, and what is close to the bar."""

import pytest

from pipeline.sweeps import proposal_rate, sweep_lean, sweep_near, sweep_restated
from tests.corpora import block, document
from transforms.block import Block
from transforms.document import Record
from transforms.settings import RestatementSettings, Settings
from transforms.single import decode_block, judge_block, split_block

BASE = (
    "The town council voted on Monday for a new bridge over the river and the mayor said that"
    " workers would start soon."
)
CLOSE = BASE.replace("workers", "builders")
FAR = CLOSE.replace("said", "added")
OTHER = "A storm tore the roof off the market hall and left hundreds of traders without a stall."


def near(*lines: str) -> Block:
    """A document for each line; the first is the longest, and so the one that stays."""
    first, *rest = (document(f"{n}", [line]) for n, line in enumerate(lines))
    return block(document("first", [first.text, OTHER]), *rest)


def test_a_pair_above_the_bar_goes_now_and_stays_at_a_higher_one() -> None:
    sweep = sweep_near(near(BASE, CLOSE), Settings(), "short_jaccard")
    going = {step.value: step.paragraphs for step in sweep.steps}
    assert (going[sweep.now], going[max(going)]) == (1, 0)
    (case,) = sweep.going
    assert case.kept is not None
    assert (case.gone.text, case.kept.text) == (CLOSE, BASE)
    assert case.margin == pytest.approx(case.score - sweep.now)
    assert sweep.staying == []


def test_a_pair_below_the_bar_is_shown_with_what_is_missing() -> None:
    sweep = sweep_near(near(BASE, FAR), Settings(), "short_jaccard")
    (case,) = sweep.staying
    assert case.margin == pytest.approx(case.score - sweep.now)
    assert case.margin < 0
    assert case.gone.text == FAR
    assert sweep.going == []


def test_a_lower_step_never_removes_less_and_what_is_set_is_a_step() -> None:
    sweep = sweep_near(near(BASE, CLOSE, FAR), Settings(), "short_jaccard")
    counts = [step.paragraphs for step in sweep.steps]
    assert counts == sorted(counts, reverse=True)
    assert sweep.now in [step.value for step in sweep.steps]
    assert [case.margin for case in sweep.going] == sorted(case.margin for case in sweep.going)


EARLIER = (
    "Arlemouth has been without a bridge since 2011, when the old one fell into the river in a"
    " storm, and the town has waited for the Arle Bridge Fund ever since."
)
LATER = (
    "Since 2011, when a storm brought the old one into the river, Arlemouth has waited without a"
    " bridge for the Arle Bridge Fund."
)


@pytest.mark.parametrize(("bar", "shown"), [(0.33, "going"), (0.9, "staying")])
def test_restatements_are_on_the_side_of_the_bar_that_their_score_says(
    bar: float, shown: str
) -> None:
    settings = Settings(restatements=RestatementSettings(min_jaccard=bar))
    told_twice = document("a", [EARLIER, OTHER, LATER])
    sweep = sweep_restated(block(told_twice), settings)
    (case,) = sweep.going + sweep.staying
    assert case in getattr(sweep, shown)
    assert case.gone.place == ("a", 2)
    assert (case.margin > 0) == (shown == "going")


def test_a_stricter_judge_drops_more() -> None:
    text = f"12:17 GMT\nShare this\nBridge\n{BASE}\n{OTHER}\nMore here\nThe shops closed early."
    settings = Settings()
    record = Record(id="a", source="a", data=text.encode())
    split = split_block(
        decode_block(Block(index=0, records=(record,)), settings.decode),
        settings.split,
        settings.decode,
    )
    judged = judge_block(split, settings.judge, ())
    sweep = sweep_lean(split, judged, settings)
    counts = [step.paragraphs for step in sweep.steps]
    assert counts[0] >= counts[-1]
    now = next(step for step in sweep.steps if step.value == sweep.now)
    dropped = [j for j in judged.documents[0].judgements if j.verdict == "boilerplate"]
    assert now.paragraphs == len(dropped) > 0
    assert all(case.kept is None for case in sweep.going + sweep.staying)


def test_the_rate_of_proposals_is_that_of_lsh() -> None:
    assert proposal_rate(1.0, 25, 5) == 1.0
    assert proposal_rate(0.0, 25, 5) == 0.0
    assert proposal_rate(0.35, 34, 2) == pytest.approx(0.988, abs=0.001)
