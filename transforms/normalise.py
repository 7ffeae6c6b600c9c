r"""Characters to normalised characters: what a reader cannot see is made regular.

The words stay as the author wrote them, with their curly quotes, dashes,
ligatures and full-width forms; what goes is damage (mojibake, lone surrogates,
HTML entities in plain text) and invisible variety (line ends, kinds of spaces,
zero-width and control characters, composed against decomposed letters).

Every step is linear in the text.  The steps are repeated until nothing changes,
because one can uncover work for another (a zero-width space in the middle of
mojibake, say); so the result is a fixed point: normalising it again changes
nothing.  Text that needs no change is scanned once and returned as it came.

What is counted:

=================== ==============================================================
``surrogates``      surrogates, joined in pairs or replaced by U+FFFD
``combining-marks`` marks cut off behind ``max_combining`` marks on one letter
``html-entities``   entities replaced by their characters
``line-ends``       line ends that were not ``\n`` (CRLF is one)
``mojibake``        lines, or pieces of very long lines, that ftfy repaired
``nfc``             lines that were not in normalisation form C
``spaces``          spaces of other kinds that became U+0020
``soft-hyphens``    soft hyphens removed
``zero-width``      invisible format characters removed
``controls``        control characters and noncharacters removed
=================== ==============================================================
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from itertools import count
from typing import Final, NamedTuple

import re2
from ftfy.fixes import unescape_html

from transforms.mojibake import repair_mojibake
from transforms.settings import DecodeSettings
from transforms.unicode14 import composed


class Normalised(NamedTuple):
    """A text and what was changed to make it."""

    text: str
    changes: dict[str, int]
    """Name of the change to how often, in the order of the names; zeros are left out."""


def _characters(*ranges: tuple[int, int]) -> str:
    return "".join(chr(code) for first, last in ranges for code in range(first, last + 1))


# Lists, not Unicode categories, so that the result is the same under every version of Python.
_SPACES: Final = _characters(
    (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x202F, 0x202F), (0x205F, 0x205F),
    (0x3000, 0x3000),
)  # fmt: skip
_LINE_ENDS: Final = "\r\v\f\x85\u2028\u2029"
# Zero-width space and joiners apart, word joiner, invisible operators, deprecated formats,
# interlinear annotation, object replacement, shorthand and musical formats, the byte order mark;
# all directional marks, embeddings, overrides and isolates: letters are in reading order without
# them, and they can make a text look like another one ("Trojan Source", CVE-2021-42574).
_FORMATS: Final = _characters(
    (0x61C, 0x61C), (0x200B, 0x200B), (0x200E, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F),
    (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFC), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A),
)  # fmt: skip
_CONTROLS: Final = _characters(
    (0x0, 0x8), (0xE, 0x1F), (0x7F, 0x84), (0x86, 0x9F), (0xFDD0, 0xFDEF),
    *((plane + 0xFFFE, plane + 0xFFFF) for plane in range(0, 0x110000, 0x10000)),
)  # fmt: skip

_REPLACEMENTS: Final[dict[str, tuple[str, str]]] = {
    **dict.fromkeys(_LINE_ENDS, ("\n", "line-ends")),
    **dict.fromkeys(_SPACES, (" ", "spaces")),
    "\xad": ("", "soft-hyphens"),
    **dict.fromkeys(_FORMATS, ("", "zero-width")),
    **dict.fromkeys(_CONTROLS, ("", "controls")),
}
"""What stands for a character that never stays, and the change that this is."""

_NEVER_STAYS: Final = re2.compile(f"[{re2.escape(''.join(_REPLACEMENTS))}]")
_NEVER_IN_ASCII: Final = "".join(filter(str.isascii, _REPLACEMENTS)).encode()
_SURROGATE: Final = re.compile("[\ud800-\udfff]")

# A joiner stays between two letters or marks of Arabic, Syriac, N'Ko, the scripts of India and
# Southeast Asia, Mongolian and Phags-pa, where it changes the shape and may change the word, and
# between two emoji.  U+180E does for Mongolian what a joiner does elsewhere.
_JOINERS: Final = "\u180e\u200c\u200d"
_JOINER_RUN: Final = re.compile(f"[{_JOINERS}]+")
_SHAPED: Final = re.compile(
    "[\u0620-\u065f\u066e-\u06ff\u0700-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u17ff\u1820-\u18aa"
    "\ua840-\ua871\ua8e0-\ua8ff\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc]"
)
_EMOJI: Final = re.compile("[\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]")

BLANK: Final = " \t\n" + _JOINERS + "".join(_REPLACEMENTS)
"""All characters that leave nothing to read."""

# Tag characters are invisible letters; they stay only where they name the flag of a region.
_TAGS: Final = re2.compile(
    r"(\x{1F3F4}[\x{E0030}-\x{E0039}\x{E0061}-\x{E007A}]{3,6}\x{E007F})|[\x{E0000}-\x{E007F}]+"
)
_TAG: Final = re.compile("[\U000e0000-\U000e007f]")

# U+0085 is a line end, except where it is a part of mojibake or of windows-1252 read as Latin-1,
# which never comes alone: then the repair makes a letter or an ellipsis of it.
_NO_LINE_END: Final = re2.compile(
    r"[\x{80}-\x{84}\x{86}-\x{9F}]"
    r"|[\x{C2}-\x{DF}]\x{85}|[\x{E0}-\x{EF}][\x{A0}-\x{BF}]\x{85}"
)

_TAG_OF_MARKUP: Final = re2.compile(r"<[A-Za-z/!?][^<>]*>")
# Text that went through several programs is escaped as often: &amp;amp;nbsp; is one entity.
_ENTITY: Final = re2.compile(r"&(?:amp;)*(#?[0-9A-Za-z]{1,24};)")

_MAX_PASSES: Final = 8
"""Passes with repairs: real texts need two or three, hostile ones any number."""


def normalise(text: str, settings: DecodeSettings, *, markup: bool) -> Normalised:
    r"""Normalise a text, or a piece of one.

    Args:
        text: any characters.
        settings: ``max_combining`` is used.
        markup: the text comes out of a page, so its entities are unescaped already.

    >>> normalise("na\u00efve\u00a0\u201cquote\u201d\r\n", DecodeSettings(), markup=False)
    Normalised(text='naïve “quote”\n', changes={'line-ends': 1, 'spaces': 1})
    """
    if text.isascii() and "&" not in text:
        data = text.encode()
        if len(data.translate(None, _NEVER_IN_ASCII)) == len(data):
            return Normalised(text, {})  # as most texts are: this is for speed alone
    return _settle(text, settings.max_combining, repair=True, unescape=not markup)


def _settle(original: str, max_combining: int, *, repair: bool, unescape: bool) -> Normalised:
    """Repeat all steps until nothing changes."""
    text = original
    changes: Counter[str] = Counter()
    for passes in count():
        if repair and passes == _MAX_PASSES:
            # Built to be repaired for ever: left unrepaired, it settles in three more.
            plain = _settle(original, max_combining, repair=False, unescape=False)
            if plain.text == original:
                return plain
            # Without what is gone now it may be repaired in fewer, and would be the next time.
            last = _settle(plain.text, max_combining, repair=True, unescape=unescape)
            changes = Counter(plain.changes) + Counter(last.changes)
            return Normalised(last.text, dict(sorted(changes.items())))
        before = text
        if not text.isascii():
            text = join_surrogates(text, changes)
            text = _cut_marks(text, max_combining, changes)
        if unescape and "&" in text:
            text = _unescape(text, changes)
        if not text.isascii():
            if "\x85" in text and not _NO_LINE_END.search(text):
                text = _replace("\x85", text, changes)
            if repair:
                text = repair_mojibake(text, changes)
            text = _compose(text, changes)
            text = _drop_joiners(text, changes)
            text = _drop_tags(text, changes)
        text = _replace_characters(text, changes)
        if text == before:
            break
    kept = {name: number for name, number in sorted(changes.items()) if number}
    return Normalised(text, kept)


@cache
def _long_run(limit: int) -> re2._Regexp:
    return re2.compile(rf"(\p{{M}}{{{limit}}})\p{{M}}+")


def join_surrogates(text: str, changes: Counter[str]) -> str:
    """Pairs of surrogates become the character they stand for, lone ones U+FFFD.

    They come from JSON escapes that were cut in two.
    """
    try:
        text.encode()  # takes a quarter of the time of a search
    except UnicodeEncodeError:
        pass
    else:
        return text
    changes["surrogates"] += len(text) - len(_SURROGATE.sub("", text))
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _cut_marks(text: str, limit: int, changes: Counter[str]) -> str:
    """Cut long runs of combining marks.

    Sorting a run, as normalisation does, is quadratic in its length.
    """
    long_run = _long_run(limit)
    if not long_run.search(text):
        return text
    cut: str = long_run.sub(r"\1", text)
    changes["combining-marks"] += len(text) - len(cut)
    return cut


def _unescape(text: str, changes: Counter[str]) -> str:
    """HTML entities become characters, unless the text is the source of a page."""
    if not _ENTITY.search(text) or _TAG_OF_MARKUP.search(text):
        return text

    def unescape(entity: re.Match[str]) -> str:
        char = unescape_html("&" + entity[1])
        changes["html-entities"] += char != entity[0]
        return char

    unescaped: str = _ENTITY.sub(unescape, text)
    return unescaped


def _compose(text: str, changes: Counter[str]) -> str:
    """Unicode's normalisation form C."""
    whole = composed(text)
    if whole is not text:
        lines = zip(text.split("\n"), whole.split("\n"), strict=True)
        changes["nfc"] += sum(before != after for before, after in lines)
    return whole


