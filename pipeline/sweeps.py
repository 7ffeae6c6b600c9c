"""What a sample loses at each of several settings of a threshold.

Every setting runs the whole flow of :mod:`transforms.single` on the sample, so
vetoes, ranks and the rule against chains are in the counts.  A lower threshold
removes more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, Literal, NamedTuple

from msgspec.structs import replace

from transforms.block import Block
from transforms.document import Document
from transforms.folding import words
from transforms.matching import jaccard_bar
from transforms.settings import NearDuplicateSettings, Settings
from transforms.single import decide_block, judge_block

_NEAR_STEPS: Final = (0.55, 0.65, 0.70, 0.75, 0.80, 0.85, 0.90)
_RESTATED_STEPS: Final = (0.20, 0.25, 0.30, 0.35, 0.40, 0.50)
_LEAN_STEPS: Final = (-20, -10, -5, 0, 5, 10, 20)
"""Added to the lean that is set."""
_MOST_LEAN: Final = 100
"""The bound of the setting."""

_NEAR_BANDS: Final = (42, 3)
"""Bands and rows that propose a pair of Jaccard .55 with P = .9995: a sample can afford them."""
_RESTATED_BANDS: Final = (128, 1)
"""They propose a pair of Jaccard .2 with P = 1 - 4e-13."""

_UNDECIDED: Final = 0.5
"""The judge's score of a line for which as much speaks as against it."""

Place = tuple[str, int]
"""A document's id and the index of a paragraph in it."""


class Passage(NamedTuple):
    """A paragraph to show."""

    place: Place
    text: str


class Case(NamedTuple):
    """A paragraph that goes at some setting of the threshold."""

    gone: Passage
    kept: Passage | None
    """The paragraph that stands for it; ``None`` where the judge decides alone."""
    score: float
    """Jaccard; the judge's score as things are set."""
    margin: float
    """By how much it is over (or under) the bar as things are set."""


class Step(NamedTuple):
    """One setting of a threshold."""

    value: float
    paragraphs: int
    """Paragraphs that go."""
    characters: int
    proposed: float | None
    """Share of the pairs of just this Jaccard that a run compares; ``None`` for the judge."""


class Sweep(NamedTuple):
    """What a threshold does to the sample."""

    now: float
    steps: list[Step]
    going: list[Case]
    """What goes now, the closest calls first."""
    staying: list[Case]
    """What stays now and would go at the lowest step, the closest calls first."""


def sweep_near(
    block: Block, settings: Settings, name: Literal["short_jaccard", "long_jaccard"]
) -> Sweep:
    """Sweep one end of the bar for near-duplicates over a judged block."""
    own = settings.near_duplicates
    bands, rows = _NEAR_BANDS

    def at(value: float) -> list[Case]:
        near = replace(own, action="drop", bands=bands, rows=rows, **{name: value})
        return _duplicates(
            block, replace(settings, near_duplicates=near), "near-duplicate", _near_margin(own)
        )

    return _sweep(
        getattr(own, name), _NEAR_STEPS, at, lambda value: proposal_rate(value, own.bands, own.rows)
    )


def sweep_restated(block: Block, settings: Settings) -> Sweep:
    """Sweep the least Jaccard of restatements over a judged block."""
    own = settings.restatements
    bands, rows = _RESTATED_BANDS

    def at(value: float) -> list[Case]:
        restated = replace(own, action="drop", bands=bands, rows=rows, min_jaccard=value)
        return _duplicates(
            block,
            replace(settings, restatements=restated),
            "restatement",
            lambda _, __, jaccard: jaccard - own.min_jaccard,
        )

    return _sweep(
        own.min_jaccard,
        _RESTATED_STEPS,
        at,
        lambda value: proposal_rate(value, own.bands, own.rows),
    )


def sweep_lean(split: Block, judged: Block, settings: Settings) -> Sweep:
    """Sweep the lean of the judge over a block that is split.

    Args:
        split: the block before it was judged.
        judged: the same, judged as things are set.
    """
    own = settings.judge
    scores = {place: score for place, score, _ in _judged(judged.documents)}

    def at(value: float) -> list[Case]:
        block = judge_block(split, replace(own, lean=int(value)), settings.sites)
        texts = {document.id: document for document in block.documents}
        return [
            Case(
                Passage(place, _text(texts[place[0]], place[1])),
                None,
                scores[place],
                scores[place] - _UNDECIDED,
            )
            for place, _, kept in _judged(block.documents)
            if not kept
        ]

    steps = [max(-_MOST_LEAN, min(own.lean + step, _MOST_LEAN)) for step in _LEAN_STEPS]
    return _sweep(own.lean, steps, at, None)


def proposal_rate(jaccard: float, bands: int, rows: int) -> float:
    """The probability that MinHash with these bands proposes a pair of this Jaccard.

    >>> round(proposal_rate(0.7, bands=25, rows=5), 3)
    0.99
    """
    return float(1 - (1 - jaccard**rows) ** bands)


def _sweep(
    now: float,
    values: Iterable[float],
    at: Callable[[float], list[Case]],
    proposed: Callable[[float], float] | None,
) -> Sweep:
    steps = sorted({*values, now})
    cases = {value: {case.gone.place: case for case in at(value)} for value in steps}
    lowest = cases[steps[0]]
    return Sweep(
        now,
        [
            Step(
                value,
                len(cases[value]),
                sum(len(case.gone.text) for case in cases[value].values()),
                proposed(value) if proposed is not None else None,
            )
            for value in steps
        ],
        _closest(cases[now].values()),
        _closest(case for place, case in lowest.items() if place not in cases[now]),
    )


def _closest(cases: Iterable[Case]) -> list[Case]:
    return sorted(cases, key=lambda case: (abs(case.margin), case.gone.place))


def _duplicates(
    block: Block,
    settings: Settings,
    tier: Literal["near-duplicate", "restatement"],
    margin: Callable[[str, str, float], float],
) -> list[Case]:
    """What goes as a duplicate of one tier, by itself or with its document."""
    cleaned = decide_block(block, settings)
    documents = cleaned.content.documents
    cases = []
    for verdict in cleaned.verdicts.paragraphs:
        if verdict.tier == tier and verdict.action == "drop":
            document = documents[verdict.position]
            kept = documents[verdict.kept.position]
            one = _text(document, verdict.paragraph)
            other = _text(kept, verdict.kept.paragraph)
            cases.append(
                Case(
                    Passage((document.id, verdict.paragraph), one),
                    Passage((kept.id, verdict.kept.paragraph), other),
                    verdict.jaccard,
                    margin(one, other, verdict.jaccard),
                )
            )
    return cases


def _near_margin(settings: NearDuplicateSettings) -> Callable[[str, str, float], float]:
    """How far a pair is above the bar of its length; it is below by its lengths, too."""

    def margin(one: str, other: str, jaccard: float) -> float:
        shorter, longer = sorted((len(words(one)), len(words(other))))
        return min(jaccard, shorter / max(longer, 1)) - jaccard_bar(shorter, settings)

    return margin


def _judged(documents: Iterable[Document]) -> Iterable[tuple[Place, float, bool]]:
    """Place, score and whether it is kept, of every paragraph."""
    for document in documents:
        for paragraph, judgement in zip(document.paragraphs, document.judgements, strict=True):
            yield (
                (document.id, paragraph.index),
                judgement.score,
                judgement.verdict == "keep",
            )


def _text(document: Document, index: int) -> str:
    return document.text_of(document.paragraphs[index])
