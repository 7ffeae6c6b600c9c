"""What a page says of itself: title, author, site, date, language, address.

Read from metadata alone (JSON-LD, ``<meta>``, ``<link>``, ``<title>``), never
guessed from running text.  Not through trafilatura and htmldate: htmldate fills
the missing day of ``2019-05`` with today's, so a clock would choose which copy
survives, and one broken 550 kB JSON-LD block held trafilatura's metadata
patterns for 273 seconds.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator
from datetime import date
from email.utils import parsedate
from html import unescape
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import re2
from lxml import html

from transforms.settings import SplitSettings

# Names are compared in lower case, in this order of trust.
_TITLES: Final = (
    "og:title", "citation_title", "dc.title", "dcterms.title", "headline", "twitter:title",
)  # fmt: skip
_AUTHORS: Final = (
    "author", "citation_author", "dc.creator", "dcterms.creator", "parsely-author",
    "sailthru.author", "article:author", "byl",
)  # fmt: skip
_SITES: Final = ("og:site_name", "citation_journal_title", "dc.publisher", "application-name")
_DATES: Final = (
    "article:published_time", "datepublished", "citation_publication_date", "citation_date",
    "dc.date.issued", "dcterms.issued", "dc.date", "dcterms.date", "dcterms.created",
    "parsely-pub-date", "sailthru.date", "publish-date", "publishdate", "publication_date",
    "published_time", "pubdate", "article.published", "og:published_time", "date",
)  # fmt: skip

_ARTICLE_TYPES: Final = ("Article", "Posting", "Report")
"""schema.org's types of writing end like this: NewsArticle, BlogPosting, Report."""

_ISO_DATE: Final = re2.compile(r"^\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:\D|$)")
_COMPACT_DATE: Final = re2.compile(r"^\s*(\d{4})(\d{2})(\d{2})(?:\D|$)")
_URL_DATE: Final = re2.compile(r"/((?:19|20)\d{2})/(\d{1,2})/(\d{1,2})/")
_LANGUAGE: Final = re2.compile(r"^\s*([A-Za-z]{2,3})(?:[-_][A-Za-z0-9_-]*)?\s*$")

_PUBLISHED: Final = "datePublished"

_EPOCH: Final = date(1970, 1, 1)
"""A date field that nobody filled, as content systems print it."""

_MAX_FIELD: Final = 1_000
"""A longer value is no title, name or address: text that went into the wrong field."""


class PageMetadata(NamedTuple):
    """What a page says of itself; ``None`` where it says nothing."""

    title: str | None = None
    author: str | None = None
    """Names joined by ``; ``."""
    site: str | None = None
    published: str | None = None
    """ISO date, ``2019-05-31``."""
    language: str | None = None
    """Primary subtag, ``en``."""
    url: str | None = None


