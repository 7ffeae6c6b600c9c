"""Parquet files whose footer says something else."""

from __future__ import annotations


def with_footer(data: bytes, old: bytes, new: bytes) -> bytes:
    """A file in whose footer some bytes, which are there once, are others."""
    assert data.count(old) == 1
    changed = data.replace(old, new)
    size = int.from_bytes(data[-8:-4], "little") + len(changed) - len(data)
    return changed[:-8] + size.to_bytes(4, "little") + changed[-4:]


def integer(number: int) -> bytes:
    """A field with an integer, behind the one before it."""
    rest = 2 * number if number >= 0 else -2 * number - 1
    out = b"\x16"
    while rest > 0x7F:
        out += bytes([rest & 0x7F | 0x80])
        rest >>= 7
    return out + bytes([rest])
