"""Text for a terminal: nothing that acts on it, nothing wider than it."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.terminal import clip, columns, pad, printable, wrap


@given(st.text(), st.integers(20, 80))
def test_no_line_is_too_wide_or_acts(text: str, width: int) -> None:
    for line in wrap(text, "- ", "    ", width):
        assert columns(line) <= width
        assert line.isprintable()


@given(st.text(alphabet="ab橋é ", min_size=1))
def test_wrapping_loses_nothing(text: str) -> None:
    lines = wrap(text, "> ", "> ", 20)
    assert "".join(line[2:] for line in lines).replace(" ", "") == text.replace(" ", "")


@given(st.text(), st.integers(2, 40))
def test_a_padded_text_has_just_its_width(text: str, width: int) -> None:
    assert columns(pad(text, width)) == width
    assert columns(clip(text, width)) <= width


def test_words_are_broken_only_where_no_line_holds_them() -> None:
    assert list(wrap("one two three", "", "  ", 9)) == ["one two", "  three"]
    assert list(wrap("abcdefghijkl", "", "  ", 8)) == ["abcdef", "  ghijkl"]
    assert list(wrap("橋橋橋橋橋", "", "", 6)) == ["橋橋橋", "橋橋"]


def test_escapes_and_turned_text_are_shown() -> None:
    assert printable("a\x1b[2Jb\u202ec\n") == "a\\x1b[2Jb\\u202ec\n"
