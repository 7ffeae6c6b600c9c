"""A block of documents: what travels through the pipeline as one element.

A block is a slice of the sorted input listing.  It is coarse (a few megabytes)
because Beam's cost is per element, and it fills up as it moves down the flow:
records, then decoded texts, then documents, with the dead letters of every
step beside them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec

from transforms.document import DeadLetter, Decoded, Document, Record

if TYPE_CHECKING:  # it is made of what imports this
    from transforms.finished import FinishedBlock

_LOGGER = logging.getLogger(__name__)

_SAMPLE_BYTES = 64

MOST_MESSAGE: Final = 2_000
"""Characters of a dead letter's message: what it names may come from the input."""

Item = TypeVar("Item")
Result = TypeVar("Result")


class RecordError(Exception):
    """A record that cannot be processed; it becomes a dead letter.

    Args:
        error: stable code in kebab-case.
        message: what was wrong and what to do next, one sentence.
        offset: byte offset in the record, where the trouble has one.
        sample: printable ASCII rendering of the bytes at the trouble.
    """

    def __init__(
        self, error: str, message: str, offset: int | None = None, sample: str = ""
    ) -> None:
        super().__init__(f"{error}: {message}")
        self.error = error
        self.message = message
        self.offset = offset
        self.sample = sample

    def __reduce__(self) -> tuple[type[RecordError], tuple[str, str, int | None, str]]:
        return type(self), (self.error, self.message, self.offset, self.sample)


def sample_of(data: bytes) -> str:
    """The first bytes of what cannot be read, as printable ASCII."""
    return data[:_SAMPLE_BYTES].decode("latin-1").encode("unicode_escape").decode("ascii")


class DecodedRecord(msgspec.Struct, frozen=True, gc=False):
    """A record whose bytes have become characters."""

    record: Record
    """The record, its bytes dropped."""
    decoded: Decoded
    page: bool
    """Whether the characters are a page's markup."""


class Block(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One block on its way through the flow."""

    index: int
    """Position in the sorted input; it names the block and its part files."""
    records: tuple[Record, ...] = ()
    decoded: tuple[DecodedRecord, ...] = ()
    documents: tuple[Document, ...] = ()
    rejected: tuple[DeadLetter, ...] = ()
    finished: FinishedBlock | None = None
    """What an interrupted run staged of it: nothing is read then, and nothing is to do."""
    skipped: dict[str, int] = {}
    """What was there besides records and is left out on purpose, by what it is."""


def each_record(
    items: Sequence[Item],
    step: Callable[[Item], Result],
    identify: Callable[[Item], tuple[str, str | None]],
) -> tuple[tuple[Result, ...], tuple[DeadLetter, ...]]:
    """Apply a step to every item; one that fails costs itself, never the block.

    Args:
        identify: the source and the record name of an item, for its dead letter.

    Returns:
        The results, and a dead letter for each item that failed, both in order.
    """
    results: list[Result] = []
    rejected: list[DeadLetter] = []
    for item in items:
        try:
            results.append(step(item))
        except RecordError as error:
            rejected.append(dead_letter(error, *identify(item)))
        except MemoryError:
            raise  # says nothing about the record
        except Exception as error:  # a bug, ours or a parser's, must cost one record only
            source, record = identify(item)
            _LOGGER.exception("unexpected error in %r", source)
            # The error's own text may hold addresses or paths, which differ from run to run.
            wrapped = RecordError(
                "unexpected-error",
                f"a bug ({type(error).__name__}): please report it with this record",
            )
            rejected.append(dead_letter(wrapped, source, record))
    return tuple(results), tuple(rejected)


def dead_letter(error: RecordError, source: str, record: str | None) -> DeadLetter:
    """The dead letter that an error makes of a record; a longer message than it may have is cut."""
    return DeadLetter(
        source=source,
        record=record,
        offset=error.offset,
        error=error.error,
        message=error.message[:MOST_MESSAGE],
        sample=error.sample,
    )
