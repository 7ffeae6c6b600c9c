"""Find the lines that a site puts on its pages: its template.

A line belongs to the template when it stands on many pages that are otherwise
different.  Counting pages alone would take out the articles that a site has
many times over, so two things are asked for beside the count:

* Only pages that are *their own* count.  A line is a page's own when no
  other page of the site has a line that opens or ends with the same words; one
  changed word leaves the other end as it was.  So copies and near-copies of an
  article count for nothing, however many there are.
* Place.  Before the first and after the last of a page's own prose, a line
  that stands on a small share of the pages goes.  Between them stands what the
  author repeats (subheads, background, refrains), so there it takes a line of
  most pages, and a heading never goes.

Counts are sums over documents: they do not depend on blocks, workers or order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.deciding import TemplateVerdict
from transforms.decisions import is_body
from transforms.document import Document
from transforms.fingerprints import KINDS, Fingerprints, digest_halves
from transforms.settings import Settings, TemplateSettings
from transforms.shingles import GOLDEN, I64, U64, word_hash

_PROSE_WORDS: Final = 8
"""Shorter lines do not say where a page's own prose begins and ends: dates, tags."""

_BODY: Final = np.array([is_body(kind) for kind in KINDS])
_TITLE: Final = KINDS.index("title")
_HEADING: Final = KINDS.index("heading")

_LINE: Final = [("site", "<u8"), ("high", "<u8"), ("low", "<u8")]
"""A text on a site: half a digest of the site's name, the two halves of the folded text's."""

OUTLINE: Final = np.dtype(
    [("position", "<i4"), ("index", "<i4"), ("row", "<i4"), ("words", "<i4"), ("opening", "<u8"),
     ("ending", "<u8"), ("kind", "u1"), ("wanted", "?"), *_LINE]
)  # fmt: skip
"""A kept line of a document whose site is known: what is shuffled of it, in reading order."""

SEEN: Final = np.dtype([("mark", "<u8"), ("block", "<i4"), ("pages", "<i4")])
"""How many pages of a block have a line with this opening or ending."""

TALLY: Final = np.dtype([*_LINE, ("pages", "<i8"), ("edges", "<i8")])
"""On how many pages that are their own a line stands, and on how many at the edge.

With no text (a digest of zeros) it counts all such pages of the site.
"""

CANDIDATE: Final = np.dtype(
    [("position", "<i4"), ("index", "<i4"), ("row", "<i4"), ("edge", "?"), ("counts", "?"), *_LINE]
)
"""A line that another page of its site has too, and that may go."""

TEMPLATE: Final = np.dtype([*TALLY.descr, ("site_pages", "<i8"), ("anywhere", "?")])
"""A line of the template; ``anywhere``: it goes between a page's own lines as well."""

REPEATED: Final = np.dtype(
    [("position", "<i4"), ("index", "<i4"), ("row", "<i4"), ("pages", "<i8"), ("edges", "<i8"),
     ("site_pages", "<i8")]
)  # fmt: skip
"""A paragraph that goes, with what was counted."""

Records = NDArray[np.void]
Bools = NDArray[np.bool_]


def looks_for_templates(settings: Settings) -> bool:
    """Whether a run counts lines at all."""
    return settings.templates.drop and settings.decide.scope != "document"


def template_site(site: str | None, source: str, settings: TemplateSettings) -> str | None:
    """What counts as a document's site; ``None`` where nothing is counted.

    Args:
        site: the name that its page gives the site.
        source: the path that it was read from.

    >>> template_site(None, "feeds/herald/1.txt", TemplateSettings(folders=True))
    'feeds/herald/'
    """
    if site is not None:
        return site
    folder, slash, _ = source.rpartition("/")
    return folder + slash if settings.folders and slash else None


def site_digest(site: str | None) -> int:
    """64 bits of a site's name; 0 for none.

    Sites whose names were made to collide would be counted as one, which a page
    reaches more easily by claiming the other's name.
    """
    return 0 if site is None else word_hash(f"site {site}")


def outline(prints: Fingerprints, settings: TemplateSettings) -> Records:
    """The lines of a block whose site is known, as ``OUTLINE`` records."""
    digests = [
        site_digest(template_site(entry.site, entry.source, settings)) for entry in prints.documents
    ]
    site = np.array(digests, dtype=np.uint64)[prints.document]
    rows = np.flatnonzero(site)
    lines = np.empty(len(rows), dtype=OUTLINE)
    lines["site"] = site[rows]
    lines["position"] = prints.document[rows]
    lines["row"] = rows
    for name in ("index", "words", "opening", "ending", "kind", "wanted"):
        lines[name] = getattr(prints, name)[rows]
    halves = digest_halves(prints.folded)[rows]
    lines["high"], lines["low"] = halves[:, 0], halves[:, 1]
    return lines


