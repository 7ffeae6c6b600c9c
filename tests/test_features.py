"""What the judge sees of each line."""

from __future__ import annotations

import numpy as np

from transforms.features import as_table


def test_a_value_beyond_16_bits_is_the_nearest_within() -> None:
    values = [0, 32_767, 32_768, 1 << 40, -32_768, -32_769, -(1 << 40)]
    table = as_table({"a": np.array(values), "b": np.zeros(len(values), np.int64)})
    assert (table.names, table.values.dtype) == (("a", "b"), np.dtype(np.int16))
    assert table.values[:, 0].tolist() == [0, 32_767, 32_767, 32_767, -32_768, -32_768, -32_768]
