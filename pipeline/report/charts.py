"""Lay charts out: numbers for the templates, which draw them as SVG.

Everything is in user units of the drawing; colours and fonts are those of the
page, by class, so that a chart follows light and dark and prints.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from pipeline.report.figures import Histogram

WIDTH: Final = 640
HEIGHT: Final = 220
_LEFT: Final = 48
_RIGHT: Final = 12
_TOP: Final = 30
"""Room for what is written at a threshold."""
_BOTTOM: Final = 36
_TICKS: Final = 4
_LATE: Final = 0.75
"""From this share of the width on, what is written at a threshold ends there."""


class Bar(NamedTuple):
    """One bar, what was removed at the bottom and what is marked on top of it."""

    x: float
    width: float
    y: float
    height: float
    marked_y: float
    marked_height: float
    label: str
    """What it counts, for a tooltip and for readers of the table."""
    removed: int
    marked: int


class Tick(NamedTuple):
    """A place on an axis."""

    at: float
    label: str
    anchor: str = "middle"
    """Which part of its label stands there; the last one would not fit otherwise."""


class Line(NamedTuple):
    """A threshold drawn into a chart."""

    x: float
    label: str
    row: int
    """Of the rows of labels at the top: two that are close take turns."""
    anchor: str
    """Which end of its label stands at the line."""


class Bars(NamedTuple):
    """A histogram, laid out."""

    title: str
    axis: str
    """What is measured along the bars."""
    counted: str
    """What they count."""
    bars: list[Bar]
    xs: list[Tick]
    ys: list[Tick]
    lines: list[Line]
    note: str
    marked: bool
    """Whether anything is marked, so that the legend is needed."""


def lay_out(
    histogram: Histogram,
    *,
    title: str,
    axis: str,
    counted: str,
    note: str,
    ticks: Sequence[float],
    thresholds: Sequence[tuple[float, str]] = (),
    percent: bool = False,
) -> Bars:
    """Lay a histogram out.

    Args:
        ticks: values that are named below the bars.
        thresholds: values at which a line is drawn, with what is written there.
        percent: values are shares.
    """
    span = histogram.high - histogram.low
    wide = WIDTH - _LEFT - _RIGHT
    tall = HEIGHT - _TOP - _BOTTOM
    step = span / len(histogram.removed)
    most = max(map(sum, zip(histogram.removed, histogram.marked, strict=True)))
    top = _round_up(most)

    def at(value: float) -> float:
        return round(_LEFT + (value - histogram.low) / span * wide, 1)

    def height(count: int) -> float:
        # A single one must be seen beside thousands.
        return max(round(count / top * tall, 1), 1.5) if count else 0.0

    bars = []
    floor = HEIGHT - _BOTTOM
    for place, (removed, marked) in enumerate(
        zip(histogram.removed, histogram.marked, strict=True)
    ):
        if removed or marked:
            low = histogram.low + place * step
            x = at(low)
            below, above = height(removed), height(marked)
            bars.append(
                Bar(
                    x=x,
                    width=round(max(at(low + step) - x - 1, 1.0), 1),
                    y=round(floor - below, 1),
                    height=below,
                    marked_y=round(floor - below - above, 1),
                    marked_height=above,
                    label=f"{_value(low, percent)} to {_value(low + step, percent)}",
                    removed=removed,
                    marked=marked,
                )
            )
    return Bars(
        title=title,
        axis=axis,
        counted=counted,
        bars=bars,
        xs=[
            Tick(at(value), _value(value, percent), "middle" if value < histogram.high else "end")
            for value in ticks
        ],
        ys=_counts(top, floor, tall),
        lines=[
            Line(
                at(value),
                f"{_value(value, percent)} {label}",
                row % 2,
                "end" if at(value) > _LEFT + wide * _LATE else "start",
            )
            for row, (value, label) in enumerate(thresholds)
        ],
        note=note,
        marked=any(histogram.marked),
    )


def _value(value: float, percent: bool) -> str:
    return f"{value:.0%}" if percent else f"{round(value, 3):g}"


def _counts(top: int, floor: float, tall: float) -> list[Tick]:
    step = max(top // _TICKS, 1)
    return [
        Tick(round(floor - count / top * tall, 1), f"{count:,}")
        for count in range(0, top + 1, step)
    ]


def _round_up(count: int) -> int:
    """The least of 4, 8, 20, 40, 80, 200 ... that is no less: its quarters are whole."""
    size = 1
    while True:
        for top in (4 * size, 8 * size, 20 * size):
            if count <= top:
                return top
        size *= 10


class Stream(NamedTuple):
    """A part of the text on its way from left to right."""

    path: str
    """Of its middle line; the width is that of its stroke."""
    width: float
    x: float
    """Where its name stands."""
    y: float
    name: str
    amount: str
    family: str
    """The class that gives the colour."""


class Flow(NamedTuple):
    """The text from input to what stays, and what leaves it."""

    width: int
    height: int
    streams: list[Stream]
    input_y: float
    input_height: float


FLOW_WIDTH: Final = 1_000
_FLOW_TALL: Final = 240
_FLOW_TOP: Final = 16
_FROM: Final = 132
_TO: Final = 640
_LABEL: Final = 22
"""Height of a line of text: names need it even where a stream is thin."""


class Part(NamedTuple):
    """What a stream carries."""

    name: str
    family: str
    characters: int


def lay_out_flow(parts: Sequence[Part]) -> Flow:
    """Streams from the input to each part, the first on top; their widths add up to the input's."""
    total = sum(part.characters for part in parts) or 1
    streams = []
    left = right = float(_FLOW_TOP)
    for part in parts:
        width = part.characters / total * _FLOW_TALL
        room = max(width, _LABEL)
        start, end = left + width / 2, right + room / 2
        middle = (_FROM + _TO) / 2
        streams.append(
            Stream(
                path=f"M{_FROM} {start:.1f} C{middle} {start:.1f} {middle} {end:.1f}"
                f" {_TO} {end:.1f}",
                width=round(max(width, 0.75), 2),
                x=_TO + 12,
                y=round(end, 1),
                name=part.name,
                amount=f"{part.characters:,} ({part.characters / total:.1%})",
                family=part.family,
            )
        )
        left += width
        right += room + 4
    return Flow(
        width=FLOW_WIDTH,
        height=math.ceil(max(right, _FLOW_TOP + _FLOW_TALL) + _FLOW_TOP),
        streams=streams,
        input_y=_FLOW_TOP,
        input_height=_FLOW_TALL,
    )
