"""Show two paragraphs so that the eye finds what differs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from transforms.folding import words

_MOST_SHARED: Final = 12
"""A longer run of shared words is shown by its ends."""
_ENDS: Final = 5
"""Words at either end of such a run."""


def contrast(text: str, other: str) -> str:
    """The text with the words that the other one lacks in brackets, long agreement cut short.

    >>> contrast("It fell on Monday.", "It rose on Monday.")
    'It [fell] on Monday.'
    """
    there = set(words(other))
    marked = ((word, there.issuperset(words(word))) for word in text.split())
    return " ".join(
        part
        for shared, run in groupby(marked, key=lambda each: each[1])
        for part in _run([word for word, _ in run], shared=shared)
    )


def _run(run: list[str], *, shared: bool) -> Iterator[str]:
    if not shared:
        yield f"[{' '.join(run)}]"
    elif len(run) > _MOST_SHARED:
        yield from (*run[:_ENDS], "…", *run[-_ENDS:])
    else:
        yield from run
