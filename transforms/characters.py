"""The characters and the words of a document's lines, as arrays.

A document is read once as one array of code points; what is counted of its
lines is counted for all of them at a time.  Most characters are lower-case
letters inside words, and say nothing but to the words' hashes: everything else
is found among the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.arrays import Bools, Ints
from transforms.forms import CLOSES, OF_FORM, OPENS, Codes, Form, Forms, look_up
from transforms.segments import NONE

Hashes = NDArray[np.uint64]

_FORMS: Final = len(Form)
_CAPITALS_READ: Final = 20
"""Words from the start of a line whose capitals are counted."""
_SHORT_WORD: Final = 3
"""Letters of the longest word that is short."""
_DOCUMENT_BITS: Final = 11
"""Bits of a word's key that say of which document it is; the others are of its hash."""
MOST_DOCUMENTS: Final = 1 << _DOCUMENT_BITS
"""Documents that are read at a time."""

# A word's hash is the value of its characters as digits of a number to this base, modulo 2**64:
# it comes out of one running sum over the document.  The base is odd, so it has an inverse.
_BASE: Final = 0x9E3779B97F4A7C15
_WORD_BITS: Final = 64
_BASE_INVERSE: Final = pow(_BASE, -1, 1 << _WORD_BITS)


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
    keys: Hashes
    """A key for each word of each document."""

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
        _, number, count = np.unique(self.keys[chosen], return_inverse=True, return_counts=True)
        same[self.line_of[chosen]] = count[number]
        return same

    @property
    def short(self) -> Ints:
        """How many words of each line have up to three letters: mostly function words."""
        return np.bincount(self.line_of[self.letters <= _SHORT_WORD], minlength=len(self.first))


class _Marks(NamedTuple):
    """The characters that are no lower-case letters; line ends are among them."""

    place: Ints
    """Where each stands among all characters."""
    form: Forms
    closing: Bools
    line: Ints
    """The line of each; a line's end is its last character."""
    lines: int
    """How many there are."""

    def follow(self, some: Ints) -> Bools:
        """Whether only marks stand between each of some of the marks and the next of them."""
        found: Bools = np.diff(self.place[some]) == np.diff(some)
        return found


def read_characters(texts: Sequence[str], documents: Ints) -> Characters:
    """Read lines, at least one.

    Args:
        texts: the lines.
        documents: the document of each, fewer than ``MOST_DOCUMENTS``.
    """
    joined = "\n".join(text.replace("\n", " ") if "\n" in text else text for text in texts) + "\n"
    packed, lower = look_up(joined)
    forms = packed & OF_FORM
    count = len(texts)
    place = np.flatnonzero(forms != Form.LOWER)
    form = forms[place]
    is_end = form == Form.LINE_END
    line = np.cumsum(is_end) - is_end
    marks = _Marks(place, form, (packed[place] & CLOSES) > 0, line, count)
    ends = place[is_end]
    starts = np.append(0, ends[:-1] + 1)
    counts = np.bincount(line * _FORMS + form, minlength=count * _FORMS).reshape(count, _FORMS)
    counts[:, Form.LOWER] = ends - starts + 1 - counts.sum(axis=1)
    sentence_ends, ended = _sentence_ends(marks)
    pieces, capitals = _pieces(packed, marks, counts)
    words, line_of, letters = _words(lower, marks)
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
        keys=_keys(words, documents[line_of]),
    )


