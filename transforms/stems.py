"""Stems: words without their endings, so that other forms of a word still agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Final

import Stemmer

_CACHED_STEMS: Final = 1 << 17
"""Distinct English words that are remembered, more than 4 MB of news has."""
_CACHED_OTHERS: Final = 1 << 14
"""The same for each other language: there are many, and a document has one."""

_ENGLISH: Final = "en"

SNOWBALL: Final[Mapping[str, str]] = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "eo": "esperanto",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "st": "sesotho",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
"""ISO 639 code to the name of its Snowball stemmer, for all that PyStemmer 3.1 has."""


@cache
def stemmer_of(language: str) -> Callable[[str], str]:
    """What stems folded words of a language of :data:`SNOWBALL`.

    >>> stemmer_of("de")("brücken"), stemmer_of("fr")("ponts")
    ('bruck', 'pont')
    """
    snowball = Stemmer.Stemmer(SNOWBALL[language], 0)

    @lru_cache(maxsize=_CACHED_STEMS if language == _ENGLISH else _CACHED_OTHERS)
    def stem(word: str) -> str:
        return str(snowball.stemWord(word))

    return stem


stem: Final = stemmer_of(_ENGLISH)
"""The Snowball English stem of a folded word: ``airstrikes`` is ``airstrik``."""
