"""Find links to other articles: runs of headlines in the article and after it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, NamedTuple

import numpy as np

from transforms.arrays import Bools, Ints
from transforms.lines import LONGEST_HEADLINE, Lines
from transforms.segments import NONE
from transforms.windows import run_lengths

_HEADING_WORDS: Final = 6
"""An article's own headings are shorter than the titles of others: with so many words the last
line before running text is a link."""
_LONGEST_RUN: Final = 40
"""Lines that one heading can stand over."""
_CAPITALS: Final = 60
"""Mean per cent of capitalised words from which lines are set like English headlines."""


class LinkRun(NamedTuple):
    """Lines ``start`` to ``end`` (half-open) of a batch that link to other articles."""

    start: int
    end: int
    heading: int | None
    """Index of the line that announces them; ``None`` for a run without a heading."""


def find_link_runs(lines: Lines, kept: Bools, last: Ints, shortest: int) -> list[LinkRun]:
    """The runs of related links, not overlapping.

    Under a heading such as "Read more" every line up to the next running text
    is a link; inside the article the last of them is left out where it could
    be the article's own next heading: it has no bullet and is short.
    After the article, headlines in a row are links without any heading,
    unless something of the article announces them as its own list.

    Args:
        lines: the lines of a batch of documents.
        kept: for each line, whether the score alone keeps it.
        last: the last line of running text of each document; ``NONE`` leaves the document out.
        shortest: fewest headlines in a row without a heading.
    """
    segments = lines.segments
    runs: list[LinkRun] = []
    heads = lines.of_reason("related-heading")
    row = (segments.lines > segments.spread(last)) & lines.headlines
    row &= run_lengths(row, segments) >= shortest
    for document in np.flatnonzero(segments.any(heads | row) & (last != NONE)).tolist():
        start, stop = int(segments.starts[document]), int(segments.ends[document])
        headed = _runs_under_headings(lines, start + np.flatnonzero(heads[start:stop]), stop)
        taken = {index for run in headed for index in range(run.start, run.end)}
        runs += headed
        runs += _runs_after_article(lines, kept, int(last[document]), stop, shortest, taken)
    return runs


def _runs_under_headings(lines: Lines, headings: Ints, stop: int) -> list[LinkRun]:
    runs = []
    position = 0
    for heading in headings.tolist():
        if heading < position:
            continue
        end = _end_of_links(lines, heading + 1, stop)
        if end < stop and lines.running[end] and _may_be_heading(lines, heading, end - 1):
            end = max(end - 1, heading + 1)
        if end > heading + 1:
            runs.append(LinkRun(heading + 1, end, heading=heading))
        position = end
    return runs


def _may_be_heading(lines: Lines, heading: int, last: int) -> bool:
    """Whether the last line under a heading of links could head the text that follows."""
    return last > heading and not lines.bulleted[last] and lines.words[last] < _HEADING_WORDS


def _end_of_links(lines: Lines, start: int, stop: int) -> int:
    end = start
    while (
        end < min(stop, start + _LONGEST_RUN)
        and not lines.running[end]
        and lines.words[end] <= LONGEST_HEADLINE
    ):
        end += 1
    return end


def _runs_after_article(
    lines: Lines, kept: Bools, last: int, stop: int, shortest: int, taken: Collection[int]
) -> list[LinkRun]:
    runs = []
    start = last + 1
    headline = lines.headlines[:stop].tolist()
    while start < stop:
        end = start
        while end < stop and end not in taken and headline[end]:
            end += 1
        if (
            end - start >= shortest
            and not _announced(lines, kept, start)
            and _set_as_headlines(lines, start, end)
        ):
            runs.append(LinkRun(start, end, heading=None))
        start = max(end, start + 1)
    return runs


def _announced(lines: Lines, kept: Bools, start: int) -> bool:
    """Whether the article itself leads over to the lines, by a heading or a colon."""
    before = start - 1
    return bool(
        lines.colon[before]
        or (kept[before] and not lines.ended[before] and not lines.matched[before])
    )


def _set_as_headlines(lines: Lines, start: int, end: int) -> bool:
    capitals = [int(share) for share in lines.capitals[start:end] if share >= 0]
    return not capitals or sum(capitals) >= _CAPITALS * len(capitals)
