"""What a run did, as a text file that Prometheus's node exporter collects.

All are gauges: a run is a process of its own, so nothing is counted on from one to the next.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.errors import ExitCode
from pipeline.outputs import Manifest, Tally

if TYPE_CHECKING:  # Beam takes more than a second to import
    from pipeline.circumstances import RunRecord

_RUN: Final = "run"
"""The label that tells the files of several jobs on one machine apart."""
_SUCCESS: Final = "copydesk_last_success_timestamp_seconds"


class Ended(NamedTuple):
    """What is known of a run at its end."""

    exit_code: int
    seconds: float
    manifest: Manifest | None
    """``None`` where the run failed."""
    record: RunRecord | None


class Metric(NamedTuple):
    """A gauge, or one for each value of a label."""

    name: str
    meaning: str
    values: Mapping[str, float]
    label: str | None = None


def write_metrics(path: Path, ended: Ended) -> None:
    """Write the file, whole or not at all; its name without suffix is the label ``run``.

    The time of the last success is taken over from the file if this run was none.

    Raises:
        OSError: it cannot be written.
    """
    # Imported here: only runs that are asked for metrics need it.
    from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

    registry = CollectorRegistry()
    now = time.time()
    success = now if ended.exit_code == ExitCode.DONE else _last_success(path)
    for metric in _metrics(ended, now, success):
        labels = (_RUN,) if metric.label is None else (_RUN, metric.label)
        gauge = Gauge(metric.name, metric.meaning, labels, registry=registry)
        for value, number in metric.values.items():
            gauge.labels(*(path.stem, value)[: len(labels)]).set(number)
    write_to_textfile(str(path), registry)


def _metrics(ended: Ended, now: float, success: float | None) -> Iterator[Metric]:
    yield _one("exit_code", "Exit code of the last run.", ended.exit_code)
    yield _one("last_run_timestamp_seconds", "When the last run ended.", now)
    if success is not None:
        yield Metric(_SUCCESS, "When the last run ended that had the exit code 0.", {"": success})
    yield _one("run_seconds", "How long the last run took.", ended.seconds)
    if ended.manifest is not None:
        yield from _counts(ended.manifest.counts)
    if ended.record is not None:
        yield from _circumstances(ended.record)


def _counts(counts: Tally) -> Iterator[Metric]:
    gone = {name: count for name, count in counts.verdicts.items() if name != "keep"}
    yield _many("records", "Input records.", counts.statuses, "status")
    yield _many("rejected_records", "Records that could not be read.", counts.errors, "error")
    yield _one("input_paragraphs", "Paragraphs of the input.", counts.paragraphs_in)
    yield _one("output_paragraphs", "Paragraphs that were kept.", counts.paragraphs_out)
    yield _one("input_characters", "Characters of the input.", counts.characters_in)
    yield _one("output_characters", "Characters that were kept.", counts.characters_out)
    yield _many("removed_paragraphs", "Paragraphs that went.", gone, "verdict")
    yield _many("boilerplate_paragraphs", "Boilerplate that went.", counts.reasons, "reason")
    yield _many(
        "removed_characters",
        "Characters that went, of boilerplate by its reason, of others by verdict.",
        counts.removed_characters,
        "reason",
    )
    yield _many("marked_paragraphs", "Paragraphs kept with a flag.", counts.flags, "verdict")


def _circumstances(record: RunRecord) -> Iterator[Metric]:
    yield _one("input_bytes", "Size of the input.", record.input_bytes)
    yield _one("blocks", "Blocks of the input.", record.blocks)
    yield _one("resumed_blocks", "Blocks taken up from a run before.", record.blocks_resumed)
    yield _many("peak_memory_bytes", "Most that was resident.", record.peak_memory_bytes, "process")
    yield _many(
        "step_seconds", "Time in a step, added over workers.", record.seconds_by_step, "step"
    )


def _one(name: str, meaning: str, value: float) -> Metric:
    return Metric(f"copydesk_{name}", meaning, {"": value})


def _many(name: str, meaning: str, values: Mapping[str, float], label: str) -> Metric:
    return Metric(f"copydesk_{name}", meaning, values, label)


def _last_success(path: Path) -> float | None:
    """The time of the last success in a file that a run before wrote; ``None`` without one."""
    from prometheus_client.parser import text_string_to_metric_families

    try:
        families = list(text_string_to_metric_families(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None
    samples = [sample for family in families for sample in family.samples]
    return next((sample.value for sample in samples if sample.name == _SUCCESS), None)
