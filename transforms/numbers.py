"""Numbers of a paragraph, however they are written: 1,500, 1.5 thousand, fifteen hundred."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from transforms import english
from transforms.tokens import Token, Tokens

# Over one word without spaces and anchored at both ends; linear as written.
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?\Z")
_DOTTED_THOUSANDS: Final = re.compile(r"\d{1,3}(?:\.\d{3}){2,}\Z")

_HAN: Final = re.compile("[〇零一二两兩三四五六七八九十百千万萬亿億兆]+")

_LONGEST_SCALED: Final = 18
"""Digits up to which a figure is multiplied out; longer ones are no amounts."""

_ORDINAL_ENDINGS: Final = frozenset({"st", "nd", "rd", "th"})
_ORDINAL_SIGN: Final = "#"
_PERCENT: Final = frozenset({"%", "percent", "pct", "percentage"})
_PRONOMINAL: Final = frozenset(
    ("no", "any", "every", "each", "some", "this", "that", "the", "which", "another", "only")
)
"""Before ``one``, where it counts nothing."""
_CLOCK: Final = frozenset({"am", "pm"})
_UNIT_WORDS: Final = 2
"""Content words after a number that say what it counts: "two suspected militants"."""


_MEASURED: Final = frozenset(("of", "point", "points", "mile", "century"))
"""Behind a quarter that is a share, not three months."""

_VALUES: Final = {
    word: Decimal(value) for word, value in (*english.TENS.items(), *english.UNITS.items())
} | {"half": Decimal("0.5")}
_SCALES: Final = english.SCALES | {f"{word}s": scale for word, scale in english.SCALES.items()}

_TWENTY: Final = 20
"""From here on a numeral can take a smaller one: twenty-one, but not nineteen one."""


class Amount(NamedTuple):
    """A number and what it counts."""

    number: str
    """Canonical: no grouping, no needless zeros; ordinals as ``#3``."""
    units: tuple[str, ...]
    """The month of a day, else per cent or the currency, and the next content words."""


def amounts(tokens: Tokens) -> list[Amount]:
    """The numbers among the tokens of a paragraph, in order.

    >>> from transforms.tokens import tokens_of
    >>> [a.number for a in amounts(tokens_of("Some 1,500 men, two million on the 3rd, 1.50 %"))]
    ['1500', '2000000', '#3', '1.5']
    """
    found: list[Amount] = []
    after = 0
    for at in tokens.figures:
        if at < after:
            continue
        number, after = _read(tokens, at)
        if number is not None:
            month = _month(tokens, at, after)
            if month is not None:
                number = number.lstrip(_ORDINAL_SIGN)
            found.append(Amount(number, _units(tokens, at, after, month)))
    return found


def han_numbers(text: str) -> list[str]:
    """Numerals in Chinese characters, as they are written, in order.

    >>> han_numbers("三十人受伤，五人死亡")
    ['三十', '五']
    """
    return [] if text.isascii() else _HAN.findall(text)


def canonical(figure: str) -> str:
    """One spelling for a figure: ``1,500`` is ``1500``, ``1.50`` is ``1.5``, ``007`` is ``7``.

    >>> [canonical(f) for f in ("1,500", "1,5", "1.5", "15", "1.200.000", "-3", "٣")]
    ['1500', '1.5', '1.5', '15', '1200000', '-3', '3']
    """
    if figure.isascii() and figure.isdecimal():
        return figure.lstrip("0") or "0"
    fraction = _fraction(figure)
    if fraction is not None:
        return ("-" if figure.startswith("-") else "") + _written(fraction)
    if not figure.isascii():
        figure = "".join(
            str(unicodedata.decimal(char)) if char.isdecimal() else char for char in figure
        )
    sign, digits = ("-", figure[1:]) if figure.startswith("-") else ("", figure)
    if _THOUSANDS.match(digits):
        digits = digits.replace(",", "")
    elif _DOTTED_THOUSANDS.match(digits):
        digits = digits.replace(".", "")
    elif digits.count(",") == 1 and "." not in digits:
        digits = digits.replace(",", ".")
    whole, point, rest = digits.partition(".")
    rest = rest.rstrip("0")
    return sign + (whole.lstrip("0") or "0") + (point + rest if rest else "")


