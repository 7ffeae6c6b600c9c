"""Beam's pool of Python workers (``--environment_type=EXTERNAL``), on loopback only.

``python -m apache_beam.runners.worker.worker_pool_main`` listens on every
address of the machine and starts whatever ``python`` is first on the path; this
one listens on loopback and starts the interpreter that it runs in.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import grpc
from apache_beam.portability.api import beam_fn_api_pb2_grpc
from apache_beam.runners.worker.worker_pool_main import BeamFnExternalWorkerPoolServicer

from deploy.processes import LOOPBACK

_REQUESTS_AT_ONCE: Final = 16

_STATE_CACHE_BYTES: Final = 100 << 20
"""What Beam's own workers keep of side inputs unless told otherwise."""


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    # Beam starts its workers as `python`.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    pool = BeamFnExternalWorkerPoolServicer(use_process=True, state_cache_size=_STATE_CACHE_BYTES)
    server = grpc.server(ThreadPoolExecutor(_REQUESTS_AT_ONCE))
    beam_fn_api_pb2_grpc.add_BeamFnExternalWorkerPoolServicer_to_server(pool, server)
    if not server.add_insecure_port(f"{LOOPBACK}:{port}"):
        sys.exit(f"port {port} is taken")
    signal.signal(signal.SIGTERM, lambda *_: server.stop(0))
    server.start()
    server.wait_for_termination()


if __name__ == "__main__":
    main()
