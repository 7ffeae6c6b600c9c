"""Unpacking: every member that is whole is read, and what is not is told."""

from __future__ import annotations

import io
import lzma
import random
import subprocess
import sys
import zlib

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from pipeline.formats import compression_of
from pipeline.unpacking import Unpacked, unpacked
from tests.packing import PACK
from transforms.block import RecordError

WAYS = pytest.mark.parametrize("way", list(PACK))
FREE = 1 << 24


def opened(data: bytes, expansion: int = 100, free: int = FREE) -> Unpacked:
    packed = unpacked(io.BytesIO(data), expansion, free)
    assert packed is not None
    return packed


def read(data: bytes) -> tuple[list[bytes], list[RecordError]]:
    """What can be read between the places that are damaged, and what is wrong there."""
    packed = opened(data)
    reader = io.BufferedReader(packed)
    parts: list[bytes] = []
    damages: list[RecordError] = []
    while True:
        parts.append(reader.read())
        if packed.damage is None:
            return parts, damages
        damages.append(packed.damage)
        if not packed.resume():
            return parts, damages


def in_steps(data: bytes, size: int) -> tuple[bytes, str]:
    """What comes before the first damage, read so many bytes at a time."""
    packed = opened(data)
    return b"".join(iter(lambda: packed.read(size), b"")), str(packed.damage)


def noise(seed: int, size: int = 5_000) -> bytes:
    return random.Random(seed).randbytes(size)


def test_what_is_not_compressed_is_left_as_it_is() -> None:
    file = io.BytesIO(b"plain text")
    assert unpacked(file, 100, FREE) is None
    assert file.tell() == 0


@WAYS
def test_members_follow_each_other(way: str) -> None:
    data = PACK[way](b"one ") + PACK[way](b"") + PACK[way](b"two") + bytes(512)
    assert read(data) == ([b"one two"], [])


@WAYS
@pytest.mark.parametrize("size", [7, 1_000, 1 << 20])
def test_however_much_is_asked_for_the_bytes_are_the_same(way: str, size: int) -> None:
    text = noise(1, 3_000) + b"x" * 50_000
    packed = opened(PACK[way](text) + PACK[way](b"more"))
    parts = []
    while part := packed.read(size):
        assert len(part) <= size
        parts.append(part)
    assert b"".join(parts) == text + b"more"


def test_a_frame_that_is_to_be_skipped_is() -> None:
    skippable = b"\x50\x2a\x4d\x18\x04\0\0\0abcd"
    assert read(skippable + PACK["zst"](b"text") + skippable) == ([b"text"], [])


@WAYS
def test_a_member_that_is_cut_costs_itself(way: str) -> None:
    first, last = PACK[way](noise(1)), PACK[way](b"last")
    parts, damages = read(first + PACK[way](noise(2))[:2_000] + last)
    assert parts[0].startswith(noise(1))
    assert parts[-1] == b"last"
    # A decoder may take what follows for the rest, and miss its end.
    assert len(damages) == 1
    assert damages[0].error in ("damaged-file", "truncated-file")
    assert damages[0].offset == len(first)


@WAYS
def test_a_file_that_is_cut_is_read_as_far_as_it_goes(way: str) -> None:
    first = PACK[way](noise(1))
    parts, damages = read(first + PACK[way](noise(2))[:2_000])
    assert parts[0].startswith(noise(1))
    assert [(damage.error, damage.offset) for damage in damages] == [("truncated-file", len(first))]


@WAYS
@pytest.mark.parametrize("cut", range(1, 20))
def test_however_little_is_asked_for_a_cut_loses_no_more(way: str, cut: int) -> None:
    packed = PACK[way](b"x" * 50_000)[:-cut]
    assert in_steps(packed, 1_000) == in_steps(packed, 1 << 20)


@WAYS
def test_what_follows_a_member_and_is_none_is_told(way: str) -> None:
    first = PACK[way](b"text")
    parts, damages = read(first + b"something else")
    assert parts == [b"text"]
    assert [(damage.error, damage.offset) for damage in damages] == [("damaged-file", len(first))]


