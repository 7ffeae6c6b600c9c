"""LightGBM's trees as a model file holds them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from transforms.classifier import UNIT
from transforms.trees import LEAVES, TreeTable


def as_table(dumps: Sequence[dict[str, Any]]) -> TreeTable:
    """The trees of dumped models in whole numbers, leaves counted from left to right.

    Args:
        dumps: models whose mean is wanted.
    """
    trees = [tree for dump in dumps for tree in dump["tree_info"]]
    unit = UNIT / len(dumps)
    shape = (len(trees), LEAVES - 1)
    arrays = {
        name: np.zeros(shape, "<i2")
        for name in ("features", "thresholds", "left", "right", "values")
    }
    # An unused node says yes to everything, and leads nowhere.
    arrays["thresholds"][:] = np.iinfo(np.int16).max
    leaves = np.zeros((shape[0], LEAVES), "<i2")
    for number, info in enumerate(trees):
        counts = [0, 0]

        def add(node: dict[str, Any], tree: int = number, counts: list[int] = counts) -> int:
            if "leaf_value" in node:
                leaves[tree, counts[1]] = round(node["leaf_value"] * unit)
                counts[1] += 1
                return -counts[1]
            own = counts[0]
            counts[0] += 1
            arrays["features"][tree, own] = node["split_feature"]
            arrays["thresholds"][tree, own] = int(np.floor(node["threshold"]))
            arrays["values"][tree, own] = round(node["internal_value"] * unit)
            arrays["left"][tree, own] = add(node["left_child"])
            arrays["right"][tree, own] = add(node["right_child"])
            return own

        add(info["tree_structure"])
    return TreeTable(
        leaves=leaves.tobytes(), **{name: array.tobytes() for name, array in arrays.items()}
    )
