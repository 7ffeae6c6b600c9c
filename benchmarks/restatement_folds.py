"""The scorer of restatements on pairs that it has not seen: the tables of the model card.

The shipped model learned from these sets, so each pair is scored by a model of the
same making that has not seen its story, its sentences or others like them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.restatement_pairs import (
    ALONE,
    PAIR_SETS,
    STORIES,
    WITHIN,
    Pair,
    Rarities,
    count_rarities,
    read_pairs,
)
from benchmarks.train_restatements import taught_by, train
from transforms.restatement_model import NO_POINTS, Scorer
from transforms.settings import RestatementSettings
from transforms.vetoes import captions, lists

Floats = NDArray[np.float64]

_SETS: Final = (STORIES, ALONE, *PAIR_SETS)
_FOLDS: Final = 11
_PRECISION: Final = 0.95
_DRAWS: Final = 1_000
_INTERVAL: Final = (2.5, 97.5)
_CURVE: Final = (0, 5, 10, 15, 20, 25, 30)
_NEVER: Final = -1e9
"""The score of a pair that no bar lets through."""


class Scored(NamedTuple):
    """One set, every pair scored by a model that has not seen its group."""

    name: str
    labels: NDArray[np.bool_]
    groups: list[str]
    points: Floats
    plain: Floats
    """Jaccard of all stems, function words included."""
    vetoed: NDArray[np.bool_]
    """One of the two is a list, a headline in capitals or a caption: it is never marked."""


def score_sets(data: Path) -> list[Scored]:
    """The sets in ``DATA/neardup``, out of fold."""
    rarities = count_rarities(data)
    pairs = [pair for pair in read_pairs(data, rarities) if pair.of != WITHIN]
    points = score_unseen(pairs, rarities)
    found = []
    for name in _SETS:
        rows = [at for at, pair in enumerate(pairs) if pair.of == name]
        own = [pairs[at] for at in rows]
        terms = [(pair.one.terms, pair.other.terms) for pair in own]
        found.append(
            Scored(
                name,
                np.array([pair.label for pair in own]),
                [pair.group for pair in own],
                points[rows].astype(np.float64),
                np.array([_stem_jaccard(pair) for pair in own]),
                np.array([lists(*each) or captions(*each) for each in terms]),
            )
        )
    return found


def score_unseen(pairs: Sequence[Pair], rarities: Rarities) -> NDArray[np.int64]:
    """The points of every pair by a model that has not seen its group."""
    groups = sorted({pair.group for pair in pairs})
    stories = [group for group in groups if group.startswith(STORIES)]
    drawn = np.random.default_rng(0)
    fold = {group: int(drawn.integers(_FOLDS)) for group in groups}
    fold |= {group: at % _FOLDS for at, group in enumerate(drawn.permutation(stories).tolist())}
    examples = taught_by(pairs)
    points = np.full(len(pairs), NO_POINTS, np.int64)
    for number in range(_FOLDS):
        unseen = {group for group, own in fold.items() if own == number}
        rows = [at for at, pair in enumerate(pairs) if pair.group in unseen]
        scorer = Scorer(train(examples.without(unseen), rarities))
        points[rows] = scorer.score([(pairs[at].one, pairs[at].other) for at in rows])
    return points


def recall_at(labels: NDArray[np.bool_], scores: Floats, precision: float) -> tuple[float, float]:
    """The largest recall at a precision, and the score that reaches it."""
    order = np.argsort(-scores, kind="stable")
    right = np.cumsum(labels[order])
    last = np.append(np.diff(scores[order]) != 0, True)
    fine = last & (right >= precision * np.arange(1, len(order) + 1))
    if not fine.any():
        return 0.0, np.inf
    at = int(np.flatnonzero(fine)[np.argmax(right[fine])])
    return float(right[at] / max(labels.sum(), 1)), float(scores[order][at])


def recall_table(sets: Sequence[Scored]) -> str:
    """Recall at the precision that is asked for, with intervals over groups, by set."""
    lines = [f"{'set, out of fold':<36} pairs  recall at {_PRECISION}        from | stem Jaccard"]
    for each in sets:
        for rule, vetoed in (("", np.zeros_like(each.vetoed)), ("  with the veto", each.vetoed)):
            own = np.where(vetoed, _NEVER, each.points)
            plain = np.where(vetoed, _NEVER, each.plain)
            recall, bar = recall_at(each.labels, own, _PRECISION)
            low, high = _interval(each.labels, own, each.groups)
            lines.append(
                f"{rule or each.name:<36} {len(own):>5}  {recall:.3f} [{low:.3f}, {high:.3f}]"
                f" {bar:>5.0f} | {recall_at(each.labels, plain, _PRECISION)[0]:.3f}"
            )
    return "\n".join(lines)


def curve_table(sets: Sequence[Scored], settings: RestatementSettings) -> str:
    """Precision and recall with the veto, and (plain stem Jaccard's precision at that recall)."""
    bars = sorted({*_CURVE, settings.mark_points, settings.drop_points})
    lines = [f"{'set, out of fold':<32}" + "".join(f"{f'from {bar}':>20}" for bar in bars)]
    for each in sets:
        cells = []
        for bar in bars:
            taken = (each.points >= bar) & ~each.vetoed
            right = int((taken & each.labels).sum())
            recall = right / each.labels.sum()
            plain = _precision_at(each.labels, np.where(each.vetoed, _NEVER, each.plain), right)
            cells.append(f"  {right / max(taken.sum(), 1):.3f}@{recall:.3f} ({plain:.3f})")
        lines.append(f"{each.name:<32}" + "".join(f"{cell:>20}" for cell in cells))
    return "\n".join(lines)


def _precision_at(labels: NDArray[np.bool_], scores: Floats, right: int) -> float:
    """The precision of the highest bar that finds so many."""
    found = np.sort(scores[labels])[::-1]
    return float(labels[scores >= found[right - 1]].mean()) if right else 1.0


def _interval(
    labels: NDArray[np.bool_], scores: Floats, groups: Sequence[str]
) -> tuple[float, float]:
    """95 % bootstrap interval of the recall, whole groups drawn."""
    names, which = np.unique(groups, return_inverse=True)
    members = [np.flatnonzero(which == number) for number in range(len(names))]
    drawn = np.random.default_rng(0)
    recalls = []
    for _ in range(_DRAWS):
        chosen = drawn.integers(len(names), size=len(names))
        rows = np.concatenate([members[number] for number in chosen.tolist()])
        recalls.append(recall_at(labels[rows], scores[rows], _PRECISION)[0])
    low, high = np.percentile(recalls, _INTERVAL)
    return float(low), float(high)


def _stem_jaccard(pair: Pair) -> float:
    one, other = pair.one.mentioned, pair.other.mentioned
    return len(one & other) / max(len(one | other), 1)
