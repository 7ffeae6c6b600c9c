"""The steps of the flow as PTransforms.

Each lifts pure functions.  The elements are blocks until they are staged; from
then on they are packed arrays and small records, so that no document crosses a
shuffle.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

import apache_beam as beam
import msgspec
import numpy as np
from apache_beam.metrics import Metrics
from numpy.typing import NDArray

from transforms.block import Block
from transforms.candidates import PAIR, distinct_pairs, exact_classes, propose
from transforms.deciding import BlockVerdicts, build_graph, decide_blocks
from transforms.fingerprints import (
    SIGHTING,
    band_sightings,
    block_of,
    exact_sightings,
    fingerprint,
)
from transforms.matching import EDGE, verify
from transforms.restating import restated_edges, restated_paragraphs
from transforms.settings import DecodeSettings, JudgeSettings, Settings, SplitSettings
from transforms.single import decode_block, judge_block, split_block
from transforms.staging import StagedBlock, StagedContent, Staging, read_fingerprints

Packed = tuple[int, bytes]
"""A partition, or a block's index, and the bytes of an array of records."""

_MIX = np.uint64(0x9E3779B97F4A7C15)


def map_blocks(name: str, step: Callable[..., Block], *settings: object) -> beam.PTransform:
    """Apply a function to each block, and count the time that it takes under ``name``."""
    return beam.ParDo(_MapBlocks(name, step, settings)).with_output_types(Block)


class _MapBlocks(beam.DoFn):  # type: ignore[misc]
    def __init__(
        self, name: str, step: Callable[..., Block], settings: tuple[object, ...]
    ) -> None:
        self._step = step
        self._settings = settings
        self._microseconds = Metrics.counter("microseconds", name)

    def process(self, element: object) -> Iterator[Block]:
        begin = time.perf_counter_ns()
        block = self._step(element, *self._settings)
        self._microseconds.inc((time.perf_counter_ns() - begin) // 1000)
        yield block


@dataclasses.dataclass
class Decode(beam.PTransform):  # type: ignore[misc]
    """Blocks of records to blocks of decoded records; undecodable ones become dead letters."""

    settings: DecodeSettings

    def expand(self, blocks: beam.PCollection[Block]) -> beam.PCollection[Block]:
        return blocks | map_blocks("decode", decode_block, self.settings)


@dataclasses.dataclass
class Split(beam.PTransform):  # type: ignore[misc]
    """Blocks of decoded records to blocks of documents."""

    settings: SplitSettings
    decode: DecodeSettings

    def expand(self, blocks: beam.PCollection[Block]) -> beam.PCollection[Block]:
        return blocks | map_blocks("split", split_block, self.settings, self.decode)


@dataclasses.dataclass
class Judge(beam.PTransform):  # type: ignore[misc]
    """Blocks of documents to blocks of judged documents."""

    settings: JudgeSettings

    def expand(self, blocks: beam.PCollection[Block]) -> beam.PCollection[Block]:
        return blocks | map_blocks("judge", judge_block, self.settings)


class Fingerprinted(NamedTuple):
    """What fingerprinting gives."""

    staged: beam.PCollection[StagedBlock]
    copies: beam.PCollection[Packed]
    """``SIGHTING`` records by partition: every paragraph under its folded text."""
    bands: beam.PCollection[Packed]
    """``SIGHTING`` records by partition: every long enough paragraph under each band."""
    restated: beam.PCollection[bytes]
    """``EDGE`` records: restatements inside a document."""


@dataclasses.dataclass
class Fingerprint(beam.PTransform):  # type: ignore[misc]
    """Judged blocks to staged blocks and fingerprints.

    Attributes:
        ranges: into how many ranges of hashes each band is cut for the
            shuffle; no result depends on it.
    """

    settings: Settings
    staging: Staging
    ranges: int

    def expand(self, blocks: beam.PCollection[Block]) -> Fingerprinted:
        outputs = blocks | beam.ParDo(
            _FingerprintBlock(self.settings, self.staging, self.ranges)
        ).with_outputs("copies", "bands", "restated", main="staged")
        return Fingerprinted(outputs.staged, outputs.copies, outputs.bands, outputs.restated)


class _FingerprintBlock(beam.DoFn):  # type: ignore[misc]
    def __init__(self, settings: Settings, staging: Staging, ranges: int) -> None:
        self._settings = settings
        self._staging = staging
        self._ranges = ranges

    def setup(self) -> None:
        self._staging.check()

    def process(self, block: Block) -> Iterator[StagedBlock | beam.pvalue.TaggedOutput]:
        settings = self._settings
        prints = fingerprint(block, settings.near_duplicates, settings.decide.min_words)
        restated = restated_paragraphs(block, settings.restatements, settings.minhash)
        yield self._staging.write(
            StagedContent(block.documents, block.rejected, tuple(restated)), prints
        )
        for packed in self._packed(0, exact_sightings(prints)):
            yield beam.pvalue.TaggedOutput("copies", packed)
        bands = band_sightings(prints, settings.near_duplicates, settings.minhash)
        for band, sightings in enumerate(bands):
            for packed in self._packed(band, sightings):
                yield beam.pvalue.TaggedOutput("bands", packed)
        if restated:
            edges = restated_edges(prints, restated)
            yield beam.pvalue.TaggedOutput("restated", edges.tobytes())

    def _packed(self, band: int, sightings: NDArray[np.void]) -> Iterator[Packed]:
        part = (sightings["bucket"] >> np.uint64(32)) % np.uint64(self._ranges)
        for number in np.unique(part).tolist():
            yield band * self._ranges + number, sightings[part == number].tobytes()


class Matched(NamedTuple):
    """What matching gives: ``PAIR`` records of exact copies, ``EDGE`` records of likenesses."""

    copies: beam.PCollection[bytes]
    near: beam.PCollection[bytes]
    restated: beam.PCollection[bytes]


@dataclasses.dataclass
class Match(beam.PTransform):  # type: ignore[misc]
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
            >> beam.FlatMap(_compare, self.settings, beam.pvalue.AsList(prints.staged))
        )
        return Matched(copies, near, prints.restated)


