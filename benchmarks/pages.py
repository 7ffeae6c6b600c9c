"""What a page costs beside trafilatura: ``python -m benchmarks.pages DATA``.

DATA is a folder with ``boilerplate/``: pages as HTML and their list.  Every
fourth page is taken, and each is read once: at a second time caches would know it.
Prints processor time a page: the middle of the pages, the sum
of all, and both as a share of trafilatura's extraction with metadata.
"""

from __future__ import annotations

import gzip
import json
import logging
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import click
from trafilatura import bare_extraction

from transforms.decoding import decode_record
from transforms.document import Document, Record
from transforms.judging import judge_document
from transforms.pages import Page, render_page
from transforms.settings import DecodeSettings, JudgeSettings, SplitSettings
from transforms.splitting import split_record

_EVERY: Final = 4
_PEER: Final = "trafilatura, with metadata"

_DECODE: Final = DecodeSettings()
_USUAL: Final = SplitSettings()
_FAST: Final = SplitSettings(extraction="none")

Job = Callable[[str], object]


def extract(markup: str) -> object:
    """The peer: trafilatura's extraction with metadata."""
    return bare_extraction(markup, with_metadata=True)


def render(settings: SplitSettings) -> Callable[[str], Page]:
    """Our rendering, with metadata."""
    return lambda markup: render_page(markup, settings, _DECODE, url=None)


def whole_job(settings: SplitSettings) -> Callable[[str], Document]:
    """All that happens to a page: bytes to judged paragraphs."""

    def run(markup: str) -> Document:
        record = Record(
            id="page", source="page", data=markup.encode("utf-8"), media_type="text/html"
        )
        document = split_record(decode_record(record, _DECODE), settings, _DECODE)
        return judge_document(document, JudgeSettings(), ())

    return run


def read_pages(folder: Path) -> Iterator[str]:
    """The markup of every fourth page."""
    with (folder / "pages.jsonl").open(encoding="utf-8") as rows:
        for page in list(map(json.loads, rows))[::_EVERY]:
            yield gzip.decompress((folder / page["html_path"]).read_bytes()).decode("utf-8")


def measure(job: Job, markup: str) -> float:
    """Milliseconds of processor time that a job takes on a page."""
    begin = time.process_time()
    job(markup)
    return 1000 * (time.process_time() - begin)


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
def main(data: Path) -> None:
    """Print what the pages in DATA cost."""
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    jobs: dict[str, Job] = {
        _PEER: extract,
        "render": render(_USUAL),
        "render, fast mode": render(_FAST),
        "decode, render, judge": whole_job(_USUAL),
        "the same, fast mode": whole_job(_FAST),
    }
    times: dict[str, list[float]] = {name: [] for name in jobs}
    pages = list(read_pages(data / "boilerplate"))
    for job in jobs.values():
        job(pages[0])  # models and patterns are loaded
    for markup in pages[1:]:
        for name, job in jobs.items():
            times[name].append(measure(job, markup))
    peer = times[_PEER]
    click.echo(f"{len(peer)} pages                  median ms   share     sum s   share")
    for name, taken in times.items():
        middle, total = statistics.median(taken), sum(taken)
        click.echo(
            f"{name:<28} {middle:>8.1f} {middle / statistics.median(peer):>7.2f}"
            f" {total / 1000:>9.2f} {total / sum(peer):>7.2f}"
        )


if __name__ == "__main__":
    main()
