"""The Arrow schemas of Parquet part files: one for each kind of record.

A column is a field of the struct in :mod:`pipeline.outputs`, in the same order.
Two have no Arrow type of their own: ``evidence`` has names that differ from
verdict to verdict and is a string of JSON, and ``changes`` is a list of names
with counts, as Arrow's maps are not read everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
import pyarrow as pa

from pipeline import __version__
from pipeline.outputs import (
    FORMAT_VERSION,
    DocumentRecord,
    RejectedRecord,
    RemovedRecord,
    SourceRecord,
)

SCHEMA_NAME: Final = b"copydesk.schema"
"""The key in a file's metadata that says name and version of its schema."""

LONG: Final = frozenset(("text", "evidence", "sample", "white_space", "sha256"))
"""Columns in which nobody looks for a range: no statistics and no dictionary."""

DISTINCT: Final = LONG | {"id", "url", "title", "survivor"}
"""Columns whose values hardly repeat: a dictionary would be as large as they are."""

_INTEGER: Final = pa.int64()
_NUMBER: Final = pa.float64()
_STRING: Final = pa.string()
_TEXT: Final = pa.large_string()  # a row group may hold more than 2 GB of them


def _required(name: str, of: pa.DataType) -> pa.Field:
    return pa.field(name, of, nullable=False)


def _list_of(element: pa.DataType) -> pa.DataType:
    return pa.list_(_required("element", element))


_KEPT: Final = pa.struct(
    [
        pa.field("run", _STRING),
        _required("document", _STRING),
        pa.field("paragraph", _INTEGER),
        pa.field("start", _INTEGER),
        pa.field("end", _INTEGER),
    ]
)

_FLAG: Final = pa.struct(
    [
        _required("verdict", _STRING),
        _required("kept", _KEPT),
        _required("jaccard", _NUMBER),
        _required("containment", _NUMBER),
        _required("evidence", _TEXT),
    ]
)

_PARAGRAPH: Final = pa.struct(
    [
        _required("index", _INTEGER),
        _required("kind", _STRING),
        _required("text", _TEXT),
        _required("start", _INTEGER),
        _required("end", _INTEGER),
        _required("flags", _list_of(_FLAG)),
    ]
)

_CHANGE: Final = pa.struct([_required("name", _STRING), _required("count", _INTEGER)])


def _schema(name: str, fields: list[pa.Field]) -> pa.Schema:
    metadata = {
        SCHEMA_NAME: name,
        "copydesk.format": str(FORMAT_VERSION),
        "copydesk.version": __version__,
    }
    return pa.schema(fields, metadata=metadata)


SCHEMAS: Mapping[type[msgspec.Struct], pa.Schema] = {
    DocumentRecord: _schema(
        "documents/1",
        [
            _required("id", _STRING),
            _required("source", _STRING),
            pa.field("url", _STRING),
            pa.field("title", _STRING),
            pa.field("author", _STRING),
            pa.field("site", _STRING),
            pa.field("published", _STRING),
            pa.field("fetched", _STRING),
            pa.field("language", _STRING),
            _required("text", _TEXT),
            _required("paragraphs", _list_of(_PARAGRAPH)),
            _required("characters_in", _INTEGER),
            _required("characters_out", _INTEGER),
            _required("sha256", _STRING),
        ],
    ),
    RemovedRecord: _schema(
        "removed/1",
        [
            _required("document", _STRING),
            _required("paragraph", _INTEGER),
            _required("start", _INTEGER),
            _required("end", _INTEGER),
            _required("text", _TEXT),
            _required("kind", _STRING),
            _required("verdict", _STRING),
            _required("reason", _STRING),
            _required("score", _NUMBER),
            _required("evidence", _TEXT),
            pa.field("kept", _KEPT),
            pa.field("jaccard", _NUMBER),
            pa.field("containment", _NUMBER),
            _required("rule", _STRING),
        ],
    ),
    RejectedRecord: _schema(
        "rejected/1",
        [
            _required("source", _STRING),
            pa.field("record", _STRING),
            pa.field("offset", _INTEGER),
            _required("error", _STRING),
            _required("message", _STRING),
            _required("sample", _STRING),
        ],
    ),
    SourceRecord: _schema(
        "sources/1",
        [
            _required("id", _STRING),
            _required("source", _STRING),
            pa.field("record", _STRING),
            _required("status", _STRING),
            pa.field("url", _STRING),
            pa.field("site", _STRING),
            pa.field("published", _STRING),
            pa.field("fetched", _STRING),
            _required("headers", _list_of(_STRING)),
            pa.field("language", _STRING),
            pa.field("characters", _INTEGER),
            pa.field("sha256", _STRING),
            pa.field("encoding", _STRING),
            _required("changes", _list_of(_CHANGE)),
            _required("replaced_at", _list_of(_INTEGER)),
            _required("white_space", _list_of(_STRING)),
            pa.field("survivor", _STRING),
            pa.field("survivor_run", _STRING),
            pa.field("means", _STRING),
            pa.field("share", _NUMBER),
            pa.field("proven", _NUMBER),
        ],
    ),
}
"""The schema of each kind; whoever changes a column raises its version."""


def columns(schema: pa.Schema) -> dict[str, str]:
    """The name of each Parquet column and, where it is nested, of the field that it belongs to.

    >>> columns(SCHEMAS[SourceRecord])["changes.list.element.count"]
    'count'
    """
    found: dict[str, str] = {}
    for field in schema:
        _add_columns(field.name, field.name, field.type, found)
    return found


def _add_columns(path: str, name: str, of: Any, found: dict[str, str]) -> None:
    if pa.types.is_struct(of):
        for field in of:
            _add_columns(f"{path}.{field.name}", field.name, field.type, found)
    elif pa.types.is_list(of):
        _add_columns(f"{path}.list.element", name, of.value_type, found)
    else:
        found[path] = name
