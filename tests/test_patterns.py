"""Sets of patterns: order, whole lines, limits, and time."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from transforms.patterns import Pattern, PatternSet, alternatives, phrases
from transforms.phrases import PHRASES
from transforms.shapes import SHAPES

WEATHER = PatternSet(
    (
        Pattern("short", "other", "rain.*", max_words=2),
        Pattern("long", "comment", "rain.*town"),
        Pattern("name", "byline", r"by (?-i:\p{Lu}).*"),
    )
)
ALL = PatternSet(SHAPES + PHRASES)


def name(line: str, patterns: PatternSet = WEATHER) -> str | None:
    found = patterns.match(line, len(line.split()))
    return found.name if found else None


def test_the_first_pattern_in_order_wins_within_its_limit_of_words() -> None:
    assert name("Rain") == "short"
    assert name("rain town") == "short"
    assert name("Rain in the town") == "long"
    assert name("Rain in the city") is None


def test_a_pattern_must_match_the_whole_line() -> None:
    assert name("No rain") is None


def test_case_counts_only_where_a_pattern_says_so() -> None:
    assert name("BY Émile") == "name"
    assert name("by émile") is None


def test_a_long_line_is_known_by_its_start_and_its_end() -> None:
    assert name("Rain " + "and wind " * 1000 + "in town") == "long"


def test_tables_become_groups() -> None:
    assert alternatives("see see_also") == "(?:see|see also)"
    assert phrases("\n  read more\n  see also\n") == "(?:read more|see also)"


def test_names_are_unique_so_that_evidence_is_clear() -> None:
    names = [pattern.name for pattern in SHAPES + PHRASES]
    assert len(names) == len(set(names))


@given(st.text(max_size=400))
def test_any_text_can_be_matched(text: str) -> None:
    ALL.match(text, len(text.split()))


def test_a_lone_surrogate_is_no_error() -> None:
    assert name("\ud800", ALL) is None


def test_hostile_lines_take_no_more_time_than_others() -> None:
    begin = time.process_time()
    for line in ("a" * 20_000_000, "photo: " * 3_000_000, "1 May " * 100 + "x"):
        ALL.match(line, 1)
    assert time.process_time() - begin < 5
