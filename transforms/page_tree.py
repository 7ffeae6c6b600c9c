"""A page's markup as a tree, put in order the way a browser does before it shows it."""

from __future__ import annotations

from typing import Final, NamedTuple

import re2
from lxml import etree, html

from transforms.limits import UnsplittableDocument, check_attributes
from transforms.settings import SplitSettings

# Control characters that no page can hold: libxml2 would make U+FFFD of them, which looks
# like broken decoding, and later steps refuse them.  A form feed is white space.
_CONTROLS: Final = bytes((*range(0x09), 0x0B, *range(0x0E, 0x20)))
_FORM_FEED_IS_SPACE: Final = bytes.maketrans(b"\x0c", b" ")

_BRACKETS_PER_NODE: Final = 2
"""An element has a start tag and mostly an end tag."""
_COUNT: Final = etree.XPath("count(//*)")

_ONE_CLASS: Final = etree.ElementDefaultClassLookup(element=html.HtmlElement)
"""lxml's own way asks Python for the class of each element, as forms and fields have others."""

_HIDING_STYLE: Final = re2.compile(
    r"(?i)(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))\s*(?:!|;|$)"
)

_PANEL_ROLES: Final = ("region", "tabpanel")
"""Roles of a panel with a header that opens it (accordion and tabs of ARIA's patterns)."""

# React's streaming renderer sends late parts of a page as <div hidden id="S:1"> at its end; a
# script moves each to its place: $RC("B:2","S:1") to <template id="B:2">, $RS("S:1","P:1") to
# <template id="P:1">.  On such a page the article itself is often one of those parts.
_PART_MARK: Final = "S:"
_MOST_PARTS: Final = 500
"""So many parts are put to their places; pages have dozens.  Each takes a climb to the root, and
parts inside each other make that as long as they like.
"""
_STREAMED_PARTS: Final = etree.XPath("//div[@hidden and starts-with(@id, 'S:')]")
_PLACES: Final = etree.XPath("//template[starts-with(@id, 'B:') or starts-with(@id, 'P:')]")
_MOVE: Final = re2.compile(r'\$R[CRS]\("([BPS]:[0-9a-f]{1,8})","([BPS]:[0-9a-f]{1,8})"')


class ParsedPage(NamedTuple):
    """A page's tree."""

    tree: html.HtmlElement | None
    """``None`` if the markup holds nothing."""
    nodes: int
    """How many elements it has."""
    controls: int
    """How many control characters were dropped."""


def parse_page(markup: str, settings: SplitSettings) -> ParsedPage:
    """Parse markup as browsers do, whatever its state.

    No network and no external entities.  An encoding that the markup declares is
    ignored: it is decoded already.

    Raises:
        UnsplittableDocument: ``page-too-large``, ``too-many-attributes``.
        MemoryError: the parser got none.
    """
    # Before the parser builds a tree of tens of millions of elements.
    if markup.count("<") > _BRACKETS_PER_NODE * settings.max_nodes:
        raise _too_large(settings)
    encoded = markup.encode("utf-8", "replace")
    data = encoded.translate(_FORM_FEED_IS_SPACE, _CONTROLS)
    controls = len(encoded) - len(data)
    check_attributes(data, settings)
    parser = html.HTMLParser(
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        no_network=True,
        huge_tree=True,
        collect_ids=False,
        default_doctype=False,
    )
    parser.set_element_class_lookup(_ONE_CLASS)
    try:
        tree = html.document_fromstring(data, parser=parser)
    except etree.ParserError:  # "Document is empty"
        return ParsedPage(None, 0, controls)
    except etree.XMLSyntaxError as error:
        if any(each.type == etree.ErrorTypes.ERR_NO_MEMORY for each in error.error_log):
            raise MemoryError from error
        raise
    nodes = int(_COUNT(tree))
    if nodes > settings.max_nodes:
        raise _too_large(settings)
    if _PART_MARK in markup:
        _place_streamed_parts(tree)
    return ParsedPage(tree, nodes, controls)


def _too_large(settings: SplitSettings) -> UnsplittableDocument:
    return UnsplittableDocument(
        "page-too-large",
        f"the page has more than {settings.max_nodes} elements: leave it out, or raise"
        " split.max_nodes",
    )


def is_hidden(element: html.HtmlElement) -> bool:
    """Whether its ``hidden`` attribute or its own style takes an element off the page.

    Not so what a reader opens with a click (the folded panel of an accordion, as
    closed ``<details>``), nor the two outermost elements: a page that hides its
    whole body shows it once its script has run.
    """
    attributes = element.attrib
    hides = "hidden" in attributes or _HIDING_STYLE.search(attributes.get("style", ""))
    return (
        bool(hides)
        and element.tag not in ("html", "body")
        and not (attributes.get("role") in _PANEL_ROLES and "aria-labelledby" in attributes)
    )


def _place_streamed_parts(tree: html.HtmlElement) -> None:
    """Show the parts of a streamed page where its scripts would put them.

    Where the scripts are gone (a saved page) the place of the same number is
    taken, and a part without any place shows where it stands.  So does each beyond
    ``_MOST_PARTS``.
    """
    parts = {part.get("id"): part for part in _STREAMED_PARTS(tree)}
    if not parts:
        return
    places = {place.get("id"): place for place in _PLACES(tree)}
    moves: dict[str, str] = {}
    for script in tree.iter("script"):
        for first, second in _MOVE.findall(script.text or ""):
            name, place = (first, second) if first.startswith("S") else (second, first)
            moves[name] = place
    for nth, (name, part) in enumerate(parts.items()):
        number = name.removeprefix("S")
        candidates = (moves.get(name, ""), "P" + number, "B" + number)
        target = next((places[place] for place in candidates if place in places), None)
        del part.attrib["hidden"]
        # A part that went into itself would make the tree a ring.
        if nth < _MOST_PARTS and target is not None and part not in target.iterancestors():
            target.addnext(part)
