"""How deep JSON nests, found without a parser: a parser's own limit depends on who calls it."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

MOST_DEPTH: Final = 200
"""Arrays and objects inside each other."""
PARSED_DEPTH: Final = 2 * MOST_DEPTH
"""What is still parsed, so that a record which is too deep costs itself; parsers go to 1,000, less
what is called already."""

_CHUNK: Final = 1024 * 1024
_STRINGS: Final = re.compile(rb'(?s)"[^"\\]*+(?:\\.[^"\\]*+)*+"?')
_NO_BRACKET: Final = bytes(set(range(256)) - set(b"[]{}"))


def is_too_deep(data: bytes, most: int = MOST_DEPTH) -> bool:
    """Whether more than ``most`` arrays and objects are inside each other.

    >>> is_too_deep(b'[["[", {}]]', 3), is_too_deep(b"[[[[]]]]", 3)
    (False, True)
    """
    if data.count(b"[") + data.count(b"{") <= most:
        return False
    brackets = _STRINGS.sub(b"", data).translate(None, _NO_BRACKET)
    depth = 0
    for at in range(0, len(brackets), _CHUNK):
        codes = np.frombuffer(brackets[at : at + _CHUNK], np.uint8)
        # The second bit is set in those that open.
        depths = depth + np.cumsum((codes & 2).astype(np.int64) - 1)
        if depths.max() > most:
            return True
        depth = int(depths[-1])
    return False
