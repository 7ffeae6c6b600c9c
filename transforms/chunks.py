"""Chunks: what stands between two spaces, read as tokens.

Folding forgets capitals, sentence ends and what was glued together; names,
dates and amounts need them.  A token is a folded word with its case and its
place in the sentence.
"""

from __future__ import annotations

import re
import string
from typing import Final, NamedTuple

import re2

from transforms import english
from transforms.alternatives import HEDGES
from transforms.denials import DENIALS
from transforms.folding import words
from transforms.opposites import Pole, poles_of
from transforms.stems import stem
from transforms.unicode14 import is_upper

_APOSTROPHES: Final = "'\u2019\u02bc\uff07"
_APOSTROPHE: Final = f"[{_APOSTROPHES}]"
_PIECE: Final = re2.compile(
    r"(?:\p{Lu}\.){2,}"  # U.S.
    r"|[-\x{2212}]?\p{Nd}{1,2}/(?:[234568]|10|16|32|64)\b"  # 1/16
    r"|[-\x{2212}]?\p{Nd}(?:[.,]?\p{Nd})*"  # -1,500.25
    rf"|[\p{{L}}\p{{M}}]+(?:{_APOSTROPHE}[\p{{L}}\p{{M}}]+)*"  # don't
    r"|[\p{N}\p{Sc}%]"
)
_ADDRESS: Final = re2.compile(r"://|^[\p{P}]*www\.|[a-z]\.[a-z]{2,}/|[\p{L}\p{N}]@[a-z]")

# The same for short chunks of ASCII, without the cost of a call of re2. It is linear, too, but
# re takes memory for every round of a repetition.
_ASCII_PIECE: Final = re.compile(
    r"(?:[A-Z]\.){2,}"
    r"|-?[0-9]{1,2}/(?:[234568]|10|16|32|64)\b"
    r"|-?[0-9](?:[.,]?[0-9])*"
    r"|[A-Za-z]+(?:'[A-Za-z]+)*"
    r"|[0-9$%]",
    re.ASCII,
)
_SHORT: Final = 40
AS_ASCII: Final = str.maketrans("\u2019\u201c\u201d\u2018\u2013\u2014\u2026", '\'""`~~~')
"""Typographic characters that are no part of a word, or as good as one of ASCII there."""

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
    stem: str
    """Its stem if it is an English word of content; "" of function words, letters and numerals."""
    mark: int
    """0 for an ordinary word in mid-sentence, else bits that say what it is."""
    capital: bool
    """It begins with a capital."""
    upper: bool
    """It has two letters or more, all of them capitals."""
    initial: bool
    """Its capital opens a sentence or a quotation, and says nothing."""
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
    poles: tuple[Pole, ...]
    """The poles that it stands on, if it is one of two opposites."""
    opening: Token | None
    """The same with ``initial``, where it begins a chunk with a capital."""


CAPITAL: Final = 1
CLAIM: Final = 2
UPPER: Final = 4
FIGURE: Final = 8
END: Final = 16
"""A sentence, or a label with a colon, ends with it."""


class Chunk(NamedTuple):
    """What one chunk is read as."""

    tokens: tuple[Token, ...]
    """Its tokens in mid-sentence."""
    ends: bool
    """A sentence, or a label with a colon, ends with it."""


_INITIAL: Final = Token._fields.index("initial")
PLAIN: Final = Token(
    fold="",
    stem="",
    mark=0,
    capital=False,
    upper=False,
    initial=False,
    opens=False,
    breaks=False,
    glued=False,
    denies=False,
    numeric=False,
    special=False,
    poles=(),
    opening=None,
)


def read_chunk(chunk: str) -> Chunk:
    """The tokens of one chunk."""
    core = chunk.strip(_EDGES)
    if core.isascii() and core.isalpha():  # nine chunks in ten
        return _word(chunk, core)
    if ("/" in chunk or "@" in chunk or "www." in chunk) and _ADDRESS.search(chunk):
        return _link(chunk)
    inner: list[Token] = []
    end = 0
    for start, stop, raw in _pieces(chunk):
        between = chunk[end:start]
        opens = not _HYPHENS.issuperset(between)
        if inner and opens:
            inner[-1] = inner[-1]._replace(breaks=True)
        inner += _tokens(raw, opens=opens, glued=bool(inner) and not between)
        end = stop
    if not inner:
        return Chunk((), _closing(chunk[end:]).ends)
    last = inner[-1]
    breaks, ends = _closing(chunk[end:], last.fold, capital=last.capital)
    mark = last.mark | (END if ends else 0)
    inner[-1] = last._replace(breaks=last.breaks or breaks, mark=mark)
    if inner[0].capital:
        opening = inner[0]._replace(initial=True)
        inner[0] = opening if chunk[0] in _OPENING_QUOTES else inner[0]._replace(opening=opening)
    return Chunk(tuple(inner), ends)


