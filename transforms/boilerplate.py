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
from typing import Final, NamedTuple, Protocol

import numpy as np

from transforms import folding
from transforms.document import Document, Evidence, Judgement, Paragraph
from transforms.kinds import name_kinds
from transforms.lines import Bools, Ints, Lines, read_lines
from transforms.reasons import Grounds, name_grounds, read_surroundings
from transforms.related_links import find_link_runs
from transforms.scorecard import best_block, score, score_markup
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
    points = score(lines) + settings.lean + score_markup(paragraphs)
    running = lines.prose & (lines.words >= _RUNNING_WORDS)
    points += _lift(points, running)
    worth = margins(points.tolist(), settings.change_cost)
    body = np.flatnonzero(running & (np.array(worth) >= 0))
    if not len(body):
        return _judgements(paragraphs, lines, _findings_without_body(lines, worth), frozenset())
    first, last = int(body[0]), int(body[-1])
    titles = _titles(document, lines, first)
    findings = _findings(paragraphs, lines, worth, titles, first, last, settings.related_run)
    return _judgements(paragraphs, lines, findings, titles)


def _lift(points: Ints, running: Bools) -> int:
    """What brings the best"""
    if not running.any(): return 0
    import os
    T=int(os.environ.get('T','15'))
    start, end = best_block(np.where(running, points+40, -20))
    best = points[running]
    top=np.sort(best)[-3:]
    return max(0, T - int(top.sum())//len(top))


def _titles(document: Document, lines: Lines, body_start: int) -> frozenset[int]:
    """The title line and its copies before the body."""
    marked = np.array([paragraph.kind in ("title", "heading") for paragraph in document.paragraphs])
    title = find_title(lines, body_start, document.title, marked)
    if title is None:
        return frozenset()
    wanted = folding.fold(lines.texts[title])
    return frozenset(
        index for index in range(body_start) if folding.fold(lines.texts[index]) == wanted
    )


def _findings(
    paragraphs: Sequence[Paragraph],
    lines: Lines,
    worth: Sequence[int],
    titles: frozenset[int],
    first: int,
    last: int,
    related_run: int,
) -> list[_Finding]:
    """What is found of a document whose running text reaches from ``first`` to ``last``."""
    around = read_surroundings(lines, paragraphs, first, last)
    links: dict[int, Grounds] = {}
    for run in find_link_runs(lines, [points >= 0 for points in worth], last, related_run):
        rule = "links after the article" if run.heading is None else "links under a heading"
        links.update(dict.fromkeys(range(run.start, run.end), Grounds("related-link", rule)))
    findings = []
    for index, points in enumerate(worth):
        if index in titles:
            findings.append(_Finding(max(points, _RULE_POINTS), None, "title"))
        elif index in links and not lines.matched[index]:
            findings.append(_Finding(min(points, -_RULE_POINTS), links[index], None))
        elif points >= 0:
            findings.append(_Finding(points, None, None))
        else:
            findings.append(_Finding(points, name_grounds(lines, index, around), None))
    return findings


def _findings_without_body(lines: Lines, worth: Sequence[int]) -> list[_Finding]:
    """What is found of a poem, a list, a headline.

    There is no running text to measure the lines against, so only what a
    pattern gives away can go.
    """
    return [
        _Finding(max(points, 0), None, "no running text")
        if pattern is None
        else _Finding(min(points, -1), Grounds(pattern.reason, None), None)
        for points, pattern in zip(worth, lines.patterns, strict=True)
    ]


def _judgements(
    paragraphs: Sequence[Paragraph],
    lines: Lines,
    findings: Sequence[_Finding],
    titles: frozenset[int],
) -> tuple[Judgement, ...]:
    kinds = name_kinds(paragraphs, lines, [finding.grounds is None for finding in findings], titles)
    return tuple(
        Judgement(
            verdict="keep" if finding.grounds is None else "boilerplate",
            kind=kind,
            reason=finding.grounds.reason if finding.grounds else None,
            score=_probability(finding.points),
            evidence=_evidence(lines, index, finding),
        )
        for index, (finding, kind) in enumerate(zip(findings, kinds, strict=True))
    )


def _probability(points: int) -> float:
    """The score of a margin in points: .5 is undecided."""
    bounded = max(-_MOST_POINTS, min(points, _MOST_POINTS))
    return round(1 / (1 + math.exp(-bounded / _POINTS_PER_UNIT)), 3)


def _evidence(lines: Lines, index: int, finding: _Finding) -> Evidence:
    evidence: Evidence = {"points": finding.points, "words": int(lines.words[index])}
    pattern = lines.patterns[index]
    if pattern is not None:
        evidence["pattern"] = pattern.name
    rule = finding.grounds.rule if finding.grounds else finding.rule
    if rule is not None:
        evidence["rule"] = rule
    return evidence
