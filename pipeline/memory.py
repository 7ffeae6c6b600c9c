"""How much memory a run on this machine needs, and how it is kept within a limit.

A limit decides how many blocks are in flight (a worker has one) and in how many passes the buckets
of each band are looked into.  It never decides what a block is, so no byte of the output
depends on it.  ``docs/scale.md`` has what was measured.
"""

from __future__ import annotations

import math
import re
from typing import Final, NamedTuple

from pipeline.errors import UserError

_MIB: Final = 1 << 20

_DRIVER: Final = 300 * _MIB
"""The process that submits: imports, and what Beam holds of a small run."""
_WORKER: Final = 250 * _MIB
"""A worker that does nothing: imports, models, remembered words."""
_OF_BLOCK: Final = 120
"""A block in flight, for each of its bytes, at its dearest step; text is the dearest input."""
_OF_LOOK: Final = 1.5
"""The buckets of one band, for each byte of the input: 24 bytes a paragraph that six
arrays hold while they are sorted, of paragraphs of 100 bytes."""
_OF_CORPUS: Final = 0.8
"""What is known of the corpus as a whole while it is decided, for each byte of the input."""
_PASS: Final = 384 * _MIB
"""What one pass takes where nobody sets a limit."""
_MOST_PASSES: Final = 4096

_UNITS: Final = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
_SIZE: Final = re.compile(r"\s*+(\d{1,9}(?:\.\d{1,3})?)\s*+([KMGT]?)(?:I?B)?\s*+", re.IGNORECASE)


class MemoryPlan(NamedTuple):
    """How a run is spread over memory and time."""

    workers: int
    passes: int
    """Into how many parts the hashes of each band are cut; one is looked into at a time."""
    needed: int
    """An upper estimate of the bytes that all processes hold together."""


def plan_memory(limit: int | None, input_bytes: int, block_bytes: int, workers: int) -> MemoryPlan:
    """The most workers, and the fewest passes, that a limit allows.

    Args:
        limit: bytes, ``None`` for none.
        input_bytes: the size of the input.
        block_bytes: that of its largest block.
        workers: processes that the run would have without a limit.

    Raises:
        UserError: not even one worker fits.
    """
    corpus = round(_OF_CORPUS * input_bytes)
    block = _OF_BLOCK * block_bytes
    least = _needed(1, corpus, block)
    if limit is None:
        passes = _passes(input_bytes, max(block, _PASS))
        return MemoryPlan(workers, passes, _needed(workers, corpus, max(block, _PASS)))
    if least > limit:
        raise UserError(
            f"{size(input_bytes)} of input need {size(least)} of memory on one machine, and"
            f" --memory-limit allows {size(limit)}: raise it, or run on an engine that has several"
            " machines (--runner=FlinkRunner; docs/engines.md says how)"
        )
    fitting = next(
        count for count in range(workers, 0, -1) if _needed(count, corpus, block) <= limit
    )
    room = block + (limit - _needed(fitting, corpus, block)) // fitting
    passes = _passes(input_bytes, min(room, max(block, _PASS)))
    return MemoryPlan(fitting, passes, _needed(fitting, corpus, block))


def _passes(input_bytes: int, room: int) -> int:
    return min(_MOST_PASSES, max(1, math.ceil(_OF_LOOK * input_bytes / room)))


def _needed(workers: int, corpus: int, each: int) -> int:
    return _DRIVER + corpus + workers * (_WORKER + each)


def parse_size(text: str) -> int:
    """The bytes that a size like ``4GB``, ``1.5g`` or ``800 MiB`` names; units are powers of 1024.

    Raises:
        ValueError: it is no size.

    >>> parse_size("1.5GB"), parse_size("300")
    (1610612736, 300)
    """
    match = _SIZE.fullmatch(text)
    if match is None or not float(match[1]):
        raise ValueError(f"{text!r} is no size: write 4GB or 800MB, say")
    return round(float(match[1]) * _UNITS[match[2].upper()])


def size(count: int) -> str:
    """Bytes in a unit that people read.

    >>> size(3 << 30), size(700 << 20)
    ('3.0 GB', '700 MB')
    """
    if count >= _UNITS["G"]:
        return f"{count / _UNITS['G']:.1f} GB"
    return f"{math.ceil(count / _MIB)} MB"
