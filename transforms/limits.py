"""What one document may be at most: a limit is for what nobody wrote and no reader sees.

Each is counted before the step that it protects, in one pass over the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from typing import Final

from transforms.block import RecordError, sample_of
from transforms.settings import SplitSettings

_LINES_IN_PARAGRAPH: Final = 5
"""Lines of a hard-wrapped text for each paragraph that it may have."""
_FEW_LINES: Final = 100_000
"""So many lines can be looked at whatever the settings say."""
_SAMPLE: Final = 64

_NAMES_LINE: Final = re.compile(r"\S[^\n]*")

# Tags as the HTML standard reads them (13.2.5), whatever their state.  Every repetition is
# possessive, so the pattern passes over a page once.
_ATTRIBUTE: Final = (
    r"[\s/]*+[^\s/>][^\s/>=]*+"
    r"(?:\s*+=\s*+(?:\"[^\"]*+\"?+|'[^']*+'?+|[^\s>\"'][^\s>]*+)?+)?+"
)
_RAW: Final = ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
"""Elements in which no tag begins but the one that ends them."""


class UnsplittableDocument(RecordError):
    """A document that is over one of the limits of its split settings."""


def check_paragraphs(number: int, settings: SplitSettings) -> None:
    """Refuse a document of more paragraphs than the settings allow.

    Raises:
        UnsplittableDocument: ``too-many-paragraphs``.
    """
    if number > settings.max_paragraphs:
        raise UnsplittableDocument(
            "too-many-paragraphs",
            f"{number:,} paragraphs, and {settings.max_paragraphs:,} are allowed: split the record,"
            " or raise split.max_paragraphs",
        )


def check_lines(text: str, settings: SplitSettings) -> None:
    """Refuse a text of more lines than its paragraphs can have, before each is looked at.

    Raises:
        UnsplittableDocument: ``too-many-paragraphs``.
    """
    most = max(_FEW_LINES, _LINES_IN_PARAGRAPH * settings.max_paragraphs)
    if text.count("\n") < most:
        return
    lines = sum(1 for _ in islice(_NAMES_LINE.finditer(text), most + 1))
    if lines > most:
        raise UnsplittableDocument(
            "too-many-paragraphs",
            f"more than {most:,} lines, and {settings.max_paragraphs:,} paragraphs are allowed:"
            " split the record, or raise split.max_paragraphs",
        )


def check_lengths(paragraphs: Iterable[str], settings: SplitSettings) -> None:
    """Refuse a paragraph, or a word in one, that is longer than the settings allow.

    Raises:
        UnsplittableDocument: ``paragraph-too-long`` or ``word-too-long``.
    """
    longest, longest_word = settings.max_paragraph_characters, settings.max_word_characters
    fewest = min(longest, longest_word)
    for number, text in enumerate(paragraphs):
        if len(text) <= fewest:
            continue
        if len(text) > longest:
            raise _too_long("paragraph", number, text, longest)
        word = max(text.split(), key=len)
        if len(word) > longest_word:
            raise _too_long("word", number, word, longest_word)


def _too_long(what: str, number: int, text: str, limit: int) -> UnsplittableDocument:
    where = f"paragraph {number}" if what == "paragraph" else f"a word of paragraph {number}"
    return UnsplittableDocument(
        f"{what}-too-long",
        f"{where} (counted from 0) has {len(text):,} characters, and {limit:,} are allowed: is it"
        f" data? Leave the record out, or raise split.max_{what}_characters",
        None,
        sample_of(text[:_SAMPLE].encode("utf-8", "replace")),
    )


def check_attributes(markup: bytes, settings: SplitSettings) -> None:
    """Refuse a page with an element of more attributes than the settings allow.

    The parser takes time with the square of their number.

    Args:
        markup: what the parser gets, byte for byte: what it sees as a tag is counted as one.

    Raises:
        UnsplittableDocument: ``too-many-attributes``.
    """
    read = tags(settings.max_attributes).match(markup)
    end = read.end() if read else 0
    if end < len(markup):
        raise UnsplittableDocument(
            "too-many-attributes",
            f"an element has more than {settings.max_attributes:,} attributes: leave the page out,"
            " or raise split.max_attributes",
            None,
            sample_of(markup[end : end + _SAMPLE]),
        )


def tags(most: int) -> re.Pattern[bytes]:
    """Matches a page up to the first tag with more attributes; :mod:`re` keeps what it compiled."""
    attributes = rf"(?:{_ATTRIBUTE}){{0,{most}}}+[\s/]*+(?:>|\Z)"
    raw = (rf"|<{name}(?=[\s/>]){attributes}(?:[^<]++|<(?!/{name}[\s/>]))*+" for name in _RAW)
    pattern = (
        r"(?si)(?:[^<]++"
        + "".join(raw)
        + rf"|</?+[a-z][^\s/>]*+{attributes}"
        + r"|<!--(?:>|->|[^-]*+(?:-(?!->|-!>)[^-]*+)*+(?:-->|--!>|\Z))"
        + r"|<(?:!(?!--)|\?|/(?![a-z]))[^>]*+>?+|<(?![/!?a-z]))*+"
    )
    return re.compile(pattern.encode("ascii"))
