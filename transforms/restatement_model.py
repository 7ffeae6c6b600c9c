"""The learned scorer of restatements: how much speaks for two paragraphs saying the same.

A sum of decision trees over the features of a pair
(:mod:`transforms.restatement_features`), all in whole numbers, so a pair gets
the same points on every machine, alone or among others.  It decides what is
marked, and has a say in what is dropped; the vetoes stay above it.

The model is data: a file beside this one, checked when it is loaded;
``docs/model-card.md`` says what it was trained on.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.arrays import Ints
from transforms.restatement_features import FEATURES, Reading, pair_features, read_paragraph
from transforms.sealed import ModelError, ModelFile, load_model
from transforms.shingles import word_hash
from transforms.terms import Terms
from transforms.trees import Leaves, TreeTable, fall, read_trees, sum_leaves, sum_shares

MODEL: Final = Path(__file__).parent / "models" / "restatements.msgpack"
VERSION: Final = 1
"""Of the features and the file's layout: a model is good for its own version only."""

_POINT: Final = 100
"""What a point, a tenth of a unit of log-odds, is in the leaves."""

_CACHED_STEMS: Final = 1 << 16
_HASH_BITS: Final = 32
_WORD_BITS: Final = 64

_MIN_SHARED: Final = 3
MIN_JACCARD: Final = 0.15
"""Content that both have, and its share of what either has, under which a pair is not looked at.
Of labelled pairs of one story, 17 % of the restatements and 74 % of the others have less."""
NO_POINTS: Final = -999
"""The points of a pair with less."""
_LONGEST: Final = 1_000
"""Words beyond which a paragraph is not looked at: nobody retells as much in one, and the longest
common order of two costs the product of their lengths."""


_NAMED: Final = 3
"""Features that are named as evidence."""


class Score(NamedTuple):
    """What the scorer says of a pair."""

    points: int
    """In tenths of a unit of log-odds."""
    strongest: tuple[tuple[str, int], ...]
    """The features that moved it most with the points that they add, strongest first."""


NO_SCORE: Final = Score(NO_POINTS, ())


class RestatementModel(ModelFile, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the model file of restatements holds."""

    columns: tuple[str, ...]
    """The features, in order."""
    trees: TreeTable
    stems: bytes
    """Hashes of frequent stems, a little-endian uint32 each, ascending."""
    rarities: bytes
    """How rare each is: eighths of a bit of its share of paragraphs, a uint8 each."""
    rarest: int
    """How rare all other stems, names and numbers are."""


class Scorer:
    """A loaded model."""

    def __init__(self, model: RestatementModel) -> None:
        """Make a scorer ready.

        Raises:
            ModelError: the model is for other features, or damaged.
        """
        if model.columns != FEATURES:
            raise ModelError(
                "the model of restatements was trained on other features;"
                " train it anew with benchmarks/train_restatements.py"
            )
        try:
            families = np.arange(len(FEATURES))
            self._trees = read_trees(model.trees, len(FEATURES), families)
            hashes = np.frombuffer(model.stems, "<u4").tolist()
            rarities = np.frombuffer(model.rarities, np.uint8).tolist()
            self._rarities: dict[int, int] = dict(zip(hashes, rarities, strict=True))
        except ValueError as error:
            raise ModelError(f"the model of restatements is damaged: {error}") from error
        self._rarest = model.rarest

    def read(self, terms: Terms) -> Reading:
        """A paragraph, ready to be scored against many."""
        return read_paragraph(terms, self._rarity)

    def _rarity(self, term: str) -> int:
        return self._rarities.get(stem_hash(term), self._rarest)

    def score(self, pairs: Sequence[tuple[Reading, Reading]]) -> Ints:
        """The points of each pair, in tenths of a unit of log-odds; the order of a pair is free."""
        points = np.full(len(pairs), NO_POINTS, np.int64)
        close = [
            place for place, (one, other) in enumerate(pairs) if is_close(one.terms, other.terms)
        ]
        if close:
            points[close] = self._points(self._fall([pairs[place] for place in close]))
        return points

    def weigh(self, pairs: Sequence[tuple[Reading, Reading]], least: int) -> list[Score]:
        """The points of close pairs, and what moved those that have the least points.

        Args:
            pairs: pairs for which :func:`is_close` holds.
            least: points from which the strongest features are wanted.
        """
        if not pairs:
            return []
        fallen = self._fall(pairs)
        points = self._points(fallen)
        wanted = np.flatnonzero(points >= least)
        scores = [Score(each, ()) for each in points.tolist()]
        if not len(wanted):
            return scores
        shares = sum_shares(self._trees, fallen[:, wanted]) // _POINT
        order = np.argsort(-np.abs(shares), axis=1, kind="stable")[:, :_NAMED]
        for at, features, own in zip(wanted.tolist(), order.tolist(), shares.tolist(), strict=True):
            named = tuple((FEATURES[each], own[each]) for each in features if own[each])
            scores[at] = Score(scores[at].points, named)
        return scores

    def _fall(self, pairs: Sequence[tuple[Reading, Reading]]) -> Leaves:
        return fall(self._trees, as_columns([pair_features(*pair) for pair in pairs]))

    def _points(self, fallen: Leaves) -> Ints:
        return sum_leaves(self._trees, fallen) // _POINT


@lru_cache(maxsize=_CACHED_STEMS)
def stem_hash(stem: str) -> int:
    """The hash by which the table of a model knows a stem."""
    return word_hash(stem) >> (_WORD_BITS - _HASH_BITS)


def is_close(one: Terms, other: Terms) -> bool:
    """Whether a pair is worth a closer look; only then its paragraphs need be read."""
    if max(one.facts.length, other.facts.length) > _LONGEST:
        return False
    shared = len(one.content & other.content)
    whole = len(one.content) + len(other.content) - shared
    return shared >= _MIN_SHARED and shared >= MIN_JACCARD * whole


def as_columns(rows: Sequence[Sequence[int]]) -> NDArray[np.int16]:
    """The features of pairs, a row each; the trees compare 16 bits."""
    limits = np.iinfo(np.int16)
    return np.clip(np.array(rows, np.int64), limits.min, limits.max).astype(np.int16)


@cache
def load_scorer(path: Path = MODEL) -> Scorer:
    """The scorer of a model file, loaded once.

    Raises:
        ModelError: the file is missing, damaged or of another version.
    """
    return Scorer(load_model(path, RestatementModel, VERSION))
