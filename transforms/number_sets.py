"""Number sets: the numbers that each paragraph of a block writes, as hashes.

They only rule out: a paragraph with a number that another lacks does not tell the same.  Each
distinct word of a block is looked at once.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.english import ORDINALS, TENS, UNITS
from transforms.fingerprints import Fingerprints, Words
from transforms.numbers import canonical
from transforms.shingles import I64, Runs, Sets, sets_of, word_hashes

_FIGURE: Final = re.compile(r"\d+(?:[.,]\d+)*")
_SPELT: Final = {
    word.encode(): (str(value).encode(),) for word, value in (UNITS | TENS | ORDINALS).items()
}


class NumberSets(NamedTuple):
    """The numbers of the rows of a block's fingerprints, one set a row."""

    figures: Sets
    """Those that it writes in digits, whatever stands beside these."""
    numbers: Sets
    """The same with those that it spells in English."""


def number_sets(prints: Fingerprints, words: Words) -> NumberSets:
    """The number sets of a block.

    Args:
        words: those of the fingerprints.
    """
    encoded = words.vocabulary.encoded
    figures = [() if word.isalpha() else _figures_of(word) for word in encoded]
    spelt = [_SPELT.get(word, own) for word, own in zip(encoded, figures, strict=True)]
    count = len(prints.words)
    owner = np.repeat(np.arange(count), prints.words)
    return NumberSets(
        _sets_by_word(figures, words.numbers, owner, count),
        _sets_by_word(spelt, words.numbers, owner, count),
    )


def _sets_by_word(
    said: list[tuple[bytes, ...]], numbers: NDArray[np.int32], owner: I64, count: int
) -> Sets:
    """The set of what the words of each owner say.

    Args:
        said: what each word of the vocabulary says; most say nothing.
        numbers: every word by its place in the vocabulary.
        owner: of every word, ascending.
    """
    sizes = np.fromiter(map(len, said), np.int64, len(said))
    by_word = Runs(
        word_hashes(each for some in said for each in some),
        np.concatenate(([0], np.cumsum(sizes))),
    )
    saying = np.flatnonzero(sizes[numbers])
    found = by_word.take(numbers[saying].astype(np.int64))
    return sets_of(np.repeat(owner[saying], found.sizes()), found.hashes, count)


def _figures_of(encoded: bytes) -> tuple[bytes, ...]:
    """The canonical numbers that a folded word has digits of: 4 of 4th, 1.5 of 1.50m."""
    return tuple(
        canonical(figure).encode() for figure in _FIGURE.findall(encoded.decode("utf-8", "replace"))
    )
