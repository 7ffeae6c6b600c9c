"""Families of reasons: the colours of a report, which are too few for every reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_REASONS: Final[Mapping[str, tuple[str, ...]]] = {
    "furniture": (
        "timestamp",
        "navigation",
        "counter",
        "share-widget",
        "section-label",
        "tag-list",
        "source-label",
    ),
    "credits": (
        "byline",
        "credit",
        "caption",
        "copyright",
        "image-placeholder",
        "author-bio",
    ),
    "links": ("related-heading", "related-link"),
    "promotion": ("advertisement", "subscription", "cookie-notice", "comment"),
    "page": ("template", "no-article", "other"),
}
_FAMILY: Final = {reason: family for family, some in _REASONS.items() for reason in some}

NAMES: Final[Mapping[str, str]] = {
    "furniture": "page furniture",
    "credits": "credits and captions",
    "links": "related links",
    "promotion": "promotion and comments",
    "page": "templates and other",
    "duplicate": "exact copies",
    "near-duplicate": "near-duplicates",
    "restatement": "restatements",
    "document": "with their whole document",
}
"""Every family with what the legend calls it, in the order of the flow."""


def family_of(verdict: str, reason: str) -> str:
    """The family of a removal.

    >>> family_of("boilerplate", "credit"), family_of("duplicate", "document")
    ('credits', 'document')
    """
    if verdict == "boilerplate":
        return _FAMILY.get(reason, "page")
    return "document" if reason == "document" else verdict


def label_of(verdict: str, reason: str) -> str:
    """What a removal is called beside its text.

    >>> label_of("boilerplate", "credit"), label_of("near-duplicate", "copy")
    ('credit', 'near-duplicate')
    """
    if verdict == "boilerplate":
        return reason
    return "with its document" if reason == "document" else verdict
