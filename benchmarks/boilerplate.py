"""How well the judge tells articles from boilerplate: ``python -m benchmarks.boilerplate DATA``.

DATA is a folder with ``boilerplate/``: labelled pages as ``light`` text (the article's container,
a line a block), as ``full`` text (the whole page) and as HTML, with their own ``score.py``, which
gives the figures.  Five judges are trained, each without a fifth of the sites, and each judges
the pages of its fifth; one more is trained on English and judges the rest.  The peers run beside
them.  Needs the ``bench`` extra; takes a quarter of an hour.
"""

from __future__ import annotations

import importlib.util
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Final

import click
import msgspec
import numpy as np

from benchmarks.judge_data import VIEWS, Example, View, read_examples, read_markup
from benchmarks.judge_folds import Folds, read_folds, without_vote
from benchmarks.peers import (
    LINE_PEERS,
    PAGE_PEERS,
    VOTERS,
    keep_block,
    keep_everything,
    lenient,
    majority,
    quiet,
)
from transforms.boilerplate import judge_with
from transforms.classifier import Classifier
from transforms.settings import JUDGE_MODES, JudgeMode, JudgeSettings

_BALANCED: Final = JudgeSettings()
_LEAST_PAGES: Final = 3
"""Languages with fewer pages are not reported by themselves."""
_RESAMPLES: Final = 1_000
_PER_CENT: Final = (2.5, 97.5)
_REPEATS: Final = 3
"""The fastest counts: other processes only make it slower."""

Texts = dict[int, str]
"""The text that a method keeps, by the example's index."""


class Scorer:
    """The data's own scorer."""

    def __init__(self, folder: Path, examples: Sequence[Example]) -> None:
        self._score = _load(folder / "score.py")
        self._examples = examples

    def figures(self, kept: Texts, chosen: Iterable[int]) -> dict[str, float] | None:
        """F1 with its interval, precision, recall and failures over the chosen examples."""
        rows = [self._row(self._examples[index], kept[index]) for index in chosen if index in kept]
        if not rows:
            return None
        matrix = np.array(rows, float)
        means = self._score.agg(matrix)
        spread = self._score.agg(matrix, self._score.boot_w(len(matrix), _RESAMPLES))["F1"]
        low, high = np.percentile(spread, _PER_CENT)
        named = {name: float(means[name][0]) for name in ("F1", "P", "R", "bad")}
        return named | {"low": float(low), "high": float(high), "pages": len(rows)}

    def _row(self, example: Example, text: str) -> tuple[float, ...]:
        """A page of ``score.py --ignore-title``."""
        gold, tokens = example.gold, self._score.tok
        title = " ".join(word.lower() for word in tokens(gold.title))
        lines = text.split("\n")
        if title and title not in {self._folded(line) for line in gold.text.split("\n")}:
            lines = [line for line in lines if self._folded(line) != title]
        row: tuple[float, ...] = self._score.page(gold.text, "\n".join(lines))
        return row

    def _folded(self, line: str) -> str:
        return " ".join(word.lower() for word in self._score.tok(line))


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", path)
    if spec is None or spec.loader is None:
        raise click.ClickException(f"{path} is missing")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def moved(mode: JudgeMode) -> JudgeSettings:
    """The settings of ``--judge``."""
    return msgspec.structs.replace(_BALANCED, **JUDGE_MODES[mode])


def judged(
    examples: Mapping[int, Example],
    judge_of: Callable[[int], Classifier],
    settings: JudgeSettings = _BALANCED,
) -> Texts:
    """What the judges keep."""
    kept = {}
    for index, example in examples.items():
        verdicts = judge_with(judge_of(index), example.document, settings)
        kept[index] = "\n".join(
            line
            for line, verdict in zip(example.lines(), verdicts, strict=True)
            if verdict.verdict == "keep"
        )
    return kept


def by_peers(folder: Path, examples: Sequence[Example]) -> dict[str, Texts]:
    """What the peers keep: rules on the lines of texts, extractors on the markup of pages."""
    kept: dict[str, Texts] = {}
    for name, line_method in LINE_PEERS.items():
        kept[name] = {
            index: line_method(example.lines())
            for index, example in enumerate(examples)
            if example.view != "page" or line_method in (keep_block, keep_everything)
        }
    pages = [index for index, example in enumerate(examples) if example.view == "page"]
    markup = {index: read_markup(folder, examples[index].gold) for index in pages}
    for name, page_method in PAGE_PEERS.items():
        keep = lenient(page_method)
        kept.setdefault(name, {}).update({index: keep(markup[index]) for index in pages})
    kept["vote of five"] = {
        index: majority(examples[index].lines(), [kept[name][index] for name in VOTERS])
        for index in pages
    }
    return kept


