"""Compare a record with the one that it should be, field by field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

_SHOWN: Final = 80
"""How many characters of a value a message shows; a field may hold a whole text."""


def differences(stated: msgspec.Struct, expected: msgspec.Struct, why: str) -> Iterator[str]:
    """One sentence for each field of two records of a kind that is not written alike.

    Args:
        stated: what the output says.
        expected: what it should say.
        why: where that follows from (``the texts give``).
    """
    for name in stated.__struct_fields__:
        # As it is written: 1, 1.0 and true are equal in Python alone.
        one, other = (msgspec.json.encode(getattr(each, name)) for each in (stated, expected))
        if one != other:
            yield f"{name} is {_shown(one)}, {why} {_shown(other)}"


def _shown(value: bytes) -> str:
    text = value.decode()
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "..."
