"""JSON Lines: files of one record a line, read in pieces.

A line belongs to the piece in which its first byte lies.  So pieces can be cut
by arithmetic on the size of a file, and every line is in one of them.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import msgspec

from pipeline.blocks import Piece
from pipeline.fields import field_names, media_type, own_id, record_id, wrong_id
from pipeline.repeated_ids import RepeatedIds
from pipeline.text_lines import Gap, Line, lines_of
from transforms.block import RecordError, dead_letter, sample_of
from transforms.document import TEXT, DeadLetter, Record
from transforms.json_depth import MOST_DEPTH, PARSED_DEPTH, is_too_deep
from transforms.settings import DecodeSettings, InputSettings

_UNNAMED: Final = re.compile(r'["\\\x00-\x1f]')
"""What the names of a decoder's fields may not hold."""
_AT_BYTE: Final = re.compile(r"\(byte (\d+)\)$")
_INTEGER: Final = re.compile(rb"-?[0-9]+")
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

    input: InputSettings
    decode: DecodeSettings

    def records(self, piece: Piece, repeated: RepeatedIds) -> Iterator[Record | DeadLetter]:
        """The record of each line, or the dead letter that says why there is none.

        A record is named after the byte offset of its line.
        """
        source = piece.file.source
        at = piece.start
        try:
            for line in lines_of(piece, self.input, self.decode):
                if isinstance(line, Gap):
                    yield dead_letter(line.error, source, str(line.start))
                    continue
                at = line.end
                if (found := _without_mark(line)) is not None:
                    yield self.record(source, found, repeated)
        except RecordError as error:  # of the file: it costs what is not read yet
            yield dead_letter(error, source, str(at) if at else None)

    def ids(self, piece: Piece) -> Iterator[str]:
        """The file's name, once, and the own ids of the records that can be read."""
        if piece.start == 0:
            yield piece.file.source
        try:
            for line in lines_of(piece, self.input, self.decode):
                if isinstance(line, Line) and (found := _without_mark(line)) is not None:
                    yield from self.own_ids(found)
        except RecordError:
            return

    def record(self, source: str, line: Line, repeated: RepeatedIds) -> Record | DeadLetter:
        """The record that a line holds, an object, or what is wrong with it."""
        try:
            return self._record(source, line, repeated)
        except RecordError as error:
            return dead_letter(error, source, str(line.start))

    def own_ids(self, line: Line) -> Iterator[str]:
        """The id that a line brings, if it does and can be read."""
        try:
            own = self._own_id(_parse(line, field_names(self.input)), line)
        except RecordError:
            return  # what is wrong is said when it is read
        if own is not None:
            yield own

    def _record(self, source: str, line: Line, repeated: RepeatedIds) -> Record:
        fields = _parse(line, field_names(self.input))
        own = self._own_id(fields, line)
        return Record(
            id=record_id(own, source, str(line.start), repeated),
            source=source,
            record=str(line.start),
            data=self._text(fields, line).encode("utf-8", "surrogatepass"),
            media_type=media_type(self.input.text_is),
            charset=TEXT,
            url=_name(fields.get(self.input.url_field, _NULL)),
            published=_name(fields.get(self.input.published_field, _NULL)),
        )

    def _text(self, fields: dict[str, msgspec.Raw], line: Line) -> str:
        name = self.input.text_field
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

    def _own_id(self, fields: dict[str, msgspec.Raw], line: Line) -> str | None:
        """The id that a record has of its own, escaped; none where it is null or empty."""
        raw = fields.get(self.input.id_field, _NULL)
        if raw == _NULL:
            return None
        own = _name(raw)
        if own is None and _INTEGER.fullmatch(raw):
            own = bytes(raw).decode("ascii")
        try:
            if own is None:
                raise wrong_id(self.input.id_field)
            return own_id(own, self.input.id_field)
        except RecordError as error:
            raise _wrong(error.error, error.message, line) from None


def is_object(data: bytes) -> bool:
    """Whether some bytes are one JSON object and nothing else, which does not nest without end."""
    if is_too_deep(data, PARSED_DEPTH):
        return False
    try:
        _FIELDS.decode(whole_characters(data.removeprefix(codecs.BOM_UTF8)))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return True


def whole_characters(data: bytes) -> bytes:
    r"""JSON that a decoder takes, of the same length: for half characters (``\ud83d``) U+FFFD."""
    return _ESCAPES.sub(_replacement, data)


def _without_mark(line: Line) -> Line | None:
    """The line without a byte order mark before the first, if it is not blank."""
    data = line.data
    if line.start == 0 and data.startswith(codecs.BOM_UTF8):
        data = b"   " + data[len(codecs.BOM_UTF8) :]
    return None if line.limit is None and data.isspace() else line._replace(data=data)


def _parse(line: Line, names: tuple[str, ...]) -> dict[str, msgspec.Raw]:
    """The fields of a line, undecoded: those with these names, and maybe others.

    Raises:
        RecordError: ``record-too-large``, ``invalid-utf-8``, ``json-too-deep``,
            ``not-an-object`` or ``invalid-json``.
    """
    data = line.data
    if line.limit is not None:
        raise _wrong(
            "record-too-large",
            f"the line has more than {line.limit} bytes: split it, or raise"
            " decode.max_record_bytes",
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
    if is_too_deep(data):
        raise _wrong(
            "json-too-deep",
            f"more than {MOST_DEPTH} arrays and objects are inside each other: leave such fields"
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
        return _parse_halves(line, names)


def _parse_halves(line: Line, names: tuple[str, ...]) -> dict[str, msgspec.Raw]:
    r"""The fields with these names, in which half characters (``\ud83d``) stand as their bytes."""
    try:
        # Replaced by as many bytes first: so an error is where the decoder says.
        fields = _FIELDS.decode(whole_characters(line.data))
    except msgspec.DecodeError as error:
        raise _malformed(line, str(error)) from None
    halves = _ESCAPES.sub(_half, line.data)
    try:
        return _FIELDS.decode(halves)
    except UnicodeDecodeError:  # one is in the name of a field
        named = tuple(name for name in names if not _UNNAMED.search(name))
        found = msgspec.structs.astuple(_named(named).decode(halves))
        return fields | dict(zip(named, found, strict=True))


@lru_cache(maxsize=1)
def _named(names: tuple[str, ...]) -> msgspec.json.Decoder[msgspec.Struct]:
    """Of objects with such fields; it passes over others, in whose names halves may be."""
    wanted = {f"field{number}": name for number, name in enumerate(names)}
    fields = [(field, msgspec.Raw, _NULL) for field in wanted]
    return msgspec.json.Decoder(msgspec.defstruct("Named", fields, rename=wanted))


def _malformed(line: Line, message: str) -> RecordError:
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


def _wrong(error: str, message: str, line: Line, at: int = 0) -> RecordError:
    """What is wrong with a line, and where in the file."""
    return RecordError(error, message, line.start + at, sample_of(line.data[at:]))
