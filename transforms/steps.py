"""The steps of the flow as PTransforms.

Each lifts pure functions.  The elements are blocks until they are staged; from
then on they are packed arrays and small records, so that no document crosses a
shuffle.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import apache_beam as beam
import msgspec
import numpy as np
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import AsIter, AsList, PCollection, TaggedOutput
from numpy.typing import NDArray

from transforms.block import Block
from transforms.candidates import PAIR, distinct_pairs, exact_classes, propose
from transforms.deciding import BlockVerdicts, build_graph, decide_blocks
from transforms.fingerprints import (
    SIGHTING,
    Fingerprints,
    band_sightings,
    block_of,
    exact_sightings,
    fingerprint,
)
from transforms.matching import EDGE, verify
from transforms.restating import restated_edges, restated_paragraphs
from transforms.settings import DecodeSettings, JudgeSettings, Settings, SplitSettings
from transforms.shingles import GOLDEN
from transforms.single import decode_block, judge_block, split_block
from transforms.sites import SitePatterns
from transforms.staging import StagedBlock, StagedContent, Staging, read_fingerprints
from transforms.templates import REPEATED, looks_for_templates, outline

Packed = tuple[int, bytes]
"""A partition, or a block's index, and the bytes of an array of records."""

TIMES = "microseconds"
"""Namespace of the counters of time."""

MATCH = "match"
"""Namespace of the counters of matching."""


def map_blocks(
    name: str, step: Callable[..., Block], *settings: object
) -> beam.PTransform[Any, Any]:
    """Apply a function to each block, and count the time that it takes under ``name``."""
    return beam.ParDo(_MapBlocks(name, step, settings)).with_output_types(Block)


class _MapBlocks(beam.DoFn):
    def __init__(self, name: str, step: Callable[..., Block], settings: tuple[object, ...]) -> None:
        self._name = name
        self._step = step
        self._settings = settings

    def process(self, element: object) -> Iterator[Block]:
        with timed(self._name):
            block = self._step(element, *self._settings)
        yield block