def _marks(outline: Records) -> tuple[U64, U64]:
    """The marks of both ends of each line, told apart by site."""
    where = outline["site"] * np.uint64(GOLDEN)
    return outline["opening"] + where, outline["ending"] + where


def seen_marks(outline: Records, block: int) -> Records:
    """What a block tells others: on how many of its pages each mark stands; ``SEEN`` records."""
    marks = np.concatenate(_marks(outline))
    position = np.tile(outline["position"], 2)
    order = np.lexsort((position, marks))
    marks, position = marks[order], position[order]
    fresh = _starts(marks, position)
    marks = marks[fresh]
    starts = np.flatnonzero(_starts(marks))
    seen = np.empty(len(starts), dtype=SEEN)
    seen["mark"] = marks[starts]
    seen["block"] = block
    seen["pages"] = np.diff(np.append(starts, len(marks)))
    return seen


def shared_marks(seen: Records) -> Records:
    """The ``SEEN`` records of marks that stand on more than one page, whole marks given."""
    seen = seen[np.argsort(seen["mark"], kind="stable")]
    starts = np.flatnonzero(_starts(seen["mark"]))
    pages = _sums(seen["pages"], starts)
    shared: Records = seen[np.repeat(pages > 1, np.diff(np.append(starts, len(seen))))]
    return shared


class Counted(NamedTuple):
    """What a block gives to the count."""

    tally: Records
    """``TALLY`` records, each line and each site once."""
    candidates: Records
    """``CANDIDATE`` records."""


def count_lines(outline: Records, shared: U64, settings: TemplateSettings) -> Counted:
    """Count the lines of a block.

    Args:
        outline: ``OUTLINE`` records, document by document in reading order.
        shared: the marks that stand on more than one page.
    """
    opening, ending = (np.isin(marks, shared) for marks in _marks(outline))
    body = _BODY[outline["kind"]]
    own = ~opening & ~ending & body
    starts = np.flatnonzero(_starts(outline["position"]))
    page = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(outline))))
    all_words = _sums(outline["words"] * body, starts)
    own_words = _sums(outline["words"] * own, starts)
    counts = (own_words > 0) & (own_words >= settings.min_own * all_words)
    edge = _at_edge(outline, own, starts, page)
    heads = _heads_own(outline, own, page)
    may_go = (
        opening
        & ending
        & ~outline["wanted"]
        & (outline["kind"] != _TITLE)
        & ~((outline["kind"] == _HEADING) & (heads | ~edge))
    )
    candidates = np.empty(int(may_go.sum()), dtype=CANDIDATE)
    for name in ("position", "index", "row", "site", "high", "low"):
        candidates[name] = outline[name][may_go]
    candidates["edge"] = edge[may_go]
    candidates["counts"] = counts[page[may_go]]
    sites = np.zeros(int(counts.sum()), dtype=TALLY)
    sites["site"] = outline["site"][starts[counts]]
    sites["pages"] = 1
    return Counted(add_tallies(np.concatenate((sites, _pages_of(candidates)))), candidates)


def _at_edge(outline: Records, own: Bools, starts: I64, page: I64) -> Bools:
    """Whether each line stands before the first or after the last own prose of its page."""
    at = np.arange(len(outline))
    prose = own & (outline["words"] >= _PROSE_WORDS)
    # A page of short lines, a poem say, has its own lines instead.
    prose |= own & (_sums(prose.astype(np.int64), starts) == 0)[page]
    first = _least(np.where(prose, at, len(at)), starts)
    last = -_least(np.where(prose, -at, 1), starts)
    edge: Bools = (at < first[page]) | (at > last[page])
    return edge


def _heads_own(outline: Records, own: Bools, page: I64) -> Bools:
    """Whether the next line of the page is its own: a heading of it is no label."""
    heads = np.zeros(len(outline), dtype=bool)
    heads[:-1] = own[1:] & (page[1:] == page[:-1])
    return heads