def cost(examples: Sequence[Example], classifier: Classifier) -> float:
    """Median CPU time of judging one of the examples (ms)."""
    settings = JudgeSettings()
    times = []
    for _ in range(_REPEATS):
        round_: list[float] = []
        for example in examples:
            begin = time.process_time()
            judge_with(classifier, example.document, settings)
            round_.append(1_000 * (time.process_time() - begin))
        times.append(round_)
    fastest: list[float] = np.min(times, axis=0).tolist()
    return statistics.median(fastest)


def print_table(
    title: str, scorer: Scorer, methods: Mapping[str, Texts], views: Mapping[View, Sequence[int]]
) -> None:
    """Print a row for each view and method, best first."""
    click.echo(f"\n{title}")
    click.echo("input  method                 pages     F1  95 %             P     R   F1<.5")
    for view, chosen in views.items():
        found = {name: scorer.figures(kept, chosen) for name, kept in methods.items()}
        rows = {name: figures for name, figures in found.items() if figures}
        for name, row in sorted(rows.items(), key=lambda item: -item[1]["F1"]):
            click.echo(
                f"{view:<6} {name:<22} {row['pages']:>5.0f}  {row['F1']:.4f}"
                f"  [{row['low']:.3f}, {row['high']:.3f}] {row['P']:.3f} {row['R']:.3f}"
                f"  {row['bad']:.1%}"
            )


def print_languages(
    scorer: Scorer, examples: Sequence[Example], methods: Mapping[str, Texts]
) -> None:
    """Print F1 of every language with enough pages."""
    names = ("judge", "block rule", "trafilatura")
    shown = [(view, name) for view in VIEWS for name in names if (view, name) not in _NOT_SHOWN]
    pages = Counter(e.gold.language for e in examples if e.view == "page")
    click.echo("\nF1 by language")
    click.echo("lang pages " + " ".join(f"{view}: {name}" for view, name in shown))
    for language, count in pages.most_common():
        if count < _LEAST_PAGES:
            continue
        cells = []
        for view, name in shown:
            own = _of(examples, view, lambda e, wanted=language: e.gold.language == wanted)
            figures = scorer.figures(methods[name], own)
            cells.append(f"{figures['F1']:.3f}" if figures else "-")
        padded = [cell.rjust(len(f"{v}: {n}")) for cell, (v, n) in zip(cells, shown, strict=True)]
        click.echo(f"{language:<4} {count:>5} " + " ".join(padded))


_NOT_SHOWN: Final = {("light", "trafilatura"), ("full", "trafilatura")}


def _of(examples: Sequence[Example], view: View, wanted: Callable[..., bool]) -> list[int]:
    return [i for i, example in enumerate(examples) if example.view == view and wanted(example)]


def _views(examples: Sequence[Example], wanted: Callable[..., bool]) -> dict[View, list[int]]:
    return {view: _of(examples, view, wanted) for view in VIEWS}


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--models",
    type=click.Path(file_okay=False, path_type=Path),
    help="A folder for the trained judges: those in it are used, missing ones are put there.",
)
def main(data: Path, models: Path | None) -> None:
    """Print how well each method keeps the articles in DATA and nothing else."""
    quiet()
    folder = data / "boilerplate"
    examples = [example for example in read_examples(folder) if example.document.paragraphs]
    scorer = Scorer(folder, examples)
    folds: Folds = read_folds(examples, models)
    everything = dict(enumerate(examples))
    pages = {index: e for index, e in everything.items() if e.view == "page"}
    fast = {index: without_vote(example) for index, example in pages.items()}

    def by_site(index: int) -> Classifier:
        return folds.by_site[examples[index].gold.site]

    own: dict[str, Texts] = {
        "judge": judged(everything, by_site),
        "judge, fast": judged(fast, by_site),
        "judge, strict": judged(everything, by_site, moved("strict")),
        "judge, lenient": judged(everything, by_site, moved("lenient")),
    }
    peers = by_peers(folder, examples)
    methods = own | peers
    english = _views(examples, lambda e: e.gold.language == "en")
    others = _views(examples, lambda e: e.gold.language != "en")
    print_table("English, sites unseen in training", scorer, methods, english)
    in_all = {name: methods[name] for name in ("judge", "judge, fast", "block rule", *PAGE_PEERS)}
    print_table("All languages", scorer, in_all, _views(examples, lambda _: True))
    print_languages(scorer, examples, methods)
    left_out = judged(
        {index: e for index, e in everything.items() if e.gold.language != "en"},
        lambda _: folds.english,
    )
    print_table(
        "Other languages, trained on English alone",
        scorer,
        {"judge": left_out, "block rule": methods["block rule"]},
        others,
    )
    for view, chosen in english.items():
        milliseconds = cost([examples[index] for index in chosen], folds.english)
        click.echo(f"judging a {view} text of median length: {milliseconds:.1f} ms CPU")


if __name__ == "__main__":
    main()