def _word(chunk: str, core: str) -> Chunk:
    """One word of ASCII with punctuation around it."""
    before, _, behind = chunk.partition(core)
    fold, capital = core.lower(), core[0].isupper()
    breaks, ends = _closing(behind, fold, capital=capital)
    token = _token(
        fold,
        capital=capital,
        upper=len(core) > 1 and core.isupper(),
        opens=not _HYPHENS.issuperset(before),
        breaks=breaks,
        ends=ends,
    )
    if capital:
        opening = Token._make((*token[:_INITIAL], True, *token[_INITIAL + 1 :]))
        quoted = chunk[0] in _OPENING_QUOTES
        token = opening if quoted else Token._make((*token[:-1], opening))
    return Chunk((token,), ends)


class _Closing(NamedTuple):
    breaks: bool
    ends: bool


def _closing(behind: str, fold: str = "", *, capital: bool = False) -> _Closing:
    """What punctuation behind the last word of a chunk does to it.

    A full stop may belong to the word: ``Mr.``, ``F.`` and the like.
    """
    if not behind:
        return _Closing(False, False)
    tail = behind.strip(_CLOSERS)
    ends = tail != "" and tail[-1] in _ENDS
    if tail == "." and (fold in english.ABBREVIATIONS or (capital and len(fold) == 1)):
        ends = False
    return _Closing(behind.strip("'\u2019") != "" and (ends or tail != "."), ends)


def _link(chunk: str) -> Chunk:
    """A link or an address: its letters and digits name and count nothing."""
    tokens = [
        PLAIN._replace(
            fold=fold,
            stem=_content_stem(fold),
            mark=FIGURE if fold in english.PARTS_ALONE else 0,
            breaks=True,
        )
        for fold in words(chunk)
    ]
    return Chunk(tuple(tokens), False)


def _content_stem(fold: str) -> str:
    return "" if fold in english.STOP_WORDS or len(fold) == 1 or not fold.isalpha() else stem(fold)


def _pieces(chunk: str) -> list[tuple[int, int, str]]:
    """Start, end and text of the words in a chunk."""
    found: list[tuple[int, int, str]] = []
    plain = chunk if chunk.isascii() else chunk.translate(AS_ASCII)
    simple = plain.isascii() and len(chunk) <= _SHORT
    for match in _ASCII_PIECE.finditer(plain) if simple else _PIECE.finditer(chunk):
        start, stop = match.span()
        if start and chunk[start] in _MINUS:  # a sign only after a space
            start += 1
        found.append((start, stop, chunk[start:stop]))
    return found


def _tokens(raw: str, *, opens: bool, glued: bool) -> list[Token]:
    bare, denies, upper = raw, False, len(raw) > 1 and is_upper(raw)
    if not raw.isalpha():
        letters = "".join(filter(str.isalpha, raw))
        if "." in raw and letters:
            bare = letters
        elif len(raw) > 2 and raw[-2] in _APOSTROPHES:
            bare = raw[:-2] if raw[-1] in "sS" else raw
            denies = raw[-1] in "tT" and raw[-3] in "nN"
        upper = len(letters) > 1 and is_upper(bare)
    capital = raw[0].isupper()
    plain = bare.isascii() and bare.isalnum()  # words() would only lower the case
    return [
        _token(fold, capital=capital, upper=upper, opens=opens, glued=glued, denies=denies)
        for fold in ([bare.lower()] if plain else words(bare))
    ]


def _token(
    fold: str,
    *,
    capital: bool,
    upper: bool,
    opens: bool,
    breaks: bool = False,
    ends: bool = False,
    glued: bool = False,
    denies: bool = False,
) -> Token:
    denies = denies or fold in DENIALS
    numeric = fold in english.NUMERALS or fold[-1].isdecimal()
    poles = poles_of(fold)
    claims = denies or poles != () or fold in english.CALENDAR or fold in HEDGES
    mark = (
        (CAPITAL if capital else 0)
        | (CLAIM if claims else 0)
        | (UPPER if upper else 0)
        | (FIGURE if numeric or fold in english.PARTS_ALONE else 0)
        | (END if ends else 0)
    )
    return Token(
        fold,
        "" if numeric else _content_stem(fold),
        mark,
        capital,
        upper,
        False,
        opens,
        breaks,
        glued,
        denies,
        numeric,
        capital or numeric or claims,
        poles,
        None,
    )
