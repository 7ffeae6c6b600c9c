"""Normalisation: what changes, what is counted, and what stays as the author wrote it."""

import unicodedata
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.encoding import decode_bytes
from transforms.normalise import Normalised, normalise
from transforms.settings import DecodeSettings

DEFAULT = DecodeSettings()
SHAPES = Path(__file__).parents[1] / "fixtures" / "shapes"

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
RAINBOW = "\U0001f3f3\ufe0f\u200d\U0001f308"
SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"


def plain(text: str) -> Normalised:
    return normalise(text, DEFAULT, markup=False)


# Step by step


@pytest.mark.parametrize(
    ("text", "result", "changes"),
    [
        # surrogates
        ("a\ud83d\ude00b", "a\U0001f600b", {"surrogates": 2}),
        ("a\ud83db\ude00", "a\ufffdb\ufffd", {"surrogates": 2}),
        # combining marks
        ("e" + "\u0316" * 33, "e" + "\u0316" * 30, {"combining-marks": 3}),
        # HTML entities
        ("Fish &amp; chips&nbsp;&hellip;", "Fish & chips …", {"html-entities": 3, "spaces": 1}),
        ("&amp;amp;amp;nbsp;x &#8220;y&#x201D;", " x “y”", {"html-entities": 3, "spaces": 1}),
        ("AT&T; R&D &unknown; & so on", "AT&T; R&D &unknown; & so on", {}),
        ("a < b &amp; c > d", "a < b & c > d", {"html-entities": 1}),
        ("<p>Fish &amp; chips</p>", "<p>Fish &amp; chips</p>", {}),
        # line ends
        ("a\r\nb\rc\u2028d\u2029e\vf\fg", "a\nb\nc\nd\ne\nf\ng", {"line-ends": 6}),
        ("a\r\n\r\nb\n\rc", "a\n\nb\n\nc", {"line-ends": 3}),
        ("one\x85two", "one\ntwo", {"line-ends": 1}),
        ("\x93one\x94 two\x85", "“one” two…", {"mojibake": 1}),
        ("Ã\x85ngstrÃ¶m", "Ångström", {"mojibake": 1}),
        # mojibake
        ("itâ€™s\nfine", "it’s\nfine", {"mojibake": 1}),
        # normalisation form C
        ("Cafe\u0301\nna\u00efve", "Café\nnaïve", {"nfc": 1}),
        ("\u1112\u1161\u11ab", "한", {"nfc": 1}),
        # spaces
        ("в\xa0мае 10\u202f000\u2009€\u3000x", "в мае 10 000 € x", {"spaces": 4}),
        ("tab\tstays", "tab\tstays", {}),
        # soft hyphens
        ("Donau\xaddampf\xadschiff", "Donaudampfschiff", {"soft-hyphens": 2}),
        # zero-width
        ("\ufeffa\u200bb\u2060c", "abc", {"zero-width": 3}),
        ("user\u202egnp.exe \u2066x\u2069 \u200fy", "usergnp.exe x y", {"zero-width": 4}),
        ("a\U000e0041\U000e0042b", "ab", {"zero-width": 2}),
        # controls
        ("a\0b\x1b\x7f\x1cc\ufffe\U0001ffff", "abc", {"controls": 6}),
    ],
)
def test_every_step(text: str, result: str, changes: dict[str, int]) -> None:
    assert plain(text) == (result, changes)


def test_the_entities_of_a_page_are_unescaped_already() -> None:
    assert normalise("write &amp;amp;", DEFAULT, markup=True).text == "write &amp;amp;"


def test_the_limit_on_combining_marks_is_a_setting() -> None:
    two = msgspec.structs.replace(DEFAULT, max_combining=2)
    assert normalise("q" + "\u0316" * 5, two, markup=False).text == "q\u0316\u0316"


def test_one_step_uncovers_work_for_another() -> None:
    assert plain("Ã\u200b©t\u200be\u0301").text == "été"
    assert plain("&lt;b&gt; &amp;amp;") == ("<b> &", {"html-entities": 3})


def test_text_that_is_built_to_be_repaired_for_ever_is_left_unrepaired() -> None:
    """Every repair of the first two characters makes them mojibake with the third."""
    assert plain("Ã" + "ƒ" * 3).text == "Ã"
    hostile = "Ã" + "ƒ" * 10_000
    assert plain(hostile + "\xa0") == (hostile + " ", {"spaces": 1})


# What stays


