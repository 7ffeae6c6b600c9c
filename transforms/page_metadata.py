"""What a page says of itself: title, author, site, date, language, address.

Read from metadata alone (JSON-LD, ``<meta>``, ``<link>``, ``<title>``,
microdata), never guessed from running text.  Not through trafilatura and
htmldate: htmldate fills the missing day of ``2019-05`` with today's, so a clock
would choose which copy survives, and one broken 550 kB JSON-LD block held
trafilatura's metadata patterns for 273 seconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from itertools import islice
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import re2
from lxml import etree, html

from transforms.page_dates import published_day
from transforms.page_linked_data import LinkedData, read_linked_data
from transforms.settings import SplitSettings

# In this order of trust.  Names are compared by their letters and digits in lower case, since
# sites write article:published_time, article.published.time and so on.
_TITLES: Final = (
    "ogtitle", "citationtitle", "dctitle", "dctermstitle", "headline", "twittertitle",
)  # fmt: skip
_AUTHORS: Final = (
    "author", "citationauthor", "dccreator", "dctermscreator", "parselyauthor",
    "sailthruauthor", "articleauthor", "byl",
)  # fmt: skip
_SITES: Final = ("ogsitename", "citationjournaltitle", "dcpublisher", "applicationname")
_DATES: Final = (
    "articlepublishedtime", "datepublished", "citationpublicationdate", "citationdate",
    "dcdateissued", "dctermsissued", "dcdate", "dctermsdate", "dctermscreated",
    "parselypubdate", "sailthrudate", "publishdate", "publicationdate", "publisheddate",
    "publishedtime", "pubdate", "datepub", "articlepublished", "ogpublishedtime",
    "date",
)  # fmt: skip
_ADDRESS: Final = "ogurl"

# One character class: cannot backtrack.  A page has dozens of fields, and a call of re2 takes
# five times as long.
_NO_LETTER: Final = re.compile(r"[^a-z0-9]+")
_LANGUAGE: Final = re2.compile(r"^\s*([A-Za-z]{2,3})(?:[-_][A-Za-z0-9_-]*)?\s*$")
_NO_ADDRESS: Final = re2.compile(r"[\s\p{Z}\p{C}<>\"\\^`{|}]")
"""What stands in no URL (RFC 3986, appendix A, with the letters of other scripts allowed)."""
_PROFILE: Final = re2.compile(r"^@|://|^www\.")
"""Profile addresses and handles stand in the fields of names too."""

_MICRODATA_AUTHORS: Final = etree.XPath("//*[@itemprop='author']")
_AUTHOR_LINKS: Final = etree.XPath("//a[@rel='author']")

# What sites put between a title and their name.  Hyphens also join words, and a colon parts a
# title from its own beginning.
_SEPARATOR: Final = r"(?:\s[-–—•·»*]\s|\s?[|｜]\s?)"
_BEFORE_NAME: Final = re2.compile(rf"{_SEPARATOR}$")
_BEHIND_TITLE: Final = re2.compile(rf"^{_SEPARATOR}")
_EDGES: Final = "|-–—•·»*｜ "

_MAX_FIELD: Final = 1_000
"""A longer value is no title, name or address: text that went into the wrong field."""
_MAX_BYLINES: Final = 100
_MAX_PIECES: Final = 20
"""An article has a few bylines of a few elements each; bylines within bylines must not cost the
square of their number."""
_MAX_BYLINE: Final = 16 * _MAX_FIELD
"""The same with its white space: indented markup has more of it than text."""


class PageMetadata(NamedTuple):
    """What a page says of itself; ``None`` where it says nothing."""

    title: str | None = None
    """Without the site's name, where the page's own heading shows what the title is."""
    author: str | None = None
    """Names joined by ``; ``."""
    site: str | None = None
    published: str | None = None
    """ISO date, ``2019-05-31``."""
    language: str | None = None
    """Primary subtag, ``en``."""
    url: str | None = None
    """Its canonical address: absolute, http or https."""


def page_metadata(
    tree: html.HtmlElement, headings: Sequence[str], settings: SplitSettings
) -> PageMetadata:
    """The metadata of a parsed page.

    Args:
        tree: the page.
        headings: the visible text of its ``<h1>`` elements.
        settings: the dates that are plausible.
    """
    meta = _meta_fields(tree)
    data = read_linked_data(tree)
    url = _address(tree, meta, data)
    site = _site(meta, data)
    title = _first_text(
        _values(meta, _TITLES),
        data.values("headline"),
        headings if len(headings) == 1 else (),
        (title.text for title in tree.iterfind(".//head/title")),
    )
    return PageMetadata(
        title=_bare_title(title, headings, site) if title else None,
        author=_names(data.names("author")) or _names(_values(meta, _AUTHORS)) or _byline(tree),
        site=site or (host_of(url) if url else None),
        published=published_day(
            tree, (*data.values("datePublished"), *_values(meta, _DATES)), url, settings
        ),
        language=_language(tree),
        url=url,
    )


def _meta_fields(tree: html.HtmlElement) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = element.get("content", "")
        if content and len(content) <= _MAX_FIELD:
            for attribute in ("property", "name", "itemprop"):
                name = element.get(attribute)
                if name:
                    fields.setdefault(_NO_LETTER.sub("", name.lower()), []).append(content)
    return fields


def _values(fields: dict[str, list[str]], names: Iterable[str]) -> Iterator[str]:
    return (value for name in names for value in fields.get(name, ()))


def _first_text(*sources: Iterable[object]) -> str | None:
    """The first value that is a text with something in it, white space collapsed."""
    return next((text for source in sources for text in map(_text, source) if text), None)


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > _MAX_FIELD:
        return ""
    # Twice escaped as often as not: the parser has undone one layer.
    return " ".join(unescape(value).split())


def _bare_title(title: str, headings: Sequence[str], site: str | None) -> str:
    """A title without the name of the site or section that stands before or behind it.

    >>> _bare_title("Wall done at last | Local", ["Wall done at last"], None)
    'Wall done at last'
    >>> _bare_title("Blog - Wall done at last", ["Blog"], None)
    'Blog - Wall done at last'
    """
    if site and title.endswith(site):
        shorter = title.removesuffix(site)
        if _BEFORE_NAME.search(shorter):
            title = shorter.rstrip(_EDGES) or title
    for heading in map(_text, headings):
        if len(title) / 2 <= len(heading) < len(title):
            before, found, behind = title.partition(heading)
            if (
                found
                and (not before or _BEFORE_NAME.search(before))
                and (not behind or _BEHIND_TITLE.search(behind))
            ):
                return heading
    return title


def _names(values: Iterable[object]) -> str | None:
    names = (_text(value) for value in values)
    people = dict.fromkeys(name for name in names if name and not _PROFILE.search(name))
    return "; ".join(people) or None


def _byline(tree: html.HtmlElement) -> str | None:
    """The name that all marked-up bylines agree on: then no other story's is among them."""
    for find in (_MICRODATA_AUTHORS, _AUTHOR_LINKS):
        names = {_names([_byline_text(element)]) for element in find(tree)[:_MAX_BYLINES]}
        name = names.pop() if len(names) == 1 else None
        if name:
            return name
    return None


