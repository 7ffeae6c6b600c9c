"""The labelled pages as the judge sees them: three views of each page, line by line.

*light* is the article's container as lines, *full* the whole page as lines,
*page* the rendered markup.  The labels of the first two come with the data;
those of the third are found here: a block belongs to the article when half of
its 4-word shingles stand in the gold text.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Literal, NamedTuple

import numpy as np

from transforms.arrays import Ints
from transforms.document import Document, Paragraph
from transforms.pages import render_page
from transforms.settings import DecodeSettings, SplitSettings

View = Literal["light", "full", "page"]
VIEWS: Final[tuple[View, ...]] = ("light", "full", "page")

_SHINGLE_WORDS: Final = 4
_LEAST_SHARE: Final = 0.5
_WORD: Final = re.compile(r"\w+")


class Gold(NamedTuple):
    """A labelled page."""

    id: str
    site: str
    language: str
    text: str
    title: str
    html_path: str


class Example(NamedTuple):
    """One view of a labelled page."""

    gold: Gold
    view: View
    document: Document
    labels: Ints
    """1 for the paragraphs that belong to the article."""

    def lines(self) -> list[str]:
        """The texts of the paragraphs."""
        return [self.document.text_of(paragraph) for paragraph in self.document.paragraphs]


def read_examples(folder: Path) -> Iterator[Example]:
    """All views of all pages of the data folder (``boilerplate`` of the bench), in its order."""
    texts = {}
    with gzip.open(folder / "texts.jsonl.gz", "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            texts[row["id"]] = row
    with (folder / "pages.jsonl").open(encoding="utf-8") as file:
        pages = list(map(json.loads, file))
    for row in pages:
        title = row.get("page_title") or row.get("gold_title") or ""
        gold = Gold(row["id"], row["site"], row["lang"], row["gold"], title, row["html_path"])
        text = texts[gold.id]
        yield _of_lines(gold, "light", text["light"], text["light_labels"])
        yield _of_lines(gold, "full", text["full"], text["full_labels"])
        yield _of_page(gold, read_markup(folder, gold), row["url"])


def read_markup(folder: Path, gold: Gold) -> str:
    """A page's markup."""
    return gzip.decompress((folder / gold.html_path).read_bytes()).decode("utf-8")


def _of_lines(gold: Gold, view: View, text: str, labels: Sequence[int]) -> Example:
    paragraphs: list[Paragraph] = []
    kept = []
    start = 0
    for line, label in zip(text.removesuffix("\n").split("\n"), labels, strict=True):
        inside = line.strip()
        if inside:
            first = start + line.index(inside)
            paragraphs.append(
                Paragraph(
                    index=len(paragraphs), start=first, end=first + len(inside), kind="paragraph"
                )
            )
            kept.append(label)
        start += len(line) + 1
    return Example(gold, view, _document(gold, text, paragraphs), np.array(kept, np.int64))


def _of_page(gold: Gold, markup: str, url: str) -> Example:
    page = render_page(markup, SplitSettings(), DecodeSettings(), url=url)
    document = _document(gold, page.text, page.paragraphs, page.title)
    lines = [document.text_of(paragraph) for paragraph in document.paragraphs]
    return Example(gold, "page", document, label_blocks(lines, gold.text))


def _document(
    gold: Gold, text: str, paragraphs: Sequence[Paragraph], title: str | None = None
) -> Document:
    return Document(
        id=gold.id,
        source=gold.id,
        record=None,
        text=text,
        encoding="utf-8",
        changes={},
        replaced_at=(),
        paragraphs=tuple(paragraphs),
        title=title,
    )


def label_blocks(lines: Sequence[str], gold: str) -> Ints:
    """Which blocks belong to the gold text.

    A block of fewer than four words belongs when it is a line of the gold
    text, or stands in it between two blocks that belong.
    """
    whole = {" ".join(_words(line)) for line in gold.split("\n")}
    flat = _words(gold)
    shingles = set(_shingles(flat))
    running = f" {' '.join(flat)} "
    labels = np.zeros(len(lines), np.int64)
    maybe = []
    for index, line in enumerate(lines):
        words = _words(line)
        own = _shingles(words)
        if own:
            labels[index] = sum(map(shingles.__contains__, own)) >= _LEAST_SHARE * len(own)
        elif words and " ".join(words) in whole:
            labels[index] = 1
        elif words and f" {' '.join(words)} " in running:
            maybe.append(index)
    sure = np.concatenate(([0], labels, [0]))
    for index in maybe:
        labels[index] = sure[index] and sure[index + 2]
    return labels


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _shingles(words: Sequence[str]) -> list[tuple[str, ...]]:
    return list(zip(*(words[start:] for start in range(_SHINGLE_WORDS)), strict=False))
