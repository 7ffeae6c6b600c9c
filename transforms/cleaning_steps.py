"""For anyone's pipeline: rows in, rows out.  ``docs/library.md`` shows how.

:class:`CleanDocuments` does what ``copydesk run`` does; :class:`CleanEach` does what
:func:`transforms.cleaning.clean` does, element by element.  Both give the same four outputs, named
as the folders of an output, of rows of :mod:`transforms.rows`.
"""

from __future__ import annotations

import atexit
import dataclasses
import hashlib
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import apache_beam as beam
import msgspec
from apache_beam.pvalue import AsList, AsSingleton, PCollection, TaggedOutput
from apache_beam.transforms.window import GlobalWindows

from transforms.across_steps import MarkAcross
from transforms.assemble import Records
from transforms.assemble_steps import MeetVerdicts, Met, assemble_block
from transforms.block import Block, RecordError, dead_letter
from transforms.cleaning import clean_each
from transforms.decide_steps import Decide
from transforms.document import DeadLetter, Record
from transforms.match_steps import Match
from transforms.records import DocumentRecord, RejectedRecord, RemovedRecord, SourceRecord
from transforms.rows import ROWS, record_of, row_of
from transforms.settings import Settings
from transforms.staging import StagedBlock, Staging
from transforms.steps import Decode, Fingerprint, Judge, Split
from transforms.template_steps import FindTemplates

Outputs = dict[str, PCollection[Any]]
"""``documents``, ``removed``, ``rejected`` and ``sources``: PCollections of their rows."""

Item = Record | DeadLetter
"""What a row is read as."""

_KINDS: Final[dict[str, type[msgspec.Struct]]] = {
    "documents": DocumentRecord,
    "removed": RemovedRecord,
    "rejected": RejectedRecord,
    "sources": SourceRecord,
}

_MOST_AT_ONCE: Final = 256
"""Documents in a batch of :class:`CleanEach`; no result depends on it."""


class CleanDocuments(beam.PTransform[Any, Any]):
    """A collection of rows like ``InputRow`` to :data:`Outputs`: duplicates go across it.

    The collection is one corpus, whatever its windows, and has to end.  What comes out follows
    from its rows and the settings alone.  An id that several rows have belongs to none of them:
    each is rejected.

    Args:
        settings: as :class:`transforms.settings.Settings`, or its tables as a mapping,
            ``{"decide": {"scope": "site"}}``; every default where it is left out.
        staging: a folder that every worker sees.  The documents wait in a new folder inside it,
            which is left there.  Where it is left out they wait in a temporary folder of this
            machine, which is removed when this process ends; this is for local engines.
        ranges: into how many ranges of hashes the shuffle is cut: more need less memory, and no
            result depends on it.

    Raises:
        ValueError: a setting is unknown or out of its bounds, or the collection has no end.
    """

    def __init__(
        self,
        settings: Settings | Mapping[str, Any] | None = None,
        staging: str | None = None,
        ranges: int = 1,
    ) -> None:
        super().__init__()
        self._settings = _settings(settings)
        self._staging = staging
        self._ranges = ranges

    def expand(self, rows: PCollection[Any]) -> Outputs:
        """Compose the steps of the flow, as the graph of a run does."""
        if not rows.is_bounded:
            raise ValueError(
                "a collection without an end has no last document to compare with: use CleanEach"
            )
        settings, ranges = self._settings, self._ranges
        staging = _new_staging(self._staging)
        prints = (
            rows
            | "Take as one corpus" >> beam.WindowInto(GlobalWindows())
            | "Group into blocks" >> _GroupIntoBlocks(settings.output.shard_bytes)
            | "Decode bytes to text" >> Decode(settings.decode, settings.watch)
            | "Split into paragraphs" >> Split(settings.split, settings.decode, settings.watch)
            | "Judge each paragraph" >> Judge(settings.judge, settings.sites)
            | "Fingerprint paragraphs" >> Fingerprint(settings, staging, ranges)
        )
        templates = prints.outlines | "Find lines that a site repeats" >> FindTemplates(
            settings.templates, ranges
        )
        matched = prints | "Match candidates exactly" >> Match(settings, staging, ranges)
        verdicts = matched | "Decide what goes" >> Decide(
            settings, staging, prints.staged, templates
        )
        decided = (prints.staged, templates, verdicts)
        marks = decided | "Mark what other documents tell" >> MarkAcross(settings, staging, ranges)
        return _as_rows(
            (*decided, marks)
            | MeetVerdicts()
            | "Assemble records"
            >> beam.FlatMap(_assemble, settings, AsList(prints.staged)).with_outputs(*_KINDS)
        )


