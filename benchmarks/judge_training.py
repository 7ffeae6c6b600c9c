"""Fit the judge's model to labelled lines; needs the ``train`` extra, inference does not.

What the trees learn from is scored by word tables that have not seen the
line's site: they are fitted once for each inner fold, and once for all lines.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

import lightgbm
import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from benchmarks.judge_data import Example
from benchmarks.tree_tables import as_table
from transforms.arrays import Bools, Ints
from transforms.boilerplate import read_batch
from transforms.classifier import (
    VERSION,
    Model,
    WordTable,
    World,
    measure,
    world_of,
)
from transforms.document import Paragraph
from transforms.findings import guess_titles
from transforms.grams import buckets, sum_weights
from transforms.lines import Lines
from transforms.markup_features import path_buckets
from transforms.trees import LEAVES

Floats = NDArray[np.float64]
Columns = NDArray[np.int16]

_INNER_FOLDS: Final = 3
_GRAM_BITS: Final = 16
_PATH_BITS: Final = 13
_GRAM_STRENGTH: Final = 0.3
_PATH_STRENGTH: Final = 0.1
"""Inverse strengths of the word tables' L2: best of .03 to 1 on one fold."""
_STEPS: Final = 16
_FEW: Final = (70, 0.11)
_MANY: Final = (180, 0.06)
"""Trees and learning rate: for text and the fast mode, which have a few milliseconds, 180 trees
gain nothing; for pages with a vote they gain .0008 over English pages and .001 over all."""
_FAR: Final = 8
"""Lines from running text beyond which boilerplate is easy; a quarter of it is trained on."""
_FAR_KEPT: Final = 4
_UNKNOWN: Final = 0.25
"""Share of the sites whose words the trees learn to do without: so they know what to make of
a language that the table has not seen.  On languages left out of training, F1 .892 without and
.922 with (light), .883 and .900 (full), .927 and .936 (page)."""
_TREES: Final[dict[str, Any]] = {
    "objective": "binary",
    "num_leaves": LEAVES,
    "min_data_in_leaf": 60,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5,
    "max_bin": 127,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "seed": 1,
    "verbose": -1,
}


class Sample(NamedTuple):
    """An example, read."""

    site: str
    lines: Lines
    titles: Ints
    """The one line that looks most like the title, or ``NONE``."""
    paragraphs: tuple[Paragraph, ...]
    labels: Ints
    weights: Floats
    """The root of a line's words over that of all: every page weighs the same."""

    @property
    def is_page(self) -> bool:
        """Whether the example has markup."""
        return world_of(self.paragraphs) != "text"


def read_sample(example: Example) -> Sample:
    """An example as training wants it; it has at least one paragraph."""
    batch = read_batch([example.document])
    lines = batch.lines
    roots = np.sqrt(np.maximum(lines.words, 1))
    return Sample(
        site=example.gold.site,
        lines=lines,
        titles=guess_titles(batch),
        paragraphs=example.document.paragraphs,
        labels=example.labels,
        weights=roots / roots.sum(),
    )


def train(samples: Sequence[Sample], trained_on: str) -> Model:
    """The model of the samples."""
    grams, gram_scores = _fit_words(samples, _gram_buckets, _GRAM_BITS, _GRAM_STRENGTH)
    paths, path_scores = _fit_words(
        [sample for sample in samples if sample.is_page], _path_buckets, _PATH_BITS, _PATH_STRENGTH
    )
    gram_scores = _blank(samples, gram_scores, grams.base)
    texts, pages = [], []
    scores = iter(path_scores)
    for sample, gram in zip(samples, gram_scores, strict=True):
        if sample.is_page:
            pages.append((sample, gram, next(scores)))
        else:
            texts.append((sample, gram, None))
    unvoted = [
        (sample._replace(paragraphs=without_vote(sample.paragraphs)), gram, path)
        for sample, gram, path in pages
    ]
    return Model(
        version=VERSION,
        trained_on=trained_on,
        grams=grams,
        paths=paths,
        text=_fit_world(texts, *_FEW),
        page=_fit_world(pages, *_MANY),
        fast=_fit_world(unvoted, *_FEW),
    )


def without_vote(paragraphs: Sequence[Paragraph]) -> tuple[Paragraph, ...]:
    """The blocks of a page as if no extractor had voted on them."""
    return tuple(
        msgspec.structs.replace(
            paragraph, markup=msgspec.structs.replace(paragraph.markup, extracted=None)
        )
        for paragraph in paragraphs
        if paragraph.markup
    )


