"""The folded words of many texts at once: each distinct word is kept and hashed once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.folding import PARTED, words_of_all
from transforms.shingles import I64, U64, new_vocabulary, numbered, word_hashes

# Characters folded together: their words stay in a core's second cache.
_TOGETHER: Final = 1 << 15


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
    digests: NDArray[np.void]
    """The :func:`~transforms.folding.digest` of each folded text."""

    def stream(self) -> U64:
        """The hash of every word, text after text."""
        return self.vocabulary.hashes[self.numbers]


def fold_texts(texts: Sequence[str]) -> Folded:
    """Fold many texts; each gives the words that :func:`~transforms.folding.words` gives."""
    vocabulary = new_vocabulary(PARTED)
    parts: list[I64] = []
    digests: list[bytes] = []
    blake2b = hashlib.blake2b
    for some in _together(texts):
        words = words_of_all(some)
        words.append(PARTED)
        parts.append(numbered(words, vocabulary))
        folded = b" ".join(words).split(PARTED)[:-1]
        digests.extend([blake2b(text.strip(), digest_size=16).digest() for text in folded])
    numbers = np.concatenate([np.zeros(0, np.int64), *parts])
    ends = np.flatnonzero(numbers == 0)
    _, *encoded = vocabulary
    return Folded(
        Vocabulary(encoded, word_hashes(encoded)),
        numbers[numbers > 0] - 1,
        np.diff(ends, prepend=-1) - 1,
        np.frombuffer(b"".join(digests), dtype="V16"),
    )


def _together(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    sizes = np.fromiter(map(len, texts), np.int64, len(texts))
    group = (np.cumsum(sizes) - sizes) // _TOGETHER
    cuts = np.flatnonzero(np.diff(group)) + 1
    for begin, end in pairwise((0, *cuts.tolist(), len(texts))):
        if begin < end:
            yield texts[begin:end]
