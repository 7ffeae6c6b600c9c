"""Fold text: what is left when case, punctuation and spacing no longer count.

Two paragraphs are *exact duplicates* when they fold to the same words.  What
can change a meaning survives folding: digits with the signs inside them, minus
signs, currency, per cent and mathematical symbols.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from transforms.unicode14 import NEWER, category, is_newer, may_be_letter

# Control characters stand in for what is ASCII in a folded text and would not survive the
# table of ASCII; a text's own are made NUL before, which folds to the same as they do.
FOLDING: Final = 2
"""Version of what folding gives: a history of another version is refused."""

STAND_INS: Final = {"-": "\x01", ".": "\x02", ",": "\x03", "/": "\x04", ":": "\x05", "^": "\x06"}
PARTED: Final = "\x07"
"""Stands between two texts that are folded together; see :mod:`transforms.folded`."""
_RESERVED: Final = (*STAND_INS.values(), PARTED)
_FREED: Final = dict.fromkeys(map(ord, _RESERVED), "\0")

# A point, comma, slash or colon between two digits is part of a number.  A hyphen or dash
# between a space, an opening bracket or quote, or a currency sign and a digit is a sign;
# between two digits it is a range.  One character in, one out, no repetition: this cannot
# backtrack; it begins with a plain set of characters, for which the search is quick.
POINTS: Final = ".,/:"
MINUS_SIGNS: Final = "-\u2212\u2013"
BEFORE_MINUS: Final = "([\"'\u2018\u201c$\u00a3\u00a5\u20ac"
"""What a sign may follow, beside spaces."""

_DIGIT: Final = rf"[^\D{NEWER}]"
_SIGN: Final = re.compile(
    rf"[{MINUS_SIGNS}{POINTS}](?={_DIGIT})"
    rf"(?:(?<={_DIGIT}[{POINTS}])|(?<=[{MINUS_SIGNS}])(?<![^\s{re.escape(BEFORE_MINUS)}].))"
)

# Agencies write <Acme Inc>.  What is between two signs has none of them, so each
# character is tried for one "<" only.
_ANGLED: Final = re.compile(rf"<([^\W\d_{NEWER}][^<>]*)>")

_FOREIGN: Final = re.compile(r"[^\x00-\x7f]+")

_APOSTROPHES: Final = frozenset("'\u2019\u02bc\uff07")
_FRACTION_SLASH: Final = "\u2044"
_TRADE_MARKS: Final = frozenset("\u2122\u2120")
_KEPT_SYMBOLS: Final = frozenset("%\u2030\u00b0&@#+\u00b1")
_VERDICT_SYMBOLS: Final = frozenset("★☆✓✔✗✘☑☒👍👎")
"""Symbols that say something by themselves; most are ornaments."""

_GEORGIAN: Final = ("\u10d0", "\u10ff")

_UNSPACED_RANGES: Final = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x3040, 0x30FF),  # Hiragana, Katakana
    (0x31F0, 0x31FF),  # Katakana extensions
    (0x3400, 0x4DBF),  # Han extension A
    (0x4E00, 0x9FFF),  # Han
    (0xF900, 0xFAFF),  # Han compatibility
    (0x20000, 0x3FFFF),  # Han extensions B and later
)


def is_unspaced(code: int) -> bool:
    """Whether the code point belongs to a script written without spaces."""
    return any(low <= code <= high for low, high in _UNSPACED_RANGES)


def is_uncased(word: str) -> bool:
    """Whether a word has a letter of a script that does not write names with capitals.

    Georgian has capital letters in Unicode, but prose does without them.
    """
    return not word.isascii() and any(
        category(char) == "Lo" or _GEORGIAN[0] <= char <= _GEORGIAN[1] for char in word
    )


class _FoldTable(dict[int, str]):
    """Code point to what folding makes of it, filled as characters are met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if is_newer(char):
            self[code] = folded = _fold_one(char)
            return folded
        plain = unicodedata.normalize("NFKC", char).casefold()
        folded = "" if char in _TRADE_MARKS else "".join(map(_fold_one, plain))
        decomposed = unicodedata.decomposition(char)
        if decomposed.startswith("<super>") and plain.isdigit():
            # A power is no digit of the number before it.
            folded = f"{STAND_INS['^']}{folded}"
        elif decomposed.startswith("<fraction>"):
            # 6\u00bd is 6 1/2, not 61/2.
            folded = f" {plain.replace(_FRACTION_SLASH, STAND_INS['/'])} "
        self[code] = folded
        return folded


