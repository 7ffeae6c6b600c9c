"""Arrow schemas: every field of every record has its column, of the type that docs/output.md says."""

import types
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
import pyarrow as pa
import pytest

from pipeline.arrow_schemas import DISTINCT, LONG, SCHEMAS, columns
from pipeline.outputs import ORDER, DocumentRecord, RemovedRecord, SourceRecord
from transforms.document import Evidence

PLAIN = {int: pa.int64(), float: pa.float64(), str: pa.string()}
COUNT = pa.struct(
    [pa.field("name", pa.string(), nullable=False), pa.field("count", pa.int64(), nullable=False)]
)


def column(name: str, hint: Any) -> pa.Field:
    """The column that the rules of docs/output.md give for a field of a struct."""
    arguments = get_args(hint)
    nullable = types.NoneType in arguments and hint != Evidence
    if nullable:
        (hint,) = (each for each in arguments if each is not types.NoneType)
    return pa.field(name, arrow(name, hint), nullable=nullable)


def arrow(name: str, hint: Any) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if hint == Evidence:
        return pa.large_string()
    if hint == dict[str, int]:
        return pa.list_(pa.field("element", COUNT, nullable=False))
    if origin is tuple:
        return pa.list_(column("element", arguments[0]))
    if origin is Literal or origin in (Union, types.UnionType):
        return pa.string()
    if issubclass(hint, msgspec.Struct):
        return pa.struct(fields_of(hint))
    return pa.large_string() if name == "text" else PLAIN[hint]


def fields_of(kind: type[msgspec.Struct]) -> list[pa.Field]:
    hints = get_type_hints(kind)
    return [column(name, hints[name]) for name in kind.__struct_fields__]


@pytest.mark.parametrize("kind", list(ORDER))
def test_columns_are_the_fields_of_the_record(kind: type[msgspec.Struct]) -> None:
    assert SCHEMAS[kind].remove_metadata() == pa.schema(fields_of(kind))


def test_every_kind_of_record_has_a_schema_with_a_name_of_its_own() -> None:
    assert set(SCHEMAS) == set(ORDER)
    names = {schema.metadata[b"copydesk.schema"] for schema in SCHEMAS.values()}
    assert names == {b"documents/1", b"removed/1", b"rejected/1", b"sources/1"}


def test_nested_columns_are_named_as_parquet_names_them() -> None:
    names = columns(SCHEMAS[DocumentRecord])
    assert names["paragraphs.list.element.flags.list.element.kept.document"] == "document"
    assert names["paragraphs.list.element.text"] == "text"
    assert columns(SCHEMAS[SourceRecord])["white_space.list.element"] == "white_space"
    assert "kept.start" in columns(SCHEMAS[RemovedRecord])


def test_lists_of_special_columns_name_real_ones() -> None:
    real = {name for schema in SCHEMAS.values() for name in columns(schema).values()}
    assert real >= LONG | DISTINCT
