"""Count the lines of sites again, from the texts of an output."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from pipeline.rebuild import Rebuilt, index_of, stood
from transforms.deciding import TemplateVerdict
from transforms.fingerprints import KINDS, digest_halves, line_marks
from transforms.folding import digest, words
from transforms.settings import Settings
from transforms.sites import SiteRules
from transforms.templates import (
    OUTLINE,
    find_templates,
    looks_for_templates,
    site_digest,
    template_site,
)


def recount_templates(
    documents: Mapping[str, Rebuilt], settings: Settings
) -> dict[tuple[str, int], TemplateVerdict]:
    """The paragraphs that belong to the template of their site, by document and index."""
    if not looks_for_templates(settings):
        return {}
    sites: list[str] = []
    ids: list[str] = []
    rows: list[tuple[Any, ...]] = []
    for id, rebuilt in documents.items():
        source = rebuilt.source
        site = template_site(source.site, source.source, settings.templates)
        if site is None:
            continue
        rules = SiteRules(settings.sites, site=source.site, url=source.url, source=source.source)
        mark = site_digest(site)
        for span in stood(rebuilt):
            if folded := words(span.text):
                halves = digest_halves(np.frombuffer(digest(" ".join(folded)), dtype="V16"))
                rows.append(
                    (
                        len(ids),
                        index_of(span),
                        len(rows),
                        len(folded),
                        *line_marks(folded),
                        KINDS.index(span.kind),
                        rules.keep(span.text),
                        mark,
                        *halves[0].tolist(),
                    )
                )
        ids.append(id)
        sites.append(site)
    repeated = find_templates(np.array(rows, dtype=OUTLINE), settings.templates)
    return {
        (ids[position], index): TemplateVerdict(
            position, index, sites[position], pages, edges, site_pages
        )
        for position, index, _, pages, edges, site_pages in repeated.tolist()
    }
