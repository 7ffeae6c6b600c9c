"""Whether a page holds an article at all, or only links to some, or a notice.

An article is running text in one place: lines of prose that follow each other.
On an index page prose stands in teasers with a link between each and the next;
a consent wall or an error page has next to none of its own.  When in doubt a
page has an article: a short report among many links keeps its text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
import re2

from transforms.arrays import Bools, Ints
from transforms.document import Evidence, Paragraph
from transforms.lines import Lines
from transforms.markup_features import link_densities

Absence = Literal["links", "teasers", "consent", "error"]
"""What stands on a page instead of an article."""

_PER_MILLE: Final = 1_000

# Which lines are running text.
_PROSE: Final = 8
"""Words from which a line of prose is running text: shorter ones are prompts as often as not."""
_LONG: Final = 30
"""Words from which a line is running text however it ends."""
_HALF: Final = 5
"""Words from which a line counts half: items of a list, verses, questions."""
_MOST_LINKED: Final = 333
_LINK: Final = 500
"""Characters inside links, in thousandths: a line of running text has no more than the first, a
link no fewer than the second."""

# What the lines between two pieces of running text cost, in words of it.
_LABEL_COST: Final = 3
_LINK_COST: Final = 25
_HEADLINE_COST: Final = 60
"""A heading that is a link opens another story; inside an article it is an exception."""

# Measured: no rule takes any of 773 pages for one without an article.
_MANY_LINKS: Final = 250
_LINKED_WORDS: Final = 50
"""A page of links has this share of its words inside them, in thousandths, and so many words."""
_HEADLINE: Final = 2
_CARDS: Final = 6
"""A page with so many headings that are links, of two words or more, and so many pieces of running
text is one as well."""
_TOO_LITTLE: Final = 40
"""A page of links with fewer words of running text in one place is nothing but links; the least
on a page with an article is 51."""
_TEASER: Final = 50
_STANDS_OUT: Final = 2
"""A page of links is made of teasers if its longest run has fewer words than the first, and less
than so many times the words of the next."""
_NOTICE: Final = 300
_MOSTLY: Final = 600
"""A page is a notice on consent if it has up to so many words of running text, and this share of
them, in thousandths, in lines about that."""

_CONSENT: Final = re2.compile(
    r"(?i)\bcookies?\b|\bconsent|privacy|einwillig|zustimm|datenschutz|confidentialit|consenti"
    r"|privacidad|\bconsenso\b|toestemming|samtyck|samtykk|\bzgod[aęy]\b|soubory cookie|куки|同意"
)
_ERROR: Final = re2.compile(r"(?i)(?:^|\D)(?:40[0-9]|410|50[0-9])(?:\D|$)|\bnot found\b")
"""The numbers of HTTP's errors need no translation."""


def missing_articles(
    lines: Lines, paragraphs: Sequence[Paragraph], kept: Bools
) -> dict[int, Evidence]:
    """Why some of the documents hold no article; the others may hold one, as plain text does.

    Args:
        lines: the lines of a batch of documents.
        paragraphs: the same as paragraphs.
        kept: which lines may belong to an article; of the others none is running text.
    """
    segments = lines.segments
    marked = np.array([paragraph.markup is not None for paragraph in paragraphs], np.bool_)
    pages = np.flatnonzero(segments.all(marked))
    if not len(pages):
        return {}
    linked = link_densities(paragraphs)
    heading = np.array([p.kind in ("title", "heading") for p in paragraphs], np.bool_)
    worth = _running_words(lines, paragraphs, linked, kept & ~heading)
    headline = heading & (linked >= _LINK) & (lines.words >= _HEADLINE)
    link = ((linked >= _LINK) & (lines.words >= _HALF)) | headline
    cost = np.where(link, np.where(heading, _HEADLINE_COST, _LINK_COST), _LABEL_COST)
    values = np.where(worth > 0, worth, -cost)
    headlines = segments.sums(headline)
    running = segments.sums(worth)
    linked_words = segments.sums(lines.words * linked) // _PER_MILLE
    shares = _PER_MILLE * linked_words // np.maximum(segments.sums(lines.words), 1)
    of_links = (linked_words >= _LINKED_WORDS) & (shares >= _MANY_LINKS)
    missing: dict[int, Evidence] = {}
    for page in pages.tolist():
        own = slice(int(segments.starts[page]), int(segments.ends[page]))
        runs = _runs(values[own])
        *_, next_longest, longest = sorted((0, 0, *runs))
        links = of_links[page] or min(int(headlines[page]), len(runs)) >= _CARDS
        absence: Absence | None = None
        if links and longest < _TOO_LITTLE:
            absence = "links"
        elif links and longest < min(_TEASER, _STANDS_OUT * next_longest):
            absence = "teasers"
        elif _is_about_consent(lines.texts[own], worth[own]):
            absence = "consent"
        elif longest < _TOO_LITTLE and _names_error(lines.texts[own], heading[own]):
            absence = "error"
        if absence is not None:
            missing[page] = {
                "instead": absence,
                "longest": longest,
                "running": int(running[page]),
                "linked": int(shares[page]),
            }
    return missing


def _running_words(
    lines: Lines, paragraphs: Sequence[Paragraph], linked: Ints, kept: Bools
) -> Ints:
    """How many words of running text each line counts for."""
    caption = np.array([paragraph.kind == "caption" for paragraph in paragraphs], np.bool_)
    own = kept & (linked <= _MOST_LINKED) & ~caption & ~lines.matched
    whole = (lines.prose & (lines.words >= _PROSE)) | (lines.words >= _LONG)
    half = np.where(lines.words >= _HALF, lines.words // 2, 0)
    return np.where(own, np.where(whole, lines.words, half), 0)


def _runs(worth: Ints) -> list[int]:
    """The words of each run of running text, as they stand on the page."""
    peaks = []
    current = peak = 0
    for value in (*worth.tolist(), -int(worth.clip(0).sum())):
        current += value
        peak = max(peak, current)
        if current <= 0:
            if peak:
                peaks.append(peak)
            current = peak = 0
    return peaks


def _is_about_consent(texts: Sequence[str], worth: Ints) -> bool:
    running = int(worth.sum())
    if not 0 < running <= _NOTICE:
        return False
    of_words = zip(texts, worth.tolist(), strict=True)
    consent = sum(words for text, words in of_words if words and _CONSENT.search(text))
    return bool(consent * _PER_MILLE >= running * _MOSTLY)


def _names_error(texts: Sequence[str], heading: Bools) -> bool:
    return any(_ERROR.search(texts[index]) for index in np.flatnonzero(heading).tolist())
