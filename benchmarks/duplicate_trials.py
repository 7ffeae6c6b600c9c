"""The flow on texts that were made for it, and what it dropped on a corpus."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from benchmarks.duplicate_cases import Changed, lost_numbers
from benchmarks.duplicate_data import plain_documents
from benchmarks.duplicate_recall import proposed_pairs
from transforms.block import Block
from transforms.deciding import BlockVerdicts
from transforms.fingerprints import fingerprint, row_of
from transforms.matching import compare_sets, gather, passes_bar
from transforms.settings import Settings
from transforms.shingles import stream_sets
from transforms.single import decide_block


class Drop(NamedTuple):
    """A paragraph that went, and the one that it went for."""

    document: str
    removed: str
    kept: str
    tier: str
    jaccard: float


class Whole(NamedTuple):
    """What went with a whole document without a proof of its own."""

    document: str
    survivor: str
    unproven: Sequence[str]
    lost: Sequence[str]
    """Numbers in it that the survivor lacks."""


class ChangedResult(NamedTuple):
    """What became of the cases of one changed word."""

    cases: int
    unrelated: int
    """Paragraphs beside them that are like no other."""
    found: int
    """Cases that a band proposes and that pass the bar."""
    gone: int
    """Cases of which one text goes, all vetoes heard."""
    wrong: Sequence[Drop]
    """Drops that are no case."""


def verified(texts: Sequence[str], settings: Settings) -> set[frozenset[str]]:
    """The pairs of texts that are proposed and pass the bar, vetoes aside."""
    near = settings.near_duplicates
    block = plain_documents([(f"{at:07}", text) for at, text in enumerate(texts)])
    prints = fingerprint(block, settings.decide)
    pairs, _ = proposed_pairs(prints, settings)
    rows = gather(pairs, lambda _: prints)
    sizes = rows.words.sizes()
    sets = stream_sets(rows.words.hashes, sizes, near.shingle)
    jaccard, *_ = compare_sets(sets, sets, rows.left, rows.right)
    passed = passes_bar(jaccard, sizes[rows.left], sizes[rows.right], near)
    left, right = row_of(pairs["left"]), row_of(pairs["right"])
    left, right = (np.searchsorted(prints.shingled, rows) for rows in (left, right))
    return {
        frozenset((prints.texts[one], prints.texts[other]))
        for one, other in zip(left[passed].tolist(), right[passed].tolist(), strict=True)
    }


def trial(texts: Sequence[str], settings: Settings) -> list[Drop]:
    """What goes when each text is the one paragraph of a document of its own."""
    block = plain_documents([(f"{at:07}", text) for at, text in enumerate(texts)])
    return drops(block, decide_block(block, settings).verdicts)


def drops(block: Block, verdicts: BlockVerdicts) -> list[Drop]:
    """Every paragraph that a verdict drops, copies and restatements included."""
    found = []
    for verdict in verdicts.paragraphs:
        if verdict.action != "drop":
            continue
        document = block.documents[verdict.position]
        kept = block.documents[verdict.kept.position]
        found.append(
            Drop(
                document.id,
                document.text_of(document.paragraphs[verdict.paragraph]),
                kept.text[verdict.kept.start : verdict.kept.end],
                verdict.tier,
                verdict.jaccard,
            )
        )
    return found


def whole_documents(block: Block, verdicts: BlockVerdicts) -> list[Whole]:
    """The documents that go whole with paragraphs that nothing proves."""
    by_id = {document.id: document for document in block.documents}
    proven = {(verdict.position, verdict.paragraph) for verdict in verdicts.paragraphs}
    found = []
    for verdict in verdicts.documents:
        if verdict.action != "drop":
            continue
        document = block.documents[verdict.position]
        unproven = [
            document.text_of(paragraph)
            for paragraph, judgement in zip(document.paragraphs, document.judgements, strict=True)
            if judgement.verdict == "keep" and (verdict.position, paragraph.index) not in proven
        ]
        if unproven:
            lost = lost_numbers("\n".join(unproven), by_id[verdict.survivor].text)
            found.append(Whole(document.id, verdict.survivor, unproven, lost))
    return found


def changed_words(
    cases: Sequence[Changed], unrelated: Sequence[str], settings: Settings
) -> ChangedResult:
    """Run the cases among the unrelated paragraphs."""
    wanted = {frozenset(case) for case in cases}
    texts = [*(text for case in cases for text in case), *unrelated]
    found = verified(texts, settings)
    gone = trial(texts, settings)
    pairs = {frozenset((drop.removed, drop.kept)) for drop in gone}
    return ChangedResult(
        cases=len(cases),
        unrelated=len(unrelated),
        found=len(wanted & found),
        gone=len(wanted & pairs),
        wrong=[
            *(drop for drop in gone if frozenset((drop.removed, drop.kept)) not in wanted),
            *(Drop("", min(pair), max(pair), "verified", 0.0) for pair in found - wanted),
        ],
    )
