"""The records that a run writes: one struct for each kind, and their counts.

``docs/output.md`` describes the same fields for users.  Field order is the
order in the files.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from transforms.decisions import Means
from transforms.document import Evidence, Kind, Reason, Verdict

Status = Literal["kept", "emptied", "duplicate", "rejected"]

RULES: Mapping[str, str] = {
    "boilerplate": "boilerplate/3",
    "duplicate": "duplicate/2",
    "near-duplicate": "near-duplicate/5",
    "restatement": "restatement/5",
    "document": "document/4",
    "template": "template/2",
}
"""Name and version of the rule behind each verdict; a change of the rule raises the version."""


class Kept(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The kept paragraph that another one was compared with."""

    run: str | None
    """The earlier run that kept it; ``None`` for this one."""
    document: str
    paragraph: int | None
    """Index in its document; ``None`` when a whole document stands for it."""
    start: int | None
    end: int | None


class Flag(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A mark on a kept paragraph: what it is like, and which paragraph."""

    verdict: Verdict
    kept: Kept
    jaccard: float
    containment: float
    evidence: Evidence


class KeptSpan(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A kept paragraph inside its document record."""

    index: int
    kind: Kind
    text: str
    start: int
    end: int
    flags: tuple[Flag, ...]


class DocumentRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A kept document."""

    id: str
    source: str
    url: str | None
    title: str | None
    author: str | None
    site: str | None
    published: str | None
    fetched: str | None
    """When a crawler brought it home; ``None`` where no archive says."""
    language: str | None
    text: str
    """The kept paragraphs, joined by a blank line."""
    paragraphs: tuple[KeptSpan, ...]
    characters_in: int
    characters_out: int
    sha256: str
    """Digest of ``text`` in UTF-8."""


class RemovedRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A removed span."""

    document: str
    paragraph: int
    start: int
    end: int
    text: str
    kind: Kind
    verdict: Verdict
    reason: Reason | Literal["copy", "document"]
    score: float
    evidence: Evidence
    kept: Kept | None
    jaccard: float | None
    containment: float | None
    rule: str
    """Name and version of the rule that decided."""


class RejectedRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A dead letter."""

    source: str
    record: str | None
    offset: int | None
    error: str
    message: str
    sample: str


class SourceRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An input record and what became of it."""

    id: str
    source: str
    record: str | None
    status: Status
    url: str | None
    site: str | None
    published: str | None
    fetched: str | None
    headers: tuple[str, ...]
    """``Name: value``, as the server sent them; none where no archive has any."""
    language: str | None
    characters: int | None
    """Length of the normalised text."""
    sha256: str | None
    """Digest of the normalised text in UTF-8."""
    encoding: str | None
    changes: dict[str, int]
    replaced_at: tuple[int, ...]
    """Byte offsets of the first undecodable bytes."""
    white_space: tuple[str, ...]
    """What stands before, between and after the paragraphs: with the spans it rebuilds the text."""
    survivor: str | None
    """The kept document that has most of a ``duplicate``, or of a near-copy that stays."""
    survivor_run: str | None
    """The earlier run that kept the survivor; ``None`` for this one."""
    means: Means | None
    """How that was found: by proven ``paragraphs``, or by the ``shingles`` of the whole body."""
    share: float | None
    """Share of its body that the survivor has: words of paragraphs, or shingles."""
    proven: float | None
    """Share of the words of its body that are proven in any document."""


class Tally(msgspec.Struct, kw_only=True):
    """Counts of a run or a part of it; they add up."""

    records: int = 0
    statuses: dict[str, int] = {}
    characters_in: int = 0
    characters_out: int = 0
    paragraphs_in: int = 0
    paragraphs_out: int = 0
    verdicts: dict[str, int] = {}
    reasons: dict[str, int] = {}
    removed_characters: dict[str, int] = {}
    """By reason for boilerplate, by verdict for duplicates."""
    flags: dict[str, int] = {}
    near_copies: dict[str, int] = {}
    """Documents that stay though another has much of them, by how that was found."""
    reported: dict[str, int] = {}
    """Duplicates that the settings only report, by verdict; ``document`` for near-copies."""
    errors: dict[str, int] = {}
    changes: dict[str, int] = {}

    def add(self, other: Tally) -> None:
        """Add another tally to this one."""
        for name in self.__struct_fields__:
            mine, theirs = getattr(self, name), getattr(other, name)
            if isinstance(mine, dict):
                for key, count in theirs.items():
                    mine[key] = mine.get(key, 0) + count
            else:
                setattr(self, name, mine + theirs)

    def sorted(self) -> Tally:
        """The same counts, names in order."""
        values: dict[str, Any] = {}
        for name in self.__struct_fields__:
            value = getattr(self, name)
            values[name] = dict(sorted(value.items())) if isinstance(value, dict) else value
        return Tally(**values)
