"""Other methods on the same pages: rules for lines, and extractors for markup.

A method takes the lines of a text, or a page's markup, and gives the text that it keeps.
"""

from __future__ import annotations

import html
import logging
import warnings
from collections.abc import Callable, Sequence
from typing import Final

import boilerpy3.extractors
import justext
import numpy as np
import readability
import trafilatura
from resiliparse.extract.html2text import extract_plain_text

from transforms.folding import words
from transforms.segments import Segments
from transforms.windows import best_blocks

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it says which of its language tools are missing
    import newspaper

LineMethod = Callable[[Sequence[str]], str]
PageMethod = Callable[[str], str]

_BLOCK_COST: Final = 10
"""The block rule keeps the run of lines with the greatest sum of (words - this)."""
_C4_WORDS: Final = 5
_C4_ENDS: Final = tuple('.!?"”’')
_C4_BANNED: Final = ("javascript", "lorem ipsum", "{", "terms of use", "privacy policy", "cookie")
_SHINGLE_WORDS: Final = 4
_LEAST_SHARE: Final = 0.5


def quiet() -> None:
    """Keep the extractors from logging what they cannot read."""
    logging.disable(logging.CRITICAL)


def keep_everything(lines: Sequence[str]) -> str:
    """Every line."""
    return "\n".join(lines)


def keep_block(lines: Sequence[str]) -> str:
    """The best contiguous block by words alone."""
    words = np.array([len(line.split()) - _BLOCK_COST for line in lines], np.int64)
    (start,), (end,) = best_blocks(words, Segments.of_sizes([len(lines)]))
    return "\n".join(lines[start:end])


def keep_c4(lines: Sequence[str]) -> str:
    """C4's line rules (Raffel et al. 2020), closing quotes curly as well."""
    return "\n".join(
        line
        for line in lines
        if len(line.split()) >= _C4_WORDS
        and line.endswith(_C4_ENDS)
        and not any(word in line.lower() for word in _C4_BANNED)
    )


def keep_justext(lines: Sequence[str]) -> str:
    """JusText with English stop words, a line as a paragraph."""
    return _justext(_as_page(lines))


def keep_boilerpy3(lines: Sequence[str]) -> str:
    """boilerpy3's article extractor, a line as a paragraph."""
    text: str = boilerpy3.extractors.ArticleExtractor(False).get_content(_as_page(lines))
    return text


LINE_PEERS: Final[dict[str, LineMethod]] = {
    "keep everything": keep_everything,
    "block rule": keep_block,
    "C4, curly quotes too": keep_c4,
    "jusText": keep_justext,
    "boilerpy3": keep_boilerpy3,
}


def _as_page(lines: Sequence[str]) -> str:
    return "<html><body>" + "".join(f"<p>{html.escape(line)}</p>" for line in lines)


def _justext(markup: str) -> str:
    paragraphs = justext.justext(markup, justext.get_stoplist("English"))
    return "\n".join(paragraph.text for paragraph in paragraphs if not paragraph.is_boilerplate)


def _trafilatura(markup: str) -> str:
    found: str | None = trafilatura.extract(markup, include_comments=False)
    return found or ""


def _trafilatura_recall(markup: str) -> str:
    found: str | None = trafilatura.extract(markup, include_comments=False, favor_recall=True)
    return found or ""


def _readability(markup: str) -> str:
    summary = readability.Document(markup).summary(html_partial=True)
    text: str = extract_plain_text(summary) if summary.strip() else ""
    return text


def _newspaper(markup: str) -> str:
    article = newspaper.Article("", fetch_images=False)
    article.download(input_html=markup)
    article.parse()
    text: str = article.text
    return text


def _resiliparse(markup: str) -> str:
    text: str = extract_plain_text(markup, main_content=True, alt_texts=False)
    return text


def _boilerpy3(markup: str) -> str:
    text: str = boilerpy3.extractors.ArticleExtractor(False).get_content(markup)
    return text


def lenient(method: PageMethod) -> PageMethod:
    """The method, with nothing kept of a page on which it fails."""

    def keep(markup: str) -> str:
        try:
            return method(markup)
        except Exception:  # noqa: BLE001 whatever a peer raises
            return ""

    return keep


PAGE_PEERS: Final[dict[str, PageMethod]] = {
    "trafilatura": _trafilatura,
    "trafilatura, recall": _trafilatura_recall,
    "readability-lxml": _readability,
    "newspaper4k": _newspaper,
    "resiliparse": _resiliparse,
    "jusText": _justext,
    "boilerpy3": _boilerpy3,
}
VOTERS: Final = (
    "trafilatura",
    "trafilatura, recall",
    "readability-lxml",
    "newspaper4k",
    "resiliparse",
)
"""Whose majority is a peer as well."""


def majority(blocks: Sequence[str], texts: Sequence[str]) -> str:
    """The blocks that most of the texts hold: half of their shingles, or the whole line."""
    votes = np.zeros(len(blocks), np.int64)
    for text in texts:
        lines = [words(line) for line in text.split("\n")]
        whole = set(map(tuple, lines))
        shingles = {shingle for line in lines for shingle in _shingles(line)}
        for index, block in enumerate(blocks):
            own = _shingles(words(block))
            if own:
                votes[index] += sum(map(shingles.__contains__, own)) >= _LEAST_SHARE * len(own)
            else:
                votes[index] += tuple(words(block)) in whole
    return "\n".join(
        block for block, vote in zip(blocks, votes.tolist(), strict=True) if 2 * vote > len(texts)
    )


def _shingles(folded: Sequence[str]) -> list[tuple[str, ...]]:
    return list(zip(*(folded[start:] for start in range(_SHINGLE_WORDS)), strict=False))
