"""What a page's markup says of each line, beside its text: whole numbers, a named column each."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple, get_args

import numpy as np

from transforms.arrays import Ints
from transforms.document import Kind, Markup, Paragraph
from transforms.features import MISSING, PER_MILLE, Table, as_table
from transforms.lines import Lines
from transforms.windows import means, run_lengths, shifted

_STEP: Final = " > "
_LEVELS: Final = 4
"""Blocks form groups by their paths, and by these less up to so many last steps."""
_WINDOWS: Final = ((2, 2), (6, 6), (8, 0), (0, 8))
"""Lines before and after."""
_NEIGHBOURS: Final = (-2, -1, 1, 2)
_MOST_LINES: Final = 500
_MOST_RUN: Final = 200
_LAST: Final = "="
"""Marks the words of a path's last step."""
_STEPS_REMEMBERED: Final = 1 << 14
"""Pages of a site are made of the same steps."""
_MOST_DEPTH: Final = 40
_KIND_CODES: Final = {kind: code for code, kind in enumerate(get_args(Kind))}
_TAGS: Final = (
    *("p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "figcaption"),
    *("blockquote", "span", "section", "article", "ul", "ol", "dd", "dt", "figure", "aside"),
    *("header", "footer", "nav", "main", "form", "pre", "summary", "tr"),
)
_TAG_CODES: Final = {tag: code for code, tag in enumerate(_TAGS, start=1)}
_PROSE_CAP: Final = 60

# One character class after another: cannot backtrack.  A class name is words: `relatedLinks`,
# `related-links`, `related_links` say the same.
_NAMES_FROM: Final = re.compile(r"[#.]")
_NAME_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")


def step_words(step: str) -> list[str]:
    """The words of a step of a tag path.

    >>> step_words("p#top.leadText")
    ['p', 'top', 'lead', 'text']
    """
    return [word.lower() for word in _NAME_WORD.findall(step)]


def path_buckets(paths: Sequence[str], bits: int) -> tuple[Ints, Ints]:
    """The distinct buckets of each path's words, and the path's position for each.

    The words of the last step count twice: among the others, and as its own.
    """
    buckets: list[int] = []
    sizes = []
    for path in paths:
        steps = path.split(_STEP)
        own = set(_step_buckets(_LAST, steps[-1], bits))
        for step in steps:
            own.update(_step_buckets("", step, bits))
        buckets += sorted(own)
        sizes.append(len(own))
    return np.array(buckets, np.int64), np.repeat(np.arange(len(paths)), sizes)


@lru_cache(_STEPS_REMEMBERED)
def _step_buckets(mark: str, step: str, bits: int) -> tuple[int, ...]:
    return tuple(zlib.crc32((mark + word).encode()) >> (32 - bits) for word in step_words(step))


def markup_features(
    lines: Lines, paragraphs: Sequence[Paragraph], grams: Ints, paths: Ints
) -> Table:
    """The features of the lines of pages; those of trafilatura's vote only if it voted.

    Args:
        lines: the lines of a batch of pages, on all or on none of which an extractor voted.
        paragraphs: the same as paragraphs, each with its markup.
        grams: the scores of the lines' words.
        paths: the scores of the words in the lines' tag paths.
    """
    segments = lines.segments
    marks = [paragraph.markup or _NONE for paragraph in paragraphs]
    ways = _distinct_ways(segments.of.tolist(), [mark.path for mark in marks])
    tag = np.array([_TAG_CODES.get(_last_tag(path), 0) for path in ways.paths])[ways.number]
    steps = np.array([min(path.count(_STEP) + 1, _MOST_DEPTH) for path in ways.paths])
    depth = steps[ways.number]
    linked = link_densities(paragraphs)
    # Unknown words, of another language say, shift the scores of all lines alike.
    start, end = lines.core
    sums = np.append(0, np.cumsum(grams))
    usual = segments.spread((sums[end] - sums[start]) // np.maximum(end - start, 1))
    columns = {
        "core grams": usual,
        "grams over core": grams - usual,
        "links": linked,
        "kind": np.array([_KIND_CODES[paragraph.kind] for paragraph in paragraphs]),
        "tag": tag,
        "depth": depth,
        "paths": paths,
    }
    around = {"links": linked, "paths": 10 * paths}
    near = {"links": linked, "paths": paths, "tag": tag, "depth": depth}
    extracted = None
    if has_vote(paragraphs):
        extracted = np.array([bool(mark.extracted) for mark in marks], np.int64)
        votes = segments.sums(extracted)
        columns |= {
            "extracted": extracted,
            "extraction": segments.spread(np.minimum(votes, 1)),
            "extracted lines": segments.spread(PER_MILLE * votes // segments.sizes),
        }
        around["extracted"] = PER_MILLE * extracted
        near["extracted"] = extracted
    stacked = np.stack(list(around.values()), axis=1)
    for (before, after), mean in zip(_WINDOWS, means(stacked, segments, _WINDOWS), strict=True):
        for index, name in enumerate(around):
            columns[f"{name} -{before}+{after}"] = mean[:, index]
    picked = np.stack(list(near.values()), axis=1)
    for by in _NEIGHBOURS:
        moved = shifted(picked, segments, by, MISSING)
        for index, name in enumerate(near):
            columns[f"{name} {by:+d}"] = moved[:, index]
    columns |= _groups(lines, ways, grams, linked, extracted)
    return as_table(columns)


def link_densities(paragraphs: Sequence[Paragraph]) -> Ints:
    """The share of each paragraph's characters that stand inside links, in thousandths."""
    shares = [
        paragraph.markup.link_density if paragraph.markup else 0.0 for paragraph in paragraphs
    ]
    return np.rint(PER_MILLE * np.array(shares, np.float64)).astype(np.int64)


def has_vote(paragraphs: Sequence[Paragraph]) -> bool:
    """Whether an extractor voted on the page's blocks."""
    return any(p.markup is not None and p.markup.extracted is not None for p in paragraphs)


_NONE: Final = Markup(path="", link_density=0.0, extracted=None)


class _Ways(NamedTuple):
    """The distinct tag paths of each page of a batch."""

    documents: list[int]
    paths: list[str]
    number: Ints
    """The number of each line's path, or of each longer path's beginning."""


def _distinct_ways(documents: Sequence[int], paths: Sequence[str]) -> _Ways:
    numbers: dict[tuple[int, str], int] = {}
    keys = zip(documents, paths, strict=True)
    number = [numbers.setdefault(key, len(numbers)) for key in keys]
    return _Ways([key[0] for key in numbers], [key[1] for key in numbers], np.array(number))


def _last_tag(path: str) -> str:
    return _NAMES_FROM.split(path.rpartition(_STEP)[2], maxsplit=1)[0]


def _groups(
    lines: Lines, ways: _Ways, grams: Ints, linked: Ints, extracted: Ints | None
) -> dict[str, Ints]:
    """How much prose, links and votes the blocks hold that share a path, or its beginning.

    Args:
        lines: the lines of the pages.
        ways: their distinct tag paths.
        grams: the scores of the lines' words.
        linked: the lines' link densities, per mille.
        extracted: trafilatura's votes, if it voted.
    """
    words = np.minimum(lines.words, _PROSE_CAP)
    prose = np.where(lines.prose, words, 0)
    all_prose = np.maximum(lines.segments.sums(prose), 1)
    columns: dict[str, Ints] = {}
    group = ways.number
    for level in range(_LEVELS):
        if level:
            parents = [path.rpartition(_STEP)[0] for path in ways.paths]
            ways = _distinct_ways(ways.documents, parents)
            group = ways.number[group]
        count = len(ways.paths)
        sizes = np.bincount(group, minlength=count)
        all_words = np.maximum(_sums(group, words, count), 1)
        own_prose = _sums(group, prose, count)
        values = {
            "prose": PER_MILLE * own_prose // all_prose[ways.documents],
            "prose share": PER_MILLE * own_prose // all_words,
            "lines": np.minimum(sizes, _MOST_LINES),
            "links": _sums(group, linked, count) // sizes,
            "grams": _sums(group, 10 * grams, count) // sizes,
        }
        if extracted is not None:
            values["extracted"] = PER_MILLE * _sums(group, extracted * words, count) // all_words
        columns |= {f"group {level} {name}": value[group] for name, value in values.items()}
        columns[f"group {level} run"] = np.minimum(run_lengths(group, lines.segments), _MOST_RUN)
    return columns


def _sums(group: Ints, values: Ints, count: int) -> Ints:
    """Sums by group; of whole numbers, so floats hold them exactly."""
    return np.bincount(group, weights=values, minlength=count).astype(np.int64)
