"""The paragraph judge: which lines of a document the author wrote, and what the others are.

A learned classifier says line by line how much speaks for the article, the best
choice of runs decides, and a few rules of structure say what the score cannot know
(:mod:`transforms.findings`).  The judge sees one document at a time; what repeats
within it or across a site is for later steps.  Documents are computed in batches
because that is several times cheaper, and none is judged by its batch.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Final, Protocol, get_args

import numpy as np

from transforms.arrays import Bools, Ints
from transforms.classifier import Classifier, Opinion, load_classifier, world_of
from transforms.document import Document, Evidence, Judgement, Kind
from transforms.findings import Batch, Findings, find, guess_titles
from transforms.kinds import name_kinds
from transforms.lines import PATTERNS, Lines, read_lines
from transforms.page_articles import missing_articles
from transforms.reasons import GROUNDS
from transforms.segments import Segments
from transforms.settings import JudgeSettings
from transforms.smoothing import margins


class Judge(Protocol):
    """Anything that judges a document's paragraphs, looking at this document alone."""

    def __call__(self, document: Document, settings: JudgeSettings) -> tuple[Judgement, ...]:
        """One judgement for each paragraph, in order."""
        ...


_BATCH_LINES: Final = 2_048
_BATCH_CHARACTERS: Final = 1 << 19
"""A batch is full at so many lines or characters, or has one longer document: it bounds the memory,
and arrays that fit the processor's cache are the fastest."""

_BEST_LINES: Final = 3
"""Lines of running text whose mean is a document's best."""
_EMPTY: Final = "empty"
"""Stands for a world of documents without a paragraph."""
_TITLE: Final = "title"
_BODILESS: Final = "no running text"
_POINTS_PER_UNIT: Final = 10
"""Points in a unit of log-odds."""
_STRONGEST: Final = 3
"""Features that are named as evidence, with the points that they add."""
_AS_SPLIT: Final = {
    kind: Judgement(verdict="keep", kind=kind, reason=None, score=1.0, evidence={"rule": "off"})
    for kind in get_args(Kind)
}
"""What is said of a paragraph where no judge is asked, by the kind that the splitter gave it."""
_SAID: Final = 1 << 12
"""Wordings that are remembered: there are families of features times points."""
_MOST_POINTS: Final = 60
"""More points are no surer than these: a score of .998."""


def judge(document: Document, settings: JudgeSettings) -> tuple[Judgement, ...]:
    """The judgements of a document's paragraphs, one each, in order; a :class:`Judge`."""
    return judge_with(load_classifier(), document, settings)


def judge_with(
    classifier: Classifier, document: Document, settings: JudgeSettings
) -> tuple[Judgement, ...]:
    """The judgements by a classifier of the caller's: benchmarks train their own."""
    return _judge_batch(classifier, (document,), settings)[0]


def batches(documents: Sequence[Document]) -> Iterator[list[int]]:
    """The documents, by index, in batches that can be judged at once."""
    waiting: dict[str, list[int]] = {}
    sizes: dict[str, tuple[int, int]] = {}
    for index, document in enumerate(documents):
        world = world_of(document.paragraphs) if document.paragraphs else _EMPTY
        lines, characters = sizes.get(world, (0, 0))
        lines, characters = lines + len(document.paragraphs), characters + len(document.text)
        if world in waiting and (lines > _BATCH_LINES or characters > _BATCH_CHARACTERS):
            yield waiting.pop(world)
            lines, characters = len(document.paragraphs), len(document.text)
        sizes[world] = lines, characters
        waiting.setdefault(world, []).append(index)
    yield from waiting.values()


def judge_batch(
    documents: Sequence[Document], settings: JudgeSettings
) -> list[tuple[Judgement, ...]]:
    """The judgements of one of the ``batches``; each document's are those it gets alone."""
    if settings.action == "off":
        return [
            tuple(_AS_SPLIT[each.kind] for each in document.paragraphs) for document in documents
        ]
    return _judge_batch(load_classifier(), documents, settings)


def read_batch(documents: Sequence[Document]) -> Batch:
    """Documents of one world, each with a paragraph, read to be judged together."""
    paragraphs = [paragraph for document in documents for paragraph in document.paragraphs]
    texts = [
        document.text[paragraph.start : paragraph.end]
        for document in documents
        for paragraph in document.paragraphs
    ]
    segments = Segments.of_sizes([len(document.paragraphs) for document in documents])
    return Batch(documents, paragraphs, read_lines(texts, segments))


