"""The names of charsets: what a label means, and which one a page declares.

Only the charsets of the WHATWG Encoding Standard count, because browsers read
no others.  They go by names that Python knows, so that ``data.decode(name)``
repeats a reading.
"""

from __future__ import annotations

import codecs
from typing import Final

import re2

# Python's name for a codec -> the charset that the web means by it: supersets are read for their
# subsets (section 4.2 of the standard: latin1 is windows-1252, gb2312 is gbk, ...).
_CHARSETS: Final[dict[str, str]] = {
    "utf-8": "utf-8",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "utf-32": "utf-32",
    "utf-32-le": "utf-32-le",
    "utf-32-be": "utf-32-be",
    "ascii": "windows-1252",
    "iso8859-1": "windows-1252",
    "cp1252": "windows-1252",
    "cp1250": "windows-1250",
    "cp1251": "windows-1251",
    "cp1253": "windows-1253",
    "iso8859-9": "windows-1254",
    "cp1254": "windows-1254",
    "cp1255": "windows-1255",
    "cp1256": "windows-1256",
    "cp1257": "windows-1257",
    "cp1258": "windows-1258",
    "iso8859-2": "iso-8859-2",
    "iso8859-3": "iso-8859-3",
    "iso8859-4": "iso-8859-4",
    "iso8859-5": "iso-8859-5",
    "iso8859-6": "iso-8859-6",
    "iso8859-7": "iso-8859-7",
    "iso8859-8": "iso-8859-8",
    "iso8859-10": "iso-8859-10",
    "iso8859-13": "iso-8859-13",
    "iso8859-14": "iso-8859-14",
    "iso8859-15": "iso-8859-15",
    "iso8859-16": "iso-8859-16",
    "koi8-r": "koi8-r",
    "koi8-u": "koi8-u",
    "cp866": "ibm866",
    "mac-roman": "macintosh",
    "mac-cyrillic": "mac-cyrillic",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "cp874": "cp874",
    "shift_jis": "cp932",
    "cp932": "cp932",
    "euc_jp": "euc-jp",
    "iso2022_jp": "iso-2022-jp",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5-hkscs",
    "cp950": "big5-hkscs",
    "big5hkscs": "big5-hkscs",
    "euc_kr": "cp949",
    "cp949": "cp949",
}

# Labels of the standard that Python does not know.
_LABELS: Final[dict[str, str]] = {
    "dos-874": "cp874",
    "iso-8859-6-e": "iso-8859-6",
    "iso-8859-6-i": "iso-8859-6",
    "iso-8859-8-e": "iso-8859-8",
    "iso-8859-8-i": "iso-8859-8",
    "sjis": "cp932",
    "unicode-1-1-utf-8": "utf-8",
    "user-defined": "windows-1252",
    "windows-31j": "cp932",
    "windows-874": "cp874",
    "windows-949": "cp949",
}

WIDE: Final = frozenset(
    name for name in _CHARSETS.values() if name.startswith(("utf-16", "utf-32"))
)
"""Charsets in which an ASCII letter takes more than one byte."""

_LABEL: Final = re2.compile(r"[a-z0-9][a-z0-9._:+-]{0,39}")

DECLARATION_BYTES: Final = 1_024
"""Where the HTML standard wants a page's charset to be declared."""

_COMMENT: Final = re2.compile(rb"(?s)<!--.*?-->")
_DECLARATION: Final = re2.compile(
    rb"(?i)\A\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*[\"']([^\"'>]{1,40})[\"']"
    rb"|<meta\s[^>]{0,400}?charset\s*=\s*[\"']?\s*([^\s\"'/>;]{1,40})"
)


def charset_of(label: str) -> str | None:
    """The charset that a label names, ``None`` for one that the web does not know.

    >>> charset_of(" ISO-8859-1 "), charset_of("x-sjis"), charset_of("rot13")
    ('windows-1252', 'cp932', None)
    """
    name = label.strip(" \t\r\n\f\"'").lower().removeprefix("x-")
    if name in _LABELS:
        return _LABELS[name]
    if not _LABEL.fullmatch(name):
        return None
    try:
        return _CHARSETS.get(codecs.lookup(name).name)
    except LookupError:
        return None


def declared_charset(data: bytes) -> str | None:
    """The label that an XML declaration or an HTML ``meta`` element gives, as it is written.

    >>> declared_charset(b'<meta charset="koi8-r">')
    'koi8-r'
    """
    begin = data[:DECLARATION_BYTES]
    if b"<" not in begin:
        return None
    found = _DECLARATION.search(_COMMENT.sub(b"", begin))
    if not found:
        return None
    label: bytes = found[1] or found[2]
    return label.decode("latin-1")
