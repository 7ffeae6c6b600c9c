"""Write the page: one file that asks for nothing and runs nothing but its own script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Sequence
from importlib.resources import files
from typing import Any, Final, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipeline.guards import percent
from pipeline.outputs import Manifest
from pipeline.report import safe
from pipeline.report.charts import Bars, Flow
from pipeline.report.families import NAMES
from pipeline.report.reading import Place
from pipeline.report.samples import MEANINGS
from pipeline.report.views import Gap, View

MOST_BYTES: Final = 5_000_000
"""No report is larger."""
_VIEW_BYTES: Final = 3_000_000
"""Documents are added while they fit into this, and all of the page into :data:`MOST_BYTES`."""

Anchor = Callable[[str, int | None], str | None]
"""Where the page shows a document or one of its paragraphs; ``None`` where it does not."""


class Content(NamedTuple):
    """What a page says."""

    manifest: Manifest
    settings: str
    figures: Any
    """:class:`pipeline.report.figures.Figures`."""
    flow: Flow
    reasons: Sequence[Any]
    sources: Sequence[Any]
    other_sources: int
    charts: Sequence[Bars]
    thresholds: Sequence[Any]
    groups: Sequence[Any]
    letters: Sequence[Any]
    views: Sequence[View]
    """The first matter most: those that do not fit are left out."""


def render(content: Content) -> bytes:
    """The page in UTF-8; the same content gives the same bytes."""
    environment = _environment()
    chosen = _fitting(environment, content)
    return _page(environment, content, chosen)


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("pipeline.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        count=lambda value: f"{value:,}",
        name=safe.name,
        percent=percent,
        text=safe.text,
    )
    environment.tests["gap"] = lambda item: isinstance(item, Gap)
    environment.globals.update(families=NAMES)
    return environment


def _fitting(environment: Environment, content: Content) -> list[View]:
    """The first views that fit."""
    room = min(_VIEW_BYTES, MOST_BYTES - len(_page(environment, content, [])))
    anchor = _anchors(content.views)
    chosen = []
    for view in content.views:
        room -= len(_document(environment, view, anchor).encode()) + _entry(view)
        if room < 0:
            break
        chosen.append(view)
    return chosen


def _entry(view: View) -> int:
    """Bytes that a document takes elsewhere: in the list, and in what can now link to it."""
    return 4 * len(view.title) + 2_000


def _anchors(views: Iterable[View]) -> Anchor:
    numbers: dict[str, int] = {}
    places: set[Place] = set()
    for number, view in enumerate(views):
        numbers[view.id] = number
        places.update((view.id, item.number) for item in view.items if not isinstance(item, Gap))

    def anchor(document: str, paragraph: int | None) -> str | None:
        number = numbers.get(document)
        if number is None:
            return None
        known = paragraph is not None and (document, paragraph) in places
        return f"d{number}-p{paragraph}" if known else f"d{number}"

    return anchor


def _document(environment: Environment, view: View, anchor: Anchor) -> str:
    template = environment.get_template("document.html.jinja")
    return template.render(view=view, anchor=anchor)


def _page(environment: Environment, content: Content, views: Sequence[View]) -> bytes:
    anchor = _anchors(views)
    style, script = _asset("report.css"), _asset("report.js")
    page = environment.get_template("report.html.jinja").render(
        content=content,
        counts=content.manifest.counts,
        views=views,
        articles=[Markup(_document(environment, view, anchor)) for view in views],  # noqa: S704 - rendered with escapes
        anchor=anchor,
        meanings=MEANINGS,
        policy=_policy(style, script),
        style=Markup(style),  # noqa: S704 - a file of ours
        script=Markup(script),  # noqa: S704 - a file of ours
    )
    return page.encode()


def _asset(name: str) -> str:
    return files("pipeline.report").joinpath("templates", name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """A Content-Security-Policy under which nothing is requested, and only our script runs."""
    return (
        f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)};"
        " img-src data:; base-uri 'none'; form-action 'none'"
    )


def _digest(asset: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(asset.encode()).digest()).decode()}'"
