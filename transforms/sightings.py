"""Where the rows and documents of a block are seen: their buckets, by partition of the shuffle.

A *section* is one question: which rows have the same text, which share a bucket of one band, and
the same of documents.  A *partition* is a range of a section's hashes: what is sorted at a time.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.fingerprints import (
    SIGHTING,
    Fingerprints,
    band_sightings,
    exact_sightings,
)
from transforms.near_copies import body_sightings, looks_for_near_copies
from transforms.settings import Settings
from transforms.shingles import I64, U64

Question = Literal["copies", "near", "same bodies", "bodies"]
"""What the records of a section say: equal rows, rows of one band, the same of documents."""


class BlockSightings(NamedTuple):
    """``SIGHTING`` records and the partition of each."""

    records: NDArray[np.void]
    partition: I64


def questions(settings: Settings) -> list[Question]:
    """The question of each section."""
    rows: list[Question] = ["copies", *["near"] * settings.near_duplicates.bands]
    if not looks_for_near_copies(settings):
        return rows
    return [*rows, "same bodies", *["bodies"] * settings.documents.bands]


def block_sightings(prints: Fingerprints, settings: Settings, ranges: int) -> BlockSightings:
    """The sightings of a block, section after section.

    Args:
        ranges: into how many partitions each section is cut; no result depends on it.
    """
    sections = [
        exact_sightings(prints),
        *band_sightings(prints, settings.near_duplicates, settings.minhash),
    ]
    if looks_for_near_copies(settings):
        bodies = body_sightings(prints, settings)
        sections += [bodies.copies, *bodies.bands]
    return BlockSightings(
        np.concatenate([np.zeros(0, SIGHTING), *sections]),
        np.concatenate(
            [
                number * ranges + range_of(section["bucket"], ranges)
                for number, section in enumerate(sections)
            ]
        ),
    )


def range_of(buckets: U64, ranges: int) -> I64:
    """The range in which each bucket lies."""
    return ((buckets >> np.uint64(32)) % np.uint64(ranges)).astype(np.int64)
