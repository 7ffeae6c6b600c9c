"""The same documents through copydesk and other tools, each in an environment of its own."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.duplicate_data import judge_all, read_rows, records, shuffle_key, silver_pairs
from benchmarks.duplicate_join import word_grams
from transforms.document import Record
from transforms.folding import words
from transforms.settings import Settings
from transforms.single import decide_block

PEERS: Final = {
    "datasketch": "run_datasketch.py",
    "datatrove": "run_datatrove.py",
    "text-dedup": "run_text_dedup.py",
}
"""A peer's environment is the folder of this name; its script stands in ``peer_dedup``."""

THRESHOLD: Final = 0.7
"""The Jaccard of word 5-grams that all peers are told, or default to."""

_CORPORA: Final = ("fnc", "newsarticles2016")
_TITLES: Final = "newsarticles2016"
_SHORT: Final = 200
_SHORT_WORDS: Final = (2, 6)
_SHINGLE: Final = 5
_BARS: Final = (0.5, 0.7, 0.8, 0.9)
_COVERED: Final = 0.8
"""Share of its 5-grams with which a shorter document stands in a longer one."""


class Removed(NamedTuple):
    """A removed document, and the kept one that the tool names for it."""

    id: str
    kept: str | None


class Score(NamedTuple):
    """What a tool did to the documents."""

    removed: int
    recall: Mapping[float, tuple[int, int]]
    """By Jaccard: the silver pairs of which not both are left, and all of them."""
    wrong: int
    """Removed documents that have the threshold's Jaccard with no kept one."""
    uncovered: int
    """Those of them that do not even stand in a kept one with most of their 5-grams."""
    short: int
    """Short documents lost; none of them has a copy."""
    traced: int
    """Removed documents for which the tool names a document that is kept."""
    right: int
    """Those of them whose named document has the threshold's Jaccard, or most of their 5-grams."""


def documents(data: Path) -> list[Record]:
    """Two corpora, and headlines of a few words as short documents, all of them different."""
    found = [record for corpus in _CORPORA for record in records(data, corpus)]
    rows = read_rows(data / "corpora" / f"{_TITLES}.jsonl.gz")
    titles: dict[str, str] = {}
    for row in sorted(rows, key=lambda row: shuffle_key(row["id"])):
        folded = words(row["title"])
        if _SHORT_WORDS[0] <= len(folded) <= _SHORT_WORDS[1]:
            titles.setdefault(" ".join(folded), row["title"])
    found += [
        Record(id=f"short/{at}", source="short", data=title.encode(), media_type="text/plain")
        for at, title in enumerate(list(titles.values())[:_SHORT])
    ]
    return found


def run_peer(python: Path, script: str, source: Sequence[Record]) -> list[Removed]:
    """Run a peer's script with its own Python and read what it removed."""
    with tempfile.TemporaryDirectory() as scratch:
        given, taken = Path(scratch, "in.jsonl"), Path(scratch, "out.jsonl")
        with given.open("w") as out:
            for record in source:
                out.write(json.dumps({"id": record.id, "text": record.data.decode()}) + "\n")
        subprocess.run(  # noqa: S603  the user names the environment
            [python, Path(__file__).parent / "peer_dedup" / script, given, taken],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": scratch},
        )
        return [Removed(row["removed"], row["kept"]) for row in read_rows(taken)]


def run_copydesk(
    source: Sequence[Record], settings: Settings
) -> tuple[list[Removed], list[Removed]]:
    """The documents that copydesk drops whole, and those that it lists as near-copies.

    Each with the survivor that it names.
    """
    block = judge_all(source, settings)
    verdicts = decide_block(block, settings).verdicts
    dropped: list[Removed] = []
    listed: list[Removed] = []
    for verdict in verdicts.documents:
        named = Removed(block.documents[verdict.position].id, verdict.survivor)
        (dropped if verdict.action == "drop" else listed).append(named)
    return dropped, listed


def score(data: Path, source: Sequence[Record], removed: Sequence[Removed]) -> Score:
    """Compare what was removed with exact 5-gram Jaccard."""
    grams = {r.id: word_grams(words(r.data.decode()), _SHINGLE) for r in source}
    gone = {each.id for each in removed}
    nearest = _nearest(grams, gone)
    pairs = [pair for corpus in _CORPORA for pair in silver_pairs(data, corpus)]
    wrong = [id for id in gone if nearest[id][0] < THRESHOLD]
    named = [each for each in removed if each.kept is not None and each.kept not in gone]
    return Score(
        removed=len(gone),
        recall={
            bar: (
                sum(not gone.isdisjoint((p.one, p.other)) for p in pairs if p.jaccard >= bar),
                sum(p.jaccard >= bar for p in pairs),
            )
            for bar in _BARS
        },
        wrong=len(wrong),
        uncovered=sum(nearest[id][1] < _COVERED for id in wrong),
        short=sum(id.startswith("short/") for id in gone),
        traced=len(named),
        right=sum(_justifies(grams[each.id], grams[str(each.kept)]) for each in named),
    )


def _justifies(removed: frozenset[Hashable], kept: frozenset[Hashable]) -> bool:
    shared = len(removed & kept)
    return (
        shared >= THRESHOLD * len(removed | kept) or shared >= _COVERED * len(removed)
    ) and shared > 0


def _nearest(
    grams: Mapping[str, frozenset[Hashable]], gone: set[str]
) -> Mapping[str, tuple[float, float]]:
    """The greatest Jaccard and containment of each removed document with any kept one."""
    holders: dict[Hashable, list[str]] = defaultdict(list)
    wanted = frozenset[Hashable]().union(*(grams[id] for id in gone))
    for id, own in grams.items():
        if id not in gone:
            for gram in own & wanted:
                holders[gram].append(id)
    found = {}
    for id in gone:
        shared = Counter(kept for gram in grams[id] for kept in holders.get(gram, ()))
        found[id] = (
            max((n / (len(grams[id]) + len(grams[k]) - n) for k, n in shared.items()), default=0.0),
            max((n / len(grams[id]) for n in shared.values()), default=0.0),
        )
    return found


def peers_table(scores: Sequence[tuple[str, Score]], listed: Score) -> str:
    """One line a tool, and the recall of copydesk with what it lists and keeps."""
    heads = "".join(f"{f'J >= {bar:.1f}':>10}" for bar in _BARS)
    lines = [
        f"{'':<19} removed{heads}  no kept J >= {THRESHOLD}  nor contained  short lost"
        "  kept one named  rightly"
    ]
    for name, each in scores:
        lines.append(
            f"{name:<19} {each.removed:>7}{_recall_cells(each)} {each.wrong:>16}"
            f" {each.uncovered:>14} {each.short:>11} {each.traced:>15} {each.right:>8}"
        )
    lines.append(f"{'copydesk, or listed':<19} {'':>7}{_recall_cells(listed)}")
    return "\n".join(lines)


def _recall_cells(score: Score) -> str:
    return "".join(f"{f'{part}/{whole}':>10}" for part, whole in score.recall.values())