def _pages_of(candidates: Records) -> Records:
    """One ``TALLY`` record for each page and line that counts.

    Where a line stands twice on a page, an inner place goes before an edge.
    """
    counting = candidates[candidates["counts"]]
    keys = [counting[name] for name in ("low", "high", "site", "position")]
    counting = counting[np.lexsort((counting["edge"], *keys))]
    counting = counting[_starts(*(counting[name] for name in ("low", "high", "position")))]
    tally = np.empty(len(counting), dtype=TALLY)
    for name in ("site", "high", "low"):
        tally[name] = counting[name]
    tally["pages"] = 1
    tally["edges"] = counting["edge"]
    return tally


def add_tallies(tally: Records) -> Records:
    """``TALLY`` records with one for each line and site, in their order."""
    tally = tally[np.lexsort((tally["low"], tally["high"], tally["site"]))]
    starts = np.flatnonzero(_starts(*(tally[name] for name in ("site", "high", "low"))))
    added = tally[starts]
    for name in ("pages", "edges"):
        added[name] = _sums(tally[name], starts)
    return added


def choose_templates(tally: Records, settings: TemplateSettings) -> Records:
    """The lines that pass a bar, as ``TEMPLATE`` records.

    Args:
        tally: what :func:`add_tallies` gives of all blocks, whole sites.
    """
    is_site = (tally["high"] == 0) & (tally["low"] == 0)
    sites, lines = tally[is_site], tally[~is_site]
    # A line that counts stands on a page that counts, so its site is there.
    site_pages = sites["pages"][np.searchsorted(sites["site"], lines["site"])]
    at_edges = lines["edges"] >= np.maximum(settings.min_pages, settings.min_share * site_pages)
    anywhere = lines["pages"] >= np.maximum(settings.inner_pages, settings.inner_share * site_pages)
    passed = at_edges | anywhere
    templates = np.empty(int(passed.sum()), dtype=TEMPLATE)
    for name in TALLY.names or ():
        templates[name] = lines[name][passed]
    templates["site_pages"] = site_pages[passed]
    templates["anywhere"] = anywhere[passed]
    return templates


def repeated_lines(candidates: Records, templates: Records) -> Records:
    """The candidates of a block that go, as ``REPEATED`` records in reading order."""
    both = np.concatenate([each[["site", "high", "low"]] for each in (templates, candidates)])
    number = np.arange(len(both))
    order = np.lexsort((number, both["low"], both["high"], both["site"]))
    ordered = both[order]
    starts = _starts(*(ordered[name] for name in ("site", "high", "low")))
    head = np.empty(len(both), dtype=np.int64)
    head[order] = order[np.maximum.accumulate(np.where(starts, number, 0))]
    template = head[len(templates) :]
    known = template < len(templates)
    found, found_in = candidates[known], templates[template[known]]
    goes = found["edge"] | found_in["anywhere"]
    found, found_in = found[goes], found_in[goes]
    repeated = np.empty(len(found), dtype=REPEATED)
    for name in ("position", "index", "row"):
        repeated[name] = found[name]
    for name in ("pages", "edges", "site_pages"):
        repeated[name] = found_in[name]
    return repeated


def template_verdicts(
    repeated: Records, documents: Sequence[Document], settings: TemplateSettings
) -> tuple[TemplateVerdict, ...]:
    """The verdicts on the documents of a block that ``REPEATED`` records stand for."""
    return tuple(
        TemplateVerdict(
            position=each["position"].item(),
            paragraph=each["index"].item(),
            site=template_site(document.site, document.source, settings) or "",
            pages=each["pages"].item(),
            edges=each["edges"].item(),
            site_pages=each["site_pages"].item(),
        )
        for each in repeated
        for document in (documents[each["position"]],)
    )


def find_templates(outline: Records, settings: TemplateSettings) -> Records:
    """The whole count on one block that is all there is, as ``REPEATED`` records."""
    shared = shared_marks(seen_marks(outline, 0))["mark"]
    counted = count_lines(outline, shared, settings)
    return repeated_lines(counted.candidates, choose_templates(counted.tally, settings))


def _starts(*columns: NDArray[np.generic]) -> Bools:
    """Whether each element is the first of a run of equal ones, in all columns together."""
    starts = np.zeros(len(columns[0]), dtype=bool)
    starts[:1] = True
    for column in columns:
        starts[1:] |= column[1:] != column[:-1]
    return starts


def _sums(values: NDArray[np.integer], starts: I64) -> I64:
    """Sums of the runs that begin at ``starts``."""
    sums: I64 = np.add.reduceat(values.astype(np.int64), starts) if len(starts) else starts
    return sums


def _least(values: I64, starts: I64) -> I64:
    least: I64 = np.minimum.reduceat(values, starts) if len(starts) else starts
    return least
