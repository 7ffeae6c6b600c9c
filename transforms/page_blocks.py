"""A page's visible text as blocks, by the browsers' default styles.

A *block* is an inline run between two block boundaries: what a reader sees as
one unbroken piece of text before any of the site's own style sheets apply.
Every visible block comes out, in reading order; what a browser would not show
is left out and counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import re2
from lxml import html

from transforms.page_walk import PageWalk, RawBlock, walk_page
from transforms.settings import SplitSettings

_RUNNING: Final = 80
"""Characters, white space aside, of a block of running text."""
_VEILED: Final = 4
"""Blocks of running text that are an article. Of 773 pages one hides so much: its article."""
_OUTWEIGHS: Final = 2
_ASIDE: Final = re2.compile(
    r"(?i)cookie|consent|gdpr|privacy|terms|legal|dialog|modal|popup|pop-up|overlay|lightbox|drawer"
    r"|tooltip|menu|nav|header|footer|sidebar|comment|newsletter|subscri|login|signin|sign-in|cart"
    r"|search|share|banner|print|template|carousel|gallery|related|recommend"
)
"""What hidden text is in most cases, by the names of its element."""

# The signatures of the MIME Sniffing standard (section 7.1) without its inline elements, which
# plain text may well begin with, and with an XML declaration before them.
_PAGE_BEGINS: Final = re2.compile(
    r"(?is)\A\x{FEFF}?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*"
    r"<(?:!doctype\s+html|html|head|body|title|meta|script|style|iframe|div|p|h1|table|article"
    r"|section|main)(?:\s|/?>)"
)
_SNIFFED: Final = 4_096
"""Characters of a text that are looked at: room for a licence comment before the first tag."""


class RawPage(NamedTuple):
    """The visible blocks of a page, and what was left out, counted by name."""

    blocks: list[RawBlock]
    left_out: dict[str, int]
    steps: int
    """The depths of all elements, added up: what it takes to climb from each to the root."""
    deepest: int
    """How many elements nest inside each other."""
    unseen: int
    """How many elements with text are left out, if an extractor may be asked."""


def looks_like_page(text: str) -> bool:
    """Whether a decoded text is a page's markup: it begins with a page's tag.

    >>> looks_like_page("<!-- saved --> <!DOCTYPE html><title>Fog</title>")
    True
    >>> looks_like_page("<b> is the tag for bold text; see <html>.")
    False
    """
    return _PAGE_BEGINS.search(text[:_SNIFFED]) is not None


def visible_blocks(tree: html.HtmlElement, settings: SplitSettings) -> RawPage:
    """The visible blocks of a parsed page in reading order, its article among them if it is veiled.

    Raises:
        UnsplittableDocument: ``page-too-deep``.
    """
    walked = walk_page(tree, settings)
    veil = _veil(walked, settings)
    if veil is not None:
        veil.attrib.pop("hidden", None)
        veil.attrib.pop("style", None)
        walked = walk_page(tree, settings)
    return RawPage(walked.blocks, walked.left_out, walked.steps, walked.deepest, walked.unseen)


def _veil(walked: PageWalk, settings: SplitSettings) -> html.HtmlElement | None:
    """The hidden element that holds the article, shown to readers who have paid or agreed.

    It has several paragraphs of running text, more than the rest of the page
    twice over, and does not call itself a dialogue, a notice or a menu.
    """
    seen = sum(_running(walked.blocks))
    for element in walked.hidden:
        if len(element.findall(".//p")) >= _VEILED and not _ASIDE.search(_names(element)):
            running = _running(walk_page(element, settings).blocks)
            if len(running) >= _VEILED and sum(running) > _OUTWEIGHS * seen:
                return element
    return None


def _running(blocks: Sequence[RawBlock]) -> list[int]:
    """The lengths of the blocks that are running text, in characters."""
    return [
        block.characters
        for block in blocks
        if block.characters >= _RUNNING and block.linked * _OUTWEIGHS < block.characters
    ]


def _names(element: html.HtmlElement) -> str:
    """What an element says of itself."""
    return " ".join(element.get(name, "") for name in ("id", "class", "role", "aria-label"))
