"""Decide on a corpus: from what was verified to verdicts, block by block.

Takes the packed arrays that :mod:`transforms.candidates` and
:mod:`transforms.matching` emit and the fingerprints of the blocks that they
point into; gives verdicts in terms of documents and spans.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import msgspec
import numpy as np
from numpy.typing import NDArray

from transforms.decisions import Decision, Means, NearCopy, Tier
from transforms.document import Evidence
from transforms.fingerprints import (
    DocumentEntry,
    Fingerprints,
    ReadFingerprints,
    block_of,
    row_of,
)
from transforms.gathering import Verified, build_graph
from transforms.match_settings import done
from transforms.matching import compare_sets
from transforms.near_copies import NO_ROWS, body_sets
from transforms.restatements import Comparison
from transforms.settings import Action, Settings
from transforms.shingles import I64, SCORE_DECIMALS, Sets
from transforms.verdicts import decide


class KeptParagraph(msgspec.Struct, frozen=True):
    """The kept paragraph that a removal names."""

    document: str
    paragraph: int
    start: int
    end: int
    block: int
    position: int
    """Where the document stands in its block."""
    run: str | None = None
    """The earlier run that kept it; ``None`` for this one."""


class ParagraphVerdict(msgspec.Struct, frozen=True):
    """What becomes of one paragraph because of another."""

    position: int
    """Where the document stands in its block."""
    paragraph: int
    tier: Tier
    action: Action
    kept: KeptParagraph
    jaccard: float
    containment: float
    comparison: Comparison | None = None
    """Of a restatement of another document's paragraph; those of its own document are staged."""
    own_copy: int | None = None
    """Of a restatement, the index of the paragraph of its own document that it was compared with,
    where that went as a copy of the kept one."""


class DocumentVerdict(msgspec.Struct, frozen=True):
    """A document that goes whole, or is a near-copy of one that stays."""

    position: int
    action: Action
    means: Means
    survivor: str
    share: float
    """Share of its body that the survivor has."""
    proven: float
    """Share of the words of its body that are proven in any document."""
    run: str | None = None
    """The earlier run that kept the survivor; ``None`` for this one."""


class TemplateVerdict(msgspec.Struct, frozen=True):
    """A paragraph that its site repeats on many pages."""

    position: int
    paragraph: int
    site: str
    pages: int
    """Pages that have it; here and below only such pages count as are their own."""
    edges: int
    """Those of them on which it stands before or after the page's own prose."""
    site_pages: int

    @property
    def score(self) -> float:
        """The share of the site's pages that do not have it."""
        return round(1 - self.pages / self.site_pages, SCORE_DECIMALS)

    @property
    def evidence(self) -> Evidence:
        """What was counted."""
        return {
            "site": self.site,
            "pages": self.pages,
            "at_edges": self.edges,
            "site_pages": self.site_pages,
        }


class BlockVerdicts(msgspec.Struct, frozen=True):
    """Everything that was decided about one block."""

    paragraphs: tuple[ParagraphVerdict, ...] = ()
    documents: tuple[DocumentVerdict, ...] = ()
    templates: tuple[TemplateVerdict, ...] = ()


def decide_corpus(
    verified: Verified, read: ReadFingerprints, settings: Settings, gone: Mapping[int, I64]
) -> dict[int, BlockVerdicts]:
    """The verdicts of every block that has any.

    Args:
        read: the fingerprints of a block, by its index.
        gone: the rows of each block that belong to a site's template: they
            neither go as duplicates nor stand for any.
    """
    graph = build_graph(verified, read, settings, gone)
    decisions, dropped, found = decide(
        graph,
        settings.decide,
        settings.documents,
        done(settings.near_duplicates.action),
        done(settings.restatements.action),
    )
    near_copies = _closest(_confirm(found, read, settings, gone))
    paragraphs = _paragraph_verdicts(decisions, read)
    documents: dict[int, list[DocumentVerdict]] = defaultdict(list)
    survivors = {whole.survivor for whole in dropped} | {copy.survivor for copy in near_copies}
    entries = _entries(sorted(survivors), read)
    for whole in dropped:
        documents[block_of(whole.document)].append(
            DocumentVerdict(
                row_of(whole.document),
                "drop",
                "paragraphs",
                entries[whole.survivor].id,
                whole.share,
                whole.proven,
                _run_of(entries[whole.survivor]),
            )
        )
    action: Action = "report" if settings.documents.action == "report" else "mark"
    for copy in near_copies:
        documents[block_of(copy.document)].append(
            DocumentVerdict(
                row_of(copy.document),
                action,
                copy.means,
                entries[copy.survivor].id,
                copy.share,
                copy.proven,
                _run_of(entries[copy.survivor]),
            )
        )
    return {
        block: BlockVerdicts(tuple(paragraphs[block]), tuple(documents[block]))
        for block in sorted({*paragraphs, *documents})
    }


