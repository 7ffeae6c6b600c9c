"""Train the scorer of restatements: ``python -m benchmarks.train_restatements DATA [MODEL]``.

DATA is a folder with ``neardup/`` and ``corpora/``.  The same data and the same
libraries give the same bytes.  What such a model does on pairs that it has not
seen is printed by :mod:`benchmarks.restatements`.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any, Final, NamedTuple

import click
import lightgbm
import numpy as np
from numpy.typing import NDArray

from benchmarks.restatement_pairs import (
    ALONE,
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
    VERSION,
    RestatementModel,
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


class Taught(NamedTuple):
    """Pairs to learn from: close ones, those of the within-document set left out."""

    pairs: list[Pair]
    columns: NDArray[np.int16]

    def without(self, groups: AbstractSet[str]) -> Taught:
        """Those of other groups."""
        rows = [at for at, pair in enumerate(self.pairs) if pair.group not in groups]
        return Taught([self.pairs[at] for at in rows], self.columns[rows])


def taught_by(pairs: Sequence[Pair]) -> Taught:
    """What there is to learn from pairs."""
    close = [
        pair for pair in pairs if pair.of != WITHIN and is_close(pair.one.terms, pair.other.terms)
    ]
    return Taught(close, as_columns([pair_features(pair.one, pair.other) for pair in close]))


def train(examples: Taught, rarities: Rarities) -> RestatementModel:
    """The model of the pairs."""
    taught, columns = examples
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


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("model", type=click.Path(path_type=Path), default=MODEL)
def main(data: Path, model: Path) -> None:
    """Train on the pairs in DATA and write MODEL."""
    rarities = count_rarities(data)
    sealed = seal(train(taught_by(read_pairs(data, rarities)), rarities))
    if len(sealed) > MOST_BYTES:
        raise click.ClickException(f"the model has {len(sealed)} bytes, more than {MOST_BYTES}")
    model.parent.mkdir(parents=True, exist_ok=True)
    model.write_bytes(sealed)
    click.echo(f"{model}: {len(sealed)} bytes")


if __name__ == "__main__":
    main()
