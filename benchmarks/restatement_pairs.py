"""Labelled pairs of paragraphs, with the groups that may not stand on both sides of a split."""

from __future__ import annotations

import gzip
import json
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from transforms.folding import fold, words
from transforms.restatement_features import Reading, read_paragraph
from transforms.settings import RestatementSettings
from transforms.stems import stem
from transforms.terms import Terms, document_terms

STORIES: Final = "ecb_sent"
ALONE: Final = f"{STORIES}, two sentences alone"
"""The same pairs, read without their story: what is a name is then seldom known."""
WITHIN: Final = "within_document"
PAIR_SETS: Final = ("msrp", "panmt", "sts_news")
_WITHIN_FILES: Final = ("pairs_strict_labelled.jsonl", "pairs_sentence_rule_labelled.jsonl")
_QUIET: Final = ("reuters21578", "bbc2004")
"""Corpora whose articles hardly restate anything."""
_CORPORA: Final = ("reuters21578", "newsarticles2016", "bbc2004", "fnc")

_SAME_STORY: Final = 0.45
_FEWEST_SHARED: Final = 4
"""Pairs of which two sentences share this much of their content are of one group."""
_COMMON: Final = 400
"""A stem of more sentences than this joins no groups."""
_UNLIKE: Final = (0.20, 0.45)
"""Jaccard of the content of paragraphs of one quiet article from which they are of use, and of
all their stems from which they may restate each other."""
_FREQUENT: Final = 6_000
_FEWEST_STEMS: Final = 6
_STEPS: Final = 8


class Pair(NamedTuple):
    """Two paragraphs and what is known of them."""

    of: str
    group: str
    label: bool
    one: Reading
    other: Reading
    texts: tuple[str, str]


class Rarities(NamedTuple):
    """How rare stems are, in eighths of a bit."""

    of: Mapping[str, int]
    rarest: int

    def rarity(self, term: str) -> int:
        """How rare a term is."""
        return self.of.get(term, self.rarest)


Read = Callable[[Terms], Reading]


def count_rarities(data: Path) -> Rarities:
    """The share of the corpora's paragraphs that have a stem, of the most frequent ones."""
    having: Counter[str] = Counter()
    paragraphs = 0
    for name in _CORPORA:
        for row in rows(data / "corpora" / f"{name}.jsonl.gz"):
            for text in paragraphs_of(row["text"]):
                found = {stem(word) for word in words(text) if word.isalpha()}
                if len(found) >= _FEWEST_STEMS:
                    having.update(found)
                    paragraphs += 1
    frequent = sorted(having.items(), key=lambda item: (-item[1], item[0]))[:_FREQUENT]

    def rarity(count: float) -> int:
        return int(_STEPS * math.log2(paragraphs / count))

    return Rarities({key: rarity(count) for key, count in frequent}, rarity(frequent[-1][1] / 2))


def read_pairs(data: Path, rarities: Rarities) -> list[Pair]:
    """Every decided pair of the sets, of stories and of quiet articles."""

    def read(terms: Terms) -> Reading:
        return read_paragraph(terms, rarities.rarity)

    within = list(_within(data, read))
    alone = [
        *_pair_set(data, STORIES, ALONE, read),
        *(pair for name in PAIR_SETS for pair in _pair_set(data, name, name, read)),
    ]
    groups = _join([pair for pair in alone if pair.of != ALONE])
    known = {pair.group for pair in within}
    return [
        *_stories(data, read),
        *(pair._replace(group=groups.get(pair.group, pair.group)) for pair in alone),
        *within,
        *(pair for name in _QUIET for pair in _quiet(data, name, read) if pair.group not in known),
    ]


def document_readings(texts: Sequence[str], read: Read) -> list[Reading]:
    """The paragraphs of one English document."""
    return [read(terms) for terms in document_terms(texts, "en", RestatementSettings()) or []]


def is_held_out(document: str) -> bool:
    """Whether a quiet article is kept for counting false alarms: every second one."""
    return sum(document.encode()) % 2 == 1


