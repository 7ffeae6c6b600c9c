"""Check an output: from itself alone, and against its input when that is given.

Nothing is believed: digests and counts are computed again, every document is
rebuilt from its spans, every duplicate verdict and flag is derived again from
the texts, and the lines that sites repeat are counted again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from pipeline.differences import differences
from pipeline.errors import UserError
from pipeline.history_proofs import read_earlier
from pipeline.loading import ContractError, Output, read_output
from pipeline.outputs import (
    FOLDERS,
    MANIFEST,
    DocumentRecord,
    Manifest,
    RemovedRecord,
    SourceRecord,
    Tally,
    lies_inside,
)
from pipeline.rebuild import RebuildError, Rebuilt, rebuild
from pipeline.rederive import check_verdicts
from pipeline.rejudge import check_input
from pipeline.report.reading import read_manifest
from pipeline.settings import settings_hash
from transforms.settings import Settings
from transforms.source_records import rejected_source
from transforms.tally import tally_document, tally_rejected


class Report(msgspec.Struct):
    """What a check found."""

    problems: list[str] = []
    documents: int = 0
    removals: int = 0
    verdicts: int = 0
    """Duplicate verdicts derived again."""
    templates: int = 0
    """Template lines counted again."""
    flags: int = 0
    """Flags of kept paragraphs derived again."""
    unchecked: int = 0
    """Verdicts and flags that name earlier runs, whose history was not given."""
    rejudged: int = 0
    """Documents judged again from the input."""

    def summary(self) -> str:
        """One line for people."""
        judged = f", {self.rejudged:,} documents judged again" if self.rejudged else ""
        unknown = (
            f", {self.unchecked:,} that name earlier runs not checked: give --history DIR"
            if self.unchecked
            else ""
        )
        lines = f", {self.templates:,} template lines counted again" if self.templates else ""
        return (
            f"verified: {self.documents:,} documents rebuilt, {self.removals:,} removals, "
            f"{self.verdicts:,} duplicate verdicts and {self.flags:,} flags derived again"
            f"{lines}{judged}{unknown}"
        )


def verify(folder: Path, inputs: Sequence[str] = (), history: Path | None = None) -> Report:
    """Check the output of a run.

    Args:
        folder: the output.
        inputs: the arguments of the run; when given, every record is decoded,
            split and judged again.
        history: that of the run; without it, what names earlier runs is not derived again.

    Returns:
        A report; the output is sound when it has no problems.

    Raises:
        UserError: there is no output, or it is of another version.
    """
    report = Report()
    manifest = read_manifest(folder)
    settings = _settings_of(manifest)
    if settings is None:
        report.problems.append(
            f"{MANIFEST}: the settings do not have the digest that stands beside them"
        )
        return report
    report.problems.extend(_check_files(folder, manifest))
    if report.problems:
        return report  # records that were tampered with prove nothing
    if settings.output.format == "text":
        raise UserError(
            f"{folder} holds plain text, which has no spans to check; its digests are right. "
            "Run with --format jsonl or parquet to have everything verified"
        )
    try:
        output = read_output(folder, manifest.files, settings.output)
    except ContractError as error:
        report.problems.append(str(error))
        return report
    documents: dict[str, Rebuilt] = {}
    for source, kept, removed in _by_document(output, report):
        try:
            documents[source.id] = rebuild(source, kept, removed)
        except RebuildError as error:
            report.problems.append(f"{source.id}: {error}")
    report.documents = len(documents)
    report.removals = len(output.removed)
    report.problems.extend(_check_rejected(output))
    if not report.problems:
        report.problems.extend(_check_counts(manifest.counts, output, documents, settings))
        earlier = None
        if history is not None and manifest.run is not None:
            earlier = read_earlier(history, manifest.run, manifest.history, documents)
        runs = [each.run for each in manifest.history]
        checked = check_verdicts(documents, settings, earlier, runs)
        report.verdicts, report.flags = checked.verdicts, checked.flags
        report.templates, report.unchecked = checked.templates, checked.unchecked
        report.problems.extend(checked.problems)
    if inputs and not report.problems:
        rejudged = check_input(documents, output.rejected, inputs, settings)
        report.rejudged = rejudged.documents
        report.problems.extend(rejudged.problems)
    return report


def _settings_of(manifest: Manifest) -> Settings | None:
    """The settings of the run, or ``None`` where they were changed since."""
    canonical = msgspec.json.encode(manifest.settings, order="sorted")
    if hashlib.sha256(canonical).hexdigest() != manifest.settings_sha256:
        return None
    try:
        settings = msgspec.convert(manifest.settings, Settings)
    except msgspec.ValidationError as error:
        raise UserError(
            f"the settings in {MANIFEST} are of another version of copydesk: {error}"
        ) from error
    return settings if settings_hash(settings) == manifest.settings_sha256 else None


def _check_files(folder: Path, manifest: Manifest) -> Iterator[str]:
    for entry in manifest.files:
        path = folder / entry.path
        if not lies_inside(entry.path):
            yield f"{entry.path}: the manifest names a file outside the output"
        elif not path.is_file():
            yield f"{entry.path}: the file is missing"
        elif _sha256(path) != entry.sha256:
            yield f"{entry.path}: the file was changed after the run (its digest differs)"
    known = {entry.path for entry in manifest.files}
    for name in FOLDERS:
        for path in sorted((folder / name).rglob("*")):
            if path.is_file() and path.relative_to(folder).as_posix() not in known:
                yield f"{path.relative_to(folder)}: the manifest does not know this file"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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


def _check_rejected(output: Output) -> Iterator[str]:
    """The dead letters against the sources with status rejected."""
    sources = [each for each in output.sources if each.status == "rejected"]
    expected = [rejected_source(letter.source, letter.record) for letter in output.rejected]
    sources.sort(key=lambda each: each.id)  # parts are in the order of their ids each
    expected.sort(key=lambda each: each.id)
    if [each.id for each in sources] != [each.id for each in expected]:
        yield "rejected: the dead letters do not match the sources with status rejected"
        return
    for source, other in zip(sources, expected, strict=True):
        for problem in differences(source, other, "a rejected record has"):
            yield f"{source.id}: {problem}"


def _check_counts(
    stated: Tally, output: Output, documents: Mapping[str, Rebuilt], settings: Settings
) -> Iterator[str]:
    """The manifest's counts against the records."""
    counted = Tally()
    for rebuilt in documents.values():
        removed = [span for span in rebuilt.spans if isinstance(span, RemovedRecord)]
        tally_document(counted, rebuilt.source, rebuilt.document, removed)
    for letter in output.rejected:
        tally_rejected(counted, letter)
    # No record tells what was only reported; the settings tell what may have been.
    actions = {
        "near-duplicate": settings.near_duplicates.action,
        "restatement": settings.restatements.action,
        "document": settings.documents.action,
    }
    counted.reported = {
        name: count
        for name, count in stated.reported.items()
        if actions.get(name) == "report" and count > 0
    }
    for problem in differences(stated, counted.sorted(), "the records give"):
        yield f"{MANIFEST}: {problem}"
