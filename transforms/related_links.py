"""Find links to other articles: runs of headlines in the article and after it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from transforms.lines import Lines

_SENTENCE_WORDS: Final = 12
"""Prose from this length on is running text and ends a run."""
_LONGEST_HEADLINE: Final = 30
_SHORTEST_HEADLINE: Final = 4
_LONGEST_RUN: Final = 40
"""Lines that one heading can stand over."""
_CAPITALS: Final = 60
"""Mean per cent of capitalised words from which lines are set like English headlines."""

_COMMA: Final = re.compile("[,،、，]")
_NAMES: Final = 3
_NAME_WORDS: Final = 5


class LinkRun(NamedTuple):
    """Lines ``start`` to ``end`` (half-open) that link to other articles."""

    start: int
    end: int
    heading: int | None
    """Index of the line that announces them; ``None`` for a run without a heading."""


def find_link_runs(lines: Lines, kept: Sequence[bool], last: int, shortest: int) -> list[LinkRun]:
    """The runs of related links, not overlapping.

    Under a heading such as "Read more" every line up to the next running text
    is a link; inside the article the last of them is left out, for there the
    article's own next heading stands.  After the article, headlines in a row
    are links without any heading, unless something of the article announces
    them as its own list.

    Args:
        lines: the document's lines.
        kept: for each line, whether the score alone keeps it.
        last: index of the last line of running text.
        shortest: fewest headlines in a row without a heading.
    """
    running = [
        bool(prose) and words >= _SENTENCE_WORDS
        for prose, words in zip(lines.prose.tolist(), lines.words.tolist(), strict=True)
    ]
    runs = []
    position = 0
    while position < len(lines):
        pattern = lines.patterns[position]
        if pattern is not None and pattern.reason == "related-heading":
            end = _end_of_links(lines, running, position + 1)
            if end < len(lines) and running[end]:
                end = max(end - 1, position + 1)
            if end > position + 1:
                runs.append(LinkRun(position + 1, end, heading=position))
            position = end
        else:
            position += 1
    taken = {index for run in runs for index in range(run.start, run.end)}
    return runs + _runs_after_article(lines, kept, last, shortest, taken)


def _end_of_links(lines: Lines, running: Sequence[bool], start: int) -> int:
    end = start
    while (
        end < min(len(lines), start + _LONGEST_RUN)
        and not running[end]
        and lines.words[end] <= _LONGEST_HEADLINE
    ):
        end += 1
    return end


def _runs_after_article(
    lines: Lines, kept: Sequence[bool], last: int, shortest: int, taken: Collection[int]
) -> list[LinkRun]:
    runs = []
    start = last + 1
    while start < len(lines):
        end = start
        while end < len(lines) and end not in taken and is_headline(lines, end):
            end += 1
        if (
            end - start >= shortest
            and not _announced(lines, kept, start)
            and _set_as_headlines(lines, start, end)
        ):
            runs.append(LinkRun(start, end, heading=None))
        start = max(end, start + 1)
    return runs


def is_headline(lines: Lines, index: int) -> bool:
    """Whether a line could be the title of an article: several words, no pattern, no end."""
    return (
        _SHORTEST_HEADLINE <= lines.words[index] <= _LONGEST_HEADLINE
        and not lines.matched[index]
        and not lines.colon[index]
        and (not lines.ended[index] or bool(lines.question[index]))
        and not is_enumeration(lines, index)
    )


def _announced(lines: Lines, kept: Sequence[bool], start: int) -> bool:
    """Whether the article itself leads over to the lines, by a heading or a colon."""
    before = start - 1
    return bool(
        lines.colon[before]
        or (kept[before] and not lines.ended[before] and not lines.matched[before])
    )


def _set_as_headlines(lines: Lines, start: int, end: int) -> bool:
    capitals = [int(share) for share in lines.capitals[start:end] if share >= 0]
    return not capitals or sum(capitals) >= _CAPITALS * len(capitals)


def is_enumeration(lines: Lines, index: int) -> bool:
    """Whether the line is a bare list of names: ``Harbour, Fire Service, Jane Miller``."""
    if lines.ended[index]:
        return False
    pieces = [piece.split() for piece in _COMMA.split(lines.texts[index])]
    return len(pieces) >= _NAMES and all(0 < len(piece) <= _NAME_WORDS for piece in pieces)