class CleanEach(beam.PTransform[Any, Any]):
    """Rows like ``InputRow`` to :data:`Outputs`, each row by itself: none is compared with another.

    Duplicates go inside a document only.  Windows stay as they are, and the collection may have no
    end.  Ids may repeat.

    Args:
        settings: as for :class:`CleanDocuments`; the scope is always the document.

    Raises:
        ValueError: a setting is unknown or out of its bounds.
    """

    def __init__(self, settings: Settings | Mapping[str, Any] | None = None) -> None:
        super().__init__()
        self._settings = _settings(settings)

    def expand(self, rows: PCollection[Any]) -> Outputs:
        """Clean batches of rows; what becomes of one does not depend on its batch."""
        return _as_rows(
            rows
            | "Batch rows" >> beam.BatchElements(max_batch_size=_MOST_AT_ONCE)
            | "Clean each row" >> beam.FlatMap(_clean, self._settings).with_outputs(*_KINDS)
        )


def _settings(given: Settings | Mapping[str, Any] | None) -> Settings:
    settings = given if isinstance(given, Settings) else _converted(given or {})
    if settings.watch.problem is not None:
        raise ValueError(settings.watch.problem)
    return settings


def _converted(tables: Mapping[str, Any]) -> Settings:
    try:
        return msgspec.convert(dict(tables), Settings)
    except msgspec.ValidationError as error:
        raise ValueError(
            f"a setting is wrong: {error}; `copydesk settings` prints them all"
        ) from error


def _new_staging(folder: str | None) -> Staging:
    if folder is not None:
        Path(folder).mkdir(parents=True, exist_ok=True)
    place = tempfile.mkdtemp(prefix="copydesk-", dir=folder)
    if folder is None:
        atexit.register(shutil.rmtree, place, ignore_errors=True)
    return Staging.create(Path(place, "staging"))


def _as_rows(records: Mapping[str, PCollection[Any]]) -> Outputs:
    return {
        kind: records[kind]
        | f"Make rows of {kind}" >> beam.Map(row_of).with_output_types(ROWS[struct])
        for kind, struct in _KINDS.items()
    }


def _tagged(records: Records) -> Iterator[TaggedOutput[Any, Any]]:
    for kind in _KINDS:
        for record in getattr(records, kind):
            yield TaggedOutput(kind, record)


def _clean(rows: Sequence[Any], settings: Settings) -> Iterator[TaggedOutput[Any, Any]]:
    yield from _tagged(clean_each(_block(0, map(record_of, rows)), settings))


def _block(index: int, items: Iterable[Item]) -> Block:
    records: list[Record] = []
    rejected: list[DeadLetter] = []
    for item in items:
        if isinstance(item, Record):
            records.append(item)
        else:
            rejected.append(item)
    records.sort(key=lambda record: record.id)
    return Block(index=index, records=tuple(records), rejected=tuple(rejected))


def _assemble(
    met: Met, settings: Settings, staged: list[StagedBlock]
) -> Iterator[TaggedOutput[Any, Any]]:
    yield from _tagged(assemble_block(met, settings, staged))


@dataclasses.dataclass
class _GroupIntoBlocks(beam.PTransform[Any, Any]):
    """Rows to blocks of records, in the order of their ids.

    Which rows are in a block follows from their ids and the size of the corpus, not from how they
    arrive.  Here documents cross a shuffle, once.
    """

    block_bytes: int

    def expand(self, rows: PCollection[Any]) -> PCollection[Block]:
        items = rows | "Read rows" >> beam.Map(record_of).with_output_types(Item)
        size = (
            items
            | "Measure records" >> beam.Map(_size).with_output_types(int)
            | "Measure the corpus" >> beam.CombineGlobally(sum)
        )
        return (
            items
            | "Key by block" >> beam.Map(_keyed, self.block_bytes, AsSingleton(size))
            | "Gather blocks" >> beam.GroupByKey()
            | "Make blocks" >> beam.MapTuple(_make_block).with_output_types(Block)
        )


def _size(item: Item) -> int:
    return len(item.data) if isinstance(item, Record) else 0


def _keyed(item: Item, block_bytes: int, corpus_bytes: int) -> tuple[int, Item]:
    name = item.id if isinstance(item, Record) else item.source
    digest = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big")
    blocks = -(-corpus_bytes // block_bytes) or 1
    return digest * blocks >> 64, item


def _make_block(index: int, items: Iterable[Item]) -> Block:
    return _refuse_repeated(_block(index, items))


def _refuse_repeated(block: Block) -> Block:
    """The block without records of one id, of which none can be told which it is."""
    counts = Counter(record.id for record in block.records)
    letters = [
        dead_letter(
            RecordError(
                "repeated-id", f"{counts[record.id]} rows have this id: give each one of its own"
            ),
            record.source,
            None,
        )
        for record in block.records
        if counts[record.id] > 1
    ]
    records = tuple(record for record in block.records if counts[record.id] == 1)
    return msgspec.structs.replace(block, records=records, rejected=(*block.rejected, *letters))
