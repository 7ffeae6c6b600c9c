"""Sketches: what a block leaves of its paragraphs for finding restatements in other documents."""

from __future__ import annotations

import dataclasses
from typing import Any, Final

import numpy as np

from transforms.columns import read_columns, write_columns
from transforms.content_sets import Contents, says_enough
from transforms.fingerprints import Fingerprints
from transforms.number_sets import NumberSets
from transforms.settings import RestatementSettings
from transforms.shingles import I64, U64, Sets, word_hash

_BITS: Final = 256
"""Bits of a filter; a paragraph has some 20 words with content."""
_WORD_BITS: Final = 64


@dataclasses.dataclass(frozen=True, slots=True)
class Sketches:
    """The paragraphs of a block that may restate another document's, or be restated there."""

    rows: I64
    """Their rows in the block's fingerprints, ascending."""
    document: I64
    """The position of each one's document in the block."""
    kind: I64
    """Position of each one's kind in :data:`~transforms.fingerprints.KINDS`."""
    language: U64
    """A hash of the language of each."""
    site: U64
    """A hash of the site of each one's document, 0 where none is known."""
    bits: U64
    """A Bloom filter of each content set, four words each: bounds what two sets share."""
    content: Sets
    """The content set of each."""
    figures: Sets
    """The numbers that each writes in digits."""
    numbers: Sets
    """The same with those that it spells."""

    def to_bytes(self) -> bytes:
        """A form that :meth:`from_buffer` reads; equal sketches give equal bytes."""
        columns = {name: getattr(self, name) for name in _ARRAYS}
        for name in _SETS:
            sets = getattr(self, name)
            columns |= {f"{name}_hashes": sets.hashes, f"{name}_offsets": sets.offsets}
        return write_columns(columns)

    @classmethod
    def from_buffer(cls, data: Any) -> Sketches:
        """Read what :meth:`to_bytes` wrote; arrays are views of ``data``."""
        columns = read_columns(data)
        fields: dict[str, Any] = {name: columns[name] for name in _ARRAYS}
        for name in _SETS:
            fields[name] = Sets(columns[f"{name}_hashes"], columns[f"{name}_offsets"])
        return cls(**fields)


_ARRAYS: Final = ("rows", "document", "kind", "language", "site", "bits")
_SETS: Final = ("content", "figures", "numbers")


def sketch(
    prints: Fingerprints, contents: Contents, said: NumberSets, settings: RestatementSettings
) -> Sketches:
    """The sketches of a block: of what says enough."""
    rows = np.flatnonzero(says_enough(contents.sets.sizes(), settings))
    content = contents.sets.take(rows)
    sites = [word_hash(each.site) if each.site else 0 for each in prints.documents]
    return Sketches(
        rows=rows,
        document=prints.document[rows],
        kind=prints.kind[rows],
        language=contents.language[rows],
        site=np.array(sites, np.uint64)[prints.document[rows]],
        bits=filters(content).ravel(),
        content=content,
        figures=said.figures.take(rows),
        numbers=said.numbers.take(rows),
    )


def filters(sets: Sets) -> U64:
    """A Bloom filter with one hash function of each set, shape (sets, words)."""
    bits = np.zeros((len(sets), _BITS // _WORD_BITS), np.uint64)
    owner = np.repeat(np.arange(len(sets)), sets.sizes())
    place = sets.hashes % np.uint64(_BITS)
    np.bitwise_or.at(
        bits,
        (owner, (place // np.uint64(_WORD_BITS)).astype(np.int64)),
        np.uint64(1) << place % np.uint64(_WORD_BITS),
    )
    return bits


def most_shared(one: U64, other: U64, sizes: I64, other_sizes: I64) -> I64:
    """As many hashes as the sets of each pair may share; often near to what they do.

    What both have sets the same bits in both filters, so there are no more than bits in common,
    but for those that fell together; in either set no more did than it has hashes over its bits.

    Args:
        one: the filters of the left sets.
        other: those of the right ones.
        sizes: of the left sets.
        other_sizes: of the right ones.
    """
    apart: I64 = np.minimum(sizes - _count(one), other_sizes - _count(other))
    return _count(one & other) + apart


def _count(bits: U64) -> I64:
    counts: I64 = np.bitwise_count(bits).sum(axis=1, dtype=np.int64)
    return counts
