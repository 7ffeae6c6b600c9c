"""Columns: arrays come back as they were, from bytes and from a mapped file."""

import mmap
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.columns import Packed, read_columns, write_columns

ARRAYS = {
    "numbers": np.array([3, 1, 2]),
    "none": np.zeros(0, np.uint64),
    "digests": np.frombuffer(b"0123456789abcdef" * 2, "V16"),
    "flags": np.array([True, False, True, True, False]),
}


def test_arrays_come_back_from_a_mapped_file(tmp_path: Path) -> None:
    path = tmp_path / "columns"
    path.write_bytes(write_columns(ARRAYS))
    with path.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    found = read_columns(mapped)
    assert list(found) == list(ARRAYS)
    for name, array in ARRAYS.items():
        assert found[name].dtype == array.dtype
        assert found[name].tolist() == array.tolist()
        assert not (len(array) and found[name].flags.writeable)


@given(st.lists(st.binary(max_size=9), max_size=9))
def test_items_are_decoded_one_by_one(items: list[bytes]) -> None:
    packed = Packed.of(items, bytes)
    assert list(packed) == items
    assert packed[1:3] == items[1:3]
    with pytest.raises(IndexError):
        packed[len(items)]
