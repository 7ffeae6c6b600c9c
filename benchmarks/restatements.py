"""How well restatements are told from other paragraphs: ``python -m benchmarks.restatements DATA``.

DATA is a folder with ``neardup/`` (labelled pairs) and ``corpora/`` (real news
for false alarms); see ``docs/`` for what they are.  Prints one table a question, as does
``python -m benchmarks.duplicates DATA --only restatements``.
"""

from __future__ import annotations

import gzip
import json
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import click

from transforms.folding import fold, words
from transforms.restatements import all_pairs, compare
from transforms.settings import RestatementSettings
from transforms.stems import stem
from transforms.terms import Terms, document_terms

_WITHIN: Final = ("pairs_strict_labelled.jsonl", "pairs_sentence_rule_labelled.jsonl")
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
            plain = stem_jaccard(row["p"], row["q"])
            judged.append(Judged(label, found.verified, found.permitted, plain))
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


def show_restatements(data: Path, settings: RestatementSettings) -> None:
    """Pairs of one article, the scorer on other pairs that it has not seen, and false alarms."""
    within = judge_within(data, settings)
    click.echo("\nwithin_document, which the scorer never learned from: pairs that go")
    for label, name in ((True, "restates"), (False, "different")):
        of_label = [pair for pair in within if pair.label is label]
        gone = sum(pair.permitted for pair in of_label)
        marked = sum(pair.verified for pair in of_label)
        click.echo(f"  {name:<10} {gone} of {len(of_label)}, and {marked - gone} more are marked")
    click.echo(main_table(within))
    show_unseen(data, settings)
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


def show_unseen(data: Path, settings: RestatementSettings) -> None:
    """The scorer's tables, if LightGBM is there to train the models of the folds."""
    try:
        from benchmarks.restatement_folds import curve_table, recall_table, score_sets
    except ModuleNotFoundError as error:
        click.secho(
            f"\nNOT MEASURED: pairs of other sets. The shipped model learned from them, so models"
            f" that did not are trained here, and {error.name} is missing"
            " (requirements-bench.lock).",
            fg="red",
            bold=True,
            err=True,
        )
        return
    sets = score_sets(data)
    click.echo(
        f"\npairs of other sets, by models that have not seen their group\n{recall_table(sets)}"
    )
    click.echo(
        "\nprecision@recall (plain stem Jaccard's precision there) from so many points, with the"
        f" veto; a mark needs {settings.mark_points}, a drop {settings.drop_points} and more"
    )
    click.echo(curve_table(sets, settings))


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
def main(data: Path) -> None:
    """Print how the restatement tier does on the pairs and corpora in DATA."""
    show_restatements(data, RestatementSettings())


if __name__ == "__main__":
    main()
