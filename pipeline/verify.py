"""Check an output: from itself alone, and against its input when that is given.

Nothing is believed: digests are recomputed, every document is rebuilt from its
spans, and every duplicate verdict is derived again from the two texts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from pipeline.errors import UserError
from pipeline.outputs import (
    FORMAT_VERSION,
    DocumentRecord,
    FileEntry,
    Manifest,
    RejectedRecord,
    RemovedRecord,
    SourceRecord,
)
from pipeline.rebuild import RebuildError, Rebuilt, rebuild
from pipeline.rederive import check_verdicts
from pipeline.rejudge import check_input
from pipeline.settings import settings_hash
from transforms.settings import Settings

RecordType = TypeVar("RecordType", bound=msgspec.Struct)

_FOLDERS = ("documents", "removed", "rejected", "sources")


class Report(msgspec.Struct):
    """What a check found."""

    problems: list[str] = []
    documents: int = 0
    removals: int = 0
    verdicts: int = 0
    """Duplicate verdicts derived again."""
    rejudged: int = 0
    """Documents judged again from the input."""

    def summary(self) -> str:
        """One line for people."""
        judged = f", {self.rejudged:,} documents judged again" if self.rejudged else ""
        return (
            f"verified: {self.documents:,} documents rebuilt, {self.removals:,} removals, "
            f"{self.verdicts:,} duplicate verdicts derived again{judged}"
        )


class Output(msgspec.Struct):
    """The records of an output."""

    settings: Settings
    documents: list[DocumentRecord]
    removed: list[RemovedRecord]
    rejected: list[RejectedRecord]
    sources: list[SourceRecord]


def verify(folder: Path, inputs: Sequence[str] = ()) -> Report:
    """Check the output of a run.

    Args:
        folder: the output.
        inputs: the arguments of the run; when given, every record is decoded,
            split and judged again.

    Returns:
        A report; the output is sound when it has no problems.

    Raises:
        UserError: there is no output, or it is of another version.
    """
    report = Report()
    manifest = _read_manifest(folder)
    report.problems.extend(_check_files(folder, manifest))
    if report.problems:
        return report  # records that were tampered with prove nothing
    settings = msgspec.convert(manifest.settings, Settings)
    if settings.output.format != "jsonl":
        raise UserError(
            f"{folder} holds plain text, which has no spans to check; its digests are right. "
            "Run with --format jsonl to have everything verified"
        )
    try:
        output = _read_output(folder, manifest, settings)
    except msgspec.DecodeError as error:
        report.problems.append(f"a record is not what the contract says: {error}")
        return report
    documents: dict[str, Rebuilt] = {}
    for source, kept, removed in _by_document(output, report):
        try:
            documents[source.id] = rebuild(source, kept, removed)
        except RebuildError as error:
            report.problems.append(f"{source.id}: {error}")
    report.documents = len(documents)
    report.removals = len(output.removed)
    if not report.problems:
        report.problems.extend(_check_counts(manifest, output))
        checked = check_verdicts(documents, settings)
        report.verdicts = checked.verdicts
        report.problems.extend(checked.problems)
    if inputs and not report.problems:
        rejudged = check_input(documents, output.rejected, inputs, settings)
        report.rejudged = rejudged.documents
        report.problems.extend(rejudged.problems)
    return report


def _read_manifest(folder: Path) -> Manifest:
    path = folder / "manifest.json"
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UserError(f"{folder} is no output of copydesk: it has no manifest.json") from error
    try:
        manifest = msgspec.json.decode(data, type=Manifest)
        settings = msgspec.convert(manifest.settings, Settings)
    except msgspec.DecodeError as error:
        raise UserError(f"{path} is damaged, or of another version of copydesk: {error}") from error
    if manifest.format != FORMAT_VERSION:
        raise UserError(
            f"{path} has format {manifest.format}; this copydesk reads {FORMAT_VERSION}"
        )
    if settings_hash(settings) != manifest.settings_sha256:
        raise UserError(f"{path}: the settings do not have the digest that stands beside them")
    return manifest


def _check_files(folder: Path, manifest: Manifest) -> Iterator[str]:
    for entry in manifest.files:
        path = folder / entry.path
        if ".." in Path(entry.path).parts or Path(entry.path).is_absolute():
            yield f"{entry.path}: the manifest names a file outside the output"
        elif not path.is_file():
            yield f"{entry.path}: the file is missing"
        elif _sha256(path) != entry.sha256:
            yield f"{entry.path}: the file was changed after the run (its digest differs)"
    known = {entry.path for entry in manifest.files}
    for name in _FOLDERS:
        for path in sorted((folder / name).rglob("*")):
            if path.is_file() and path.relative_to(folder).as_posix() not in known:
                yield f"{path.relative_to(folder)}: the manifest does not know this file"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_output(folder: Path, manifest: Manifest, settings: Settings) -> Output:
    return Output(
        settings,
        _read(folder, manifest.files, "documents", DocumentRecord),
        _read(folder, manifest.files, "removed", RemovedRecord),
        _read(folder, manifest.files, "rejected", RejectedRecord),
        _read(folder, manifest.files, "sources", SourceRecord),
    )


def _read(
    folder: Path, files: Sequence[FileEntry], name: str, kind: type[RecordType]
) -> list[RecordType]:
    decoder = msgspec.json.Decoder(kind)
    records: list[RecordType] = []
    for entry in files:
        if entry.path.startswith(f"{name}/"):
            found = decoder.decode_lines((folder / entry.path).read_bytes())
            if len(found) != entry.records:
                raise msgspec.DecodeError(
                    f"{entry.path} has {len(found)} records, the manifest says {entry.records}"
                )
            records.extend(found)
    return records


def _by_document(
    output: Output, report: Report
) -> Iterator[tuple[SourceRecord, DocumentRecord | None, list[RemovedRecord]]]:
    """Each source that was read, with its document and removals."""
    kept = {document.id: document for document in output.documents}
    removed: dict[str, list[RemovedRecord]] = {}
    for record in output.removed:
        removed.setdefault(record.document, []).append(record)
    seen: set[str] = set()
    for source in output.sources:
        if source.id in seen:
            report.problems.append(f"{source.id}: two sources have this id")
        seen.add(source.id)
        if source.status != "rejected":
            yield source, kept.pop(source.id, None), removed.pop(source.id, [])
    for id in sorted({*kept, *removed}):
        report.problems.append(f"{id}: records of a document that no source accounts for")


def _check_counts(manifest: Manifest, output: Output) -> Iterator[str]:
    """The manifest's counts against the records."""
    statuses: dict[str, int] = {}
    for source in output.sources:
        statuses[source.status] = statuses.get(source.status, 0) + 1
    verdicts = {"keep": sum(len(document.paragraphs) for document in output.documents)}
    for record in output.removed:
        verdicts[record.verdict] = verdicts.get(record.verdict, 0) + 1
    verdicts = {name: count for name, count in verdicts.items() if count}
    for what, counted, stated in (
        ("statuses", statuses, manifest.counts.statuses),
        ("verdicts", verdicts, manifest.counts.verdicts),
    ):
        if counted != stated:
            yield f"manifest.json: {what} are stated as {stated}, the records have {counted}"
    if statuses.get("rejected", 0) != len(output.rejected):
        yield "rejected: the dead letters do not match the sources with status rejected"
