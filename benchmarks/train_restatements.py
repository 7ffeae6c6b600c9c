"""Train the scorer of restatements: ``python -m benchmarks.train_restatements DATA [MODEL]``.

DATA is a folder with ``neardup/`` and ``corpora/``.  The same data and the same
libraries give the same bytes.  With ``--folds`` nothing is written: every pair is
scored by a model that has not seen its story, its sentences or others like them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import click
import lightgbm
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
from benchmarks.tree_tables import as_table
from transforms.restatement_features import FALLING, FEATURES, RISING, pair_features
from transforms.restatement_model import (
    MODEL,
    NO_POINTS,
    VERSION,
    RestatementModel,
    Scorer,
    as_columns,
    is_close,
    stem_hash,
)
from transforms.sealed import MOST_BYTES, seal

Floats = NDArray[np.float64]

_WEIGHTS: Final = {
    STORIES: 1.0,
    ALONE: 1.0,
    "msrp": 0.7,
    "panmt": 0.8,
    "sts_news": 0.4,
    "reuters21578": 0.03,
    "bbc2004": 0.03,
}
"""What each set weighs.  Articles that hardly restate anything keep names and topics from
deciding; at .1 each, recall at precision .95 on unseen stories fell from .38 to .25."""
_BAGS: Final = 5
_BAG_SHARE: Final = 0.7
"""The model is the mean of five, each without three groups in ten: a story with many pairs then
decides less."""
_ROUNDS: Final = 50
_TREES: Final[dict[str, Any]] = {
    "objective": "binary",
    "num_leaves": 10,
    "learning_rate": 0.08,
    "min_data_in_leaf": 30,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 20,
    "max_bin": 127,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbose": -1,
    "monotone_constraints": [(name in RISING) - (name in FALLING) for name in FEATURES],
}
_FOLDS: Final = 11
_PRECISION: Final = 0.95
_DRAWS: Final = 1_000
_INTERVAL: Final = (2.5, 97.5)


def train(pairs: Sequence[Pair], rarities: Rarities) -> RestatementModel:
    """The model of the pairs, those of the within-document set left out."""
    taught = [
        pair for pair in pairs if pair.of != WITHIN and is_close(pair.one.terms, pair.other.terms)
    ]
    columns = as_columns([pair_features(pair.one, pair.other) for pair in taught])
    labels = np.array([pair.label for pair in taught], np.float64)
    weights = _weights(taught)
    groups = np.array([pair.group for pair in taught])
    return RestatementModel(
        version=VERSION,
        trained_on=", ".join(sorted({pair.of for pair in taught})),
        columns=FEATURES,
        trees=as_table([_fit(columns, labels, weights, groups, bag) for bag in range(_BAGS)]),
        **_rarity_table(rarities),
    )


def _fit(
    columns: NDArray[np.int16], labels: Floats, weights: Floats, groups: NDArray[np.str_], bag: int
) -> dict[str, Any]:
    names = np.unique(groups)
    drawn = np.random.default_rng(bag).random(len(names)) < _BAG_SHARE
    rows = np.isin(groups, names[drawn])
    own = weights[rows] * rows.sum() / weights[rows].sum()
    data = lightgbm.Dataset(columns[rows], labels[rows], weight=own)
    dump: dict[str, Any] = lightgbm.train(_TREES | {"seed": bag + 1}, data, _ROUNDS).dump_model()
    return dump


def _weights(pairs: Sequence[Pair]) -> Floats:
    """A group weighs the root of its pairs; then each set what it shall."""
    keys = [(pair.of, pair.group) for pair in pairs]
    _, which, sizes = np.unique(
        [f"{of} {group}" for of, group in keys], return_inverse=True, return_counts=True
    )
    weights: Floats = 1 / np.sqrt(sizes[which].astype(np.float64))
    sets = np.array([pair.of for pair in pairs])
    for name, weight in _WEIGHTS.items():
        own = sets == name
        weights[own] *= weight / max(weights[own].sum(), 1e-9)
    return weights


def _rarity_table(rarities: Rarities) -> dict[str, Any]:
    table = sorted((stem_hash(key), rarity) for key, rarity in rarities.of.items())
    return {
        "stems": np.array([key for key, _ in table], "<u4").tobytes(),
        "rarities": np.array([rarity for _, rarity in table], np.uint8).tobytes(),
        "rarest": rarities.rarest,
    }


def score_unseen(pairs: Sequence[Pair], rarities: Rarities) -> NDArray[np.int64]:
    """The points of every pair by a model that has not seen its group."""
    groups = sorted({pair.group for pair in pairs if pair.of != WITHIN})
    stories = [group for group in groups if group.startswith(STORIES)]
    drawn = np.random.default_rng(0)
    fold = {group: int(drawn.integers(_FOLDS)) for group in groups}
    fold |= {group: at % _FOLDS for at, group in enumerate(drawn.permutation(stories).tolist())}
    points = np.full(len(pairs), NO_POINTS, np.int64)
    for number in range(_FOLDS + 1):
        seen = [pair for pair in pairs if fold.get(pair.group) != number]
        rows = [
            at for at, pair in enumerate(pairs) if fold.get(pair.group, _FOLDS) == number
        ]  # the last model scores the within-document pairs, which none has seen
        scorer = Scorer(train(seen, rarities))
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


def table(pairs: Sequence[Pair], points: NDArray[np.int64]) -> str:
    """Recall at the precision that is asked for, with intervals over groups, by set."""
    lines = [f"{'set':<32} pairs  recall at {_PRECISION}          bar | stem Jaccard"]
    for name in (STORIES, ALONE, *PAIR_SETS, WITHIN):
        rows = [at for at, pair in enumerate(pairs) if pair.of == name]
        labels = np.array([pairs[at].label for at in rows])
        groups = [pairs[at].group for at in rows]
        plain = np.array([_stem_jaccard(pairs[at]) for at in rows])
        own = points[rows].astype(np.float64)
        recall, bar = recall_at(labels, own, _PRECISION)
        low, high = _interval(labels, own, groups)
        lines.append(
            f"{name:<32} {len(rows):>5}  {recall:.3f} [{low:.3f}, {high:.3f}] {bar:>6.0f}"
            f" | {recall_at(labels, plain, _PRECISION)[0]:.3f}"
        )
    return "\n".join(lines)


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


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("model", type=click.Path(path_type=Path), default=MODEL)
@click.option("--folds", is_flag=True, help="Score pairs unseen, write no model.")
def main(data: Path, model: Path, folds: bool) -> None:
    """Train on the pairs in DATA and write MODEL."""
    rarities = count_rarities(data)
    pairs = read_pairs(data, rarities)
    if folds:
        click.echo(table(pairs, score_unseen(pairs, rarities)))
        return
    sealed = seal(train(pairs, rarities))
    if len(sealed) > MOST_BYTES:
        raise click.ClickException(f"the model has {len(sealed)} bytes, more than {MOST_BYTES}")
    model.parent.mkdir(parents=True, exist_ok=True)
    model.write_bytes(sealed)
    click.echo(f"{model}: {len(sealed)} bytes")


if __name__ == "__main__":
    main()
