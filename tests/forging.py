"""Change an output as a forger would: the manifest agrees with every change."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from pipeline.outputs import DocumentRecord, RejectedRecord, RemovedRecord, SourceRecord, Tally
from tests.running import Row, records
from transforms.tally import tally_document, tally_rejected

# What another value of a field may be, where adding to the value gives none that is allowed.
_OTHERS: dict[str, tuple[Any, ...]] = {
    "kind": ("quote", "caption"),
    "verdict": ("near-duplicate", "boilerplate", "restatement"),
    "reason": ("copy", "timestamp"),
    "status": ("emptied", "kept"),
    "kept": ({"run": None, "document": "a.txt", "paragraph": 0, "start": 0, "end": 11},),
    "means": ("shingles", "paragraphs"),
    "share": (0.99,),
    "proven": (0.99,),
    "jaccard": (0.77,),
    "containment": (0.77,),
    "score": (0.77,),
    "paragraph": (0, 1),
    "start": (0, 1),
    "end": (1, 2),
    "offset": (7, 8),
    "characters": (7, 8),
    "white_space": ([" "],),
    "headers": (["X-Forged: 1"],),
}


def other(name: str, value: Any) -> Any:
    """Another value that a field may have."""
    if name in _OTHERS:
        return next(each for each in _OTHERS[name] if each != value)
    if value is None:
        return "2020-01-01"
    if isinstance(value, dict):
        return {**value, "forged": 1}
    if isinstance(value, list):
        return [*value, value[0] if value else 1]
    return value + ("x" if isinstance(value, str) else 1)


def forge(output: Path, to: Path, name: str, change: Callable[[list[Row]], None]) -> Path:
    """A copy of an output in which the records of one kind are changed.

    Digests, numbers of records and counts of the manifest are made to agree.
    """
    shutil.copytree(output, to)
    (path,) = (to / name).iterdir()
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    change(rows)
    data = "".join(
        json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows
    ).encode()
    path.write_bytes(data)

    def agree(manifest: Row) -> None:
        (entry,) = (each for each in manifest["files"] if each["path"].startswith(f"{name}/"))
        entry["sha256"] = hashlib.sha256(data).hexdigest()
        entry["records"] = len(rows)
        manifest["counts"] = _counts(to)

    return forge_manifest(to, agree)


def forge_manifest(output: Path, change: Callable[[Row], None]) -> Path:
    """Change the manifest of an output in place."""
    path = output / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    change(manifest)
    path.write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    return output


def _counts(output: Path) -> Any:
    """What the records of an output add up to; they must be of the types of the contract."""
    documents = {
        each.id: each
        for each in msgspec.convert(records(output, "documents"), list[DocumentRecord])
    }
    removed: dict[str, list[RemovedRecord]] = defaultdict(list)
    for each in msgspec.convert(records(output, "removed"), list[RemovedRecord]):
        removed[each.document].append(each)
    tally = Tally()
    for source in msgspec.convert(records(output, "sources"), list[SourceRecord]):
        if source.status != "rejected":
            tally_document(tally, source, documents.get(source.id), removed[source.id])
    for letter in msgspec.convert(records(output, "rejected"), list[RejectedRecord]):
        tally_rejected(tally, letter)
    return msgspec.to_builtins(tally.sorted())
