"""A standalone Flink cluster on loopback: one JobManager, TaskManagers, Beam's job server."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from deploy import fetch
from deploy.processes import LOOPBACK, Processes, free_port, listens

_ENTRY: Final = "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint"
_TASK_MANAGER: Final = "org.apache.flink.runtime.taskexecutor.TaskManagerRunner"

_START_SECONDS: Final = 90.0
_LOST_SECONDS: Final = 60.0

# What Flink's own scripts take from a module file: Java 17 hides these packages.
_OPENS: Final = (
    *("java.base/java.lang", "java.base/java.net", "java.base/java.io", "java.base/java.nio"),
    *("java.base/sun.nio.ch", "java.base/java.lang.reflect", "java.base/java.text"),
    *("java.base/java.time", "java.base/java.util", "java.base/java.util.concurrent"),
    *("java.base/java.util.concurrent.atomic", "java.base/java.util.concurrent.locks"),
)

_LOGGING: Final = """\
rootLogger.level = INFO
rootLogger.appenderRef.console.ref = Console
appender.console.name = Console
appender.console.type = CONSOLE
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{HH:mm:ss} %-5p %c{1} %m%n
"""

# The memory of a TaskManager is spelt out: only Flink's shell scripts work it out.
# A lost TaskManager is noticed within ten seconds, and its part of the job starts again.
_COMMON: Final = {
    "jobmanager.rpc.address": LOOPBACK,
    "jobmanager.bind-host": LOOPBACK,
    "jobmanager.memory.process.size": "1024m",
    "rest.address": LOOPBACK,
    "rest.bind-address": LOOPBACK,
    "taskmanager.host": LOOPBACK,
    "taskmanager.bind-host": LOOPBACK,
    "taskmanager.numberOfTaskSlots": "1",
    "taskmanager.cpu.cores": "1.0",
    "taskmanager.memory.framework.heap.size": "128m",
    "taskmanager.memory.framework.off-heap.size": "128m",
    "taskmanager.memory.task.heap.size": "896m",
    "taskmanager.memory.task.off-heap.size": "128m",
    "taskmanager.memory.network.min": "128m",
    "taskmanager.memory.network.max": "128m",
    "taskmanager.memory.managed.size": "512m",
    "taskmanager.memory.jvm-metaspace.size": "384m",
    "taskmanager.memory.jvm-overhead.min": "192m",
    "taskmanager.memory.jvm-overhead.max": "192m",
    "heartbeat.interval": "2000",
    "heartbeat.timeout": "10000",
    "restart-strategy.type": "fixed-delay",
    "restart-strategy.fixed-delay.attempts": "5",
    "restart-strategy.fixed-delay.delay": "1 s",
    "jobmanager.execution.failover-strategy": "region",
}
_TASK_MANAGER_HEAP: Final = "1024m"
"""Framework and task heap together."""


class Cluster:
    """A JobManager and its TaskManagers; the caller's :class:`Processes` end them."""

    def __init__(self, processes: Processes, work: Path) -> None:
        self._processes = processes
        self._work = work
        self._java = fetch.java()
        self._classpath = ":".join(map(str, fetch.flink_jars()))
        self._logging = work / "log4j.properties"
        self._logging.write_text(_LOGGING, encoding="ascii")
        self.rest = free_port()
        self._rpc = free_port()
        self._started = 0

    def start(self, task_managers: int) -> None:
        """Start the JobManager and TaskManagers, and wait until it counts them all."""
        name = "jobmanager"
        folder = self._configure(name, {})
        self._processes.start(name, [*self._jvm("512m"), _ENTRY, "--configDir", str(folder)])
        self._processes.wait(name, listens(self.rest), _START_SECONDS)
        for _ in range(task_managers):
            self.add_task_manager()
        self.wait_for(task_managers, _START_SECONDS)

    def add_task_manager(self) -> str:
        """Start one more TaskManager and return its name."""
        self._started += 1
        name = f"taskmanager-{self._started}"
        folder = self._configure(name, {"taskmanager.resource-id": name})
        self._processes.start(
            name, [*self._jvm(_TASK_MANAGER_HEAP), _TASK_MANAGER, "--configDir", str(folder)]
        )
        return name

    def kill_task_manager(self, name: str) -> None:
        """SIGKILL a TaskManager."""
        self._processes.end(name, at_once=True)

    def wait_for(self, task_managers: int, seconds: float = _LOST_SECONDS) -> None:
        """Wait until the JobManager counts this many TaskManagers."""
        self._processes.wait("jobmanager", lambda: self.count() == task_managers, seconds)

    def count(self) -> int:
        """How many TaskManagers the JobManager knows."""
        count: int = self._ask("overview")["taskmanagers"]
        return count

    def restarts(self) -> int:
        """How often the jobs of this cluster were started again after a failure."""
        return sum(
            int(metric["value"])
            for job in self._ask("jobs")["jobs"]
            for metric in self._ask(f"jobs/{job['id']}/metrics?get=numRestarts")
        )

    def start_job_server(self, jar: Path) -> int:
        """Start Beam's job server before the cluster, and return its port."""
        port = free_port()
        artifacts = self._work / "artifacts"
        self._processes.start(
            "job-server",
            [
                *(self._java, "-Xmx512m", "-jar", jar),
                *("--flink-master", f"{LOOPBACK}:{self.rest}", "--job-host", LOOPBACK),
                *("--job-port", str(port), "--artifact-port", "0", "--expansion-port", "0"),
                *("--artifacts-dir", artifacts),
            ],
        )
        self._processes.wait("job-server", listens(port), _START_SECONDS)
        return port

    def _jvm(self, heap: str) -> list[str]:
        opens = [word for each in _OPENS for word in ("--add-opens", f"{each}=ALL-UNNAMED")]
        logging = f"-Dlog4j.configurationFile={self._logging}"
        return [self._java, f"-Xmx{heap}", *opens, logging, "-cp", self._classpath]

    def _configure(self, name: str, own: Mapping[str, str]) -> Path:
        folder = self._work / f"conf-{name}"
        scratch = self._work / f"scratch-{name}"
        folder.mkdir()
        scratch.mkdir()
        ports = {"rest.port": str(self.rest), "jobmanager.rpc.port": str(self._rpc)}
        settings = {**_COMMON, **ports, "io.tmp.dirs": str(scratch), **own}
        lines = [f"{key}: {json.dumps(value)}\n" for key, value in settings.items()]
        (folder / "config.yaml").write_text("".join(lines), encoding="utf-8")
        return folder

    def _ask(self, what: str) -> Any:
        url = f"http://{LOOPBACK}:{self.rest}/{what}"
        with urllib.request.urlopen(url, timeout=_START_SECONDS) as answer:
            return json.load(answer)
