"""Scorecards: each range of a measure has its points."""

from __future__ import annotations

import numpy as np

from transforms.scorecard import Measure, tally


def test_a_card_gives_each_range_its_points() -> None:
    card = {"words": Measure((3, 10), (-5, 0, 7))}
    assert tally(card, {"words": np.array([0, 2, 3, 9, 10, 99])}).tolist() == [[-5, -5, 0, 0, 7, 7]]
