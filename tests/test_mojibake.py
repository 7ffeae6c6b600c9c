"""Mojibake is repaired, and only mojibake."""

from collections import Counter

import ftfy
import pytest
from ftfy.badness import is_bad

from transforms.mojibake import _BAD, repair_mojibake

CLEAN = [
    "“We won’t wait” — and left… It cost €15 (£12), ½ of last year’s §4 price.",
    "Le garçon créé à l’été : « où ? » — œuvre, Œdipe, naïve, ÇA VA, LA RÉUNIÃO",
    "„Größe“, sagte er. ÄÖÜß 20 °C, 5 m², 3 × 4 ± 1, ½ l, ™ ® ©",
    "Он сказал: «Это хорошая новость» — и ушёл. Ещё № 5.",
    "Він їде до Києва; її підтримали й сусідні громади.",
    "Η παλιά γέφυρα θα μείνει στη θέση της.",
    "Şehir için iyi bir haber: ığdır, İstanbul.",
    "A képviselő-testület úgy döntött, hűtő, őszig.",
    "旧铁路桥将被保留下来。市議会は「よい知らせ」と話した。시의회는 그대로",
    "ｆｕｌｌ　ｗｉｄｔｈ ﬁne ﬂow Ĳ ¯\\_(ツ)_/¯ (ಠ_ಠ) ♥ 👍🏽",
]


def repaired(text: str) -> tuple[str, int]:
    changes: Counter[str] = Counter()
    return repair_mojibake(text, changes), changes["mojibake"]


@pytest.mark.parametrize("codec", ["latin-1", "sloppy-windows-1252", "sloppy-windows-1251"])
@pytest.mark.parametrize(
    "text",
    [
        "“We won’t wait” — and left…",
        "Größe und Fußgänger ändern sich",
        "Он сказал: «Это хорошая новость»",
        "市議会は古い鉄道橋を残すことを決めた。",
    ],
)
def test_utf8_that_was_read_as_something_else_is_read_back(text: str, codec: str) -> None:
    assert repaired(text.encode().decode(codec)) == (text, 1)


def test_mojibake_of_mojibake_is_read_back() -> None:
    text = "“Größe” – naïve"
    broken = text
    for _ in range(3):
        broken = broken.encode().decode("sloppy-windows-1252")
    assert repaired(broken) == (text, 1)


def test_a_part_of_a_line_is_repaired_where_the_rest_is_sound() -> None:
    assert repaired("“Notes” — itâ€™s fine, Zoé") == ("“Notes” — it’s fine, Zoé", 1)


def test_c1_controls_are_the_quotes_of_windows_1252() -> None:
    assert repaired("the \x93old\x94 way\x85") == ("the “old” way…", 1)
    assert repaired("the \x93old\x94 — Łódź") == ("the “old” — Łódź", 1)


def test_only_the_lines_that_are_broken_are_touched() -> None:
    assert repaired("\n".join([*CLEAN, "Ã la carte", *CLEAN])) == (
        "\n".join([*CLEAN, "à la carte", *CLEAN]),
        1,
    )


@pytest.mark.parametrize("text", CLEAN)
def test_clean_text_stays_as_it_is(text: str) -> None:
    assert repaired(text) == (text, 0)


@pytest.mark.parametrize(
    "text", [*CLEAN, "Â la", "rÃ©sumÃ©", "a\x99", "œ.", "x вЂ y", " Ã la", "��"]
)
def test_the_scan_agrees_with_ftfy(text: str) -> None:
    assert bool(_BAD.search(text)) == is_bad(text)


def test_a_line_of_a_million_characters_is_repaired_as_a_short_one_is() -> None:
    sentence = "It was “nice” and that’s all that Zoé said. "
    broken = sentence.encode().decode("sloppy-windows-1252")
    text, _ = repaired(broken * 25_000)
    assert text == sentence * 25_000
    assert ftfy.fix_encoding(broken) == sentence
