"""Bytes to characters.

What is asked, in this order; the first good answer counts:

1. Does a byte order mark say it?
2. Do the positions of NUL bytes show UTF-16 without a mark?
3. Is it UTF-8 beyond chance?  (A declaration that says otherwise is wrong: servers add one to
   everything.)
4. Is it in a charset that is declared, by the container or else by the page itself?
5. Is it UTF-8, but for fewer bad bytes than good sequences?
6. Is it in a declared charset, but for a few bad bytes?
7. What does detection say?
8. Failing all that, is it UTF-8 with bad bytes?

Nothing is asked of a record whose container held text (``charset`` is ``TEXT``).

Bytes that the chosen charset cannot decode become U+FFFD, as in a browser:
counted, the first of them located.  Only a record that is no text at all is
refused.  Nothing here depends on anything but the bytes, the declaration and
the settings.
"""

from __future__ import annotations

import codecs
from collections import Counter
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from transforms.block import RecordError, sample_of
from transforms.charsets import WIDE, charset_of, declared_charset
from transforms.detection import detect_charset
from transforms.document import TEXT, Decoded
from transforms.normalise import BLANK, join_surrogates
from transforms.settings import DecodeSettings

# UTF-32 before UTF-16: the shorter mark begins the longer one.
_WIDE_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MARKS: Final = tuple(mark for mark, _ in _WIDE_MARKS)

