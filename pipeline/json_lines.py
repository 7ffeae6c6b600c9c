"""JSON Lines: files of one record a line, read in pieces.

A line belongs to the piece in which its first byte lies.  So pieces can be cut
by arithmetic on the size of a file, and every line is in one of them.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

import msgspec
import numpy as np

from pipeline.blocks import Piece
from pipeline.plain_files import opened
from pipeline.repeated_ids import RepeatedIds
from pipeline.sources import document_id
from transforms.block import RecordError, dead_letter, sample_of
from transforms.document import TEXT, DeadLetter, Record
from transforms.settings import DecodeSettings, InputSettings

_CHUNK: Final = 1024 * 1024
"""How much of something long is looked at in one go."""
_MAX_DEPTH: Final = 200
"""Arrays and objects inside each other: a parser's own limit depends on who calls it."""
_MAX_ID: Final = 1_000
"""Characters of an id: it is written with every paragraph that goes."""

_STRINGS: Final = re.compile(rb'(?s)"[^"\\]*+(?:\\.[^"\\]*+)*+"?')
_NO_BRACKET: Final = bytes(set(range(256)) - set(b"[]{}"))
_AT_BYTE: Final = re.compile(r"\(byte (\d+)\)$")
_INTEGER: Final = re.compile(rb"-?[0-9]+")
_NAMED_BY_PLACE: Final = re.compile(r"\.(?:jsonl|ndjson)#[0-9]+\Z", re.IGNORECASE)
"""How the ids end that records get from their places."""
_ESCAPES: Final = re.compile(
    rb"(?s)\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|u([dD][89a-fA-F][0-9a-fA-F]{2})|.)"
)
"""Escapes in strings; the group is half of a surrogate pair that stands alone."""

_FIELDS: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_STRING: Final = msgspec.json.Decoder(str)
_NULL: Final = msgspec.Raw(b"null")


class JsonLines(msgspec.Struct, frozen=True):
    """A source whose files hold a record in each line, an object with fields."""

    fields: InputSettings
    settings: DecodeSettings

    def records(self, piece: Piece, repeated: RepeatedIds) -> Iterator[Record | DeadLetter]:
        """The record of each line, or the dead letter that says why there is none.

        A record is named after the byte offset of its line.
        """
        source = piece.file.source
        at = piece.start
        try:
            for line in _lines(piece, self.settings.max_record_bytes):
                try:
                    yield self._record(source, line, repeated)
                except RecordError as error:
                    yield dead_letter(error, source, str(line.start))
                at = line.end
        except RecordError as error:  # of the file: it costs what is not read yet
            yield dead_letter(error, source, str(at) if at else None)

    def ids(self, piece: Piece) -> Iterator[str]:
        """The file's name, once, and the own ids of the records that can be read."""
        if piece.start == 0:
            yield piece.file.source
        try:
            for line in _lines(piece, self.settings.max_record_bytes):
                try:
                    own = self._own_id(_parse(line), line)
                except RecordError:
                    continue  # what is wrong is said when it is read
                if own is not None:
                    yield own
        except RecordError:
            return

    def _record(self, source: str, line: _Line, repeated: RepeatedIds) -> Record:
        fields = _parse(line)
        place = f"{source}#{line.start}"
        own = self._own_id(fields, line)
        if own is not None and (own in repeated or _NAMED_BY_PLACE.search(own)):
            own = f"{own}~{place}"
        return Record(
            id=own or place,
            source=source,
            record=str(line.start),
            data=self._text(fields, line).encode("utf-8", "surrogatepass"),
            charset=TEXT,
            url=_name(fields.get(self.fields.url_field, _NULL)),
            published=_name(fields.get(self.fields.published_field, _NULL)),
        )

    def _text(self, fields: dict[str, msgspec.Raw], line: _Line) -> str:
        name = self.fields.text_field
        raw = fields.get(name, _NULL)
        advice = "set input.text_field to the name of the field that holds the text"
        if raw == _NULL:
            raise _wrong("no-text", f"the record has no {name!r}: {advice}", line)
        text = _string(raw)
        if text is None:
            raise _wrong(
                "invalid-field", f"the {name!r} of the record is no string: {advice}", line
            )
        return text

    def _own_id(self, fields: dict[str, msgspec.Raw], line: _Line) -> str | None:
        """The id that a record has of its own, escaped; none where it is null or empty."""
        name = self.fields.id_field
        raw = fields.get(name, _NULL)
        if raw == _NULL:
            return None
        own = _name(raw)
        if own is None and _INTEGER.fullmatch(raw):
            own = bytes(raw).decode("ascii")
        if own is None or len(own) > _MAX_ID:
            raise _wrong(
                "invalid-field",
                f"{name!r} of the record is no integer and no string of up to {_MAX_ID}"
                " characters: set input.id_field to the name of the field that holds the id",
                line,
            )
        return document_id(own) or None


class _Line(NamedTuple):
    start: int
    """Byte offset of its first byte in the file."""
    end: int
    """Where the next line starts; of a line that is too long, a place to look from for it."""
    data: bytes
    """All of it, its end included; of a line that is too long, the beginning."""
    limit: int | None
    """How many bytes it may have, where it has more."""