def _sentence_ends(marks: _Marks) -> tuple[Ints, Bools]:
    """How many sentences end in each line, and whether one ends with it."""
    kept = np.flatnonzero((marks.form <= Form.SPACE) | ~marks.closing)
    shown = marks.form[kept]
    is_mark = (shown == Form.END_MARK) | (shown == Form.QUESTION)
    ends = kept[:-1][is_mark[:-1] & (shown[1:] <= Form.SPACE) & marks.follow(kept)]
    # Spaces close as well: what stands before the line's end without them ends the line.
    solid = np.flatnonzero(~marks.closing)
    tail = marks.form[solid]
    is_end = tail[1:] == Form.LINE_END
    before = tail[:-1]
    before_end = ((before == Form.END_MARK) | (before == Form.QUESTION)) & marks.follow(solid)
    ended = before_end[is_end]
    if len(ended) < marks.lines:  # the first of all marks ends a line
        ended = np.append(False, ended)
    return np.bincount(marks.line[ends], minlength=marks.lines), ended


def _pieces(packed: Forms, marks: _Marks, counts: Ints) -> tuple[Ints, Ints]:
    """How many pieces each line has, and the per cent of the first ones with a capital."""
    count = marks.lines
    blank = np.flatnonzero(marks.form <= Form.SPACE)
    # A piece begins behind each blank, and at the very start, unless another blank stands there.
    place = np.append(NONE, marks.place[blank])
    begins = np.diff(place) > 1
    starts = place[:-1][begins] + 1
    line_of = marks.line[blank][begins]
    pieces = np.bincount(line_of, minlength=count)
    nth = np.arange(len(starts)) - (np.cumsum(pieces) - pieces)[line_of]
    read = nth < _CAPITALS_READ
    starts, line_of = starts[read], line_of[read]
    initials = packed[starts + ((packed[starts] & OPENS) > 0)] & OF_FORM
    capital = (initials == Form.UPPER) | (initials == Form.DIGIT)
    capitals = np.bincount(line_of[capital], minlength=count)
    share = 100 * capitals // np.maximum(np.minimum(pieces, _CAPITALS_READ), 1)
    cased = counts[:, Form.UPPER] + counts[:, Form.LOWER] > 0
    uncased = counts[:, Form.UNCASED] + counts[:, Form.UNSPACED] > 0
    return pieces, np.where(uncased & ~cased, -1, share)


def _words(lower: Codes, marks: _Marks) -> tuple[Hashes, Ints, Ints]:
    """Hash, line and length of every word."""
    unspaced = marks.form == Form.UNSPACED
    parts = np.flatnonzero((marks.form < Form.UPPER) | (marks.form > Form.DIGIT) | unspaced)
    # A word is what stands between two marks that part words, and a letter that is one of them.
    place = np.append(NONE, marks.place[parts])
    between = np.diff(place) > 1
    starts, ends = place[:-1][between] + 1, place[1:][between]
    line = marks.line[parts][between]
    letters = ends - starts
    if unspaced.any():
        alone = marks.place[unspaced]
        starts = np.concatenate((starts, alone))
        order = np.argsort(starts)
        starts, ends = starts[order], np.concatenate((ends, alone + 1))[order]
        line = np.concatenate((line, marks.line[unspaced]))[order]
        letters = np.concatenate((letters, np.zeros_like(alone)))[order]
    powers, inverses = _powers(len(lower))
    sums = np.empty(len(lower) + 1, np.uint64)
    sums[0] = 0
    np.multiply(lower, powers, out=sums[1:])
    np.cumsum(sums, out=sums)
    hashes = (sums[ends] - sums[starts]) * inverses[starts]
    return mix(hashes), line, letters


def _keys(words: Hashes, documents: Ints) -> Hashes:
    """A key for each word of each document, as sure as the bits that are left for its hash."""
    if len(documents) and documents[-1] >= MOST_DOCUMENTS:
        raise ValueError(f"more than {MOST_DOCUMENTS} documents at a time")
    high = documents.astype(np.uint64) << np.uint64(_WORD_BITS - _DOCUMENT_BITS)
    keys: Hashes = high | (words >> np.uint64(_DOCUMENT_BITS))
    return keys


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
    mixed: Hashes = hashes >> _MIX_SHIFT
    mixed ^= hashes
    mixed *= _MIX_FACTOR
    mixed ^= mixed >> _MIX_SHIFT
    return mixed