def _fold_one(char: str) -> str:
    if char in _APOSTROPHES:
        return ""
    if char in _KEPT_SYMBOLS or char in _VERDICT_SYMBOLS:
        return f" {char} "
    its_category = category(char)
    if its_category[0] in "LMN" or may_be_letter(char):
        return f" {char} " if is_unspaced(ord(char)) else char
    if its_category in ("Sc", "Sm"):
        return f" {char} "
    return " "


_TABLE: Final = _FoldTable()

_PLAIN: Final = {char: _fold_one(char.casefold()) for char in map(chr, range(0x80))}
_SYMBOLS: Final = {
    char.encode(): folded.encode() for char, folded in _PLAIN.items() if len(folded) > 1
}
_DELETED: Final = "".join(char for char, folded in _PLAIN.items() if not folded).encode()


def _byte_table() -> bytes:
    """What becomes of each byte of UTF-8: of ASCII only, and symbols stay."""
    table = bytearray(range(0x100))
    for char, folded in _PLAIN.items():
        table[ord(char)] = ord(folded.strip() or " ")
    for char, mark in STAND_INS.items():
        table[ord(mark)] = ord(char)
    table[ord(PARTED)] = ord(PARTED)
    return bytes(table)


_BYTE_TABLE: Final = _byte_table()


def clean(texts: Sequence[str]) -> Sequence[str]:
    """The texts without the control characters that folding needs, and without <>."""
    together = "".join(texts)
    if "<" in together:
        texts = [_ANGLED.sub(r" \1 ", text) if "<" in text else text for text in texts]
    if any(map(together.__contains__, _RESERVED)):
        texts = [text.translate(_FREED) for text in texts]
    return texts


def _stand_in(sign: re.Match[str]) -> str:
    return STAND_INS.get(sign[0], STAND_INS["-"])


def _fold_foreign(run: re.Match[str]) -> str:
    return run[0].translate(_TABLE)


def fold_cleaned(text: str) -> bytes:
    """The folded words of a cleaned text as UTF-8, with any number of spaces around them."""
    text = _SIGN.sub(_stand_in, text)
    if not text.isascii():
        text = _FOREIGN.sub(_fold_foreign, text)
    return fold_ascii(text.encode())


def fold_ascii(data: bytes) -> bytes:
    """Fold what is ASCII in UTF-8, in which signs and all that is not ASCII are done with."""
    for symbol, spaced in _SYMBOLS.items():
        if symbol in data:
            data = data.replace(symbol, spaced)
    return data.translate(_BYTE_TABLE, _DELETED)


def fold_run(run: bytes) -> bytes:
    """What folding makes of a run of characters beyond ASCII."""
    return run.decode("utf-8", "surrogatepass").translate(_TABLE).encode()


def words(text: str) -> list[str]:
    """The folded words of a text, in order.

    A word is a run of letters, marks and digits, and of what may be one in a Unicode that this
    Python does not know: two texts never fold alike that differ in it.  A character of a script
    without spaces is a word of its own, and so is a currency or mathematical
    symbol.  Apostrophes vanish (``can't`` is ``cant``), other punctuation
    parts words.

    >>> words("<Acme Inc>, p < 3"), words("Acme Inc, 6½")
    (['acme', 'inc', 'p', '<', '3'], ['acme', 'inc', '6', '1/2'])
    >>> words("“It fell 1.5% to -3,” he said – in 2015.")
    ['it', 'fell', '1.5', '%', 'to', '-3', 'he', 'said', 'in', '2015']
    """
    return fold_cleaned(*clean([text])).decode().split()


def fold(text: str) -> str:
    """The folded text: its words joined by one space.

    >>> fold("Russia  Says ‘No’!") == fold("RUSSIA SAYS NO")
    True
    """
    return " ".join(words(text))


def digest(folded: str) -> bytes:
    """A 16-byte BLAKE2b digest of a folded text.

    A cryptographic digest, because scraped text is hostile: equal digests are
    taken as equal texts.
    """
    return hashlib.blake2b(folded.encode("utf-8", "surrogatepass"), digest_size=16).digest()
