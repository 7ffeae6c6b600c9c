"""The engines that the check can start: each gives the options of a run, and something to kill."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from deploy import fetch
from deploy.flink.cluster import Cluster
from deploy.processes import LOOPBACK, Processes, children_of, free_port, listens

TASK_MANAGERS: Final = 2

_PROJECT: Final = Path(__file__).parent.parent

_START_SECONDS: Final = 60.0


class Engine(NamedTuple):
    """An engine that runs."""

    flags: list[str]
    """What makes ``copydesk run`` use it."""
    kill: Callable[[], int]
    """Kill one of what does the work; returns what to expect of :attr:`restarts` at least."""
    restarts: Callable[[], int]
    """How often the engine started a job again."""
    survives: bool
    """Whether a run goes on after :attr:`kill`."""


def start_pool(processes: Processes) -> list[str]:
    """Start a pool of Python workers; the options that send work to it."""
    port = free_port()
    path = os.pathsep.join(filter(None, [str(_PROJECT), os.environ.get("PYTHONPATH")]))
    processes.start(
        "worker-pool",
        [sys.executable, "-P", "-m", "deploy.worker_pool", f"--port={port}"],
        environment={"PYTHONPATH": path},
    )
    processes.wait("worker-pool", listens(port), _START_SECONDS)
    return ["--environment_type=EXTERNAL", f"--environment_config={LOOPBACK}:{port}"]


def start_python(processes: Processes, work: Path) -> Engine:
    """Beam's job server in Python, for which nothing need be fetched."""
    port = free_port()
    processes.start(
        "job-server",
        [
            *(sys.executable, "-m", "apache_beam.runners.portability.local_job_service_main"),
            *(f"--port={port}", f"--staging_dir={work / 'artifacts'}"),
        ],
    )
    processes.wait("job-server", listens(port), _START_SECONDS)
    return _single(processes, ["--runner=PortableRunner", f"--job_endpoint={LOOPBACK}:{port}"])


def start_prism(processes: Processes, _: Path) -> Engine:
    """Beam's prism, from a binary that was built here."""
    port = free_port()
    binary = fetch.prism()
    processes.start("prism", [binary, f"--job_port={port}", "--serve_http=false"])
    processes.wait("prism", listens(port), _START_SECONDS)
    return _single(processes, ["--runner=PrismRunner", f"--job_endpoint={LOOPBACK}:{port}"])


def _single(processes: Processes, flags: list[str]) -> Engine:
    """An engine on one machine: it has workers to lose and nothing that starts them again."""

    def kill() -> int:
        for worker in children_of(processes.id_of("worker-pool")):
            os.kill(worker, signal.SIGKILL)
        return 0

    return Engine([*flags, *start_pool(processes)], kill, lambda: 0, survives=False)


def start_flink(processes: Processes, work: Path) -> Engine:
    """A standalone Flink cluster: one JobManager, two TaskManagers, Beam's job server."""
    jar = fetch.flink_job_server()  # first: the smaller part, and the one that may be missing
    cluster = Cluster(processes, work)
    cluster.start(TASK_MANAGERS)
    port = cluster.start_job_server(jar)

    def kill() -> int:
        before = cluster.restarts()
        cluster.kill_task_manager(f"taskmanager-{TASK_MANAGERS}")
        cluster.add_task_manager()
        return before + 1

    flags = [
        *("--runner=FlinkRunner", f"--job_endpoint={LOOPBACK}:{port}"),
        *(f"--parallelism={TASK_MANAGERS}", *start_pool(processes)),
    ]
    return Engine(flags, kill, cluster.restarts, survives=True)


ENGINES: Final = {"python": start_python, "prism": start_prism, "flink": start_flink}
