"""Two paragraphs side by side, the words that both have marked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import Final, NamedTuple

from transforms.folding import words

_PARTS: Final = re.compile(r"\S+|\s+")


class Run(NamedTuple):
    """A stretch of a text."""

    text: str
    shared: bool
    """The other text has its words."""


def shared_runs(text: str, other: str) -> list[Run]:
    """The text in runs, the words that the other one has marked; together they are the text.

    >>> [run.text for run in shared_runs("It fell on Monday.", "It rose on Monday.") if run.shared]
    ['It', 'on Monday.']
    >>> [run.text for run in shared_runs("橋は古い。", "橋は新しい。") if run.shared]
    ['橋は', 'い。']
    """
    if text == other:
        return [Run(text, shared=True)]
    there = frozenset(words(other))
    marked = list(_marked(text, there))
    return [
        Run("".join(part for part, _ in run), shared=shared)
        for shared, run in groupby(_bridged(marked), key=lambda each: each[1])
    ]


def _marked(text: str, there: frozenset[str]) -> Iterator[tuple[str, bool | None]]:
    for part in _PARTS.findall(text):
        own = _words(part)
        if not own:
            yield part, None
        elif there.issuperset(own):
            yield part, True
        elif len(own) > 1 and there.intersection(own):
            # Scripts without spaces, and words joined by dashes: letter by letter.
            for char in part:
                yield char, there.issuperset(_words(char)) if _words(char) else None
        else:
            yield part, False


def _bridged(marked: list[tuple[str, bool | None]]) -> Iterator[tuple[str, bool]]:
    """Punctuation goes with what stands before it; a space is shared where both sides are."""
    following: list[bool] = []
    after = False
    for _, shared in reversed(marked):
        following.append(after)
        after = after if shared is None else shared
    before = False
    for (part, shared), then in zip(marked, reversed(following), strict=True):
        before = before if shared is None else shared
        yield part, before and (then or not part.isspace())


@lru_cache(maxsize=1 << 15)
def _words(part: str) -> tuple[str, ...]:
    return tuple(words(part))
