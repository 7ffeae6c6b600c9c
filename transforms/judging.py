"""Judge documents: their paragraphs' verdicts, then what follows from them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence

import msgspec

from transforms.boilerplate import batches, judge_batch
from transforms.document import Document
from transforms.language import TEXTS_AT_ONCE, detect_languages
from transforms.settings import JudgeSettings
from transforms.sites import SitePatterns, overrule

_LOGGER = logging.getLogger(__name__)


def judge_ahead(
    documents: Sequence[Document], settings: JudgeSettings, sites: Sequence[SitePatterns]
) -> list[Document | None]:
    """The documents judged many at a time; ``None`` for those of a batch that failed.

    One of them is to blame, and shows when each is judged alone.
    """
    judged = _ahead(documents, batches(documents), lambda some: _judge(some, settings, sites))
    # In batches of its own: the detector reads many texts at once, whatever their length.
    there = [index for index, document in enumerate(judged) if document is not None]
    parts = (there[start : start + TEXTS_AT_ONCE] for start in range(0, len(there), TEXTS_AT_ONCE))
    return _ahead(judged, parts, _name)


def _ahead(
    documents: Sequence[Document | None],
    parts: Iterable[Sequence[int]],
    step: Callable[[Sequence[Document]], Sequence[Document]],
) -> list[Document | None]:
    """What a step makes of the documents of each part; ``None`` where it failed or has none."""
    done: list[Document | None] = [None] * len(documents)
    for part in parts:
        some = [document for index in part if (document := documents[index]) is not None]
        try:
            found = step(some)
        except MemoryError:
            raise  # says nothing about the documents
        except Exception:
            _LOGGER.warning("%d documents are judged one by one", len(some), exc_info=True)
            continue
        for index, document in zip(part, found, strict=True):
            done[index] = document
    return done


def judge_document(
    document: Document, settings: JudgeSettings, sites: Sequence[SitePatterns]
) -> Document:
    """One document judged; see :func:`judge_documents`."""
    return judge_documents([document], settings, sites)[0]


def judge_documents(
    documents: Sequence[Document], settings: JudgeSettings, sites: Sequence[SitePatterns]
) -> list[Document]:
    """The documents with their judgements, and with title and language where they had none.

    Args:
        documents: one of the batches of :func:`transforms.boilerplate.batches`.
        settings: of the judge.
        sites: what the user knows of sites; it overrules the judge.
    """
    return _name(_judge(documents, settings, sites))


def _judge(
    documents: Sequence[Document], settings: JudgeSettings, sites: Sequence[SitePatterns]
) -> list[Document]:
    """The documents with their judgements."""
    judged = [
        msgspec.structs.replace(document, judgements=judgements)
        for document, judgements in zip(documents, judge_batch(documents, settings), strict=True)
    ]
    if sites:
        judged = [
            msgspec.structs.replace(document, judgements=overrule(document, sites))
            for document in judged
        ]
    return judged


def _name(documents: Sequence[Document]) -> list[Document]:
    """Judged documents with title and language where they had none."""
    nameless = [index for index, document in enumerate(documents) if not document.language]
    languages: dict[int, str | None] = dict(
        zip(nameless, detect_languages([documents[index] for index in nameless]), strict=True)
    )
    return [
        msgspec.structs.replace(
            document,
            title=document.title or first_title(document),
            language=document.language or languages[index],
        )
        for index, document in enumerate(documents)
    ]


def first_title(document: Document) -> str | None:
    """The text of the first paragraph that is kept as a title."""
    for paragraph, judgement in zip(document.paragraphs, document.judgements, strict=True):
        if judgement.verdict == "keep" and judgement.kind == "title":
            return document.text_of(paragraph)
    return None
