"""How well restatements are told from other paragraphs: ``python -m benchmarks.restatements DATA``.

DATA is a folder with ``neardup/`` (labelled pairs) and ``corpora/`` (real news
for false alarms); see ``docs/`` for what they are.  Prints one table a question.
"""

from __future__ import annotations

import gzip
import json
import textwrap
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import click

from transforms.folding import fold, words
from transforms.restatements import Comparison, all_pairs, compare
from transforms.settings import RestatementSettings
from transforms.stems import stem
from transforms.terms import Terms, document_terms

_WITHIN: Final = ("pairs_strict_labelled.jsonl", "pairs_sentence_rule_labelled.jsonl")
_PAIR_SETS: Final = ("ecb_sent", "msrp")
_QUIET_CORPORA: Final = {"reuters21578": 1000, "bbc2004": 500}
"""Corpora that hardly restate anything, and how many documents may give one drop."""

_BAR_STEPS: Final = 100
_WIDTH: Final = 100


class Judged(NamedTuple):
    """A labelled pair and what was made of it."""

    label: bool
    verified: bool
    permitted: bool
    stem_jaccard: float


def main_table(pairs: Sequence[Judged]) -> str:
    """Precision and recall at the drop and the mark setting, and of plain stem Jaccard."""
    lines = ["                       precision  recall"]
    for name, chosen in (
        ("drop (permitted)", [pair.permitted for pair in pairs]),
        ("mark (verified)", [pair.verified for pair in pairs]),
    ):
        precision, recall = _scores(pairs, chosen)
        lines.append(f"{name:<22} {precision:>9.3f} {recall:>7.3f}")
        bar = _bar_at(pairs, recall)
        plain = _scores(pairs, [pair.stem_jaccard >= bar for pair in pairs])
        lines.append(f"  stem Jaccard >= {bar:.2f}  {plain[0]:>10.3f} {plain[1]:>7.3f}")
    return "\n".join(lines)


def _scores(pairs: Sequence[Judged], chosen: Sequence[bool]) -> tuple[float, float]:
    right = sum(pair.label and taken for pair, taken in zip(pairs, chosen, strict=True))
    return right / max(sum(chosen), 1), right / max(sum(pair.label for pair in pairs), 1)


def _bar_at(pairs: Sequence[Judged], recall: float) -> float:
    """The highest bar on plain stem Jaccard that reaches a recall."""
    for step in range(_BAR_STEPS, -1, -1):
        bar = step / _BAR_STEPS
        if _scores(pairs, [pair.stem_jaccard >= bar for pair in pairs])[1] >= recall:
            return bar
    return 0.0


def stem_jaccard(one: str, other: str) -> float:
    """Jaccard of the sets of all stems, function words included: the plain method."""
    left, right = ({stem(word) for word in words(text)} for text in (one, other))
    return len(left & right) / max(len(left | right), 1)


def judge_within(data: Path, settings: RestatementSettings) -> list[Judged]:
    """Pairs of one article; its other paragraphs say what is a name, where they are known."""
    texts: dict[str, str] = {}
    for corpus in sorted((data / "corpora").glob("*.jsonl.gz")):
        texts |= {_key(corpus.name, row["id"]): row["text"] for row in _rows(corpus)}
    judged: list[Judged] = []
    for name in _WITHIN:
        for row in _rows(data / "neardup" / "within_document" / name):
            article = _paragraphs(texts.get(_key(row["set"], row["doc"]), ""))
            terms = _terms([*article, row["p"], row["q"]], settings)
            label = row["label"] == "restates"
            found = compare(terms[-2], terms[-1], settings)
            judged.append(_judged(label, [found], row["p"], row["q"]))
    return judged


def judge_pairs(folder: Path, settings: RestatementSettings) -> list[Judged]:
    """Sentences of several articles, in either order; undecided pairs are left out.

    Sentences that carry a topic are read as one document, as a story is.
    """
    sentences = {row["id"]: row for row in _rows(folder / "docs.dev.jsonl.gz")}
    stories: dict[str, list[str]] = defaultdict(list)
    for key, row in sentences.items():
        if "topic" in row:
            stories[row["topic"]].append(key)
    known: dict[str, Terms] = {}
    for keys in stories.values():
        found = _terms([sentences[key]["text"] for key in keys], settings)
        known |= zip(keys, found, strict=True)
    judged: list[Judged] = []
    for pair in _rows(folder / "pairs.dev.jsonl.gz"):
        if pair["label"] is None:
            continue
        one, other = (sentences[pair[side]]["text"] for side in ("a", "b"))
        left, right = (
            (known[pair["a"]], known[pair["b"]]) if known else _terms([one, other], settings)
        )
        both = [compare(left, right, settings), compare(right, left, settings)]
        judged.append(_judged(pair["label"] == 1, both, one, other))
    return judged


def drops(corpus: Path, settings: RestatementSettings) -> Iterator[tuple[str, str, str]]:
    """Document, kept and removed paragraph of every drop that is no exact copy."""
    for row in _rows(corpus):
        texts = _paragraphs(row["text"])
        gone: set[int] = set()
        for earlier, later, found in all_pairs(
            document_terms(texts, "en", settings) or [], settings
        ):
            if not found.permitted or later in gone or fold(texts[earlier]) == fold(texts[later]):
                continue
            gone.add(later)
            yield row["id"], texts[earlier], texts[later]


def _judged(label: bool, found: Sequence[Comparison], one: str, other: str) -> Judged:
    return Judged(
        label,
        any(each.verified for each in found),
        any(each.permitted for each in found),
        stem_jaccard(one, other),
    )


def _terms(texts: Sequence[str], settings: RestatementSettings) -> list[Terms]:
    return document_terms(texts, "en", settings) or []


def _paragraphs(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def _key(corpus: str, document: str) -> str:
    return f"{corpus.removesuffix('.jsonl.gz')}/{document}"


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as lines:
        yield from map(json.loads, lines)


def _show(title: str, text: str) -> None:
    click.echo(textwrap.fill(f"{title} {text}", _WIDTH, subsequent_indent="          "))


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
def main(data: Path) -> None:
    """Print how the restatement tier does on the pairs and corpora in DATA."""
    settings = RestatementSettings()
    within = judge_within(data, settings)
    click.echo("within_document, pairs that go at the drop setting")
    for label, name in ((True, "restates"), (False, "different")):
        of_label = [pair for pair in within if pair.label is label]
        click.echo(f"  {name:<10} {sum(pair.permitted for pair in of_label)} of {len(of_label)}")
    click.echo(main_table(within))
    for name in _PAIR_SETS:
        judged = judge_pairs(data / "neardup" / name, settings)
        click.echo(f"\n{name}, which the scorer learned from\n{main_table(judged)}")
    for name, allowed in _QUIET_CORPORA.items():
        corpus = data / "corpora" / f"{name}.jsonl.gz"
        found = list(drops(corpus, settings))
        documents = sum(1 for _ in _rows(corpus))
        click.echo(
            f"\n{name}: {len(found)} paragraphs dropped from {documents} documents"
            f" (allowed: {documents // allowed})"
        )
        for document, kept, removed in found:
            click.echo(f"\n  {document}")
            _show("  kept:   ", kept)
            _show("  removed:", removed)


if __name__ == "__main__":
    main()
