"""Judge documents: their paragraphs' verdicts, then what follows from them."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import msgspec

from transforms.boilerplate import batches, judge_batch
from transforms.document import Document
from transforms.language import detect_languages
from transforms.settings import JudgeSettings
from transforms.sites import SitePatterns, overrule

_LOGGER = logging.getLogger(__name__)


def judge_ahead(
    documents: Sequence[Document], settings: JudgeSettings, sites: Sequence[SitePatterns]
) -> list[Document | None]:
    """The documents judged many at a time; ``None`` for those of a batch that failed.

    One of them is to blame, and shows when each is judged alone.
    """
    judged: list[Document | None] = [None] * len(documents)
    for batch in batches(documents):
        try:
            found = judge_documents([documents[index] for index in batch], settings, sites)
        except MemoryError:
            raise  # says nothing about the documents
        except Exception:
            _LOGGER.warning("%d documents are judged one by one", len(batch), exc_info=True)
            continue
        for index, document in zip(batch, found, strict=True):
            judged[index] = document
    return judged


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
    judged = [
        msgspec.structs.replace(document, judgements=judgements)
        for document, judgements in zip(documents, judge_batch(documents, settings), strict=True)
    ]
    if sites:
        judged = [
            msgspec.structs.replace(document, judgements=overrule(document, sites))
            for document in judged
        ]
    nameless = [index for index, document in enumerate(judged) if not document.language]
    languages: dict[int, str | None] = dict(
        zip(nameless, detect_languages([judged[index] for index in nameless]), strict=True)
    )
    return [
        msgspec.structs.replace(
            document,
            title=document.title or first_title(document),
            language=document.language or languages[index],
        )
        for index, document in enumerate(judged)
    ]


def first_title(document: Document) -> str | None:
    """The text of the first paragraph that is kept as a title."""
    for paragraph, judgement in zip(document.paragraphs, document.judgements, strict=True):
        if judgement.verdict == "keep" and judgement.kind == "title":
            return document.text_of(paragraph)
    return None
