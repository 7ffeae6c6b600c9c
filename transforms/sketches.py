"""Sketches: what a block leaves of its paragraphs for finding restatements in other documents.

The content of each paragraph as a set of hashes, which is compared with many,
and its :class:`~transforms.terms.Terms`, encoded, which are read for the few
that are worth it.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Final

import msgspec
import numpy as np

from transforms.block_terms import BlockTerms
from transforms.decisions import STANDING_KINDS
from transforms.fingerprints import KINDS, Fingerprints
from transforms.restatements import size
from transforms.settings import RestatementSettings
from transforms.shingles import I64, U64, Sets, word_hash, word_sets
from transforms.terms import Terms

# In the order of the members, so that a second attempt at a block gives the same bytes.
_ENCODER: Final = msgspec.msgpack.Encoder(order="deterministic")
_DECODER: Final = msgspec.msgpack.Decoder(Terms)


@dataclasses.dataclass(frozen=True, slots=True)
class Sketches:
    """The paragraphs of a block that may restate another document's, or be restated there."""

    rows: I64
    """Their rows in the block's fingerprints, ascending."""
    language: U64
    """A hash of the language of each."""
    content: Sets
    """The content of each."""
    encoded: list[bytes]
    """The terms of each; see :meth:`terms`."""

    def terms(self, at: int) -> Terms:
        """The terms of one paragraph, by its position in ``rows``."""
        return _DECODER.decode(self.encoded[at])

    def to_bytes(self) -> bytes:
        """A form that :meth:`from_bytes` reads; equal sketches give equal bytes."""
        return msgspec.msgpack.encode(
            {
                "rows": self.rows.tobytes(),
                "language": self.language.tobytes(),
                "hashes": self.content.hashes.tobytes(),
                "offsets": self.content.offsets.tobytes(),
                "encoded": self.encoded,
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Sketches:
        """Read what :meth:`to_bytes` wrote; arrays are views of ``data``."""
        fields: dict[str, Any] = msgspec.msgpack.decode(data)
        return cls(
            np.frombuffer(fields["rows"], np.int64),
            np.frombuffer(fields["language"], np.uint64),
            Sets(
                np.frombuffer(fields["hashes"], np.uint64),
                np.frombuffer(fields["offsets"], np.int64),
            ),
            fields["encoded"],
        )


def sketch(prints: Fingerprints, found: BlockTerms, settings: RestatementSettings) -> Sketches:
    """The sketches of a block: no captions, tables and lists, and nothing that says too little."""
    row_at = {
        place: row
        for row, place in enumerate(
            zip(prints.document.tolist(), prints.index.tolist(), strict=True)
        )
        if KINDS[int(prints.kind[row])] not in STANDING_KINDS
    }
    chosen = [
        (row_at[document, index], terms)
        for document, index, terms in zip(*found, strict=True)
        if (document, index) in row_at
        and not (terms.listed or terms.caption)
        and size(terms) >= settings.min_stems
    ]
    return Sketches(
        np.array([row for row, _ in chosen], np.int64),
        np.array([word_hash(terms.language) for _, terms in chosen], np.uint64),
        word_sets([terms.content for _, terms in chosen]),
        [_ENCODER.encode(terms) for _, terms in chosen],
    )
