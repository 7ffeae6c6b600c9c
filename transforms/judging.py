"""Judge a document: its paragraphs' verdicts, then what follows from them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from transforms.boilerplate import judge
from transforms.document import Document
from transforms.language import detect_language
from transforms.settings import JudgeSettings
from transforms.sites import SitePatterns, overrule


def judge_document(
    document: Document, settings: JudgeSettings, sites: Sequence[SitePatterns]
) -> Document:
    """The document with its judgements, and with title and language where it had none.

    Args:
        sites: what the user knows of sites; it overrules the judge.
    """
    judged = msgspec.structs.replace(document, judgements=judge(document, settings))
    if sites:
        judged = msgspec.structs.replace(judged, judgements=overrule(judged, sites))
    return msgspec.structs.replace(
        judged,
        title=judged.title or first_title(judged),
        language=judged.language or detect_language(judged),
    )


def first_title(document: Document) -> str | None:
    """The text of the first paragraph that is kept as a title."""
    for paragraph, judgement in zip(document.paragraphs, document.judgements, strict=True):
        if judgement.verdict == "keep" and judgement.kind == "title":
            return document.text_of(paragraph)
    return None