def _judge_batch(
    classifier: Classifier, documents: Sequence[Document], settings: JudgeSettings
) -> list[tuple[Judgement, ...]]:
    if not any(document.paragraphs for document in documents):
        return [()] * len(documents)
    batch = read_batch(documents)
    paragraphs, lines = batch.paragraphs, batch.lines
    segments = lines.segments
    titles = guess_titles(batch)
    opinion = classifier.judge(lines, paragraphs, titles)
    leaning = opinion.points + settings.lean
    lift = segments.spread(_lifts(leaning, lines, settings.article_points))
    points = leaning + np.where(lines.matched, 0, lift)
    worth = _smooth(points, ~lines.matched, segments, settings.change_cost)
    absences: dict[int, Evidence] = {}
    if settings.require_article:
        absences = missing_articles(lines, paragraphs, leaning >= 0)
    absent = np.zeros(len(segments), np.bool_)
    absent[list(absences)] = True
    findings = find(batch, points, worth, titles, absent, settings.related_run)
    kept = findings.points >= 0
    kinds = name_kinds(paragraphs, lines, kept, findings.titles)
    evidence = _evidence(lines, findings, opinion, absences)
    judgements = tuple(
        Judgement(
            verdict="keep" if points >= 0 else "boilerplate",
            kind=kind,
            reason=None if points >= 0 else GROUNDS[ground].reason,
            score=_probability(points),
            evidence=own,
        )
        for points, ground, kind, own in zip(
            findings.points.tolist(), findings.grounds.tolist(), kinds, evidence, strict=True
        )
    )
    bounds = zip(segments.starts.tolist(), segments.ends.tolist(), strict=True)
    return [judgements[start:end] for start, end in bounds]


def _smooth(points: Ints, text: Bools, segments: Segments, change_cost: int) -> Ints:
    """The margins of all lines: of the text by itself, of the rest by the text around it.

    A line that matches a pattern is no break: articles go on after an
    advertisement.
    """
    worth = points.copy()
    values = points[text].tolist()
    sums = np.append(0, np.cumsum(text))
    found: list[int] = []
    for start, end in zip(
        sums[segments.starts].tolist(), sums[segments.ends].tolist(), strict=True
    ):
        found += margins(values[start:end], change_cost)
    worth[text] = found
    # Of the text before and behind each other line, the nearest of the same document.
    kept = np.concatenate(([0], np.where(worth[text] >= 0, 1, -1), [0]))
    other = ~text
    place = sums[:-1][other]
    before = np.where(place > sums[segments.first[other]], kept[place], 0)
    behind = np.where(place < sums[segments.stop[other]], kept[place + 1], 0)
    worth[other] += change_cost * (before + behind)
    return worth


def _lifts(points: Ints, lines: Lines, least: int) -> Ints:
    """Points that the best running text of each document is short of.

    Where an article is two sentences among a dozen labels and prompts, all
    measures of surroundings speak against it; but there is an article.
    """
    segments = lines.segments
    running = np.flatnonzero(lines.running)
    document = segments.of[running]
    order = np.lexsort((points[running], document))
    sums = np.append(0, np.cumsum(points[running][order]))
    ends = np.cumsum(np.bincount(document, minlength=len(segments)))
    best = np.minimum(np.diff(ends, prepend=0), _BEST_LINES)
    mean = (sums[ends] - sums[ends - best]) // np.maximum(best, 1)
    return np.where(best > 0, np.maximum(least - mean, 0), 0)


@cache
def _probability(points: int) -> float:
    """The score of a margin in points: .5 is undecided."""
    bounded = max(-_MOST_POINTS, min(points, _MOST_POINTS))
    return round(1 / (1 + math.exp(-bounded / _POINTS_PER_UNIT)), 3)


def _evidence(
    lines: Lines, findings: Findings, opinion: Opinion, absences: Mapping[int, Evidence]
) -> list[Evidence]:
    """The evidence of each line; of what is dropped also the features that say most of it."""
    found: list[Evidence] = [
        {"points": points, "words": words}
        for points, words in zip(findings.points.tolist(), lines.words.tolist(), strict=True)
    ]
    matched = np.flatnonzero(lines.matched)
    for index, pattern in zip(matched.tolist(), lines.pattern[matched].tolist(), strict=True):
        found[index]["pattern"] = PATTERNS[pattern].name
    kept = findings.points >= 0
    for index in np.flatnonzero(kept & findings.titles).tolist():
        found[index]["rule"] = _TITLE
    for index in np.flatnonzero(kept & findings.bodiless & ~findings.titles).tolist():
        found[index]["rule"] = _BODILESS
    dropped = np.flatnonzero(~kept)
    grounds, documents = findings.grounds[dropped], lines.segments.of[dropped]
    for index, ground, document, features in zip(
        dropped.tolist(),
        grounds.tolist(),
        documents.tolist(),
        opinion.against(dropped, _STRONGEST),
        strict=True,
    ):
        evidence = found[index]
        if (rule := GROUNDS[ground].rule) is not None:
            evidence["rule"] = rule
        evidence["strongest"] = [_say(*feature) for feature in features]
        if document in absences:
            evidence.update(absences[document])
    return found


@lru_cache(_SAID)
def _say(name: str, points: int) -> str:
    return f"{name} {points:+d}"
