"""Near-copies of whole documents: proposed by MinHash over their bodies, compared exactly.

A body is shingled across its paragraphs, so two pages that cut one text into
different paragraphs are as alike as the text is.  That two bodies are alike
proves nothing about a single paragraph: what is found here is listed, and
removes nothing.
"""

from __future__ import annotations

import hashlib
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.candidates import (
    PAIR,
    distinct_pairs,
    exact_classes,
    in_parts,
    propose,
    sides,
)
from transforms.fingerprints import (
    IS_BODY,
    SIGHTING,
    Fingerprints,
    ReadFingerprints,
    digest_halves,
    pack,
    ranked,
    rows_by_block,
)
from transforms.matching import compare_sets
from transforms.minhash import band_hashes, signatures
from transforms.settings import DocumentSettings, Settings
from transforms.shingles import I64, Runs, Sets, stream_runs, stream_sets

ALIKE: Final = np.dtype(
    [("left", "<i8"), ("right", "<i8"), ("left_share", "<f8"), ("right_share", "<f8")]
)
"""Two documents, by block and position, and the share of each body that the other has."""

_PAIRS_AT_ONCE: Final = 1 << 13
"""Bounds the memory of a comparison."""

NO_ROWS: Final = np.zeros(0, dtype=np.int64)


class Alike(NamedTuple):
    """What is known of documents that are alike."""

    copies: NDArray[np.void]
    """``PAIR`` records: the first document with a body, and each other that has the same words."""
    pairs: NDArray[np.void]
    """``ALIKE`` records of bodies that differ, each body standing for all its copies."""

    @classmethod
    def none(cls) -> Alike:
        """No document is like another."""
        return cls(np.zeros(0, PAIR), np.zeros(0, ALIKE))


def looks_for_near_copies(settings: Settings) -> bool:
    """Whether documents are compared at all: not where each is its own scope."""
    return settings.decide.scope != "document" and settings.documents.action != "off"


def body_sets(
    prints: Fingerprints, which: I64, size: int, gone: NDArray[np.int64] = NO_ROWS
) -> Sets:
    """The shingle sets of the bodies of some documents.

    Args:
        which: positions of documents in the block, ascending.
        size: words in a shingle.
        gone: rows that belong to a site's template, and to no body.
    """
    bodies = _bodies(prints, which, gone)
    return stream_sets(bodies.hashes, bodies.sizes(), size)


def _bodies(prints: Fingerprints, which: I64, gone: NDArray[np.int64] = NO_ROWS) -> Runs:
    """The hashes of the words in the body of some documents; their rows alone are read."""
    starts = np.searchsorted(prints.document, which)
    sizes = np.searchsorted(prints.document, which, "right") - starts
    owner = np.repeat(np.arange(len(which)), sizes)
    rows = np.arange(len(owner)) + np.repeat(starts - np.cumsum(sizes) + sizes, sizes)
    in_body = IS_BODY[prints.kind[rows]] & ~np.isin(rows, gone)
    words = prints.word_runs(rows[in_body])
    lengths = np.bincount(owner[in_body], words.sizes(), len(which)).astype(np.int64)
    return Runs(words.hashes, np.concatenate(([0], np.cumsum(lengths))))


class BodySightings(NamedTuple):
    """The long enough documents of a block in their buckets: ``SIGHTING`` records."""

    copies: NDArray[np.void]
    """Each under the digest of the words of its body."""
    bands: list[NDArray[np.void]]
    """The first with each body under each band of its signature."""


def body_sightings(prints: Fingerprints, settings: Settings) -> BodySightings:
    """The documents of a block whose body has ``decide.min_words`` words or more."""
    bodies = _bodies(prints, np.arange(len(prints.documents)))
    which = np.flatnonzero(bodies.sizes() >= settings.decide.min_words)
    digests = [
        hashlib.blake2b(bodies.hashes[start:end].tobytes(), digest_size=16)
        for start, end in zip(bodies.offsets[which], bodies.offsets[which + 1], strict=True)
    ]
    halves = digest_halves(
        np.frombuffer(b"".join(digest.digest() for digest in digests), dtype="V16")
    )
    keys = pack(prints.block, which)
    copies = np.empty(len(which), dtype=SIGHTING)
    copies["bucket"], copies["variant"], copies["key"] = halves[:, 0], halves[:, 1], keys
    # Proposed is the first of equal bodies, for all of them.
    first = np.sort(np.unique(halves[:, 0], return_index=True)[1])
    proposed = copies[first]
    proposed["variant"] = ranked(prints, halves[:, 0], which)[first]
    documents = settings.documents
    proposing = bodies.take(which[first])
    signature = signatures(
        stream_runs(proposing.hashes, proposing.sizes(), documents.shingle),
        documents.bands * documents.rows,
        settings.minhash.seed,
    )
    hashes = band_hashes(signature, documents.bands, documents.rows)
    bands = []
    for band in range(documents.bands):
        sightings = proposed.copy()
        sightings["bucket"] = hashes[:, band]
        bands.append(sightings)
    return BodySightings(copies, bands)


def compare_bodies(
    pairs: NDArray[np.void], read: ReadFingerprints, settings: DocumentSettings
) -> NDArray[np.void]:
    """Compare pairs of documents exactly: ``ALIKE`` records of those that are near-copies.

    Args:
        pairs: ``PAIR`` records of documents.
        read: the fingerprints of their blocks.
    """
    return in_parts(pairs, _PAIRS_AT_ONCE, lambda some: _compare(some, read, settings), ALIKE)


def _compare(
    pairs: NDArray[np.void], read: ReadFingerprints, settings: DocumentSettings
) -> NDArray[np.void]:
    keys, left, right = sides(pairs)
    bodies = Sets.joined(
        [
            body_sets(read(block), positions, settings.shingle)
            for block, positions in rows_by_block(keys)
        ]
    )
    _, left_share, right_share = compare_sets(bodies, bodies, left, right)
    passed = np.flatnonzero(np.maximum(left_share, right_share) >= settings.mark_share)
    alike = np.empty(len(passed), dtype=ALIKE)
    alike["left"], alike["right"] = pairs["left"][passed], pairs["right"][passed]
    alike["left_share"], alike["right_share"] = left_share[passed], right_share[passed]
    return alike


def alike_in_block(prints: Fingerprints, settings: Settings) -> Alike:
    """The documents of one block that are alike."""
    if not looks_for_near_copies(settings):
        return Alike.none()
    sightings = body_sightings(prints, settings)
    cap = settings.documents.bucket_cap
    proposed = [propose(band, cap).pairs for band in sightings.bands]
    pairs = distinct_pairs(np.concatenate([np.zeros(0, PAIR), *proposed]))
    return Alike(
        exact_classes(sightings.copies),
        compare_bodies(pairs, lambda _: prints, settings.documents),
    )