def _blank(samples: Sequence[Sample], scores: Sequence[Ints], base: int) -> list[Ints]:
    """The scores, those of some sites as if all their words were unknown."""
    sites = sorted({sample.site for sample in samples})
    drawn = np.random.default_rng(0).random(len(sites)) < _UNKNOWN
    unknown = {site for site, blank in zip(sites, drawn, strict=True) if blank}
    return [
        np.full_like(own, base) if sample.site in unknown else own
        for sample, own in zip(samples, scores, strict=True)
    ]


def _gram_buckets(sample: Sample) -> tuple[Ints, Ints]:
    return buckets(sample.lines.characters, _GRAM_BITS)


def _path_buckets(sample: Sample) -> tuple[Ints, Ints]:
    return path_buckets(
        [paragraph.markup.path if paragraph.markup else "" for paragraph in sample.paragraphs],
        _PATH_BITS,
    )


def _fit_words(
    samples: Sequence[Sample],
    read: Callable[[Sample], tuple[Ints, Ints]],
    bits: int,
    strength: float,
) -> tuple[WordTable, list[Ints]]:
    """A table of hashed words, and the scores of tables that have not seen the line's site."""
    found = [read(sample) for sample in samples]
    offsets = _offsets(samples)
    row = np.concatenate([line + start for (_, line), start in zip(found, offsets, strict=False)])
    bucket = np.concatenate([bucket for bucket, _ in found])
    sizes = np.bincount(row, minlength=offsets[-1])
    matrix = sparse.csr_matrix(
        (1 / np.sqrt(sizes[row]), (row, bucket)), shape=(offsets[-1], 1 << bits)
    )
    labels, weights = _labels(samples), _weights(samples)

    def fit(rows: Ints) -> WordTable:
        own = weights[rows] * len(rows) / weights[rows].sum()
        model = LogisticRegression(C=strength, max_iter=60, tol=1e-3)
        model.fit(matrix[rows], labels[rows], sample_weight=own)
        steps = np.clip(np.rint(model.coef_[0] * _STEPS), -127, 127).astype(np.int8)
        return WordTable(weights=steps.tobytes(), base=int(np.rint(model.intercept_[0] * _STEPS)))

    scores = np.zeros(offsets[-1], np.int64)
    for seen, unseen in _inner_folds(samples):
        table = fit(seen)
        inside = np.isin(row, unseen)
        sums = sum_weights(
            bucket[inside], row[inside], offsets[-1], np.frombuffer(table.weights, np.int8)
        )
        scores[unseen] = sums[unseen] + table.base
    return fit(np.arange(offsets[-1])), np.split(scores, offsets[1:-1])


def _fit_world(
    scored: Sequence[tuple[Sample, Ints, Ints | None]], rounds: int, rate: float
) -> World:
    """The trees for samples with the scores of their words and tag paths."""
    samples = [sample for sample, _, _ in scored]
    tables = [
        measure(sample.lines, sample.paragraphs, sample.titles, grams, paths)
        for sample, grams, paths in scored
    ]
    names = tables[0].names
    columns = np.concatenate([table.values for table in tables])
    labels, weights = _labels(samples), _weights(samples)
    near = _near(names, columns)
    easy = (labels == 0) & ~near
    chosen = ~easy | (np.random.default_rng(0).random(len(labels)) * _FAR_KEPT < 1)
    weights = np.where(easy, _FAR_KEPT * weights, weights)

    own = weights[chosen] * chosen.sum() / weights[chosen].sum()
    data = lightgbm.Dataset(columns[chosen], labels[chosen], weight=own)
    trees = lightgbm.train(_TREES | {"learning_rate": rate}, data, rounds).dump_model()
    return World(columns=names, trees=as_table([trees]))


def _near(names: Sequence[str], columns: Columns) -> Bools:
    since, until = (columns[:, names.index(name)] for name in ("since running", "until running"))
    near: Bools = np.minimum(since, until) <= _FAR
    return near


def _offsets(samples: Sequence[Sample]) -> Ints:
    return np.cumsum([0, *(len(sample.labels) for sample in samples)])


def _labels(samples: Sequence[Sample]) -> Ints:
    return np.concatenate([sample.labels for sample in samples])


def _weights(samples: Sequence[Sample]) -> Floats:
    return np.concatenate([sample.weights for sample in samples])


def _inner_folds(samples: Sequence[Sample]) -> list[tuple[Ints, Ints]]:
    """Lines to learn from and lines to score, no site in both."""
    sites = np.repeat([s.site for s in samples], [len(s.labels) for s in samples])
    return list(GroupKFold(_INNER_FOLDS).split(sites, groups=sites))
