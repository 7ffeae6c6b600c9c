"""Sums of decision trees over whole-number features: the same on every machine.

A tree asks at each node whether a feature is at most a threshold.  All nodes
of all trees are asked of all lines at once; a node that says no crosses off
the leaves on its left, and the leftmost leaf that is left over is where the
line falls (the method of QuickScorer, Lucchese et al. 2015).  Leaves are whole
numbers, so their sum depends neither on the order nor on the batch.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from transforms.arrays import Ints

LEAVES: Final = 16
"""Most leaves of a tree: one bit each in its mask."""
_NODES: Final = LEAVES - 1
_ALL: Final = (1 << LEAVES) - 1
_LINES_AT_ONCE: Final = 256
"""Bounds the memory: what 256 lines answer to all questions fits the processor's cache."""
_FEW_LINES: Final = 32


Leaves = NDArray[np.uint8]


class TreeTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Trees as a model file holds them: little-endian int16 arrays, a row of 15 for each tree."""

    features: bytes
    """The column that each node asks about; an unused node says yes to everything."""
    thresholds: bytes
    left: bytes
    """The node where yes leads to; ``-1 - leaf`` for a leaf.  Leaves count from left to right."""
    right: bytes
    values: bytes
    """What a line is worth on average that comes to the node."""
    leaves: bytes
    """A row of 16 for each tree: what a line that falls there is worth."""


class Trees(NamedTuple):
    """Trees ready to be asked."""

    features: NDArray[np.int16]
    thresholds: NDArray[np.int16]
    crossed: NDArray[np.uint16]
    """The leaves that are crossed off when the node says no."""
    leaves: NDArray[np.int64]
    shares: NDArray[np.int16]
    """By tree, leaf and family of features: what the family's questions added on the way there."""


_LOWEST_BIT: Final = np.zeros(_ALL + 1, np.uint8)
for _bit in reversed(range(LEAVES)):
    _LOWEST_BIT[1 << _bit :: 2 << _bit] = _bit


def read_trees(table: TreeTable, columns: int, families: Ints) -> Trees:
    """The trees of a table.

    Args:
        table: as it stands in the file.
        columns: how many features there are.
        families: the family of each feature, counted from 0.

    Raises:
        ValueError: the table is damaged.
    """
    features, thresholds, left, right, values = (
        np.frombuffer(data, "<i2").reshape(-1, _NODES)
        for data in (table.features, table.thresholds, table.left, table.right, table.values)
    )
    leaves = np.frombuffer(table.leaves, "<i2").reshape(-1, LEAVES)
    if not (len(features) == len(thresholds) == len(left) == len(right) == len(leaves)):
        raise ValueError("the trees' arrays differ in length")
    if features.min() < 0 or features.max() >= columns:
        raise ValueError(f"a tree asks about a feature outside 0 to {columns - 1}")
    crossed = np.zeros(features.shape, np.uint16)
    shares = np.zeros((len(features), LEAVES, int(families.max()) + 1), np.int32)
    for tree in range(len(features)):
        # A child comes after its parent, so bottom up is backwards.
        below = [0] * _NODES
        for node in reversed(range(_NODES)):
            if left[tree, node] == right[tree, node]:
                continue
            family = families[features[tree, node]]
            for child, is_left in ((int(left[tree, node]), True), (int(right[tree, node]), False)):
                if node < child < _NODES:
                    held, worth = below[child], values[tree, child]
                elif -LEAVES <= child < 0:
                    held, worth = 1 << (-1 - child), leaves[tree, -1 - child]
                else:
                    raise ValueError(f"tree {tree} has no node {child}")
                below[node] |= held
                inside = [leaf for leaf in range(LEAVES) if held >> leaf & 1]
                shares[tree, inside, family] += worth - values[tree, node]
                if is_left:
                    crossed[tree, node] = held
    limits = np.iinfo(np.int16)
    shares = np.clip(shares, limits.min, limits.max)
    return Trees(features, thresholds, crossed, leaves.astype(np.int64), shares.astype(np.int16))


def fall(trees: Trees, columns: NDArray[np.int16]) -> Leaves:
    """The leaves that lines fall into, a row for each tree.

    Args:
        trees: the trees.
        columns: a row for each line.
    """
    return np.concatenate(
        [
            _fall(trees, columns[start : start + _LINES_AT_ONCE])
            for start in range(0, len(columns), _LINES_AT_ONCE)
        ],
        axis=1,
    )


def _fall(trees: Trees, columns: NDArray[np.int16]) -> Leaves:
    asked = np.ascontiguousarray(columns.T)[trees.features.ravel()]
    crossed = (asked > trees.thresholds.reshape(-1, 1)).astype(np.uint16)
    crossed *= trees.crossed.reshape(-1, 1)
    off = np.bitwise_or.reduce(crossed.reshape(*trees.crossed.shape, -1), axis=1)
    lowest: Leaves = _LOWEST_BIT[~off]
    return lowest


def sum_leaves(trees: Trees, fallen: Leaves) -> Ints:
    """What each line is worth."""
    tree = np.arange(len(trees.leaves))[:, None]
    sums: Ints = trees.leaves[tree, fallen].sum(axis=0)
    return sums


def sum_shares(trees: Trees, fallen: Leaves) -> NDArray[np.int32]:
    """How much of its worth each family of features adds, by line and family."""
    lines = fallen.shape[1]
    sums = np.zeros((lines, trees.shares.shape[2]), np.int32)
    if lines < _FEW_LINES:  # a step for each line, not for each tree
        tree = np.arange(len(trees.leaves))
        for line in range(lines):
            trees.shares[tree, fallen[:, line]].sum(axis=0, out=sums[line])
        return sums
    for of_leaf, leaf in zip(trees.shares, fallen, strict=True):
        sums += of_leaf.take(leaf, axis=0)
    return sums
