"""The language of a document, from its own words."""

from __future__ import annotations

from typing import Final

from transforms.document import Document

# The detector is right on nearly every news text of this length and reads no
# further; on a handful of letters it guesses, so they get no language.
_ENOUGH_CHARACTERS: Final = 600
_LEAST_LETTERS: Final = 40


def detect_language(document: Document) -> str | None:
    """ISO 639-1 code of a judged document, or ``None`` for too little text.

    Looks at the first few hundred characters of the paragraphs that are kept.
    """
    parts: list[str] = []
    length = 0
    for paragraph, judgement in zip(document.paragraphs, document.judgements, strict=True):
        if judgement.verdict == "keep":
            parts.append(document.text_of(paragraph)[: _ENOUGH_CHARACTERS - length])
            length += len(parts[-1])
            if length >= _ENOUGH_CHARACTERS:
                break
    sample = " ".join(parts)
    if sum(map(str.isalpha, sample)) < _LEAST_LETTERS:
        return None
    # Imported late: the model takes half a second and pages often name theirs.
    import py3langid

    language: str = py3langid.classify(sample)[0]
    return language
