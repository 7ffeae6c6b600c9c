"""The collector of garbage: seldom during a run, as before behind it, and never off."""

from __future__ import annotations

import gc
import weakref

from pipeline.collecting import seldom_collecting


class _Ring:
    """Holds itself: only the collector frees it."""

    def __init__(self) -> None:
        self.own = self


def test_the_collector_runs_seldom_and_then_as_before() -> None:
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    with seldom_collecting():
        assert all(now > then for now, then in zip(gc.get_threshold(), before, strict=True))
        assert gc.get_freeze_count() > frozen
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0


def test_what_holds_itself_is_freed_during_a_run() -> None:
    with seldom_collecting():
        ring = weakref.ref(_Ring())
        held: list[list[int]] = [[] for _ in range(2 * gc.get_threshold()[0])]
        assert ring() is None
    assert held
