"""The paragraph judge: which lines of a document the author wrote, and what the others are.

A learned classifier says line by line how much speaks for the article, the best
choice of runs decides, and a few rules of structure say what the score cannot know:
which headline is the title, which lines link to other articles, which belong
to a picture.  The judge sees one document at a time; what repeats within it
or across a site is for later steps.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple, Protocol

import numpy as np

from transforms.arrays import Bools, Ints
from transforms.classifier import Classifier, Opinion, load_classifier
from transforms.document import Document, Evidence, Judgement, Paragraph
from transforms.kinds import name_kinds
from transforms.lines import Lines, read_lines
from transforms.page_articles import missing_article
from transforms.reasons import Grounds, captions, name_grounds, page_labels
from transforms.related_links import find_link_runs
from transforms.settings import JudgeSettings
from transforms.smoothing import margins
from transforms.titles import find_title
from transforms.windows import core


class Judge(Protocol):
    """Anything that judges a document's paragraphs, looking at this document alone."""

    def __call__(self, document: Document, settings: JudgeSettings) -> tuple[Judgement, ...]:
        """One judgement for each paragraph, in order."""
        ...


_BEST_LINES: Final = 3
"""Lines of running text whose mean is a document's best."""

_POSTS: Final = 3
"""Stamped posts that make a live blog."""

_TITLE: Final = "title"
_HEADINGS: Final = ("title", "heading")
_NO_ARTICLE: Final = Grounds("no-article", "the page holds none")
_MARKUP: Final = Grounds("other", "markup")
_LINKS: Final = (
    Grounds("related-link", "links under a heading"),
    Grounds("related-link", "links after the article"),
)
"""With a heading, and without."""

_POINTS_PER_UNIT: Final = 10
"""Points in a unit of log-odds."""
_STRONGEST: Final = 3
"""Features that are named as evidence, with the points that they add."""
_RULE_POINTS: Final = 20
"""What a rule of structure puts on its lines: a score of .881 or .119."""
_MOST_POINTS: Final = 60
"""More points are no surer than these: a score of .998."""


class _Findings(NamedTuple):
    """What is found of the lines of a document."""

    points: Ints
    """For keeping each line over dropping it: it is kept from 0 on."""
    grounds: Sequence[Grounds | None]
    """Why each is boilerplate; ``None`` for what is kept."""
    titles: frozenset[int] = frozenset()
    """The title and its copies."""
    rule: str | None = None
    """The rule that keeps what is kept, titles aside."""


def judge(document: Document, settings: JudgeSettings) -> tuple[Judgement, ...]:
    """The judgements of a document's paragraphs, one each, in order; a :class:`Judge`."""
    return judge_with(load_classifier(), document, settings)


def judge_with(
    classifier: Classifier, document: Document, settings: JudgeSettings
) -> tuple[Judgement, ...]:
    """The judgements by a classifier of the caller's: benchmarks train their own."""
    paragraphs = document.paragraphs
    if not paragraphs:
        return ()
    lines = read_lines([document.text_of(paragraph) for paragraph in paragraphs])
    title = guess_title(document, lines)
    opinion = classifier.judge(lines, paragraphs, title)
    points = opinion.points + settings.lean
    running = lines.running
    points += np.where(lines.matched, 0, _lift(points[running], settings.article_points))
    worth = _smooth(points, ~lines.matched, settings.change_cost)
    absence = None
    if settings.require_article:
        absence = missing_article(lines, paragraphs, opinion.points + settings.lean >= 0)
    if absence is not None:
        findings = _Findings(np.minimum(points, -_RULE_POINTS), [_NO_ARTICLE] * len(lines))
    elif running.any():
        stays = running & (worth >= 0)
        body = np.flatnonzero(stays if stays.any() else running)
        findings = _findings(document, lines, worth, title, body, settings.related_run)
    else:
        findings = _findings_without_body(lines, points, paragraphs, title)
    kept = [grounds is None for grounds in findings.grounds]
    kinds = name_kinds(paragraphs, lines, kept, findings.titles)
    evidence = _evidence(lines, findings, opinion, absence or {})
    return tuple(
        Judgement(
            verdict="keep" if grounds is None else "boilerplate",
            kind=kind,
            reason=grounds.reason if grounds else None,
            score=_probability(points),
            evidence=own,
        )
        for grounds, kind, points, own in zip(
            findings.grounds, kinds, findings.points.tolist(), evidence, strict=True
        )
    )


def _smooth(points: Ints, text: Bools, change_cost: int) -> Ints:
    """The margins of all lines: of the text by itself, of the rest by the text around it.

    A line that matches a pattern is no break: articles go on after an
    advertisement.
    """
    worth = points.copy()
    worth[text] = margins(points[text].tolist(), change_cost)
    kept = np.concatenate(([0], np.where(worth[text] >= 0, 1, -1), [0]))
    before = np.cumsum(text)[~text]
    worth[~text] += change_cost * (kept[before] + kept[before + 1])
    return worth


