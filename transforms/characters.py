"""The characters and the words of a document's lines, as arrays.

A document is read once as one array of code points; what is counted of its
lines is counted for all of them at a time.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.arrays import Bools, Ints
from transforms.paragraphs import END_MARKS
from transforms.segments import NONE

Codes = NDArray[np.uint32]
Forms = NDArray[np.uint8]
Hashes = NDArray[np.uint64]


class Form(IntEnum):
    """What a character is, in any script; from ``UPPER`` to ``DIGIT`` it is part of a word."""

    LINE_END = 0
    SPACE = 1
    UPPER = 2
    LOWER = 3
    UNCASED = 4
    """A letter of a script without case, or a mark on a letter."""
    UNSPACED = 5
    """A letter of a script without spaces between words."""
    DIGIT = 6
    END_MARK = 7
    QUESTION = 8
    """An end mark that asks."""
    COLON = 9
    COMMA = 10
    QUOTE = 11
    PUNCTUATION = 12
    SYMBOL = 13


_FORMS: Final = len(Form)
_PLANE: Final = 1 << 16
"""Characters beyond the basic plane are read as one symbol."""
_UNSPACED_BLOCKS: Final = (
    (0x0E00, 0x0F00),
    (0x1000, 0x10A0),
    (0x1780, 0x1800),
    (0x3040, 0x3100),
    (0x3400, 0xA000),
)
"""Thai and Lao, Myanmar, Khmer, Kana, Han."""
_QUESTIONS: Final = "?？؟"
_COLONS: Final = ":："
_COMMAS: Final = ",;、，；،؛"
_QUOTES: Final = "\"'“”‘’«»„‚「」『』"
_CLOSING: Final = "\"'”’»›«“‘)]}」』）〉》*_ "
"""What may stand after the end mark: closing quotes and brackets, footnote stars."""
_OPENING: Final = "\"'“”‘’«»„‚([{¿¡「『*_"
_CAPITALS_READ: Final = 20
"""Words from the start of a line whose capitals are counted."""
_SHORT_WORD: Final = 3
"""Letters of the longest word that is short."""

# A word's hash is the value of its characters as digits of a number to this base, modulo 2**64:
# it comes out of one running sum over the document.  The base is odd, so it has an inverse.
_BASE: Final = 0x9E3779B97F4A7C15
_WORD_BITS: Final = 64
_BASE_INVERSE: Final = pow(_BASE, -1, 1 << _WORD_BITS)
_DIGIT_AS: Final = ord("0")
"""All digits hash alike: a date is a date."""


@dataclass(frozen=True, slots=True)
class Characters:
    """What the lines of a document are made of: a row for each line."""

    counts: Ints
    """Lines by forms: how many characters of each form."""
    first: Ints
    """The form of the first character; ``LINE_END`` for none."""
    last: Ints
    ended: Bools
    """Ends with the end mark of a sentence, quotes and brackets after it left aside."""
    sentence_ends: Ints
    """End marks before a space or at the end, closing quotes aside."""
    pieces: Ints
    """Runs of characters between spaces."""
    capitals: Ints
    """Per cent of the first pieces that begin with a capital or a digit; -1 in scripts without
    case."""
    words: Hashes
    """The hashed words of all lines, in order, case folded."""
    line_of: Ints
    """The line of each word."""
    letters: Ints
    """The length of each word; 0 for a letter of an unspaced script, which is a word by itself."""
    numbers: Ints
    """A number for each distinct word of each document."""

    @property
    def same_first(self) -> Ints:
        """How many lines of the document begin with the first word of each line."""
        return self._same(np.diff(self.line_of, prepend=NONE) > 0)

    @property
    def same_last(self) -> Ints:
        """How many lines of the document end with the last word of each line."""
        return self._same(np.diff(self.line_of, append=len(self.first)) > 0)

    def _same(self, chosen: Bools) -> Ints:
        same = np.zeros(len(self.first), np.int64)
        numbers = self.numbers[chosen]
        same[self.line_of[chosen]] = np.bincount(numbers)[numbers]
        return same

    @property
    def short(self) -> Ints:
        """How many words of each line have up to three letters: mostly function words."""
        return np.bincount(self.line_of[self.letters <= _SHORT_WORD], minlength=len(self.first))


class _Tables(NamedTuple):
    """What is known of each character of the basic plane."""

    form: Forms
    lower: Codes
    closing: Bools
    opening: Bools


# Plain numbers: to look up a member of an enumeration 65,536 times takes a second.
_CATEGORIES: Final[dict[str, int]] = {
    **dict.fromkeys(("Lu", "Lt"), int(Form.UPPER)),
    "Ll": int(Form.LOWER),
    **dict.fromkeys(("Lm", "Lo", "Mn", "Mc", "Me"), int(Form.UNCASED)),
    **dict.fromkeys(("Nd", "Nl", "No"), int(Form.DIGIT)),
    **dict.fromkeys(("Zs", "Zl", "Zp"), int(Form.SPACE)),
    **dict.fromkeys(("Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po"), int(Form.PUNCTUATION)),
}
"""The form of each of Unicode's categories; of the others it is ``SYMBOL``."""


