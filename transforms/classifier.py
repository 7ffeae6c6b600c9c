"""The learned judge of paragraphs: how much speaks for each being part of the article.

Words and tag paths are scored by tables of hashed words; those scores and the
other features of a line are judged by a sum of decision trees.  All of it is in
whole numbers, so a document gets the same points on every machine, alone or
among a million.

The model is data: a file beside this one, checked when it is loaded.  It says
of itself what it was trained on; ``docs/model-card.md`` says more.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final, Literal, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from transforms.arrays import Ints
from transforms.document import Paragraph
from transforms.features import family, line_features
from transforms.grams import score_grams, sum_weights
from transforms.lines import Lines
from transforms.markup_features import has_vote, markup_features, path_buckets
from transforms.sealed import ModelError, ModelFile, load_model
from transforms.trees import (
    Leaves,
    Trees,
    TreeTable,
    fall,
    read_trees,
    sum_leaves,
    sum_shares,
)

MODEL: Final = Path(__file__).parent / "models" / "judge.msgpack"
VERSION: Final = 1
"""Of the features and the file's layout: a model is good for its own version only."""

UNIT: Final = 1_000
"""What a unit of log-odds is in the leaves of the trees."""
_TAKEN: Final = np.iinfo(np.int32).max
_POINT: Final = 100
"""What a point, a tenth of such a unit, is there."""


WorldName = Literal["text", "page", "fast"]
"""Plain text, and pages with or without an extractor's vote."""


class WordTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Weights of hashed words in sixteenths of a unit of log-odds."""

    weights: bytes
    """One int8 for each bucket, a power of two of them."""
    base: int
    """The score of a line without words."""


class World(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The trees for plain text, or those for pages with or without an extractor's vote."""

    columns: tuple[str, ...]
    """The features, in order."""
    trees: TreeTable


class Model(ModelFile, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the judge's model file holds."""

    grams: WordTable
    paths: WordTable
    text: World
    page: World
    fast: World
    """For pages on which no extractor voted."""


class Opinion(NamedTuple):
    """What the classifier says of lines."""

    points: Ints
    """Tenths of a unit of log-odds; above 0 speaks for the article."""
    trees: Trees
    fallen: Leaves
    """The leaves that the lines fell into."""
    families: tuple[str, ...]
    """Names of the families of features."""

    def against(self, lines: Ints, count: int) -> list[list[tuple[str, int]]]:
        """For some lines the families that say most against each, strongest first.

        Returns:
            Up to ``count`` names for each of ``lines``, with the points that they take away.
        """
        shares = sum_shares(self.trees, self.fallen[:, lines]) // _POINT
        row = np.arange(len(lines))
        found: list[list[tuple[str, int]]] = [[] for _ in lines]
        for _ in range(count):
            family = shares.argmin(axis=1)
            for own, best, points in zip(
                found, family.tolist(), shares[row, family].tolist(), strict=True
            ):
                if points < 0:
                    own.append((self.families[best], points))
            shares[row, family] = _TAKEN
        return found


class _Side(NamedTuple):
    """One world, ready."""

    columns: tuple[str, ...]
    families: tuple[str, ...]
    trees: Trees


class Classifier:
    """A loaded model."""

    def __init__(self, model: Model) -> None:
        self._grams = np.frombuffer(model.grams.weights, np.int8)
        self._grams_base = model.grams.base
        self._paths = np.frombuffer(model.paths.weights, np.int8)
        self._paths_base = model.paths.base
        self._sides: dict[WorldName, _Side] = {
            "text": _side(model.text),
            "page": _side(model.page),
            "fast": _side(model.fast),
        }

    def judge(self, lines: Lines, paragraphs: Sequence[Paragraph], titles: Ints) -> Opinion:
        """The opinion on the lines of a batch of documents.

        Args:
            lines: the documents' lines.
            paragraphs: the same as paragraphs, all of one world.
            titles: the line of each document that looks most like its title, or ``NONE``.
        """
        grams = score_grams(lines.characters, len(lines), self._grams, self._grams_base)
        world = world_of(paragraphs)
        paths = None if world == "text" else self._score_paths(paragraphs)
        table = measure(lines, paragraphs, titles, grams, paths)
        side = self._sides[world]
        _check_columns(side.columns, table.names)
        fallen = fall(side.trees, table.values)
        points = sum_leaves(side.trees, fallen) // _POINT
        return Opinion(points, side.trees, fallen, side.families)

    def _score_paths(self, paragraphs: Sequence[Paragraph]) -> Ints:
        """The score of each paragraph's tag path; paths repeat, so each is read once."""
        paths = [paragraph.markup.path if paragraph.markup else "" for paragraph in paragraphs]
        numbers = {path: number for number, path in enumerate(dict.fromkeys(paths))}
        bits = len(self._paths).bit_length() - 1
        bucket, path = path_buckets(list(numbers), bits)
        scores = sum_weights(bucket, path, len(numbers), self._paths) + self._paths_base
        return scores[[numbers[path] for path in paths]]


class Measured(NamedTuple):
    """What the trees ask about."""

    names: tuple[str, ...]
    values: NDArray[np.int16]
    """A row for each line."""


def measure(
    lines: Lines,
    paragraphs: Sequence[Paragraph],
    titles: Ints,
    grams: Ints,
    paths: Ints | None,
) -> Measured:
    """All features of the lines of a batch of documents.

    Args:
        lines: the documents' lines.
        paragraphs: the same as paragraphs.
        titles: the line of each document that looks most like its title, or ``NONE``.
        grams: the scores of the lines' words.
        paths: the scores of the words in their tag paths, on a page.
    """
    tables = [line_features(lines, grams, titles)]
    if paths is not None:
        tables.append(markup_features(lines, paragraphs, grams, paths))
    return Measured(
        names=tuple(name for table in tables for name in table.names),
        values=np.concatenate([table.values for table in tables], axis=1),
    )


def world_of(paragraphs: Sequence[Paragraph]) -> WorldName:
    """The trees that paragraphs are judged by: if any has markup, they are a page's."""
    if all(paragraph.markup is None for paragraph in paragraphs):
        return "text"
    return "page" if has_vote(paragraphs) else "fast"


def _side(world: World) -> _Side:
    names = [family(column) for column in world.columns]
    known = {name: number for number, name in enumerate(dict.fromkeys(names))}
    families = np.array([known[name] for name in names])
    return _Side(
        columns=world.columns,
        families=tuple(known),
        trees=read_trees(world.trees, len(names), families),
    )


def _check_columns(trained: tuple[str, ...], measured: tuple[str, ...]) -> None:
    if trained != measured:
        strange = sorted(set(trained) ^ set(measured)) or ["another order"]
        raise ModelError(
            f"the model was trained on other features ({', '.join(strange[:3])} ...);"
            " train it anew with benchmarks/train_judge.py"
        )


@cache
def load_classifier(path: Path = MODEL) -> Classifier:
    """The classifier of a model file, loaded once.

    Raises:
        ModelError: the file is missing, damaged or of another version.
    """
    return Classifier(load_model(path, Model, VERSION))
