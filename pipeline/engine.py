"""Which engine runs the graph: the options that Beam gets."""

from __future__ import annotations

import argparse
import difflib
import os
import shlex
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeVar

from apache_beam.options.pipeline_options import PipelineOptions, StandardOptions
from apache_beam.portability.api import beam_provision_api_pb2
from apache_beam.runners.portability.fn_api_runner.fn_runner import (
    ExtendedProvisionInfo,
    FnApiRunner,
)
from apache_beam.runners.portability.portable_runner import JobServiceHandle
from apache_beam.runners.runner import PipelineRunner, create_runner

from pipeline.errors import UserError
from pipeline.forking import ForkedEnvironment

_LOCAL_RUNNERS: Final = ("directrunner", "direct")

_LOCAL_PARTS: Final = {
    "prismrunner": ("prism_location", "job_endpoint"),
    "flinkrunner": ("flink_job_server_jar", "job_endpoint"),
    "sparkrunner": ("spark_job_server_jar", "job_endpoint"),
}
"""Options of which a runner needs one, or it fetches what it runs."""

# Where it cannot be forked, starting a second Python process takes about two
# seconds: little beside what an input of this size needs.
_WORTH_PROCESSES: Final = 8 * 1024 * 1024

_View = TypeVar("_View", bound=PipelineOptions)


class Arguments(NamedTuple):
    """Words of the command line, told apart."""

    inputs: list[str]
    beam: list[str]
    """Beam's own options with their values, as given."""


def split_arguments(words: Sequence[str], own: Sequence[str]) -> Arguments:
    """Tell inputs from Beam's options, whose values may stand apart (``--runner X``).

    Args:
        words: what is left of the command line once our own options are taken.
        own: the names of our own options, to offer the nearest.

    Raises:
        UserError: an option is none of ours and none of Beam's.  Other runners
            take options that Beam's parser does not know; those pass in the
            form ``--name=value``.
    """
    parsers: list[argparse.ArgumentParser] = []
    PipelineOptions([]).get_all_options(add_extra_args_fn=parsers.append)
    parser = parsers[0]
    inputs: list[str] = []
    beam: list[str] = []
    unknown: list[str] = []
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        name, equals, _ = word.partition("=")
        option = parser._option_string_actions.get(name)
        if word == "-" or not word.startswith("-"):
            inputs.append(word)
            continue
        beam.append(word)
        if option is None:
            unknown.append(name)
        elif not equals and option.nargs != 0 and waiting:
            beam.append(waiting.pop(0))
    if unknown and is_local(PipelineOptions(beam).view_as(StandardOptions).runner):
        names = [*parser._option_string_actions, *own]
        near = difflib.get_close_matches(unknown[0], names, n=1, cutoff=0.0)
        raise UserError(f"unknown option {unknown[0]}; did you mean {near[0]}?")
    return Arguments(inputs, beam)


def is_local(runner: str | None) -> bool:
    """Whether a runner, by name or class path, is the default local engine."""
    return runner is None or runner.rpartition(".")[2].lower() in _LOCAL_RUNNERS


class _Options(PipelineOptions):
    """Options that parse their flags once for each view: Beam asks for a few of them 500 times."""

    def view_as(self, cls: type[_View]) -> _View:
        """The options that a class names; what is set in one view is set in all."""
        views: dict[type[_View], _View] = vars(self).setdefault("_views", {})
        if cls not in views:
            views[cls] = super().view_as(cls)
        return views[cls]

    def __getstate__(self) -> dict[str, Any]:
        """What a copy is made of: it has views of its own, which hold what it holds."""
        state: dict[str, Any] = super().__getstate__()  # type: ignore[no-untyped-call]
        return {name: value for name, value in state.items() if name != "_views"}


class Engine(NamedTuple):
    """What runs the graph."""

    name: str
    options: PipelineOptions
    runner: PipelineRunner | None
    """The runner itself, ``None`` to let Beam make it from the options."""
    workers: int | None
    """Processes of the local engine; ``None`` for another one."""


def choose_engine(flags: Sequence[str], workers: int | None, input_bytes: int) -> Engine:
    """The engine of a run.

    The default is Beam's own local engine, pinned: ``DirectRunner`` by itself
    would download another one.  It runs in this process, or in one process for
    each worker when the input is worth it.

    Args:
        flags: Beam's own options as the user gave them.
        workers: processes of the local engine, ``None`` to choose.
        input_bytes: size of the input.

    Raises:
        UserError: ``workers`` was given for another engine.
    """
    given = PipelineOptions(list(flags)).get_all_options(drop_default=True)
    if not is_local(given.get("runner")):
        if workers is not None:
            raise UserError(
                "--workers is for the local engine: use the options of the runner instead"
            )
        _check_runner(given)
        return Engine(given["runner"], _Options(list(flags)), None, None)
    if workers is None:
        workers = given.get("direct_num_workers")
    if not workers:
        workers = _cores() if input_bytes >= _WORTH_PROCESSES else 1
    if workers == 1 or "direct_running_mode" in given:
        pinned = ["--runner=DirectRunner", "--allow_unsafe_triggers"]
        options = _Options([*flags, *pinned, f"--direct_num_workers={workers}"])
        return Engine("DirectRunner", options, None, workers)
    options = _Options([*flags, f"--direct_num_workers={workers}"])
    return Engine("DirectRunner", options, _process_runner(options), workers)


def _check_runner(options: Mapping[str, object]) -> None:
    """Refuse runners that there are not, that give wrong results, or would download themselves."""
    name = str(options["runner"]).rpartition(".")[2].lower()
    if name == "daskrunner":
        raise UserError("DaskRunner mixes up tagged outputs and loses data: use another runner")
    try:
        create_runner(str(options["runner"]))
    except (ImportError, AttributeError, ValueError) as error:
        raise UserError(
            f"--runner={options['runner']} is not to be had ({error}): docs/engines.md names those"
            " that can run it"
        ) from error
    for runner, needed in _LOCAL_PARTS.items():
        if name == runner and not any(options.get(option) for option in needed):
            listed = " or ".join(f"--{option}" for option in needed)
            raise UserError(f"{options['runner']} would download its engine: name it with {listed}")


def _process_runner(options: PipelineOptions) -> PipelineRunner:
    """The engine behind DirectRunner, with worker processes of ours: forked, or by a command.

    Its own command for them breaks where the interpreter's path has a space.
    """
    command = f"exec {shlex.join([sys.executable, '-P', '-m', 'pipeline.worker'])}"
    encoded = JobServiceHandle.encode_pipeline_options(options.get_all_options())
    provision = beam_provision_api_pb2.ProvisionInfo(pipeline_options=encoded)
    return FnApiRunner(
        default_environment=ForkedEnvironment.from_command_string(command),
        provision_info=ExtendedProvisionInfo(provision),
    )


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
