"""The output contract: the files of an output, and the records in them.

The records themselves are in :mod:`transforms.records`; all names can be had from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, TypeVar

import msgspec

from transforms.records import RULES as RULES
from transforms.records import DocumentRecord as DocumentRecord
from transforms.records import Flag as Flag
from transforms.records import Kept as Kept
from transforms.records import KeptSpan as KeptSpan
from transforms.records import RejectedRecord as RejectedRecord
from transforms.records import RemovedRecord as RemovedRecord
from transforms.records import SourceRecord as SourceRecord
from transforms.records import Status as Status
from transforms.records import Tally as Tally

RecordType = TypeVar("RecordType", bound=msgspec.Struct)
"""The struct of a kind of record."""

ORDER: Mapping[type[msgspec.Struct], tuple[str, ...]] = {
    DocumentRecord: ("id",),
    RemovedRecord: ("document", "paragraph"),
    RejectedRecord: ("source", "record"),
    SourceRecord: ("id",),
}
"""The fields by which the records of a part file are sorted; ``None`` comes first."""


class FileEntry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A file of the output."""

    path: str
    records: int
    sha256: str


class EarlierRun(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A run before this one, by what the history has of it."""

    run: str
    paragraphs: int


class Manifest(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The run: no clock, no host, no path outside it."""

    copydesk: str
    """Version of copydesk."""
    format: int
    """Version of the output contract."""
    settings: dict[str, Any]
    settings_sha256: str
    run: str | None
    """What the run is called in the history; ``None`` for a run without one."""
    history: tuple[EarlierRun, ...]
    """The runs whose kept paragraphs this one was compared with."""
    counts: Tally
    files: tuple[FileEntry, ...]


FORMAT_VERSION = 1

FOLDERS = ("documents", "removed", "rejected", "sources")
"""The folders of an output, one for each kind of record."""


def lies_inside(path: str) -> bool:
    """Whether a path of a manifest names a file in a folder of the output."""
    parts = PurePosixPath(path).parts
    return len(parts) > 1 and parts[0] in FOLDERS and ".." not in parts and "\0" not in path


MANIFEST = "manifest.json"
RUN = "run.json"
REPORT = "report.html"

STAGING = "staging"
"""Where blocks and unfinished files wait inside an output that is not published yet."""