@cache
def _tables() -> _Tables:
    characters = list(map(chr, range(_PLANE)))
    symbol = int(Form.SYMBOL)
    form = np.array(
        [_CATEGORIES.get(category, symbol) for category in map(unicodedata.category, characters)],
        np.uint8,
    )
    lowered = enumerate(map(str.lower, characters))
    lower = np.array([ord(to) if len(to) == 1 else code for code, to in lowered], np.uint32)
    lower[form == Form.DIGIT] = _DIGIT_AS
    for start, end in _UNSPACED_BLOCKS:
        letters = form[start:end] == Form.UNCASED
        form[start:end][letters] = Form.UNSPACED
    for marks, kind in (
        ("".join(END_MARKS), Form.END_MARK),
        (_QUESTIONS, Form.QUESTION),
        (_COLONS, Form.COLON),
        (_COMMAS, Form.COMMA),
        (_QUOTES, Form.QUOTE),
    ):
        form[_codes_of(marks)] = kind
    form[ord("\n")] = Form.LINE_END
    form[ord("\t")] = Form.SPACE
    closing, opening = np.zeros((2, _PLANE), np.bool_)
    closing[_codes_of(_CLOSING)] = True
    opening[_codes_of(_OPENING)] = True
    return _Tables(form, lower, closing, opening)


def _codes_of(marks: str) -> list[int]:
    return [ord(mark) for mark in marks]


def read_characters(texts: Sequence[str], documents: Ints) -> Characters:
    """Read lines, at least one.

    Args:
        texts: the lines.
        documents: the document of each.
    """
    tables = _tables()
    joined = "\n".join(text.replace("\n", " ") if "\n" in text else text for text in texts) + "\n"
    codes: Codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    codes = np.minimum(codes, _PLANE - 1)
    forms = tables.form[codes]
    count = len(texts)
    ends = np.flatnonzero(forms == Form.LINE_END)
    starts = np.concatenate(([0], ends[:-1] + 1))
    line = np.repeat(np.arange(count), ends - starts + 1)
    counts = np.bincount(line * _FORMS + forms, minlength=count * _FORMS).reshape(count, _FORMS)
    sentence_ends, ended = _sentence_ends(tables.closing[codes], forms, line, count)
    pieces, capitals = _pieces(tables.opening[codes], forms, line, counts)
    words, word_starts, letters = _words(tables.lower[codes], forms)
    line_of = line[word_starts]
    return Characters(
        counts=counts,
        first=forms[starts].astype(np.int64),
        last=np.where(ends > starts, forms[ends - 1], Form.LINE_END).astype(np.int64),
        ended=ended,
        sentence_ends=sentence_ends,
        pieces=pieces,
        capitals=capitals,
        words=words,
        line_of=line_of,
        letters=letters,
        numbers=_number_words(words, documents[line_of]),
    )


