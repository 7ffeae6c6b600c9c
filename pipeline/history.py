"""The history: a folder with what each run kept, for the runs that come after.

``history.json`` lists the files, and nothing else counts: it is replaced whole, so an append,
a drop or a compaction is there or is not.  Files are named after their digests and never change.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.errors import RunError, UserError
from pipeline.history_files import (
    HistoryFile,
    is_consistent,
    names_in,
    read_files,
    read_kept,
    slices_of,
    write_file,
)
from pipeline.locking import locked
from pipeline.outputs import EarlierRun
from transforms.history import HISTORY_FORMAT, HistorySlice, Scheme

_INDEX: Final = "history.json"
_FILE_NAME: Final = re.compile(r"[0-9a-f]{32}\.parquet")
_UNFINISHED: Final = re.compile(r"\.[0-9a-f]{16}")


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
        folder: where it is, or will be once something is appended; absolute afterwards.

    Raises:
        UserError: the folder holds something else, or a history of another version.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = Path(os.path.abspath(folder))
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
            f"the history {self.folder} cannot be used: {'; '.join(differ)}. Fingerprints of"
            " different settings cannot be compared: run with the settings of the history, or begin"
            " a new one"
        )

    def check_known(self, expected: Sequence[EarlierRun]) -> None:
        """Raise :class:`UserError` unless it still holds what some runs kept."""
        runs = self.runs
        gone = [each.run for each in expected if runs.get(each.run) != each.paragraphs]
        if gone:
            raise UserError(
                f"the history {self.folder} does not hold what the output was compared with:"
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
            for groups in slices_of(file.groups):
                slices.append(
                    HistorySlice(
                        block=first_block + len(slices),
                        path=str(self.folder / file.path),
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
            self.folder.mkdir(parents=True, exist_ok=True)
            if self._index is None:  # so that files without an index are a history that lost it
                self._commit(scheme, ())
            others = list(self._without([run], scheme))
            file = write_file(self.folder, tables, scheme)
        except (OSError, pa.ArrowException) as error:
            raise RunError(
                f"what the run kept cannot be added to the history {self.folder}: {error}; what it"
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
                f"the history {self.folder} cannot be written ({error.strerror}) and is as it was:"
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
                raise UserError(
                    f"the history {self.folder} has no run {name!r}: copydesk history list names"
                    " those that it has"
                )
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
            file = write_file(self.folder, read_files(self.folder, old), scheme)
        rest = [each for each in self.files if each not in old]
        self.commit(scheme, [*([file] if file else []), *rest])
        return len(old)

    @contextmanager
    def _as_it_was(self) -> Iterator[None]:
        """Say of an error of the storage that nothing has changed."""
        try:
            yield
        except (OSError, pa.ArrowException) as error:
            raise RunError(f"{error}; the history {self.folder} is as it was") from error

    def _read(self) -> _Index | None:
        path = self.folder / _INDEX
        try:
            data = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            if self.folder.exists() and not self.folder.is_dir():
                raise UserError(f"{self.folder} is no folder: name another one") from None
            names = [each.name for each in self.folder.glob("*")]
            if any(_FILE_NAME.fullmatch(name) for name in names):
                raise UserError(
                    f"the history {self.folder} has lost its {_INDEX}: put it back from a copy, or"
                    " name a new folder"
                ) from None
            if not all(map(_UNFINISHED.fullmatch, names)):
                raise UserError(
                    f"{self.folder} holds other files and no history: name an empty folder, or a"
                    " new one"
                ) from None
            return None
        except OSError as error:
            raise UserError(f"cannot read {path}: {error.strerror}") from error
        try:
            index = msgspec.json.decode(data, type=_Index)
        except (msgspec.DecodeError, RecursionError) as error:
            raise UserError(
                f"{path} is damaged, or of another version of copydesk: {error}"
            ) from error
        if index.format != HISTORY_FORMAT:
            raise UserError(
                f"{path} has format {index.format}; this copydesk reads {HISTORY_FORMAT}"
            )
        if any(_FILE_NAME.fullmatch(file.path) is None for file in index.files):
            raise UserError(f"{path} names a file outside the history")
        if not all(map(is_consistent, index.files)):
            raise UserError(
                f"{path} is damaged: its counts contradict each other; put it back from a copy"
            )
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
                    table.filter(pc.is_in(names_in(table), wanted))
                    for table in read_files(self.folder, [file])
                )
                rest = write_file(self.folder, tables, scheme)
                if rest is not None:
                    yield rest

    def _commit(self, scheme: Scheme, files: Sequence[HistoryFile]) -> None:
        ordered = tuple(sorted(files, key=lambda file: file.runs))
        index = _Index(format=HISTORY_FORMAT, scheme=scheme, files=ordered)
        attempt = self.folder / f".{secrets.token_hex(8)}"
        with attempt.open("xb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(index), indent=1) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(attempt, self.folder / _INDEX)
        self._sync()
        self._index = index
        known = {file.path for file in ordered}
        for path in self.folder.glob("*"):
            ours = _FILE_NAME.fullmatch(path.name) or _UNFINISHED.fullmatch(path.name)
            if ours and path.name not in known:
                path.unlink()

    def _sync(self) -> None:
        """Let the storage know of the new index before the old files go."""
        folder = os.open(self.folder, os.O_RDONLY)
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
