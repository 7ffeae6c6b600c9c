"""Blocks that are finished: a run that follows one that was interrupted need not do them again.

Beside the staged files of a block lies a record of them, written last, with all that
fingerprinting gives to later steps.  A block is taken up only if the record and every file are
as they were written; otherwise it is read again.  Who makes the folder sees to it that the
blocks of another input, or of other settings or code, are never in it.
"""

from __future__ import annotations

import hashlib
import os
from typing import Final

import msgspec

from transforms.staging import FINISHED, StagedBlock, Staging, block_stem, is_sound

BLOCKS: Final = "blocks"
"""Namespace of the counters of blocks."""
MADE: Final = "made"
RESUMED: Final = "resumed"
"""Names of the counters of those that the run made, and of those that it took up."""

_DIGEST_BYTES: Final = hashlib.sha256().digest_size


class FinishedBlock(msgspec.Struct, frozen=True):
    """A staged block, with what fingerprinting gives beside it."""

    staged: StagedBlock
    restated: bytes
    """``EDGE`` records: restatements inside its documents."""
    outlines: bytes
    """``OUTLINE`` records: what the lines of a site are counted by."""
    documents: int = 0
    text_bytes: int = 0
    """How many documents it holds, and of how much text."""


def keep_finished(staging: Staging, block: FinishedBlock) -> None:
    """Leave the record of a block whose files are staged; a second attempt replaces the first."""
    data = msgspec.msgpack.encode(block)
    name = block_stem(block.staged.index) + FINISHED
    staging.put(name, hashlib.sha256(data).digest() + data)


def find_finished(staging: Staging, index: int) -> FinishedBlock | None:
    """A block that an interrupted run finished, ``None`` where it must be made (again)."""
    path = os.path.join(staging.folder, block_stem(index) + FINISHED)
    try:
        with open(path, "rb") as file:
            digest, data = file.read(_DIGEST_BYTES), file.read()
    except OSError:
        return None
    if hashlib.sha256(data).digest() != digest:
        return None
    block = msgspec.msgpack.decode(data, type=FinishedBlock)
    return block if is_sound(block.staged, staging) else None
