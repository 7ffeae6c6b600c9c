"""Restatements across documents: what another document tells in other words is marked.

LSH over the content sets of all paragraphs that stay proposes pairs, the sets
are compared exactly, and the few that are left are judged as inside a document
(:mod:`transforms.restatements`).  Two documents share less than two paragraphs of
one, and news of one kind is written in the same words every week; so a mark
asks for more here: every bar of a removal, and no number that the other lacks.
Nothing goes.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.candidates import PAIR
from transforms.content_sets import LEEWAY, NEVER
from transforms.deciding import BlockVerdicts
from transforms.fingerprints import Fingerprints, pack, row_of
from transforms.folding import words
from transforms.matching import compare_sets, passes_bar
from transforms.minhash import U32, band_hashes, signatures
from transforms.ranking import Rank, rank
from transforms.restatements import Comparison, compare
from transforms.settings import DecideSettings, Scope, Settings
from transforms.shingles import I64, SCORE_DECIMALS, U64, word_hash
from transforms.sketches import Sketches
from transforms.terms import Terms
from transforms.vetoes import lacks_number

SPOT: Final = np.dtype([("bucket", "<u8"), ("key", "<i8")])
"""A paragraph that stays, seen in a bucket: what crosses the shuffle, packed."""

_SCOPES: Final[tuple[Scope, ...]] = ("document", "site", "corpus")
_SPREAD: Final = 3.0
"""Standard deviations by which a signature may show less likeness than there is: 1 in 700 does."""
_CHUNK: Final = 1 << 16
"""Pairs that are compared at a time."""


def scope_of(settings: Settings) -> Scope:
    """Where restatements are looked for: the narrower of their own scope and the run's."""
    return min(settings.decide.scope, settings.restatements.scope, key=_SCOPES.index)


def looks_across(settings: Settings) -> bool:
    """Whether restatements are looked for across documents at all."""
    return settings.restatements.action != "off" and scope_of(settings) != "document"


def retold(better: Terms, worse: Terms, settings: Settings) -> Comparison | None:
    """The comparison of two paragraphs of two documents, or ``None`` for no mark.

    Args:
        better: the one of better rank; both stay.
        worse: the one that is marked for telling the same.
    """
    own = settings.restatements
    if better.language != worse.language or lacks_number(worse, better):
        return None
    found = compare(better, worse, own)
    if not found.verified or found.below or _same_words(better, worse, settings):
        return None
    return found


def _same_words(one: Terms, other: Terms, settings: Settings) -> bool:
    """Whether two paragraphs are near-duplicates: then they do not tell it in other words."""
    near = settings.near_duplicates
    first, second = words(one.text), words(other.text)
    runs, others = _runs(first, near.shingle), _runs(second, near.shingle)
    shared = len(runs & others)
    jaccard = round(shared / max(len(runs) + len(others) - shared, 1), SCORE_DECIMALS)
    lengths = np.array([len(first)]), np.array([len(second)])
    return bool(passes_bar(np.array([jaccard]), *lengths, near)[0])


def _runs(folded: list[str], size: int) -> set[tuple[str, ...]]:
    """The shingles of one paragraph, not hashed: a few pairs need no array."""
    return {tuple(folded[at : at + size]) for at in range(max(len(folded) - size + 1, 1))}


def staying(prints: Fingerprints, verdicts: BlockVerdicts, templates: I64) -> NDArray[np.bool_]:
    """Which rows of a block stay.

    Args:
        templates: the rows that belong to a site's template.
    """
    stays = np.ones(len(prints.document), dtype=bool)
    stays[templates] = False
    whole = [each.position for each in verdicts.documents if each.action == "drop"]
    stays[np.isin(prints.document, whole)] = False
    gone = {
        (each.position, each.paragraph) for each in verdicts.paragraphs if each.action == "drop"
    }
    places = zip(prints.document.tolist(), prints.index.tolist(), strict=True)
    stays[[row for row, place in enumerate(places) if place in gone]] = False
    return stays


def spots(
    sketches: Sketches, prints: Fingerprints, stays: NDArray[np.bool_], settings: Settings
) -> Iterator[NDArray[np.void]]:
    """The paragraphs that stay in their buckets, band by band: ``SPOT`` records."""
    own = settings.restatements
    sites = _sites(sketches, prints, settings)
    chosen = np.flatnonzero(stays[sketches.rows] & (sites.known | (scope_of(settings) != "site")))
    signature = signatures(
        sketches.content.take(chosen), own.across_bands * own.across_rows, settings.minhash.seed
    )
    hashes = band_hashes(signature, own.across_bands, own.across_rows)
    hashes ^= (sketches.language ^ sites.hashes)[chosen, None]
    for band in range(own.across_bands):
        seen = np.empty(len(chosen), dtype=SPOT)
        seen["bucket"] = hashes[:, band]
        seen["key"] = prints.keys(sketches.rows[chosen])
        yield seen


