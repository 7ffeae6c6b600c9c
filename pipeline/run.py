"""Run the pipeline: from a list of inputs to a published output."""

from __future__ import annotations

import datetime
import logging
import os
import secrets
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import NamedTuple

import apache_beam as beam
import msgspec

from pipeline.blocks import FIRST_PAST, BlockPlan, largest_block, plan_blocks
from pipeline.circumstances import Began, RunRecord, record_of
from pipeline.engine import Engine, choose_engine
from pipeline.errors import RunError, UserError
from pipeline.failures import failure
from pipeline.forking import end_workers, forked_workers
from pipeline.graph import Job, build
from pipeline.guards import broken_limits, too_many_rejected
from pipeline.history import Known, locked_history
from pipeline.inputs import Inputs
from pipeline.locking import locked
from pipeline.logs import event
from pipeline.losses import Losses, read_losses
from pipeline.memory import MemoryPlan, plan_memory
from pipeline.outputs import MANIFEST, REPORT, RUN, STAGING, Manifest
from pipeline.progress import telling_progress
from pipeline.publish import Unpublished, check_output
from pipeline.report.making import write_report
from pipeline.resume import run_key
from pipeline.run_names import Remember
from pipeline.settings import settings_hash
from pipeline.sources import InputFile, changed, check_apart, list_inputs
from pipeline.standing import work_of
from pipeline.stopping import Farewell, clean_stop, say_farewell
from pipeline.storage import use_options
from transforms.history import scheme_of
from transforms.progress import telling
from transforms.settings import Settings
from transforms.staging import Staging

_LOGGER = logging.getLogger(__name__)


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
    unreported: str | None = None
    """Why there is no report, where one was wanted and the output is published without it."""


class _Plan(NamedTuple):
    """What a run will do, before anything is written."""

    files: list[InputFile]
    blocks: tuple[BlockPlan, ...]
    engine: Engine
    memory: MemoryPlan


def run(
    inputs: Sequence[str],
    output: Path | None,
    settings: Settings,
    *,
    dry_run: bool = False,
    overwrite: bool = False,
    wait: float = 0.0,
    fresh: bool = False,
    workers: int | None = None,
    memory_limit: int | None = None,
    remember: Remember | None = None,
    report: bool = True,
    beam_flags: Sequence[str] = (),
    fork: bool = False,
    bar: bool = False,
    farewell: Farewell = say_farewell,
) -> Outcome:
    """Clean the inputs into ``output``, which appears whole or not at all.

    Args:
        inputs: files, folders and globs.
        output: where the output is to appear; a dry run can do without.
        dry_run: do everything but publish: work beside the output, or in the
            system's temporary folder, and leave nothing.
        wait: seconds to wait for another run that works on the output.
        fresh: do not go on with what an interrupted run of the same finished.
        workers: processes of the local engine; ``None`` chooses by the input's size.
        memory_limit: bytes that all processes of the local engine may hold together.
        remember: a history of what earlier runs kept, to which what this one keeps is added.
        report: make ``report.html`` before publishing.
        beam_flags: options for Beam.
        fork: this process does nothing else, so its workers may be forked from it.
        bar: show progress on the terminal that standard error is, instead of in the log.
        farewell: tells the user that a signal ends the process.

    Raises:
        UserError: missing input or output, existing output, an option that does not fit,
            another run that works on the output.
        RunError: the pipeline failed, or the input changed; nothing was published.
        Interrupted: the same, and another run of the same will go on with what is finished.
    """
    place = Path(os.path.abspath(output)) if output and not dry_run else _dry_place(output)
    check_output(place, overwrite=overwrite)
    with (
        nullcontext() if dry_run else locked(place, wait),
        _known(remember, settings, wait) as known,
    ):
        plan = _plan(inputs, output, settings, workers, memory_limit, beam_flags)
        if remember is not None:
            _check_history(remember.folder, place, inputs, plan.files)
        key = run_key(plan.files, settings, plan.memory.passes)
        with (
            Unpublished(place, overwrite=overwrite, key=key, fresh=fresh) as unpublished,
            clean_stop(partial(_give_up, unpublished), resumable=not dry_run, farewell=farewell),
        ):
            try:
                return _fill(
                    unpublished,
                    plan,
                    settings,
                    known,
                    fork=fork,
                    dry_run=dry_run,
                    report=report and not dry_run,
                    bar=bar,
                )
            except (RunError, UserError):
                raise
            except Exception as error:
                # Beam's runners log the workers' traces; the last line says what and where.
                _LOGGER.info("the run failed", exc_info=True)
                raise failure(error, place, resumable=not dry_run) from error


def _give_up(unpublished: Unpublished) -> None:
    """Leave nothing of a run: a worker that still wrote would make its folder anew."""
    end_workers()
    unpublished.discard()


def _plan(
    inputs: Sequence[str],
    output: Path | None,
    settings: Settings,
    workers: int | None,
    memory_limit: int | None,
    beam_flags: Sequence[str],
) -> _Plan:
    use_options(beam_flags)
    files = list_inputs(inputs, settings.input.format)
    if output is not None:
        check_apart(inputs, files, output)
    size = sum(file.size for file in files)
    blocks = tuple(plan_blocks(files, settings.output.shard_bytes))
    engine = choose_engine(beam_flags, workers, size)
    memory = _plan_memory(memory_limit, blocks, settings.output.shard_bytes, engine)
    if engine.workers is not None and memory.workers < engine.workers:
        engine = choose_engine(beam_flags, memory.workers, size)
    return _Plan(files, blocks, engine, memory)


