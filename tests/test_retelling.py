"""What is remembered of documents that may tell the same."""

from __future__ import annotations

import numpy as np
import pytest

from tests.corpora import document
from transforms.deciding import KeptParagraph
from transforms.fingerprints import pack
from transforms.glances import letters_of
from transforms.retelling import Places
from transforms.settings import Settings


def test_the_letters_of_a_document_are_taken_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are as long as it is, and it may have thousands of paragraphs."""
    texts = [f"The council of Kelby paid {number} farmers." for number in range(3)]
    asked: list[str] = []

    def take(text: str) -> str | None:
        asked.append(text)
        return letters_of(text)

    monkeypatch.setattr("transforms.retelling.letters_of", take)
    places = Places(np.zeros(0, np.int64), {}, Settings())
    known = document("a", texts)
    places._documents[pack(0, 0)] = known
    for key, paragraph in enumerate(known.paragraphs):
        places.named[key] = KeptParagraph(
            document=known.id,
            paragraph=paragraph.index,
            start=paragraph.start,
            end=paragraph.end,
            block=0,
            position=0,
        )
    assert len({places.possible(key) for key in places.named}) == 3
    assert asked == [known.text]
