"""What holds of every document, error and record, whatever it was made of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, get_args

from pipeline.blocks import Item
from tests.reading import parted
from transforms.block import MOST_MESSAGE, RecordError
from transforms.document import DeadLetter, Document, Kind, Record
from transforms.records import RejectedRecord

_CODE: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_PATH: Final = 200
_LONGEST_SAMPLE: Final = 64 * len(r"\xff")
_BUG: Final = "unexpected-error"


def check_error(error: RecordError | DeadLetter | RejectedRecord) -> None:
    """An error has a code, says what to do, and shows the bytes in printable ASCII."""
    assert _CODE.fullmatch(error.error), error.error
    assert error.error != _BUG, error.message
    assert error.message
    assert error.message.isprintable(), error.message
    # An error is cut when it becomes a dead letter.
    assert isinstance(error, RecordError) or len(error.message) <= MOST_MESSAGE
    assert error.sample.isascii()
    assert error.sample.isprintable() or not error.sample, error.sample
    assert len(error.sample) <= _LONGEST_SAMPLE
    assert error.offset is None or error.offset >= 0


def check_document(document: Document) -> None:
    """Paragraphs are in order, none is empty, and nothing but white space is outside of them."""
    text = document.text
    text.encode()  # no half characters
    end = 0
    for index, paragraph in enumerate(document.paragraphs):
        assert paragraph.index == index
        assert text[end : paragraph.start].strip() == ""
        assert text[paragraph.start : paragraph.end].strip() != ""
        assert paragraph.kind in get_args(Kind)
        if paragraph.markup is not None:
            assert 0 <= paragraph.markup.link_density <= 1
            assert len(paragraph.markup.path) <= _LONGEST_PATH
        end = paragraph.end
    assert text[end:].strip() == ""
    assert all(count > 0 for count in document.changes.values()), document.changes


def check_judged(document: Document) -> None:
    """Each paragraph has a judgement, and a reason exactly where it goes."""
    assert len(document.judgements) == len(document.paragraphs)
    for judgement in document.judgements:
        assert (judgement.reason is None) == (judgement.verdict == "keep")
        assert 0 <= judgement.score <= 1
        assert judgement.kind in get_args(Kind)


def check_items(items: Sequence[Item], source: str) -> tuple[list[Record], list[DeadLetter]]:
    """What a reader gives has places of its own, in the order of the file."""
    records, letters = parted(list(items))
    for record in records:
        assert record.source == source
        assert record.record is not None
    assert len({record.id for record in records}) == len(records)
    for letter in letters:
        assert letter.source == source
        check_error(letter)
    places = [
        int(item.record)
        for item in items
        if isinstance(item, Record | DeadLetter) and item.record is not None
    ]
    assert places == sorted(places)
    return records, letters
