"""Stems: words without their endings, so that other forms of a word still agree."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import Stemmer

_CACHED_STEMS: Final = 1 << 17
"""Distinct words that are remembered, more than 4 MB of news has."""

_SNOWBALL: Final = Stemmer.Stemmer("english", 0)


@lru_cache(maxsize=_CACHED_STEMS)
def stem(word: str) -> str:
    """The Snowball English stem of a folded word.

    >>> stem("airstrikes"), stem("requested"), stem("2015")
    ('airstrik', 'request', '2015')
    """
    return str(_SNOWBALL.stemWord(word))
