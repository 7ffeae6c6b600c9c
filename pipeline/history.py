"""The history: a folder with what each run kept, for the runs that come after.

``history.json`` lists the files, and nothing else counts: it is replaced whole, so an append,
a drop or a compaction is there or is not.  Files are named after their digests and never change.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.errors import RunError, UserError
from pipeline.kept import Place
from pipeline.locking import locked
from pipeline.outputs import STAGING, EarlierRun, Kept, KeptSpan, RemovedRecord
from pipeline.rebuild import Rebuilt
from transforms.folding import digest, fold
from transforms.history import HISTORY_FORMAT, HistorySlice, Scheme, history_schema

_INDEX: Final = "history.json"
_KEPT: Final = "kept-"
"""How the names of files begin that wait in the staging folder."""
_FILE_NAME: Final = re.compile(r"[0-9a-f]{32}\.parquet")
_UNFINISHED: Final = re.compile(r"\.[0-9a-f]{16}")
_ROWS_IN_GROUP: Final = 1 << 16
_BYTES_IN_GROUP: Final = 1 << 26
"""Paragraphs, and bytes of them, that are read together at the most, but for a single one."""
_ROWS_IN_SLICE: Final = 1 << 18
"""Paragraphs among which those that tonight may repeat become one block of a run."""
_COMPRESSION: Final = "zstd"
_WORDS: Final = ("run", "site", "kind")
"""Columns of few values."""


class HistoryFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one run kept, or several whose files were put together."""

    path: str
    sha256: str
    runs: tuple[str, ...]
    """In order, each with rows of its own."""
    rows: tuple[int, ...]
    """How many paragraphs each of them kept."""
    groups: tuple[int, ...]
    """How many of them each row group holds."""


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """What a run knows of those before it."""

    run: str
    """What the run itself is called."""
    earlier: tuple[EarlierRun, ...]
    slices: tuple[HistorySlice, ...]