def _unpack(chunks: Iterable[bytes], dtype: np.dtype[np.void]) -> NDArray[np.void]:
    return np.frombuffer(b"".join(chunks), dtype=dtype)


def _classes(partition: tuple[int, Iterable[bytes]]) -> Iterator[bytes]:
    classes = exact_classes(_unpack(partition[1], SIGHTING))
    if len(classes):
        yield classes.tobytes()


class _Propose(beam.DoFn):  # type: ignore[misc]
    """Buckets of a partition to proposed pairs, keyed by the block that will compare them."""

    def __init__(self, cap: int) -> None:
        self._cap = cap
        self._capped = Metrics.counter("Match", "capped_buckets")
        self._proposed = Metrics.counter("Match", "proposed_pairs")

    def process(self, partition: tuple[int, Iterable[bytes]]) -> Iterator[Packed]:
        proposals = propose(_unpack(partition[1], SIGHTING), self._cap)
        self._capped.inc(proposals.capped)
        self._proposed.inc(len(proposals.pairs))
        owner = _owner(proposals.pairs)
        for block in np.unique(owner).tolist():
            yield block, proposals.pairs[owner == block].tobytes()


def _owner(pairs: NDArray[np.void]) -> NDArray[np.int64]:
    """The block that compares each pair: either side's, evenly, the same in every band."""
    mixed = (pairs["left"].view() ^ pairs["right"]).astype(np.uint64) * _MIX
    return np.where(mixed >> np.uint64(63), block_of(pairs["left"]), block_of(pairs["right"]))


def _by_index(staged: Iterable[StagedBlock]) -> Mapping[int, StagedBlock]:
    return {block.index: block for block in staged}


def _compare(
    grouped: tuple[int, Iterable[bytes]], settings: Settings, staged: list[StagedBlock]
) -> Iterator[bytes]:
    blocks = _by_index(staged)
    pairs = distinct_pairs(_unpack(grouped[1], PAIR))
    sides = np.stack((block_of(pairs["left"]), block_of(pairs["right"])), axis=1)
    for left, right in np.unique(sides, axis=0).tolist():
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
class Decide(beam.PTransform):  # type: ignore[misc]
    """Verified pairs to verdicts by block: once per corpus, in rank order."""

    settings: Settings
    staged: beam.PCollection[StagedBlock]

    def expand(self, matched: Matched) -> beam.PCollection[tuple[int, bytes]]:
        return matched.copies.pipeline | beam.Impulse() | beam.FlatMap(
            _decide,
            self.settings,
            *(beam.pvalue.AsIter(part) for part in matched),
            staged=beam.pvalue.AsList(self.staged),
        )


def _decide(
    _: bytes,
    settings: Settings,
    copies: Iterable[bytes],
    near: Iterable[bytes],
    restated: Iterable[bytes],
    staged: list[StagedBlock],
) -> Iterator[tuple[int, bytes]]:
    blocks = _by_index(staged)

    def read(index: int) -> object:
        return read_fingerprints(blocks, index)

    graph = build_graph(
        _unpack(copies, PAIR), _unpack(near, EDGE), _unpack(restated, EDGE), read, settings
    )
    for index, verdicts in decide_blocks(graph, read, settings).items():
        yield index, msgspec.msgpack.encode(verdicts)


def read_verdicts(encoded: Iterable[bytes]) -> BlockVerdicts:
    """The verdicts of a block from what :class:`Decide` emits: none or one encoding."""
    for data in encoded:
        return msgspec.msgpack.decode(data, type=BlockVerdicts)
    return BlockVerdicts()
