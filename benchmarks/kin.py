"""What becomes of related links and their kin: ``python -m benchmarks.kin DATA [--models FOLDER]``.

DATA holds ``boilerplate/``, the labelled pages.  ``labels/kin.jsonl`` names lines of them by page
and number and says what each is; everything but ``article`` is to be dropped.  Prints a table for
the whole page as lines and one for its rendered markup.

The shipped model has seen these pages.  FOLDER holds models that have not: ``folds.json`` says by
site the name of the model file beside it that was trained without the site.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Final, NamedTuple

import click
import msgspec

from benchmarks.judge_data import Example, Gold, read_examples
from benchmarks.judge_folds import read_by_site
from transforms.boilerplate import judge, judge_with
from transforms.document import Document, Judgement
from transforms.settings import JudgeSettings

_LABELS: Final = Path(__file__).parent / "labels" / "kin.jsonl"
_CLASSES: Final = (
    "related-heading",
    "related-link-headed",
    "related-link-unheaded",
    "related-link-middle",
    "read-more",
    "comment",
    "teaser",
    "caption",
    "bio",
    "subscription",
    "cookie",
    "live-blog-stamp",
    "article",
)
"""In the order of the table."""
_REASONS: Final = 3
_SETTINGS: Final = JudgeSettings()
_WORD: Final = re.compile(r"\w+")
_LEAST_SHARE: Final = 0.5
"""A line stands in a block when it has at least this share of the block's letters."""


class Label(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"kind": "class"}):
    """What a line is."""

    id: str
    """Of the page."""
    line: int
    """In the ``full`` text, from 1."""
    kind: str


class Outcome(NamedTuple):
    """A labelled line and what was made of it."""

    label: Label
    judgement: Judgement | None
    """``None`` where the view does not have the line."""


JudgePage = Callable[[Gold, Document], Sequence[Judgement]]
"""The judgements of a page's document, by a model that has not seen the page's site."""


def judge_by_site(models: Path | None) -> JudgePage:
    """The shipped judge, or that of each site's own model in the folder."""
    if models is None:
        return _judge_shipped
    by_site = read_by_site(models)

    def judge_unseen(gold: Gold, document: Document) -> Sequence[Judgement]:
        return judge_with(by_site[gold.site], document, _SETTINGS)

    return judge_unseen


def _judge_shipped(_: Gold, document: Document) -> Sequence[Judgement]:
    return judge(document, _SETTINGS)


def read_labels(path: Path) -> dict[str, list[Label]]:
    """The labels by page, lines in order."""
    labels = defaultdict(list)
    for label in msgspec.json.Decoder(Label).decode_lines(path.read_bytes()):
        labels[label.id].append(label)
    return labels


def judgements(
    examples: Iterable[Example], labels: Mapping[str, Sequence[Label]], judge_page: JudgePage
) -> dict[str, list[Outcome]]:
    """What was made of each labelled line, by view; a page's text comes before its markup."""
    outcomes: dict[str, list[Outcome]] = {"full": [], "page": []}
    texts: dict[str, Document] = {}
    for gold, view, document, _ in examples:
        own = labels.get(gold.id)
        if own is None or view not in outcomes:
            continue
        places: Sequence[int | None]
        if view == "full":
            texts[gold.id] = document
            places = _paragraphs_of_lines(document, own)
        else:
            places = _blocks_of_lines(texts[gold.id], document, own)
        found = judge_page(gold, document)
        outcomes[view] += (
            Outcome(label, None if place is None else found[place])
            for label, place in zip(own, places, strict=True)
        )
    return outcomes


def _paragraphs_of_lines(document: Document, labels: Sequence[Label]) -> list[int]:
    starts = [0]
    for line in document.text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    ends = [paragraph.end for paragraph in document.paragraphs]
    return [bisect_right(ends, starts[label.line - 1]) for label in labels]


def _blocks_of_lines(full: Document, page: Document, labels: Sequence[Label]) -> list[int | None]:
    """The block of each line: the one that most of its letters stand in, read as often before."""
    lines = [_letters(full.text_of(paragraph)) for paragraph in full.paragraphs]
    blocks = [_letters(page.text_of(paragraph)) for paragraph in page.paragraphs]
    starts = list(accumulate(map(len, blocks), initial=0))
    text = "".join(blocks)
    places: list[int | None] = []
    for place in _paragraphs_of_lines(full, labels):
        line = lines[place]
        found = [
            block
            for start in _occurrences(line, text)
            if (block := _holder(start, start + len(line), starts)) is not None
        ]
        places.append(found[min(lines[:place].count(line), len(found) - 1)] if found else None)
    return places


def _occurrences(line: str, text: str) -> Iterator[int]:
    start = text.find(line)
    while line and start >= 0:
        yield start
        start = text.find(line, start + len(line))


def _holder(start: int, end: int, starts: Sequence[int]) -> int | None:
    """The block that has most of the span, unless much else stands in it."""
    first, last = bisect_right(starts, start) - 1, bisect_right(starts, end - 1) - 1
    sizes = {
        block: min(end, starts[block + 1]) - max(start, starts[block])
        for block in range(first, last + 1)
    }
    block = max(sizes, key=sizes.__getitem__)
    whole = starts[block + 1] - starts[block]
    return block if sizes[block] >= _LEAST_SHARE * whole else None


def _letters(text: str) -> str:
    """Without spaces: where one view has a break, the other may have none."""
    return "".join(_WORD.findall(text.casefold()))


def table(outcomes: Sequence[Outcome]) -> str:
    """By class: the lines and pages that have a judgement, the shares dropped and kept, reasons.

    The second share is the mean over pages: some have many lines of one class.
    """
    rows = ["                       lines pages  dropped  a page    kept  reasons"]
    for kind in _CLASSES:
        gone: defaultdict[str, list[bool]] = defaultdict(list)
        reasons: Counter[str] = Counter()
        for label, judgement in outcomes:
            if label.kind == kind and judgement is not None:
                gone[label.id].append(judgement.reason is not None)
                if judgement.reason is not None:
                    reasons[judgement.reason] += 1
        count = sum(map(len, gone.values()))
        if not count:
            continue
        dropped = reasons.total() / count
        by_page = sum(sum(page) / len(page) for page in gone.values()) / len(gone)
        common = ", ".join(f"{reason} {number}" for reason, number in reasons.most_common(_REASONS))
        rows.append(
            f"{kind:<22} {count:>5} {len(gone):>5} {dropped:>8.1%} {by_page:>7.1%}"
            f" {1 - dropped:>7.1%}  {common}"
        )
    absent = sum(outcome.judgement is None for outcome in outcomes)
    return "\n".join([*rows, f"{absent} of {len(outcomes)} lines are not in this view"])


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--models",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of models that have not seen the site they judge.",
)
def main(data: Path, models: Path | None) -> None:
    """Print what the judge makes of the labelled lines of the pages in DATA."""
    examples = read_examples(data / "boilerplate")
    for view, outcomes in judgements(examples, read_labels(_LABELS), judge_by_site(models)).items():
        click.echo(f"{view}\n{table(outcomes)}\n")


if __name__ == "__main__":
    main()
