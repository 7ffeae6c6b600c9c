"""A page's visible text as blocks, by the browsers' default styles.

A *block* is an inline run between two block boundaries: what a reader sees as
one unbroken piece of text before any of the site's own style sheets apply.
Every visible block comes out, in reading order; what a browser would not show
is left out and counted.

The tree is walked with a loop, never by recursion: pages nest as deep as they
like.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final, NamedTuple

import re2
from lxml import etree, html

from transforms.document import Kind
from transforms.page_tree import hidden_elements
from transforms.paragraphs import UnsplittableDocument
from transforms.settings import SplitSettings

# "display: block" and its kin in the rendering section of the HTML standard, and the obsolete
# elements that old pages still use.
_BLOCK_TAGS: Final = frozenset(
    [
        *("address", "article", "aside", "blockquote", "body", "center", "dialog", "dir", "div"),
        *("fieldset", "figcaption", "figure", "footer", "form", "frameset", "header", "hgroup"),
        *("hr", "html", "legend", "listing", "main", "nav", "p", "plaintext", "pre", "search"),
        *("section", "xmp", "details", "summary", "h1", "h2", "h3", "h4", "h5", "h6"),
        *("dd", "dl", "dt", "li", "menu", "ol", "ul"),
        *("caption", "col", "colgroup", "table", "tbody", "td", "tfoot", "th", "thead", "tr"),
    ]
)

_LEFT_OUT: Final[dict[str, str]] = {
    "head": "head",
    "script": "scripts",
    "style": "styles",
    "template": "templates",
    "noscript": "noscripts",  # shown only by browsers that run no scripts
    **dict.fromkeys(("datalist", "select", "textarea"), "form-fields"),
    **dict.fromkeys(("audio", "canvas", "iframe", "noembed", "noframes", "video"), "fallbacks"),
    # names and sources of drawings, formulas and ruby, never drawn as text
    **dict.fromkeys(
        ("annotation", "annotation-xml", "defs", "desc", "metadata", "rp", "symbol", "title"),
        "annotations",
    ),
}
"""Elements that show no text of their own, and the name under which they are counted."""

_HIDDEN: Final = "hidden-elements"

_KIND_OF_TAG: Final[dict[str, Kind]] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    **dict.fromkeys(("dd", "dt", "li"), "list-item"),
    **dict.fromkeys(("caption", "figcaption"), "caption"),
    **dict.fromkeys(("listing", "plaintext", "pre", "xmp"), "code"),
    **dict.fromkeys(("td", "th"), "paragraph"),
    "blockquote": "quote",
}
"""The innermost of these around a block gives its kind."""

_CELL_SEPARATOR: Final = " | "
_STEP_SEPARATOR: Final = " > "
_CUT: Final = "…"
_MAX_PATH: Final = 200
_MAX_NAME: Final = 32
"""Characters of an id or a class in a path: they can be of any length."""

# The signatures of the MIME Sniffing standard (section 7.1) without its inline elements, which
# plain text may well begin with, and with an XML declaration before them.
_PAGE_BEGINS: Final = re2.compile(
    r"(?is)\A\x{FEFF}?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*"
    r"<(?:!doctype\s+html|html|head|body|title|meta|script|style|iframe|div|p|h1|table|article"
    r"|section|main)(?:\s|/?>)"
)
_SNIFFED: Final = 4_096
"""Characters of a text that are looked at: room for a licence comment before the first tag."""


class RawBlock(NamedTuple):
    """One visible block before its characters are normalised."""

    text: str
    """Its text, white space as in the source."""
    kind: Kind
    path: str
    linked: int
    """How many of its characters, white space aside, stand inside links."""
    characters: int
    """How many characters it has, white space aside."""


class RawPage(NamedTuple):
    """The visible blocks of a page, and what was left out, counted by name."""

    blocks: list[RawBlock]
    left_out: dict[str, int]


def looks_like_page(text: str) -> bool:
    """Whether a decoded text is a page's markup: it begins with a page's tag.

    >>> looks_like_page("<!-- saved --> <!DOCTYPE html><title>Fog</title>")
    True
    >>> looks_like_page("<b> is the tag for bold text; see <html>.")
    False
    """
    return _PAGE_BEGINS.search(text[:_SNIFFED]) is not None


def visible_blocks(tree: html.HtmlElement, settings: SplitSettings) -> RawPage:
    """The visible blocks of a parsed page in reading order.

    Raises:
        UnsplittableDocument: ``page-too-deep``.
    """
    renderer = _Renderer(hidden_elements(tree))
    depth = 0
    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        if event == "start":
            depth += 1
            if depth > settings.max_depth:
                raise UnsplittableDocument(
                    "page-too-deep",
                    f"elements nest more than {settings.max_depth} deep;"
                    " raise max_depth of the split settings to read the page",
                )
            if not renderer.open(element):
                walk.skip_subtree()
        else:
            depth -= 1
            renderer.close(element)
    renderer.end_block()
    return RawPage(renderer.blocks, renderer.left_out)


class _Row(NamedTuple):
    """An open table row: how many blocks stood before it and before each of its cells."""

    first: int
    cells: list[int]


class _Renderer:
    """The state of one walk: what is open, and the inline run that is being read."""

    def __init__(self, hidden: frozenset[html.HtmlElement]) -> None:
        self.blocks: list[RawBlock] = []
        self.left_out: dict[str, int] = {}
        self._hidden = hidden
        self._skipped: html.HtmlElement | None = None
        self._run: list[str] = []
        self._linked: list[str] = []
        self._links = 0
        self._link_just_closed = False
        self._kinds: list[Kind] = ["paragraph"]
        self._containers: list[html.HtmlElement] = []
        self._paths: list[str] = []
        """Paths of the outermost containers; the others' are made when they are needed."""
        self._rows: list[_Row] = []

    def open(self, element: html.HtmlElement) -> bool:
        """Enter an element; whether its content is visible."""
        tag = element.tag
        name = _HIDDEN if element in self._hidden else _LEFT_OUT.get(tag)
        if name is not None:
            self.left_out[name] = self.left_out.get(name, 0) + 1
            self._skipped = element
            return False
        if tag in _BLOCK_TAGS:
            self._open_block(element, tag)
        elif tag == "br":
            # A reader sees a new line; but a heading is one title however it is broken.
            if self._kinds[-1] == "heading":
                self._run.append(" ")
            else:
                self.end_block()
        elif tag == "a" and "href" in element.attrib:
            # Style sheets set touching links apart (menus, tags): two words, not one.
            if self._link_just_closed:
                self._run.append(" ")
            self._links += 1
        self._read(element.text)
        return True

    def close(self, element: html.HtmlElement) -> None:
        """Leave an element, and read the text behind it."""
        tag = element.tag
        self._link_just_closed = False
        if element is self._skipped:
            self._skipped = None
        elif tag in _BLOCK_TAGS:
            self._close_block(tag)
        elif tag == "a" and "href" in element.attrib:
            self._links -= 1
            self._link_just_closed = True
        self._read(element.tail)

    def end_block(self) -> None:
        """End the inline run; it is a block if anything stands in it."""
        if not self._run:
            return
        text = "".join(self._run)
        characters = _inked(text)
        if characters:
            linked = _inked("".join(self._linked)) if self._linked else 0
            self.blocks.append(RawBlock(text, self._kinds[-1], self._path(), linked, characters))
        self._run.clear()
        self._linked.clear()

    def _read(self, text: str | None) -> None:
        if text:
            self._link_just_closed = False
            self._run.append(text)
            if self._links:
                self._linked.append(text)

    def _open_block(self, element: html.HtmlElement, tag: str) -> None:
        self.end_block()
        if tag in ("td", "th") and self._rows:
            self._rows[-1].cells.append(len(self.blocks))
        elif tag == "tr":
            self._rows.append(_Row(len(self.blocks), []))
        self._kinds.append(_KIND_OF_TAG.get(tag, self._kinds[-1]))
        self._containers.append(element)

    def _close_block(self, tag: str) -> None:
        self.end_block()
        if tag == "tr":
            self._close_row(self._rows.pop())
        self._kinds.pop()
        self._containers.pop()
        del self._paths[len(self._containers) :]

    def _close_row(self, row: _Row) -> None:
        """Make one block of a row whose cells hold at most one plain inline run each.

        Any other row lays out the page: its blocks stand for themselves.
        """
        members = self.blocks[row.first :]
        edges = [row.first, *row.cells, len(self.blocks)]
        single = all(after - before <= 1 for before, after in pairwise(edges))
        if len(members) < 2 or not single or any(b.kind != "paragraph" for b in members):
            return
        self.blocks[row.first :] = [
            RawBlock(
                text=_CELL_SEPARATOR.join(block.text for block in members),
                kind="table",
                path=self._path(),
                linked=sum(block.linked for block in members),
                characters=sum(block.characters for block in members),
            )
        ]

    def _path(self) -> str:
        """The tag path of the innermost open block element."""
        for element in self._containers[len(self._paths) :]:
            self._paths.append(_longer_path(self._paths[-1] if self._paths else "", element))
        return self._paths[-1] if self._paths else ""


def _inked(text: str) -> int:
    """How many characters of a text are no white space."""
    return len("".join(text.split()))


def _longer_path(path: str, element: html.HtmlElement) -> str:
    """A tag path with one more step, cut from the left: the nearest steps say most."""
    step = str(element.tag)
    if step in ("html", "body"):
        return ""
    name = element.get("id", "")
    if name:
        step += f"#{name[:_MAX_NAME]}"
    names = element.get("class", "").split(None, 1)
    if names:
        step += f".{names[0][:_MAX_NAME]}"
    longer = f"{path}{_STEP_SEPARATOR}{step}" if path else step
    if len(longer) <= _MAX_PATH:
        return longer
    tail = longer[len(_CUT) - _MAX_PATH :]
    return _CUT + tail[tail.find(_STEP_SEPARATOR) :]
