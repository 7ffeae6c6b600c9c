"""A worker process of the local engine: Beam's own, kept out of the user's terminal.

Beam sends a worker's log to the runner, and also to standard error; the second
copy is left out here.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Callable

from pipeline.collecting import seldom_collecting

_WATCH_SECONDS = 1.0


def main() -> None:
    """A worker that was started as a command."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_WATCH_SECONDS)

    with seldom_collecting():
        serve(watch)


def serve(watch: Callable[[], object]) -> None:
    """Serve the runner whose address is in the environment, as long as it lives.

    Args:
        watch: returns when the runner's process is gone: killed, it cannot say so.
    """
    logging.getLogger().handlers[:] = [logging.NullHandler()]
    # Beam prints there that the runner is gone; what a worker dies of comes from below Python.
    sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - for its whole life
    threading.Thread(target=_end_with, args=(watch,), daemon=True).start()
    from apache_beam.runners.worker import sdk_worker_main

    sdk_worker_main.main(sys.argv)


def _end_with(watch: Callable[[], object]) -> None:
    watch()
    os._exit(1)


if __name__ == "__main__":
    main()