class _Sites(NamedTuple):
    hashes: U64
    """0 where the site does not matter."""
    known: NDArray[np.bool_]


def _sites(sketches: Sketches, prints: Fingerprints, settings: Settings) -> _Sites:
    """The site of each sketch's document."""
    sites = [each.site for each in prints.documents]
    at = prints.document[sketches.rows]
    known = np.array([site is not None for site in sites], dtype=bool)[at]
    if scope_of(settings) != "site":
        return _Sites(np.zeros(len(at), np.uint64), known)
    return _Sites(np.array([word_hash(site or "") for site in sites], np.uint64)[at], known)


class Side(NamedTuple):
    """A block whose paragraphs are compared with another's."""

    sketches: Sketches
    prints: Fingerprints
    signature: U32
    sites: U64
    ranks: list[Rank]
    """Of the documents of the block."""


def side(sketches: Sketches, prints: Fingerprints, settings: Settings) -> Side:
    """A block, ready to be compared with others."""
    own = settings.restatements
    signature = signatures(
        sketches.content, own.across_bands * own.across_rows, settings.minhash.seed
    )
    sites = _sites(sketches, prints, settings).hashes
    return Side(sketches, prints, signature, sites, ranks_of(prints, settings.decide))


def ranks_of(prints: Fingerprints, settings: DecideSettings) -> list[Rank]:
    """The ranks of the documents of a block."""
    return [
        rank(
            settings.keep,
            settings.preferred_sources,
            id=each.id,
            source=each.source,
            characters=each.characters,
            published=each.published,
        )
        for each in prints.documents
    ]


def likely_pairs(
    pairs: NDArray[np.void], left: Side, right: Side, settings: Settings
) -> NDArray[np.void]:
    """The pairs whose content sets agree enough for their documents to be read.

    Args:
        pairs: ``PAIR`` records whose left keys are of the left block, and so the right ones.

    Returns:
        ``PAIR`` records with the paragraph of better rank on the left.
    """
    order = sorted(set(left.ranks) | set(right.ranks))
    place = {each: at for at, each in enumerate(order)}
    found = [
        _likely(pairs[begin : begin + _CHUNK], left, right, place, settings)
        for begin in range(0, len(pairs), _CHUNK)
    ]
    return np.concatenate([np.zeros(0, PAIR), *found])


def _likely(
    pairs: NDArray[np.void], left: Side, right: Side, place: dict[Rank, int], settings: Settings
) -> NDArray[np.void]:
    own = settings.restatements
    least = LEEWAY * min(own.min_jaccard, own.other_min_jaccard)
    one = np.searchsorted(left.sketches.rows, row_of(pairs["left"]))
    other = np.searchsorted(right.sketches.rows, row_of(pairs["right"]))
    apart = _documents(left)[one] != _documents(right)[other]
    apart &= left.sketches.language[one] == right.sketches.language[other]
    apart &= left.sites[one] == right.sites[other]
    # What two signatures agree in tells the Jaccard, near enough to spare most exact comparisons.
    floor = least - _SPREAD * sqrt(least * (1 - least) / left.signature.shape[1])
    agreement = np.mean(left.signature[one] == right.signature[other], axis=1)
    chosen = np.flatnonzero(apart & (agreement >= floor))
    pairs, one, other = pairs[chosen], one[chosen], other[chosen]
    jaccard, left_share, right_share = compare_sets(
        left.sketches.content.take(one), right.sketches.content.take(other)
    )
    left_is_better = _places(left, place)[one] < _places(right, place)[other]
    share = np.where(left_is_better, right_share, left_share)
    worse_kind = np.where(
        left_is_better,
        right.prints.kind[right.sketches.rows[other]],
        left.prints.kind[left.sketches.rows[one]],
    )
    passed = np.flatnonzero(
        (jaccard >= least) & (share >= LEEWAY * own.min_containment) & ~NEVER[worse_kind]
    )
    oriented = np.empty(len(passed), dtype=PAIR)
    pairs, left_is_better = pairs[passed], left_is_better[passed]
    oriented["left"] = np.where(left_is_better, pairs["left"], pairs["right"])
    oriented["right"] = np.where(left_is_better, pairs["right"], pairs["left"])
    return oriented


def _documents(one: Side) -> I64:
    """The corpus-wide number of each sketch's document."""
    return pack(one.prints.block, one.prints.document[one.sketches.rows])


def _places(one: Side, place: dict[Rank, int]) -> I64:
    """Where each sketch's document stands in the order of ranks."""
    places = np.array([place[each] for each in one.ranks], np.int64)
    return places[one.prints.document[one.sketches.rows]]