def _read(tokens: Sequence[Token], at: int) -> tuple[str | None, int]:
    """The number that begins at a numeric token, and where it ends."""
    token = tokens[at]
    if token.fold[-1].isdecimal():
        return _read_figure(tokens, at)
    if _is_part_alone(tokens, at):
        return _written(Fraction(1, english.PARTS[token.fold])), at + 1
    if token.fold in english.ORDINALS:
        return f"{_ORDINAL_SIGN}{english.ORDINALS[token.fold]}", at + 1
    if token.fold in english.PARTS_ALONE:
        return None, at + 1
    if token.fold == "one" and _is_pronoun(tokens, at):
        return None, at + 1
    return _read_numerals(tokens, at)


def _read_figure(tokens: Sequence[Token], at: int) -> tuple[str, int]:
    number, after = canonical(tokens[at].fold), at + 1
    if after == len(tokens) or tokens[at].breaks:
        return number, after
    follower = tokens[after]
    if follower.glued:
        if follower.fold in _ORDINAL_ENDINGS:
            return _ORDINAL_SIGN + number, after + 1
        if follower.fold in english.UNIT_SUFFIXES:
            return _scaled(number, english.UNIT_SUFFIXES[follower.fold]), after + 1
    fraction = _fraction(follower.fold)
    if fraction is not None and fraction < 1 and _is_short(number):
        number, after = _written(Fraction(number) + fraction), after + 1
    number, after = _and_a_half(tokens, number, after)
    if after == len(tokens) or tokens[after - 1].breaks:
        return number, after
    scale = _SCALES.get(tokens[after].fold)
    return (_scaled(number, scale), after + 1) if scale else (number, after)


def _read_numerals(tokens: Sequence[Token], at: int) -> tuple[str, int]:
    """Numerals as they are added up: two hundred and fifty thousand."""
    total, current = Decimal(0), Decimal(0)
    after = at
    least = Decimal("Infinity")  # what may still be added: after fifty, only one to nine
    while after < len(tokens):
        fold = tokens[after].fold
        scale = _SCALES.get(fold)
        if (total + current).adjusted() > _LONGEST_SCALED:
            break
        if scale is not None:
            current = (current or Decimal(1)) * scale
            if scale >= 1000:
                total, current = total + current, Decimal(0)
            least = Decimal(scale)
        else:
            value = _VALUES.get(fold)
            if value is None or value >= least:
                break
            current += value
            least = Decimal(10 if value >= _TWENTY else 1)
        after += 1
        if tokens[after - 1].breaks:
            break
        if (
            after + 1 < len(tokens)
            and tokens[after].fold == "and"
            and least >= 100
            and tokens[after + 1].fold in _VALUES
        ):
            after += 1
        elif fold == "half" and _folds(tokens, after, 1) == ["a"] and _is_scale(tokens, after + 1):
            after += 1  # half a million
    number, after = canonical(format(total + current, "f")), max(after, at + 1)
    return _in_parts(tokens, number, after)


def _in_parts(tokens: Sequence[Token], number: str, after: int) -> tuple[str, int]:
    """Two in two-thirds is no 2, and one in one and a half no 1."""
    if after == len(tokens) or tokens[after - 1].breaks or not _is_short(number):
        return number, after
    part = tokens[after].fold
    if part in english.PARTS and (part.endswith("s") == (number != "1")):
        if not part.startswith("quarter") or _is_measured(tokens, after):
            return _written(Fraction(number) / english.PARTS[part]), after + 1
        return number, after
    half, behind = _and_a_half(tokens, number, after)
    if behind > after and _is_scale(tokens, behind):
        return _scaled(half, _SCALES.get(tokens[behind].fold) or 1), behind + 1
    return half, behind


def _and_a_half(tokens: Sequence[Token], number: str, after: int) -> tuple[str, int]:
    """The number with the half or quarter that is said behind it: one and a half."""
    if _folds(tokens, after, 2) == ["and", "a"] and _is_short(number):
        part = _folds(tokens, after + 2, 1)
        if part in (["half"], ["quarter"]):
            return _written(Fraction(number) + Fraction(1, english.PARTS[part[0]])), after + 3
    return number, after