@WAYS
@given(at=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_a_bit_that_flips_is_told_and_costs_one_member(way: str, at: int, bit: int) -> None:
    members = [PACK[way](noise(seed, 900)) for seed in range(3)]
    data = bytearray(b"".join(members))
    at %= len(data)
    data[at] ^= 1 << bit
    hit = next(n for n in range(3) if at < len(b"".join(members[: n + 1])))
    if compression_of(bytes(data)) is None:
        return  # it is no compressed file any more
    parts, damages = read(bytes(data))
    for seed in range(3):
        if seed != hit:
            assert noise(seed, 900) in b"|".join(parts)
    if noise(hit, 900) not in b"|".join(parts):
        assert damages


@WAYS
def test_a_bomb_stops_at_its_limit(way: str) -> None:
    packed = opened(PACK[way](bytes(12_000_000)), expansion=10, free=1_000_000)
    size = 0
    while part := packed.read(1 << 16):
        size += len(part)
    assert packed.damage is not None
    assert packed.damage.error == "unpacks-too-far"
    assert size <= 1_000_000
    assert not packed.resume()


@pytest.mark.parametrize("preset", [6, 9])
def test_xz_may_not_take_memory_without_limit(preset: int) -> None:
    packed = unpacked(io.BytesIO(lzma.compress(b"text", preset=preset)), 100, FREE, 20 << 20)
    assert packed is not None
    text = packed.read()
    if preset == 6:  # 9 MB
        assert text == b"text"
    else:  # 65 MB
        assert packed.damage is not None
        assert packed.damage.error == "window-too-large"
        assert "raise input.max_window_bytes" in packed.damage.message


def test_zstandard_may_not_look_back_without_limit() -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=30, enable_ldm=True)
    # Of unknown size, so that the frame's header keeps the window as it was asked for.
    packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    parts, damages = read(packer.compress(noise(1)) + packer.flush())
    assert parts == [b""]
    assert [damage.error for damage in damages] == ["window-too-large"]


def test_a_signature_alone_is_no_member() -> None:
    false = b"\x1f\x8b\x08\x00" * 50
    parts, damages = read(PACK["gz"](b"one") + false + PACK["gz"](b"two"))
    assert parts == [b"one", b"two"]
    assert len(damages) == 1


class Counted(io.BytesIO):
    tried = 0

    def seek(self, at: int, whence: int = 0) -> int:
        self.tried += 1
        return super().seek(at, whence)


FALSE = b"\x1f\x8b\x08\x00AAAAAAAAAA"


def test_a_file_of_signatures_that_begin_nothing_is_given_up() -> None:
    whole = PACK["gz"](b"whole")
    for signatures, found in ((900, b"whole"), (20_000, b"")):
        file = Counted(whole[:-4] + FALSE * signatures + whole)
        packed = unpacked(file, 100, FREE)
        assert packed is not None
        packed.read()
        assert packed.damage is not None
        assert packed.resume() == bool(found)
        assert packed.read() == found
        assert file.tried < 1_100


@pytest.mark.parametrize(("members", "found"), [(10, 10), (30, 11)])
def test_so_is_one_with_members_between_them(members: int, found: int) -> None:
    whole = PACK["gz"](b"whole")
    file = Counted(whole + (FALSE * 900 + whole) * members)
    packed = unpacked(file, 100, FREE)
    assert packed is not None
    parts = [packed.read()]
    while packed.resume():
        parts.append(packed.read())
    assert parts == [b"whole"] * (found + 1)
    assert file.tried < 11_000


_WITHOUT_MEMORY = """
import io, resource, sys
from pipeline.unpacking import unpacked
data = sys.stdin.buffer.read()
packed = unpacked(io.BytesIO(data), 100, 1 << 30)
used = next(int(line.split()[1]) for line in open("/proc/self/status") if "VmSize" in line)
resource.setrlimit(resource.RLIMIT_AS, (used * 1024 + (4 << 20),) * 2)
try:
    packed.read(1000)
except MemoryError:
    print("no memory")
else:
    print(packed.damage)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("way", ["zst", "xz"])
def test_no_memory_is_no_damage(way: str) -> None:
    data = noise(9, 1 << 20) * 65
    if way == "zst":
        wide = zstandard.ZstdCompressionParameters.from_level(1, window_log=26)
        packed = zstandard.ZstdCompressor(compression_params=wide).compress(data)
    else:
        dictionary = {"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1 << 26}
        packed = lzma.compress(data[: 1 << 20], filters=[dictionary])
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT_MEMORY], input=packed, capture_output=True, check=False
    )
    assert done.stdout.decode() == "no memory\n", done.stderr.decode()


def test_what_zlib_says_without_memory_is_no_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    class Inner:
        eof = False
        unconsumed_tail = b""

        def decompress(self, *_: object) -> bytes:
            raise zlib.error("Error -4 while decompressing data")

    monkeypatch.setattr("zlib.decompressobj", lambda *_, **__: Inner())
    packed = opened(PACK["gz"](b"a"))
    with pytest.raises(MemoryError):
        packed.read(1)
