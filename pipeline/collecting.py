"""How often Python looks for garbage that holds itself, in a process that does nothing but a run.

A run makes millions of records and arrays, of which next to none hold themselves.
"""

from __future__ import annotations

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_THRESHOLDS: Final = (200_000, 20, 100)
"""Python's own are 700, 10 and 10: with them the collector takes an eighth of the CPU of a run, and
with 50,000 for the first a twentieth; from here on it no longer matters."""


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Leave what is there to stay, and look at the rest seldom; forked workers do the same."""
    before = gc.get_threshold()
    gc.freeze()
    # When Python ends it looks at everything once more: .3 CPU s after 40 MB of news.
    atexit.register(gc.freeze)
    gc.set_threshold(*_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
