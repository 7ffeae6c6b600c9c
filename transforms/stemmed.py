"""The content of paragraphs in languages for which only a stemmer is at hand.

No lists of function words, numerals or opposites: short words are left out,
names are told by their capitals where the language writes only names so.
That is enough to mark a paragraph, and too little to remove one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from transforms.stems import stemmer_of
from transforms.tokens import Token

SHORTEST_WORD: Final = 4
"""Letters of a content word: of most languages' function words nearly all have fewer."""
_SHORTEST_NAME: Final = 2
_MAX_CAPITALS: Final = 0.5
"""Share of words with capitals from which a paragraph is set as a title, not as a sentence."""
_NOUNS_IN_CAPITALS: Final = frozenset(("de",))
"""Languages in which a capital in mid-sentence tells a noun, not a name."""


class Content(NamedTuple):
    """What a paragraph says, as stems and names."""

    wording: frozenset[str]
    order: tuple[str, ...]
    """Stems and names as they follow each other."""
    mentions: frozenset[frozenset[str]]
    """Names that stand together."""


def names_in(paragraphs: Iterable[Sequence[Token]], language: str) -> frozenset[str]:
    """Folded words with a capital in mid-sentence somewhere in the document.

    Empty in German, and in scripts without capitals.
    """
    if language in _NOUNS_IN_CAPITALS:
        return frozenset()
    return frozenset(
        token.fold
        for tokens in paragraphs
        if sum(token.capital for token in tokens) <= _MAX_CAPITALS * len(tokens)
        for token in tokens
        if token.capital
        and not token.initial
        and not token.numeric
        and len(token.fold) >= _SHORTEST_NAME
    )


def stemmed_content(tokens: Sequence[Token], names: frozenset[str], language: str) -> Content:
    """The content of one paragraph.

    Args:
        tokens: the paragraph.
        names: those of its document.
        language: ISO 639 code, one that :func:`transforms.stems.stemmer_of` knows.
    """
    stem = stemmer_of(language)
    order: list[str] = []
    wording: set[str] = set()
    runs: list[list[str]] = [[]]
    for token in tokens:
        if token.capital and token.fold in names:
            if token.opens:
                runs.append([])
            runs[-1].append(token.fold)
            order.append(token.fold)
            if token.breaks:
                runs.append([])
            continue
        runs.append([])
        if not token.numeric and len(token.fold) >= SHORTEST_WORD and token.fold[0].isalpha():
            wording.add(stem(token.fold))
            order.append(stem(token.fold))
    return Content(
        frozenset(wording),
        tuple(order),
        frozenset(frozenset(run) for run in runs if run),
    )
