"""Tokens: the words of a paragraph with what folding takes away.

A chunk (:mod:`transforms.chunks`) is read once while it is remembered: in 4 MB of
news one comes back ten times.  Most of what is asked of a paragraph concerns the few
tokens that may be a name, a number and the like, so it knows where they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import compress, count, repeat
from operator import itemgetter
from typing import Final

from transforms.chunks import CAPITAL, CLAIM, END, FIGURE, PLAIN, UPPER, Chunk, read_chunk
from transforms.chunks import Token as Token

_CACHED_CHUNKS: Final = 1 << 17
"""Distinct chunks that are remembered, about those of 8 MB of news: with half as many reading 13 MB
of it takes half as long again, as all that is remembered goes when it is full."""

_LONGEST_CACHED: Final = 40
"""A longer chunk is no word that comes back, and hostile ones would fill the memory."""

_UNKNOWN: Final = 2 * END
_NONE: Final = PLAIN._replace(mark=_UNKNOWN)
"""Stands for a chunk that is not among the remembered ones of one token."""
_MARK: Final = itemgetter(Token._fields.index("mark"))
_singles: Final[dict[str, Token]] = {}
"""The chunks of one token that are remembered."""


class Tokens(list[Token]):
    """The tokens of one paragraph, in order, and the places of those that are asked for."""

    __slots__ = ("capitals", "claims", "figures", "upper")

    capitals: list[int]
    """Of those that begin with a capital."""
    claims: list[int]
    """Of denials, hedges, words that have an opposite, and what may be a date."""
    upper: list[int]
    """Of those that are all capitals."""
    figures: list[int]
    """Of those at which a number may begin."""


def tokens_of(text: str) -> Tokens:
    """The tokens of one paragraph, in order.

    >>> [t.fold for t in tokens_of("In the U.S., Chile's $4.3bn isn't -5%.")]
    ['in', 'the', 'us', 'chile', '$', '4.3', 'bn', 'isnt', '-5', '%']
    """
    parts = text.split()
    found = list(map(_singles.get, parts, repeat(_NONE)))
    marks = list(map(_MARK, found))
    unknown = marks.count(_UNKNOWN)
    ends = _fill_in(parts, found, marks, unknown) if unknown else ()
    marked = list(compress(count(), marks))
    for at in ends:
        marks[at] |= END
    capitals: list[int] = []
    claims: list[int] = []
    upper: list[int] = []
    figures: list[int] = []
    for at in marked:
        mark = marks[at]
        if mark & CAPITAL:
            capitals.append(at)
            if not at or marks[at - 1] & END:
                found[at] = found[at].opening or found[at]
        if mark & CLAIM:
            claims.append(at)
        if mark & UPPER:
            upper.append(at)
        if mark & FIGURE:
            figures.append(at)
    tokens = Tokens(found)
    tokens.capitals, tokens.claims, tokens.upper, tokens.figures = capitals, claims, upper, figures
    return tokens


def _fill_in(
    parts: Sequence[str], tokens: list[Token], marks: list[int], unknown: int
) -> list[int]:
    """Put in the tokens of unknown chunks; returns behind which a chunk without any ends."""
    found: list[Token] = []
    ends: list[int] = []
    done = 0
    for _ in range(unknown):
        at = marks.index(_UNKNOWN, done)
        chunk = _chunk_of(parts[at])
        found += tokens[done:at]
        found += chunk.tokens
        done = at + 1
        if chunk.ends and found and not chunk.tokens:
            ends.append(len(found) - 1)
    found += tokens[done:]
    tokens[:] = found
    marks[:] = map(_MARK, found)
    return ends


_cached_chunk = lru_cache(maxsize=_CACHED_CHUNKS)(read_chunk)


def _chunk_of(part: str) -> Chunk:
    """What a part of a text is read as; what comes back is remembered."""
    if len(part) > _LONGEST_CACHED:
        return read_chunk(part)
    chunk = _cached_chunk(part)
    if len(chunk.tokens) == 1:
        if len(_singles) >= _CACHED_CHUNKS:
            _singles.clear()
        _singles[part] = chunk.tokens[0]
    return chunk
