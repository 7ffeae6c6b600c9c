"""Find restatements inside the documents of a block: propose by content sets, compare exactly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import count
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.arrays import begins, distinct, order_within, places_in_groups
from transforms.block import Block
from transforms.candidates import PAIR, bucket_pairs
from transforms.content_sets import NEVER, Contents, are_likely, says_enough
from transforms.document import Document
from transforms.fingerprints import Fingerprints, kept_paragraphs
from transforms.glances import Glance, glance
from transforms.matching import EDGE, places
from transforms.minhash import band_hashes, signatures
from transforms.restatements import compare_pairs
from transforms.settings import MinHashSettings, RestatementSettings, Settings
from transforms.shingles import GOLDEN, I64, Sets, intersections
from transforms.staging import Restated
from transforms.terms import Terms, document_terms

_MOST_COUNTED: Final = 1 << 16
"""Words that the pairs of one document share, added up, beyond which not every pair is counted.

MinHash and LSH propose the pairs of such a document: it is long, or says one thing all over.
"""
_ALWAYS_COMPARED: Final = 12
"""A document may have so many likely pairs ..."""
_COMPARED_SHARE: Final = 0.55
"""... or so many for each of its paragraphs, if that is more: of a text of which all is told twice,
every second paragraph and some.  The closest of each paragraph come first.  A comparison costs as
much as cleaning two paragraphs.  Of 27,549 news articles six have more.
"""
_LIKELY: Final = np.dtype([*PAIR.descr, ("jaccard", "<f8")])
"""A pair, and the Jaccard of its content sets."""
_COUNTED_AT_ONCE: Final = 1 << 20
"""The same of the documents that are counted at a time: it bounds the memory."""


def restates(settings: Settings) -> bool:
    """Whether restatements are looked for at all."""
    return settings.restatements.action != "off"


def restated_paragraphs(
    block: Block, prints: Fingerprints, contents: Contents, settings: Settings
) -> list[Restated]:
    """Every two paragraphs of one document that pass the bar of a restatement.

    Content sets propose the pairs, the terms of their documents are read, and
    :func:`transforms.restatements.compare_pairs` decides.

    Args:
        prints: the fingerprints of the block.
        contents: what each row is about.
    """
    own = settings.restatements
    pairs = propose_restatements(prints.document, contents.sets, own, settings.minhash)
    pairs = [pair for pair in pairs if not NEVER[prints.kind[pair[1]]]]
    first = _first_alike(pairs, prints)
    read = {pair: (first[pair[0]], first[pair[1]]) for pair in pairs}
    seen = _glances(first.values(), block, prints, own)
    asked = [
        (one, other)
        for one, other in dict.fromkeys(read.values())
        if not (seen[one].apart or seen[other].apart)
    ]
    if not asked:
        return []
    rows = distinct(np.array(asked, np.int64).reshape(-1))
    owners, starts = np.unique(prints.document[rows], return_index=True)
    position: dict[int, int] = {}
    terms: list[Terms] = []
    for number, some in zip(owners.tolist(), np.split(rows, starts[1:]), strict=True):
        wanted = {int(prints.index[row]): seen[row] for row in some.tolist()}
        found = terms_of(block.documents[number], wanted, own)
        position |= zip(some.tolist(), range(len(terms), len(terms) + len(found)), strict=False)
        terms += found
    asked = [pair for pair in asked if pair[0] in position]
    placed = [(position[one], position[other]) for one, other in asked]
    compared = dict(zip(asked, compare_pairs(terms, placed, own), strict=True))
    return [
        Restated(
            int(prints.document[earlier]),
            int(prints.index[earlier]),
            int(prints.index[later]),
            comparison,
        )
        for earlier, later in pairs
        if (comparison := compared.get(read[earlier, later])) is not None and comparison.verified
    ]


def _first_alike(pairs: list[tuple[int, int]], prints: Fingerprints) -> dict[int, int]:
    """For each row of some pairs the first of its document that has the same text.

    What is read of one is read of all, so a line that stands there a thousand times is compared
    once.
    """
    rows = distinct(np.array(pairs, np.int64).reshape(-1))
    texts = zip(prints.document[rows].tolist(), prints.variant[rows].tolist(), strict=True)
    first: dict[tuple[int, bytes], int] = {}
    return {
        row: first.setdefault(text, row) for row, text in zip(rows.tolist(), texts, strict=True)
    }


def _glances(
    rows: Iterable[int], block: Block, prints: Fingerprints, settings: RestatementSettings
) -> dict[int, Glance]:
    """What each of some rows tells at a glance."""
    return {
        row: glance(
            block.documents[prints.document[row]].text[prints.start[row] : prints.end[row]],
            settings,
        )
        for row in set(rows)
    }


def terms_of(
    document: Document, wanted: Mapping[int, Glance | None], settings: RestatementSettings
) -> list[Terms]:
    """The terms of some paragraphs of a document; none in languages without a stemmer.

    Args:
        wanted: indices of paragraphs that the judge keeps, each with what was seen of it.
    """
    kept = [paragraph for paragraph, _ in kept_paragraphs(document)]
    texts = [document.text_of(paragraph) for paragraph in kept]
    places = {paragraph.index: place for place, paragraph in enumerate(kept)}
    positions = [places[index] for index in wanted]
    known = {places[index]: seen.tokens for index, seen in wanted.items() if seen is not None}
    return document_terms(texts, document.language, settings, positions, known) or []


def propose_restatements(
    owners: I64, contents: Sets, settings: RestatementSettings, minhash: MinHashSettings
) -> list[tuple[int, int]]:
    """Pairs of rows of one owner whose content sets are alike enough to be compared, ascending.

    The cost is linear in a document's paragraphs: of more than ``bucket_cap`` that have the same
    content set each is paired with the first alone, any other only with as many earlier ones
    as the cap allows, those that are most alike, and of all pairs of a document so many are
    left as its paragraphs allow.

    Args:
        owners: the document of each row, ascending.
        contents: the content set of each row.
    """
    rows = np.flatnonzero(says_enough(contents.sizes(), settings))
    room = np.maximum(_ALWAYS_COMPARED, _COMPARED_SHARE * np.bincount(owners[rows]))
    rows, classes = _classes(owners, contents, rows, settings.bucket_cap)
    counted, rest = _counted(owners, contents, rows, settings)
    banded = _banded(owners, contents, rest, settings, minhash)
    pairs = np.concatenate((counted, banded, classes))
    affordable = _affordable(owners[pairs["left"]], pairs, room)
    return [(left, right) for left, right, _ in sorted(pairs[affordable].tolist())]


def _affordable(
    owner: I64, pairs: NDArray[np.void], room: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Which pairs their documents may have: the best of each later row, then the second ones ...

    Args:
        owner: the document of each pair.
        room: how many each document may have.
    """
    closest = (pairs["left"], -pairs["jaccard"])
    nth = places(pairs["right"], *closest)
    found: NDArray[np.bool_] = places(owner, pairs["right"], *closest, nth) < room[owner]
    return found


