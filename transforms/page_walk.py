"""Walk a page's tree as browsers lay it out by default, and read its visible blocks.

The tree is walked with a loop, never by recursion: pages nest as deep as they
like.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final, NamedTuple

from lxml import etree, html

from transforms.document import Kind
from transforms.limits import UnsplittableDocument
from transforms.page_paths import longer_path
from transforms.page_tree import is_hidden
from transforms.settings import SplitSettings
from transforms.unicode14 import is_lower, is_upper

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

_DISTANCE: Final = {"a": 1, "button": 2, "label": 2, "time": 2}
"""How far style sheets set an inline element apart from one that it touches: two links in a menu
or a list of tags are two words, and a button or a date is one whatever stands beside it."""
_APART: Final = 2
_ENDS_WORD: Final = frozenset(".,:;!?…)]”")

_CELL_SEPARATOR: Final = " | "
_WHITE_SPACE: Final = " \t\n\r\v\f"
"""What is collapsed without being counted."""


class RawBlock(NamedTuple):
    """One visible block before its characters are normalised."""

    text: str
    """Its text, white space inside it as in the source."""
    kind: Kind
    path: str
    linked: int
    """How many of its characters, white space aside, stand inside links."""
    characters: int
    """How many characters it has, white space aside."""


def walk_page(tree: html.HtmlElement, settings: SplitSettings) -> PageWalk:
    """Walk a tree from its root to its end.

    Raises:
        UnsplittableDocument: ``page-too-deep``.
    """
    walked = PageWalk(tree)
    depth = steps = deepest = 0
    most = settings.max_depth
    measured = settings.extraction != "none"  # nothing else asks what is in what is left out
    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        if event == "start":
            depth += 1
            if depth > most:
                raise UnsplittableDocument(
                    "page-too-deep",
                    f"elements nest more than {most} deep: leave the page out, or raise"
                    " split.max_depth",
                )
            steps += depth
            if depth > deepest:
                deepest = depth
            if not walked.open(element):
                if measured:
                    walked.measure(element, depth)
                walk.skip_subtree()
        else:
            depth -= 1
            walked.close(element)
    walked.end_block()
    walked.steps += steps
    walked.deepest = max(walked.deepest, deepest)
    return walked


class _Row(NamedTuple):
    """An open table row: how many blocks stood before it and before each of its cells."""

    first: int
    cells: list[int]


class PageWalk:
    """One walk: what was found, what is open, and the inline run that is being read."""

    def __init__(self, root: html.HtmlElement) -> None:
        self.blocks: list[RawBlock] = []
        self.left_out: dict[str, int] = {}
        """How many elements show nothing, by name."""
        self.steps = 0
        """The depths of all elements, added up."""
        self.deepest = 0
        self.unseen = 0
        """How many elements with text are left out; like the depths of what is inside them, counted
        only where an extractor may be asked."""
        self.hidden: list[html.HtmlElement] = []
        """The outermost elements that the page hides."""
        self._root = root
        self._skipped: html.HtmlElement | None = None
        self._run: list[str] = []
        self._links = 0
        """How many links are open."""
        self._linked = 0
        # Since the last text: was an inline element closed, and was one opened behind it, so that
        # the two touch?  How far are they apart?
        self._closed = False
        self._touching = False
        self._distance = 0
        self._kinds: list[Kind] = ["paragraph"]
        self._containers: list[html.HtmlElement] = []
        self._paths: list[str] = []
        """Paths of the outermost containers; the others' are made when they are needed."""
        self._rows: list[_Row] = []

    def open(self, element: html.HtmlElement) -> bool:
        """Enter an element; whether its content is visible."""
        tag = element.tag
        # Most elements have neither: two look-ups cost half of what an XPath for all of them does.
        marked = element.get("style") is not None or element.get("hidden") is not None
        hidden = marked and element is not self._root and is_hidden(element)
        if hidden or tag in _LEFT_OUT:
            name = _HIDDEN if hidden else _LEFT_OUT[tag]
            if hidden:
                self.hidden.append(element)
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
        else:
            if tag in _DISTANCE:
                self._pass(element, tag, 1)
            self._touching = self._closed
        text = element.text
        if text:
            self._read(text)
        return True

    def close(self, element: html.HtmlElement) -> None:
        """Leave an element, and read the text behind it."""
        tag = element.tag
        if element is self._skipped:
            self._skipped = None
        elif tag in _BLOCK_TAGS:
            self._close_block(tag)
        else:
            self._closed = True
            if tag in _DISTANCE:
                self._pass(element, tag, -1)
        tail = element.tail
        if tail:
            self._read(tail)

    def measure(self, element: html.HtmlElement, depth: int) -> None:
        """Count what is inside an element that shows nothing, for an extractor's cost."""
        self.unseen += bool(element.text)
        if not len(element):
            return
        for event, inner in etree.iterwalk(element, events=("start", "end")):
            if event == "end":
                depth -= 1
                continue
            if inner is not element:
                self.steps += depth
                self.deepest = max(self.deepest, depth)
                self.unseen += bool(inner.text or inner.tail)
            depth += 1

    def end_block(self) -> None:
        """End the inline run; it is a block if anything stands in it."""
        if not self._run:
            return
        text = "".join(self._run)
        characters = _inked(text)
        if characters:
            self.blocks.append(
                RawBlock(text, self._kinds[-1], self._path(), self._linked, characters)
            )
        self._run.clear()
        self._linked = 0

    def _pass(self, element: html.HtmlElement, tag: str, step: int) -> None:
        """Go in (1) or out (-1) of an element that may be set apart."""
        if tag == "a":
            if "href" not in element.attrib:
                return
            self._links += step
        if self._closed:
            self._distance += _DISTANCE[tag]

    def _read(self, text: str) -> None:
        if self._touching:
            self._part(text)
            self._touching = False
        self._closed = False
        self._distance = 0
        if not self._run and not text.strip(_WHITE_SPACE):
            return  # most texts are the line end and the indentation before a tag
        self._run.append(text)
        if self._links:
            self._linked += _inked(text)

    def _part(self, text: str) -> None:
        """Part the run from the text of an element that touches it, if a reader sees two words."""
        if self._run and self._kinds[-1] != "code":
            before, after = self._run[-1][-1], text[0]
            apart = self._distance >= _APART and after not in _ENDS_WORD
            if apart or _is_seam(before, after):
                self._run.append(" ")

    def _open_block(self, element: html.HtmlElement, tag: str) -> None:
        if self._run:
            self.end_block()
        if tag == "tr":
            self._rows.append(_Row(len(self.blocks), []))
        elif self._rows and tag in ("td", "th"):
            self._rows[-1].cells.append(len(self.blocks))
        self._kinds.append(_KIND_OF_TAG.get(tag, self._kinds[-1]))
        self._containers.append(element)

    def _close_block(self, tag: str) -> None:
        if self._run:
            self.end_block()
        if tag == "tr":
            self._close_row(self._rows.pop())
        self._kinds.pop()
        self._containers.pop()
        if len(self._paths) > len(self._containers):
            self._paths.pop()

    def _close_row(self, row: _Row) -> None:
        """Make one block of a row whose cells hold at most one plain inline run each.

        An empty cell keeps its place before a full one, so that columns can be
        told.  Any other row lays out the page: its blocks stand for themselves.
        """
        members = self.blocks[row.first :]
        edges = [*row.cells, len(self.blocks)]
        single = edges[0] == row.first and all(b - a <= 1 for a, b in pairwise(edges))
        if len(members) < 2 or not single or any(b.kind != "paragraph" for b in members):
            return
        texts = [self.blocks[a].text if a < b else "" for a, b in pairwise(edges)]
        while not texts[-1]:
            texts.pop()
        self.blocks[row.first :] = [
            RawBlock(
                text=_CELL_SEPARATOR.join(texts),
                kind="table",
                path=self._path(),
                linked=sum(block.linked for block in members),
                characters=sum(block.characters for block in members),
            )
        ]

    def _path(self) -> str:
        """The tag path of the innermost open block element."""
        for element in self._containers[len(self._paths) :]:
            self._paths.append(longer_path(self._paths[-1] if self._paths else "", element))
        return self._paths[-1] if self._paths else ""


def _is_seam(before: str, after: str) -> bool:
    """Whether two texts of touching elements are two words by their look: ``fog`` ``Lisbon``.

    A headline may have an element for each word or letter, so not all are.
    """
    if is_upper(after):
        return is_lower(before) or before.isdigit() or before in _ENDS_WORD
    return after.isdigit() and is_lower(before)


def _inked(text: str) -> int:
    """How many characters of a text are no white space."""
    return len("".join(text.split()))
