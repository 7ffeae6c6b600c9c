"""What Python says of characters, the same under every version of it.

Python's tables of Unicode change with its version (3.11: Unicode 14, 3.12: 15.0, 3.13: 15.1).  Here
they are those of 14: what came later is unassigned, and the five of the characters known before
that changed have no case.  ``tests/unicode14.py`` compares all others.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from typing import Final

_NEWER: Final = (
    (0x0CF3, 0x0CF3), (0x0ECE, 0x0ECE), (0x2FFC, 0x2FFF), (0x31EF, 0x31EF), (0x10EFD, 0x10EFF),
    (0x1123F, 0x11241), (0x11B00, 0x11B09), (0x11F00, 0x11F10), (0x11F12, 0x11F3A),
    (0x11F3E, 0x11F59), (0x1342F, 0x1342F), (0x13439, 0x13455), (0x1B132, 0x1B132),
    (0x1B155, 0x1B155), (0x1D2C0, 0x1D2D3), (0x1DF25, 0x1DF2A), (0x1E030, 0x1E06D),
    (0x1E08F, 0x1E08F), (0x1E4D0, 0x1E4F9), (0x1F6DC, 0x1F6DC), (0x1F774, 0x1F776),
    (0x1F77B, 0x1F77F), (0x1F7D9, 0x1F7D9), (0x1FA75, 0x1FA77), (0x1FA87, 0x1FA88),
    (0x1FAAD, 0x1FAAF), (0x1FABB, 0x1FABD), (0x1FABF, 0x1FABF), (0x1FACE, 0x1FACF),
    (0x1FADA, 0x1FADB), (0x1FAE8, 0x1FAE8), (0x1FAF7, 0x1FAF8), (0x2B739, 0x2B739),
    (0x2EBF0, 0x2EE5D), (0x31350, 0x323AF),
)  # fmt: skip
"""First and last of what Unicode 15.0 and 15.1 added."""
NEWER: Final = "".join(f"{chr(first)}-{chr(last)}" for first, last in _NEWER)
"""The same, as it stands in a class of a regular expression."""
_FIRSTS: Final = [first for first, _ in _NEWER]
UNASSIGNED: Final = "Cn"

_NEWER_MARKS: Final = re.compile(
    "([\U00010efd-\U00010eff\U00011f41\U00011f42\U0001e08f\U0001e4ec-\U0001e4ef])"
)
"""Those of them that combine with the letter before, and so may change places with other marks."""

_PICTOGRAPHS: Final = ("\U0001f000", "\U0001faff")
"""The blocks in which every new character is an emoji or another sign."""
_NO_CHARACTERS: Final = ("\ufdd0", "\ufdef")

_UNCASED: Final = frozenset("\u10fc\ua7f2\ua7f3\ua7f4\uab69")
"""Modifier letters that have been lower case since Unicode 15."""
_WITHOUT: Final = dict.fromkeys(map(ord, _UNCASED))


def is_newer(char: str) -> bool:
    """Whether a later version of Unicode than 14 added the character."""
    at = bisect_right(_FIRSTS, ord(char))
    return at > 0 and ord(char) <= _NEWER[at - 1][1]


def category(char: str) -> str:
    r"""The general category of a character in Unicode 14.

    >>> category("a"), category("\U0001fa77")
    ('Ll', 'Cn')
    """
    return UNASSIGNED if is_newer(char) else unicodedata.category(char)


def may_be_letter(char: str) -> bool:
    r"""Whether a character that is unassigned may be a letter, a mark or a digit by now.

    >>> may_be_letter("\U00011f04"), may_be_letter("\U0001fa77"), may_be_letter("a")
    (True, False, False)
    """
    return (
        category(char) == UNASSIGNED
        and not _PICTOGRAPHS[0] <= char <= _PICTOGRAPHS[1]
        and not _NO_CHARACTERS[0] <= char <= _NO_CHARACTERS[1]
        and ord(char) & 0xFFFE != 0xFFFE
    )


def composed(text: str) -> str:
    r"""Normalisation form C of Unicode 14, in which a newer mark is as good as a letter.

    >>> composed("e\u0301"), composed("e\U0001e4ee\u0301") == "e\U0001e4ee\u0301"
    ('é', True)
    """
    if unicodedata.is_normalized("NFC", text):
        return text
    return "".join(unicodedata.normalize("NFC", part) for part in _NEWER_MARKS.split(text))


def is_upper(text: str) -> bool:
    r"""Whether the text has capitals and no small letters.

    >>> is_upper("NATO"), is_upper("NATO\ua7f2"), is_upper("NATo")
    (True, True, False)
    """
    if text.isascii() or _UNCASED.isdisjoint(text):
        return text.isupper()
    return text.translate(_WITHOUT).isupper()


def is_lower(text: str) -> bool:
    r"""Whether the text has small letters and no capitals.

    >>> is_lower("a"), is_lower("\ua7f2")
    (True, False)
    """
    if text.isascii() or _UNCASED.isdisjoint(text):
        return text.islower()
    return text.translate(_WITHOUT).islower()
