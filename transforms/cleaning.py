"""Clean one text, or a few that have nothing to do with each other: no files, no Beam."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from transforms.assemble import Records, assemble
from transforms.block import Block, RecordError
from transforms.deciding import KeptParagraph
from transforms.document import TEXT, MediaType, Record
from transforms.records import DocumentRecord, KeptSpan, RemovedRecord, SourceRecord
from transforms.settings import Settings
from transforms.single import clean_block


class CleanText(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one text: records as ``docs/output.md`` describes them."""

    document: DocumentRecord | None
    """The clean document; ``None`` where nothing was left."""
    removed: tuple[RemovedRecord, ...]
    """What went, in reading order, each with its reason and evidence.  Together with the
    paragraphs that stay these spans tile the normalised text, white space aside."""
    source: SourceRecord
    """What was read: encoding, changes, and the white space between the spans."""

    @property
    def text(self) -> str:
        """The paragraphs that stay, joined by a blank line."""
        return "" if self.document is None else self.document.text

    @property
    def paragraphs(self) -> tuple[KeptSpan, ...]:
        """The paragraphs that stay, with their spans in the normalised text."""
        return () if self.document is None else self.document.paragraphs


def clean(
    text: str | bytes,
    *,
    settings: Settings | None = None,
    media_type: MediaType | None = None,
    charset: str | None = None,
    url: str | None = None,
    published: str | None = None,
    id: str = "text",
) -> CleanText:
    r"""Clean one scraped text or page, as ``copydesk run`` cleans a file that is alone.

    >>> cleaned = clean("Share this\nThe council met on Monday to vote on the new bridge.\n")
    >>> cleaned.text
    'The council met on Monday to vote on the new bridge.'
    >>> [(removed.reason, removed.text) for removed in cleaned.removed]
    [('share-widget', 'Share this')]

    Args:
        text: characters, or the bytes as they were fetched.
        settings: every default where it is left out.
        media_type: where it is left out, the text itself tells whether it is a page.
        charset: of bytes, what a server said; it is a claim, not a fact.
        url: its address; an http or https one names the site.
        published: its date, ISO 8601 or as pages write it.
        id: what the records call the document.

    Raises:
        RecordError: it cannot be read: the code, what was wrong and what to do.
    """
    record = Record(
        id=id,
        source=id,
        data=text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text,
        charset=TEXT if isinstance(text, str) else charset,
        media_type=media_type,
        url=url,
        published=published,
    )
    records = _clean(Block(index=0, records=(record,)), settings or Settings())
    for letter in records.rejected:
        raise RecordError(letter.error, letter.message, letter.offset, letter.sample)
    return CleanText(
        document=records.documents[0] if records.documents else None,
        removed=tuple(records.removed),
        source=records.sources[0],
    )


def clean_each(block: Block, settings: Settings) -> Records:
    """Clean the records of a block, none of which is compared with another.

    What becomes of one is what :func:`clean` makes of it; many at a time are cheaper.
    """
    alone = replace(settings.decide, scope="document")
    return _clean(block, replace(settings, decide=alone))


def _clean(block: Block, settings: Settings) -> Records:
    """The output records of a block that is the corpus."""
    cleaned = clean_block(block, settings)
    documents = cleaned.content.documents

    def read_text(kept: KeptParagraph) -> str:
        return documents[kept.position].text[kept.start : kept.end]

    return assemble(cleaned.content, cleaned.verdicts, read_text)
