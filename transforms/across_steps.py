"""Restatements across documents as PTransforms: after deciding, among what stays.

What crosses the shuffle are packed arrays, 16 bytes for a paragraph and band.
Sketches wait in the staging folder and are read beside the pairs.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

import apache_beam as beam
import msgspec
import numpy as np
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import AsList, PCollection
from numpy.typing import NDArray

from transforms.candidates import PAIR, bucket_pairs, distinct_pairs
from transforms.decide_steps import read_verdicts
from transforms.deciding import BlockVerdicts, KeptParagraph, ParagraphVerdict
from transforms.document import Document
from transforms.fingerprints import Fingerprints, block_of, pack, row_of
from transforms.glances import Glance, glance
from transforms.match_steps import by_block, owner
from transforms.ranking import Rank
from transforms.restated_across import (
    SPOT,
    Side,
    likely_pairs,
    looks_across,
    ranks_of,
    retold,
    side,
    spots,
    staying,
)
from transforms.restatements import Comparison, shares_enough
from transforms.restating import terms_of
from transforms.settings import Settings
from transforms.staging import (
    StagedBlock,
    by_index,
    read_documents,
    read_fingerprints,
    read_sketches,
)
from transforms.steps import MATCH, Packed, timed, unpack
from transforms.templates import REPEATED
from transforms.terms import ENGLISH, Terms

_STEP: Final = "restate across documents"
_CACHED_SIDES: Final = 4
"""Blocks that a worker keeps ready while it compares pairs of blocks."""
_MOST_COMPARED: Final = 64
"""Paragraphs with which one is compared, best rank first, until one tells the same."""


@dataclasses.dataclass
class MarkAcross(beam.PTransform[Any, Any]):
    """Staged blocks, template lines and verdicts to marks: encoded, keyed by block.

    Attributes:
        ranges: into how many ranges of hashes each band is cut for the shuffle.
    """

    settings: Settings
    ranges: int

    def expand(
        self, inputs: tuple[PCollection[StagedBlock], PCollection[Packed], PCollection[Packed]]
    ) -> PCollection[Packed]:
        staged, templates, verdicts = inputs
        if not looks_across(self.settings):
            none: PCollection[Packed] = verdicts | "Look inside documents only" >> beam.Filter(
                lambda _: False
            )
            return none
        keyed = staged | "Key by block" >> beam.Map(lambda block: (block.index, block))
        marks: PCollection[Packed] = (
            {"staged": keyed, "templates": templates, "verdicts": verdicts}
            | "Meet what stays" >> beam.CoGroupByKey()
            | "Sketch what stays" >> beam.FlatMap(_spots, self.settings, self.ranges)
            | "Group buckets" >> beam.GroupByKey()
            | "Propose pairs" >> beam.ParDo(_Propose(self.settings.restatements.bucket_cap))
            | "Group pairs by block" >> beam.GroupByKey()
            | "Compare content" >> beam.FlatMap(_likely, self.settings, AsList(staged))
            | "Group by what is told again" >> beam.GroupByKey()
            | "Compare what is told" >> beam.FlatMap(_mark, self.settings, AsList(staged))
        )
        return marks


def _spots(
    grouped: tuple[int, dict[str, Iterable[Any]]], settings: Settings, ranges: int
) -> Iterator[Packed]:
    _, values = grouped
    blocks = by_index(values["staged"])
    with timed(_STEP):
        found: list[Packed] = []
        for index in blocks:
            prints = read_fingerprints(blocks, index)
            stays = staying(
                prints,
                read_verdicts(values["verdicts"]),
                unpack(values["templates"], REPEATED)["row"].astype(np.int64),
            )
            for band, seen in enumerate(
                spots(read_sketches(blocks, index), prints, stays, settings)
            ):
                part = (seen["bucket"] >> np.uint64(32)) % np.uint64(ranges)
                found.extend(
                    (band * ranges + number, seen[part == number].tobytes())
                    for number in np.unique(part).tolist()
                )
    yield from found


class _Propose(beam.DoFn):
    """Buckets of a partition to proposed pairs, keyed by the block that will compare them."""

    def __init__(self, cap: int) -> None:
        self._cap = cap
        self._capped = Metrics.counter(MATCH, "capped_buckets")
        self._proposed = Metrics.counter(MATCH, "proposed_restatements")

    def process(self, partition: tuple[int, Iterable[bytes]]) -> Iterator[Packed]:
        with timed(_STEP):
            seen = unpack(partition[1], SPOT)
            proposals = bucket_pairs(seen["bucket"], seen["key"], self._cap)
        self._capped.inc(proposals.capped)
        self._proposed.inc(len(proposals.pairs))
        yield from by_block(owner(proposals.pairs), proposals.pairs)


def _likely(
    grouped: tuple[int, Iterable[bytes]], settings: Settings, staged: list[StagedBlock]
) -> Iterator[Packed]:
    blocks = by_index(staged)

    @lru_cache(maxsize=_CACHED_SIDES)
    def read(index: int) -> Side:
        return side(read_sketches(blocks, index), read_fingerprints(blocks, index), settings)

    with timed(_STEP):
        pairs = distinct_pairs(unpack(grouped[1], PAIR))
        sides = np.stack((block_of(pairs["left"]), block_of(pairs["right"])), axis=1)
        found = [
            likely_pairs(
                pairs[(sides[:, 0] == left) & (sides[:, 1] == right)],
                read(left),
                read(right),
                settings,
            )
            for left, right in np.unique(sides, axis=0).tolist()
        ]
        likely = np.concatenate([np.zeros(0, PAIR), *found])
    yield from by_block(block_of(likely["right"]), likely)


def _mark(
    grouped: tuple[int, Iterable[bytes]], settings: Settings, staged: list[StagedBlock]
) -> Iterator[Packed]:
    index, packed = grouped
    blocks = by_index(staged)
    with timed(_STEP):
        pairs = unpack(packed, PAIR)
        places = _Places(
            np.unique(np.concatenate((pairs["left"], pairs["right"]))), blocks, settings
        )
        better: dict[int, list[int]] = defaultdict(list)
        for kept, told in pairs.tolist():
            better[told].append(kept)
        prints = read_fingerprints(blocks, index)
        marks: list[ParagraphVerdict] = []
        for told in sorted(better):
            first = sorted(better[told], key=places.order.__getitem__)
            found = _first_retold(told, first, places, settings)
            if found is not None:
                kept, comparison = found
                marks.append(
                    _verdict(prints, row_of(told), places.named[kept], comparison, settings)
                )
    if marks:
        yield index, msgspec.msgpack.encode(marks)


def _first_retold(
    told: int, better: list[int], places: _Places, settings: Settings
) -> tuple[int, Comparison] | None:
    """The first paragraph of those of better rank that tells the same, with the comparison."""
    own = places.glance(told)
    if own.apart:
        return None
    least = settings.restatements.min_shared_facts
    compared = 0
    for kept in better:
        seen = places.glance(kept)
        if seen.apart or not own.numbers <= seen.numbers:
            continue
        if places.are_english(told, kept) and own.most_shared_facts(seen) < least:
            continue
        terms, worse = places.terms(kept), places.terms(told)
        if terms is None or worse is None or not shares_enough(terms, worse, settings.restatements):
            continue
        found = retold(terms, worse, settings)
        if found is not None:
            return kept, found
        compared += 1
        if compared == _MOST_COMPARED:
            break
    return None


class _Places:
    """The paragraphs of some pairs: what they say, how they are named, which comes first."""

    def __init__(
        self, keys: NDArray[np.int64], blocks: Mapping[int, StagedBlock], settings: Settings
    ) -> None:
        self._settings = settings.restatements
        self._documents: dict[int, Document] = {}
        self._glances: dict[int, Glance] = {}
        self._wanted: dict[int, dict[int, int]] = defaultdict(dict)
        self._terms: dict[int, Terms | None] = {}
        self.named: dict[int, KeptParagraph] = {}
        self.order: dict[int, tuple[Rank, int]] = {}
        for block in np.unique(block_of(keys)).tolist():
            prints = read_fingerprints(blocks, block)
            own = keys[block_of(keys) == block]
            documents = read_documents(
                blocks[block], np.unique(prints.document[row_of(own)]).tolist()
            )
            ranks = ranks_of(prints, settings.decide)
            for key in own.tolist():
                row = row_of(key)
                position, paragraph = int(prints.document[row]), int(prints.index[row])
                self._documents[pack(block, position)] = documents[position]
                self._wanted[pack(block, position)][paragraph] = key
                self.order[key] = ranks[position], paragraph
                self.named[key] = KeptParagraph(
                    document=prints.documents[position].id,
                    paragraph=paragraph,
                    start=int(prints.start[row]),
                    end=int(prints.end[row]),
                    block=block,
                    position=position,
                )

    def glance(self, key: int) -> Glance:
        """What a paragraph tells alone."""
        if key not in self._glances:
            place = self.named[key]
            document = self._documents[pack(place.block, place.position)]
            self._glances[key] = glance(document.text[place.start : place.end], self._settings)
        return self._glances[key]

    def are_english(self, *keys: int) -> bool:
        """Whether paragraphs are of documents that are said or found to be in English."""
        named = [self.named[key] for key in keys]
        documents = [self._documents[pack(each.block, each.position)] for each in named]
        return all(document.language == ENGLISH for document in documents)

    def terms(self, key: int) -> Terms | None:
        """What a paragraph says; its document is read when it is asked for first."""
        if key not in self._terms:
            place = self.named[key]
            document = pack(place.block, place.position)
            wanted = self._wanted.pop(document)
            found = terms_of(self._documents[document], list(wanted), self._settings)
            self._terms |= dict.fromkeys(wanted.values())
            self._terms |= zip(wanted.values(), found, strict=False)
        return self._terms[key]


def _verdict(
    prints: Fingerprints, row: int, kept: KeptParagraph, found: Comparison, settings: Settings
) -> ParagraphVerdict:
    return ParagraphVerdict(
        position=int(prints.document[row]),
        paragraph=int(prints.index[row]),
        tier="restatement",
        action="report" if settings.restatements.action == "report" else "mark",
        kept=kept,
        jaccard=found.jaccard,
        containment=found.containment,
        comparison=found,
    )


def add_marks(verdicts: BlockVerdicts, encoded: Iterable[bytes]) -> BlockVerdicts:
    """The verdicts of a block with its marks of :class:`MarkAcross`: one for a paragraph."""
    known = {(each.position, each.paragraph) for each in verdicts.paragraphs}
    marks = [
        mark
        for data in encoded
        for mark in msgspec.msgpack.decode(data, type=list[ParagraphVerdict])
        if (mark.position, mark.paragraph) not in known
    ]
    return msgspec.structs.replace(verdicts, paragraphs=(*verdicts.paragraphs, *marks))
