"""What is done so far, told by whoever does it: lines in the staging folder.

An engine says nothing of a run until it has ended, or says it each in its own way.  So the steps
that take long tell of every unit of their work when they begin and when they have finished it, in
a file of each process.  No result depends on what is told.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final, Literal

import msgspec

from transforms.staging import TOLD, Staging

Step = Literal[
    "read ids",
    "judge",
    "recall",
    "look for candidates",
    "compare",
    "decide",
    "look for restatements",
    "compare restatements",
    "write",
    "report",
]
"""The steps that tell, in the order in which a run takes them; the last is the driver's."""

State = Literal["begun", "finished", "resumed"]

# A process that is forked has the token of its parent, and a number of its own.
_TOKEN: Final = secrets.token_hex(8)


class Told(msgspec.Struct, frozen=True, array_like=True):
    """A unit of work: a block, or a partition of buckets."""

    step: Step
    unit: int
    state: State
    """``resumed`` is finished by an earlier run."""
    documents: int = 0
    text_bytes: int = 0
    """Of their text; these two are known of the blocks that are judged."""


def tell(staging: Staging, told: Told) -> None:
    """Leave a line for the driver; a folder that takes none costs the line."""
    path = os.path.join(staging.folder, f"{os.getpid()}-{_TOKEN}{TOLD}")
    with suppress(OSError), open(path, "ab", buffering=0) as file:
        file.write(msgspec.json.encode(told) + b"\n")


@contextmanager
def telling(staging: Staging, step: Step, unit: int) -> Iterator[None]:
    """Tell that a unit begins, and that it is finished if the body does not fail."""
    tell(staging, Told(step, unit, "begun"))
    yield
    tell(staging, Told(step, unit, "finished"))