class _Index(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    format: int
    scheme: Scheme
    files: tuple[HistoryFile, ...]


class History:
    """A history that this process has locked.

    Args:
        folder: where it is, or will be once something is appended.

    Raises:
        UserError: the folder holds something else, or a history of another version.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = Path(os.path.abspath(folder))
        self._index = self._read()

    @property
    def files(self) -> tuple[HistoryFile, ...]:
        """What it is made of, in the order of the runs."""
        return self._index.files if self._index is not None else ()

    @property
    def runs(self) -> dict[str, int]:
        """How many paragraphs each run kept, in the order of the names."""
        found = {
            run: rows for file in self.files for run, rows in zip(file.runs, file.rows, strict=True)
        }
        return dict(sorted(found.items()))

    def check(self, scheme: Scheme) -> None:
        """Raise :class:`UserError` where the fingerprints of a run could not be compared."""
        if self._index is None or self._index.scheme == scheme:
            return
        theirs = self._index.scheme
        differ = [
            f"{name} is {getattr(theirs, name)} there and {getattr(scheme, name)} here"
            for name in scheme.__struct_fields__
            if getattr(theirs, name) != getattr(scheme, name)
        ]
        raise UserError(
            f"the history {self._folder} cannot be used: {'; '.join(differ)}. Fingerprints of"
            " different settings cannot be compared: run with the settings of the history, or begin"
            " a new one"
        )

    def check_known(self, expected: Sequence[EarlierRun]) -> None:
        """Raise :class:`UserError` unless it still holds what some runs kept."""
        runs = self.runs
        gone = [each.run for each in expected if runs.get(each.run) != each.paragraphs]
        if gone:
            raise UserError(
                f"the history {self._folder} does not hold what the output was compared with:"
                f" {', '.join(gone[:3])}{' and others' if len(gone) > 3 else ''} are gone or were"
                " run again. Name another --history, or run the night again"
            )

    def before(self, run: str, first_block: int) -> Past:
        """What a run called ``run`` looks through: what runs before it kept.

        Args:
            first_block: the index of the first block that is made of it.
        """
        earlier = tuple(
            EarlierRun(run=name, paragraphs=rows) for name, rows in self.runs.items() if name < run
        )
        slices: list[HistorySlice] = []
        for file in self.files:
            if file.runs[0] >= run:
                continue
            for groups in _slices(file.groups):
                slices.append(
                    HistorySlice(
                        block=first_block + len(slices),
                        path=str(self._folder / file.path),
                        sha256=file.sha256,
                        groups=tuple(groups),
                        first_rows=tuple(sum(file.groups[:group]) for group in groups),
                        runs=tuple(self.runs),
                        before=run,
                    )
                )
        return Past(run=run, earlier=earlier, slices=tuple(slices))

    def prepare(
        self, run: str, tables: Iterable[pa.Table], scheme: Scheme
    ) -> tuple[HistoryFile, ...]:
        """Write what a run kept, and count nothing of it yet.

        Args:
            tables: its rows, in order.

        Returns:
            What :meth:`commit` takes; what a run of the same name kept is no part of it.

        Raises:
            RunError: it cannot be written; the history is as it was.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if self._index is None:  # so that files without an index are a history that lost it
                self._commit(scheme, ())
            others = list(self._without([run], scheme))
            file = self._write(tables, scheme)
        except (OSError, pa.ArrowException) as error:
            raise RunError(
                f"what the run kept cannot be added to the history {self._folder}: {error}; what it"
                " held is as it was"
            ) from error
        return (*others, *([file] if file else []))

    def commit(self, scheme: Scheme, files: Sequence[HistoryFile]) -> None:
        """Let these files, and no others, be the history.

        Raises:
            RunError: that cannot be written; the history is as it was.
        """
        try:
            self._commit(scheme, files)
        except OSError as error:
            raise RunError(
                f"the history {self._folder} cannot be written ({error.strerror}) and is as it was:"
                " run again under the same name"
            ) from error

    def drop(self, names: Sequence[str]) -> dict[str, int]:
        """Forget what runs kept; files of which they are all are not even read.

        Returns:
            How many paragraphs each of them kept.

        Raises:
            UserError: no run has one of the names; then none is dropped.
            RunError: a file cannot be read or written; the history is as it was.
        """
        for name in names:
            if name not in self.runs:
                raise UserError(f"the history {self._folder} has no run {name!r}")
        dropped = {name: self.runs[name] for name in names}
        if self._index is not None:
            with self._as_it_was():
                rest = list(self._without(names, self._index.scheme))
            self.commit(self._index.scheme, rest)
        return dropped

    def compact(self, before: str | None = None) -> int:
        """Put the files of the runs before ``before`` (all, without it) together.

        Returns:
            How many files became one.

        Raises:
            RunError: a file cannot be read or written; the history is as it was.
        """
        if self._index is None:
            return 0
        old = [file for file in self.files if before is None or file.runs[-1] < before]
        if len(old) < 2:
            return 0
        scheme = self._index.scheme
        with self._as_it_was():
            file = self._write(self.tables(old), scheme)
        rest = [each for each in self.files if each not in old]
        self.commit(scheme, [*([file] if file else []), *rest])
        return len(old)

    @contextmanager
    def _as_it_was(self) -> Iterator[None]:
        """Say of an error of the storage that nothing has changed."""
        try:
            yield
        except (OSError, pa.ArrowException) as error:
            raise RunError(f"{error}; the history {self._folder} is as it was") from error

    def _read(self) -> _Index | None:
        path = self._folder / _INDEX
        try:
            data = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            if self._folder.exists() and not self._folder.is_dir():
                raise UserError(f"{self._folder} is no folder: name another one") from None
            names = [each.name for each in self._folder.glob("*")]
            if any(_FILE_NAME.fullmatch(name) for name in names):
                raise UserError(
                    f"the history {self._folder} has lost its {_INDEX}: put it back from a copy, or"
                    " name a new folder"
                ) from None
            if not all(map(_UNFINISHED.fullmatch, names)):
                raise UserError(
                    f"{self._folder} holds other files and no history: name an empty folder, or a"
                    " new one"
                ) from None
            return None
        except OSError as error:
            raise UserError(f"cannot read {path}: {error.strerror}") from error
        try:
            index = msgspec.json.decode(data, type=_Index)
        except msgspec.DecodeError as error:
            raise UserError(
                f"{path} is damaged, or of another version of copydesk: {error}"
            ) from error
        if index.format != HISTORY_FORMAT:
            raise UserError(
                f"{path} has format {index.format}; this copydesk reads {HISTORY_FORMAT}"
            )
        if any(_FILE_NAME.fullmatch(file.path) is None for file in index.files):
            raise UserError(f"{path} names a file outside the history")
        return index

    def _without(self, names: Sequence[str], scheme: Scheme) -> Iterator[HistoryFile]:
        """The files without what some runs kept; one that holds others too is written anew."""
        for file in self.files:
            left = [run for run in file.runs if run not in names]
            if len(left) == len(file.runs):
                yield file
            elif left:
                wanted = pa.array(left)
                tables = (
                    table.filter(pc.is_in(_names(table), wanted)) for table in self.tables([file])
                )
                rest = self._write(tables, scheme)
                if rest is not None:
                    yield rest

    def tables(self, files: Iterable[HistoryFile]) -> Iterator[pa.Table]:
        """The rows of files, row group by row group.

        Raises:
            RunError: a file is not what was written.
        """
        for file in files:
            path = self._folder / file.path
            with path.open("rb") as data:
                digest = hashlib.file_digest(data, "sha256").hexdigest()
            if digest != file.sha256:
                raise RunError(
                    f"{path} is not what was written (its digest differs): put it back from a copy,"
                    f" or drop all its runs at once: {' '.join(file.runs)}"
                )
            with pq.ParquetFile(path) as parquet:
                for group in range(parquet.num_row_groups):
                    yield parquet.read_row_group(group)

    def _write(self, tables: Iterable[pa.Table], scheme: Scheme) -> HistoryFile | None:
        """A new file with these rows, or ``None`` where there are none."""
        attempt = self._folder / f".{secrets.token_hex(8)}"
        counts: Counter[str] = Counter()
        groups: list[int] = []
        try:
            with pq.ParquetWriter(
                attempt,
                history_schema(scheme),
                compression=_COMPRESSION,
                use_dictionary=list(_WORDS),
                write_statistics=list(_WORDS),
            ) as writer:
                for table in _even(tables):
                    writer.write_table(table, row_group_size=len(table))
                    groups.append(len(table))
                    counts.update(_names(table).to_pylist())
            if not counts:
                attempt.unlink()
                return None
            with attempt.open("rb+") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
                os.fsync(file.fileno())
            path = self._folder / f"{digest[:32]}.parquet"
            os.replace(attempt, path)
        except BaseException:
            attempt.unlink(missing_ok=True)
            raise
        return HistoryFile(
            path=path.name,
            sha256=digest,
            runs=tuple(sorted(counts)),
            rows=tuple(counts[run] for run in sorted(counts)),
            groups=tuple(groups),
        )

    def _commit(self, scheme: Scheme, files: Sequence[HistoryFile]) -> None:
        ordered = tuple(sorted(files, key=lambda file: file.runs))
        index = _Index(format=HISTORY_FORMAT, scheme=scheme, files=ordered)
        attempt = self._folder / f".{secrets.token_hex(8)}"
        with attempt.open("xb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(index), indent=1) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(attempt, self._folder / _INDEX)
        self._sync()
        self._index = index
        known = {file.path for file in ordered}
        for path in self._folder.glob("*"):
            ours = _FILE_NAME.fullmatch(path.name) or _UNFINISHED.fullmatch(path.name)
            if ours and path.name not in known:
                path.unlink()

    def _sync(self) -> None:
        """Let the storage know of the new index before the old files go."""
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


class Known(NamedTuple):
    """A history that a run uses, and under what name."""

    history: History
    run: str

    def before(self, first_block: int) -> Past:
        """What the run looks through; see :meth:`History.before`."""
        return self.history.before(self.run, first_block)

    def prepare(self, output: Path, scheme: Scheme) -> tuple[HistoryFile, ...]:
        """What the history will be with what stays of the run in ``output``."""
        return self.history.prepare(self.run, read_kept(output), scheme)


@contextmanager
def locked_history(folder: Path, wait: float) -> Iterator[History]:
    """The history in a folder, which no other process can use until the body ends.

    Args:
        wait: seconds to wait for another process to be done with it.

    Raises:
        UserError: another one uses it still, or the folder cannot be used.
        RunError: the disk is full.
    """
    folder = Path(os.path.abspath(folder))
    with locked(folder, wait):
        yield History(folder)


def _names(table: pa.Table) -> Any:
    return table.column("run").combine_chunks().dictionary_decode()


def _slices(groups: Sequence[int]) -> Iterator[range]:
    """Row groups that follow each other, of so many rows together that they make a block."""
    first = rows = 0
    for group, count in enumerate(groups):
        if rows and rows + count > _ROWS_IN_SLICE:
            yield range(first, group)
            first, rows = group, 0
        rows += count
    if rows:
        yield range(first, len(groups))


def _even(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The same rows in tables that make a row group each."""
    waiting: list[pa.Table] = []
    rows = size = 0
    for piece in _pieces(tables):
        if waiting and (
            rows + len(piece) > _ROWS_IN_GROUP or size + piece.nbytes > _BYTES_IN_GROUP
        ):
            yield pa.concat_tables(waiting).unify_dictionaries()
            waiting, rows, size = [], 0, 0
        waiting.append(piece)
        rows += len(piece)
        size += piece.nbytes
    if waiting:
        yield pa.concat_tables(waiting).unify_dictionaries()


def _pieces(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The same rows in tables that are small enough for a row group, where a row is."""
    for table in tables:
        step = max(1, _BYTES_IN_GROUP * len(table) // max(table.nbytes, 1))
        for first in range(0, len(table), min(step, _ROWS_IN_GROUP)):
            yield table.slice(first, min(step, _ROWS_IN_GROUP))


def write_kept(output: Path, block: int, table: pa.Table) -> None:
    """Leave what stays of a block in the staging folder of a run; a second attempt replaces it."""
    path = output / STAGING / f"{_KEPT}{block:08d}.parquet"
    attempt = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    pq.write_table(table, attempt, compression=_COMPRESSION)
    os.replace(attempt, path)


def read_kept(output: Path) -> Iterator[pa.Table]:
    """What :func:`write_kept` left, block by block."""
    for path in sorted((output / STAGING).glob(f"{_KEPT}*.parquet")):
        yield pq.read_table(path)


def read_earlier(
    folder: Path,
    run: str,
    expected: Sequence[EarlierRun],
    documents: Mapping[str, Rebuilt],
) -> list[Place]:
    """What runs before ``run`` kept, in the order of rank, as far as an output may name it.

    Args:
        expected: the runs that it was compared with.
        documents: those of the output.

    Raises:
        UserError: the folder holds no history, or not these runs any more, or another process
            uses it.
        RunError: a file is not what was written.
    """
    texts = {
        digest(folded)
        for rebuilt in documents.values()
        for span in rebuilt.spans
        if (folded := fold(span.text))
    }
    named = {
        (proof.run, proof.document)
        for rebuilt in documents.values()
        for span in rebuilt.spans
        for proof in _proofs(span)
    }
    found: list[tuple[str, int, int, Place]] = []
    with locked_history(folder, 0) as history:
        history.check_known(expected)
        for number, file in enumerate(history.files):
            tables = history.tables([file])
            for row, each in enumerate(row for table in tables for row in table.to_pylist()):
                wanted = each["folded"] in texts or (each["run"], each["document"]) in named
                if wanted and each["run"] < run:
                    found.append((each["run"], number, row, _place_of(each)))
    return [place for *_, place in sorted(found, key=lambda each: each[:3])]


def _proofs(span: KeptSpan | RemovedRecord) -> list[Kept]:
    if isinstance(span, KeptSpan):
        return [flag.kept for flag in span.flags]
    return [] if span.kept is None else [span.kept]


def _place_of(row: Mapping[str, Any]) -> Place:
    span = KeptSpan(
        index=row["paragraph"],
        kind=row["kind"],
        text=row["text"],
        start=row["start"],
        end=row["end"],
        flags=(),
    )
    return Place(row["run"], row["document"], row["site"], span)
