"""``robustness patterns``: it knows every pattern of the sources, and notices a quadratic one."""

from __future__ import annotations

import ast
import math
import re
import time
from collections.abc import Callable

import pytest
import re2

from benchmarks.robustness_finding import MADE, WAYS, Found, found, made_in, places
from benchmarks.robustness_growth import WHOLE, growth
from benchmarks.robustness_patterns import step_of
from benchmarks.robustness_runs import Halves, Unit, runs_of
from transforms.patterns import PatternSet


@pytest.fixture(scope="module")
def known() -> list[Found]:
    return found()


def test_every_pattern_that_the_sources_make_is_found(known: list[Found]) -> None:
    names = [each.name for each in known]
    made = places()
    assert len(made) > 90
    missing = [
        place
        for place in made
        if not (
            any(f"{name}.".startswith(f"{place.module}.{place.name}.") for name in names)
            if place.is_kept
            else f"{place.module}.{place.name}" in MADE
        )
    ]
    assert not missing, "hold it in a module's attribute, or say in MADE how a function makes it"


def test_what_functions_make_is_made_by_functions_that_are_there() -> None:
    inside = {f"{place.module}.{place.name}" for place in places() if not place.is_kept}
    assert set(MADE) == inside


def test_each_pattern_has_runs_of_its_characters_alone(known: list[Found]) -> None:
    for each in known:
        if not isinstance(each.pattern, PatternSet):
            runs = runs_of(each.pattern)
            assert any(isinstance(run, Unit) and len(run.again) == 1 for run in runs), each.name
            assert any(isinstance(run, Halves) for run in runs), each.name


def test_a_pattern_is_used_as_the_sources_say(known: list[Found]) -> None:
    ways = {each.name: each.ways for each in known}
    assert ways["pipeline.json_lines._INTEGER"] == ("fullmatch",)
    assert ways["pipeline.json_lines._ESCAPES"] == ("finditer",)  # of sub
    assert ways["pipeline.formats.SIGNATURES.gzip"] == WAYS  # given away in a table


SOURCE = """
import re, re2
_A = re.compile("a")
_B: Final = {"b": re2.compile("b")}
class C:
    d = re.compile("d")
    def method(self):
        return re.sub("e", "", "f")
make = lambda text: re2.compile(text)
"""


def test_places_are_seen_in_sources() -> None:
    assert [(each.name, each.is_kept) for each in made_in("m", ast.parse(SOURCE))] == [
        ("_A", True),
        ("_B", True),
        ("C.d", True),
        ("C.method", False),
        ("make", False),
    ]


class Clock:
    """Time that passes for nothing but what it is told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        monkeypatch.setattr(time, "process_time", lambda: self.now)

    def step(self, cost: Callable[[int], float]) -> Callable[[str], None]:
        def take(text: str) -> None:
            self.now += cost(len(text))

        return take


@pytest.mark.parametrize(
    ("cost", "is_over"),
    [
        (lambda size: 1e-6 * size, False),
        (lambda size: 1e-7 * size * math.log2(size), False),
        (lambda size: 1e-12 * size**2, True),
        (lambda size: 1e-6 * size**1.6, True),
        (lambda size: 1e-14 * size**2, False),  # a hundredth of a second for 1 MB
        (lambda size: 1e-6 * size * (4 if size == WHOLE else 1), False),  # memory has its steps
    ],
)
def test_what_grows_faster_than_its_input_is_over(
    cost: Callable[[int], float], is_over: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch)
    worst = growth(clock.step(cost), [Unit("", "a", "")])
    assert worst.is_over is is_over


# From every start, by two repetitions beside each other, and exponential.
SQUARES = [
    (r"\s+$", "finditer"),
    (r"\d+(?:,\d+)*%", "finditer"),
    (r"\s*(?:a)?\s*b", "match"),
    (r"(?:a|a)*b", "match"),
    (r"(\w+\s?)*!", "fullmatch"),
]


@pytest.mark.long  # timed
@pytest.mark.parametrize(("pattern", "way"), SQUARES)
def test_a_pattern_that_backtracks_is_noticed(
    pattern: str, way: str, small: Callable[[], None]
) -> None:
    small()
    compiled = re.compile(pattern)
    assert growth(step_of(compiled, way), runs_of(compiled)).is_over


@pytest.mark.long  # timed
@pytest.mark.parametrize(
    ("pattern", "way"),
    [(r"\s+", "finditer"), (r"\d+(?:,\d+)*%", "match"), (r"<[^<>]*+>", "finditer")],
)
def test_one_that_does_not_is_left_alone(pattern: str, way: str, small: Callable[[], None]) -> None:
    small()
    compiled = re.compile(pattern)
    worst = growth(step_of(compiled, way), runs_of(compiled))
    assert not worst.is_over
    assert worst.run is not None


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Sizes at which a test takes no time: what is over in them is so in larger ones."""

    def make() -> None:
        monkeypatch.setattr("benchmarks.robustness_growth.WHOLE", 1 << 15)
        monkeypatch.setattr("benchmarks.robustness_growth.SECOND", 1 << 11)
        monkeypatch.setattr("benchmarks.robustness_growth.FIRST", 1 << 9)
        monkeypatch.setattr("benchmarks.robustness_growth.FLOOR", 0.02)
        monkeypatch.setattr("benchmarks.robustness_growth._MOST_SECONDS", 3.0)

    return make


def test_classes_of_re2_have_members() -> None:
    runs = runs_of(re2.compile(r"[^\p{L}]\p{Nd}+[\x{2013}\p{Sc}]\z"))
    alone = {run.again for run in runs if isinstance(run, Unit) and len(run.again) == 1}
    assert {" ", "a", "0", "\u2013"} <= alone
