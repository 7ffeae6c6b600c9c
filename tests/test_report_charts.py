"""Charts: bars over the right places, thresholds where they are, streams that add up."""

from __future__ import annotations

from itertools import pairwise

import pytest

from pipeline.report.charts import HEIGHT, WIDTH, Bars, Part, lay_out, lay_out_flow
from pipeline.report.figures import Histogram


def laid_out(histogram: Histogram) -> Bars:
    return lay_out(
        histogram,
        title="t",
        axis="a",
        counted="c",
        note="n",
        ticks=(0, 0.5, 1),
        thresholds=((0.5, "half"),),
    )


def test_bars_are_as_high_as_their_counts_and_stand_at_their_values() -> None:
    histogram = Histogram.empty(0, 1, 10)
    for value, times in ((0.05, 8), (0.55, 4)):
        for _ in range(times):
            histogram.add(value)
    histogram.add(0.55, marked=True)
    chart = laid_out(histogram)
    first, second = chart.bars
    assert first.height == pytest.approx(2 * second.height, rel=0.01)
    assert second.x == chart.lines[0].x == chart.xs[1].at
    assert second.marked_y + second.marked_height == pytest.approx(second.y)
    assert chart.lines[0].label == "0.5 half"
    assert (first.label, first.removed, second.marked) == ("0 to 0.1", 8, 1)


def test_one_is_seen_beside_many_and_nothing_leaves_the_drawing() -> None:
    histogram = Histogram.empty(0, 1, 40)
    for _ in range(12_345):
        histogram.add(0.1)
    histogram.add(1)
    chart = laid_out(histogram)
    assert all(bar.height >= 1 for bar in chart.bars)
    assert all(bar.marked_y >= 0 and bar.x + bar.width <= WIDTH for bar in chart.bars)
    assert all(0 <= tick.at <= HEIGHT for tick in chart.ys)
    assert chart.ys[-1].label == "20,000"


def test_nothing_counted_draws_nothing() -> None:
    assert laid_out(Histogram.empty(0, 1, 4)).bars == []


def test_streams_share_the_input_and_their_names_do_not_overlap() -> None:
    parts = [Part("stays", "kept", 900), Part("a", "links", 1), Part("b", "page", 99)]
    flow = lay_out_flow(parts)
    assert sum(stream.width for stream in flow.streams) == pytest.approx(flow.input_height, abs=1)
    heights = [stream.y for stream in flow.streams]
    assert all(later - earlier >= 20 for earlier, later in pairwise(heights))
    assert flow.streams[0].amount == "900 (90.0%)"
    assert lay_out_flow([Part("stays", "kept", 0)]).streams[0].amount == "0 (0.0%)"
