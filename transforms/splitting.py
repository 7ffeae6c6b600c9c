"""Turn a record's characters into a document of paragraphs."""

from __future__ import annotations

from transforms.block import DecodedRecord
from transforms.document import Document
from transforms.page_dates import stated_date
from transforms.page_metadata import address_of, host_of
from transforms.pages import render_page
from transforms.paragraphs import split_text
from transforms.settings import DecodeSettings, SplitSettings


def split_record(item: DecodedRecord, settings: SplitSettings, decode: DecodeSettings) -> Document:
    """The document of a decoded record, not judged yet.

    What a container says of its record (address, date) goes before what a
    page says of itself.

    Raises:
        RecordError: the text is over a limit.
    """
    record, decoded = item.record, item.decoded
    url = address_of(record.url) if record.url is not None else None
    site = host_of(url) if url is not None else None
    published = stated_date(record.published, settings) if record.published is not None else None
    if not item.page:
        return Document(
            id=record.id,
            source=record.source,
            record=record.record,
            text=decoded.text,
            encoding=decoded.encoding,
            changes=decoded.changes,
            replaced_at=decoded.replaced_at,
            paragraphs=split_text(decoded.text, settings),
            url=url,
            site=site,
            published=published,
            fetched=record.fetched,
            headers=record.headers,
        )
    page = render_page(decoded.text, settings, decode, url=url)
    return Document(
        id=record.id,
        source=record.source,
        record=record.record,
        text=page.text,
        encoding=decoded.encoding,
        changes=dict(sorted({**decoded.changes, **page.changes}.items())),
        replaced_at=decoded.replaced_at,
        paragraphs=page.paragraphs,
        url=page.url,
        title=page.title,
        author=page.author,
        site=page.site or site,
        published=published or page.published,
        language=page.language,
        fetched=record.fetched,
        headers=record.headers,
    )
