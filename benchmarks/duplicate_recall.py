"""What the bands propose, against all pairs: recall by Jaccard, and candidates for a true pair."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.duplicate_join import I64, join, word_grams
from transforms.candidates import PAIR, distinct_pairs, propose
from transforms.fingerprints import Fingerprints, band_sightings
from transforms.folding import words
from transforms.matching import jaccard_bar, verify
from transforms.settings import NearDuplicateSettings, Settings

STEP: Final = 0.05
"""Width of a bin of Jaccard above or below the bar."""

_BINS: Final = (-2, -1, 0, 1, 2, 3, 4)
"""Bins that are shown, in steps above the bar; the last is open."""

_SLACK: Final = 1e-9


class Bin(NamedTuple):
    """The true pairs whose Jaccard lies in one bin above (or below) the bar."""

    step: int
    """How many steps above the bar the bin begins."""
    pairs: int
    proposed: int


class Recall(NamedTuple):
    """What the bands propose of one corpus."""

    paragraphs: int
    """Distinct texts of eight words and more."""
    candidates: int
    """Distinct pairs that some band proposes."""
    capped: int
    """Buckets with more members than the cap."""
    true: int
    """Pairs of the full join at the bar or above."""
    permitted: int
    """Candidates that pass the bar and that no veto keeps: edges."""
    bins: Sequence[Bin]


def proposed_pairs(prints: Fingerprints, settings: Settings) -> tuple[NDArray[np.void], int]:
    """The pairs that the pipeline would compare, and how many buckets were capped."""
    near = settings.near_duplicates
    proposals = [
        propose(sightings, near.bucket_cap)
        for sightings in band_sightings(prints, near, settings.minhash)
    ]
    pairs = distinct_pairs(np.concatenate([np.zeros(0, PAIR), *(each.pairs for each in proposals)]))
    return pairs, sum(each.capped for each in proposals)


def recall(prints: Fingerprints, settings: Settings) -> Recall:
    """Measure the proposals of one block of fingerprints against the full join."""
    near = settings.near_duplicates
    grams = [word_grams(words(text), near.shingle) for text in prints.texts]
    joined = join(grams, near.short_jaccard + _BINS[0] * STEP)
    above = joined.jaccard - _bars(prints, joined.left, joined.right, near)
    steps = np.minimum(np.floor((above + _SLACK) / STEP).astype(np.int64), _BINS[-1])
    pairs, capped = proposed_pairs(prints, settings)
    count = len(prints.shingled)
    known = np.searchsorted(prints.keys(prints.shingled), pairs["left"]) * count
    known += np.searchsorted(prints.keys(prints.shingled), pairs["right"])
    hit = np.isin(joined.left * count + joined.right, known)
    edges = verify(pairs, lambda _: prints, near, settings.vetoes)
    return Recall(
        paragraphs=count,
        candidates=len(pairs),
        capped=capped,
        true=int(np.count_nonzero(steps >= 0)),
        permitted=len(edges),
        bins=[
            Bin(step, int(np.count_nonzero(steps == step)), int(hit[steps == step].sum()))
            for step in _BINS
        ],
    )


def _bars(
    prints: Fingerprints, left: I64, right: I64, settings: NearDuplicateSettings
) -> NDArray[np.float64]:
    lengths = prints.words[prints.shingled]
    shorter = np.minimum(lengths[left], lengths[right]).tolist()
    return np.array([jaccard_bar(length, settings) for length in shorter], dtype=np.float64)


def recall_table(found: Sequence[tuple[str, Recall]]) -> str:
    """Recall by bins of Jaccard, a line a corpus, and all of them together."""
    heads = [f"bar{step * STEP:+.2f}" for step in _BINS]
    lines = ["".join(f"{head:>15}" for head in ("", *heads))]
    for name, each in found:
        lines.append(f"{name:>15}" + "".join(_cell(one.proposed, one.pairs) for one in each.bins))
    totals = [
        (
            sum(each.bins[at].proposed for _, each in found),
            sum(each.bins[at].pairs for _, each in found),
        )
        for at in range(len(_BINS))
    ]
    lines.append(f"{'all':>15}" + "".join(_cell(*total) for total in totals))
    return "\n".join(lines)


def _cell(part: int, whole: int) -> str:
    return f"{part:>7}/{whole:<7}" if whole else f"{'-':>15}"


def growth_table(found: Sequence[tuple[str, Recall]]) -> str:
    """Candidates and true pairs as a corpus grows."""
    lines = [
        f"{'':<22} paragraphs candidates  true pairs  permitted  candidates a true pair"
        "  a permitted pair  capped buckets"
    ]
    for name, each in found:
        lines.append(
            f"{name:<22} {each.paragraphs:>10} {each.candidates:>10} {each.true:>11}"
            f" {each.permitted:>10} {each.candidates / max(each.true, 1):>23.2f}"
            f" {each.candidates / max(each.permitted, 1):>17.2f} {each.capped:>15}"
        )
    return "\n".join(lines)
