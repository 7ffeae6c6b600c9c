"""Matching as PTransforms: paragraphs and documents that are alike, verified pair by pair."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import apache_beam as beam
import numpy as np
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import AsList, PCollection
from numpy.typing import NDArray

from transforms.candidates import PAIR, distinct_pairs, exact_classes, propose
from transforms.fingerprints import SIGHTING, Fingerprints, block_of
from transforms.matching import verify
from transforms.near_copies import compare_bodies
from transforms.settings import Settings
from transforms.shingles import GOLDEN
from transforms.staging import StagedBlock, by_index, read_fingerprints
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
        ranges: into how many ranges of hashes each band was cut for the shuffle.
    """

    settings: Settings
    ranges: int

    def expand(self, prints: Fingerprinted) -> Matched:
        settings = self.settings
        copies = (
            prints.copies
            | "Group equal texts" >> beam.GroupByKey()
            | "Collapse exact copies" >> beam.FlatMap(_classes)
        )
        near = (
            prints.bands
            | "Group buckets" >> beam.GroupByKey()
            | "Propose pairs"
            >> beam.ParDo(_Propose(settings.near_duplicates.bucket_cap, "proposed_pairs"))
            | "Group pairs by block" >> beam.GroupByKey()
            | "Compare pairs exactly" >> beam.FlatMap(_compare, settings, AsList(prints.staged))
        )
        bodies = prints.bodies | "Group buckets of documents" >> beam.GroupByKey()
        bands = settings.documents.bands * self.ranges
        same_bodies = (
            bodies
            | "Take equal documents" >> beam.Filter(lambda part: part[0] >= bands)
            | "Collapse equal documents" >> beam.FlatMap(_classes)
        )
        alike = (
            bodies
            | "Take bands of documents" >> beam.Filter(lambda part: part[0] < bands)
            | "Propose documents"
            >> beam.ParDo(_Propose(settings.documents.bucket_cap, "proposed_documents"))
            | "Group documents by block" >> beam.GroupByKey()
            | "Compare documents exactly"
            >> beam.FlatMap(_compare_documents, settings, AsList(prints.staged))
        )
        return Matched(copies, near, prints.restated, same_bodies, alike)


def _classes(partition: tuple[int, Iterable[bytes]]) -> Iterator[bytes]:
    with timed("collapse"):
        classes = exact_classes(unpack(partition[1], SIGHTING))
    if len(classes):
        yield classes.tobytes()


class _Propose(beam.DoFn):
    """Buckets of a partition to proposed pairs, keyed by the block that will compare them."""

    def __init__(self, cap: int, counter: str) -> None:
        self._cap = cap
        self._capped = Metrics.counter(MATCH, "capped_buckets")
        self._proposed = Metrics.counter(MATCH, counter)

    def process(self, partition: tuple[int, Iterable[bytes]]) -> Iterator[Packed]:
        with timed("propose"):
            proposals = propose(unpack(partition[1], SIGHTING), self._cap)
        self._capped.inc(proposals.capped)
        self._proposed.inc(len(proposals.pairs))
        yield from by_block(owner(proposals.pairs), proposals.pairs)


def by_block(blocks: NDArray[np.int64], pairs: NDArray[np.void]) -> Iterator[Packed]:
    """Pairs packed, keyed by the block that stands beside each."""
    for block in np.unique(blocks).tolist():
        yield block, pairs[blocks == block].tobytes()


def owner(pairs: NDArray[np.void]) -> NDArray[np.int64]:
    """The block that compares each pair: either side's, evenly, the same in every band."""
    mixed = (pairs["left"] ^ pairs["right"]).astype(np.uint64) * np.uint64(GOLDEN)
    return np.where(mixed >> np.uint64(63), block_of(pairs["left"]), block_of(pairs["right"]))


class _BlockPair(NamedTuple):
    """Proposed pairs between the same two blocks, and the fingerprints of both."""

    pairs: NDArray[np.void]
    left: Fingerprints
    right: Fingerprints


def _by_blocks(packed: Iterable[bytes], staged: list[StagedBlock]) -> Iterator[_BlockPair]:
    blocks = by_index(staged)
    pairs = distinct_pairs(unpack(packed, PAIR))
    sides = np.stack((block_of(pairs["left"]), block_of(pairs["right"])), axis=1)
    for left, right in np.unique(sides, axis=0).tolist():
        yield _BlockPair(
            pairs[(sides[:, 0] == left) & (sides[:, 1] == right)],
            read_fingerprints(blocks, left),
            read_fingerprints(blocks, right),
        )


def _compare(
    grouped: tuple[int, Iterable[bytes]], settings: Settings, staged: list[StagedBlock]
) -> Iterator[bytes]:
    for pairs, left, right in _by_blocks(grouped[1], staged):
        with timed("compare"):
            edges = verify(pairs, left, right, settings.near_duplicates, settings.vetoes)
        if len(edges):
            yield edges.tobytes()


def _compare_documents(
    grouped: tuple[int, Iterable[bytes]], settings: Settings, staged: list[StagedBlock]
) -> Iterator[bytes]:
    for pairs, left, right in _by_blocks(grouped[1], staged):
        with timed("compare documents"):
            alike = compare_bodies(pairs, left, right, settings.documents)
        if len(alike):
            yield alike.tobytes()
