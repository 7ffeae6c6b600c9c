"""The circumstances of a run: ``run.json``, which alone differs from run to run."""

from __future__ import annotations

import datetime
import resource
import sys
from collections import Counter

import msgspec
from apache_beam.runners.runner import PipelineResult

from pipeline.guards import stopped
from pipeline.outputs import Tally
from pipeline.read import INPUT
from transforms.finished import BLOCKS, MADE, RESUMED
from transforms.steps import MATCH, TIMES

_PEAK_UNIT = 1 if sys.platform == "darwin" else 1024
"""What the kernel counts peaks of memory in."""


class RunRecord(msgspec.Struct, frozen=True, kw_only=True):
    """When, where and how fast a run was."""

    reproducible: bool
    """False where a record was stopped for what it took of this machine."""
    start: str
    end: str
    seconds: float
    runner: str
    workers: int | None
    passes: int
    """Parts in which the buckets of each band were looked into."""
    input_bytes: int
    blocks: int
    blocks_resumed: int
    """Of these, taken up from a run that was interrupted."""
    characters_per_second: int
    peak_memory_bytes: dict[str, int]
    """Most that was resident: of the process that submits, and of its largest ``worker``."""
    seconds_by_step: dict[str, float]
    """Time in the functions of each step, added over workers."""
    counters: dict[str, int]


class Began(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a run before its pipeline starts."""

    at: datetime.datetime
    runner: str
    workers: int | None
    passes: int
    input_bytes: int
    blocks_planned: int
    """Some may become several, when their records are larger than their bytes."""


def record_of(began: Began, seconds: float, counted: Tally, result: PipelineResult) -> RunRecord:
    """The record of a run that has ended.

    Args:
        seconds: how long it took.
        counted: what became of the input.
        result: of its pipeline, with the counters.
    """
    counters: Counter[tuple[str, str]] = Counter()
    for each in result.metrics().query()["counters"]:
        # One name may be counted in several steps; an engine that only reports what is
        # committed has no value at all for a zero.
        counters[each.key.metric.namespace, each.key.metric.name] += each.result or 0
    end = began.at + datetime.timedelta(seconds=seconds)
    return RunRecord(
        reproducible=not stopped(counted),
        start=began.at.isoformat(timespec="seconds"),
        end=end.isoformat(timespec="seconds"),
        seconds=round(seconds, 3),
        runner=began.runner,
        workers=began.workers,
        passes=began.passes,
        input_bytes=began.input_bytes,
        blocks=counters[BLOCKS, MADE] + counters[BLOCKS, RESUMED],
        blocks_resumed=counters[BLOCKS, RESUMED],
        characters_per_second=round(counted.characters_in / max(seconds, 1e-3)),
        peak_memory_bytes=_peaks(),
        seconds_by_step={
            name: round(value / 1e6, 3)
            for (space, name), value in sorted(counters.items())
            if space == TIMES
        },
        counters={
            name: value
            for (space, name), value in sorted(counters.items())
            if space in (MATCH, INPUT)
        },
    )


def _peaks() -> dict[str, int]:
    processes = {"driver": resource.RUSAGE_SELF, "worker": resource.RUSAGE_CHILDREN}
    peaks = {name: resource.getrusage(who).ru_maxrss for name, who in processes.items()}
    return {name: peak * _PEAK_UNIT for name, peak in peaks.items() if peak}
