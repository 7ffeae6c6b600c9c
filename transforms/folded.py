"""The folded words of many texts at once: each distinct word is kept and hashed once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.folding import (
    BEFORE_MINUS,
    MINUS_SIGNS,
    PARTED,
    POINTS,
    STAND_INS,
    clean,
    fold_ascii,
    fold_run,
    needs_cleaning,
    words,
)
from transforms.shingles import I64, U64, new_vocabulary, numbered, word_hashes

# Characters folded together: their words stay in a core's second cache.
_TOGETHER: Final = 1 << 15

_PARTED: Final = PARTED.encode()
_BEYOND_ASCII: Final = np.uint8(0x80)
_ZERO: Final = np.uint8(ord("0"))
_DIGITS: Final = np.uint8(10)
_LONGEST: Final = 4
"""Bytes of the longest character."""

_MINUS_SIGNS: Final = tuple(sign.encode() for sign in MINUS_SIGNS)
_IS_POINT: Final = np.zeros(0x100, bool)
_IS_POINT[[ord(sign) for sign in POINTS]] = True
_MAY_BE_SIGN: Final = _IS_POINT.copy()
_MAY_BE_SIGN[[sign[-1] for sign in _MINUS_SIGNS]] = True
_MARK: Final = np.arange(0x100, dtype=np.uint8)
_MARK[[ord(sign) for sign in STAND_INS]] = [ord(mark) for mark in STAND_INS.values()]


class Vocabulary(NamedTuple):
    """The distinct folded words of some texts, in the order in which they are first met."""

    encoded: list[bytes]
    """Each as UTF-8."""
    hashes: U64
    """The :func:`~transforms.shingles.word_hash` of each."""

    def words(self) -> list[str]:
        """The words as text."""
        return [word.decode() for word in self.encoded]


class Folded(NamedTuple):
    """What folding makes of some texts."""

    vocabulary: Vocabulary
    numbers: I64
    """Every word by its place in the vocabulary, text after text."""
    lengths: I64
    """How many words each text has."""
    texts: list[bytes]
    """Each folded text as UTF-8; none where they were not asked for."""

    def stream(self) -> U64:
        """The hash of every word, text after text."""
        return self.vocabulary.hashes[self.numbers]

    def digests(self) -> NDArray[np.void]:
        """The :func:`~transforms.folding.digest` of each folded text."""
        blake2b = hashlib.blake2b
        digests = [blake2b(text, digest_size=16).digest() for text in self.texts]
        return np.frombuffer(b"".join(digests), dtype="V16")


def fold_texts(texts: Sequence[str], *, keep_texts: bool = True) -> Folded:
    """Fold many texts; each gives the words that :func:`~transforms.folding.words` gives.

    Args:
        keep_texts: whether the folded texts are wanted, and not their words only.
    """
    vocabulary = new_vocabulary(_PARTED)
    parts: list[I64] = []
    folded: list[bytes] = []
    for some in _together(texts):
        words_of_some = _words(some)
        parts.append(numbered(words_of_some, vocabulary))
        if keep_texts:
            joined = b" ".join(words_of_some).split(_PARTED)[:-1]
            folded.extend([text.strip() for text in joined])
    numbers = np.concatenate([np.zeros(0, np.int64), *parts])
    ends = np.flatnonzero(numbers == 0)
    _, *encoded = vocabulary
    return Folded(
        Vocabulary(encoded, word_hashes(encoded)),
        numbers[numbers > 0] - 1,
        np.diff(ends, prepend=-1) - 1,
        folded,
    )


def _together(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    sizes = np.fromiter(map(len, texts), np.int64, len(texts))
    group = (np.cumsum(sizes) - sizes) // _TOGETHER
    cuts = np.flatnonzero(np.diff(group)) + 1
    for begin, end in pairwise((0, *cuts.tolist(), len(texts))):
        if begin < end:
            yield texts[begin:end]


def _words(texts: Sequence[str]) -> list[bytes]:
    """The folded words of texts, each followed by :data:`PARTED`.

    What :func:`~transforms.folding.words` finds with patterns is found here with arrays
    over the bytes of UTF-8.
    """
    if needs_cleaning("".join(texts)):
        texts = [clean(text) for text in texts]
    # Spaces on both sides: the beginning and the end of a text are no part of a number.
    whole = " " + f" {PARTED} ".join((*texts, ""))
    data = _signs_marked(whole.encode("utf-8", "surrogatepass"))
    high = np.flatnonzero(np.frombuffer(data, np.uint8) >= _BEYOND_ASCII)
    if len(high):
        starts = high[np.diff(high, prepend=-2) > 1].tolist()
        ends = (high[np.diff(high, append=len(data) + 2) > 1] + 1).tolist()
        runs = [data[start:end] for start, end in zip(starts, ends, strict=True)]
        folded = {run: fold_run(run) for run in set(runs)}
        if any(map(str.isdecimal, b"".join(folded).decode("utf-8", "surrogatepass"))):
            # Digits of other scripts: their signs were not looked for.
            return [word for text in texts for word in (*_encoded(text), _PARTED)]
        pieces = [data[: starts[0]]]
        for run, end, start in zip(runs, ends, [*starts[1:], len(data)], strict=True):
            pieces += folded[run], data[end:start]
        data = b"".join(pieces)
    return fold_ascii(data).split()


def _encoded(text: str) -> list[bytes]:
    return [word.encode() for word in words(text)]


def _signs_marked(data: bytes) -> bytes:
    """UTF-8 with stand-ins for the signs inside and before numbers of ASCII digits."""
    array = np.frombuffer(data, np.uint8)
    digit = array - _ZERO < _DIGITS
    # Where a digit follows on something that may be a sign, and there is room for what is before.
    after = np.flatnonzero(digit[2:] & _MAY_BE_SIGN[array[1:-1]]) + 2
    if not len(after):
        return data
    marked = array.copy()
    points = after[_IS_POINT[array[after - 1]] & digit[after - 2]] - 1
    marked[points] = _MARK[array[points]]
    for at in after[~_IS_POINT[array[after - 1]]].tolist():
        for sign in _MINUS_SIGNS:
            start = at - len(sign)
            if start > 0 and data[start:at] == sign and _opens(data, start):
                # Apostrophes vanish.
                marked[start:at] = ord("'")
                marked[at - 1] = ord(STAND_INS["-"])
    return marked.tobytes()


def _opens(data: bytes, start: int) -> bool:
    """Whether a dash that starts here may be a sign, by the character before."""
    before = data[max(start - _LONGEST, 0) : start].decode("utf-8", "replace")[-1]
    return before.isspace() or before in BEFORE_MINUS
