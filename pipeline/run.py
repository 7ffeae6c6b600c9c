"""Run the pipeline: from a list of inputs to a published output."""

from __future__ import annotations

import datetime
import logging
import secrets
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import apache_beam as beam
import msgspec
from apache_beam.runners.runner import PipelineResult

from pipeline.blocks import BlockPlan, plan_blocks
from pipeline.engine import Engine, choose_engine
from pipeline.errors import RunError, UserError
from pipeline.forking import forked_workers
from pipeline.graph import Job, build
from pipeline.guards import broken_limits, too_many_rejected
from pipeline.history import History, Remember, locked_history, read_kept
from pipeline.inputs import Inputs
from pipeline.losses import Losses, read_losses
from pipeline.memory import MemoryPlan, plan_memory
from pipeline.outputs import FOLDERS, MANIFEST, RUN, STAGING, Manifest
from pipeline.publish import Unpublished
from pipeline.sources import check_apart, list_inputs
from pipeline.stopping import clean_stop
from transforms.history import scheme_of
from transforms.settings import Settings
from transforms.staging import Staging
from transforms.steps import MATCH, TIMES

_LOGGER = logging.getLogger(__name__)


class RunRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The run's circumstances; this alone differs from run to run."""

    start: str
    end: str
    seconds: float
    runner: str
    workers: int | None
    passes: int
    """Parts in which the buckets of each band were looked into."""
    input_bytes: int
    characters_per_second: int
    seconds_by_step: dict[str, float]
    """Time in the functions of each step, added over workers."""
    counters: dict[str, int]


class Outcome(NamedTuple):
    """What came of a run that did not fail."""

    manifest: Manifest
    record: RunRecord
    losses: Losses
    published: bool
    """False for a dry run, and where more would go than the settings allow."""
    over: tuple[str, ...]
    """A sentence for each limit to removals that is exceeded."""
    rejected: str | None
    """A sentence when more records were rejected than may be."""


def run(
    inputs: Sequence[str],
    output: Path | None,
    settings: Settings,
    *,
    dry_run: bool = False,
    overwrite: bool = False,
    workers: int | None = None,
    memory_limit: int | None = None,
    remember: Remember | None = None,
    beam_flags: Sequence[str] = (),
    fork: bool = False,
) -> Outcome:
    """Clean the inputs into ``output``, which appears whole or not at all.

    Args:
        inputs: files, folders and globs.
        output: where the output is to appear; a dry run can do without.
        dry_run: do everything but publish: work beside the output, or in the
            system's temporary folder, and leave nothing.
        workers: processes of the local engine; ``None`` chooses by the input's size.
        memory_limit: bytes that all processes of the local engine may hold together.
        remember: a history of what earlier runs kept, to which what this one keeps is added.
        beam_flags: options for Beam.
        fork: this process does nothing else, so its workers may be forked from it.

    Raises:
        UserError: missing input or output, existing output, an option that does not fit.
        RunError: the pipeline failed; nothing was published.
    """
    files = list_inputs(inputs)
    if output is not None:
        check_apart(inputs, files, output)
    size = sum(file.size for file in files)
    blocks = tuple(plan_blocks(files, settings.output.shard_bytes))
    engine = choose_engine(beam_flags, workers, size)
    memory = _plan_memory(memory_limit, size, blocks, engine)
    if engine.workers is not None and memory.workers < engine.workers:
        engine = choose_engine(beam_flags, memory.workers, size)
    place = output if output is not None and not dry_run else _dry_place(output)
    with (
        _history(remember, settings) as history,
        Unpublished(place, overwrite=overwrite) as unpublished,
        clean_stop(unpublished.discard),
    ):
        for name in FOLDERS:
            (unpublished.folder / name).mkdir()
        job = Job(
            blocks=blocks,
            source=Inputs.create(settings),
            settings=settings,
            staging=Staging.create(unpublished.folder / STAGING),
            containers=any(file.holds_many for file in files),
            output=str(unpublished.folder),
            ranges=memory.passes,
            past=None
            if history is None or remember is None
            else history.before(remember.run, len(blocks)),
        )
        start = datetime.datetime.now(datetime.UTC)
        begin = time.monotonic()
        result = _run_pipeline(job, engine, fork)
        manifest = _read_manifest(unpublished.folder)
        record = _record(start, time.monotonic() - begin, size, engine, memory, manifest, result)
        data = msgspec.json.format(msgspec.json.encode(record), indent=1)
        (unpublished.folder / RUN).write_bytes(data + b"\n")
        losses = read_losses(unpublished.folder)
        over = tuple(broken_limits(losses, settings.guards))
        published = not dry_run and not over
        if published:
            remembered = None
            if history is not None and remember is not None:
                remembered = history.prepare(
                    remember.run, read_kept(unpublished.folder), scheme_of(settings)
                )
            try:
                unpublished.publish()
            except OSError as error:
                raise RunError(f"the output could not be published: {error}") from error
            # Only now: what was not published must stand for nothing.
            if history is not None and remembered is not None:
                history.commit(scheme_of(settings), remembered)
    rejected = too_many_rejected(manifest.counts, settings.guards)
    return Outcome(manifest, record, losses, published, over, rejected)