def _sentence_ends(closing: Bools, forms: Forms, line: Ints, count: int) -> tuple[Ints, Bools]:
    """How many sentences end in each line, and whether one ends with it."""
    kept = np.flatnonzero((forms <= Form.SPACE) | ~closing)
    shown = forms[kept]
    marks = (shown[:-1] == Form.END_MARK) | (shown[:-1] == Form.QUESTION)
    ends = kept[:-1][marks & (shown[1:] <= Form.SPACE)]
    # Spaces close as well: what stands before the line's end without them ends the line.
    solid = np.flatnonzero(~closing)
    tail = forms[solid]
    at_end = np.flatnonzero(tail == Form.LINE_END)
    before = tail[np.maximum(at_end - 1, 0)]
    ended = ((before == Form.END_MARK) | (before == Form.QUESTION)) & (at_end > 0)
    return np.bincount(line[ends], minlength=count), ended


def _pieces(opening: Bools, forms: Forms, line: Ints, counts: Ints) -> tuple[Ints, Ints]:
    """How many pieces each line has, and the per cent of the first ones with a capital."""
    count = len(counts)
    blank = forms <= Form.SPACE
    starts = np.flatnonzero(~blank & np.concatenate(([True], blank[:-1])))
    line_of = line[starts]
    pieces = np.bincount(line_of, minlength=count)
    place = np.arange(len(starts)) - (np.cumsum(pieces) - pieces)[line_of]
    read = place < _CAPITALS_READ
    starts, line_of = starts[read], line_of[read]
    initials = forms[starts + opening[starts]]
    capital = (initials == Form.UPPER) | (initials == Form.DIGIT)
    capitals = np.bincount(line_of[capital], minlength=count)
    share = 100 * capitals // np.maximum(np.minimum(pieces, _CAPITALS_READ), 1)
    cased = counts[:, Form.UPPER] + counts[:, Form.LOWER] > 0
    uncased = counts[:, Form.UNCASED] + counts[:, Form.UNSPACED] > 0
    return pieces, np.where(uncased & ~cased, -1, share)


def _words(lower: Codes, forms: Forms) -> tuple[Hashes, Ints, Ints]:
    """Hash, place and length of every word."""
    unspaced = forms == Form.UNSPACED
    inside = (forms >= Form.UPPER) & (forms <= Form.DIGIT)
    runs = inside & ~unspaced
    before = np.concatenate(([False], runs[:-1]))
    after = np.concatenate((runs[1:], [False]))
    starts = np.flatnonzero(unspaced | (runs & ~before))
    ends = np.flatnonzero(unspaced | (runs & ~after)) + 1
    powers, inverses = _powers(len(lower))
    sums = np.concatenate((np.zeros(1, np.uint64), np.cumsum(lower * powers, dtype=np.uint64)))
    hashes = (sums[ends] - sums[starts]) * inverses[starts]
    return mix(hashes), starts, np.where(unspaced[starts], 0, ends - starts)


def _number_words(words: Hashes, documents: Ints) -> Ints:
    """A number for each distinct word of each document."""
    distinct, word = np.unique(words, return_inverse=True)
    own: Ints = np.unique(documents * len(distinct) + word, return_inverse=True)[1]
    return own


def _powers(count: int) -> tuple[Hashes, Hashes]:
    """The first powers of the base and of its inverse, modulo 2**64."""
    rounded = max(_LEAST_POWERS, 1 << (count - 1).bit_length())
    powers, inverses = _all_powers(rounded)
    return powers[:count], inverses[:count]


_LEAST_POWERS: Final = 1 << 16
_LISTS_OF_POWERS: Final = 4


@lru_cache(maxsize=_LISTS_OF_POWERS)
def _all_powers(count: int) -> tuple[Hashes, Hashes]:
    powers = np.full(count, _BASE, np.uint64)
    inverses = np.full(count, _BASE_INVERSE, np.uint64)
    powers[0] = inverses[0] = 1
    return np.cumprod(powers, dtype=np.uint64), np.cumprod(inverses, dtype=np.uint64)


_MIX_SHIFT: Final = np.uint64(29)
_MIX_FACTOR: Final = np.uint64(0xBF58476D1CE4E5B9)


def mix(hashes: Hashes) -> Hashes:
    """Spread the bits of hashes: the last ones of sums and products are poor."""
    spread = (hashes ^ (hashes >> _MIX_SHIFT)) * _MIX_FACTOR
    mixed: Hashes = spread ^ (spread >> _MIX_SHIFT)
    return mixed
