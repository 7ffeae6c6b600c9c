"""Folding: what may differ between two copies, and what may not."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from transforms.folding import (
    PARTED,
    STAND_INS,
    _byte_table,
    _FoldTable,
    digest,
    fold,
    fold_run,
    is_uncased,
    is_unspaced,
    words,
)

# What folding treats in ways of its own, and what it needs for itself.
from transforms.unicode14 import category as category_of
from transforms.unicode14 import is_newer, may_be_letter

NASTY = "'’ʼ＇-−–.,/:05٣½²^<>%‰°$€&@#+ \n\x85\u00a0\x00\x01\x02\x06\x07aBİıßéǅ\u0300中กあ«“‘[™Ω()~ﬁ★☒👍\ud800\ue000"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Russia Says No", "RUSSIA  says\tno"),
        ("“It is not about the leadership.”", '"It is not about the leadership"'),
        ("the Kremlin’s view", "the Kremlin's view"),
        ("war – and peace", "war -- and peace"),
        ("Acme™ says", "Acme says"),
        ("Straße", "STRASSE"),
        ("ｆｕｌｌ　ｗｉｄｔｈ", "full width"),
        ("caf\u00e9 ﬁne", "CAFÉ fine"),
    ],
)
def test_copies_that_differ_in_dress_fold_to_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It fell 1.5 points", "It fell 15 points"),
        ("It fell 1.5 points", "It fell 1,5 points"),
        ("minus: -3 degrees", "minus: 3 degrees"),
        ("a change (-3%)", "a change (3%)"),
        ("it was \u20133 degrees", "it was 3 degrees"),
        ("a loss of €-3 m", "a loss of €3 m"),
        ("10² m", "102 m"),
        ("1/2 cup", "1 2 cup"),
        ("a 3:2 win", "a 32 win"),
        ("\u22123 degrees", "3 degrees"),
        ("up 5%", "up 5"),
        ("$5 a share", "€5 a share"),
        ("a + b", "a b"),
        ("cafe", "café"),
    ],
)
def test_what_changes_the_meaning_survives_folding(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_a_folded_text_is_its_words_with_a_space_between() -> None:
    assert fold(" “Rain”,  RAIN\n") == "rain rain"


def test_a_minus_is_a_sign_only_before_a_number() -> None:
    assert words("military-to-military talks - at last") == [
        "military", "to", "military", "talks", "at", "last",
    ]  # fmt: skip
    assert words("from -3 to 10-12") == ["from", "-3", "to", "10", "12"]


def test_each_character_of_an_unspaced_script_is_a_word() -> None:
    assert words("北京 2015年") == ["北", "京", "2015", "年"]
    assert words("हिन्दी में") == ["हिन्दी", "में"]


@pytest.mark.parametrize(
    ("within", "outside"),
    [
        ("\u0e00\u0eff", "\u0dff\u0f00"),
        ("\u1000\u109f", "\u0fff\u10a0"),
        ("\u1780\u17ff", "\u177f\u1800"),
        ("\u3040\u30ff", "\u303f\u3100"),
        ("\u31f0\u31ff", "\u31ef\u3200"),
        ("\u3400\u4dbf\u4e00\u9fff", "\u33ff\u4dc0\u4dff\ua000"),
        ("\uf900\ufaff", "\uf8ff\ufb00"),
        ("\U00020000\U0003ffff", "\U0001ffff\U00040000"),
    ],
)
def test_scripts_without_spaces_end_where_they_end(within: str, outside: str) -> None:
    assert all(is_unspaced(ord(char)) for char in within)
    assert not any(is_unspaced(ord(char)) for char in outside)


@pytest.mark.parametrize("word", ["أحمد", "כהן", "राम", "北京", "ა", "ჿ", "გიორგი", "éა", "ª"])
def test_a_word_of_a_script_without_capitals_is_told_by_one_letter(word: str) -> None:
    assert is_uncased(word)


@pytest.mark.parametrize("word", ["chile", "CHILE", "Перу", "straße", "Ⴭ", "", "12", "½", "٣"])
def test_a_word_of_a_script_with_capitals_or_without_letters_is_not(word: str) -> None:
    assert not is_uncased(word)


def test_a_text_without_words_folds_to_nothing() -> None:
    assert words(" … “–” *** ") == []


def test_digests_differ_where_texts_do() -> None:
    assert digest("a b") == digest("a b")
    assert digest("a b") != digest("ab")
    assert len(digest("")) == 16
    assert digest("\ud800") != digest("\udfff")


@given(st.text())
def test_folding_is_stable(text: str) -> None:
    once = fold(text)
    assert " ".join(once.split()) == once
    assert fold(text + "  ") == once


def folded_char(char: str) -> str:
    """What becomes of one character, by the words of docs and docstrings."""
    newer = is_newer(char)
    plain = char if newer else unicodedata.normalize("NFKC", char).casefold()
    decomposed = "" if newer else unicodedata.decomposition(char)
    if decomposed.startswith("<fraction>"):
        return " " + plain.replace("\u2044", "/") + " "
    if char in "\u2122\u2120":
        return ""
    folded = ""
    for each in plain:
        category = category_of(each)
        if each in "'\u2019\u02bc\uff07":
            continue
        spaced = f" {each} "
        if each in "%\u2030\u00b0&@#+★☆✓✔✗✘☑☒👍👎" or category in ("Sc", "Sm"):
            folded += spaced
        elif category[0] in "LMN" or may_be_letter(each):
            folded += spaced if is_unspaced(ord(each)) else each
        else:
            folded += " "
    power = decomposed.startswith("<super>") and plain.isdigit()
    return f"^{folded}" if power else folded


def is_digit(char: str) -> bool:
    return char.isdecimal() and not is_newer(char)


def folded_words(text: str) -> list[str]:
    """The definition, character by character."""
    text = re.sub(r"<([^\W\d_][^<>]*)>", lambda m: m[0] if is_newer(m[1][0]) else f" {m[1]} ", text)
    folded = ""
    for at, char in enumerate(text):
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        if char in ".,/:" and is_digit(before) and is_digit(after):
            folded += char
        elif (
            char in "-\u2212\u2013"
            and is_digit(after)
            and (not before or before.isspace() or before in "([\"'\u2018\u201c$\u00a3\u00a5\u20ac")
        ):
            folded += "-"
        else:
            folded += folded_char(char)
    return folded.split()


@given(st.text(st.sampled_from(NASTY) | st.characters(codec=None)))
@example("<Acme Inc>, p < 3 > 2 <a<b>> <1> <é>")
def test_words_are_those_of_the_definition(text: str) -> None:
    assert words(text) == folded_words(text)


def test_control_characters_and_private_use_are_no_words() -> None:
    assert words("a\x01b \x07 \ue000c\x025") == ["a", "b", "c", "5"]


NEWER = [char for char in map(chr, range(0x110000)) if is_newer(char)]
KAWI = "\U00011f04\U00011f12\U00011f2b"
NEWER_DIGITS = "\U00011f51\U0001e4f1"


def test_a_letter_that_is_newer_than_this_python_is_a_letter() -> None:
    assert len(NEWER) == 5116
    assert words(f"the {KAWI}, {KAWI[:2]}x") == ["the", KAWI, f"{KAWI[:2]}x"]
    assert words("a\u0378b, \U00016120") == ["a\u0378b", "\U00016120"]  # in no Unicode, and in 16
    assert words("\U00031350\U0002ebf0") == ["\U00031350", "\U0002ebf0"]  # Han
    assert words("love \U0001fa77\U0001fa77 hate") == ["love", "hate"]  # hearts
    assert words("a\ufffeb\ufdd0c\U0010ffffd") == ["a", "b", "c", "d"]  # no characters


def test_newer_characters_are_the_same_in_every_python() -> None:
    for digit in NEWER_DIGITS:  # digits for some Pythons, and for others nothing
        assert words(f"1.{digit} -{digit} {digit}:2") == ["1", digit, digit, digit, "2"]
    assert words(f"<{KAWI} b>") == ["<", KAWI, "b", ">"]
    for char in NEWER:
        text = f"a{char}b 1.{char} -{char} <{char}b> {char}.5"
        assert words(text) == folded_words(text), hex(ord(char))


@given(
    st.lists(st.sampled_from(NEWER).filter(may_be_letter), min_size=1, max_size=9),
    st.lists(st.sampled_from(NEWER).filter(may_be_letter), min_size=1, max_size=9),
    st.text(st.sampled_from(NASTY) | st.characters(codec=None)),
)
def test_texts_that_differ_in_newer_letters_never_fold_alike(
    one: list[str], other: list[str], around: str
) -> None:
    left, right = (f"{around} {''.join(letters)} {around}" for letters in (one, other))
    assert (fold(left) == fold(right)) == (one == other)


SIGNS = str.maketrans({mark: sign for sign, mark in STAND_INS.items()})
BEYOND_ASCII = (*range(0x80, 0x3100), *range(0xFB00, 0xFB07), *range(0xFF01, 0xFF5F), 0x1F44D)


def test_each_character_beyond_ascii_folds_as_the_definition_says() -> None:
    table = _FoldTable()
    for code in BEYOND_ASCII:
        assert table[code].translate(SIGNS) == folded_char(chr(code)), hex(code)
    assert set(table) == set(BEYOND_ASCII)  # nothing is worked out twice
    assert table[0xE9] == "é"


def test_each_byte_folds_as_the_definition_says() -> None:
    table = _byte_table()
    assert len(table) == 0x100
    marks = {ord(mark): ord(sign) for sign, mark in STAND_INS.items()}
    for byte in range(0x80):
        if byte in marks or byte == ord(PARTED):
            assert table[byte] == marks.get(byte, byte)
        else:
            # Spaces around a symbol are put there before, and apostrophes taken out.
            assert chr(table[byte]) == (folded_char(chr(byte)).strip() or " ")
    assert table[0x80:] == bytes(range(0x80, 0x100))


def test_a_whole_run_is_folded_with_its_half_characters() -> None:
    assert fold_run("É\u00bd".encode()).decode().translate(SIGNS) == "é 1/2 "
    assert fold_run("\ud800".encode("utf-8", "surrogatepass")) == b" "
