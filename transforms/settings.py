"""Every number that a user may set, in one typed place.

Each group belongs to one step of the flow.  The descriptions are what
``copydesk settings`` prints; the bounds are checked when settings are loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct

from transforms.sites import SitePatterns

Action = Literal["drop", "mark", "report"]
Scope = Literal["document", "site", "corpus"]
Keep = Literal["earliest", "longest", "newest", "source"]
Format = Literal["jsonl", "text"]
JudgeMode = Literal["strict", "balanced", "lenient"]
Extraction = Literal["trafilatura", "none"]
Share = Annotated[float, Meta(ge=0.0, le=1.0)]
Count = Annotated[int, Meta(ge=0)]
Positive = Annotated[int, Meta(ge=1)]


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


class NearDuplicateSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Near-duplicates: shingles proposed by LSH, compared exactly."""

    action: Annotated[
        Action, Meta(description="drop, mark (keep the text, flag the paragraph) or report.")
    ] = "drop"
    shingle: Annotated[int, Meta(ge=1, le=8, description="Words in a shingle.")] = 2
    bands: Annotated[int, Meta(ge=1, le=256, description="Bands of the signature.")] = 25
    rows: Annotated[
        int,
        Meta(ge=1, le=32, description="Rows in a band; 25 x 5 finds every pair from J = .7 on."),
    ] = 5
    short_words: Annotated[
        int, Meta(ge=1, description="Up to this many words the short bar holds.")
    ] = 24
    long_words: Annotated[
        int, Meta(ge=1, description="From this many words on the long bar holds.")
    ] = 100
    short_jaccard: Annotated[
        float,
        Meta(
            ge=0,
            le=1,
            description="Least Jaccard of short paragraphs: one changed word in 20 leaves .76.",
        ),
    ] = 0.74
    long_jaccard: Annotated[
        float, Meta(ge=0, le=1, description="Least Jaccard of long paragraphs.")
    ] = 0.80
    bucket_cap: Annotated[
        int,
        Meta(
            ge=2,
            description="A bucket with more distinct members pairs each with its nearest in order"
            " only, this many; such buckets are counted.",
        ),
    ] = 64


class MinHashSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The permutations that all signatures share."""

    seed: Annotated[
        int, Meta(ge=0, le=2**32 - 1, description="Seed of datasketch's permutations.")
    ] = 1


class DecideSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who survives, and what may go."""

    scope: Annotated[
        Scope,
        Meta(description="Where duplicates are looked for."),
    ] = "corpus"
    keep: Annotated[
        Keep,
        Meta(description="Which document keeps a paragraph that several have."),
    ] = "earliest"
    preferred_sources: Annotated[
        tuple[str, ...],
        Meta(description="Prefixes of sources, best first, for keep = source."),
    ] = ()
    min_words: Annotated[
        int,
        Meta(ge=1, description="A shorter paragraph goes only with its document (folded words)."),
    ] = 8
    document_share: Annotated[
        float,
        Meta(
            gt=0,
            le=1,
            description="A document goes whole when this share of its words is proven elsewhere.",
        ),
    ] = 0.95


class VetoSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a near-duplicate may never lose."""

    openers_are_names: Annotated[
        bool,
        Meta(
            description="Take the capitalised first word of a sentence for a name when the kept"
            " paragraph lacks it: it may be one."
        ),
    ] = True


class RestatementSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The same facts in other words, inside one document."""

    action: Annotated[
        Action, Meta(description="drop, mark (keep the text, flag the paragraph) or report.")
    ] = "drop"
    bands: Annotated[int, Meta(ge=1, le=256, description="Bands of the signature.")] = 34
    rows: Annotated[
        int,
        Meta(ge=1, le=32, description="Rows in a band; 34 x 2 finds J = .35 with P = .988."),
    ] = 2
    bucket_cap: Annotated[
        int,
        Meta(
            ge=2,
            description="A bucket with more distinct members pairs each with its nearest in order"
            " only, this many; such buckets are counted.",
        ),
    ] = 64
    min_stems: Annotated[
        int,
        Meta(ge=1, description="A paragraph with less content says too little to be compared."),
    ] = 6
    min_jaccard: Annotated[
        float,
        Meta(ge=0, le=1, description="Least Jaccard of the two content sets."),
    ] = 0.33
    min_containment: Annotated[
        float,
        Meta(ge=0, le=1, description="Least share of the later content that the earlier one has."),
    ] = 0.65
    min_wording: Annotated[
        float,
        Meta(
            ge=0,
            le=1,
            description="The same share without names and numbers: two claims about the same"
            " people agree in the names alone.",
        ),
    ] = 0.40
    min_shared_content: Annotated[
        int,
        Meta(
            ge=1,
            description="Least content that both have: in a document on one topic a few"
            " common words are chance.",
        ),
    ] = 7
    min_shared_facts: Annotated[
        int,
        Meta(ge=0, description="Least names, numbers and dates that both paragraphs mention."),
    ] = 3
    quotation_words: Annotated[
        int,
        Meta(ge=1, description="Words in quotation marks from which they are speech, not a term."),
    ] = 4
    max_figures: Annotated[
        float,
        Meta(
            ge=0,
            le=1,
            description="A paragraph in which more than this share of the words are numbers"
            " is a table.",
        ),
    ] = 0.20
    max_fields: Annotated[
        float,
        Meta(
            ge=0,
            le=1,
            description="A paragraph in which more than this share of the words are numbers or"
            " have capitals is a table or a list.",
        ),
    ] = 0.60
    max_tabular: Annotated[
        float,
        Meta(
            ge=0,
            le=1,
            description="A document with more than this share of its words in tables and lists"
            " is one itself.",
        ),
    ] = 0.30


class TemplateSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Lines that stand on many pages of one site; pages count that are their own."""

    drop: Annotated[
        bool, Meta(description="Whether they go. With the scope document they never do.")
    ] = True
    folders: Annotated[
        bool,
        Meta(
            description="Take the folder for the site where a document names none: for plain text"
            " that lies in a folder a site."
        ),
    ] = False
    min_own: Annotated[
        float,
        Meta(
            gt=0,
            le=1,
            description="A page counts when this share of its words is in lines that no other page"
            " of the site begins or ends alike: copies of an article do not count.",
        ),
    ] = 0.4
    min_pages: Annotated[
        int,
        Meta(ge=2, description="Fewest pages with a line before or after their own prose."),
    ] = 5
    min_share: Annotated[
        float,
        Meta(ge=0, le=1, description="The same as a share of the site's pages; both must hold."),
    ] = 0.10
    inner_pages: Annotated[
        int,
        Meta(
            ge=2,
            description="Fewest pages with a line that goes from between their own prose as well.",
        ),
    ] = 10
    inner_share: Annotated[
        float,
        Meta(ge=0, le=1, description="The same as a share of the site's pages; both must hold."),
    ] = 0.50


class OutputSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is written, and in what pieces."""

    format: Annotated[
        Format, Meta(description="jsonl, or text: one .txt a document (paragraph spans are lost).")
    ] = "jsonl"
    shard_bytes: Annotated[
        int,
        Meta(ge=1, description="Input in one block, and so in one part file (bytes)."),
    ] = 4 * 1024 * 1024


class JudgeSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which paragraphs are boilerplate; points are tenths of a unit of log-odds."""

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


JUDGE_MODES: Mapping[JudgeMode, JudgeSettings] = {
    "strict": JudgeSettings(lean=-5, article_points=0, related_run=2),
    "balanced": JudgeSettings(),
    "lenient": JudgeSettings(lean=20, article_points=25, related_run=4),
}
"""What ``--judge`` stands for: fewer wrong lines, the best of both, or fewer lost ones."""


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every setting of a run, by step."""

    sites: Annotated[
        tuple[SitePatterns, ...],
        Meta(
            description="Patterns of paragraphs to keep or to drop on a site, each entry a"
            " [[sites]] table; docs/sites.md explains them."
        ),
    ] = ()
    decode: DecodeSettings = DecodeSettings()
    split: SplitSettings = SplitSettings()
    judge: JudgeSettings = JudgeSettings()
    minhash: MinHashSettings = MinHashSettings()
    near_duplicates: NearDuplicateSettings = NearDuplicateSettings()
    vetoes: VetoSettings = VetoSettings()
    restatements: RestatementSettings = RestatementSettings()
    templates: TemplateSettings = TemplateSettings()
    decide: DecideSettings = DecideSettings()
    output: OutputSettings = OutputSettings()
