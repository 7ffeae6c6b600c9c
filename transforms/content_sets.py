"""Content sets: what each paragraph of a block is about, as hashes of its stems and numbers.

They only propose.  A content set is what :class:`transforms.terms.Terms` says of a
paragraph as far as its words alone tell it: no names, which take a whole document,
and a number only where it is written in digits.  Each distinct word of a block is
stemmed once, so that the terms need be read for the few documents in which two
paragraphs are alike.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.block import Block
from transforms.decisions import NEVER_RESTATED, STANDING_KINDS
from transforms.english import STOP_WORDS
from transforms.fingerprints import KINDS, Fingerprints, Words
from transforms.folded import Vocabulary
from transforms.restatement_model import MIN_JACCARD
from transforms.settings import RestatementSettings
from transforms.shingles import I64, U64, Sets, sets_of, word_hash
from transforms.stemmed import SHORTEST_WORD
from transforms.stems import SNOWBALL, stemmer_of
from transforms.terms import ENGLISH, code_of

LEEWAY: Final = 0.8
"""The part of a bar on the content of paragraphs that their content sets must pass.

A name counts twice in the content, and has other spellings there.  Of 969 pairs that comparing all
verifies in 2,587 web articles and 19,043 Reuters items six are lost at .8 and none that may go;
at .75 two are, and 1.5 times as many documents are read.
"""

_TILT: Final = 0.3
_SUM_LEEWAY: Final = 0.875
"""The same for the later one's share and so much of the Jaccard, added up.

One may be near its bar, but hardly both: of 914 pairs of 27,549 news items that comparing all
verifies 2 in 100 are lost and none that may go, and a third fewer documents are read.
"""

NEVER: Final = np.array([kind in NEVER_RESTATED for kind in KINDS])
"""Whether a row is never a restatement, by its kind."""
_STANDS: Final = np.array([kind in STANDING_KINDS for kind in KINDS])
_CACHED_WORDS: Final = 1 << 17
_NOTHING: Final = 0
"""The hash of a word without content."""


class Contents(NamedTuple):
    """What the rows of a block's fingerprints are about."""

    sets: Sets
    """One set a row, empty for titles, tables and the like, which neither restate nor are restated,
    and where the language of its document has no stemmer."""
    language: U64
    """A hash of the language of each row's document; taken for English where it is not known."""


def content_sets(block: Block, prints: Fingerprints, words: Words) -> Contents:
    """The content sets of a block.

    Args:
        prints: the fingerprints of the block.
        words: those of the fingerprints.
    """
    codes = [code_of(each.language) or ENGLISH for each in block.documents]
    known = sorted(set(codes))
    places = {code: place for place, code in enumerate(known)}
    spoken = np.array([places[code] for code in codes], np.int64)[prints.document]
    owner = np.repeat(np.arange(len(spoken)), prints.words)
    may = ~_STANDS[prints.kind]
    vocabulary, numbers = words
    hashes = np.zeros(len(numbers), np.uint64)
    for place, code in enumerate(known):
        if code in SNOWBALL:
            said = np.repeat(may & (spoken == place), prints.words)
            hashes[said] = _hashes_of(vocabulary, numbers[said], code)[numbers[said]]
    full = hashes != _NOTHING
    return Contents(
        sets_of(owner[full], hashes[full], len(spoken)),
        np.array([word_hash(code) for code in known], np.uint64)[spoken],
    )


def says_enough(sizes: I64, settings: RestatementSettings) -> NDArray[np.bool_]:
    """Whether paragraphs may have ``min_stems``, by the sizes of their content sets."""
    return sizes >= LEEWAY * settings.min_stems


def are_likely(
    shared: I64, earlier: I64, later: I64, settings: RestatementSettings
) -> NDArray[np.bool_]:
    """Whether pairs of one document may pass the bars of a mark.

    Args:
        shared: how many hashes the content sets of both have.
        earlier: the sizes of the sets.
        later: those of the paragraphs that would be marked.
    """
    least = min(MIN_JACCARD, settings.other_min_jaccard)
    share, jaccard = shared / later, shared / (earlier + later - shared)
    both = settings.min_containment + _TILT * min(settings.min_jaccard, settings.other_min_jaccard)
    return (
        (share >= LEEWAY * settings.min_containment)
        & (jaccard >= LEEWAY * least)
        & (share + _TILT * jaccard >= _SUM_LEEWAY * both)
    )


def _hashes_of(words: Vocabulary, numbers: NDArray[np.int32], language: str) -> U64:
    """The hash of the content of each distinct word that a language has in the block."""
    met = np.zeros(len(words.encoded), np.bool_)
    met[numbers] = True
    used = np.flatnonzero(met)
    hashes = np.full(len(words.encoded), _NOTHING, np.uint64)
    said = map(words.encoded.__getitem__, used.tolist())
    hashes[used] = np.fromiter(map(_hash_of(language), said), np.uint64, len(used))
    return hashes


@cache
def _hash_of(language: str) -> Callable[[bytes], int]:
    """What gives the hash of the stem or number of a folded word."""
    stem = stemmer_of(language)
    shortest = 2 if language == ENGLISH else SHORTEST_WORD
    empty = STOP_WORDS if language == ENGLISH else frozenset[str]()

    @lru_cache(maxsize=_CACHED_WORDS)
    def hash_of(encoded: bytes) -> int:
        word = encoded.decode("utf-8", "surrogatepass")
        if word[-1].isdecimal():
            return word_hash(word.replace(",", ""))
        if len(word) < shortest or word in empty or not word[0].isalpha():
            return _NOTHING
        return word_hash(stem(word))

    return hash_of
