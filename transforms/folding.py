"""Fold text: what is left when case, punctuation and spacing no longer count.

Two paragraphs are *exact duplicates* when they fold to the same words.  What
can change a meaning survives folding: digits with the signs inside them, minus
signs, currency, per cent and mathematical symbols.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Final

# One character in, one out, no repetition: these cannot backtrack.
_NUMBER_POINT: Final = re.compile(r"(?<=\d)[.,/:](?=\d)")
# A hyphen or dash between a space, an opening bracket or quote, or a currency sign
# and a digit is a sign; between two digits it is a range.
_MINUS: Final = re.compile(r"(?<![^\s(\[\"'\u2018\u201c$\u00a3\u00a5\u20ac])[-\u2212\u2013](?=\d)")

# Agencies write <Acme Inc>.  What is between two signs has none of them, so each
# character is tried for one "<" only.
_ANGLED: Final = re.compile(r"<([^\W\d_][^<>]*)>")

# Private-use characters stand in for signs inside numbers while the table runs.
_MINUS_MARK: Final = "\ue000"
_POINT_MARKS: Final = {".": "\ue001", ",": "\ue002", "/": "\ue003", ":": "\ue004"}
_MARKS: Final = {ord(_MINUS_MARK): "-"} | {ord(mark): sign for sign, mark in _POINT_MARKS.items()}

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
        unicodedata.category(char) == "Lo" or _GEORGIAN[0] <= char <= _GEORGIAN[1] for char in word
    )


class _FoldTable(dict[int, str]):
    """Code point to what folding makes of it, filled as characters are met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        plain = unicodedata.normalize("NFKC", char).casefold()
        folded = "" if char in _TRADE_MARKS else "".join(map(_fold_one, plain))
        decomposed = unicodedata.decomposition(char)
        if decomposed.startswith("<super>") and plain.isdigit():
            folded = f"^{folded}"  # a power is no digit of the number before it
        elif decomposed.startswith("<fraction>"):
            folded = f" {plain.replace(_FRACTION_SLASH, '/')} "  # 6\u00bd is 6 1/2, not 61/2
        self[code] = folded
        return folded


def _fold_one(char: str) -> str:
    if char in _APOSTROPHES:
        return ""
    if char in _KEPT_SYMBOLS or char in _VERDICT_SYMBOLS:
        return f" {char} "
    category = unicodedata.category(char)
    if category[0] in "LMN":
        return f" {char} " if is_unspaced(ord(char)) else char
    if category in ("Sc", "Sm"):
        return f" {char} "
    return " "


_TABLE: Final = _FoldTable(_MARKS)


def words(text: str) -> list[str]:
    """The folded words of a text, in order.

    A word is a run of letters, marks and digits; a character of a script
    without spaces is a word of its own, and so is a currency or mathematical
    symbol.  Apostrophes vanish (``can't`` is ``cant``), other punctuation
    parts words.

    >>> words("<Acme Inc>, p < 3"), words("Acme Inc, 6½")
    (['acme', 'inc', 'p', '<', '3'], ['acme', 'inc', '6', '1/2'])
    >>> words("“It fell 1.5% to -3,” he said – in 2015.")
    ['it', 'fell', '1.5', '%', 'to', '-3', 'he', 'said', 'in', '2015']
    """
    if "<" in text:
        text = _ANGLED.sub(r" \1 ", text)
    text = _NUMBER_POINT.sub(lambda m: _POINT_MARKS[m[0]], text)
    text = _MINUS.sub(_MINUS_MARK, text)
    return text.translate(_TABLE).split()


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
