"""Sketches: what a block leaves of its paragraphs for finding restatements in other documents."""

from __future__ import annotations

import dataclasses
from typing import Any

import msgspec
import numpy as np

from transforms.content_sets import Contents, says_enough
from transforms.settings import RestatementSettings
from transforms.shingles import I64, U64, Sets


@dataclasses.dataclass(frozen=True, slots=True)
class Sketches:
    """The paragraphs of a block that may restate another document's, or be restated there."""

    rows: I64
    """Their rows in the block's fingerprints, ascending."""
    language: U64
    """A hash of the language of each."""
    content: Sets
    """The content set of each."""

    def to_bytes(self) -> bytes:
        """A form that :meth:`from_bytes` reads; equal sketches give equal bytes."""
        return msgspec.msgpack.encode(
            {
                "rows": self.rows.tobytes(),
                "language": self.language.tobytes(),
                "hashes": self.content.hashes.tobytes(),
                "offsets": self.content.offsets.tobytes(),
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
        )


def sketch(contents: Contents, settings: RestatementSettings) -> Sketches:
    """The sketches of a block: of what says enough."""
    rows = np.flatnonzero(says_enough(contents.sets.sizes(), settings))
    return Sketches(rows, contents.language[rows], contents.sets.take(rows))
