"""A page's markup to its normalised text, its paragraphs and its metadata.

The text is a rendering: every visible block in reading order, white space
collapsed, one line end after each.  What is dropped later is known because it
is in there; what no reader would see is not, and is counted.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final, NamedTuple

from transforms.document import Markup, Paragraph
from transforms.limits import check_lengths, check_paragraphs
from transforms.normalise import normalise
from transforms.page_blocks import visible_blocks
from transforms.page_extraction import extracted_blocks, is_affordable
from transforms.page_metadata import page_metadata
from transforms.page_paths import last_tag
from transforms.page_tree import parse_page
from transforms.page_walk import RawBlock
from transforms.settings import DecodeSettings, SplitSettings

# One character class: cannot backtrack.  U+0085 is left to normalisation: it may be mojibake.
_WHITE_SPACE: Final = re.compile("[ \t\n\r\v\f\u2028\u2029]+")
_DENSITY_DECIMALS: Final = 3
_NO_EXTRACTION: Final = "extraction-skipped"
_MAX_PASSES: Final = 4
"""Two settle every page but those that are built for the purpose."""


class Page(NamedTuple):
    """A rendered page."""

    text: str
    """Every visible block in reading order, one line end after each."""
    paragraphs: tuple[Paragraph, ...]
    changes: dict[str, int]
    """What was left out and what normalisation changed, counted by name."""
    title: str | None = None
    author: str | None = None
    site: str | None = None
    published: str | None = None
    language: str | None = None
    url: str | None = None


def render_page(
    markup: str, settings: SplitSettings, decode: DecodeSettings, *, url: str | None
) -> Page:
    """Render a decoded page.

    Args:
        markup: the page's source, decoded.
        settings: the limits, and the dates that a page may name.
        decode: how its text is normalised.
        url: its address where the record knows it; else the page says.

    Raises:
        UnsplittableDocument: it is over a limit of ``settings``.
    """
    tree, nodes, controls = parse_page(markup, settings)
    changes = Counter(controls=controls)
    if tree is None:
        return Page(text="", paragraphs=(), changes=_counted(changes), url=url)
    blocks, left_out, steps, deepest, unseen = visible_blocks(tree, settings)
    changes.update(left_out)
    lines = _normalised_lines([block.text for block in blocks], decode, changes)
    shown = [(block, line) for block, line in zip(blocks, lines, strict=True) if line]
    check_paragraphs(len(shown), settings)
    check_lengths((line for _, line in shown), settings)
    headings = [line for block, line in shown if last_tag(block.path) == "h1"]
    said = page_metadata(tree, headings, settings)
    votes = None
    if settings.extraction != "none":
        if nodes <= settings.max_extraction_nodes and is_affordable(
            nodes, steps, deepest, len(blocks) + unseen, len(markup)
        ):
            votes = extracted_blocks(tree, [line for _, line in shown], settings.latest_date)
        if votes is None:
            changes[_NO_EXTRACTION] += 1
    return Page(
        text="".join(line + "\n" for _, line in shown),
        paragraphs=_paragraphs(shown, votes),
        changes=_counted(changes),
        title=_field(said.title, decode),
        author=_field(said.author, decode),
        site=_field(said.site, decode),
        published=said.published,
        language=said.language,
        url=url or said.url,
    )


def _paragraphs(
    shown: list[tuple[RawBlock, str]], votes: list[bool] | None
) -> tuple[Paragraph, ...]:
    paragraphs = []
    start = 0
    for index, (block, line) in enumerate(shown):
        extracted = votes[index] if votes is not None else None
        end = start + len(line)
        density = round(block.linked / block.characters, _DENSITY_DECIMALS)
        markup = Markup(path=block.path, link_density=density, extracted=extracted)
        paragraphs.append(
            Paragraph(index=index, start=start, end=end, kind=block.kind, markup=markup)
        )
        start = end + 1
    return tuple(paragraphs)


def _counted(changes: Counter[str]) -> dict[str, int]:
    return {name: count for name, count in sorted(changes.items()) if count}


def _normalised_lines(texts: list[str], decode: DecodeSettings, changes: Counter[str]) -> list[str]:
    """Each block's text normalised, on one line, white space collapsed.

    Odd spaces are plain ones and invisible characters are gone only after
    normalisation, which leaves spaces side by side; without them two characters
    may turn out to be mojibake.  So the two take turns until nothing changes.
    """
    lines = [_collapsed(text) for text in texts]
    for _ in range(_MAX_PASSES):
        normalised = _normalised(lines, decode, changes)
        lines = [
            after if after == before else " ".join(after.split())
            for before, after in zip(lines, normalised, strict=True)
        ]
        if lines == normalised:
            break
    return lines


def _collapsed(text: str) -> str:
    """A text with its ASCII white space collapsed; the rest is left to normalisation."""
    if text.isascii():  # splitting is three times as fast; beyond ASCII it splits at too much
        return " ".join(text.split())
    if "  " not in text and text.isprintable():  # a space is the one white space that is
        return text.strip(" ")
    return _WHITE_SPACE.sub(" ", text).strip(" ")


def _normalised(lines: list[str], decode: DecodeSettings, changes: Counter[str]) -> list[str]:
    whole, found = normalise("\n".join(lines), decode, markup=True)
    normalised = whole.split("\n")
    if len(normalised) == len(lines):
        changes.update(found)
        return normalised
    # A character of some line turned out to be a line end.
    each = [normalise(line, decode, markup=True) for line in lines]
    for line in each:
        changes.update(line.changes)
    return [line.text for line in each]


def _field(value: str | None, decode: DecodeSettings) -> str | None:
    """A metadata value, normalised as the text is, so that the two can be compared."""
    if value is None:
        return None
    return " ".join(normalise(value, decode, markup=True)[0].split()) or None
