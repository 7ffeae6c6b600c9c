"""The paragraph judge: which lines of a document the author wrote, and what the others are.

A scorecard says line by line how much speaks for the article, the best choice
of runs decides, and a few rules of structure say what the score cannot know:
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

from transforms.document import Document, Evidence, Judgement
from transforms.kinds import name_kinds
from transforms.lines import Bools, Ints, Lines, read_lines
from transforms.patterns import Pattern
from transforms.reasons import Grounds, is_page_label, name_grounds, read_surroundings
from transforms.related_links import find_link_runs, is_enumeration
from transforms.scorecard import Scores, score, score_markup
from transforms.settings import JudgeSettings
from transforms.smoothing import margins
from transforms.titles import find_title


class Judge(Protocol):
    """Anything that judges a document's paragraphs, looking at this document alone."""

    def __call__(self, document: Document, settings: JudgeSettings) -> tuple[Judgement, ...]:
        """One judgement for each paragraph, in order."""
        ...


_RUNNING_WORDS: Final = 12
"""Prose of this length is running text; the body reaches from the first to the last of it."""

_BEST_LINES: Final = 3
_BEST_POINTS: Final = 15
"""What the best lines of running text have at least on average: it costs nothing on real pages
(25 costs .001 of F1) and saves the shortest articles."""

_TITLE: Final = "title"

_POINTS_PER_UNIT: Final = 10
"""Points in a unit of log-odds."""
_RULE_POINTS: Final = 20
"""What a rule of structure puts on its lines: a score of .881 or .119."""
_MOST_POINTS: Final = 60
"""More points are no surer than these: a score of .998."""


class _Finding(NamedTuple):
    """What is found of one line."""

    points: int
    """For keeping it over dropping it: it is kept from 0 on."""
    grounds: Grounds | None
    """Why it is boilerplate; ``None`` when it is kept."""
    rule: str | None
    """The rule of structure that keeps it."""


def judge(document: Document, settings: JudgeSettings) -> tuple[Judgement, ...]:
    """The judgements of a document's paragraphs, one each, in order; a :class:`Judge`."""
    paragraphs = document.paragraphs
    if not paragraphs:
        return ()
    lines = read_lines([document.text_of(paragraph) for paragraph in paragraphs])
    scores = score(lines)
    markup = score_markup(paragraphs)
    points = scores.points + markup
    running = lines.prose & (lines.words >= _RUNNING_WORDS)
    points += np.where(lines.matched, 0, _lift(points[running])) + settings.lean
    worth = _smooth(points, ~lines.matched, settings.change_cost)
    if running.any():
        kept = running & (np.array(worth) >= 0)
        body = np.flatnonzero(kept if kept.any() else running)
        first, last = int(body[0]), int(body[-1])
        findings = _findings(document, lines, worth, first, last, settings.related_run)
    else:
        findings = _findings_without_body(lines, points, markup)
    titles = {index for index, finding in enumerate(findings) if finding.rule == _TITLE}
    kinds = name_kinds(paragraphs, lines, [finding.grounds is None for finding in findings], titles)
    return tuple(
        Judgement(
            verdict="keep" if finding.grounds is None else "boilerplate",
            kind=kind,
            reason=finding.grounds.reason if finding.grounds else None,
            score=_probability(max(-_MOST_POINTS, min(finding.points, _MOST_POINTS))),
            evidence=_evidence(finding, pattern, words, scores, index),
        )
        for index, (finding, kind, pattern, words) in enumerate(
            zip(findings, kinds, lines.patterns, lines.words.tolist(), strict=True)
        )
    )


def _smooth(points: Ints, text: Bools, change_cost: int) -> list[int]:
    """The margins of all lines: of the text by itself, of the rest by the text around it.

    A line that matches a pattern is no break: articles go on after an
    advertisement.
    """
    worth = points.copy()
    worth[text] = margins(points[text].tolist(), change_cost)
    kept = np.concatenate(([0], np.where(worth[text] >= 0, 1, -1), [0]))
    before = np.cumsum(text)[~text]
    worth[~text] += change_cost * (kept[before] + kept[before + 1])
    smooth: list[int] = worth.tolist()
    return smooth