def _byline_text(element: html.HtmlElement) -> str:
    named = next(
        (e for e in islice(element.iter(), _MAX_PIECES) if e.get("itemprop") == "name"), element
    )
    text = named.get("content") or "".join(islice(named.itertext(), _MAX_PIECES))
    if len(text) > _MAX_BYLINE:  # a hundred may hold the whole page
        return ""
    return " ".join(text.split()).removeprefix("By ")


def _site(meta: dict[str, list[str]], data: LinkedData) -> str | None:
    name = _first_text(
        _values(meta, _SITES), data.names("publisher"), data.names_of_type("WebSite")
    )
    return (host_of(name) or name.strip(_EDGES) or None) if name else None


def _address(tree: html.HtmlElement, meta: dict[str, list[str]], data: LinkedData) -> str | None:
    canonical = (
        link.get("href", "")
        for link in tree.iter("link")
        if link.get("rel", "").strip().lower() == "canonical"
    )
    for value in (*canonical, *meta.get(_ADDRESS, ()), *data.addresses()):
        if url := address_of(value):
            return url
    return None


def address_of(value: str) -> str | None:
    """An absolute http or https address, or ``None`` where the value is none."""
    url = value.strip()
    return url if len(url) <= _MAX_FIELD and not _NO_ADDRESS.search(url) and host_of(url) else None


def host_of(url: str) -> str | None:
    """The host of an absolute http or https address that names no user."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if not host or parts.scheme not in ("http", "https") or "@" in parts.netloc:
        return None
    return host.removeprefix("www.")


def _language(tree: html.HtmlElement) -> str | None:
    match = _LANGUAGE.search(tree.get("lang") or tree.get("xml:lang") or "")
    return str(match[1]).lower() if match else None
