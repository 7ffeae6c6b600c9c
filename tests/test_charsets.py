"""What charset labels mean."""

import codecs

import pytest

from transforms.charsets import charset_of, declared_charset


@pytest.mark.parametrize(
    ("label", "charset"),
    [
        ("UTF-8", "utf-8"),
        ("utf8", "utf-8"),
        (' "iso-8859-1" ', "windows-1252"),
        ("latin1", "windows-1252"),
        ("us-ascii", "windows-1252"),
        ("iso-8859-9", "windows-1254"),
        ("windows-1251", "windows-1251"),
        ("x-cp1251", "windows-1251"),
        ("KOI8-R", "koi8-r"),
        ("gb2312", "gb18030"),
        ("x-gbk", "gb18030"),
        ("Shift_JIS", "cp932"),
        ("x-sjis", "cp932"),
        ("windows-31j", "cp932"),
        ("ks_c_5601-1987", "cp949"),
        ("iso-8859-8-i", "iso-8859-8"),
        ("macintosh", "macintosh"),
        ("x-mac-cyrillic", "mac-cyrillic"),
        ("ibm866", "ibm866"),
    ],
)
def test_a_label_means_what_browsers_take_it_for(label: str, charset: str) -> None:
    assert charset_of(label) == charset
    assert codecs.lookup(charset), "users can decode with the name that is reported"


@pytest.mark.parametrize(
    "label",
    ["", "klingon", "rot13", "base64", "idna", "utf-7", "unicode_escape", "\0", "é", "a" * 99],
)
def test_codecs_that_are_no_charset_of_the_web_are_unknown(label: str) -> None:
    assert charset_of(label) is None


@pytest.mark.parametrize(
    ("page", "label"),
    [
        (b'<html><meta charset="windows-1251">', "windows-1251"),
        (b"<META CHARSET = koi8-r />", "koi8-r"),
        (
            b'<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS">',
            "Shift_JIS",
        ),
        (b"\n<?xml version='1.0' encoding='iso-8859-2'?><html>", "iso-8859-2"),
        (b'<!-- <meta charset="big5"> --><meta charset="gbk">', "gbk"),
        (b'<meta name="charset" content="text">', None),
        (b"The charset=utf-8 of a plain text", None),
        (b"<p>" * 400 + b'<meta charset="koi8-r">', None),
    ],
)
def test_a_page_declares_its_charset_at_its_beginning(page: bytes, label: str | None) -> None:
    assert declared_charset(page) == label
