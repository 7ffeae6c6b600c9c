"""A body that was sent in chunks (RFC 9112, section 7.1), put together."""

from __future__ import annotations

import re
from typing import Final

from transforms.block import RecordError

_SIZE: Final = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]{0,16}(?:;[^\r\n]{0,1000})?(\r\n|\r?\Z)")
"""The line before a chunk: its size, and what else some servers say of it."""
_LINE_END: Final = b"\r\n"
_TRAILER: Final = re.compile(rb"[!-9;-~]{1,200}:[^\r\n]{0,8000}")
_MOST_TRAILERS: Final = 64


def without_chunks(data: bytes) -> bytes:
    """The chunks of a body, one after the other, in time in proportion to its length.

    A body whose first line is none that stands before a chunk is given as it is: many archives
    have put it together already.  The last chunk may lack its line ends.

    Raises:
        RecordError: ``invalid-body``, a chunk is cut off, has another length than it says, or
            something that is no trailer follows the last one.
    """
    size = _SIZE.match(data)
    if size is None or not size[2]:
        return data
    made = bytearray()
    at = 0
    while size := _SIZE.match(data, at):
        start = size.end()
        end = start + int(size[1], 16)
        if end == start:
            _check_trailers(data, start)
            return bytes(made)
        if data[end : end + len(_LINE_END)] != _LINE_END:
            break
        made += data[start:end]
        at = end + len(_LINE_END)
    raise _broken(at)


def _check_trailers(data: bytes, at: int) -> None:
    """Refuse what follows the last chunk and would be lost."""
    lines = data[at:].strip(_LINE_END).split(_LINE_END, _MOST_TRAILERS)
    if lines != [b""] and not all(_TRAILER.fullmatch(line) for line in lines):
        raise _broken(at)


def _broken(at: int) -> RecordError:
    return RecordError(
        "invalid-body",
        f"the body of the response was sent in chunks, and from its byte {at} on they are cut off"
        " or not as they say: leave it out, or fetch it again",
    )