def _check_history(
    history: Path, output: Path, inputs: Sequence[str], files: Sequence[InputFile]
) -> None:
    """Raise :class:`UserError` where a history and the input or the output lie in each other."""
    check_apart(inputs, files, history, "history")
    folders = {Path(os.path.realpath(folder)) for folder in (history, output)}
    if len(folders) == 1 or any(one in other.parents for one in folders for other in folders):
        raise UserError(
            f"the history {history} and the output {output} lie in each other: choose a --history"
            " outside"
        )


@contextmanager
def _known(remember: Remember | None, settings: Settings, wait: float) -> Iterator[Known | None]:
    """The history of a run, locked; ``None`` for a run without one."""
    if remember is None:
        yield None
        return
    if settings.decide.scope == "document":
        raise UserError("--history has nothing to say with --scope document: leave one out")
    with locked_history(remember.folder, wait) as history:
        history.check(scheme_of(settings))
        yield Known(history, remember.run)


def _plan_memory(
    limit: int | None, blocks: Sequence[BlockPlan], shard_bytes: int, engine: Engine
) -> MemoryPlan:
    if limit is not None and engine.workers is None:
        raise UserError(
            "--memory-limit is for the local engine: use the options of the runner instead"
        )
    size = sum(block.size for block in blocks)
    return plan_memory(limit, size, largest_block(blocks, shard_bytes), engine.workers or 1)


def _dry_place(output: Path | None) -> Path:
    """A name that nothing has, where a dry run can work and leave nothing, not even a parent."""
    wanted = Path(tempfile.gettempdir()) if output is None else output.absolute().parent
    parent = next(folder for folder in (wanted, *wanted.parents) if folder.is_dir())
    return parent / f"copydesk-{secrets.token_hex(6)}"


def _fill(
    unpublished: Unpublished,
    plan: _Plan,
    settings: Settings,
    known: Known | None,
    *,
    fork: bool,
    dry_run: bool,
    report: bool,
    bar: bool,
) -> Outcome:
    """Run the pipeline into the folder, and publish it unless that is not wanted."""
    job = Job(
        blocks=plan.blocks,
        source=Inputs.create(settings),
        settings=settings,
        staging=Staging.create(unpublished.folder / STAGING),
        containers=any(file.holds_many for file in plan.files),
        output=str(unpublished.folder),
        ranges=plan.memory.passes,
        past=None if known is None else known.before(FIRST_PAST),
    )
    with ExitStack() as showing:
        manifest, record = _clean(job, plan, showing, fork=fork, report=report, bar=bar)
        losses = read_losses(unpublished.folder)
        _check_unchanged(plan.files)
        over = tuple(broken_limits(losses, settings.guards))
        published = not dry_run and not over
        unreported = None
        if published and report:
            with telling(job.staging, "report", 0):
                unreported = _write_report(unpublished.folder)
    if published:
        kept = None if known is None else known.prepare(unpublished.folder, scheme_of(settings))
        unpublished.publish()
        # Only now: what was not published must stand for nothing.
        if known is not None and kept is not None:
            known.history.commit(scheme_of(settings), kept)
    rejected = too_many_rejected(manifest.counts, settings.guards)
    return Outcome(manifest, record, losses, published, over, rejected, unreported)


def _clean(
    job: Job, plan: _Plan, showing: ExitStack, *, fork: bool, report: bool, bar: bool
) -> tuple[Manifest, RunRecord]:
    """Run the pipeline; progress is shown until the stack is closed."""
    began = _begin(plan, job.settings)
    begin = time.monotonic()
    engine = plan.engine
    local = engine.workers is not None
    with forked_workers(engine.workers or 0 if fork and engine.runner is not None else 0):
        # Only now: no process is forked once there is a second thread.
        work = work_of(job, report=report)
        showing.enter_context(telling_progress(job.staging.folder, work, bar=bar, local=local))
        pipeline = beam.Pipeline(runner=engine.runner, options=engine.options)
        build(pipeline, job)
        result = pipeline.run()
        result.wait_until_finish()
    manifest = _read_manifest(Path(job.output))
    seconds = time.monotonic() - begin
    record = record_of(began, seconds, manifest.counts, result)
    data = msgspec.json.format(msgspec.json.encode(record), indent=1)
    Path(job.output, RUN).write_bytes(data + b"\n")
    return manifest, record


def _write_report(folder: Path) -> str | None:
    """Make the report; why there is none, if it fails: the output does not depend on it."""
    try:
        write_report(folder)
    except Exception as error:
        _LOGGER.warning("no report could be made", exc_info=True)
        lines = str(error).splitlines() or [type(error).__name__]
        return f"{REPORT} could not be made: {lines[-1]}; copydesk report tries again"
    return None


def _begin(plan: _Plan, settings: Settings) -> Began:
    began = Began(
        at=datetime.datetime.now(datetime.UTC),
        runner=plan.engine.name,
        workers=plan.engine.workers,
        passes=plan.memory.passes,
        input_bytes=sum(file.size for file in plan.files),
        blocks_planned=len(plan.blocks),
    )
    event(
        "started",
        f"started: files {len(plan.files):,}, blocks planned {began.blocks_planned:,}",
        settings_sha256=settings_hash(settings),
        files=len(plan.files),
        **msgspec.structs.asdict(msgspec.structs.replace(began, at=began.at.isoformat())),
    )
    return began


def _read_manifest(folder: Path) -> Manifest:
    try:
        return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except OSError as error:
        raise RunError(
            "the pipeline ended without a manifest: do the workers write to the same storage?"
        ) from error


def _check_unchanged(files: Sequence[InputFile]) -> None:
    found = changed(files)
    if found:
        others = f" and {len(found) - 1:,} other files" if len(found) > 1 else ""
        raise RunError(
            f"{found[0].path}{others} changed while the run read the input, and nothing was"
            " published: run again once nothing writes to it"
        )