def _confirm(
    found: Iterable[NearCopy],
    read: ReadFingerprints,
    settings: Settings,
    gone: Mapping[int, I64],
) -> Iterator[NearCopy]:
    """Near-copies with the share that holds when templates are taken out of both bodies."""
    waiting = [each for each in found if each.means == "shingles"]
    yield from (each for each in found if each.means == "paragraphs")
    numbers = sorted({number for each in waiting for number in (each.document, each.survivor)})
    bodies = Sets.joined(
        [
            body_sets(
                read(block),
                row_of(np.array([numbers[at] for at in places], dtype=np.int64)),
                settings.documents.shingle,
                gone.get(block, NO_ROWS),
            )
            for block, places in _by_block(numbers).items()
        ]
    )
    ours = np.searchsorted(numbers, [each.document for each in waiting])
    theirs = np.searchsorted(numbers, [each.survivor for each in waiting])
    _, shares, _ = compare_sets(bodies, bodies, ours, theirs)
    for each, share in zip(waiting, shares.tolist(), strict=True):
        if share >= settings.documents.mark_share:
            yield each._replace(share=share)


def _closest(found: Iterable[NearCopy]) -> list[NearCopy]:
    """One for each document: of the larger share, and proven paragraphs before shingles."""
    best: dict[int, NearCopy] = {}
    for each in sorted(found, key=lambda each: (-each.share, each.means)):
        best.setdefault(each.document, each)
    return [best[number] for number in sorted(best)]


def _paragraph_verdicts(
    decisions: list[Decision], read: ReadFingerprints
) -> dict[int, list[ParagraphVerdict]]:
    paragraphs: dict[int, list[ParagraphVerdict]] = defaultdict(list)
    kept = _describe_kept(decisions, read)
    for block, rows in _by_block([decision.key for decision in decisions]).items():
        prints = read(block)
        for at in rows:
            decision = decisions[at]
            row = row_of(decision.key)
            paragraphs[block].append(
                ParagraphVerdict(
                    position=int(prints.document[row]),
                    paragraph=int(prints.index[row]),
                    tier=decision.tier,
                    action=decision.action,
                    kept=kept[decision.kept],
                    jaccard=decision.jaccard,
                    containment=decision.containment,
                    own_copy=None
                    if decision.through is None
                    else int(prints.index[row_of(decision.through)]),
                )
            )
    return paragraphs


def _by_block(keys: list[int]) -> dict[int, list[int]]:
    """Positions in ``keys`` by block, so that each block is read once."""
    blocks: dict[int, list[int]] = defaultdict(list)
    for at, key in enumerate(keys):
        blocks[block_of(key)].append(at)
    return dict(sorted(blocks.items()))


def _run_of(entry: DocumentEntry) -> str | None:
    return None if entry.earlier is None else entry.earlier.run


def _entries(numbers: list[int], read: ReadFingerprints) -> dict[int, DocumentEntry]:
    return {
        numbers[at]: read(block).documents[row_of(numbers[at])]
        for block, places in _by_block(numbers).items()
        for at in places
    }


def _describe_kept(decisions: list[Decision], read: ReadFingerprints) -> dict[int, KeptParagraph]:
    keys = sorted({decision.kept for decision in decisions})
    described: dict[int, KeptParagraph] = {}
    for block, at in _by_block(keys).items():
        prints = read(block)
        for key in (keys[n] for n in at):
            row = row_of(key)
            position = int(prints.document[row])
            entry = prints.documents[position]
            described[key] = KeptParagraph(
                document=entry.id,
                paragraph=int(prints.index[row]),
                start=int(prints.start[row]),
                end=int(prints.end[row]),
                block=block,
                position=position,
                run=_run_of(entry),
            )
    return described


def staying(prints: Fingerprints, verdicts: BlockVerdicts, templates: I64) -> NDArray[np.bool_]:
    """Which rows of a block stay.

    Args:
        templates: the rows that belong to a site's template.
    """
    stays = np.ones(len(prints.document), dtype=bool)
    stays[templates] = False
    whole = [each.position for each in verdicts.documents if each.action == "drop"]
    stays[np.isin(prints.document, whole)] = False
    gone = {
        (each.position, each.paragraph) for each in verdicts.paragraphs if each.action == "drop"
    }
    places = zip(prints.document.tolist(), prints.index.tolist(), strict=True)
    stays[[row for row, place in enumerate(places) if place in gone]] = False
    return stays
