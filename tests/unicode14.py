"""The characters of Unicode 14, and what Python's tables say of them, under any version of Python."""

from __future__ import annotations

import hashlib
import re
import sys
import unicodedata
from collections.abc import Iterator
from typing import Final

from transforms.folding import words
from transforms.unicode14 import category, is_lower, is_newer, is_upper

_LIKE_THE_REST: Final = (
    (0x3500, 0x4D80), (0x4F00, 0x9F00), (0xAC10, 0xD700), (0xE000, 0xF8FF), (0x17000, 0x18CFF),
    (0x20100, 0x2B700), (0x2B740, 0x2EBE0), (0x30000, 0x31349), (0xF0000, 0x10FFFF),
)  # fmt: skip
"""Ranges of letters, signs and private use of which a few beside them stand for all."""


def assigned() -> Iterator[str]:
    """Characters of Unicode 14, all but the bulk of Han, Hangul, Tangut and private use."""
    start = 0x20
    for low, high in (*_LIKE_THE_REST, (sys.maxunicode + 1, 0)):
        for code in range(start, low):
            char = chr(code)
            if category(char) not in ("Cn", "Cs"):
                yield char
        start = high + 1


def newer() -> Iterator[str]:
    """Characters that some of the Pythons know, and others do not."""
    return filter(is_newer, map(chr, range(sys.maxunicode + 1)))


_CLASSES: Final = tuple(map(re.compile, (r"\w", r"\d", r"\s")))


def said_of(char: str) -> tuple[object, ...]:
    """All that the program asks Python of a character."""
    return (
        *(unicodedata.normalize(form, char) for form in ("NFC", "NFKC")),
        category(char),
        unicodedata.decomposition(char),
        unicodedata.combining(char),
        unicodedata.decimal(char, None),
        char.lower(), char.upper(), char.casefold(),
        char.isalpha(), char.isalnum(), char.isdigit(), char.isdecimal(), char.isspace(),
        char.isprintable(), is_upper(char), is_lower(char), is_upper(f"A{char}"),
        *(bool(each.match(char)) for each in _CLASSES),
    )  # fmt: skip


def digest() -> str:
    """A digest of what Python's tables say of the characters of Unicode 14."""
    found = hashlib.sha256()
    for char in assigned():
        found.update(repr((ascii(char), *map(ascii, said_of(char)))).encode())
    return found.hexdigest()


def folded_newer() -> str:
    """A digest of what folding makes of characters that some of the Pythons know."""
    found = hashlib.sha256()
    for char in newer():
        found.update(ascii(words(f"a{char}b 1.{char} -{char} <{char}b> {char}.5")).encode())
    return found.hexdigest()


if __name__ == "__main__":
    sys.stdout.write(digest() + folded_newer())
