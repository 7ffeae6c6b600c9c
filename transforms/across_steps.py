"""Restatements across documents as PTransforms: after deciding, among what stays.

Sketches, and what is seen in the buckets (16 bytes for a paragraph and band), wait in the staging
folder; what crosses Beam's shuffle are the few pairs that are likely.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any, Final

import apache_beam as beam
import msgspec
import numpy as np
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import AsList, PCollection
from numpy.typing import NDArray

from transforms.candidates import PAIR, bucket_pairs, distinct_pairs, sides
from transforms.decide_steps import read_verdicts
from transforms.deciding import BlockVerdicts, KeptParagraph, ParagraphVerdict, staying
from transforms.document import Document
from transforms.fingerprints import Fingerprints, block_of, pack, rank_of, row_of
from transforms.glances import Glance, glance
from transforms.match_steps import by_block, owner
from transforms.progress import telling
from transforms.ranking import Rank
from transforms.restated_across import (
    SPOT,
    likely_pairs,
    looks_across,
    possible_pairs,
    retold_pairs,
    spots,
)
from transforms.restatements import Comparison, shares_enough
from transforms.restating import terms_of
from transforms.settings import Settings
from transforms.shuffling import ShuffleFile, cut, read_shuffle
from transforms.staging import (
    StagedBlock,
    Staging,
    block_stem,
    by_index,
    read_documents,
    read_fingerprints,
    read_sketches,
)
from transforms.steps import MATCH, Packed, timed, unpack
from transforms.templates import REPEATED
from transforms.terms import ENGLISH, Terms

_STEP: Final = "restate across documents"
_MOST_COMPARED: Final = 64
"""Paragraphs with which one is compared, best rank first, until one tells the same."""


@dataclasses.dataclass
class MarkAcross(beam.PTransform[Any, Any]):
    """Staged blocks, template lines and verdicts to marks: encoded, keyed by block.

    Attributes:
        staging: where what is seen in the buckets waits, and progress is told.
        ranges: into how many partitions each band is cut.
    """

    settings: Settings
    staging: Staging
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
        seen: PCollection[ShuffleFile] = (
            {"staged": keyed, "templates": templates, "verdicts": verdicts}
            | "Meet what stays" >> beam.CoGroupByKey()
            | "Sketch what stays" >> beam.FlatMap(_spots, self.settings, self.staging, self.ranges)
        )
        partitions = range(self.settings.restatements.across_bands * self.ranges)
        marks: PCollection[Packed] = (
            staged.pipeline
            | "List the buckets" >> beam.Create(partitions)
            | "Look into buckets"
            >> beam.ParDo(_Look(self.settings, self.staging), AsList(seen), AsList(staged))
            | "Group what is possible" >> beam.GroupByKey()
            | "Compare sketches"
            >> beam.FlatMap(_likely, self.settings, self.staging, AsList(staged))
            | "Group by what is told again" >> beam.GroupByKey()
            | "Compare what is told"
            >> beam.FlatMap(_mark, self.settings, self.staging, AsList(staged))
        )
        return marks


def _spots(
    grouped: tuple[int, dict[str, Iterable[Any]]],
    settings: Settings,
    staging: Staging,
    ranges: int,
) -> Iterator[ShuffleFile]:
    _, values = grouped
    blocks = by_index(values["staged"])
    for index in blocks:
        with timed(_STEP):
            prints = read_fingerprints(blocks, index)
            sketches = read_sketches(blocks, index)
            stays = staying(
                prints,
                read_verdicts(values["verdicts"]),
                unpack(values["templates"], REPEATED)["row"].astype(np.int64),
            )
            bands = spots(sketches, prints.keys(sketches.rows), stays, settings)
            file = staging.shuffle(
                f"{block_stem(index)}.spots", [part for seen in bands for part in cut(seen, ranges)]
            )
        yield file


class _Look(beam.DoFn):
    """Partitions of buckets to possible pairs, keyed by the block that compares their sketches."""

    def __init__(self, settings: Settings, staging: Staging) -> None:
        self._settings = settings
        self._staging = staging
        self._capped = Metrics.counter(MATCH, "capped_buckets")
        self._proposed = Metrics.counter(MATCH, "proposed_restatements")

    def process(
        self, partition: int, seen: list[ShuffleFile], staged: list[StagedBlock]
    ) -> Iterator[Packed]:
        blocks = by_index(staged)
        with timed(_STEP), telling(self._staging, "look for restatements", partition):
            spots = read_shuffle(seen, partition, SPOT)
            cap = self._settings.restatements.bucket_cap
            proposals = bucket_pairs(spots["bucket"], spots["key"], cap)
            possible = possible_pairs(
                proposals.pairs, partial(read_sketches, blocks), self._settings
            )
        self._capped.inc(proposals.capped)
        self._proposed.inc(len(proposals.pairs))
        yield from by_block(owner(possible), possible)


def _likely(
    grouped: tuple[int, Iterable[bytes]],
    settings: Settings,
    staging: Staging,
    staged: list[StagedBlock],
) -> Iterator[Packed]:
    """The likely pairs among possible ones, keyed by the block of what is told again.

    A pair that is alike is met in ten bands or more: here it is compared once.
    """
    blocks = by_index(staged)
    with timed(_STEP), telling(staging, "compare restatements", ~grouped[0]):
        likely = likely_pairs(
            distinct_pairs(unpack(grouped[1], PAIR)),
            partial(read_sketches, blocks),
            partial(read_fingerprints, blocks),
            settings,
        )
    yield from by_block(block_of(likely["right"]), likely)


def _mark(
    grouped: tuple[int, Iterable[bytes]],
    settings: Settings,
    staging: Staging,
    staged: list[StagedBlock],
) -> Iterator[Packed]:
    index, packed = grouped
    blocks = by_index(staged)
    with timed(_STEP), telling(staging, "compare restatements", index):
        pairs = distinct_pairs(unpack(packed, PAIR))
        places = _Places(sides(pairs)[0], blocks, settings)
        better: dict[int, list[int]] = defaultdict(list)
        for kept, told in pairs.tolist():
            better[told].append(kept)
        prints = read_fingerprints(blocks, index)
        marks = [
            _verdict(prints, row_of(told), places.named[kept], comparison, settings)
            for told, (kept, comparison) in sorted(_first_retold(better, places, settings).items())
        ]
    if marks:
        yield index, msgspec.msgpack.encode(marks)


def _first_retold(
    better: Mapping[int, Sequence[int]], places: _Places, settings: Settings
) -> dict[int, tuple[int, Comparison]]:
    """The first paragraph that tells the same as each, with the comparison.

    In each round one more is compared for all that have none yet: the scorer is quickest with
    many pairs at once.

    Args:
        better: the keys of those of better rank, by the key of what may be told again.
    """
    waiting = {
        told: islice(_alike(told, better[told], places, settings), _MOST_COMPARED)
        for told in sorted(better)
    }
    found: dict[int, tuple[int, Comparison]] = {}
    while waiting:
        pairs: list[tuple[Terms, Terms]] = []
        asked: list[tuple[int, int]] = []
        for told, rest in list(waiting.items()):
            following = next(rest, None)
            if following is None:
                del waiting[told]
            else:
                kept, terms, worse = following
                asked.append((told, kept))
                pairs.append((terms, worse))
        for (told, kept), comparison in zip(asked, retold_pairs(pairs, settings), strict=True):
            if comparison is not None:
                found[told] = kept, comparison
                del waiting[told]
    return found


def _alike(
    told: int, better: Sequence[int], places: _Places, settings: Settings
) -> Iterator[tuple[int, Terms, Terms]]:
    """The paragraphs worth comparing with one, by rank, with the terms of both."""
    own = places.glance(told)
    if own.apart:
        return
    least = settings.restatements.min_shared_facts
    for kept in sorted(better, key=places.order.__getitem__):
        seen = places.glance(kept)
        if seen.apart or not own.numbers <= seen.numbers:
            continue
        if places.are_english(told, kept) and own.most_shared_facts(seen) < least:
            continue
        terms, worse = places.terms(kept), places.terms(told)
        if terms and worse and shares_enough(terms, worse, settings.restatements):
            yield kept, terms, worse


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
            for key in own.tolist():
                row = row_of(key)
                position, paragraph = int(prints.document[row]), int(prints.index[row])
                self._documents[pack(block, position)] = documents[position]
                self._wanted[pack(block, position)][paragraph] = key
                self.order[key] = rank_of(prints.documents[position], settings.decide), paragraph
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