def _is_part_alone(tokens: Sequence[Token], at: int) -> bool:
    """Whether a word is a fraction with an article: a quarter point, a third of them."""
    fold = tokens[at].fold
    if not at or tokens[at - 1].fold != "a" or fold == "half":
        return False
    if fold in english.PARTS_ALONE:
        return _is_measured(tokens, at)
    return fold in english.PARTS and _folds(tokens, at + 1, 1) == ["of"]


def _is_measured(tokens: Sequence[Token], at: int) -> bool:
    """Whether what is behind a quarter can be cut in four: a quarter of a year is a time."""
    after = _folds(tokens, at + 1, 1)
    return bool(after) and (after[0] in _MEASURED or after[0] in _PERCENT)


def _fraction(figure: str) -> Fraction | None:
    """The value of a fraction in digits: 1/16; of nothing else, and not of the day 2/4."""
    if "/" not in figure:
        return None
    numerator, _, denominator = figure.lstrip("-").partition("/")
    if not (_is_short(numerator) and _is_short(denominator)) or denominator == "0":
        return None
    value = Fraction(int(numerator), int(denominator))
    return value if value.denominator == int(denominator) else None


def _is_short(number: str) -> bool:
    digits = number.replace(".", "", 1)
    return len(digits) <= _LONGEST_SCALED and digits.isascii() and digits.isdecimal()


def _written(value: Fraction) -> str:
    """A fraction as a decimal figure where it has one: 1/16 is 0.0625, 2/3 is 2/3."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest > 1:
        return str(value)
    return canonical(format(Decimal(value.numerator) / Decimal(value.denominator), "f"))


def _folds(tokens: Sequence[Token], start: int, count: int) -> list[str]:
    return [token.fold for token in tokens[start : start + count]]


def _is_scale(tokens: Sequence[Token], at: int) -> bool:
    return at < len(tokens) and tokens[at].fold in _SCALES


def _scaled(number: str, scale: int) -> str:
    digits = number.removeprefix("-").replace(".", "", 1)
    if len(digits) > _LONGEST_SCALED or not digits.isdecimal():
        return f"{number}x{scale}"
    return canonical(format(Decimal(number) * scale, "f"))


def _is_pronoun(tokens: Sequence[Token], at: int) -> bool:
    """Whether ``one`` stands for something instead of counting it."""
    if tokens[at].breaks or at + 1 == len(tokens):
        return True
    if _and_a_half(tokens, "1", at + 1)[1] > at + 1:
        return False
    before = tokens[at - 1].fold if at else ""
    return before in _PRONOMINAL or tokens[at + 1].fold in english.STOP_WORDS


def _month(tokens: Sequence[Token], start: int, after: int) -> str | None:
    """The month that a figure is a day of: September 30, 30 Sept, the 30th of September."""
    if start and not tokens[start - 1].breaks:
        before = _month_name(tokens[start - 1])
        if before is not None:
            return before
    if after < len(tokens) and tokens[after].fold == "of":
        after += 1
    return _month_name(tokens[after]) if after < len(tokens) else None


def _month_name(token: Token) -> str | None:
    return english.MONTHS.get(token.fold) if token.capital else None


def _units(tokens: Sequence[Token], start: int, after: int, month: str | None) -> tuple[str, ...]:
    if month is not None:
        return (month,)
    found: list[str] = []
    if start and tokens[start].glued and not tokens[start - 1].fold[0].isalnum():
        found.append(tokens[start - 1].fold)
    at = after
    while at < len(tokens) and len(found) < _UNIT_WORDS:
        if at and tokens[at - 1].breaks and not tokens[at].glued:
            break
        fold = tokens[at].fold
        if tokens[at].numeric:
            break
        if fold in _PERCENT or (fold == "cent" and tokens[at - 1].fold == "per"):
            return (*found, "%")
        if fold in _CLOCK or fold not in english.STOP_WORDS:
            found.append(fold)
        at += 1
    return tuple(found)
