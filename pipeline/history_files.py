"""The files of a history, and what waits in the staging folder of a run to be one."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import RunError
from pipeline.outputs import STAGING
from transforms.history import HistoryError, Scheme, history_schema, read_scheme

_KEPT: Final = "kept-"
"""How the names of files begin that wait in the staging folder."""
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


def is_consistent(file: HistoryFile) -> bool:
    """Whether what the index says of a file can be true."""
    return (
        0 < len(file.runs) == len(file.rows)
        and list(file.runs) == sorted(set(file.runs))
        and min(file.rows) > 0
        and min(file.groups, default=0) > 0
        and sum(file.rows) == sum(file.groups)
    )


def read_files(folder: Path, files: Iterable[HistoryFile]) -> Iterator[pa.Table]:
    """The rows of files, row group by row group.

    Raises:
        RunError: a file is not what was written.
    """
    for file in files:
        path = folder / file.path
        with path.open("rb") as data:
            digest = hashlib.file_digest(data, "sha256").hexdigest()
        if digest != file.sha256:
            raise RunError(
                f"{path} is not what was written (its digest differs): put it back from a copy,"
                f" or drop all its runs at once: {' '.join(file.runs)}"
            )
        with pq.ParquetFile(path) as parquet:
            _check_table(parquet, file, path)
            for group in range(parquet.num_row_groups):
                yield parquet.read_row_group(group)


def _check_table(parquet: pq.ParquetFile, file: HistoryFile, path: Path) -> None:
    """Raise :class:`RunError` unless a file has the columns and rows that the index says."""
    about = parquet.metadata
    groups = tuple(about.row_group(at).num_rows for at in range(about.num_row_groups))
    try:
        schema = history_schema(read_scheme(parquet.schema_arrow))
    except HistoryError as error:
        raise RunError(f"{path}: {error}") from error
    if groups != file.groups or not parquet.schema_arrow.equals(schema):
        raise RunError(f"{path} has other columns or rows than the history says")


def write_file(folder: Path, tables: Iterable[pa.Table], scheme: Scheme) -> HistoryFile | None:
    """A new file with these rows, or ``None`` where there are none."""
    attempt = folder / f".{secrets.token_hex(8)}"
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
                counts.update(names_in(table).to_pylist())
        if not counts:
            attempt.unlink()
            return None
        with attempt.open("rb+") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            os.fsync(file.fileno())
        path = folder / f"{digest[:32]}.parquet"
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


def names_in(table: pa.Table) -> Any:
    """The run of each row."""
    return table.column("run").combine_chunks().dictionary_decode()


def slices_of(groups: Sequence[int]) -> Iterator[range]:
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
