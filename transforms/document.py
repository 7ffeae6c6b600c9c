"""The nouns of copydesk: record, document, paragraph, judgement, dead letter.

Every noun is a frozen :class:`msgspec.Struct`: typed, hashable where its
fields are, and written to disk by the same library that checks it when it is
read back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import msgspec

Kind = Literal["title", "heading", "paragraph", "list-item", "quote", "caption", "table", "code"]
"""What a paragraph is in its document."""

Verdict = Literal["keep", "boilerplate", "duplicate", "near-duplicate", "restatement"]
"""What became of a paragraph; ``duplicate`` is an exact copy after folding."""

Reason = Literal[
    "timestamp",
    "navigation",
    "counter",
    "share-widget",
    "byline",
    "credit",
    "caption",
    "section-label",
    "tag-list",
    "related-heading",
    "related-link",
    "copyright",
    "source-label",
    "image-placeholder",
    "advertisement",
    "subscription",
    "cookie-notice",
    "author-bio",
    "comment",
    "template",
    "no-article",
    "other",
]
"""Why a paragraph is boilerplate."""

MediaType = Literal["text/plain", "text/html"]
"""What a record may be said to be."""

Scalar = str | int | float | bool | None
Evidence = dict[str, Scalar | Sequence[Scalar]]
"""What a verdict rests on: names and plain values, in the order they were found."""


TEXT: Final = "wtf-8"
"""The charset of a record that its container held as text: UTF-8, in which half a surrogate pair
may stand alone, as JSON lets it.  It is a fact; any other charset is a claim."""


MOST_ID: Final = 1_000
"""Characters of an id: it is written with every paragraph that goes."""


class Record(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One input as it came."""

    id: str
    """Stable id, unique in the run; see :func:`pipeline.sources.document_id`."""
    source: str
    """Path of the input relative to the folder that was given, ``/`` between parts."""
    data: bytes
    """The bytes as they were read."""
    record: str | None = None
    """Name or position inside a container, ``None`` for a plain file."""
    media_type: MediaType | None = None
    """What the container or the name says; ``None`` leaves it to the content."""
    charset: str | None = None
    """The charset that the container declared (an HTTP header, say); :data:`TEXT` for one that
    holds text."""
    url: str | None = None
    published: str | None = None
    fetched: str | None = None
    """When a crawler brought it home, as its archive says: no date of publication."""
    headers: tuple[str, ...] = ()
    """``Name: value``, as the server sent them."""


class DeadLetter(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A record that could not be read, with the error that a user needs."""

    source: str
    record: str | None
    offset: int | None
    """Byte offset of the trouble, where it has one: in the file for what is wrong with a line of a
    container, else in the record's own bytes."""
    error: str
    """A stable code in kebab-case: ``empty-record``, ``binary-record`` ..."""
    message: str
    """One sentence, of up to 2,000 characters: what was wrong and what to do next."""
    sample: str
    """The bytes at the trouble, escaped to printable ASCII; at most 64 bytes of input."""


class Decoded(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The text of a record before it is split, and how it came about."""

    text: str
    encoding: str
    """The codec that read the bytes, in Python's spelling: ``utf-8``, ``windows-1252`` ..."""
    changes: dict[str, int]
    """What was changed: name to how often; see :mod:`transforms.normalise` and ``encoding``."""
    replaced_at: tuple[int, ...] = ()
    """Byte offsets of the first undecodable bytes (their number is in ``changes``)."""


class Markup(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a page says of a paragraph; plain text has none."""

    path: str
    """Tag path from the body, ``div.article > p``, at most 200 characters."""
    link_density: float
    """Share of the paragraph's characters that stand inside links, 0 to 1."""
    extracted: bool | None
    """Whether trafilatura's extraction kept the paragraph; ``None`` where it did not vote on the
    page: it was told not to, the page is too large for it, or it failed."""


class Paragraph(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One block of a document."""

    index: int
    """Position in the document's reading order, from 0."""
    start: int
    end: int
    """Half-open span in code points of the normalised text."""
    kind: Kind
    markup: Markup | None = None


class Judgement(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What the judge says of one paragraph, looking at its document alone."""

    verdict: Literal["keep", "boilerplate"]
    kind: Kind
    """The kind as the judge sees it; the splitter cannot tell a title from a line."""
    reason: Reason | None
    """Set exactly when the verdict is ``boilerplate``."""
    score: float
    """How sure the judge is that it belongs to the article, 0 to 1, three decimals."""
    evidence: Evidence


class Document(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A decoded, normalised text with its paragraphs."""

    id: str
    source: str
    record: str | None
    text: str
    """The normalised text."""
    encoding: str
    changes: dict[str, int]
    replaced_at: tuple[int, ...]
    paragraphs: tuple[Paragraph, ...]
    judgements: tuple[Judgement, ...] = ()
    """One for each paragraph, empty until the document was judged."""
    url: str | None = None
    title: str | None = None
    author: str | None = None
    site: str | None = None
    published: str | None = None
    language: str | None = None
    fetched: str | None = None
    headers: tuple[str, ...] = ()

    def text_of(self, paragraph: Paragraph) -> str:
        """The paragraph's text, bullet included."""
        return self.text[paragraph.start : paragraph.end]
