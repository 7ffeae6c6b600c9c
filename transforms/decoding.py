"""Turn a record's bytes into characters."""

from __future__ import annotations

import msgspec

from transforms.block import DecodedRecord
from transforms.document import Record
from transforms.encoding import decode_bytes
from transforms.normalise import normalise
from transforms.page_blocks import looks_like_page
from transforms.settings import DecodeSettings


def decode_record(record: Record, settings: DecodeSettings) -> DecodedRecord:
    """The characters of a record.

    Plain text comes back normalised; a page's markup does not, because its
    text is normalised when it is rendered.

    Raises:
        RecordError: the bytes are no text.
    """
    decoded = decode_bytes(record.data, record.charset, settings)
    page = (
        looks_like_page(decoded.text)
        if record.media_type is None
        else record.media_type == "text/html"
    )
    if not page:
        text, changes = normalise(decoded.text, settings, markup=False)
        decoded = msgspec.structs.replace(
            decoded, text=text, changes=dict(sorted({**decoded.changes, **changes}.items()))
        )
    return DecodedRecord(msgspec.structs.replace(record, data=b""), decoded, page)
