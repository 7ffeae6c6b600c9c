"""Every number that a user may set, in one typed place.

What concerns one document by itself is in :mod:`transforms.text_settings`,
likeness of paragraphs in :mod:`transforms.match_settings`, the run as a whole in
:mod:`transforms.run_settings`; all names can be had from here.  Each group
belongs to one step of the flow.  The descriptions are what ``copydesk settings``
prints; the bounds are checked when settings are loaded.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from transforms.match_settings import Action as Action
from transforms.match_settings import Bands, BucketCap
from transforms.match_settings import MinHashSettings as MinHashSettings
from transforms.match_settings import NearDuplicateSettings as NearDuplicateSettings
from transforms.match_settings import RestatementSettings as RestatementSettings
from transforms.match_settings import Scope as Scope
from transforms.match_settings import Treatment as Treatment
from transforms.match_settings import VetoSettings as VetoSettings
from transforms.run_settings import Compression as Compression
from transforms.run_settings import Format as Format
from transforms.run_settings import GuardSettings as GuardSettings
from transforms.run_settings import InputFormat as InputFormat
from transforms.run_settings import InputSettings as InputSettings
from transforms.run_settings import Limit as Limit
from transforms.run_settings import OutputSettings as OutputSettings
from transforms.run_settings import TextIs as TextIs
from transforms.run_settings import WatchSettings as WatchSettings
from transforms.sites import SitePatterns
from transforms.text_settings import JUDGE_MODES as JUDGE_MODES
from transforms.text_settings import DecodeSettings as DecodeSettings
from transforms.text_settings import Extraction as Extraction
from transforms.text_settings import JudgeMode as JudgeMode
from transforms.text_settings import JudgeSettings as JudgeSettings
from transforms.text_settings import SplitSettings as SplitSettings

Keep = Literal["earliest", "longest", "newest", "source"]


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


class DocumentSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whole documents: what goes, and what is listed as a near-copy of another."""

    action: Annotated[
        Treatment,
        Meta(
            description="drop, mark (their paragraphs are decided one by one, the document is"
            " listed with its survivor), report (they are only counted), or off (documents are"
            " not compared)."
        ),
    ] = "drop"
    drop_share: Annotated[
        float,
        Meta(
            gt=0,
            le=1,
            description="A document goes whole when this share of its words is proven elsewhere.",
        ),
    ] = 0.95
    mark_share: Annotated[
        float,
        Meta(
            gt=0,
            le=1,
            description="A document that stays is listed as a near-copy when another has this"
            " share of it.",
        ),
    ] = 0.50
    shingle: Annotated[int, Meta(ge=1, le=8, description="Words in a shingle of a document.")] = 5
    bands: Bands = 42
    rows: Annotated[
        int,
        Meta(ge=1, le=32, description="Rows in a band; 42 x 3 finds every pair from J = .5 on."),
    ] = 3
    bucket_cap: BucketCap = 64


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


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every setting of a run, by step."""

    sites: Annotated[
        tuple[SitePatterns, ...],
        Meta(
            description="Patterns of paragraphs to keep or to drop on a site, each entry a"
            " [[sites]] table; docs/sites.md explains them."
        ),
    ] = ()
    input: InputSettings = InputSettings()
    decode: DecodeSettings = DecodeSettings()
    split: SplitSettings = SplitSettings()
    judge: JudgeSettings = JudgeSettings()
    minhash: MinHashSettings = MinHashSettings()
    near_duplicates: NearDuplicateSettings = NearDuplicateSettings()
    vetoes: VetoSettings = VetoSettings()
    restatements: RestatementSettings = RestatementSettings()
    templates: TemplateSettings = TemplateSettings()
    decide: DecideSettings = DecideSettings()
    documents: DocumentSettings = DocumentSettings()
    output: OutputSettings = OutputSettings()
    guards: GuardSettings = GuardSettings()
    watch: WatchSettings = WatchSettings()
