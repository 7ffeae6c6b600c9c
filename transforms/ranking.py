"""Who survives: the order in which documents are decided."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Final

import numpy as np

from transforms.settings import Keep

Rank = tuple[int, int, int, str]
"""Compares as documents are decided: the smaller is kept."""

_NEVER = 1 << 62
"""Where a missing date stands: behind every date."""

_BEFORE: Final = -(1 << 63)
"""Where what earlier runs kept stands: before every date and length."""

COARSE_BITS: Final = 20
"""Bits of :func:`coarse_rank`: dates of our days to 12 days, lengths to a thousandth."""


def published_seconds(published: str | None) -> int | None:
    """Seconds since 1970 of an ISO 8601 date or time (UTC where no zone is given).

    Returns ``None`` for what is missing or not ISO 8601: no date is guessed.

    >>> published_seconds("1970-01-02")
    86400
    >>> published_seconds("yesterday") is None
    True
    """
    if not published:
        return None
    try:
        moment = datetime.datetime.fromisoformat(published)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    return (moment - epoch) // datetime.timedelta(seconds=1)


def rank(
    keep: Keep,
    preferred: Sequence[str],
    *,
    id: str,
    source: str,
    characters: int,
    published: int | None,
) -> Rank:
    """The rank of a document; ties end with the id.

    Args:
        keep: ``earliest`` (published first), ``longest``, ``newest``, or
            ``source`` (the order of ``preferred``, then as ``earliest``).
        preferred: prefixes of sources, best first.
        characters: length of the normalised text.
        published: seconds since 1970.

    Returns:
        A tuple that compares as documents are decided.
    """
    earliest = _NEVER if published is None else published
    if keep == "longest":
        return (-characters, earliest, 0, id)
    if keep == "newest":
        return (_NEVER if published is None else -published, -characters, 0, id)
    if keep == "source":
        place = next(
            (n for n, prefix in enumerate(preferred) if source.startswith(prefix)), len(preferred)
        )
        return (place, earliest, -characters, id)
    return (earliest, -characters, 0, id)


def earlier_rank(number: int, id: str) -> Rank:
    """The rank of a document that an earlier run kept: before all of tonight's.

    Args:
        number: its place among all that were kept.
    """
    return (_BEFORE, number, 0, id)


def coarse_rank(exact: Rank) -> int:
    """A number of :data:`COARSE_BITS` bits that never puts two ranks the wrong way round.

    Which pairs of a hot bucket are proposed follows it; what survives follows
    the exact rank.
    """
    undated = exact[0] == _NEVER
    lead = exact[1] if undated else exact[0]
    # The bits of a float are in the order of their magnitudes.
    magnitude = int(np.float32(abs(lead)).view(np.uint32)) >> (33 - COARSE_BITS)
    half = 1 << (COARSE_BITS - 2)
    within = half + magnitude if lead >= 0 else half - 1 - magnitude
    return (undated << (COARSE_BITS - 1)) + within
