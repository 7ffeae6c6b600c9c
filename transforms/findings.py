"""What the judge finds of lines beside their points: titles, links, why each line goes.

A few rules of structure say what the score cannot know: which headline is the title, which lines
link to other articles, which belong to a picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from transforms.arrays import Bools, Ints
from transforms.document import Document, Paragraph
from transforms.lines import Lines
from transforms.reasons import (
    HEADED_LINK,
    LINK,
    MARKUP,
    NO_ARTICLE,
    grounds_of_patterns,
    marked_captions,
    name_grounds,
    page_labels,
)
from transforms.related_links import find_link_runs
from transforms.segments import NONE
from transforms.titles import find_titles

_POSTS: Final = 3
"""Stamped posts that make a live blog."""
_HEADINGS: Final = ("title", "heading")
_RULE_POINTS: Final = 20
"""What a rule of structure puts on its lines: a score of .881 or .119."""


class Findings(NamedTuple):
    """What is found of the lines of a batch of documents."""

    points: Ints
    """For keeping each line over dropping it: it is kept from 0 on."""
    grounds: Ints
    """Why each is boilerplate, or would be: the number of one of ``GROUNDS``."""
    titles: Bools
    """The title of a document and its copies."""
    bodiless: Bools
    """The lines of documents without running text, which are kept for want of it."""


class Batch(NamedTuple):
    """Documents that are judged together."""

    documents: Sequence[Document]
    """Each has a paragraph."""
    paragraphs: Sequence[Paragraph]
    lines: Lines
    """The same as lines."""


def guess_titles(batch: Batch) -> Ints:
    """The line of each document that looks most like its title, before anything is judged."""
    starts, _ = batch.lines.core
    return _find_titles(batch, starts)


def _find_titles(batch: Batch, body_starts: Ints) -> Ints:
    known = [document.title for document in batch.documents]
    return find_titles(batch.lines, body_starts, known, _headings(batch.paragraphs))


def _headings(paragraphs: Sequence[Paragraph]) -> Bools:
    return np.array([paragraph.kind in _HEADINGS for paragraph in paragraphs], np.bool_)


def find(
    batch: Batch, points: Ints, worth: Ints, guessed: Ints, absent: Bools, related_run: int
) -> Findings:
    """What is found of the lines.

    Args:
        batch: the documents.
        points: what speaks for each line, by itself.
        worth: the same once runs are chosen.
        guessed: the titles as they were guessed.
        absent: the documents that hold no article.
        related_run: fewest headlines in a row that are links without a heading.
    """
    segments = batch.lines.segments
    has_body = segments.any(batch.lines.running) & ~absent
    found = _without_body(batch, points, np.where(has_body | absent, NONE, guessed))
    gone = segments.spread(absent)
    found = _choose(gone, _without_article(points), found)
    if has_body.any():
        body = segments.spread(has_body)
        found = _choose(body, _with_body(batch, worth, guessed, has_body, related_run), found)
    return found


def _choose(lines: Bools, found: Findings, otherwise: Findings) -> Findings:
    return Findings(*(np.where(lines, *pair) for pair in zip(found, otherwise, strict=True)))


def _without_article(points: Ints) -> Findings:
    none = np.zeros(len(points), np.bool_)
    return Findings(np.minimum(points, -_RULE_POINTS), np.full(len(points), NO_ARTICLE), none, none)


def _with_body(
    batch: Batch, worth: Ints, guessed: Ints, has_body: Bools, related_run: int
) -> Findings:
    """What is found of the documents that have running text; of others nothing that counts."""
    lines, segments = batch.lines, batch.lines.segments
    stays = lines.running & (worth >= 0)
    body = np.where(segments.spread(segments.any(stays)), stays, lines.running)
    first, last = segments.first_in(body), segments.last_in(body)
    titles = np.where(has_body, guessed, NONE)
    late = titles >= first
    if (late & has_body).any():
        titles = np.where(late, _find_titles(batch, np.where(late, first, 0)), titles)
    is_title = _copies(lines, titles)
    first_line, last_line = segments.spread(first), segments.spread(last)
    links = np.full(len(lines), NONE)
    for run in find_link_runs(lines, worth >= 0, np.where(has_body, last, NONE), related_run):
        links[run.start : run.end] = LINK if run.heading is None else HEADED_LINK
    linked = (links != NONE) & ~lines.matched
    captions = marked_captions(batch.paragraphs)
    after, before = segments.lines > last_line, segments.lines < first_line
    away = linked | (lines.matched & (lines.anywhere | after | before))
    away |= _stamps_of_posts(lines) | (after & lines.enumerations) | captions
    away |= page_labels(lines, segments.spread(titles), first_line)
    points = np.where(away, np.minimum(worth, -_RULE_POINTS), worth)
    points = np.where(is_title, np.maximum(worth, _RULE_POINTS), points)
    grounds = name_grounds(lines, captions, first_line, last_line)
    grounds = np.where(linked, links, grounds)
    return Findings(points, grounds, is_title, np.zeros(len(lines), np.bool_))


def _copies(lines: Lines, titles: Ints) -> Bools:
    """The title lines and their copies; to find copies out is for a later step."""
    wanted = lines.segments.spread(np.where(titles == NONE, NONE, lines.same[titles]))
    found: Bools = lines.same == wanted
    return found


def _stamps_of_posts(lines: Lines) -> Bools:
    """The times above the posts of a live blog: several, each before running text."""
    segments = lines.segments
    stamps = lines.of_reason("timestamp") & segments.next(lines.running)
    several: Bools = stamps & segments.spread(segments.sums(stamps) >= _POSTS)
    return several


def _without_body(batch: Batch, points: Ints, titles: Ints) -> Findings:
    """What is found of a poem, a list, a headline.

    There is no running text to measure the lines against, so only what a
    pattern gives away can go, and on a page what speaks against its block.
    Of a page's headings the first is the title if none looks like one.
    """
    lines, segments = batch.lines, batch.lines.segments
    marked = np.array([paragraph.markup is not None for paragraph in batch.paragraphs], np.bool_)
    goes = lines.matched | (marked & (points < 0))
    first_heading = segments.first_in(_headings(batch.paragraphs))
    headed = (titles == NONE) & segments.all(marked)
    titles = np.where(headed, first_heading, titles)
    is_title = segments.lines == segments.spread(titles)
    goes &= ~is_title
    bounded = np.where(goes, np.minimum(points, -1), np.maximum(points, 0))
    grounds = grounds_of_patterns(lines, MARKUP)
    return Findings(bounded, grounds, is_title, np.ones(len(lines), np.bool_))