@contextmanager
def timed(step: str) -> Iterator[None]:
    """Count the time that the body takes under the step's name, added over workers."""
    begin = time.perf_counter_ns()
    yield
    Metrics.counter(TIMES, step).inc((time.perf_counter_ns() - begin) // 1000)


@dataclasses.dataclass
class Decode(beam.PTransform[Any, Any]):
    """Blocks of records to blocks of decoded records; undecodable ones become dead letters."""

    settings: DecodeSettings

    def expand(self, blocks: PCollection[Block]) -> PCollection[Block]:
        return blocks | map_blocks("decode", decode_block, self.settings)


@dataclasses.dataclass
class Split(beam.PTransform[Any, Any]):
    """Blocks of decoded records to blocks of documents."""

    settings: SplitSettings
    decode: DecodeSettings

    def expand(self, blocks: PCollection[Block]) -> PCollection[Block]:
        return blocks | map_blocks("split", split_block, self.settings, self.decode)


@dataclasses.dataclass
class Judge(beam.PTransform[Any, Any]):
    """Blocks of documents to blocks of judged documents."""

    settings: JudgeSettings
    sites: Sequence[SitePatterns] = ()

    def expand(self, blocks: PCollection[Block]) -> PCollection[Block]:
        return blocks | map_blocks("judge", judge_block, self.settings, self.sites)


class Fingerprinted(NamedTuple):
    """What fingerprinting gives."""

    staged: PCollection[StagedBlock]
    copies: PCollection[Packed]
    """``SIGHTING`` records by partition: every paragraph under its folded text."""
    bands: PCollection[Packed]
    """``SIGHTING`` records by partition: every long enough paragraph under each band."""
    restated: PCollection[bytes]
    """``EDGE`` records: restatements inside a document."""
    outlines: PCollection[Packed]
    """``OUTLINE`` records by block: what the lines of a site are counted by."""


@dataclasses.dataclass
class Fingerprint(beam.PTransform[Any, Any]):
    """Judged blocks to staged blocks and fingerprints.

    Attributes:
        ranges: into how many ranges of hashes each band is cut for the
            shuffle; no result depends on it.
    """

    settings: Settings
    staging: Staging
    ranges: int

    def expand(self, blocks: PCollection[Block]) -> Fingerprinted:
        outputs = blocks | "Fingerprint and stage blocks" >> beam.ParDo(
            _FingerprintBlock(self.settings, self.staging, self.ranges)
        ).with_outputs("copies", "bands", "restated", "outlines", main="staged")
        return Fingerprinted(
            outputs.staged, outputs.copies, outputs.bands, outputs.restated, outputs.outlines
        )


class _FingerprintBlock(beam.DoFn):
    def __init__(self, settings: Settings, staging: Staging, ranges: int) -> None:
        self._settings = settings
        self._staging = staging
        self._ranges = ranges

    def setup(self) -> None:
        self._staging.check()

    def process(self, block: Block) -> Iterator[StagedBlock | TaggedOutput[Any, Any]]:
        settings = self._settings
        with timed("fingerprint"):
            prints = fingerprint(block, settings.near_duplicates, settings.decide)
            copies = list(self._packed(0, exact_sightings(prints)))
            bands = [
                packed
                for band, sightings in enumerate(
                    band_sightings(prints, settings.near_duplicates, settings.minhash)
                )
                for packed in self._packed(band, sightings)
            ]
        with timed("restate"):
            restated = restated_paragraphs(block, settings.restatements, settings.minhash)
        with timed("stage"):
            staged = self._staging.write(
                StagedContent(block.documents, block.rejected, tuple(restated)), prints
            )
        yield staged
        for packed in copies:
            yield TaggedOutput("copies", packed)
        for packed in bands:
            yield TaggedOutput("bands", packed)
        if restated:
            edges = restated_edges(prints, restated).tobytes()
            yield TaggedOutput("restated", edges)
        if looks_for_templates(settings) and len(lines := outline(prints, settings.templates)):
            yield TaggedOutput("outlines", (prints.block, lines.tobytes()))

    def _packed(self, band: int, sightings: NDArray[np.void]) -> Iterator[Packed]:
        part = (sightings["bucket"] >> np.uint64(32)) % np.uint64(self._ranges)
        for number in np.unique(part).tolist():
            yield band * self._ranges + number, sightings[part == number].tobytes()


class Matched(NamedTuple):
    """What matching gives: ``PAIR`` records of exact copies, ``EDGE`` records of likenesses."""

    copies: PCollection[bytes]
    near: PCollection[bytes]
    restated: PCollection[bytes]


@dataclasses.dataclass
class Match(beam.PTransform[Any, Any]):
    """Fingerprints to verified pairs: collapse copies, propose by band, compare exactly."""

    settings: Settings

    def expand(self, prints: Fingerprinted) -> Matched:
        copies = (
            prints.copies
            | "Group equal texts" >> beam.GroupByKey()
            | "Collapse exact copies" >> beam.FlatMap(_classes)
        )
        near = (
            prints.bands
            | "Group buckets" >> beam.GroupByKey()
            | "Propose pairs" >> beam.ParDo(_Propose(self.settings.near_duplicates.bucket_cap))
            | "Group pairs by block" >> beam.GroupByKey()
            | "Compare pairs exactly"
            >> beam.FlatMap(_compare, self.settings, AsList(prints.staged))
        )
        return Matched(copies, near, prints.restated)


def unpack(chunks: Iterable[bytes], dtype: np.dtype[np.void]) -> NDArray[np.void]:
    """The records that were packed into bytes, one after the other."""
    return np.frombuffer(b"".join(chunks), dtype=dtype)


def _classes(partition: tuple[int, Iterable[bytes]]) -> Iterator[bytes]:
    with timed("collapse"):
        classes = exact_classes(unpack(partition[1], SIGHTING))
    if len(classes):
        yield classes.tobytes()


class _Propose(beam.DoFn):
    """Buckets of a partition to proposed pairs, keyed by the block that will compare them."""

    def __init__(self, cap: int) -> None:
        self._cap = cap
        self._capped = Metrics.counter(MATCH, "capped_buckets")
        self._proposed = Metrics.counter(MATCH, "proposed_pairs")

    def process(self, partition: tuple[int, Iterable[bytes]]) -> Iterator[Packed]:
        with timed("propose"):
            proposals = propose(unpack(partition[1], SIGHTING), self._cap)
        self._capped.inc(proposals.capped)
        self._proposed.inc(len(proposals.pairs))
        owner = _owner(proposals.pairs)
        for block in np.unique(owner).tolist():
            yield block, proposals.pairs[owner == block].tobytes()


def _owner(pairs: NDArray[np.void]) -> NDArray[np.int64]:
    """The block that compares each pair: either side's, evenly, the same in every band."""
    mixed = (pairs["left"] ^ pairs["right"]).astype(np.uint64) * np.uint64(GOLDEN)
    return np.where(mixed >> np.uint64(63), block_of(pairs["left"]), block_of(pairs["right"]))


def _by_index(staged: Iterable[StagedBlock]) -> Mapping[int, StagedBlock]:
    return {block.index: block for block in staged}


def _compare(
    grouped: tuple[int, Iterable[bytes]], settings: Settings, staged: list[StagedBlock]
) -> Iterator[bytes]:
    blocks = _by_index(staged)
    pairs = distinct_pairs(unpack(grouped[1], PAIR))
    sides = np.stack((block_of(pairs["left"]), block_of(pairs["right"])), axis=1)
    for left, right in np.unique(sides, axis=0).tolist():
        with timed("compare"):
            edges = verify(
                pairs[(sides[:, 0] == left) & (sides[:, 1] == right)],
                read_fingerprints(blocks, left),
                read_fingerprints(blocks, right),
                settings.near_duplicates,
                settings.vetoes,
            )
        if len(edges):
            yield edges.tobytes()


@dataclasses.dataclass
class Decide(beam.PTransform[Any, Any]):
    """Verified pairs to verdicts by block: once per corpus, in rank order.

    Attributes:
        templates: ``REPEATED`` records by block: paragraphs that are gone already.
    """

    settings: Settings
    staged: PCollection[StagedBlock]
    templates: PCollection[Packed]

    def expand(self, matched: Matched) -> PCollection[tuple[int, bytes]]:
        return (
            matched.copies.pipeline
            | "Once per corpus" >> beam.Impulse()
            | "Visit documents by rank"
            >> beam.FlatMap(
                _decide,
                self.settings,
                *(AsIter(part) for part in matched),
                staged=AsList(self.staged),
                templates=AsList(self.templates),
            )
        )


def _decide(
    _: bytes,
    settings: Settings,
    copies: Iterable[bytes],
    near: Iterable[bytes],
    restated: Iterable[bytes],
    staged: list[StagedBlock],
    templates: list[Packed],
) -> Iterator[tuple[int, bytes]]:
    gone = {
        block: unpack([packed], REPEATED)["row"].astype(np.int64) for block, packed in templates
    }
    blocks = _by_index(staged)

    def read(index: int) -> Fingerprints:
        return read_fingerprints(blocks, index)

    with timed("decide"):
        graph = build_graph(
            unpack(copies, PAIR),
            unpack(near, EDGE),
            unpack(restated, EDGE),
            read,
            settings,
            gone,
        )
        decided = decide_blocks(graph, read, settings)
    for index, verdicts in decided.items():
        yield index, msgspec.msgpack.encode(verdicts)


def read_verdicts(encoded: Iterable[bytes]) -> BlockVerdicts:
    """The verdicts of a block from what :class:`Decide` emits: none or one encoding."""
    for data in encoded:
        return msgspec.msgpack.decode(data, type=BlockVerdicts)
    return BlockVerdicts()