def page_metadata(tree: html.HtmlElement, settings: SplitSettings) -> PageMetadata:
    """The metadata of a parsed page."""
    meta = _meta_fields(tree)
    nodes = _linked_data(tree)
    url = _address(tree, meta)
    headings = [" ".join(heading.itertext()) for heading in tree.iter("h1")]
    return PageMetadata(
        title=_first_text(
            _values(meta, _TITLES),
            (node.get("headline") for node in nodes),
            headings if len(headings) == 1 else (),
            (title.text for title in tree.iterfind(".//head/title")),
        ),
        author=_names(_linked_names(nodes, "author")) or _names(_values(meta, _AUTHORS)),
        site=_first_text(
            _values(meta, _SITES),
            _linked_names(nodes, "publisher"),
            [_host(url)] if url else (),
        ),
        published=_published(tree, meta, nodes, url, settings),
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
                    fields.setdefault(name.strip().lower(), []).append(content)
    return fields


def _values(fields: dict[str, list[str]], names: Iterable[str]) -> Iterator[str]:
    return (value for name in names for value in fields.get(name, ()))


def _linked_data(tree: html.HtmlElement) -> list[dict[str, Any]]:
    """The nodes of the page's JSON-LD from the outside in, pieces of writing first.

    A block that is no JSON is left alone: repairing it by patterns takes
    quadratic time.
    """
    queue: deque[Any] = deque()
    for script in tree.iter("script"):
        if script.get("type", "").strip().lower() == "application/ld+json" and script.text:
            try:
                queue.append(json.loads(script.text, strict=False))
            except (ValueError, RecursionError):
                continue
    nodes: list[dict[str, Any]] = []
    while queue:
        value = queue.popleft()
        if isinstance(value, dict):
            nodes.append(value)
            queue.extend(value.values())
        elif isinstance(value, list):
            queue.extend(value)
    return sorted(nodes, key=lambda node: not _is_article(node))


def _is_article(node: dict[str, Any]) -> bool:
    kinds = node.get("@type")
    return any(
        isinstance(kind, str) and kind.endswith(_ARTICLE_TYPES)
        for kind in (kinds if isinstance(kinds, list) else [kinds])
    )


def _linked_names(nodes: list[dict[str, Any]], role: str) -> list[str]:
    """The names in the first node that has any in this role."""
    for node in nodes:
        people = node.get(role)
        names = [
            person.get("name") if isinstance(person, dict) else person
            for person in (people if isinstance(people, list) else [people])
        ]
        texts = [name for name in names if isinstance(name, str)]
        if texts:
            return texts
    return []


def _first_text(*sources: Iterable[object]) -> str | None:
    """The first value that is a text with something in it, white space collapsed."""
    return next((text for source in sources for text in map(_text, source) if text), None)


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > _MAX_FIELD:
        return ""
    # Twice escaped as often as not: the parser has undone one layer.
    return " ".join(unescape(value).split())


def _names(values: Iterable[str]) -> str | None:
    names = (_text(value) for value in values)
    # Profile addresses and handles stand in these fields too.
    people = dict.fromkeys(n for n in names if n and "://" not in n and not n.startswith("@"))
    return "; ".join(people) or None


def _address(tree: html.HtmlElement, meta: dict[str, list[str]]) -> str | None:
    canonical = (
        link.get("href", "")
        for link in tree.iter("link")
        if link.get("rel", "").strip().lower() == "canonical"
    )
    for url in (*canonical, *meta.get("og:url", ())):
        if len(url) <= _MAX_FIELD and _host(url):
            return str(url).strip()
    return None


def _host(url: str) -> str | None:
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host and parts.scheme in ("http", "https") else None


def _published(
    tree: html.HtmlElement,
    meta: dict[str, list[str]],
    nodes: list[dict[str, Any]],
    url: str | None,
    settings: SplitSettings,
) -> str | None:
    """The day of publication by the first field that names a plausible one."""
    times = [element for element in tree.iter("time") if element.get("datetime")]
    marked = (
        element.get("datetime")
        for element in times
        if "pubdate" in element.attrib
        or _PUBLISHED in (element.get("itemprop"), element.get("property"))
    )
    fields = (*(node.get(_PUBLISHED) for node in nodes), *_values(meta, _DATES), *marked)
    # A page whose <time> elements all name one day has no other stories' dates on it.
    days = {_day(element.get("datetime", "")) for element in times}
    match = _URL_DATE.search(url or "")
    candidates = (
        *(_day(field) for field in fields if isinstance(field, str)),
        _date(*match.groups()) if match else None,
        days.pop() if len(days) == 1 else None,
    )
    return next((day.isoformat() for day in candidates if day and _plausible(day, settings)), None)


def _plausible(day: date, settings: SplitSettings) -> bool:
    return settings.earliest_date <= day.isoformat() <= settings.latest_date and day != _EPOCH


def _day(value: str) -> date | None:
    """The day that a date field names in full; half a date is none."""
    if len(value) > _MAX_FIELD:
        return None
    match = _ISO_DATE.search(value) or _COMPACT_DATE.search(value)
    if match:
        return _date(*match.groups())
    try:
        mail = parsedate(value)  # Tue, 14 May 2019 10:30:00 GMT
    except (IndexError, ValueError):
        return None
    return _date(*mail[:3]) if mail else None


def _date(year: str | int, month: str | int, day: str | int) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except (ValueError, OverflowError):
        return None


def _language(tree: html.HtmlElement) -> str | None:
    match = _LANGUAGE.search(tree.get("lang") or tree.get("xml:lang") or "")
    return str(match[1]).lower() if match else None