@pytest.mark.parametrize(
    "text",
    [
        "“Curly” ‘quotes’ – dashes — and an ellipsis…",
        "„Größe“ «ещё» 「よい」 ‹a›",
        "ﬁne ﬂow ｆｕｌｌ ｗｉｄｔｈ ﾊﾝｶｸ x² ½ № ™",
        "Ｑ：旧铁路桥　？".replace("　", ""),
        "a line\n\n\tand another\n",
        FAMILY,
        RAINBOW,
        SCOTLAND,
        "می\u200cخواهم کتاب\u200cها را",
        "क्\u200dष श्री\u200cमान",
        "שלום עולם قرر مجلس",
    ],
)
def test_what_the_author_wrote_stays(text: str) -> None:
    assert plain(text) == (text, {})


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("a\u200db \u200cword\u200c", "ab word"),
        ("می\u200c\u200c\u200dخواهم", "می\u200cخواهم"),
        ("کتاب\u200c ها", "کتاب ها"),
        (f"x\u200d{FAMILY}\u200dx", f"x{FAMILY}x"),
        ("\u2764\u200c\u2764", "\u2764\u2764"),
        (SCOTLAND[:-1], "\U0001f3f4"),
    ],
)
def test_joiners_and_tags_stay_only_where_they_do_their_work(text: str, result: str) -> None:
    assert plain(text).text == result


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_ascii_is_normalised_as_beside_other_letters(text: str) -> None:
    assert plain(text + "é").text == plain(text).text + "é"


def test_clean_text_is_returned_as_it_came() -> None:
    text = "Город “is” clean – " * 50
    assert plain(text).text is text


# The files in fixtures/shapes


@pytest.mark.parametrize(
    ("name", "changes", "holds"),
    [
        ("utf-16-le-bom.txt", {"line-ends": 10}, "“That was always the point.”\n\nUnder the"),
        ("windows-1252.txt", {}, "„Darauf haben die Pendler zwölf Jahre gewartet“, sagte"),
        ("windows-1251.txt", {}, "«Мы едва уложились в срок"),
        ("mojibake.txt", {"mojibake": 3}, "said Zoé Lefèvre, who founded the cooperative"),
        ("nul-byte.txt", {"controls": 1}, "from the mainland."),
    ],
)
def test_the_fixtures_are_normalised(name: str, changes: dict[str, int], holds: str) -> None:
    decoded = decode_bytes((SHAPES / name).read_bytes(), None, DEFAULT)
    text, counted = plain(decoded.text)
    assert counted == changes
    assert holds in text


# Whatever comes

ODD = st.sampled_from(
    [
        *"\0\t\n\r\v\f\x1b\x1c\x7f\x80\x85\x93\x9d\xa0\xad",
        *"\u0301\u0316\u0344\u061c\u180e\u200b\u200c\u200d\u200e\u2028\u2029\u202e\u202f\u2066",
        *"\u3000\ufeff\ufffc\ufffd\ufffe\ud83d\ude00\U000e0041\U000e007f\U0001f3f4\U0001f468\ufe0f",
        *"ÃÂâ€™œž¢é‚В°вЂ",
        *("&amp;", "&nbsp;", "&#", "amp;", "lt;", "<b>", "\r\n", "می", "क्", "\u1112\u1161"),
    ]
)
TEXTS = st.lists(ODD | st.characters() | st.sampled_from("ab .;&"), max_size=30).map("".join)


@settings(derandomize=True, deadline=None, max_examples=600)
@given(TEXTS, st.booleans())
def test_a_normalised_text_is_normalised(text: str, markup: bool) -> None:
    once = normalise(text, DEFAULT, markup=markup)
    assert normalise(once.text, DEFAULT, markup=markup) == (once.text, {})


@settings(derandomize=True, deadline=None, max_examples=600)
@given(TEXTS, st.booleans())
def test_nothing_invisible_is_left(text: str, markup: bool) -> None:
    result, changes = normalise(text, DEFAULT, markup=markup)
    assert result.splitlines() == result.removesuffix("\n").split("\n")[: len(result)]
    assert unicodedata.is_normalized("NFC", result)
    for char in result:
        assert char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cs", "Zl", "Zp"}
        assert char == " " or unicodedata.category(char) != "Zs"
        assert unicodedata.bidirectional(char) not in {
            "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI",
        }  # fmt: skip
    assert not set(result) & set("\xad\u200b\u200e\u200f\u2060\ufeff\ufffc")
    assert list(changes) == sorted(changes)
    assert all(changes.values())
    assert (result == text) is not bool(changes)


@settings(derandomize=True, deadline=None)
@given(
    st.lists(st.sampled_from(["It’s", "“so”", "Größe", "мост", "橋", "ﬁne", "–", "x…"])).map(
        " ".join
    ),
    st.sampled_from(["\n", "\r\n", "\r", "\u2028"]),
    st.sampled_from([" ", "\xa0", "\u2009", "\u3000"]),
    st.sampled_from(["", "\u200b", "\ufeff", "\0"]),
)
def test_the_dress_of_a_text_does_not_matter(text: str, end: str, space: str, dirt: str) -> None:
    """Copies that differ only in what nobody sees become equal."""
    dressed = text.replace(" ", dirt + space) + dirt + end + text
    assert plain(dressed).text == f"{text}\n{text}"


def test_a_mark_that_is_newer_than_this_python_stays_in_its_place() -> None:
    # Some Pythons know that it is written below, and would compose what is above the letter.
    text = "caf\u0065\U0001e4ee\u0301 caf\u0065\u0301"
    assert normalise(text, DecodeSettings(), markup=False) == Normalised(
        "caf\u0065\U0001e4ee\u0301 caf\u00e9", {"nfc": 1}
    )
