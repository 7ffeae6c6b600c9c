"""Text from outside, made fit for a page.

The templates escape all markup; what is left to do here is what HTML cannot
hold, what misleads the eye, and the language.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
_RIGHT_TO_LEFT: Final = frozenset(
    "ar arc ckb dv fa he iw ks nqo ps sd syr ug ur yi".split()  # noqa: SIM905 - reads better
)
_LINES: Final = "\n\t"


def text(value: str, most: int | None = None) -> str:
    r"""A text for a page, cut with an ellipsis after ``most`` characters.

    What no page can hold is named: NUL and other controls, halves of
    surrogate pairs, noncharacters.  Marks of direction stay: the element of a
    text ends what they begin.

    >>> text("a\0b"), text("a long text", 6)
    ('a‹U+0000›b', 'a long…')
    """
    if most is not None and len(value) > most:
        value = value[:most] + "…"
    return value if value.isprintable() else "".join(map(_holdable, value))


def name(value: str, most: int = 200) -> str:
    r"""An id, a path or an address for a page: what cannot be seen is named.

    Of a long one the middle is left out.

    >>> name("a\u202eb.txt"), name("abcdefgh", 5)
    ('a‹U+202E›b.txt', 'ab…gh')
    """
    if len(value) > most:
        end = most // 2
        value = f"{value[:end]}…{value[-end:]}"
    return "".join(char if char.isprintable() else _named(char) for char in value)


def language(value: str | None) -> str | None:
    """A language for a ``lang`` attribute; ``None`` for what is none.

    >>> language("ar"), language('"><script>')
    ('ar', None)
    """
    return value if value is not None and _LANGUAGE.fullmatch(value) else None


def direction(value: str | None) -> str:
    """The ``dir`` of a text in a language; where it is not known the text decides.

    >>> direction("he"), direction("en"), direction(None)
    ('rtl', 'ltr', 'auto')
    """
    code = language(value)
    if code is None:
        return "auto"
    return "rtl" if code in _RIGHT_TO_LEFT else "ltr"


def _holdable(char: str) -> str:
    if char.isprintable() or char in _LINES:
        return char
    kept = unicodedata.category(char) not in ("Cc", "Cs") and not _is_noncharacter(char)
    return char if kept else _named(char)


def _is_noncharacter(char: str) -> bool:
    return ord(char) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(char) <= 0xFDEF


def _named(char: str) -> str:
    return f"‹U+{ord(char):04X}›"
