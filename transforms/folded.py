"""The folded words of many texts at once: each distinct word is kept and hashed once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from random import SystemRandom
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from transforms.folding import (
    BEFORE_MINUS,
    MINUS_SIGNS,
    PARTED,
    POINTS,
    STAND_INS,
    clean,
    fold_ascii,
    fold_cleaned,
    fold_run,
)
from transforms.shingles import I64, U64, word_hashes

I32 = NDArray[np.int32]

# Characters folded together: their words stay in a core's second cache.
_TOGETHER: Final = 1 << 15

_PARTED: Final = f" {PARTED}".encode()
_SPACE: Final = np.uint8(ord(" "))
_BEYOND_ASCII: Final = np.uint8(0x80)
_ZERO: Final = np.uint8(ord("0"))
_DIGITS: Final = np.uint8(10)
_LONGEST: Final = 4
"""Bytes of the longest character."""

# Arrow's hashes have no seed: who writes a text could choose words that collide and make numbering
# them take minutes.  So Arrow sees every byte as another, drawn anew by each process.
_HIDDEN: Final = bytes(SystemRandom().sample(range(0x100), 0x100))
_SHOWN: Final = bytes.maketrans(_HIDDEN, bytes(range(0x100)))

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
    numbers: I32
    """Every word by its place in the vocabulary, text after text."""
    lengths: I64
    """How many words each text has."""
    joined: bytes
    """A space and each word as UTF-8, where :data:`PARTED` is a word around each text; a space."""

    def stream(self) -> U64:
        """The hash of every word, text after text."""
        return self.vocabulary.hashes[self.numbers]

    def digests(self) -> NDArray[np.void]:
        """The :func:`~transforms.folding.digest` of each folded text."""
        return digests([text[1:] for text in self.joined.split(_PARTED)[1:-1]])


def digests(encoded: Iterable[bytes]) -> NDArray[np.void]:
    """The :func:`~transforms.folding.digest` of each text, given as UTF-8."""
    blake2b = hashlib.blake2b
    each = [blake2b(text, digest_size=16).digest() for text in encoded]
    return np.frombuffer(b"".join(each), dtype="V16")


def fold_texts(texts: Sequence[str]) -> Folded:
    """Fold many texts; each gives the words that :func:`~transforms.folding.words` gives."""
    joined = b"".join((_PARTED, b" ", *map(_joined, _together(texts))))
    # Numbers are given in the order in which words are first met: PARTED has 0.
    coded = _array(joined).dictionary_encode()
    numbers: I32 = coded.indices.to_numpy()
    _, *encoded = b"".join(coded.dictionary.to_pylist()).translate(_SHOWN).split()
    return Folded(
        Vocabulary(encoded, word_hashes(encoded)),
        numbers[numbers > 0] - np.int32(1),
        np.diff(np.flatnonzero(numbers == 0)) - 1,
        joined,
    )


def _array(joined: bytes) -> pa.Array:
    """The hidden words of :attr:`Folded.joined`, each with its space: no object is made of a word.

    Offsets have 64 bits: texts may be longer than 2 GiB together.
    """
    offsets = np.flatnonzero(np.frombuffer(joined, np.uint8) == _SPACE)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(joined.translate(_HIDDEN))]
    return pa.Array.from_buffers(pa.large_binary(), len(offsets) - 1, buffers)


def _together(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    sizes = np.fromiter(map(len, texts), np.int64, len(texts))
    group = (np.cumsum(sizes) - sizes) // _TOGETHER
    cuts = np.flatnonzero(np.diff(group)) + 1
    for begin, end in pairwise((0, *cuts.tolist(), len(texts))):
        if begin < end:
            yield texts[begin:end]


def _joined(texts: Sequence[str]) -> bytes:
    """The folded words of texts, each text followed by :data:`PARTED`, and a space after each.

    What :func:`~transforms.folding.words` finds with patterns is found here with arrays
    over the bytes of UTF-8.
    """
    texts = clean(texts)
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
            return b" ".join((*chain.from_iterable(map(_one_by_one, texts)), b""))
        pieces = [data[: starts[0]]]
        for run, end, start in zip(runs, ends, [*starts[1:], len(data)], strict=True):
            pieces += folded[run], data[end:start]
        data = b"".join(pieces)
    return _spaced_once(fold_ascii(data))


def _one_by_one(text: str) -> Sequence[bytes]:
    return (*fold_cleaned(text).split(), PARTED.encode())


def _spaced_once(data: bytes) -> bytes:
    """What begins with a space without it, and with one space for every run of them."""
    array = np.frombuffer(data, np.uint8)
    space: NDArray[np.bool_] = array == _SPACE
    return array[1:][~(space[1:] & space[:-1])].tobytes()


def _signs_marked(data: bytes) -> bytes:
    """UTF-8 with stand-ins for the signs inside and before numbers of ASCII digits.

    Args:
        data: begins with a space, so that there is something before every sign.
    """
    array = np.frombuffer(data, np.uint8)
    digits = np.flatnonzero(_is_digit(array))
    after = digits[_MAY_BE_SIGN[array[digits - 1]]]
    if not len(after):
        return data
    marked = array.copy()
    points = after[_IS_POINT[array[after - 1]] & _is_digit(array[after - 2])] - 1
    marked[points] = _MARK[array[points]]
    for at in after[~_IS_POINT[array[after - 1]]].tolist():
        for sign in _MINUS_SIGNS:
            start = at - len(sign)
            if start > 0 and data[start:at] == sign and _opens(data, start):
                # Apostrophes vanish.
                marked[start:at] = ord("'")
                marked[at - 1] = ord(STAND_INS["-"])
    return marked.tobytes()


def _is_digit(array: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return array - _ZERO < _DIGITS


def _opens(data: bytes, start: int) -> bool:
    """Whether a dash that starts here may be a sign, by the character before."""
    before = data[max(start - _LONGEST, 0) : start].decode("utf-8", "replace")[-1]
    return before.isspace() or before in BEFORE_MINUS
