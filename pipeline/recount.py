"""Count the lines of sites again, from the texts of an output."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from pipeline.rebuild import Rebuilt, index_of, stood
from transforms.deciding import TemplateVerdict
from transforms.fingerprints import END_WORDS, KINDS, digest_halves
from transforms.folded import fold_texts
from transforms.settings import Settings
from transforms.shingles import end_marks
from transforms.sites import SiteRules
from transforms.templates import (
    OUTLINE,
    find_templates,
    looks_for_templates,
    site_digest,
    template_site,
)

_KNOWN: Final = np.dtype(
    [(name, OUTLINE[name]) for name in ("position", "index", "kind", "wanted", "site")]
)


def recount_templates(
    documents: Mapping[str, Rebuilt], settings: Settings
) -> dict[tuple[str, int], TemplateVerdict]:
    """The paragraphs that belong to the template of their site, by document and index."""
    if not looks_for_templates(settings):
        return {}
    sites: list[str] = []
    ids: list[str] = []
    texts: list[str] = []
    rows: list[tuple[Any, ...]] = []
    for id, rebuilt in documents.items():
        source = rebuilt.source
        site = template_site(source.site, source.source, settings.templates)
        if site is None:
            continue
        rules = SiteRules(settings.sites, site=source.site, url=source.url, source=source.source)
        mark = site_digest(site)
        for span in stood(rebuilt):
            texts.append(span.text)
            kind = KINDS.index(span.kind)
            rows.append((len(ids), index_of(span), kind, rules.keep(span.text), mark))
        ids.append(id)
        sites.append(site)
    repeated = find_templates(_outline(rows, texts), settings.templates)
    return {
        (ids[position], index): TemplateVerdict(
            position, index, sites[position], pages, edges, site_pages
        )
        for position, index, _, pages, edges, site_pages in repeated.tolist()
    }


def _outline(rows: Sequence[tuple[Any, ...]], texts: Sequence[str]) -> NDArray[np.void]:
    """``OUTLINE`` records of the lines that have words."""
    folded = fold_texts(texts)
    worded = np.flatnonzero(folded.lengths)
    lines = np.zeros(len(worded), dtype=OUTLINE)
    known = np.array(rows, dtype=_KNOWN)[worded]
    for name in _KNOWN.fields or ():
        lines[name] = known[name]
    lines["row"] = np.arange(len(worded))
    lines["words"] = folded.lengths[worded]
    lines["opening"], lines["ending"] = end_marks(folded.stream(), lines["words"], END_WORDS)
    lines["high"], lines["low"] = digest_halves(folded.digests()[worded]).T
    return lines
