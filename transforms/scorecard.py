"""Scorecards: each measure falls into a range, each range is worth a whole number of points.

Whole numbers add up the same on every machine, and a score can be read off the card.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from transforms.arrays import Ints


class Measure(NamedTuple):
    """One row of the card: ``points[k]`` for a value in ``[edges[k - 1], edges[k])``."""

    edges: tuple[int, ...]
    points: tuple[int, ...]


def tally(card: Mapping[str, Measure], values: Mapping[str, Ints]) -> Ints:
    """The points that a card gives to measured values: a row for each measure."""
    return np.array(
        [np.array(row.points)[np.digitize(values[name], row.edges)] for name, row in card.items()]
    )