_UNPACK: Final = "unpack it first"
_CONVERT: Final = "convert it to text or HTML first"
_LEAVE_OUT: Final = "leave it out of the input"
_SIGNATURES: Final = (
    (b"%PDF-", "a PDF document", _CONVERT),
    (b"%!PS", "a PostScript document", _CONVERT),
    (b"{\\rtf", "an RTF document", _CONVERT),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document", _CONVERT),
    (b"SQLite format 3\x00", "an SQLite database", _CONVERT),
    (b"PK\x03\x04", "a ZIP archive or an Office document", _UNPACK),
    (b"\x1f\x8b", "gzip data", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "zstd data", _UNPACK),
    (b"\xfd7zXZ\x00", "xz data", _UNPACK),
    (b"BZh91AY&SY", "bzip2 data", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
    (b"Rar!\x1a\x07", "a RAR archive", _UNPACK),
    (b"\x89PNG\r\n\x1a\n", "a PNG image", _LEAVE_OUT),
    (b"\xff\xd8\xff", "a JPEG image", _LEAVE_OUT),
    (b"GIF87a", "a GIF image", _LEAVE_OUT),
    (b"GIF89a", "a GIF image", _LEAVE_OUT),
    (b"wOFF", "a font", _LEAVE_OUT),
    (b"wOF2", "a font", _LEAVE_OUT),
    (b"OggS\x00", "an Ogg recording", _LEAVE_OUT),
    (b"\x7fELF", "an ELF program", _LEAVE_OUT),
    (b"\x00asm", "a WebAssembly program", _LEAVE_OUT),
)
"""First bytes of files that are no text, what they are, and what to do."""
_BEGINNINGS: Final = tuple(signature for signature, _, _ in _SIGNATURES)

_CONTROLS: Final = bytes(set(range(0x20)) - set(b"\t\n\v\f\r")) + b"\x7f"
_HIGH: Final = bytes(range(0x80, 0x100))
_ISO_2022_JP: Final = (b"\x1b$@", b"\x1b$B")
"""What goes over to Japanese in it."""

_CHANCE: Final = 4
"""Two bytes of GBK, the charset nearest to UTF-8, look like UTF-8 once in eight times; four such
pairs in a row once in 4,000, single-byte letters never.  Every bad byte asks for as many again."""
_FEW_ERRORS: Final = 0.01
"""Share of bad characters at which a declaration is still believed; one for another alphabet
leaves 5 % and more."""
_MIN_NULS: Final = 1 / 8
"""Share of NULs among the high bytes of UTF-16: in any alphabet, every space is one."""
_MAX_STRAY_NULS: Final = 1 / 50
"""NULs among the low bytes, in relation to those."""
_LEAST_NULS: Final = 4
_STRAY_CONTROLS: Final = 2
"""Control characters that even the shortest text may hold."""
_UNPRINTABLE_SAMPLE: Final = 4_096
"""Characters of UTF-16 and UTF-32 that are looked at one by one."""


class UnreadableRecord(RecordError):
    """The bytes are no text: ``empty-record``, ``record-too-large`` or ``binary-record``."""


class _Reading(NamedTuple):
    """What a charset makes of the bytes."""

    charset: str
    text: str
    start: int = 0
    """Where the text begins in the record: after its byte order mark."""
    errors: int = 0
    """How many U+FFFD stand for bytes that could not be decoded."""
    bad_bytes: int = 0
    bad_at: tuple[int, ...] = ()


def decode_bytes(data: bytes, declared: str | None, settings: DecodeSettings) -> Decoded:
    """The characters of a record, its byte order mark gone, nothing else changed.

    What may be counted: ``undecodable-bytes``; ``unknown-charset``, declared names that the web
    does not know; ``charset-mismatch``, 1 if the record is in none of the declared charsets;
    ``surrogates`` of a text, as in :mod:`transforms.normalise`.

    Args:
        data: the record.
        declared: the charset that its container gave, if any; ``TEXT`` for one that held text.
        settings: the limits, and how much is looked at and located.

    Raises:
        UnreadableRecord: the record is empty, too large or no text.
    """
    if len(data) > settings.max_record_bytes:
        raise _unreadable(
            "record-too-large",
            f"the record has more than {settings.max_record_bytes:,} bytes: split it, or raise"
            " decode.max_record_bytes",
            data,
        )
    if data.startswith(_BEGINNINGS):
        kind, advice = next(rest for begin, *rest in _SIGNATURES if data.startswith(begin))
        raise _unreadable("binary-record", f"the record is {kind}, not text: {advice}", data, 0)
    reading, changes = _read(data, declared, settings)
    _refuse_binary(data, reading, settings)
    if not reading.text.strip(BLANK):
        holds = "only white space and invisible characters" if data else "nothing"
        raise _unreadable(
            "empty-record",
            f"the record holds {holds}: fetch it again or leave it out of the input",
            data,
        )
    changes["undecodable-bytes"] = reading.bad_bytes
    return Decoded(
        text=reading.text,
        encoding=reading.charset,
        changes={name: count for name, count in sorted(changes.items()) if count},
        replaced_at=tuple(reading.start + offset for offset in reading.bad_at),
    )


def _read(
    data: bytes, declared: str | None, settings: DecodeSettings
) -> tuple[_Reading, Counter[str]]:
    """The best reading, and what is to be counted of the declarations and of half characters."""
    if declared == TEXT and (text := _text(data)) is not None:
        halves: Counter[str] = Counter()
        return _Reading("utf-8", join_surrogates(text, halves)), halves
    if reading := _by_wide_mark(data, settings) or _by_nuls(data, settings):
        return reading, Counter()
    start = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
    body = data[start:]
    labels = ["utf-8"] if start else [declared, declared_charset(body)]
    charsets = [charset_of(label) for label in labels if label]
    known = [charset for charset in charsets if charset]
    reading = _by_evidence(body, known, settings)
    changes: Counter[str] = Counter()
    if unknown := len(charsets) - len(known):
        changes["unknown-charset"] = unknown
    if known and reading.charset not in known and not body.isascii():
        changes["charset-mismatch"] = 1
    return reading._replace(start=start) if start else reading, changes


def _text(data: bytes) -> str | None:
    """What a container held as text, lone surrogates included; ``None`` if it claims to in vain."""
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return None


def _by_wide_mark(data: bytes, settings: DecodeSettings) -> _Reading | None:
    """What the byte order mark of UTF-16 or UTF-32 says."""
    if not data.startswith(_MARKS):
        return None
    for mark, charset in _WIDE_MARKS:
        if data.startswith(mark):
            reading = _decode(data[len(mark) :], charset, settings.max_replaced, settings)
            if reading:
                return reading._replace(start=len(mark))
    return None


def _by_nuls(data: bytes, settings: DecodeSettings) -> _Reading | None:
    """UTF-16 without a mark: many NULs, nearly all on one side of the byte pairs."""
    sample = data[: settings.detection_bytes]
    if 0 not in sample:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) < max(_LEAST_NULS, len(sample) / 2 * _MIN_NULS):
        return None
    if min(even, odd) > max(even, odd) * _MAX_STRAY_NULS:
        return None
    charset = "utf-16-le" if odd > even else "utf-16-be"
    return _decode(data, charset, settings.max_replaced, settings)


