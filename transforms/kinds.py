"""Say what each kept line is in its article: title, heading, list item, paragraph."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from transforms.arrays import Bools
from transforms.document import Kind, Paragraph
from transforms.lines import Lines

_HEADING_WORDS: Final = 20
"""A line of more words without an end mark is a paragraph that lost it."""
_QUESTION_WORDS: Final = 12
"""A question of more words is a paragraph."""
_ANNOUNCING_WORDS: Final = 8
"""A line of so many words that ends with a colon is a sentence."""
_HEADINGS: Final = 2
"""More short lines in a row are a list: headings stand under each other in twos at most."""


def name_kinds(
    paragraphs: Sequence[Paragraph], lines: Lines, kept: Bools, titles: Bools
) -> list[Kind]:
    """The kind of each line.

    What a page marks up stays as it is.  In plain text a short line without
    an end mark is a heading when running text follows it; several in a row
    are a list, the last of them the heading of what follows.

    Args:
        paragraphs: the paragraphs of a batch of documents with the splitter's kinds.
        lines: the same as lines.
        kept: for each line, whether it is kept.
        titles: for each line, whether it is the title or one of its copies.
    """
    kinds: list[Kind] = [paragraph.kind for paragraph in paragraphs]
    for index, kind in enumerate(kinds):
        if kind == "title":
            kinds[index] = "heading"
    for index in np.flatnonzero(titles).tolist():
        kinds[index] = "title"
    plain = np.array([paragraph.markup is None for paragraph in paragraphs], np.bool_)
    plain &= np.array([kind == "paragraph" for kind in kinds], np.bool_)
    short = (plain & _short_and_open(lines)).tolist()
    kept_lines = np.flatnonzero(kept)
    ends = np.searchsorted(kept_lines, lines.segments.ends).tolist()
    start = 0
    for end in ends:
        _name_document(kinds, kept_lines[start:end].tolist(), short)
        start = end
    return kinds


def _short_and_open(lines: Lines) -> Bools:
    """The lines that are short and do not end like a sentence."""
    most = np.where(lines.question, _QUESTION_WORDS, _HEADING_WORDS)
    short = (lines.words <= most) & (lines.question | ~lines.ended)
    return np.where(lines.colon, lines.words < _ANNOUNCING_WORDS, short)


def _name_document(kinds: list[Kind], kept: Sequence[int], short: Sequence[bool]) -> None:
    """Name the kept lines of one document that are short; titles are known."""
    run: list[int] = []
    for index in kept:
        if short[index]:
            run.append(index)
        elif run:
            # A title parts what it stands between, but says nothing of it.
            if kinds[index] != "title":
                _name_run(kinds, run, followed=kinds[index] == "paragraph")
            run = []
    _name_run(kinds, run, followed=False)


def _name_run(kinds: list[Kind], run: Sequence[int], *, followed: bool) -> None:
    if len(run) > _HEADINGS or (run and not followed):
        for index in run[: len(run) - followed]:
            kinds[index] = "list-item" if len(run) > 1 else "paragraph"
        run = run[len(run) - followed :]
    for index in run:
        kinds[index] = "heading"
