"""The steps of the flow as PTransforms.

Each lifts pure functions.  The elements are blocks until they are staged; from
then on they are packed arrays and small records, so that no document crosses a
shuffle.
"""

from __future__ import annotations

import dataclasses
import logging
import pickle
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import apache_beam as beam
import numpy as np
from apache_beam.coders.typecoders import registry
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import PCollection, TaggedOutput
from numpy.typing import NDArray

from transforms.block import Block
from transforms.content_sets import content_sets
from transforms.fingerprints import fingerprint_words
from transforms.finished import BLOCKS, MADE, RESUMED, FinishedBlock, keep_finished
from transforms.number_sets import number_sets
from transforms.progress import State, Told, tell
from transforms.restated_across import looks_across
from transforms.restating import restated_edges, restated_paragraphs, restates
from transforms.settings import (
    DecodeSettings,
    JudgeSettings,
    Settings,
    SplitSettings,
    WatchSettings,
)
from transforms.sightings import block_sightings
from transforms.single import decode_block, judge_block, split_block, without_failing
from transforms.sites import SitePatterns
from transforms.sketches import sketch
from transforms.staging import StagedBlock, StagedContent, Staging, StagingError
from transforms.templates import looks_for_templates, outline
from transforms.watching import decode_watched, split_watched

_LOGGER = logging.getLogger(__name__)

Packed = tuple[int, bytes]
"""A partition, or a block's index, and the bytes of an array of records."""

NOT_WATCHED = WatchSettings()

TIMES = "microseconds"
"""Namespace of the counters of time."""

MATCH = "match"
"""Namespace of the counters of matching."""


class BlockCoder(beam.coders.Coder):
    """A block as Beam sees it, which asks for the size of every element and for nothing else.

    By default it would pickle a block to find out, after every step: a tenth of a run.
    """

    def encode(self, value: Block) -> bytes:
        """Pickled, where an engine does not fuse the steps and the block leaves its worker."""
        return pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)

    def decode(self, encoded: bytes) -> Block:
        """The block again; what is decoded is what a worker of this run encoded."""
        block: Block = pickle.loads(encoded)  # noqa: S301
        return block

    def estimate_size(self, value: Block) -> int:
        """The bytes of its records and the characters of its texts."""
        return (
            sum(len(record.data) for record in value.records)
            + sum(len(item.decoded.text) for item in value.decoded)
            + sum(len(document.text) for document in value.documents)
        )

    def is_deterministic(self) -> bool:
        """No block is a key."""
        return False


registry.register_coder(Block, BlockCoder)


def map_blocks(
    name: str, step: Callable[..., Block], *settings: object
) -> beam.PTransform[Any, Any]:
    """Apply a function to each block, and count the time that it takes under ``name``.

    A finished block is past it.
    """
    return beam.ParDo(_MapBlocks(name, step, settings)).with_output_types(Block)


class _MapBlocks(beam.DoFn):
    def __init__(self, name: str, step: Callable[..., Block], settings: tuple[object, ...]) -> None:
        self._name = name
        self._step = step
        self._settings = settings

    def process(self, element: Block) -> Iterator[Block]:
        if element.finished is not None:
            yield element
            return
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
    watch: WatchSettings = NOT_WATCHED

    def expand(self, blocks: PCollection[Block]) -> PCollection[Block]:
        if self.watch.is_on:
            return blocks | map_blocks("decode", decode_watched, self.settings, self.watch)
        return blocks | map_blocks("decode", decode_block, self.settings)


@dataclasses.dataclass
class Split(beam.PTransform[Any, Any]):
    """Blocks of decoded records to blocks of documents."""

    settings: SplitSettings
    decode: DecodeSettings
    watch: WatchSettings = NOT_WATCHED

    def expand(self, blocks: PCollection[Block]) -> PCollection[Block]:
        if self.watch.is_on:
            return blocks | map_blocks(
                "split", split_watched, self.settings, self.decode, self.watch
            )
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
    restated: PCollection[bytes]
    """``EDGE`` records: restatements inside a document."""
    outlines: PCollection[Packed]
    """``OUTLINE`` records by block: what the lines of a site are counted by."""


@dataclasses.dataclass
class Fingerprint(beam.PTransform[Any, Any]):
    """Judged blocks to staged blocks and fingerprints.

    A block that an interrupted run finished gives what it gave then.

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
        ).with_outputs("restated", "outlines", main="staged")
        return Fingerprinted(outputs.staged, outputs.restated, outputs.outlines)


class _FingerprintBlock(beam.DoFn):
    def __init__(self, settings: Settings, staging: Staging, ranges: int) -> None:
        self._settings = settings
        self._staging = staging
        self._ranges = ranges
        self._made = Metrics.counter(BLOCKS, MADE)
        self._resumed = Metrics.counter(BLOCKS, RESUMED)

    def setup(self) -> None:
        self._staging.check()

    def process(self, block: Block) -> Iterator[StagedBlock | TaggedOutput[Any, Any]]:
        state: State = "finished" if block.finished is None else "resumed"
        if block.finished is None:
            finished = self._finish(block)
            self._made.inc()
        else:
            finished = block.finished
            self._resumed.inc()
        told = Told("judge", block.index, state, finished.documents, finished.text_bytes)
        tell(self._staging, told)
        yield finished.staged
        if finished.restated:
            yield TaggedOutput("restated", finished.restated)
        if finished.outlines:
            yield TaggedOutput("outlines", (block.index, finished.outlines))

    def _finish(self, block: Block) -> FinishedBlock:
        try:
            finished = self._fingerprint(block)
        except (MemoryError, OSError, StagingError):
            raise  # says nothing about the documents
        except Exception:  # a bug must cost the document that shows it, not the run
            _LOGGER.exception("block %d: each document is tried alone", block.index)
            finished = self._fingerprint(without_failing(block, self._settings))
        keep_finished(self._staging, finished)
        return finished

    def _fingerprint(self, block: Block) -> FinishedBlock:
        settings = self._settings
        with timed("fingerprint"):
            prints, words = fingerprint_words(block, settings.decide)
            sightings = block_sightings(prints, settings, self._ranges)
        with timed("restate"):
            contents = content_sets(block, prints, words) if restates(settings) else None
            restated = (
                [] if contents is None else restated_paragraphs(block, prints, contents, settings)
            )
        sketches = None
        if contents is not None and looks_across(settings):
            with timed("sketch"):
                said = number_sets(prints, words)
                sketches = sketch(prints, contents, said, settings.restatements)
        with timed("stage"):
            content = StagedContent(block.documents, block.rejected, tuple(restated))
            staged = self._staging.write(content, prints, sightings, sketches)
        edges = restated_edges(prints, restated).tobytes() if restated else b""
        lines = (
            outline(prints, settings.templates).tobytes() if looks_for_templates(settings) else b""
        )
        texts = (document.text for document in block.documents)
        size = sum(len(text.encode("utf-8", "surrogatepass")) for text in texts)
        return FinishedBlock(staged, edges, lines, len(block.documents), size)


def unpack(chunks: Iterable[bytes], dtype: np.dtype[np.void]) -> NDArray[np.void]:
    """The records that were packed into bytes, one after the other."""
    return np.frombuffer(b"".join(chunks), dtype=dtype)
