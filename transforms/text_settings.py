"""The settings of what happens to one document by itself: decode, split, judge.

The others are in :mod:`transforms.settings`, which has the names of these too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct

JudgeMode = Literal["strict", "balanced", "lenient", "off"]
Extraction = Literal["trafilatura", "none"]


class DecodeSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Bytes to normalised text."""

    max_record_bytes: Annotated[
        int, Meta(ge=1, description="A larger record becomes a dead letter (bytes).")
    ] = 64 * 1024 * 1024
    detection_bytes: Annotated[
        int,
        Meta(
            ge=64,
            description="How much foreign text charset detection looks at, where neither a"
            " declaration nor UTF-8 explains a record (bytes).",
        ),
    ] = 65_536
    max_replaced: Annotated[
        float,
        Meta(
            ge=0,
            le=1,
            description="A record in which more than this share of the characters"
            " could not be decoded is no text.",
        ),
    ] = 0.10
    max_controls: Annotated[
        float,
        Meta(
            ge=0,
            le=1,
            description="A record in which more than this share of the characters"
            " are control characters is no text.",
        ),
    ] = 0.05
    max_combining: Annotated[
        int,
        Meta(
            ge=1,
            le=1_000,
            description="Combining marks in a row that are kept; more are cut and counted.",
        ),
    ] = 30
    max_replaced_offsets: Annotated[
        int, Meta(ge=0, description="How many undecodable bytes are located one by one.")
    ] = 16


class SplitSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Normalised text to paragraphs."""

    max_paragraphs: Annotated[
        int, Meta(ge=1, description="A document with more paragraphs becomes a dead letter.")
    ] = 200_000
    max_depth: Annotated[
        int,
        Meta(
            ge=8,
            le=2_000,
            description="Deepest nesting of a page; a deeper one becomes a dead letter"
            " (the parser itself drops what nests deeper than 2,048).",
        ),
    ] = 1_000
    max_nodes: Annotated[
        int, Meta(ge=100, description="A page with more nodes becomes a dead letter.")
    ] = 1_000_000
    max_attributes: Annotated[
        int,
        Meta(
            ge=10,
            le=10_000,
            description="A page with an element of more attributes becomes a dead letter (the"
            " parser's time grows with the square; of 773 pages the most is 24).",
        ),
    ] = 1_000
    max_paragraph_characters: Annotated[
        int,
        Meta(
            ge=100,
            description="A document with a longer paragraph becomes a dead letter (in plain text"
            " that is a line).",
        ),
    ] = 32 * 1024 * 1024
    max_word_characters: Annotated[
        int,
        Meta(
            ge=100,
            description="A document with a longer word, so many characters without white space,"
            " becomes a dead letter: it is data.",
        ),
    ] = 4 * 1024 * 1024
    extraction: Annotated[
        Extraction,
        Meta(
            description="Who else votes on a page's paragraphs: trafilatura, or none, the fast mode"
            " (a third of the cost; pages are judged by text and markup alone)."
        ),
    ] = "trafilatura"
    max_extraction_nodes: Annotated[
        int,
        Meta(
            ge=0,
            description="A page with more nodes is judged without trafilatura's vote (its time can"
            " grow with the square; ordinary pages stay below 5,000).",
        ),
    ] = 30_000
    earliest_date: Annotated[
        str,
        Meta(
            pattern=r"^\d{4}-\d{2}-\d{2}$",
            description="A page's own date before this day is taken for a slip.",
        ),
    ] = "1900-01-01"
    latest_date: Annotated[
        str,
        Meta(
            pattern=r"^\d{4}-\d{2}-\d{2}$",
            description="A page's own date after this day is taken for a slip (today would put a"
            " clock into the verdicts).",
        ),
    ] = "2100-01-01"


class JudgeSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which paragraphs are boilerplate; points are tenths of a unit of log-odds."""

    action: Annotated[
        Literal["drop", "off"],
        Meta(
            description="drop, or off (no judge: every paragraph stays, of the kind that its"
            " markup or its first sign says)."
        ),
    ] = "drop"
    lean: Annotated[
        int,
        Meta(ge=-100, le=100, description="Points added to every line; more keep more text."),
    ] = 7
    change_cost: Annotated[
        int,
        Meta(
            ge=0,
            le=1000,
            description="Points that each change between kept and dropped lines costs;"
            " more make longer runs.",
        ),
    ] = 10
    related_run: Annotated[
        int,
        Meta(
            ge=2,
            description="Fewest headlines in a row after the article that are related links"
            " without a heading.",
        ),
    ] = 3
    require_article: Annotated[
        bool,
        Meta(
            description="Drop all of a page that holds no article (an index, a consent wall, an"
            " error) with the reason no-article."
        ),
    ] = True
    article_points: Annotated[
        int,
        Meta(
            ge=-100,
            le=100,
            description="Points that the best running text of a document has at least: where an"
            " article is two sentences among a dozen labels, all around speaks against it. Of 773"
            " pages none is worse for it; -100 lets a document go whole.",
        ),
    ] = 15


JUDGE_MODES: Mapping[JudgeMode, Mapping[str, int | str]] = {
    "strict": {"action": "drop", "lean": -5, "article_points": 0, "related_run": 2},
    "balanced": {"action": "drop", "lean": 7, "article_points": 15, "related_run": 3},
    "lenient": {"action": "drop", "lean": 20, "article_points": 25, "related_run": 4},
    "off": {"action": "off"},
}
"""The settings of the judge that ``--judge`` moves together: to fewer wrong lines, the best of
both, fewer lost ones, or no judge."""
