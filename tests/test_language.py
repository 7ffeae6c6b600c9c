"""The language of a document: from its kept text, and none where there is too little."""

import pytest

from tests.corpora import document
from transforms.language import detect_language


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The council met on Monday to discuss the new bridge over the river."),
        ("de", "Der Rat hat am Montag über die neue Brücke über den Fluss beraten."),
        ("fr", "Le conseil s'est réuni lundi pour discuter du nouveau pont sur la rivière."),
        ("ru", "Совет собрался в понедельник, чтобы обсудить новый мост через реку."),
    ],
)
def test_a_sentence_tells_the_language(language: str, text: str) -> None:
    assert detect_language(document("d", [text])) == language


def test_too_little_text_has_no_language() -> None:
    assert detect_language(document("d", ["12:17", "image"])) is None
    assert detect_language(document("d", [])) is None