def _by_evidence(body: bytes, known: list[str], settings: DecodeSettings) -> _Reading:
    """The reading of bytes in which an ASCII letter is one byte."""
    if body.isascii():
        japanese = None
        if any(map(body.__contains__, _ISO_2022_JP)):
            japanese = _decode(body, "iso-2022-jp", 0, settings)
        return japanese or _Reading("utf-8", body.decode("ascii"))
    declared = [charset for charset in known if charset not in WIDE | {"utf-8"}]
    utf8 = _decode(body, "utf-8", settings.max_replaced, settings)
    good = _foreign_characters(body, utf8) if utf8 else 0
    if utf8 and good >= _CHANCE * (1 + utf8.errors):
        return utf8
    for charset in declared:
        if reading := _decode(body, charset, 0, settings):
            return reading
    if utf8 and good > utf8.errors:
        return utf8
    for charset in declared:
        if reading := _decode(body, charset, _FEW_ERRORS, settings):
            return reading
    detected = detect_charset(body, settings.detection_bytes)
    reading = _decode(body, detected, settings.max_replaced, settings) if detected else None
    if reading := reading or utf8:
        return reading
    raise _unreadable(
        "binary-record",
        f"more than {settings.max_replaced:.0%} of the record is in no known charset: declare its"
        " charset or leave it out of the input",
        body,
        0,
    )


def _foreign_characters(body: bytes, reading: _Reading) -> int:
    """How many characters beyond ASCII were decoded without error."""
    ascii_bytes = len(body.translate(None, _HIGH))
    return len(reading.text) - ascii_bytes - reading.errors


def _refuse_binary(data: bytes, reading: _Reading, settings: DecodeSettings) -> None:
    """Refuse what decodes, but is made of characters that no text is made of."""
    characters = max(1, len(reading.text))
    encoded = data if reading.charset == "utf-8" else reading.text.encode()
    controls = len(encoded) - len(encoded.translate(None, _CONTROLS))
    share = controls / characters if controls > _STRAY_CONTROLS else 0.0
    if reading.charset in WIDE:
        # Any two bytes are a character of UTF-16; those of junk are often in no use.
        sample = reading.text[:_UNPRINTABLE_SAMPLE]
        unprintable = sum(not (char.isprintable() or char.isspace()) for char in sample)
        share = max(share, unprintable / max(1, len(sample)))
    if share > settings.max_controls:
        raise _unreadable(
            "binary-record",
            f"{share:.0%} of the record's characters are control characters or unassigned, so it is"
            f" no text: {_LEAVE_OUT}",
            data,
        )


def _unreadable(
    error: str, message: str, data: bytes, offset: int | None = None
) -> UnreadableRecord:
    """The error, with the first bytes of the record as its sample."""
    return UnreadableRecord(error, message, offset, sample_of(data))


@dataclass
class _Errors:
    """What a decoder could not read, while it is at work."""

    limit: float
    located: int
    count: int = 0
    bad_bytes: int = 0
    offsets: list[int] = field(default_factory=list)


class _TooManyErrors(Exception):
    """Ends a decoding that cannot be right."""


# Codecs call a handler by a name that is global, so its state travels in a context variable.
_ERRORS: Final[ContextVar[_Errors]] = ContextVar("copydesk-decoding-errors")
_HANDLER: Final = "copydesk-replace-and-locate"


def _replace_and_locate(error: UnicodeError) -> tuple[str, int]:
    """Replace bad bytes by U+FFFD and keep account of them."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    errors = _ERRORS.get()
    errors.count += 1
    errors.bad_bytes += error.end - error.start
    if errors.count > errors.limit:
        raise _TooManyErrors
    if len(errors.offsets) < errors.located:
        errors.offsets.append(error.start)
    return "\ufffd", error.end


codecs.register_error(_HANDLER, _replace_and_locate)


def _decode(
    data: bytes, charset: str, max_share: float, settings: DecodeSettings
) -> _Reading | None:
    """Decode, unless more than ``max_share`` of the characters would have to be replaced."""
    try:
        return _Reading(charset, data.decode(charset))
    except UnicodeDecodeError:
        if not max_share:
            return None
    limit = max_share * len(data)
    if charset == "utf-8" and _utf8_errors(data) > limit:
        return None
    errors = _Errors(limit, settings.max_replaced_offsets)
    token = _ERRORS.set(errors)
    try:
        text = data.decode(charset, _HANDLER)
    except _TooManyErrors:
        return None
    finally:
        _ERRORS.reset(token)
    if errors.count > max_share * len(text):
        return None
    return _Reading(charset, text, 0, errors.count, errors.bad_bytes, tuple(errors.offsets))


def _utf8_errors(data: bytes) -> int:
    """How many errors there are, without the cost of a call for each."""
    replaced = data.decode("utf-8", "replace").count("\ufffd")
    return replaced - data.count("\ufffd".encode())
