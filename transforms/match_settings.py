"""When two paragraphs are alike: the settings of near-duplicates and restatements."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Action = Literal["drop", "mark", "report"]
Treatment = Literal["drop", "mark", "report", "off"]
"""What becomes of what a step finds; a step that is ``off`` is left out and finds nothing."""


def done(treatment: Treatment) -> Action:
    """What is done with what a step found; one that is off found nothing."""
    return "report" if treatment == "off" else treatment


Bands = Annotated[int, Meta(ge=1, le=256, description="Bands of the signature.")]

BucketCap = Annotated[
    int,
    Meta(
        ge=2,
        description="In a bucket with more distinct members each is paired with the first and"
        " the next few only, by rank; such buckets are counted.",
    ),
]
Scope = Literal["document", "site", "corpus"]


class NearDuplicateSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Near-duplicates: shingles proposed by LSH, compared exactly."""

    action: Annotated[
        Treatment,
        Meta(
            description="drop, mark (keep the text, flag the paragraph), report, or off (they are"
            " not looked for)."
        ),
    ] = "drop"
    shingle: Annotated[int, Meta(ge=1, le=8, description="Words in a shingle.")] = 2
    bands: Bands = 25
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
    bucket_cap: BucketCap = 64


class MinHashSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The permutations that all signatures share."""

    seed: Annotated[
        int, Meta(ge=0, le=2**32 - 1, description="Seed of datasketch's permutations.")
    ] = 1


class VetoSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a near-duplicate may never lose."""

    openers_are_names: Annotated[
        bool,
        Meta(
            description="Take the capitalised first word of a sentence for a name when the kept"
            " paragraph lacks it: it may be one."
        ),
    ] = True
    uncased_jaccard: Annotated[
        float,
        Meta(
            ge=0,
            le=1,
            description="In scripts without capitals nothing tells names: a paragraph that has"
            " words there that the kept one lacks goes only from this Jaccard on.",
        ),
    ] = 0.90
    max_figures: Annotated[
        float,
        Meta(
            ge=0,
            le=1,
            description="A paragraph in which more than this share of the words are numbers is"
            " a table: its near-copy goes only if it has no word of its own.",
        ),
    ] = 0.20
    max_fields: Annotated[
        float,
        Meta(
            ge=0,
            le=1,
            description="The same where more than this share are numbers or have capitals.",
        ),
    ] = 0.60
    max_separators: Annotated[
        float,
        Meta(
            ge=0,
            le=1,
            description="The same where there are more commas, semicolons, colons and bars than"
            " this share of the words: a list.",
        ),
    ] = 0.25


class RestatementSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The same facts in other words: dropped inside one document, marked across documents."""

    action: Annotated[
        Treatment,
        Meta(
            description="drop (what may not go is marked), mark (keep the text, flag the"
            " paragraph), report, or off (they are not looked for)."
        ),
    ] = "drop"
    scope: Annotated[
        Scope,
        Meta(
            description="Where they are looked for, inside the scope of the run. Across documents"
            " they are only marked, or reported."
        ),
    ] = "corpus"
    across_bands: Annotated[
        int, Meta(ge=1, le=256, description="Bands of the signature across documents.")
    ] = 75
    across_rows: Annotated[
        int,
        Meta(
            ge=1,
            le=32,
            description="Rows in a band across documents: 75 x 4 finds a J of .56 of the content"
            " sets, the middle one of real marks, with P = .9995, and .45 with .96.",
        ),
    ] = 4
    mark_points: Annotated[
        int,
        Meta(
            description="Points of the learned scorer (tenths of a unit of log-odds) from which a"
            " paragraph that its document told before is marked."
        ),
    ] = 10
    drop_points: Annotated[
        int,
        Meta(
            description="Points from which it goes, if it passes every other bar of this table and"
            " no veto forbids it."
        ),
    ] = 15
    bands: Bands = 34
    rows: Annotated[
        int,
        Meta(
            ge=1,
            le=32,
            description="Rows in a band; 34 x 2 finds J = .35 with P = .988. Of all but long"
            " documents every pair is counted instead.",
        ),
    ] = 2
    bucket_cap: Annotated[
        int,
        Meta(
            ge=2,
            description="Most earlier paragraphs that one is compared with, those that are"
            " most alike; of more with the same content each is compared with the first alone.",
        ),
    ] = 64
    min_stems: Annotated[
        int,
        Meta(ge=1, description="A paragraph with less content says too little to be compared."),
    ] = 6
    min_jaccard: Annotated[
        float,
        Meta(
            ge=0, le=1, description="Least Jaccard of the two content sets; under it it is marked."
        ),
    ] = 0.33
    other_min_jaccard: Annotated[
        float,
        Meta(
            ge=0,
            le=1,
            description="The same for a mark in languages other than English, where no learned"
            " scorer judges.",
        ),
    ] = 0.50
    min_containment: Annotated[
        float,
        Meta(
            ge=0,
            le=1,
            description="Least share of the later content that the earlier one has, for a mark"
            " as well.",
        ),
    ] = 0.65
    min_wording: Annotated[
        float,
        Meta(
            ge=0,
            le=1,
            description="The same share without names and numbers: two claims about the same"
            " people agree in the names alone; under it the later one is marked.",
        ),
    ] = 0.40
    min_shared_content: Annotated[
        int,
        Meta(
            ge=1,
            description="Least content that both have: in a document on one topic a few"
            " common words are chance; with less the later one is marked.",
        ),
    ] = 7
    min_shared_facts: Annotated[
        int,
        Meta(
            ge=0,
            description="Least names, numbers and dates that both paragraphs mention; with fewer"
            " the later one is marked.",
        ),
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
