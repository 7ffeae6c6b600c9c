"""What each character is, whatever its script: looked up for all characters of a text at a time."""

from __future__ import annotations

from enum import IntEnum
from functools import cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.paragraphs import END_MARKS
from transforms.unicode14 import category

Codes = NDArray[np.uint16]
Forms = NDArray[np.uint8]


class Form(IntEnum):
    """What a character is, in any script; from ``UPPER`` to ``DIGIT`` it is part of a word."""

    LINE_END = 0
    SPACE = 1
    UPPER = 2
    LOWER = 3
    UNCASED = 4
    """A letter of a script without case, or a mark on a letter."""
    UNSPACED = 5
    """A letter of a script without spaces between words."""
    DIGIT = 6
    END_MARK = 7
    QUESTION = 8
    """An end mark that asks."""
    COLON = 9
    COMMA = 10
    QUOTE = 11
    PUNCTUATION = 12
    SYMBOL = 13


_PLANE: Final = 1 << 16
"""Characters beyond the basic plane are read as one symbol."""
_UNSPACED_BLOCKS: Final = (
    (0x0E00, 0x0F00),
    (0x1000, 0x10A0),
    (0x1780, 0x1800),
    (0x3040, 0x3100),
    (0x3400, 0xA000),
)
"""Thai and Lao, Myanmar, Khmer, Kana, Han."""
_QUESTIONS: Final = "?？؟"
_COLONS: Final = ":："
_COMMAS: Final = ",;、，；،؛"
_QUOTES: Final = "\"'“”‘’«»„‚「」『』"
_CLOSING: Final = "\"'”’»›«“‘)]}」』）〉》*_ "
"""What may stand after the end mark: closing quotes and brackets, footnote stars."""
_OPENING: Final = "\"'“”‘’«»„‚([{¿¡「『*_"

OF_FORM: Final = np.uint8(0x0F)
CLOSES: Final = np.uint8(0x10)
"""May stand after the end mark of a sentence."""
OPENS: Final = np.uint8(0x20)
"""May stand before the first word of one."""
_NARROW: Final = 1 << 8
_DIGIT_AS: Final = ord("0")
"""All digits are lower case alike: a date is a date."""


class _Tables(NamedTuple):
    """What is known of each character of the basic plane."""

    form: Forms
    """The form, with ``CLOSES`` and ``OPENS`` where they hold."""
    lower: Codes
    narrow_form: bytes
    """The forms of the first 256 characters, as ``bytes.translate`` takes them."""
    narrow_lower: bytes


# Plain numbers: to look up a member of an enumeration 65,536 times takes a second.
_CATEGORIES: Final[dict[str, int]] = {
    **dict.fromkeys(("Lu", "Lt"), int(Form.UPPER)),
    "Ll": int(Form.LOWER),
    **dict.fromkeys(("Lm", "Lo", "Mn", "Mc", "Me"), int(Form.UNCASED)),
    **dict.fromkeys(("Nd", "Nl", "No"), int(Form.DIGIT)),
    **dict.fromkeys(("Zs", "Zl", "Zp"), int(Form.SPACE)),
    **dict.fromkeys(("Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po"), int(Form.PUNCTUATION)),
}
"""The form of each of Unicode's categories; of the others it is ``SYMBOL``."""


@cache
def _tables() -> _Tables:
    characters = list(map(chr, range(_PLANE)))
    symbol = int(Form.SYMBOL)
    form = np.array(
        [_CATEGORIES.get(category, symbol) for category in map(category, characters)],
        np.uint8,
    )
    lowered = enumerate(map(str.lower, characters))
    lower = np.array([ord(to) if len(to) == 1 else code for code, to in lowered], np.uint16)
    lower[form == Form.DIGIT] = _DIGIT_AS
    for start, end in _UNSPACED_BLOCKS:
        letters = form[start:end] == Form.UNCASED
        form[start:end][letters] = Form.UNSPACED
    for marks, kind in (
        ("".join(END_MARKS), Form.END_MARK),
        (_QUESTIONS, Form.QUESTION),
        (_COLONS, Form.COLON),
        (_COMMAS, Form.COMMA),
        (_QUOTES, Form.QUOTE),
    ):
        form[_codes_of(marks)] = kind
    form[ord("\n")] = Form.LINE_END
    form[ord("\t")] = Form.SPACE
    form[_codes_of(_CLOSING)] |= CLOSES
    form[_codes_of(_OPENING)] |= OPENS
    narrow = lower[:_NARROW].astype(np.uint8)
    return _Tables(form, lower, form[:_NARROW].tobytes(), narrow.tobytes())


def _codes_of(marks: str) -> list[int]:
    return [ord(mark) for mark in marks]


def look_up(joined: str) -> tuple[Forms, Codes]:
    """What the tables say of each character: its packed form and its lower case.

    Bytes are looked up several times faster than code points, and nearly all characters of most
    texts are Latin-1; what is not is looked up by itself.
    """
    tables = _tables()
    narrow = joined.encode("latin-1", "replace")
    packed = np.frombuffer(bytearray(narrow.translate(tables.narrow_form)), np.uint8)
    lower = np.frombuffer(narrow.translate(tables.narrow_lower), np.uint8).astype(np.uint16)
    if not joined.isascii():
        codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
        wide = np.flatnonzero(codes >= _NARROW)
        codes = np.minimum(codes[wide], _PLANE - 1)
        packed[wide] = tables.form[codes]
        lower[wide] = tables.lower[codes]
    return packed, lower
