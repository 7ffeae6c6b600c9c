"""How well the judge tells articles from boilerplate: ``python -m benchmarks.boilerplate DATA``.

DATA is a folder with ``boilerplate/``: labelled pages as ``light`` text (the
article's container, a line a block), as ``full`` text (the whole page) and as
HTML, with their own ``score.py``, which gives the figures.  Prints one table.
"""

from __future__ import annotations

import gzip
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import click
import numpy as np

from transforms.boilerplate import judge
from transforms.document import Document, Paragraph
from transforms.pages import render_page
from transforms.paragraphs import split_text
from transforms.scorecard import best_block
from transforms.settings import DecodeSettings, JudgeSettings, SplitSettings

_BLOCK_COST: Final = 10
"""The block rule keeps the run of lines with the greatest sum of (words - this)."""

Method = Callable[[Document], Sequence[bool]]
"""For each paragraph of a document, whether it is kept."""


def keep_everything(document: Document) -> Sequence[bool]:
    """Every paragraph."""
    return [True] * len(document.paragraphs)


def keep_block(document: Document) -> Sequence[bool]:
    """The best contiguous block of paragraphs by their words alone."""
    words = [len(document.text_of(paragraph).split()) for paragraph in document.paragraphs]
    start, end = best_block(np.array(words, np.int64) - _BLOCK_COST)
    return [start <= index < end for index in range(len(words))]


def keep_extracted(document: Document) -> Sequence[bool]:
    """What trafilatura extracts from the page."""
    return [bool(p.markup and p.markup.extracted) for p in document.paragraphs]


def keep_judged(document: Document) -> Sequence[bool]:
    """What the judge keeps."""
    return [judgement.verdict == "keep" for judgement in judge(document, JudgeSettings())]


def read_documents(folder: Path, language: str) -> dict[str, dict[str, Document]]:
    """The documents by text form and page id, forms in the order of the table."""
    with (folder / "pages.jsonl").open(encoding="utf-8") as rows:
        pages = [page for page in map(json.loads, rows) if page["lang"] == language]
    with gzip.open(folder / "texts.jsonl.gz", "rt", encoding="utf-8") as rows:
        texts = {row["id"]: row for row in map(json.loads, rows)}
    forms = {
        form: {page["id"]: _text_document(texts[page["id"]][form]) for page in pages}
        for form in ("light", "full")
    }
    return forms | {"page": {page["id"]: _page_document(folder, page) for page in pages}}


def _text_document(text: str) -> Document:
    return _document(text, split_text(text, SplitSettings()), title=None)


def _page_document(folder: Path, page: dict[str, Any]) -> Document:
    markup = gzip.decompress((folder / page["html_path"]).read_bytes()).decode("utf-8")
    rendered = render_page(markup, SplitSettings(), DecodeSettings(), url=page["url"])
    return _document(rendered.text, rendered.paragraphs, rendered.title)


def _document(text: str, paragraphs: tuple[Paragraph, ...], title: str | None) -> Document:
    return Document(
        id="",
        source="",
        record=None,
        text=text,
        encoding="utf-8",
        changes={},
        replaced_at=(),
        paragraphs=paragraphs,
        title=title,
    )


def run_method(documents: dict[str, Document], method: Method) -> tuple[dict[str, str], float]:
    """The text that a method keeps of each document, and its median processor time (ms)."""
    kept: dict[str, str] = {}
    times = []
    for page, document in documents.items():
        begin = time.process_time()
        verdicts = method(document)
        times.append(1000 * (time.process_time() - begin))
        kept[page] = "\n".join(
            document.text_of(paragraph)
            for paragraph, stays in zip(document.paragraphs, verdicts, strict=True)
            if stays
        )
    return kept, statistics.median(times)


def score_texts(folder: Path, kept: dict[str, str], language: str) -> dict[str, list[float]]:
    """The figures of the data's own scorer: name to value and 95 % interval."""
    with tempfile.TemporaryDirectory() as scratch:
        predictions = Path(scratch) / "predictions.jsonl"
        predictions.write_text(
            "".join(json.dumps({"id": page, "text": text}) + "\n" for page, text in kept.items()),
            "utf-8",
        )
        pages = folder / "pages.jsonl"
        command = [sys.executable, str(folder / "score.py"), str(predictions), str(pages)]
        options = ["--ignore-title", "--json", "--lang", language]
        done = subprocess.run([*command, *options], check=True, capture_output=True, text=True)  # noqa: S603 the data's own script
    figures: dict[str, list[float]] = json.loads(done.stdout)["ALL"]
    return figures


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--lang", "language", default="en", show_default=True, help="Language of the pages.")
def main(data: Path, language: str) -> None:
    """Print how well each method keeps the articles in DATA and nothing else."""
    folder = data / "boilerplate"
    methods: dict[str, Method] = {
        "keep everything": keep_everything,
        "block rule alone": keep_block,
        "trafilatura alone": keep_extracted,
        "judge": keep_judged,
    }
    click.echo("text   method              F1     95 %         P     R     F1<.5  ms a page")
    for form, documents in read_documents(folder, language).items():
        for name, method in methods.items():
            if method is keep_extracted and form != "page":
                continue
            kept, milliseconds = run_method(documents, method)
            figures = score_texts(folder, kept, language)
            f1, low, high = figures["F1"]
            click.echo(
                f"{form:<6} {name:<18} {f1:>5.3f}  [{low:.3f} {high:.3f}] {figures['P'][0]:>5.3f}"
                f" {figures['R'][0]:>5.3f} {figures['bad'][0]:>7.1%} {milliseconds:>8.1f}"
            )


if __name__ == "__main__":
    main()