def _lines(piece: Piece, limit: int) -> Iterator[_Line]:
    """The lines that begin in a piece, but for blank ones.

    Raises:
        RecordError: the file cannot be read, or no further.
    """
    with opened(piece.file.path) as file:
        at = piece.start
        if at:
            # From one byte before: if that ends a line, a line begins with the piece.
            file.seek(at - 1)
            at = _skip(file, at - 1, piece.end)
        while at < piece.end:
            data = file.readline(limit + 2)
            if not data:
                raise RecordError(
                    "unreadable-file",
                    "the file is shorter than when it was listed: run again once nothing writes to"
                    " it",
                    at,
                )
            end = at + len(data)
            too_long = len(data.rstrip(b"\r\n")) > limit
            if too_long and not data.endswith(b"\n"):
                end = _skip(file, end, piece.end)
            if at == 0 and data.startswith(codecs.BOM_UTF8):
                data = b"   " + data[len(codecs.BOM_UTF8) :]
            if too_long or not data.isspace():
                yield _Line(at, end, data, limit if too_long else None)
            at = end


def _skip(file: BinaryIO, at: int, end: int) -> int:
    """Skip the rest of a line that goes on at ``at``, but no further than needed to reach ``end``.

    Returns:
        Where the next line starts, if that is before ``end``.
    """
    while at < end and (data := file.readline(_CHUNK)):
        at += len(data)
        if data.endswith(b"\n"):
            break
    return at


def _parse(line: _Line) -> dict[str, msgspec.Raw]:
    """The fields of a line, undecoded.

    Raises:
        RecordError: ``record-too-large``, ``invalid-utf-8``, ``json-too-deep``,
            ``not-an-object`` or ``invalid-json``.
    """
    data = line.data
    if line.limit is not None:
        raise _wrong(
            "record-too-large",
            f"the line has more than {line.limit} bytes: split it or raise max_record_bytes",
            line,
        )
    try:
        data.decode()
    except UnicodeDecodeError as error:
        raise _wrong(
            "invalid-utf-8",
            "the line is no UTF-8: convert the file to UTF-8, as JSON Lines are",
            line,
            error.start,
        ) from None
    if _is_too_deep(data):
        raise _wrong(
            "json-too-deep",
            f"more than {_MAX_DEPTH} arrays and objects are inside each other: leave such fields"
            " out",
            line,
        )
    try:
        return _FIELDS.decode(data)
    except msgspec.ValidationError:
        raise _wrong(
            "not-an-object",
            "the line is JSON, but no object: write each record as {...} on a line of its own",
            line,
        ) from None
    except msgspec.DecodeError:
        # The decoder takes no half characters, which JSON does.
        return _parse_halves(line)


def _parse_halves(line: _Line) -> dict[str, msgspec.Raw]:
    r"""The fields of a line in which half characters (``\ud83d``) may stand as their bytes."""
    try:
        # Replaced by as many bytes first: so an error is where the decoder says.
        fields = _FIELDS.decode(_ESCAPES.sub(_replacement, line.data))
    except msgspec.DecodeError as error:
        raise _malformed(line, str(error)) from None
    try:
        return _FIELDS.decode(_ESCAPES.sub(_half, line.data))
    except UnicodeDecodeError:  # one is in the name of a field
        return fields


def _is_too_deep(data: bytes) -> bool:
    if data.count(b"[") + data.count(b"{") <= _MAX_DEPTH:
        return False
    brackets = _STRINGS.sub(b"", data).translate(None, _NO_BRACKET)
    depth = 0
    for at in range(0, len(brackets), _CHUNK):
        codes = np.frombuffer(brackets[at : at + _CHUNK], np.uint8)
        # The second bit is set in those that open.
        depths = depth + np.cumsum((codes & 2).astype(np.int64) - 1)
        if depths.max() > _MAX_DEPTH:
            return True
        depth = int(depths[-1])
    return False


def _malformed(line: _Line, message: str) -> RecordError:
    advice = "write each record as one object {...} on a line of its own"
    found = _AT_BYTE.search(message)
    if found is None:
        return _wrong("invalid-json", f"the line ends before its object does: {advice}", line)
    what = "the line is no JSON from this byte on"
    return _wrong("invalid-json", f"{what}: {advice}", line, int(found[1]))


def _replacement(escape: re.Match[bytes]) -> bytes:
    return rb"\ufffd" if escape[1] else escape[0]


def _half(escape: re.Match[bytes]) -> bytes:
    return chr(int(escape[1], 16)).encode("utf-8", "surrogatepass") if escape[1] else escape[0]


def _string(raw: msgspec.Raw) -> str | None:
    """A value that is a string, which may hold half characters."""
    try:
        return _STRING.decode(raw)
    except msgspec.ValidationError:
        return None
    except UnicodeDecodeError:
        text: str = json.loads(bytes(raw).decode("utf-8", "surrogatepass"))
        return text


def _name(raw: msgspec.Raw) -> str | None:
    """A value that is a string of whole characters."""
    try:
        return _STRING.decode(raw)
    except (msgspec.ValidationError, UnicodeDecodeError):
        return None


def _wrong(error: str, message: str, line: _Line, at: int = 0) -> RecordError:
    """What is wrong with a line, and where in the file."""
    return RecordError(error, message, line.start + at, sample_of(line.data[at:]))
