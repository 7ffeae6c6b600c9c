"""What records inside containers say of themselves, and what they are called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal

from pipeline.repeated_ids import RepeatedIds
from pipeline.sources import document_id
from transforms.block import RecordError
from transforms.document import MOST_ID
from transforms.settings import InputSettings, TextIs

_NAMED_BY_PLACE: Final = re.compile(r"#[0-9]+\Z")
"""How the ids end that records get from their places."""

_MOST_NAMES: Final = 20
_MOST_NAME: Final = 64
"""Columns that an error names, and characters of each."""

MediaType = Literal["text/plain", "text/html"]

_MEDIA_TYPES: Final[dict[TextIs, MediaType]] = {"text": "text/plain", "html": "text/html"}


def media_type(text_is: TextIs) -> MediaType | None:
    """What the setting says of the text of a record; ``None`` leaves it to the content."""
    return _MEDIA_TYPES.get(text_is)


def field_names(settings: InputSettings) -> tuple[str, ...]:
    """The fields of a record that are read, each once."""
    names = (
        settings.text_field,
        settings.id_field,
        settings.url_field,
        settings.published_field,
    )
    return tuple(dict.fromkeys(names))


def own_id(value: str | int | None, field: str) -> str | None:
    """The id that a record brings, escaped; none where it is empty or not there.

    Args:
        value: what the record has; ``None`` for nothing.
        field: where it has it.

    Raises:
        RecordError: ``invalid-field``, it is too long.
    """
    if value is None:
        return None
    own = str(value)
    if len(own) > MOST_ID:
        raise wrong_id(field)
    return document_id(own) or None


def wrong_id(field: str) -> RecordError:
    """The error of an id that is none."""
    return RecordError(
        "invalid-field",
        f"{field!r} of the record is no integer and no string of up to {MOST_ID}"
        " characters: set input.id_field to the name of the field that holds the id",
    )


def some_names(names: Sequence[str]) -> str:
    """The first names of a table's columns, cut and quoted, for an error."""
    return ", ".join(map(_cut, names[:_MOST_NAMES])) or "nothing"


def _cut(name: str) -> str:
    shown = repr(name[:_MOST_NAME])
    return shown if len(shown) <= _MOST_NAME else shown[: _MOST_NAME - 3] + "..."


def record_id(own: str | None, source: str, record: str, repeated: RepeatedIds) -> str:
    """The id of a record, which no other has.

    Args:
        own: the one that it brings, if it does.
        source: the file.
        record: its place in there.
        repeated: the ids that are there more than once.
    """
    place = f"{source}#{record}"
    if own is None:
        return place
    if own in repeated or _NAMED_BY_PLACE.search(own):
        return f"{own}~{place}"
    return own
