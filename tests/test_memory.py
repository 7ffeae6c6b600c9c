"""Memory: a limit takes workers and adds passes, and what cannot fit is refused in plain words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import UserError
from pipeline.memory import parse_size, plan_memory, size

MB, GB = 1 << 20, 1 << 30
BLOCK = 4 * MB


def test_without_a_limit_a_run_has_its_workers_and_as_many_passes_as_the_input_asks_for() -> None:
    assert plan_memory(None, 40 * MB, BLOCK, 2)[:2] == (2, 1)
    assert plan_memory(None, 10 * GB, BLOCK, 2).passes > 10


def test_a_tighter_limit_takes_workers_first_and_then_adds_passes() -> None:
    wide = plan_memory(16 * GB, 1 * GB, BLOCK, 8)
    tight = plan_memory(3 * GB, 1 * GB, BLOCK, 8)
    assert wide.workers == 8
    assert 1 <= tight.workers < 8
    assert tight.passes >= wide.passes


@given(
    st.integers(300 * MB, 64 * GB),
    st.integers(1, 40 * GB),
    st.integers(1, 64 * MB),
    st.integers(1, 64),
)
def test_what_is_planned_is_within_the_limit(
    limit: int, input_bytes: int, block: int, workers: int
) -> None:
    try:
        plan = plan_memory(limit, input_bytes, block, workers)
    except UserError:
        # Then one worker is too many.
        assert plan_memory(None, input_bytes, block, 1).needed > limit
        return
    assert plan.needed <= limit
    assert 1 <= plan.workers <= workers
    assert plan.passes >= 1


def test_what_cannot_fit_is_refused_with_the_way_out() -> None:
    with pytest.raises(UserError, match=r"need .* GB .* allows 1.0 GB.*FlinkRunner"):
        plan_memory(1 * GB, 100 * GB, BLOCK, 2)


def test_sizes_are_read_as_people_write_them() -> None:
    assert [parse_size(each) for each in ("4GB", "4gib", "4 G", "4096MB")] == [4 * GB] * 4
    for wrong in ("", "GB", "-1GB", "4 parsecs", "0", "1e9", "9" * 40):
        with pytest.raises(ValueError, match="no size"):
            parse_size(wrong)
    assert size(1) == "1 MB"
