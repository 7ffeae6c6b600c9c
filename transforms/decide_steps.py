"""Deciding as a PTransform: once per corpus, from packed arrays to verdicts by block."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam
import msgspec
import numpy as np
from apache_beam.pvalue import AsIter, AsList, PCollection

from transforms.candidates import PAIR
from transforms.deciding import BlockVerdicts, decide_corpus
from transforms.gathering import Verified
from transforms.match_steps import Matched
from transforms.matching import EDGE
from transforms.near_copies import ALIKE, Alike
from transforms.progress import telling
from transforms.settings import Settings
from transforms.staging import StagedBlock, Staging, reader
from transforms.steps import Packed, timed, unpack
from transforms.templates import REPEATED


@dataclasses.dataclass
class Decide(beam.PTransform[Any, Any]):
    """Verified pairs to verdicts by block: once per corpus, in rank order.

    Attributes:
        staging: where progress is told.
        templates: ``REPEATED`` records by block: paragraphs that are gone already.
    """

    settings: Settings
    staging: Staging
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
                self.staging,
                *(AsIter(part) for part in matched),
                staged=AsList(self.staged),
                templates=AsList(self.templates),
            )
        )


def _decide(
    _: bytes,
    settings: Settings,
    staging: Staging,
    copies: Iterable[bytes],
    near: Iterable[bytes],
    restated: Iterable[bytes],
    same_bodies: Iterable[bytes],
    alike: Iterable[bytes],
    staged: list[StagedBlock],
    templates: list[Packed],
) -> Iterator[tuple[int, bytes]]:
    gone = {
        block: unpack([packed], REPEATED)["row"].astype(np.int64) for block, packed in templates
    }
    with timed("decide"), telling(staging, "decide", 0):
        verified = Verified(
            unpack(copies, PAIR),
            unpack(near, EDGE),
            unpack(restated, EDGE),
            Alike(unpack(same_bodies, PAIR), unpack(alike, ALIKE)),
        )
        decided = decide_corpus(verified, reader(staged), settings, gone)
    for index, verdicts in decided.items():
        yield index, msgspec.msgpack.encode(verdicts)


def read_verdicts(encoded: Iterable[bytes]) -> BlockVerdicts:
    """The verdicts of a block from what :class:`Decide` emits: none or one encoding."""
    for data in encoded:
        return msgspec.msgpack.decode(data, type=BlockVerdicts)
    return BlockVerdicts()
