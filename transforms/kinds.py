"""Say what each kept line is in its article: title, heading, list item, paragraph."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

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
    paragraphs: Sequence[Paragraph], lines: Lines, kept: Sequence[bool], titles: Collection[int]
) -> list[Kind]:
    """The kind of each line.

    What a page marks up stays as it is.  In plain text a short line without
    an end mark is a heading when running text follows it; several in a row
    are a list, the last of them the heading of what follows.

    Args:
        paragraphs: the paragraphs with the splitter's kinds.
        lines: the same as lines.
        kept: for each line, whether it is kept.
        titles: indices of the title and its copies.
    """
    kinds: list[Kind] = [paragraph.kind for paragraph in paragraphs]
    run: list[int] = []
    for index, paragraph in enumerate(paragraphs):
        if index in titles:
            kinds[index] = "title"
        elif kinds[index] == "title":
            kinds[index] = "heading"
        if not kept[index]:
            continue
        open_end = kinds[index] == "paragraph" and _is_short_and_open(lines, index)
        if open_end and paragraph.markup is None:
            run.append(index)
            continue
        if index not in titles:
            _name_run(kinds, run, followed=kinds[index] == "paragraph")
        run = []
    _name_run(kinds, run, followed=False)
    return kinds


def _is_short_and_open(lines: Lines, index: int) -> bool:
    if lines.colon[index]:
        return bool(lines.words[index] < _ANNOUNCING_WORDS)
    if lines.question[index]:
        return bool(lines.words[index] <= _QUESTION_WORDS)
    return bool(lines.words[index] <= _HEADING_WORDS and not lines.ended[index])


def _name_run(kinds: list[Kind], run: Sequence[int], *, followed: bool) -> None:
    if len(run) > _HEADINGS or (run and not followed):
        for index in run[: len(run) - followed]:
            kinds[index] = "list-item" if len(run) > 1 else "paragraph"
        run = run[len(run) - followed :]
    for index in run:
        kinds[index] = "heading"