def _lift(running: Ints, least: int) -> int:
    """Points that the best running text of a document is short of.

    Where an article is two sentences among a dozen labels and prompts, all
    measures of surroundings speak against it; but there is an article.
    """
    if not len(running):
        return 0
    best = np.sort(running)[-_BEST_LINES:]
    return max(0, least - int(best.sum()) // len(best))


def _findings(
    document: Document,
    lines: Lines,
    worth: Ints,
    title: int | None,
    body: Ints,
    related_run: int,
) -> _Findings:
    """What is found of a document whose running text is the lines of ``body``."""
    first, last = int(body[0]), int(body[-1])
    if title is not None and title >= first:
        title = _find_title(document, lines, first)
    titles = _copies(lines, title)
    is_title, linked = np.zeros((2, len(lines)), np.bool_)
    is_title[list(titles)] = True
    links: dict[int, Grounds] = {}
    for run in find_link_runs(lines, (worth >= 0).tolist(), last, related_run):
        links.update(dict.fromkeys(range(run.start, run.end), _LINKS[run.heading is None]))
    linked[list(links)] = True
    linked &= ~lines.matched
    away = linked | _given_away(lines, document, title, first, last)
    points = np.where(away, np.minimum(worth, -_RULE_POINTS), worth)
    points = np.where(is_title, np.maximum(worth, _RULE_POINTS), points)
    grounds: list[Grounds | None] = [*name_grounds(lines, document.paragraphs, first, last)]
    for index in np.flatnonzero(linked).tolist():
        grounds[index] = links[index]
    for index in np.flatnonzero(points >= 0).tolist():
        grounds[index] = None
    return _Findings(points, grounds, titles)


def guess_title(document: Document, lines: Lines) -> int | None:
    """The line that looks most like the title, before anything is judged."""
    start, _ = core(lines)
    return _find_title(document, lines, start)


def _find_title(document: Document, lines: Lines, body_start: int) -> int | None:
    marked = np.array([paragraph.kind in _HEADINGS for paragraph in document.paragraphs])
    return find_title(lines, body_start, document.title, marked)


def _copies(lines: Lines, title: int | None) -> frozenset[int]:
    """The title line and its copies; to find copies out is for a later step."""
    if title is None:
        return frozenset()
    wanted = lines.texts[title].casefold()
    return frozenset(index for index, text in enumerate(lines.texts) if text.casefold() == wanted)


def _given_away(
    lines: Lines, document: Document, title: int | None, first: int, last: int
) -> Bools:
    """The lines whose form says all, whatever their score."""
    position = np.arange(len(lines))
    after = position > last
    away: Bools = lines.matched & (lines.anywhere | after | (position < first))
    return (
        away
        | _stamps_of_posts(lines)
        | (after & lines.enumerations)
        | page_labels(lines, title, first)
        | captions(document.paragraphs)
    )


def _stamps_of_posts(lines: Lines) -> Bools:
    """The times above the posts of a live blog: several, each before running text."""
    stamps = (lines.reasons == "timestamp") & np.append(lines.running[1:], False)
    several: Bools = stamps & (np.count_nonzero(stamps) >= _POSTS)
    return several


def _findings_without_body(
    lines: Lines, points: Ints, paragraphs: Sequence[Paragraph], title: int | None
) -> _Findings:
    """What is found of a poem, a list, a headline.

    There is no running text to measure the lines against, so only what a
    pattern gives away can go, and on a page what speaks against its block.
    Of a page's headings the first is the title if none looks like one.
    """
    marked = np.array([paragraph.markup is not None for paragraph in paragraphs], np.bool_)
    goes = lines.matched | (marked & (points < 0))
    headings = [index for index, paragraph in enumerate(paragraphs) if paragraph.kind in _HEADINGS]
    if title is None and headings and marked.all():
        title = headings[0]
    titles = frozenset() if title is None else frozenset((title,))
    goes[list(titles)] = False
    grounds = [
        (Grounds(pattern.reason, None) if pattern else _MARKUP) if gone else None
        for pattern, gone in zip(lines.patterns, goes.tolist(), strict=True)
    ]
    bounded = np.where(goes, np.minimum(points, -1), np.maximum(points, 0))
    return _Findings(bounded, grounds, titles, rule="no running text")


@cache
def _probability(points: int) -> float:
    """The score of a margin in points: .5 is undecided."""
    bounded = max(-_MOST_POINTS, min(points, _MOST_POINTS))
    return round(1 / (1 + math.exp(-bounded / _POINTS_PER_UNIT)), 3)


def _evidence(
    lines: Lines, findings: _Findings, opinion: Opinion, absence: Evidence
) -> list[Evidence]:
    """The evidence of each line; of what is dropped also the features that say most of it."""
    found: list[Evidence] = [
        {"points": points, "words": words}
        for points, words in zip(findings.points.tolist(), lines.words.tolist(), strict=True)
    ]
    for index in np.flatnonzero(lines.matched).tolist():
        if (pattern := lines.patterns[index]) is not None:
            found[index]["pattern"] = pattern.name
    dropped = []
    for index, (evidence, grounds) in enumerate(zip(found, findings.grounds, strict=True)):
        rule = grounds.rule if grounds else findings.rule
        if grounds is not None:
            dropped.append(index)
        elif index in findings.titles:
            rule = _TITLE
        if rule is not None:
            evidence["rule"] = rule
    for index, features in zip(dropped, opinion.against(dropped, _STRONGEST), strict=True):
        found[index]["strongest"] = [f"{name} {points:+d}" for name, points in features]
        found[index].update(absence)
    return found
