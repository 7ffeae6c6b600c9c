"""Limits of a document: one over is refused by name, one under is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.fuzzing.checks import check_error
from transforms.block import MOST_MESSAGE, RecordError, dead_letter
from transforms.document import Record
from transforms.limits import UnsplittableDocument, check_attributes
from transforms.page_tree import parse_page
from transforms.settings import DecodeSettings, Settings, SplitSettings
from transforms.single import clean_records

SETTINGS = Settings(
    split=SplitSettings(
        max_paragraphs=50,
        max_depth=40,
        max_nodes=200,
        max_attributes=30,
        max_paragraph_characters=2_000,
        max_word_characters=500,
    ),
    decode=DecodeSettings(max_record_bytes=20_000),
)
NAMES = [f"a{number}" for number in range(60)]


def outcome(text: str, settings: Settings = SETTINGS) -> tuple[str, str]:
    """What becomes of a text: its error with the message, or none."""
    cleaned = clean_records([Record(id="x", source="x", data=text.encode())], settings)
    for letter in cleaned.content.rejected:
        return letter.error, letter.message
    assert len(cleaned.content.documents) == 1
    return "", ""


def page(body: str) -> str:
    return f"<!DOCTYPE html><body><p>The bridge is open.</p>{body}"


@pytest.mark.parametrize(
    ("under", "over", "error", "setting"),
    [
        ("x" * 20_000, "x" * 20_001, "record-too-large", "decode.max_record_bytes"),
        ("line\n" * 50, "line\n" * 51, "too-many-paragraphs", "split.max_paragraphs"),
        (page("<p>x" * 49), page("<p>x" * 50), "too-many-paragraphs", "split.max_paragraphs"),
        ("ab " * 660, "ab " * 680, "paragraph-too-long", "split.max_paragraph_characters"),
        (page("ab " * 660), page("ab " * 680), "paragraph-too-long", "split.max_paragraph_characters"),
        ("a " + "x" * 500, "a " + "x" * 501, "word-too-long", "split.max_word_characters"),
        (page("x" * 500), page("x" * 501), "word-too-long", "split.max_word_characters"),
        (page("<div>" * 38), page("<div>" * 39), "page-too-deep", "split.max_depth"),
        (page("<b>x</b>" * 197), page("<b>x</b>" * 198), "page-too-large", "split.max_nodes"),
        (
            page(f"<p {' '.join(NAMES[:30])}>x"),
            page(f"<p {' '.join(NAMES[:31])}>x"),
            "too-many-attributes",
            "split.max_attributes",
        ),
    ],
)  # fmt: skip
def test_one_over_is_refused_with_the_setting_to_raise(
    under: str, over: str, error: str, setting: str
) -> None:
    wide = SETTINGS
    if error in ("paragraph-too-long", "word-too-long"):
        assert len(over) < 20_000
    elif error == "record-too-large":  # one word of this size would be the next thing
        wide = Settings(decode=SETTINGS.decode)
    assert outcome(under, wide) == ("", "")
    found, message = outcome(over, wide)
    assert found == error
    assert f"raise {setting}" in message
    table, name = setting.split(".")
    assert f"{getattr(getattr(wide, table), name):,}" in message


def test_more_lines_than_paragraphs_can_have_are_refused_before_each_is_looked_at() -> None:
    settings = Settings(split=SplitSettings(max_paragraphs=1_000))
    error, message = outcome("x\n" * 100_001, settings)
    assert error == "too-many-paragraphs"
    assert "more than 100,000 lines" in message
    assert outcome("One line.\n" + "\n" * 200_000, settings) == ("", "")


def test_a_hard_wrapped_text_may_have_more_lines_than_paragraphs() -> None:
    paragraph = "\n".join(
        "the council met again in the old town hall to speak about bridges and" for _ in range(3)
    )
    assert outcome("\n\n".join([paragraph] * 40)) == ("", "")


@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "<p x='<p y=\"' z='>'>{}",
        '<script>if (a<b) c = "</script>{}',
        "<!-- it's > {} --> {}",
        "<!--> {}",
        '<!doctype "> {}',
        '<p ="a>"> {}',
        '<textarea><b a="</textarea > {}',
    ],
)
@pytest.mark.parametrize(
    "written", [" ".join, "/".join, lambda names: "".join(f'{name}=">"' for name in names)]
)
def test_attributes_are_counted_wherever_their_element_stands(
    around: str, written: Callable[[Sequence[str]], str]
) -> None:
    for count, refused in ((30, False), (31, True)):
        markup = around.replace("{}", f"<p {written(NAMES[:count])}>")
        if refused:
            with pytest.raises(UnsplittableDocument):
                check_attributes(markup.encode(), SETTINGS.split)
        else:
            check_attributes(markup.encode(), SETTINGS.split)


TOKENS = st.sampled_from(
    [
        *("<p ", "<div", "<script>", "</script>", "<!--", "-->", "--!>", "-", ">", "'", '"', "="),
        *("x1 ", "x2=", "/", "<", "</p ", "<title>", "</title>", "<style>", "</style", "<textarea>"),
        *("</textarea>", " x3", 'x4="', "x5='", "<!", "<?", "<svg>", "\n", "é"),
        # What the parser does not see, and what only Unicode takes for an s or for a space.
        *("<\x01p ", "\x00", "\x0b", "\x0c", "<\u017fcript>", "</script\xa0>", "<\u212abd "),
    ]
)  # fmt: skip


@given(st.lists(TOKENS, min_size=3, max_size=25).map("".join))
def test_the_count_is_never_less_than_what_the_parser_finds(markup: str) -> None:
    tree = parse_page(markup, SplitSettings(max_attributes=1_000)).tree
    if tree is None:
        return
    most = max(len(element.attrib) for element in tree.iter(etree.Element))
    if most > 1:
        with pytest.raises(UnsplittableDocument, match="too-many-attributes"):
            parse_page(markup, SplitSettings(max_attributes=most - 1))


@pytest.mark.parametrize(
    "begins",
    ["<\x01p ", "<\u017fcript><p ", "<script></script\xa0><textarea></script><p "],
    ids=["a control in the tag", "a long s", "a space that is none"],
)
def test_no_disguise_hides_attributes(begins: str) -> None:
    markup = begins + " ".join(f"a{n}" for n in range(1_100)) + ">fog</textarea>"
    with pytest.raises(UnsplittableDocument, match="too-many-attributes"):
        parse_page(markup, SplitSettings())


def test_a_message_is_cut_however_much_of_the_input_it_repeats() -> None:
    letter = dead_letter(RecordError("no-text", "x" * 1_000_000), "a.csv", None)
    check_error(letter)
    assert letter.message == "x" * MOST_MESSAGE
