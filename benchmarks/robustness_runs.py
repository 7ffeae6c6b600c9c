"""Runs that are made to cost a regular expression much, out of what it is written with.

Its characters are those that its classes tell apart: one of each kind.  Its words are spelled from
its tree, and cut before each part, so that a match begins and never ends.  Both are repeated.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from re import _parser  # type: ignore[attr-defined]
from typing import Any, Final, NamedTuple

_PROBES: Final = (
    " \t\n\x00aAz059_-.,:;/<>&'\"()[]{}\\|#@%=!?*+\x7f\xa0\xe9\u0301\u0663\u2014\u4e2d\U0001f600"
)
"""What else may be in a text, beside the characters that a pattern names."""
_MOST_KINDS: Final = 14
"""Kinds of characters of a pattern: long tables of words have more, which read alike."""
_MOST_WORDS: Final = 12
"""Words that are spelled of one pattern, by taking other alternatives each time."""
_MOST_CUTS: Final = 12
_FEW: Final = 2
"""Rounds of a repetition in a word."""
_LEAVES: Final = frozenset({"LITERAL", "NOT_LITERAL", "ANY", "IN", "CATEGORY"})

# What RE2 writes otherwise than re, as classes of the same kind.
_OF_RE2: Final = (
    (re.compile(r"\\x\{([0-9A-Fa-f]+)\}"), lambda m: re.escape(chr(int(m[1], 16)))),
    (re.compile(r"\\z"), lambda _: r"\Z"),
)
_PROPERTIES: Final = {
    "L": "a-zA-Z\xe9\u4e2d", "Lu": "A-Z\xc9", "Ll": "a-z\xe9", "M": "\u0300-\u036f",
    "N": "0-9\u0663", "Nd": "0-9\u0663", "P": "!-/:-@\u2014", "S": "$+<=>", "Sc": "$\u20ac",
    "Z": " \xa0", "C": "\\x00-\\x08", "Han": "\u4e00-\u9fff",
}  # fmt: skip
_PROPERTY: Final = re.compile(r"\\([pP])(?:\{(\^?)(\w+)\}|(\w))")


class Unit(NamedTuple):
    """What a run is made of."""

    before: str
    again: str
    behind: str = ""

    def run(self, size: int) -> str:
        """So many characters, about."""
        return self.before + self.again * max(1, size // len(self.again)) + self.behind


class Halves(NamedTuple):
    """A run of one thing before a run of another."""

    first: str
    second: str
    before: str = ""

    def run(self, size: int) -> str:
        """So many characters, about."""
        first = Unit(self.before, self.first).run(size // 2)
        return first + Unit("", self.second).run(size // 2)


Run = Unit | Halves


def tree_of(pattern: Any) -> Any:
    """The tree of a pattern of :mod:`re` or RE2; classes of RE2 become some that are like them.

    Raises:
        re.error: it is written with something that is not known here.
    """
    text = pattern.pattern
    text = text.decode("latin-1") if isinstance(text, bytes) else text
    if isinstance(pattern, re.Pattern):
        return _parser.parse(text, pattern.flags & ~re.UNICODE & ~re.LOCALE & ~re.DEBUG)
    for known, as_re in _OF_RE2:
        text = known.sub(as_re, text)
    return _parser.parse(_PROPERTY.sub(_as_class, _front(text)))


def _front(text: str) -> str:
    """Flags may stand anywhere in RE2, and at the beginning only in :mod:`re`."""
    return re.sub(r"(?<=.)\(\?([a-z]+)\)", "", text)


def _as_class(found: re.Match[str]) -> str:
    members = _PROPERTIES[found[3] or found[4]]
    is_inside = found.string.count("[", 0, found.start()) > found.string.count(
        "]", 0, found.start()
    )
    if (found[1] == "P") == bool(found[2]):
        return members if is_inside else f"[{members}]"
    return "~" if is_inside else f"[^{members}]"


def runs_of(pattern: Any) -> list[Run]:
    """All runs of a pattern: its characters alone and in pairs, its words, whole and cut."""
    tree = tree_of(pattern)
    kinds = _kinds(tree, isinstance(pattern.pattern, bytes))
    alone = [Unit("", char) for char in kinds]
    in_turn = [Unit("", one + other) for one, other in itertools.combinations(kinds, 2)]
    halves = [Halves(one, other) for one, other in itertools.permutations(kinds, 2)]
    cut = [Unit(*each) for word in _words(tree, kinds) for each in _cuts(word, kinds)]
    return list(dict.fromkeys([*alone, *cut, *in_turn, *halves]))


def _kinds(tree: Any, is_bytes: bool) -> list[str]:
    """One character of each kind that the classes of a pattern tell apart, and one of none."""
    leaves = list(dict.fromkeys((str(op), repr(value)) for op, value in _leaves(tree)))
    by_text = {(str(op), repr(value)): (op, value) for op, value in _leaves(tree)}
    named = [char for op, value in by_text.values() for char in _named(op, value)]
    most = 0x100 if is_bytes else 0x110000
    kinds: dict[tuple[bool, ...], str] = {}
    for char in dict.fromkeys([*named, *_PROBES]):
        if ord(char) < most:
            of = tuple(_is_member(char, *by_text[leaf]) for leaf in leaves)
            kinds.setdefault(of, char)
    chosen = list(kinds.values())
    # The first are those that the pattern names; the last is of no class, if there is such.
    return chosen if len(chosen) <= _MOST_KINDS else [*chosen[: _MOST_KINDS - 1], chosen[-1]]


def _leaves(tree: Any) -> Iterator[tuple[Any, Any]]:
    """The classes and literals of a tree."""
    for op, value in tree:
        if str(op) in _LEAVES:
            yield op, value
        for inner in _inner(op, value):
            yield from _leaves(inner)


def _inner(op: Any, value: Any) -> list[Any]:
    """The trees in a node."""
    name = str(op)
    if name == "BRANCH":
        return list(value[1])
    if name == "SUBPATTERN":
        return [value[3]]
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return [value[2]]
    if name in ("ASSERT", "ASSERT_NOT"):
        return [value[1]]
    if name == "ATOMIC_GROUP":
        return [value]
    return []


def _named(op: Any, value: Any) -> Iterator[str]:
    """The characters that a class or literal names."""
    if str(op) in ("LITERAL", "NOT_LITERAL"):
        yield chr(value)
    elif str(op) == "IN":
        for kind, inner in value:
            if str(kind) == "LITERAL":
                yield chr(inner)
            elif str(kind) == "RANGE":
                yield chr(inner[0])


def _is_member(char: str, op: Any, value: Any) -> bool:
    """Whether a class or literal takes a character."""
    name = str(op)
    if name == "LITERAL":
        return bool(ord(char) == value)
    if name == "NOT_LITERAL":
        return bool(ord(char) != value)
    if name == "RANGE":
        return bool(value[0] <= ord(char) <= value[1])
    if name == "CATEGORY":
        return _is_of(char, str(value))
    if name == "IN":
        negated = str(value[0][0]) == "NEGATE"
        return negated != any(_is_member(char, *each) for each in value if each[1] is not None)
    return True


_CATEGORIES: Final[Mapping[str, Callable[[str], bool]]] = {
    "DIGIT": str.isdecimal,
    "SPACE": str.isspace,
    "WORD": lambda char: char.isalnum() or char == "_",
}


def _is_of(char: str, category: str) -> bool:
    name = category.removeprefix("CATEGORY_")
    return _CATEGORIES[name.removeprefix("NOT_")](char) != name.startswith("NOT_")


def _words(tree: Any, kinds: Sequence[str]) -> list[list[str]]:
    """Words that the pattern takes, each as its parts, with other alternatives in each."""
    words = [list(_spell(tree, kinds, turn)) for turn in range(_MOST_WORDS)]
    return [list(word) for word in dict.fromkeys(map(tuple, words))]


def _spell(tree: Any, kinds: Sequence[str], turn: int) -> Iterator[str]:
    for op, value in tree:
        name = str(op)
        if name in _LEAVES:
            members = [char for char in kinds if _is_member(char, op, value)]
            yield members[turn % len(members)] if members else next(iter(_named(op, value)), "a")
        elif name == "BRANCH":
            yield from _spell(value[1][turn % len(value[1])], kinds, turn // len(value[1]))
        elif name.endswith("REPEAT"):
            fewest, most, inner = value
            rounds = min(max(fewest, 1 + turn % _FEW), most)
            for _ in range(rounds):
                yield from _spell(inner, kinds, turn)
        elif name == "ASSERT":
            if value[0] == 1:  # what must follow
                yield from _spell(value[1], kinds, turn)
        elif name != "ASSERT_NOT":
            for inner in _inner(op, value):
                yield from _spell(inner, kinds, turn)


def _cuts(word: Sequence[str], kinds: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """A word over and over; as much of it as is no match; its parts as a run behind a beginning."""
    whole = "".join(word)
    if not whole:
        return
    yield "", whole, ""
    yield "", whole, kinds[-1]
    step = max(1, len(word) // _MOST_CUTS)
    for at in range(step, len(word), step):
        begun = "".join(word[:at])
        yield "", begun, ""
        yield begun, word[at], kinds[-1]
        yield begun, word[at - 1], ""
        yield begun, "".join(word[max(0, at - _FEW) : at]), kinds[-1]
