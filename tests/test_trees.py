from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from transforms.trees import LEAVES, TreeTable, fall, read_trees, sum_leaves, sum_shares

NODES = LEAVES - 1


def table(feature: int = 0, second_child: int = -3) -> TreeTable:
    """One tree: if x0 <= 5 then 10, else if x1 <= 0 then 20 else 40."""

    def row(values: list[int], size: int, filler: int = 0) -> bytes:
        return np.array(values + [filler] * (size - len(values)), "<i2").tobytes()

    return TreeTable(
        features=row([feature, 1], NODES),
        thresholds=row([5, 0], NODES, np.iinfo(np.int16).max),
        left=row([-1, -2], NODES),
        right=row([1, second_child], NODES),
        values=row([15, 30], NODES),
        leaves=row([10, 20, 40], LEAVES),
    )


def columns(*rows: tuple[int, int]) -> NDArray[np.int16]:
    return np.array(rows, np.int16)


FAMILIES = np.array([0, 1])


def worth(*rows: tuple[int, int]) -> list[int]:
    trees = read_trees(table(), 2, FAMILIES)
    return [int(value) for value in sum_leaves(trees, fall(trees, columns(*rows)))]


def test_lines_fall_where_the_questions_lead() -> None:
    assert worth((5, 9), (6, 0), (6, 1)) == [10, 20, 40]


def test_each_question_adds_what_it_changes() -> None:
    trees = read_trees(table(), 2, FAMILIES)
    shares = sum_shares(trees, fall(trees, columns((5, 9), (6, 0), (6, 1))))
    assert shares.tolist() == [[-5, 0], [15, -10], [15, 10]]


def test_the_largest_values_are_told_apart() -> None:
    assert worth((-32768, 0), (32767, 32767)) == [10, 40]


@pytest.mark.parametrize("feature", [-1, 2])
def test_a_question_about_no_feature_is_refused(feature: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        read_trees(table(feature=feature), 2, FAMILIES)


@pytest.mark.parametrize("child", [0, 15, -17])
def test_a_way_that_leads_nowhere_is_refused(child: int) -> None:
    with pytest.raises(ValueError, match="has no node"):
        read_trees(table(second_child=child), 2, FAMILIES)
