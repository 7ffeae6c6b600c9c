"""What a page says of itself in JSON-LD, the form in which search engines ask for it."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any, Final

from lxml import html

from transforms.json_depth import is_too_deep

Node = dict[str, Any]
"""One object of the data, of any size and with anything in it."""

_ARTICLE_TYPES: Final = ("Article", "Posting", "Report")
"""schema.org's types of writing end like this: NewsArticle, BlogPosting, Report."""


class LinkedData:
    """The nodes of a page's JSON-LD."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        # From the outside in, pieces of writing first: a page describes its site and links too.
        self._nodes = sorted(nodes, key=lambda node: not _is_of(node, _ARTICLE_TYPES))
        self._by_id = {
            node["@id"]: node
            for node in reversed(self._nodes)
            if isinstance(node.get("@id"), str) and len(node) > 1
        }

    def values(self, field: str) -> Iterator[object]:
        """What the nodes have in a field."""
        return (node[field] for node in self._nodes if field in node)

    def names(self, role: str) -> list[str]:
        """The names in the first node that has any in this role: author, publisher."""
        for value in self.values(role):
            people = value if isinstance(value, list) else [value]
            names = [name for name in map(self._name, people) if isinstance(name, str)]
            if names:
                return names
        return []

    def names_of_type(self, kind: str) -> list[str]:
        """The names of the nodes of a type: WebSite, say."""
        names = (node.get("name") for node in self._nodes if _is_of(node, (kind,)))
        return [name for name in names if isinstance(name, str)]

    def addresses(self) -> list[str]:
        """Where the pieces of writing say that they stand."""
        addresses = []
        for node in self._nodes:
            if _is_of(node, _ARTICLE_TYPES):
                page = node.get("mainEntityOfPage")
                addresses += [page.get("@id") if isinstance(page, dict) else page, node.get("url")]
        return [address for address in addresses if isinstance(address, str)]

    def _name(self, person: object) -> object:
        """The name of a person or an organisation, which may stand in a node of its own."""
        if not isinstance(person, dict):
            return person
        reference = person.get("@id")
        if "name" not in person and isinstance(reference, str):
            person = self._by_id.get(reference, person)
        return person.get("name")


def read_linked_data(tree: html.HtmlElement) -> LinkedData:
    """The JSON-LD of a parsed page.

    A block that is no JSON is left alone: repairing it by patterns takes
    quadratic time.
    """
    queue: deque[Any] = deque()
    for script in tree.iter("script"):
        if script.get("type", "").strip().lower() == "application/ld+json" and script.text:
            try:
                queue.append(_parse(script.text))
            except ValueError:
                continue
    nodes: list[Node] = []
    while queue:
        value = queue.popleft()
        if isinstance(value, dict):
            nodes.append(value)
            queue.extend(value.values())
        elif isinstance(value, list):
            queue.extend(value)
    return LinkedData(nodes)


def _parse(text: str) -> Any:
    if is_too_deep(text.encode("utf-8", "replace")):
        raise ValueError  # a parser would go on, to a depth that depends on who calls it
    # No field is a number, and of long ones Python makes integers or an error, as it is set up.
    data = json.loads(text, strict=False, parse_int=float)
    if "\\ud" in text.lower():  # perhaps half a character: a headline that was cut in an emoji
        whole = json.dumps(data, ensure_ascii=False)
        data = json.loads(whole.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    return data


def _is_of(node: Node, endings: tuple[str, ...]) -> bool:
    kinds = node.get("@type")
    return any(
        isinstance(kind, str) and kind.endswith(endings)
        for kind in (kinds if isinstance(kinds, list) else [kinds])
    )
