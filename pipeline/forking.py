"""Worker processes of the local engine, forked from the driver.

Beam starts a worker as a command, which imports everything anew and loads the
models: two seconds of work in each.  A fork has all of it at once.

It is safe only while this process has one thread and has not used gRPC.  So the
workers are forked before the pipeline starts, and wait at a pipe for the
address of the runner.  The pipe is open as long as they are wanted: it closes
with this process, whatever that dies of, and a worker ends with it.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, Pipe
from typing import Any, Final

import grpc
from apache_beam.portability.api import beam_fn_api_pb2, beam_fn_api_pb2_grpc, endpoints_pb2
from apache_beam.runners.portability.fn_api_runner.worker_handlers import (
    SubprocessSdkWorkerHandler,
    WorkerHandler,
)
from apache_beam.runners.portability.local_job_service import BeamFnLoggingServicer
from apache_beam.runners.worker import sdk_worker_main  # noqa: F401 - for the forks to have
from apache_beam.transforms.environments import SubprocessSDKEnvironment
from apache_beam.utils import thread_pool_executor
from google.protobuf import json_format, text_format

from pipeline.stopping import STOPS
from pipeline.worker import serve
from transforms.document import Record
from transforms.settings import Settings
from transforms.single import clean_records

_URN: Final = "copydesk:env:forked:v1"

_AGAIN_SECONDS: Final = 0.2
_GRACE_SECONDS: Final = 5.0
"""A worker that has nothing left to do ends by itself in less."""
_PATIENT: Final = [("grpc.http2.max_pings_without_data", 0), ("grpc.http2.max_ping_strikes", 0)]
"""As Beam's own servers: a worker that logs nothing asks every 20 seconds whether they live, and
is cut off for asking too often without these."""

_SAMPLE: Final = (
    b"The town council voted on Tuesday to repair the old bridge over the river, which has been"
    b" closed to lorries since the spring floods of 2019.\n"
    b"Work is to begin in March and will cost about 300,000 pounds, the mayor said."
)


class _Worker:
    """A forked process that waits for the address of a runner, then serves it."""

    def __init__(self, before: Sequence[_Worker]) -> None:
        receiver, self._sender = Pipe(duplex=False)
        senders = [worker._sender for worker in (*before, self)]
        self.process = get_context("fork").Process(
            target=_live, args=(receiver, senders), daemon=True
        )
        # Until it has handlers of its own, a signal would make it clean up as this process does.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
        try:
            self.process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        receiver.close()

    def start(self, environment: Mapping[str, str]) -> None:
        """Let it serve; if it is dead, who waits for its end will see."""
        with suppress(OSError):
            self._sender.send(environment)

    def end(self) -> None:
        """End it, whatever it does."""
        self._sender.close()


def _live(receiver: Connection, senders: Sequence[Connection]) -> None:
    """What a forked process does, from beginning to end."""
    # A terminal sends SIGINT to all: the driver answers it, and its workers end with it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
    for sender in senders:
        sender.close()
    # What it was born with stays, so the collector need not look at it, nor copy its pages.
    gc.freeze()
    try:
        os.environ.update(receiver.recv())
    except EOFError:
        os._exit(0)
    code = 1
    try:
        serve(lambda: receiver.poll(None))
        code = 0
    finally:
        os._exit(code)


@dataclass
class _Run:
    """The workers of the run under way."""

    workers: list[_Worker] = field(default_factory=list)
    waiting: list[_Worker] = field(default_factory=list)
    """Those that no runner has taken."""
    losses: list[str] = field(default_factory=list)
    """What became of those that ended too early; all others ended for the first."""

    def end(self) -> None:
        """End all workers."""
        for worker in self.workers:
            worker.end()

    def forget(self) -> None:
        """Be as new."""
        for each in (self.workers, self.waiting, self.losses):
            each.clear()


_run: Final = _Run()


@contextmanager
def forked_workers(count: int) -> Iterator[None]:
    """Have so many processes wait for a runner, where forking is safe; they end with the context.

    A runner that finds none starts its workers as commands.
    """
    # Apple's own libraries have threads that a fork does not survive.
    if not count or sys.platform != "linux" or threading.active_count() > 1:
        yield
        return
    # Cleaning a text loads the models and makes the automata, once for all.
    clean_records([Record(id="sample", source="sample", data=_SAMPLE)], Settings())
    try:
        for _ in range(count):
            _run.workers.append(_Worker(_run.workers))
        _run.waiting.extend(_run.workers)
        yield
    finally:
        _run.end()
        for worker in _run.workers:
            worker.process.join()
        _run.forget()


def end_workers() -> None:
    """End the workers at once, whatever they do, and wait until they are gone."""
    for worker in _run.workers:
        worker.process.kill()
    for worker in _run.workers:
        worker.process.join(_GRACE_SECONDS)


class ForkedEnvironment(SubprocessSDKEnvironment):
    """Workers that wait, or the command for one where none does."""

    def to_runner_api_parameter(self, context: Any) -> tuple[str, bytes]:
        """The name by which Beam finds the handler, and the command."""
        return _URN, super().to_runner_api_parameter(context)[1]


@WorkerHandler.register_environment(_URN, bytes)
class _ForkedWorkerHandler(SubprocessSdkWorkerHandler):
    """Gives a process that waits to the runner."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._closing = threading.Event()
        self._worker: _Worker | None = None

    def start_worker(self) -> None:
        """As Beam starts its command: with a service for its log."""
        if not _run.waiting:
            super().start_worker()
            return
        logs = grpc.server(thread_pool_executor.shared_unbounded_instance(), options=_PATIENT)
        port = logs.add_insecure_port("localhost:0")
        beam_fn_api_pb2_grpc.add_BeamFnLoggingServicer_to_server(BeamFnLoggingServicer(), logs)
        logs.start()
        options = self.provision_info.provision_info.pipeline_options
        self._worker = worker = _run.waiting.pop()
        worker.start(
            {
                "CONTROL_API_SERVICE_DESCRIPTOR": _descriptor(self.control_address),
                "LOGGING_API_SERVICE_DESCRIPTOR": _descriptor(f"localhost:{port}"),
                "PIPELINE_OPTIONS": json_format.MessageToJson(options),
                "WORKER_ID": self.worker_id,
            }
        )
        self.worker_thread = threading.Thread(
            name="run_worker", target=self._see_through, args=(worker, logs)
        )
        self.worker_thread.start()

    def close(self) -> None:
        """Let the worker end."""
        self._closing.set()
        super().close()

    def stop_worker(self) -> None:
        """Wait for its end, but not for ever."""
        if self._worker is not None:
            self.worker_thread.join(_GRACE_SECONDS)
            self._worker.end()
        super().stop_worker()

    def _see_through(self, worker: _Worker, logs: grpc.Server) -> None:
        worker.process.join()
        if not self._closing.is_set():
            _run.losses.append(f"a worker process ended with code {worker.process.exitcode}")
            # The runner waits for one worker after the other: none may keep it waiting.
            _run.end()
            self._fail(_run.losses[0])
        logs.stop(0)

    def _fail(self, why: str) -> None:
        """Fail all that waits for the worker, or yet comes, until the runner gives it up."""
        while not self._closing.wait(_AGAIN_SECONDS):
            for future in list(self.control_conn._futures_by_id.values()):
                future.set(beam_fn_api_pb2.InstructionResponse(error=why))


def _descriptor(address: str) -> str:
    return str(text_format.MessageToString(endpoints_pb2.ApiServiceDescriptor(url=address)))
