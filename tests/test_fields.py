"""Fields: what records say of themselves, and what they are called."""

import pytest

from pipeline.fields import media_type, own_id, record_id
from pipeline.repeated_ids import NO_IDS, RepeatedIds
from transforms.block import RecordError


@pytest.mark.parametrize(
    ("value", "expected"), [(None, None), ("", None), (7, "7"), ("a%\n", "a%25%0A")]
)
def test_an_own_id_is_escaped(value: str | int | None, expected: str | None) -> None:
    assert own_id(value, "id") == expected


def test_an_own_id_has_a_limit() -> None:
    assert own_id("x" * 1_000, "id")
    with pytest.raises(RecordError, match="'key'"):
        own_id("x" * 1_001, "key")


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        (None, "f#7"),
        ("a", "a"),
        ("twice", "twice~f#7"),
        ("g#12", "g#12~f#7"),
        ("g#x12", "g#x12"),
        ("#", "#"),
    ],
)
def test_no_two_records_have_one_id(own: str | None, expected: str) -> None:
    repeated = RepeatedIds.among(["twice", "twice"])
    assert record_id(own, "f", "7", repeated) == expected
    assert record_id(own, "f", "7", NO_IDS) == ("twice" if own == "twice" else expected)


def test_what_a_text_is() -> None:
    assert [media_type(each) for each in ("auto", "text", "html")] == [
        None, "text/plain", "text/html",
    ]  # fmt: skip
