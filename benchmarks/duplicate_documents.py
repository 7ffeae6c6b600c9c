"""Silver document pairs: which have a verified edge, are proven, are listed or dropped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from itertools import combinations, product
from typing import Final, NamedTuple

from benchmarks.duplicate_data import SilverPair
from benchmarks.duplicate_join import word_grams
from transforms.block import Block
from transforms.deciding import BlockVerdicts
from transforms.decisions import is_body
from transforms.document import Document
from transforms.fingerprints import KINDS, Fingerprints, row_of
from transforms.folding import words
from transforms.near_copies import alike_in_block
from transforms.settings import Settings
from transforms.single import match_block

BARS: Final = (0.1, 0.3, 0.5, 0.7, 0.8, 0.9)
"""Silver pairs are counted from each of these Jaccards on."""

_SHINGLE: Final = 5

NEARLY_ALL: Final = 0.95
"""The share of a document's body with which it goes whole (the product's default)."""


class Links(NamedTuple):
    """What was verified between the paragraphs of a block, by the texts of the paragraphs."""

    prints: Fingerprints
    rows: Mapping[str, Sequence[int]]
    """The rows of each document, by its id."""
    may_go: Mapping[bytes, frozenset[bytes]]
    """Variant to the near-duplicates for which it may go."""
    alike: frozenset[frozenset[str]]
    """Pairs of documents of which one has the share of the other from which they are marked."""


class Found(NamedTuple):
    """What became of one silver pair."""

    pair: SilverPair
    body: float
    """Their Jaccard of word 5-grams over the bodies that the judge keeps."""
    edge: bool
    """A paragraph of one is a copy or near-copy of a paragraph of the other."""
    proven: float
    """Share of one's body words that the other proves, the greater of both directions."""
    alike: bool
    """Document signatures propose it, and the exact comparison lets it pass."""
    dropped: bool
    """One of both goes whole."""
    settled: bool
    """One of both goes whole or is listed as a near-copy, of this document or another."""


def links(prints: Fingerprints, settings: Settings) -> Links:
    """Match a block and gather what was verified."""
    _, edges = match_block(prints, settings)
    may_go: dict[bytes, set[bytes]] = defaultdict(set)
    for edge in edges:
        left, right = (prints.variant[row_of(int(edge[s]))].tobytes() for s in ("left", "right"))
        if edge["left_may_go"]:
            may_go[left].add(right)
        if edge["right_may_go"]:
            may_go[right].add(left)
    rows: dict[str, list[int]] = defaultdict(list)
    for row, position in enumerate(prints.document.tolist()):
        rows[prints.documents[position].id].append(row)
    return Links(
        prints,
        rows,
        {variant: frozenset(others) for variant, others in may_go.items()},
        _alike(prints, settings),
    )


def _alike(prints: Fingerprints, settings: Settings) -> frozenset[frozenset[str]]:
    found = alike_in_block(prints, settings)
    ids = [entry.id for entry in prints.documents]
    copies: dict[int, list[int]] = defaultdict(list)
    for first, copy in found.copies.tolist():
        copies[row_of(first)].append(row_of(copy))
    pairs = {
        frozenset((ids[one], ids[other]))
        for first, others in copies.items()
        for one, other in combinations([first, *others], 2)
    }
    for left, right, *_ in found.pairs.tolist():
        sides = ([row_of(key), *copies[row_of(key)]] for key in (left, right))
        pairs |= {frozenset((ids[one], ids[other])) for one, other in product(*sides)}
    return frozenset(pairs)


def proven_share(links: Links, one: str, other: str) -> float:
    """The share of one document's body words that stand in the other, by permitted edges."""
    prints = links.prints
    body = [row for row in links.rows[one] if is_body(KINDS[int(prints.kind[row])])]
    total = int(prints.words[body].sum()) if body else 0
    proven = sum(int(prints.words[row]) for row in body if _stands_in(links, row, other))
    return round(proven / total, 4) if total else 0.0


def _stands_in(links: Links, row: int, other: str) -> bool:
    prints = links.prints
    there = links.rows[other]
    if prints.folded[row].tobytes() in {prints.folded[at].tobytes() for at in there}:
        return True
    allowed = links.may_go.get(prints.variant[row].tobytes(), frozenset())
    return not allowed.isdisjoint({prints.variant[at].tobytes() for at in there})


def body_grams(document: Document) -> frozenset[Hashable]:
    """The word 5-grams of what the judge keeps, titles and headings aside."""
    kept = zip(document.paragraphs, document.judgements, strict=True)
    text = " ".join(
        document.text_of(paragraph)
        for paragraph, judgement in kept
        if judgement.verdict == "keep" and is_body(judgement.kind)
    )
    return word_grams(words(text), _SHINGLE)


def follow(
    pairs: Sequence[SilverPair], block: Block, links: Links, verdicts: BlockVerdicts
) -> Sequence[Found]:
    """What became of each silver pair whose documents the corpus has."""
    by_id = {document.id: document for document in block.documents}
    entries = links.prints.documents
    listed = {entries[verdict.position].id for verdict in verdicts.documents}
    dropped = {
        entries[verdict.position].id for verdict in verdicts.documents if verdict.action == "drop"
    }
    found = []
    for pair in pairs:
        sides = frozenset((pair.one, pair.other))
        shares = [
            proven_share(links, one, other)
            for one, other in ((pair.one, pair.other), (pair.other, pair.one))
        ]
        found.append(
            Found(
                pair,
                body=_jaccard(*(body_grams(by_id[id]) for id in (pair.one, pair.other))),
                edge=max(shares) > 0,
                proven=max(shares),
                alike=sides in links.alike,
                dropped=not sides.isdisjoint(dropped),
                settled=not sides.isdisjoint(listed),
            )
        )
    return found


def _jaccard(one: frozenset[Hashable], other: frozenset[Hashable]) -> float:
    return len(one & other) / max(len(one | other), 1)


def documents_table(found: Sequence[tuple[str, Sequence[Found]]]) -> str:
    """One line a corpus and bar."""
    lines = [
        f"{'':>17} {'J >=':>5}   pairs    alike  listed or dropped   dropped  paragraph edge"
        f"  {NEARLY_ALL:.0%} proven"
    ]
    for name, each in found:
        for bar in BARS:
            above = [one for one in each if one.pair.jaccard >= bar]
            lines.append(
                f"{name:>17} {bar:>5.2f} {len(above):>7} {sum(one.alike for one in above):>8}"
                f" {sum(one.settled for one in above):>18} {sum(one.dropped for one in above):>9}"
                f" {sum(one.edge for one in above):>15}"
                f" {sum(one.proven >= NEARLY_ALL for one in above):>11}"
            )
    lines.append("\nthe same pairs, by the Jaccard of the bodies that the judge keeps")
    for name, each in found:
        for bar in BARS:
            above = [one for one in each if one.body >= bar]
            lines.append(
                f"{name:>17} {bar:>5.2f} {len(above):>7} {sum(one.alike for one in above):>8}"
                f" {sum(one.settled for one in above):>18} {sum(one.dropped for one in above):>9}"
            )
    return "\n".join(lines)