def paragraphs_of(text: str) -> list[str]:
    """The paragraphs of a corpus's article."""
    return [line for line in text.split("\n") if line.strip()]


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a file."""
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as lines:
        yield from map(json.loads, lines)


def _stories(data: Path, read: Read) -> Iterator[Pair]:
    folder = data / "neardup" / STORIES
    sentences = {row["id"]: row for row in rows(folder / "docs.dev.jsonl.gz")}
    topics: dict[str, list[str]] = defaultdict(list)
    for key, row in sentences.items():
        topics[row["topic"]].append(key)
    known: dict[str, Reading] = {}
    for keys in topics.values():
        readings = document_readings([sentences[key]["text"] for key in keys], read)
        known |= zip(keys, readings, strict=True)
    for row in rows(folder / "pairs.dev.jsonl.gz"):
        if row["label"] is not None:
            texts = sentences[row["a"]]["text"], sentences[row["b"]]["text"]
            group = f"{STORIES}/{sentences[row['a']]['topic']}"
            yield Pair(STORIES, group, row["label"] == 1, known[row["a"]], known[row["b"]], texts)


def _pair_set(data: Path, name: str, called: str, read: Read) -> Iterator[Pair]:
    folder = data / "neardup" / name
    sentences = {row["id"]: row for row in rows(folder / "docs.dev.jsonl.gz")}
    for number, row in enumerate(rows(folder / "pairs.dev.jsonl.gz")):
        if row["label"] is not None:
            texts = sentences[row["a"]]["text"], sentences[row["b"]]["text"]
            one, other = document_readings(texts, read)
            group = f"{name}/{sentences[row['a']].get('topic', number)}"
            yield Pair(called, group, row["label"] == 1, one, other, texts)


def _within(data: Path, read: Read) -> Iterator[Pair]:
    """Pairs of one article; its other paragraphs say what is a name, where they are known."""
    labelled = [row for name in _WITHIN_FILES for row in rows(data / "neardup" / WITHIN / name)]
    wanted = {f"{row['set']}/{row['doc']}" for row in labelled}
    articles = {
        key: paragraphs_of(row["text"])
        for name in _CORPORA
        for row in rows(data / "corpora" / f"{name}.jsonl.gz")
        if (key := f"{name}/{row['id']}") in wanted
    }
    for row in labelled:
        key = f"{row['set']}/{row['doc']}"
        readings = document_readings([*articles.get(key, []), row["p"], row["q"]], read)
        restates = row["label"] == "restates"
        yield Pair(WITHIN, key, restates, readings[-2], readings[-1], (row["p"], row["q"]))


def _quiet(data: Path, name: str, read: Read) -> Iterator[Pair]:
    """Paragraphs of one article that agree in some words, taken for different."""
    for row in rows(data / "corpora" / f"{name}.jsonl.gz"):
        if is_held_out(row["id"]):
            continue
        texts = paragraphs_of(row["text"])
        found = document_terms(texts, "en", RestatementSettings()) or []
        readings: dict[int, Reading] = {}
        for at, later in enumerate(found):
            for before in range(at):
                if not _is_of_use(found[before], later):
                    continue
                for place in (before, at):
                    if place not in readings:
                        readings[place] = read(found[place])
                one, other = readings[before], readings[at]
                if _jaccard(one.mentioned, other.mentioned) < _UNLIKE[1]:
                    both = texts[before], texts[at]
                    yield Pair(name, f"{name}/{row['id']}", False, one, other, both)


def _is_of_use(one: Terms, other: Terms) -> bool:
    return (
        min(len(one.content), len(other.content)) >= _FEWEST_STEMS
        and _jaccard(one.content, other.content) >= _UNLIKE[0]
    )


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    shared = len(one & other)
    return shared / max(len(one) + len(other) - shared, 1)


def _join(pairs: Iterable[Pair]) -> dict[str, str]:
    """Group to the group that it is part of: pairs with the same or nearly the same sentence."""
    parent: dict[str, str] = {}

    def find(group: str) -> str:
        while parent.setdefault(group, group) != group:
            group = parent[group]
        return group

    def join(one: str, other: str) -> None:
        first, second = sorted((find(one), find(other)))
        parent[second] = first

    texts: dict[str, str] = {}
    seen: set[tuple[frozenset[str], str]] = set()
    having: dict[str, list[tuple[frozenset[str], str]]] = defaultdict(list)
    for pair in pairs:
        find(pair.group)
        for reading, text in zip((pair.one, pair.other), pair.texts, strict=True):
            join(texts.setdefault(fold(text), pair.group), pair.group)
            content = frozenset(reading.terms.order)
            common = Counter(
                entry for term in content if len(having[term]) < _COMMON for entry in having[term]
            )
            for (known, group), shared in common.items():
                whole = len(content) + len(known) - shared
                if shared >= _FEWEST_SHARED and shared >= _SAME_STORY * whole:
                    join(group, pair.group)
            if (content, pair.group) not in seen:
                seen.add((content, pair.group))
                for term in content:
                    having[term].append((content, pair.group))
    return {group: find(group) for group in parent}