@contextmanager
def _history(remember: Remember | None, settings: Settings) -> Iterator[History | None]:
    """The history of a run, locked; ``None`` for a run without one."""
    if remember is None:
        yield None
        return
    if settings.decide.scope == "document":
        raise UserError("--history has nothing to say with --scope document: leave one out")
    with locked_history(remember.folder, remember.wait) as history:
        history.check(scheme_of(settings))
        yield history


def _plan_memory(
    limit: int | None, size: int, blocks: Sequence[BlockPlan], engine: Engine
) -> MemoryPlan:
    if limit is not None and engine.workers is None:
        raise UserError(
            "--memory-limit is for the local engine: use the options of the runner instead"
        )
    largest = max((block.size for block in blocks), default=0)
    return plan_memory(limit, size, largest, engine.workers or 1)


def _dry_place(output: Path | None) -> Path:
    """A name that nothing has, where a dry run can work and leave nothing, not even a parent."""
    wanted = Path(tempfile.gettempdir()) if output is None else output.absolute().parent
    parent = next(folder for folder in (wanted, *wanted.parents) if folder.is_dir())
    return parent / f"copydesk-{secrets.token_hex(6)}"


def _run_pipeline(job: Job, engine: Engine, fork: bool) -> PipelineResult:
    processes = engine.workers if fork and engine.runner is not None else None
    try:
        with forked_workers(processes or 0):
            pipeline = beam.Pipeline(runner=engine.runner, options=engine.options)
            build(pipeline, job)
            result = pipeline.run()
            result.wait_until_finish()
    except Exception as error:
        # Beam's runners log the workers' traces; the last line says what and where.
        _LOGGER.info("the pipeline failed", exc_info=True)
        raise RunError(
            f"the run failed and nothing was published: {_last_line(error)} "
            "(--verbose shows the trace)"
        ) from error
    return result


def _last_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[-1] if lines else type(error).__name__


def _read_manifest(folder: Path) -> Manifest:
    try:
        return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except OSError as error:
        raise RunError(
            "the pipeline ended without a manifest: do the workers write to the same storage?"
        ) from error


def _record(
    start: datetime.datetime,
    seconds: float,
    size: int,
    engine: Engine,
    memory: MemoryPlan,
    manifest: Manifest,
    result: PipelineResult,
) -> RunRecord:
    counters: Counter[tuple[str, str]] = Counter()
    for each in result.metrics().query()["counters"]:
        # One name may be counted in several steps; an engine that only reports what is
        # committed has no value at all for a zero.
        counters[each.key.metric.namespace, each.key.metric.name] += each.result or 0
    return RunRecord(
        start=start.isoformat(timespec="seconds"),
        end=(start + datetime.timedelta(seconds=seconds)).isoformat(timespec="seconds"),
        seconds=round(seconds, 3),
        runner=engine.name,
        workers=engine.workers,
        passes=memory.passes,
        input_bytes=size,
        characters_per_second=round(manifest.counts.characters_in / max(seconds, 1e-3)),
        seconds_by_step={
            name: round(value / 1e6, 3)
            for (space, name), value in sorted(counters.items())
            if space == TIMES
        },
        counters={
            name: value for (space, name), value in sorted(counters.items()) if space == MATCH
        },
    )
