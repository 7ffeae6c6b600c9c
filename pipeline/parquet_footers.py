"""What the footer of a Parquet file says, and whether it may be asked: it is a stranger's."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, BinaryIO, Final

from transforms.block import RecordError

if TYPE_CHECKING:
    import pyarrow.parquet

BUFFER: Final = 1024 * 1024
"""Bytes that are read of a file in one go."""


def open_table(file: BinaryIO) -> pyarrow.parquet.ParquetFile:
    """A table whose rows add up.

    Raises:
        RecordError: ``damaged-file``.
    """
    # Imported here: most runs read none.
    import pyarrow
    import pyarrow.parquet

    try:
        table = pyarrow.parquet.ParquetFile(
            file, buffer_size=BUFFER, pre_buffer=False, page_checksum_verification=True
        )
    except MemoryError:
        raise  # says nothing about the file
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        raise _no_footer(type(error).__name__) from error
    about = table.metadata
    rows = [about.row_group(at).num_rows for at in range(about.num_row_groups)]
    # Rows are named by their number, and those of which a group does not tell are not read.
    if min(rows, default=0) < 0 or sum(rows) != about.num_rows:
        raise _no_footer("the numbers of rows do not add up")
    return table


def _no_footer(why: str) -> RecordError:
    return RecordError(
        "damaged-file",
        "the footer of the Parquet file cannot be read, and without it nothing in the file can be"
        f" found ({why}): fetch the file again",
    )


class _NoBytes(io.RawIOBase):
    """A file as long as can be, of which nothing is read."""

    asked = False
    """Whether somebody wanted to."""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, *_: int) -> int:
        return 0

    def tell(self) -> int:
        return 1 << 62

    def read(self, *_: int) -> bytes:
        self.asked = True
        return b""


class Chunks:
    """What the footer of a table says of the columns of its row groups.

    Arrow ends the process where it is asked for something that it finds wrong (sizes by level that
    are too many, say), but gives an error where it is to read such a column.  So each is begun
    to be read before, from a file without bytes.
    """

    def __init__(self, table: pyarrow.parquet.ParquetFile) -> None:
        import pyarrow.parquet

        self._about = table.metadata
        self._file = _NoBytes()
        self._trial = pyarrow.parquet.ParquetFile(
            self._file, metadata=table.metadata, buffer_size=1, pre_buffer=False
        )

    def at(self, group: int, column: int) -> pyarrow.parquet.ColumnChunkMetaData | None:
        """A column of a row group, ``None`` if it cannot be as the footer says."""
        import pyarrow

        self._file.asked = False
        try:
            next(
                self._trial.reader.iter_batches(
                    1, row_groups=[group], column_indices=[column], use_threads=False
                ),
                None,
            )
        except MemoryError:
            raise  # says nothing about the file
        except (pyarrow.ArrowException, OSError, ValueError):
            pass  # there are no bytes, or it was wrong before
        return self._about.row_group(group).column(column) if self._file.asked else None


def flat_columns(table: pyarrow.parquet.ParquetFile, name: str) -> list[int]:
    """Where a column is that has one value in each row; of a nested one, nothing.

    A list has any number of values in a row, and Arrow makes all of them before it gives the row.
    """
    schema = table.schema
    columns = ((at, schema.column(at)) for at in range(len(schema)))
    return [at for at, each in columns if each.path == name and not each.max_repetition_level]


def sizes_of(wanted: Sequence[pyarrow.parquet.ColumnChunkMetaData]) -> tuple[int, int]:
    """What some columns of a row group have packed, and unpacked, by what the file says."""
    packed = sum(max(each.total_compressed_size, 0) for each in wanted)
    return packed, max(sum(max(each.total_uncompressed_size, 0) for each in wanted), 1)


def first_byte(chunks: Chunks, group: int) -> int:
    """Where a row group begins in its file."""
    column = chunks.at(group, 0)
    if column is None:
        return 0
    starts = (column.dictionary_page_offset, column.data_page_offset)
    return min(int(start) for start in starts if start is not None)
