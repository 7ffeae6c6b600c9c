"""The shuffle: every record reaches the reader of its partition, and damage is found out."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from transforms.shuffling import ShuffleError, ShuffleFile, cut, encode_shuffle, read_shuffle

RECORD = np.dtype([("bucket", "<u8"), ("key", "<i8")])


def records(*rows: tuple[int, int]) -> NDArray[np.void]:
    return np.array(list(rows), dtype=RECORD)


def left(path: Path, *partitions: NDArray[np.void]) -> ShuffleFile:
    parts, slices = encode_shuffle(partitions)
    path.write_bytes(b"".join(parts))
    return ShuffleFile(str(path), slices)


def test_a_reader_gets_its_partition_of_every_writer(tmp_path: Path) -> None:
    one = left(tmp_path / "one", records((1, 1)), records(), records((2, 2), (3, 3)))
    other = left(tmp_path / "other", records(), records(), records((4, 4)))
    found = [read_shuffle([one, other], number, RECORD)["key"].tolist() for number in range(4)]
    assert found == [[1], [], [2, 3, 4], []]


def test_a_file_that_is_gone_or_damaged_is_found_out(tmp_path: Path) -> None:
    path = tmp_path / "one"
    file = left(path, records((1, 1), (2, 2)))
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ShuffleError, match="not what was written"):
        read_shuffle([file], 0, RECORD)
    path.unlink()
    with pytest.raises(ShuffleError, match="cannot read"):
        read_shuffle([file], 0, RECORD)


@given(st.lists(st.integers(0, 2**64 - 1), max_size=30), st.integers(1, 5))
def test_ranges_take_every_record_once_and_keep_a_bucket_together(
    buckets: list[int], ranges: int
) -> None:
    made = records(*((bucket, at) for at, bucket in enumerate(buckets)))
    parts = cut(made, ranges)
    assert len(parts) == ranges
    assert sorted(key for part in parts for key in part["key"].tolist()) == [*range(len(buckets))]
    homes = [number for number, part in enumerate(parts) for _ in set(part["bucket"].tolist())]
    assert len(homes) == len(set(buckets))
