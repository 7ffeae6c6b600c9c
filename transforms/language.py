"""The language of documents, from their own words.

The model is py3langid's: naive Bayes over byte n-grams, which an automaton finds in one pass.  The
library reads one text at a time; here the automaton takes a step in many texts at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.arrays import Ints
from transforms.document import Document
from transforms.unicode14 import composed, is_upper

_MOST_CHARACTERS: Final = 600
"""The detector is right on nearly every news text of this length."""
_LEAST_LETTERS: Final = 40
"""On a handful of letters it guesses, so they get no language."""
_NO_LETTERS: Final = bytes(code for code in range(128) if not chr(code).isalpha())
_FIRST_CHARACTERS: Final = 160
_SURE: Final = 20.0
"""A text is read no further where one language leads by so much after so many characters: 94 % of
9,079 news texts and pages are not, and .06 % get another language than by the whole sample."""
TEXTS_AT_ONCE: Final = 1_024
"""Bounds the memory: a step of the automaton is remembered for each byte of each text.  With a
tenth of them a text takes twice the time."""

Floats = NDArray[np.float64]


class _Model(NamedTuple):
    """py3langid's model as arrays."""

    languages: list[str]
    """ISO 639 code of each column; one stands twice."""
    weights: NDArray[np.float16]
    """By feature and language."""
    base: Floats
    next: NDArray[np.uint32]
    """The state that a byte leads to, by row and byte."""
    row: Ints
    """Where the row of each state begins."""
    feature: NDArray[np.int32]
    """The feature that is complete in each state, -1 for none."""


def detect_languages(documents: Sequence[Document]) -> list[str | None]:
    """ISO 639-1 codes of judged documents, ``None`` for too little text.

    Looks at the first few hundred characters of the paragraphs that are kept.
    """
    samples = [_sample(document) for document in documents]
    found: list[str | None] = [None] * len(documents)
    enough = [index for index, sample in enumerate(samples) if _has_letters(sample)]
    for start in range(0, len(enough), TEXTS_AT_ONCE):
        some = enough[start : start + TEXTS_AT_ONCE]
        for index, language in zip(some, _identify([samples[i] for i in some]), strict=True):
            found[index] = language
    return found


def _has_letters(sample: str) -> bool:
    """Whether a sample is worth a guess."""
    if sample.isascii():  # counts ten times faster
        return len(sample.encode().translate(None, _NO_LETTERS)) >= _LEAST_LETTERS
    return any(
        sum(map(str.isalpha, part)) >= _LEAST_LETTERS
        for part in (sample[:_FIRST_CHARACTERS], sample)
    )


def _sample(document: Document) -> str:
    """The beginning of what is kept of a document."""
    parts: list[str] = []
    length = 0
    for paragraph, judgement in zip(document.paragraphs, document.judgements, strict=True):
        if judgement.verdict == "keep":
            left = _MOST_CHARACTERS - length
            parts.append(
                document.text[paragraph.start : min(paragraph.end, paragraph.start + left)]
            )
            length += len(parts[-1])
            if length >= _MOST_CHARACTERS:
                break
    return " ".join(parts)


def _identify(texts: Sequence[str]) -> list[str | None]:
    """The language of each text: of its beginning where that leaves no doubt."""
    found: list[str | None] = []
    unsure = []
    for index, (language, lead) in enumerate(_classify([t[:_FIRST_CHARACTERS] for t in texts])):
        found.append(language)
        if lead < _SURE and len(texts[index]) > _FIRST_CHARACTERS:
            unsure.append(index)
    again = _classify([texts[index] for index in unsure])
    for index, (language, _) in zip(unsure, again, strict=True):
        found[index] = language
    return found


def _classify(texts: Sequence[str]) -> list[tuple[str | None, float]]:
    """The best language of each text, and by how much it leads; ``None`` without a feature."""
    model = _model()
    features, bounds = _features(model, [_encode(text) for text in texts])
    number, counts = features
    logs = np.log1p(counts)
    # Doubles, so that the order of the sum does not matter to any language.
    used = np.zeros(len(model.weights), np.bool_)
    used[number] = True
    rows = model.weights[used].astype(np.float64)
    row = (np.cumsum(used) - 1)[number]
    edges = bounds.tolist()
    scores = np.zeros((len(texts), len(model.languages)))
    for index, (start, end) in enumerate(pairwise(edges)):
        # Not by BLAS, whose order of adding up depends on the processor and on its threads.
        scores[index] = np.einsum("i,ij->j", logs[start:end], rows[row[start:end]])
    scores += model.base
    best = scores.argmax(axis=1)
    first, second = np.partition(scores, (-1, -2), axis=1)[:, [-1, -2]].T
    return [
        (model.languages[language], lead) if start < end else (None, 0.0)
        for language, lead, (start, end) in zip(
            best.tolist(), (first - second).tolist(), pairwise(edges), strict=True
        )
    ]


def _encode(text: str) -> bytes:
    """As the model was trained: capitals throughout say nothing, and NFC."""
    if is_upper(text):
        text = text.lower()
    return composed(text).encode("utf-8", "surrogatepass")


def _features(model: _Model, texts: Sequence[bytes]) -> tuple[tuple[Ints, Ints], Ints]:
    """The features of each text, ascending, and how often each occurs; the texts' bounds."""
    sizes = np.fromiter(map(len, texts), np.int64, len(texts))
    longest = int(sizes.max(initial=0))
    padded = b"".join(text.ljust(longest, b"\0") for text in texts)
    letters = np.frombuffer(padded, np.uint8).reshape(len(texts), longest).T
    states = np.zeros(letters.shape, np.uint32)
    state: NDArray[np.integer[Any]] = np.zeros(len(texts), np.int64)
    for step, letter in enumerate(letters):
        state = states[step] = model.next[model.row[state] + letter]
    feature = model.feature[states].ravel()
    inside = np.arange(longest)[:, None] < sizes
    place = np.flatnonzero((feature >= 0) & inside.ravel())
    # Texts times features are fewer than 32 bits can count, and such keys sort five times faster.
    text = (place % max(len(texts), 1)).astype(np.int32)
    keys = text * np.int32(len(model.weights)) + feature[place]
    keys, counts = np.unique(keys, return_counts=True)
    bounds = np.searchsorted(keys, np.arange(len(texts) + 1) * len(model.weights))
    return (keys % len(model.weights), counts), bounds


@cache
def _model() -> _Model:
    # Imported late: loading the model takes half a second, and pages often name their language.
    from py3langid import langid

    langid.classify("")
    identifier = langid.IDENTIFIER
    return _Model(
        languages=identifier.nb_classes,
        weights=identifier.nb_ptc,
        base=identifier.nb_pc.astype(np.float64),
        next=np.frombuffer(identifier.tk_nextmove, np.dtype(identifier.tk_nextmove.typecode)),
        row=np.frombuffer(identifier.tk_row, np.dtype(identifier.tk_row.typecode)).astype(np.int64)
        << 8,
        feature=np.array(identifier.tk_output, np.int32),
    )
