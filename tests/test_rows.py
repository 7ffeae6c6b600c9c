"""Rows: the fields of the records, and what a row must hold."""

from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from apache_beam.coders import RowCoder
from apache_beam.coders.typecoders import registry
from apache_beam.pvalue import Row

from transforms.cleaning import clean
from transforms.document import DeadLetter, Record
from transforms.rows import ROWS, InputRow, RejectedRow, record_of, row_of

TEXT = "The town council voted on Monday for a new bridge over the river Arle, officials said."


@pytest.mark.parametrize("struct", ROWS)
def test_a_row_has_the_fields_of_its_record(struct: type[msgspec.Struct]) -> None:
    assert ROWS[struct]._fields == struct.__struct_fields__
    assert isinstance(registry.get_coder(ROWS[struct]), RowCoder)


def test_what_was_cleaned_survives_the_coder_of_its_row() -> None:
    cleaned = clean(f"Share this\n{TEXT}\n{TEXT}\n")
    assert cleaned.document is not None
    for record in (cleaned.document, *cleaned.removed, cleaned.source):
        row = row_of(record)
        coder = registry.get_coder(type(row))
        again = coder.decode(coder.encode(row))
        assert plain(again) == plain(row) == plain(record)


def plain(value: Any) -> Any:
    """Fields by name, whatever holds them."""
    if isinstance(value, msgspec.Struct):
        return plain({name: getattr(value, name) for name in value.__struct_fields__})
    if hasattr(value, "_asdict"):
        return plain(value._asdict())
    if isinstance(value, dict):
        return {
            name: msgspec.json.decode(each)
            if name == "evidence" and isinstance(each, str)
            else plain(each)
            for name, each in value.items()
        }
    return [plain(each) for each in value] if isinstance(value, list | tuple) else value


def record(row: object) -> Record:
    found = record_of(row)
    assert isinstance(found, Record)
    return found


def test_any_row_with_an_id_and_a_text_will_do() -> None:
    for row in (InputRow("7", TEXT), Row(id=7, text=TEXT, other=1)):
        found = record(row)
        assert (found.id, found.source, found.data) == ("7", "7", TEXT.encode())
        assert (found.url, found.published, found.media_type) == (None, None, None)


def test_what_a_row_says_of_its_text_is_used_where_it_can_be() -> None:
    known = record(InputRow("a", TEXT, "https://x.example/", "2019-02-16", "text/html"))
    assert known.url == "https://x.example/"
    assert known.published == "2019-02-16"
    assert known.media_type == "text/html"
    odd = record(Row(id="a", text=TEXT, url=float("nan"), published=3, media_type=[]))
    assert (odd.url, odd.published, odd.media_type) == (None, None, None)


def test_bytes_are_for_the_decoder() -> None:
    assert record(Row(id="a", text=b"\xff")).charset is None
    assert record(Row(id="a", text="\ud83d")).data == b"\xed\xa0\xbd"


@pytest.mark.parametrize(
    ("id", "text", "error"),
    [
        ("a", None, "no-text"),
        ("a", 3.5, "invalid-field"),
        (None, TEXT, "invalid-field"),
        ("", TEXT, "invalid-field"),
        (True, TEXT, "invalid-field"),
        ("\ud83d", TEXT, "invalid-field"),
        ("x" * 1_001, TEXT, "invalid-field"),
        (None, None, "invalid-field"),
    ],
)
def test_a_row_that_cannot_be_used_is_a_dead_letter(id: object, text: object, error: str) -> None:
    letter = record_of(Row(id=id, text=text))
    assert isinstance(letter, DeadLetter)
    assert letter.error == error
    assert letter.source == "a" or letter.source.startswith("sha256:")
    assert RejectedRow(*msgspec.structs.astuple(letter)).source == letter.source


def test_rows_without_the_fields_are_a_mistake_of_the_pipeline() -> None:
    with pytest.raises(TypeError, match="no field 'text'"):
        record_of(SimpleNamespace(id="a", body=TEXT))