def _classes(owners: I64, contents: Sets, rows: I64, cap: int) -> tuple[I64, NDArray[np.void]]:
    """The rows without all but the first of large classes, and the pairs of these classes."""
    members: dict[tuple[int, bytes], list[int]] = {}
    _, owner, sizes = np.unique(owners[rows], return_inverse=True, return_counts=True)
    for row in rows[sizes[owner] > cap + 1].tolist():
        hashes = contents.hashes[contents.offsets[row] : contents.offsets[row + 1]]
        members.setdefault((int(owners[row]), hashes.tobytes()), []).append(row)
    large = [each for each in members.values() if len(each) > cap + 1]
    others = [other for each in large for other in each[1:]]
    pairs = [(each[0], other, 1.0) for each in large for other in each[1:]]
    return np.setdiff1d(rows, others), np.array(pairs, _LIKELY)


def _counted(
    owners: I64, contents: Sets, rows: I64, settings: RestatementSettings
) -> tuple[NDArray[np.void], I64]:
    """The pairs of documents in which every pair is counted, and the rows of the others."""
    chosen = contents.take(rows)
    row = np.repeat(rows, chosen.sizes())
    order = order_within(owners[row], chosen.hashes)  # equal hashes as they stand: rows ascend
    row, hashes = row[order], chosen.hashes[order]
    owner = owners[row]
    fresh = begins(hashes) | begins(owner)
    starts = np.flatnonzero(fresh)
    sizes = np.diff(np.append(starts, len(row)))
    last = np.repeat(starts + sizes, sizes) - 1
    cost = np.bincount(owner[starts], sizes * (sizes - 1) // 2, len(owners)).astype(np.int64)
    few = cost <= _MOST_COUNTED
    part = np.cumsum(np.where(few, cost, 0)) // _COUNTED_AT_ONCE
    entries = np.flatnonzero(few[owner] & (last > starts[np.cumsum(fresh) - 1]))
    found = [np.zeros(0, _LIKELY)]
    for number in distinct(part[owner[entries]]).tolist():
        at = entries[part[owner[entries]] == number]
        keys = [np.zeros(0, np.int64)]
        for step in count(1):
            at = at[at + step <= last[at]]
            if not len(at):
                break
            keys.append(row[at] * len(owners) + row[at + step])
        pairs, shared = np.unique(np.concatenate(keys), return_counts=True)
        found.append(_close(*np.divmod(pairs, len(owners)), shared, contents, settings))
    return np.concatenate(found), rows[~few[owners[rows]]]


def _banded(
    owners: I64,
    contents: Sets,
    rows: I64,
    settings: RestatementSettings,
    minhash: MinHashSettings,
) -> NDArray[np.void]:
    """The pairs that share a band and an owner."""
    signature = signatures(contents.take(rows), settings.bands * settings.rows, minhash.seed)
    # A document of its own buckets: its number goes into every band's hash.
    owner = owners[rows].astype(np.uint64) * np.uint64(GOLDEN)
    buckets = band_hashes(signature, settings.bands, settings.rows) ^ owner[:, None]
    # Band by band: a long document of like paragraphs proposes the same pairs in most.
    pairs = _SharedBands(np.zeros(0, np.int64), np.zeros(0, np.int64))
    for band in range(settings.bands):
        found = bucket_pairs(buckets[:, band], rows, settings.bucket_cap).pairs
        numbers = found["right"] * len(owners) + found["left"]
        pairs = _most_shared(pairs, numbers, len(owners), settings)
    right, left = np.divmod(pairs.numbers, len(owners))
    same = owners[left] == owners[right]
    left, right = left[same], right[same]
    return _close(left, right, intersections(contents, contents, left, right), contents, settings)


def _close(
    left: I64, right: I64, shared: I64, contents: Sets, settings: RestatementSettings
) -> NDArray[np.void]:
    """The pairs that are worth reading, at most so many for a later row."""
    sizes = contents.sizes()
    likely = are_likely(shared, sizes[left], sizes[right], settings)
    left, right, shared = left[likely], right[likely], shared[likely]
    jaccard = shared / (sizes[left] + sizes[right] - shared)
    kept = np.flatnonzero(places(right, left, -jaccard) < settings.bucket_cap)
    pairs = np.empty(len(kept), _LIKELY)
    pairs["left"], pairs["right"], pairs["jaccard"] = left[kept], right[kept], jaccard[kept]
    return pairs


class _SharedBands(NamedTuple):
    numbers: I64
    """Pairs of rows, ascending: the later one times the number of rows, and the earlier one."""
    bands: I64
    """How many bands each shares."""


def _most_shared(
    pairs: _SharedBands, found: I64, rows: int, settings: RestatementSettings
) -> _SharedBands:
    """The pairs of one more band added; a later row keeps those of the most bands.

    Args:
        found: the numbers of the pairs of that band, distinct.
        rows: how many there are.
        settings: ``bucket_cap`` pairs a later row keeps; among equals, those with the earliest.
    """
    every = np.concatenate((pairs.numbers, found))
    if not len(every):
        return pairs
    # Numbers of pairs sort many times as fast as records with two keys.
    order = np.argsort(every)
    every = every[order]
    bands = np.concatenate((pairs.bands, np.ones(len(found), np.int64)))[order]
    starts = np.flatnonzero(begins(every))
    every, bands = every[starts], np.add.reduceat(bands, starts)
    right, left = np.divmod(every, rows)
    order = np.argsort((right * settings.bands + settings.bands - bands) * rows + left)
    kept = np.sort(order[places_in_groups(right[order]) < settings.bucket_cap])
    return _SharedBands(every[kept], bands[kept])


def restated_edges(prints: Fingerprints, restated: list[Restated]) -> NDArray[np.void]:
    """Restatements as ``EDGE`` records, the earlier paragraph on the left."""
    row_at = {
        (document, index): row
        for row, (document, index) in enumerate(
            zip(prints.document.tolist(), prints.index.tolist(), strict=True)
        )
    }
    edges = np.zeros(len(restated), dtype=EDGE)
    for edge, pair in zip(edges, restated, strict=True):
        rows = np.array(
            [row_at[pair.document, pair.earlier], row_at[pair.document, pair.later]], np.int64
        )
        edge["left"], edge["right"] = prints.keys(rows)
        edge["jaccard"] = pair.comparison.jaccard
        edge["right_containment"] = pair.comparison.containment
        edge["right_may_go"] = pair.comparison.permitted
    return edges
