"""Tokens: the words of a paragraph with what folding takes away.

Folding forgets capitals, sentence ends and what was glued together; names,
dates and amounts need them.  A token is a folded word with its case and its
place in the sentence.  It is worked out once for each distinct *chunk* (what
stands between two spaces): in 4 MB of news a chunk comes back ten times.
"""

from __future__ import annotations

import string
from functools import lru_cache
from typing import Final, NamedTuple

import re2

from transforms import english
from transforms.alternatives import HEDGES
from transforms.denials import DENIALS
from transforms.folding import words
from transforms.opposites import poles_of

_CACHED_CHUNKS: Final = 1 << 16
"""Distinct chunks that are remembered, about those of 4 MB of news."""

_LONGEST_CACHED: Final = 40
"""A longer chunk is no word that comes back, and hostile ones would fill the memory."""

_APOSTROPHE: Final = "['\u2019\u02bc\uff07]"
_PIECE: Final = re2.compile(
    r"(?:\p{Lu}\.){2,}"  # U.S.
    r"|[-\x{2212}]?\p{Nd}{1,2}/(?:[234568]|10|16|32|64)\b"  # 1/16
    r"|[-\x{2212}]?\p{Nd}(?:[.,]?\p{Nd})*"  # -1,500.25
    rf"|[\p{{L}}\p{{M}}]+(?:{_APOSTROPHE}[\p{{L}}\p{{M}}]+)*"  # don't
    r"|[\p{N}\p{Sc}%]"
)
_ADDRESS: Final = re2.compile(r"://|^[\p{P}]*www\.|[a-z]\.[a-z]{2,}/|[\p{L}\p{N}]@[a-z]")
_POSSESSIVE: Final = re2.compile(rf"{_APOSTROPHE}[sS]$")
_CONTRACTED: Final = re2.compile(rf"[nN]{_APOSTROPHE}[tT]$")

_MINUS: Final = "-\u2212"
_OPENING_QUOTES: Final = frozenset("\"'“„«\u2018")
_CLOSERS: Final = "\"'”“»\u2019)]}>*"
_ENDS: Final = ".!?…:。\uff01\uff1f"
_EDGES: Final = string.punctuation + "“”„«»…—\u2018\u2019\u2013"
_HYPHENS: Final = frozenset("-\u2010\u2011\u2212/'\u2019&.")
"""What may stand between two words of one phrase."""


class Token(NamedTuple):
    """One folded word in its place."""

    fold: str
    """The word as :func:`transforms.folding.words` gives it, a possessive ``'s`` taken off."""
    capital: bool
    """It begins with a capital."""
    upper: bool
    """It has two letters or more, all of them capitals."""
    initial: bool
    """It opens a sentence or a quotation, where a capital says nothing."""
    opens: bool
    """Punctuation parts it from the word before."""
    breaks: bool
    """Punctuation parts it from the word after."""
    glued: bool
    """Nothing stands between it and the word before: the ``bn`` of ``4.3bn``."""
    denies: bool
    """It is a word of denial."""
    numeric: bool
    """It is written in digits, or it is a numeral."""
    special: bool
    """It may be a name, number, date, denial, hedge or one of two opposites."""


class _Chunk(NamedTuple):
    inner: tuple[Token, ...]
    """Its tokens in mid-sentence."""
    initial: tuple[Token, ...]
    """Its tokens where it opens a sentence."""
    ends: bool
    """A sentence, or a label with a colon, ends with it."""


def tokens_of(text: str) -> list[Token]:
    """The tokens of one paragraph, in order.

    >>> [t.fold for t in tokens_of("In the U.S., Chile's $4.3bn isn't -5%.")]
    ['in', 'the', 'us', 'chile', '$', '4.3', 'bn', 'isnt', '-5', '%']
    """
    found: list[Token] = []
    initial = True
    for part in text.split():
        chunk = _cached_chunk(part) if len(part) <= _LONGEST_CACHED else _chunk(part)
        if chunk.inner:
            found += chunk.initial if initial else chunk.inner
            initial = chunk.ends
        else:
            initial = initial or chunk.ends
    return found


def _chunk(chunk: str) -> _Chunk:
    core = chunk.strip(_EDGES)
    if core.isascii() and core.isalpha():  # nine chunks in ten
        start = chunk.index(core)
        pieces = [(start, start + len(core), core)]
    elif _ADDRESS.search(chunk):
        return _link(chunk)
    else:
        pieces = _pieces(chunk)
    inner: list[Token] = []
    end = 0
    for start, stop, raw in pieces:
        between = chunk[end:start]
        opens = any(char not in _HYPHENS for char in between)
        if inner and opens:
            inner[-1] = inner[-1]._replace(breaks=True)
        inner += _tokens(raw, opens=opens, glued=bool(inner) and not between)
        end = stop
    tail = chunk[end:].strip(_CLOSERS)
    ends = tail != "" and tail[-1] in _ENDS and not (inner and _abbreviated(tail, inner[-1]))
    if not inner:
        return _Chunk((), (), ends)
    if chunk[end:].strip("'\u2019") and (ends or tail != "."):
        inner[-1] = inner[-1]._replace(breaks=True)
    if chunk[0] in _OPENING_QUOTES:
        inner[0] = inner[0]._replace(initial=True)
    tokens = tuple(inner)
    first = tokens[0] if tokens[0].initial else tokens[0]._replace(initial=True)
    return _Chunk(tokens, (first, *tokens[1:]), ends)


_cached_chunk = lru_cache(maxsize=_CACHED_CHUNKS)(_chunk)


def _link(chunk: str) -> _Chunk:
    """A link or an address: its letters and digits name and count nothing."""
    plain = Token("", False, False, False, False, True, False, False, False, False)
    tokens = tuple([plain._replace(fold=fold) for fold in words(chunk)])
    return _Chunk(tokens, tokens, False)


def _pieces(chunk: str) -> list[tuple[int, int, str]]:
    """Start, end and text of the words in a chunk."""
    found: list[tuple[int, int, str]] = []
    for match in _PIECE.finditer(chunk):
        start, stop = match.span()
        if start and chunk[start] in _MINUS:  # a sign only after a space
            start += 1
        found.append((start, stop, chunk[start:stop]))
    return found


def _tokens(raw: str, *, opens: bool, glued: bool) -> list[Token]:
    bare, denial, upper = raw, False, len(raw) > 1 and raw.isupper()
    if not raw.isalpha():
        letters = "".join([char for char in raw if char.isalpha()])
        if "." in raw and letters:
            bare = letters
        else:
            bare = _POSSESSIVE.sub("", raw)
            denial = _CONTRACTED.search(raw) is not None
        upper = len(letters) > 1 and bare.isupper()
    capital = raw[0].isupper()
    found: list[Token] = []
    plain = bare.isascii() and bare.isalpha()  # words() would only lower the case
    for fold in [bare.lower()] if plain else words(bare):
        denies = denial or fold in DENIALS
        numeric = fold in english.NUMERALS or fold[-1].isdecimal()
        special = (
            capital
            or denies
            or numeric
            or fold in english.CALENDAR
            or fold in HEDGES
            or bool(poles_of(fold))
        )
        found.append(
            Token(fold, capital, upper, False, opens, False, glued, denies, numeric, special)
        )
    return found


def _abbreviated(tail: str, last: Token) -> bool:
    """Whether a full stop belongs to the word: ``Mr.``, ``F.`` and the like."""
    return tail == "." and (
        last.fold in english.ABBREVIATIONS or (last.capital and len(last.fold) == 1)
    )