def _drop_joiners(text: str, changes: Counter[str]) -> str:
    """Joiners and non-joiners go where they join nothing; of several in a row one stays."""
    if not any(joiner in text for joiner in _JOINERS):
        return text

    def drop(run: re.Match[str]) -> str:
        before, after = text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1]
        if _SHAPED.match(before) and _SHAPED.match(after):
            kept = run[0][0]
        elif "\u200d" in run[0] and _EMOJI.match(before) and _EMOJI.match(after):
            kept = "\u200d"
        else:
            kept = ""
        changes["zero-width"] += len(run[0]) - len(kept)
        return kept

    return _JOINER_RUN.sub(drop, text)


def _drop_tags(text: str, changes: Counter[str]) -> str:
    """Tag characters go, except in the flags of regions."""
    if not _TAG.search(text):
        return text
    kept: str = _TAGS.sub(lambda found: found[1] or "", text)
    changes["zero-width"] += len(text) - len(kept)
    return kept


def _replace_characters(text: str, changes: Counter[str]) -> str:
    """Replace or remove every character that never stays."""
    if "\r\n" in text:
        changes["line-ends"] += text.count("\r\n")
        text = text.replace("\r\n", "\n")
    # One pass for each different character: texts hold few, and a pass costs next to nothing.
    found = _NEVER_STAYS.search(text)
    while found:
        text = _replace(found[0], text, changes)
        found = _NEVER_STAYS.search(text, found.start())
    return text


def _replace(char: str, text: str, changes: Counter[str]) -> str:
    """Replace one character everywhere."""
    replacement, change = _REPLACEMENTS[char]
    changes[change] += text.count(char)
    return text.replace(char, replacement)
