"""Where a block stands on its page: the tags, ids and classes around it, as one line."""

from __future__ import annotations

from typing import Final

from lxml import html

_STEP_SEPARATOR: Final = " > "
_CUT: Final = "…"
_MAX_PATH: Final = 200
_MAX_NAME: Final = 32
"""Characters of an id or a class in a path: they can be of any length."""


def longer_path(path: str, element: html.HtmlElement) -> str:
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


def last_tag(path: str) -> str:
    """The innermost tag of a block's path.

    >>> last_tag("main#top > h1.title")
    'h1'
    """
    step = path.rpartition(_STEP_SEPARATOR)[2]
    return step.partition(".")[0].partition("#")[0]
