"""WARC, WET and ARC: the pages and texts that a crawler brought home."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterator
from typing import Final, Literal

import msgspec
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser

from pipeline.archives import Archived, ArchiveKind, archived, end_of_headers
from pipeline.blocks import Item, Piece, Skipped
from pipeline.content import read_content
from pipeline.http_bodies import Bodies
from pipeline.repeated_ids import RepeatedIds
from pipeline.text_lines import Gap
from transforms.block import RecordError, dead_letter
from transforms.document import Record
from transforms.settings import DecodeSettings, InputSettings

_MAX_HEADERS: Final = 256 * 1024
"""Bytes of a response before its body."""
_MOST_HEADERS: Final = 64
_LONGEST_HEADER: Final = 1_000
"""Headers, and characters of each, that are written; more of them say nothing of a page."""
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.]{1,20}Z?)?")
_COOKIES: Final = ("set-cookie", "set-cookie2")
_OK: Final = "200"
_STATUS: Final = re.compile(rb"HTTP/[0-9](?:\.[0-9])? ([0-9]{3})")
_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([^\s\"';,]{1,100})", re.IGNORECASE)
_MEDIA_TYPES: Final[dict[str, Literal["text/plain", "text/html"] | None]] = {
    "text/html": "text/html",
    "application/xhtml+xml": "text/html",
    "text/plain": "text/plain",
    "": None,
}
"""What is read; where nothing is said the content says it."""


class WebArchives(msgspec.Struct, frozen=True):
    """A source whose files hold what was answered to a crawler, named after its byte offset.

    Read are responses with status 200, resources and conversions (WET) that are
    pages or plain text; everything else is skipped and counted.
    """

    input: InputSettings
    decode: DecodeSettings

    def records(self, piece: Piece, repeated: RepeatedIds) -> Iterator[Item]:  # noqa: ARG002 no ids of their own
        """The record of each answer, or what is wrong with it."""
        source = piece.file.source
        kind: ArchiveKind = "arc" if piece.file.kind == "arc" else "warc"
        bodies = Bodies(self.decode.max_record_bytes, self.input.max_expansion, piece.file.size)
        try:
            with read_content(piece.file.path, self.input, self.decode) as content:
                for found in archived(content, kind):
                    if isinstance(found, Gap):
                        yield dead_letter(found.error, source, str(found.start))
                        continue
                    try:
                        yield self._record(source, found, bodies)
                    except RecordError as error:
                        yield dead_letter(error, source, str(found.start))
                        if bodies.spent:
                            return
        except RecordError as error:  # of the file
            yield dead_letter(error, source, None)

    def ids(self, piece: Piece) -> Iterator[str]:
        """The file's name: what its records are called is not up to who made them."""
        yield piece.file.source

    def _record(self, source: str, found: Archived, bodies: Bodies) -> Record | Skipped:
        url = (found.headers.get_header("WARC-Target-URI") or "").strip("<>")
        what = (found.headers.get_header("WARC-Type") or "").lower()
        content_type = found.headers.get_header("Content-Type") or ""
        if what in ("resource", "conversion"):
            return self._read(source, found, url, content_type)
        if (
            what == "response"
            and content_type.lower().startswith("application/http")
            and url.lower().startswith(("http:", "https:"))
        ):
            return self._read_response(source, found, url, bodies)
        return Skipped("skipped_records_without_page")

    def _read_response(
        self, source: str, found: Archived, url: str, bodies: Bodies
    ) -> Record | Skipped:
        start = found.file.tell()
        head = found.file.read(min(found.length, _MAX_HEADERS))
        status = _STATUS.match(head)
        end = end_of_headers(head)
        if status is None or end is None:
            raise RecordError(
                "invalid-response",
                "the response has no status line, or no end of its headers: leave it out",
            )
        if status[1].decode() != _OK:
            return Skipped("skipped_responses_by_status")
        headers = StatusAndHeadersParser([], verify=False).parse(io.BytesIO(head[:end]))
        found.file.seek(start + end)
        body = found._replace(length=found.length - end)
        read = self._read(source, body, url, headers.get_header("Content-Type") or "")
        if isinstance(read, Skipped):
            return read
        data = bodies.decode(read.data, headers)
        return msgspec.structs.replace(read, data=data, headers=_sent(headers))

    def _read(self, source: str, found: Archived, url: str, content_type: str) -> Record | Skipped:
        media_type = content_type.partition(";")[0].strip().lower()
        if media_type not in _MEDIA_TYPES:
            return Skipped("skipped_records_by_media_type")
        limit = self.decode.max_record_bytes
        if found.length > limit:
            raise RecordError(
                "record-too-large",
                f"the record has {found.length} bytes and the limit is {limit}: raise"
                " decode.max_record_bytes",
            )
        charset = _CHARSET.search(content_type)
        return Record(
            id=f"{source}#{found.start}",
            source=source,
            record=str(found.start),
            data=found.file.read(found.length),
            media_type=_MEDIA_TYPES[media_type],
            charset=charset[1] if charset else None,
            url=url or None,
            fetched=_date_of(found),
        )


def _date_of(found: Archived) -> str | None:
    """When a record was brought home, in ISO 8601, or ``None`` where that is not said so."""
    said = found.headers.get_header("WARC-Date") or ""
    if _MOMENT.fullmatch(said) is None:
        return None
    try:
        datetime.datetime.fromisoformat(said)
    except ValueError:
        return None
    return said


def _sent(headers: StatusAndHeaders) -> tuple[str, ...]:
    """The headers that a server sent, a line each, but for cookies: those are a visitor's."""
    return tuple(
        f"{name}: {value}"[:_LONGEST_HEADER]
        for name, value in headers.headers[:_MOST_HEADERS]
        if name.lower() not in _COOKIES
    )
