"""The language of a document: from its kept text, and none where there is too little."""

import py3langid
import pytest

from tests.corpora import document
from transforms.language import detect_languages


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
    assert detect_languages([document("d", [text])]) == [language]


def test_many_texts_get_the_languages_that_the_library_gives_each() -> None:
    texts = [
        "The council met on Monday to discuss the new bridge over the river. " * 9,
        "理事会は月曜日に会合を開き、川に架かる新しい橋について話し合った。" * 3,
        "ТОЛЬКО ЗАГЛАВНЫЕ БУКВЫ: СОВЕТ СОБРАЛСЯ, ЧТОБЫ ОБСУДИТЬ НОВЫЙ МОСТ.",
        "Rådet møttes mandag for å diskutere den nye broen over elven.",
    ]
    found = detect_languages([document("d", [text]) for text in texts])
    assert found == [py3langid.classify(text)[0] for text in texts]


def test_too_little_text_has_no_language() -> None:
    assert detect_languages([document("d", ["12:17", "image"])]) == [None]
    assert detect_languages([document("d", [])]) == [None]
