"""Where the rows and documents of a block are seen: their buckets, by partition of the shuffle.

A *section* is one question: which rows have the same text, which share a bucket of one band, and
the same of documents.  A *partition* is a range of a section's hashes: what is sorted at a time.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from transforms.fingerprints import Fingerprints, band_sightings, exact_sightings
from transforms.near_copies import body_sightings, looks_for_near_copies
from transforms.settings import Settings
from transforms.shuffling import cut

Question = Literal["copies", "near", "same bodies", "bodies"]
"""What the records of a section say: equal rows, rows of one band, the same of documents."""


def questions(settings: Settings) -> list[Question]:
    """The question of each section."""
    found: list[Question] = ["copies"]
    found += ["near"] * settings.near_duplicates.bands
    if looks_for_near_copies(settings):
        found.append("same bodies")
        found += ["bodies"] * settings.documents.bands
    return found


def block_sightings(
    prints: Fingerprints, settings: Settings, ranges: int, *, earlier: bool = False
) -> list[NDArray[np.void]]:
    """The ``SIGHTING`` records of a block by partition, section after section.

    Args:
        ranges: into how many partitions each section is cut; no result depends on it.
        earlier: the rows were kept by earlier runs, of whose documents nothing else is known.
    """
    sections = [
        exact_sightings(prints),
        *band_sightings(prints, settings.near_duplicates, settings.minhash),
    ]
    if looks_for_near_copies(settings) and not earlier:
        bodies = body_sightings(prints, settings)
        sections += [bodies.copies, *bodies.bands]
    return [part for section in sections for part in cut(section, ranges)]
