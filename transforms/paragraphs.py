"""Plain text to paragraphs: a line is a paragraph, unless the text is hard-wrapped.

Scraped articles and feeds hold one paragraph a line.  Mail and digitised books
break their lines at a fixed width instead and part paragraphs by blank lines;
:func:`_wrap_width` says when a text is taken for one of these.  When in doubt a
line stays a paragraph: a broken paragraph reads as before, two joined headlines
do not.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final, NamedTuple

import re2

from transforms.document import Kind, Paragraph
from transforms.limits import check_lengths, check_lines, check_paragraphs
from transforms.settings import SplitSettings

_BULLETS: Final = frozenset("•‣▪●◦■▸►")
_DASHES: Final = frozenset("-–—")
_NUMBERED: Final = re2.compile(r"^(\d{1,3})[.)]\s+\S")
_QUOTED: Final = re2.compile(r"^>[>\s]*\s")
END_MARKS: Final = frozenset(".!?…。！？｡．؟۔।॥։።")
"""Marks that end a sentence, in any script."""
_CLOSING: Final = "\"'”’»›“)]）」』"
"""Marks that may stand after the end mark of a sentence."""

# What hard-wrapped prose looks like.
_NARROWEST_WRAP: Final = 60
_WIDEST_WRAP: Final = 80
_LEAST_FULL_LINES: Final = 4
_LEAST_FULL_SHARE: Final = 0.5
_LEAST_RUNNING_SHARE: Final = 0.4
"""German, whose nouns are capitals, runs on in lower case at half of its breaks."""
_RAGGED: Final = 4
"""Columns by which lines filled by hand fall short: of the paragraphs of 18 licence texts a
strict test (0) joins 410, this one 663, 8 joins 686."""
_WIDTH_QUANTILE: Final = 0.95
"""The width is that of nearly the longest line: an address can stick out."""
_LEAST_WORDS: Final = 5
"""Fewer words to a line are a table, code or digests, however even the lines are."""
_COLUMN_GAP: Final = re2.compile(r"\S(?:\t|\s{3,})\S")


class _Line(NamedTuple):
    """One line that is not blank."""

    start: int
    """Where its text begins in the document, white space aside."""
    text: str
    """Without the white space at both ends."""
    column: int
    """How far it reaches from the left margin."""
    follows: bool
    """Whether the line before it is not blank either."""


def split_text(text: str, settings: SplitSettings) -> tuple[Paragraph, ...]:
    """The paragraphs of a normalised text.

    Raises:
        UnsplittableDocument: ``too-many-paragraphs``, ``paragraph-too-long``, ``word-too-long``.
    """
    check_lines(text, settings)
    lines = _lines(text)
    groups = _join_wrapped(lines)
    check_paragraphs(len(groups), settings)
    kinds = _kinds([lines[first].text for first, _ in groups])
    paragraphs = tuple(
        Paragraph(
            index=index,
            start=lines[first].start,
            end=lines[last].start + len(lines[last].text),
            kind=kind,
        )
        for index, ((first, last), kind) in enumerate(zip(groups, kinds, strict=True))
    )
    check_lengths((text[each.start : each.end] for each in paragraphs), settings)
    return paragraphs


def _lines(text: str) -> list[_Line]:
    lines = []
    position = 0
    follows = False
    for line in text.split("\n"):
        stripped = line.strip()
        if stripped:
            column = len(line.rstrip())
            start = position + column - len(stripped)
            lines.append(_Line(start, stripped, column, follows))
        follows = bool(stripped)
        position += len(line) + 1
    return lines


def _kinds(texts: list[str]) -> list[Kind]:
    """The kind of each paragraph, seen from how it begins."""
    kinds = [_kind(text) for text in texts]
    previous = None
    for index, text in enumerate(texts):
        match = _NUMBERED.search(text) if text[0].isdigit() else None
        number = int(match[1]) if match else None
        if number is not None and previous is not None and number == previous + 1:
            kinds[index - 1] = kinds[index] = "list-item"
        previous = number
    return kinds


def _kind(text: str) -> Kind:
    first, spaced = text[0], text[1:2].isspace()
    if first in _BULLETS or (first == "*" and spaced):
        return "list-item"
    # A dash with a whole sentence behind it opens direct speech.
    if first in _DASHES and spaced and not _ends_sentence(text):
        return "list-item"
    if first == ">" and _QUOTED.search(text):
        return "quote"
    return "paragraph"


def _ends_sentence(text: str) -> bool:
    return text.rstrip(_CLOSING)[-1:] in END_MARKS


def _join_wrapped(lines: list[_Line]) -> list[tuple[int, int]]:
    """Paragraphs as their first and last line."""
    width = _wrap_width(lines)
    if width is None:
        return [(index, index) for index in range(len(lines))]
    groups: list[tuple[int, int]] = []
    first = 0
    for after in range(1, len(lines) + 1):
        if after < len(lines) and lines[after].follows:
            continue
        if _is_wrapped_prose(lines[first:after], width):
            groups.append((first, after - 1))
        else:
            groups.extend((index, index) for index in range(first, after))
        first = after
    return groups


def _wrap_width(lines: list[_Line]) -> int | None:
    """The column at which a hard-wrapped text breaks its lines, else ``None``.

    A text is hard-wrapped when its lines end between columns 60 and 80 and the
    line breaks that have no blank line beside them are those that a program
    would set: most lines are *full* (the next line's first word had no room)
    and most full lines run on (no end mark, the next begins in lower case).
    """
    breaks = [pair for pair in pairwise(lines) if pair[1].follows]
    if len(breaks) < _LEAST_FULL_LINES:
        return None
    columns = sorted(line.column for line, _ in breaks)
    width = columns[int(_WIDTH_QUANTILE * (len(columns) - 1))]
    if not _NARROWEST_WRAP <= width <= _WIDEST_WRAP:
        return None
    full = [pair for pair in breaks if _is_full(*pair, width)]
    running = sum(_runs_on(*pair) for pair in full)
    enough = len(full) >= max(_LEAST_FULL_LINES, _LEAST_FULL_SHARE * len(breaks))
    return width if enough and running >= _LEAST_RUNNING_SHARE * len(full) else None


def _is_wrapped_prose(block: list[_Line], width: int) -> bool:
    """Whether the lines between two blank lines are one paragraph of a wrapped text."""
    breaks = list(pairwise(block))
    return (
        bool(breaks)
        and all(_is_full(*pair, width) for pair in breaks)
        and sum(_runs_on(*pair) for pair in breaks) >= _LEAST_RUNNING_SHARE * len(breaks)
        and all(_kind(line.text) == "paragraph" for line in block[1:])
    )


def _is_full(line: _Line, following: _Line, width: int) -> bool:
    """Whether the next line's first word would not have fitted into this line."""
    words = line.text.split()
    word = following.text.split(None, 1)[0]
    return (
        line.column + 1 + len(word) > width - _RAGGED
        and len(words) >= _LEAST_WORDS
        and _COLUMN_GAP.search(line.text) is None
    )


def _runs_on(line: _Line, following: _Line) -> bool:
    """Whether a sentence goes on behind the line break."""
    first = following.text[0]
    return first.isalpha() and not first.isupper() and not _ends_sentence(line.text)
