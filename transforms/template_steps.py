"""Find the template lines of sites: the count of :mod:`transforms.templates` as PTransforms.

What crosses the shuffle are packed arrays: an outline of each block once, what
each block saw once a mark, and its counts once a line.  A line that stands on
every page of a site is one record a block, and counts are added by a combiner,
so no line gathers on one worker.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import apache_beam as beam
import numpy as np
from apache_beam.pvalue import AsList, PCollection, TaggedOutput
from numpy.typing import NDArray

from transforms.arrays import distinct
from transforms.settings import TemplateSettings
from transforms.steps import Packed, timed, unpack
from transforms.templates import (
    CANDIDATE,
    OUTLINE,
    SEEN,
    TALLY,
    TEMPLATE,
    add_tallies,
    choose_templates,
    count_lines,
    repeated_lines,
    seen_marks,
    shared_marks,
)

_STEP: Final = "templates"


@dataclasses.dataclass
class FindTemplates(beam.PTransform[Any, Any]):
    """Outlines of blocks to the lines that go: ``REPEATED`` records by block.

    Attributes:
        ranges: into how many ranges marks and sites are cut for the shuffle;
            no result depends on it.
    """

    settings: TemplateSettings
    ranges: int

    def expand(self, outlines: PCollection[Packed]) -> PCollection[Packed]:
        shared = (
            outlines
            | "See how lines begin and end" >> beam.FlatMap(_seen, self.ranges)
            | "Group ends of lines" >> beam.GroupByKey()
            | "Find what pages share" >> beam.FlatMap(_shared)
        )
        counted = (
            {"outline": outlines, "shared": shared}
            | "Meet what pages share" >> beam.CoGroupByKey()
            | "Count lines"
            >> beam.FlatMap(_count, self.settings, self.ranges).with_outputs(
                "candidates", main="tallies"
            )
        )
        templates = (
            counted.tallies
            | "Add counts by site" >> beam.CombinePerKey(_add)
            | "Choose templates" >> beam.FlatMap(_choose, self.settings)
        )
        return counted.candidates | "Find template lines" >> beam.FlatMap(
            _repeated, AsList(templates)
        )


def _cut(records: NDArray[np.void], by: str, ranges: int) -> Iterator[Packed]:
    part = (records[by] >> np.uint64(32)) % np.uint64(ranges)
    for number in distinct(part).tolist():
        yield number, records[part == number].tobytes()


def _seen(outline: Packed, ranges: int) -> Iterator[Packed]:
    block, packed = outline
    with timed(_STEP):
        seen = seen_marks(unpack([packed], OUTLINE), block)
    yield from _cut(seen, "mark", ranges)


def _shared(partition: tuple[int, Iterable[bytes]]) -> Iterator[Packed]:
    with timed(_STEP):
        shared = shared_marks(unpack(partition[1], SEEN))
    for block in distinct(shared["block"]).tolist():
        yield block, shared["mark"][shared["block"] == block].tobytes()


def _count(
    grouped: tuple[int, dict[str, Iterable[bytes]]], settings: TemplateSettings, ranges: int
) -> Iterator[Packed | TaggedOutput[Any, Any]]:
    block, values = grouped
    with timed(_STEP):
        shared = np.frombuffer(b"".join(values["shared"]), dtype=np.uint64)
        counted = count_lines(unpack(values["outline"], OUTLINE), shared, settings)
    yield from _cut(counted.tally, "site", ranges)
    if len(counted.candidates):
        yield TaggedOutput("candidates", (block, counted.candidates.tobytes()))


def _add(tallies: Iterable[bytes]) -> bytes:
    with timed(_STEP):
        return add_tallies(unpack(tallies, TALLY)).tobytes()


def _choose(partition: Packed, settings: TemplateSettings) -> Iterator[bytes]:
    templates = choose_templates(unpack([partition[1]], TALLY), settings)
    if len(templates):
        yield templates.tobytes()


def _repeated(candidates: Packed, templates: Sequence[bytes]) -> Iterator[Packed]:
    block, packed = candidates
    with timed(_STEP):
        repeated = repeated_lines(unpack([packed], CANDIDATE), unpack(templates, TEMPLATE))
    if len(repeated):
        yield block, repeated.tobytes()
