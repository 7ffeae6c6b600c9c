"""Matching as PTransforms: paragraphs and documents that are alike, verified pair by pair."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import apache_beam as beam
import numpy as np
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import AsList, PCollection, TaggedOutput
from numpy.typing import NDArray

from transforms.arrays import distinct
from transforms.candidates import PAIR, distinct_pairs, exact_classes, propose
from transforms.fingerprints import SIGHTING, block_of
from transforms.matching import verify
from transforms.near_copies import compare_bodies
from transforms.progress import telling
from transforms.settings import Settings
from transforms.shingles import GOLDEN
from transforms.shuffling import read_shuffle
from transforms.sightings import questions
from transforms.staging import StagedBlock, Staging, reader
from transforms.steps import MATCH, Fingerprinted, Packed, timed, unpack


class Matched(NamedTuple):
    """What matching gives."""

    copies: PCollection[bytes]
    """``PAIR`` records of exact copies."""
    near: PCollection[bytes]
    """``EDGE`` records of near-duplicates."""
    restated: PCollection[bytes]
    """``EDGE`` records of restatements."""
    same_bodies: PCollection[bytes]
    """``PAIR`` records of documents with the same body."""
    alike: PCollection[bytes]
    """``ALIKE`` records of documents with much of another's body."""


@dataclasses.dataclass
class Match(beam.PTransform[Any, Any]):
    """Fingerprints to verified pairs: collapse copies, propose by band, compare exactly.

    Attributes:
        staging: where progress is told.
        ranges: into how many partitions each section of buckets was cut.
    """

    settings: Settings
    staging: Staging
    ranges: int

    def expand(self, prints: Fingerprinted) -> Matched:
        settings, staging = self.settings, self.staging
        staged = AsList(prints.staged)
        partitions = range(len(questions(settings)) * self.ranges)
        seen = (
            prints.staged.pipeline
            | "List the buckets" >> beam.Create(partitions)
            | "Look into buckets"
            >> beam.ParDo(_Look(settings, staging, self.ranges), staged).with_outputs(
                "copies", "near", "same bodies", "bodies"
            )
        )
        near = (
            seen["near"]
            | "Group pairs by block" >> beam.GroupByKey()
            | "Compare pairs exactly" >> beam.FlatMap(_compare, settings, staging, staged)
        )
        alike = (
            seen["bodies"]
            | "Group documents by block" >> beam.GroupByKey()
            | "Compare documents exactly"
            >> beam.FlatMap(_compare_documents, settings, staging, staged)
        )
        return Matched(seen["copies"], near, prints.restated, seen["same bodies"], alike)


class _Look(beam.DoFn):
    """Partitions of buckets to what they propose, under the tag of the question.

    Equal texts and bodies come as ``PAIR`` records; other pairs packed, keyed by the
    block that will compare them.
    """

    def __init__(self, settings: Settings, staging: Staging, ranges: int) -> None:
        self._questions = questions(settings)
        self._staging = staging
        self._ranges = ranges
        self._caps = {
            "near": settings.near_duplicates.bucket_cap,
            "bodies": settings.documents.bucket_cap,
        }
        self._capped = Metrics.counter(MATCH, "capped_buckets")
        self._proposed = {
            "near": Metrics.counter(MATCH, "proposed_pairs"),
            "bodies": Metrics.counter(MATCH, "proposed_documents"),
        }

    def process(
        self, partition: int, staged: list[StagedBlock]
    ) -> Iterator[TaggedOutput[Any, Any]]:
        question = self._questions[partition // self._ranges]
        with timed("look into buckets"), telling(self._staging, "look for candidates", partition):
            sightings = read_shuffle((block.sightings for block in staged), partition, SIGHTING)
            if question in self._caps:
                proposals = propose(sightings, self._caps[question])
                pairs = _of_tonight(proposals.pairs, staged)
            else:
                pairs = exact_classes(sightings)
        if question not in self._caps:
            if len(pairs):
                yield TaggedOutput(question, pairs.tobytes())
            return
        self._capped.inc(proposals.capped)
        self._proposed[question].inc(len(pairs))
        for packed in by_block(owner(pairs), pairs):
            yield TaggedOutput(question, packed)


def _of_tonight(pairs: NDArray[np.void], staged: Sequence[StagedBlock]) -> NDArray[np.void]:
    """The pairs of which not both sides were kept by earlier runs.

    The blocks of earlier runs come last, so of such pairs the left side is of one.
    """
    earlier = [block.index for block in staged if block.earlier]
    return pairs[~np.isin(block_of(pairs["left"]), earlier)] if earlier else pairs


def by_block(blocks: NDArray[np.int64], pairs: NDArray[np.void]) -> Iterator[Packed]:
    """Pairs packed, keyed by the block that stands beside each."""
    for block in distinct(blocks).tolist():
        yield block, pairs[blocks == block].tobytes()


def owner(pairs: NDArray[np.void]) -> NDArray[np.int64]:
    """The block that compares each pair: either side's, evenly, the same in every band."""
    mixed = (pairs["left"] ^ pairs["right"]).astype(np.uint64) * np.uint64(GOLDEN)
    return np.where(mixed >> np.uint64(63), block_of(pairs["left"]), block_of(pairs["right"]))


def _compare(
    grouped: tuple[int, Iterable[bytes]],
    settings: Settings,
    staging: Staging,
    staged: list[StagedBlock],
) -> Iterator[bytes]:
    with timed("compare"), telling(staging, "compare", grouped[0]):
        pairs = distinct_pairs(unpack(grouped[1], PAIR))
        edges = verify(pairs, reader(staged), settings.near_duplicates, settings.vetoes)
    if len(edges):
        yield edges.tobytes()


def _compare_documents(
    grouped: tuple[int, Iterable[bytes]],
    settings: Settings,
    staging: Staging,
    staged: list[StagedBlock],
) -> Iterator[bytes]:
    with timed("compare documents"), telling(staging, "compare", ~grouped[0]):
        pairs = distinct_pairs(unpack(grouped[1], PAIR))
        alike = compare_bodies(pairs, reader(staged), settings.documents)
    if len(alike):
        yield alike.tobytes()