def _lift(running: Ints) -> int:
    """Points that the best running text of a document is short of.

    Where an article is two sentences among a dozen labels and prompts, all
    measures of surroundings speak against it; but there is an article.
    """
    if not len(running):
        return 0
    best = np.sort(running)[-_BEST_LINES:]
    return max(0, _BEST_POINTS - int(best.sum()) // len(best))


def _findings(
    document: Document,
    lines: Lines,
    worth: Sequence[int],
    first: int,
    last: int,
    related_run: int,
) -> list[_Finding]:
    """What is found of a document whose running text reaches from ``first`` to ``last``."""
    kept = [points >= 0 for points in worth]
    around = read_surroundings(lines, document.paragraphs, first, last)
    titles = _titles(document, lines, first)
    title = min(titles, default=None)
    links: dict[int, Grounds] = {}
    for run in find_link_runs(lines, kept, last, related_run):
        rule = "links after the article" if run.heading is None else "links under a heading"
        links.update(dict.fromkeys(range(run.start, run.end), Grounds("related-link", rule)))
    findings = []
    for index, points in enumerate(worth):
        if index in titles:
            findings.append(_Finding(max(points, _RULE_POINTS), None, _TITLE))
        elif index in links and lines.patterns[index] is None:
            findings.append(_Finding(min(points, -_RULE_POINTS), links[index], None))
        elif (
            _is_given_away(lines, index, first, last)
            or is_page_label(lines, index, title, first)
            or around.captions[index]
        ):
            grounds = name_grounds(lines, index, around)
            findings.append(_Finding(min(points, -_RULE_POINTS), grounds, None))
        elif points < 0:
            findings.append(_Finding(points, name_grounds(lines, index, around), None))
        else:
            findings.append(_Finding(points, None, None))
    return findings


def _titles(document: Document, lines: Lines, body_start: int) -> frozenset[int]:
    """The title line and its copies; to find copies out is for a later step."""
    marked = np.array([paragraph.kind in ("title", "heading") for paragraph in document.paragraphs])
    title = find_title(lines, body_start, document.title, marked)
    if title is None:
        return frozenset()
    wanted = lines.texts[title].casefold()
    return frozenset(index for index, text in enumerate(lines.texts) if text.casefold() == wanted)


def _is_given_away(lines: Lines, index: int, first: int, last: int) -> bool:
    """Whether a line's form says all, whatever its score."""
    pattern = lines.patterns[index]
    if pattern is not None:
        return pattern.anywhere or not first <= index <= last
    return index > last and is_enumeration(lines, index)


def _findings_without_body(lines: Lines, points: Ints, markup: Ints) -> list[_Finding]:
    """What is found of a poem, a list, a headline.

    There is no running text to measure the lines against, so only what a
    pattern or the page's own markup gives away can go.
    """
    findings = []
    for pattern, worth, marked in zip(
        lines.patterns, points.tolist(), markup.tolist(), strict=True
    ):
        if pattern is not None:
            findings.append(_Finding(min(worth, -1), Grounds(pattern.reason, None), None))
        elif marked < 0:
            findings.append(_Finding(min(worth, -1), Grounds("other", "markup"), None))
        else:
            findings.append(_Finding(max(worth, 0), None, "no running text"))
    return findings


@cache
def _probability(points: int) -> float:
    """The score of a margin in points: .5 is undecided."""
    return round(1 / (1 + math.exp(-points / _POINTS_PER_UNIT)), 3)


def _evidence(
    finding: _Finding, pattern: Pattern | None, words: int, scores: Scores, index: int
) -> Evidence:
    evidence: Evidence = {"points": finding.points, "words": words}
    rule = finding.grounds.rule if finding.grounds else finding.rule
    if pattern is not None:
        evidence["pattern"] = pattern.name
    if rule is not None:
        evidence["rule"] = rule
    if finding.grounds is not None and pattern is None and rule is None:
        evidence["against"] = scores.against(index)
    return evidence
