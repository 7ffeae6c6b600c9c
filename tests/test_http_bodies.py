"""Bodies of responses: what was done to send them is undone, within limits."""

from __future__ import annotations

import gzip
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders

from pipeline.http_bodies import Bodies
from transforms.block import RecordError

PAGE = b"<html><body><p>" + b"A page with words in it. " * 200
LIMIT = 100_000


def decode(data: bytes, limit: int = LIMIT, bodies: Bodies | None = None, **headers: str) -> bytes:
    given = [(name.replace("_", "-"), value) for name, value in headers.items()]
    bodies = bodies or Bodies(limit, 1_000_000, len(data))
    return bodies.decode(data, StatusAndHeaders("200 OK", given, "HTTP/1.1"))


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


CODINGS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "Deflate": raw_deflate,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}


@pytest.mark.parametrize("coding", list(CODINGS))
def test_a_body_is_unpacked(coding: str) -> None:
    packed = CODINGS[coding](PAGE)
    assert decode(packed, Content_Encoding=coding) == PAGE
    assert decode(packed, len(PAGE), Content_Encoding=coding) == PAGE
    # Archives often hold it unpacked, and the headers as they came.
    assert decode(PAGE, Content_Encoding=coding) == PAGE
    assert decode(b"", Content_Encoding=coding) == b""


@pytest.mark.parametrize("coding", list(CODINGS))
def test_a_bomb_is_refused(coding: str) -> None:
    with pytest.raises(RecordError, match="record-too-large"):
        decode(CODINGS[coding](bytes(10_000_000)), Content_Encoding=coding)


@pytest.mark.parametrize("coding", list(CODINGS))
def test_a_body_that_is_cut_is_refused(coding: str) -> None:
    with pytest.raises(RecordError, match="invalid-body"):
        decode(CODINGS[coding](PAGE)[:-5], Content_Encoding=coding)


def test_chunks_are_put_together() -> None:
    chunked = b"5\r\nHello\r\n7;x=y\r\n, world\r\n0\r\n\r\n"
    assert decode(chunked, Transfer_Encoding="chunked") == b"Hello, world"
    assert decode(b"not chunked", Transfer_Encoding="chunked") == b"not chunked"
    packed = gzip.compress(PAGE)
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    assert decode(chunked, Transfer_Encoding="Chunked", Content_Encoding="gzip") == PAGE


@pytest.mark.parametrize(
    "end", [b"0", b"0\r\n", b"000;last\r\n\r\n", b"0\r\nX-Sum: 7\r\nX-Sent: now\r\n\r\n"]
)
def test_chunks_end_as_servers_end_them(end: bytes) -> None:
    assert decode(b"5 \r\nHello\r\n" + end, Transfer_Encoding="chunked") == b"Hello"


@pytest.mark.parametrize(
    "chunked",
    [
        b"4\r\nHello\r\n0\r\n\r\n",
        b"6\r\nHello\r\n0\r\n\r\n",
        b"fff\r\nHello",
        b"5\r\nHello\r\n",
        b"5\r\nHello\r\nWorld\r\n0\r\n\r\n",
        b"5\r\nHello\r\n-1\r\nWorld",
        b"5\r\nHello\r\n0\r\n\r\nWorld",
        b"5\r\nHello\r\n0\r\n" + b"X: y\r\n" * 1_000,
    ],
)
def test_chunks_that_are_not_as_they_say_are_refused(chunked: bytes) -> None:
    """A reader that guesses loses text, or takes the lines between chunks for text."""
    with pytest.raises(RecordError, match=r"invalid-body.* from its byte \d+ on"):
        decode(chunked, Transfer_Encoding="chunked")


@given(st.lists(st.binary(min_size=1, max_size=20)))
def test_however_a_body_is_cut_into_chunks_it_is_the_same(parts: list[bytes]) -> None:
    chunked = b"".join(b"%X\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
    assert decode(chunked, Transfer_Encoding="chunked") == b"".join(parts)


@pytest.mark.parametrize("coding", list(CODINGS))
def test_a_body_may_unpack_to_so_many_times_its_size(coding: str) -> None:
    packed = CODINGS[coding](PAGE)
    times = -(-len(PAGE) // len(packed))
    assert decode(packed, bodies=Bodies(LIMIT, times, 10**6), Content_Encoding=coding) == PAGE
    bodies = Bodies(LIMIT, times - 1, 10**6)
    with pytest.raises(RecordError, match=r"unpacks-too-far.*raise input\.max_expansion"):
        decode(packed, bodies=bodies, Content_Encoding=coding)
    assert not bodies.spent


@pytest.mark.parametrize("coding", list(CODINGS))
def test_the_bodies_of_a_file_share_what_they_may_unpack_to(coding: str) -> None:
    packed = CODINGS[coding](PAGE)
    bodies = Bodies(len(PAGE), 1_000, len(PAGE) * 3 // 1_000 + 1)
    for _ in range(3):
        assert decode(packed, bodies=bodies, Content_Encoding=coding) == PAGE
        assert not bodies.spent
    with pytest.raises(RecordError, match=r"unpacks-too-far.*no further"):
        decode(packed, bodies=bodies, Content_Encoding=coding)
    assert bodies.spent


def test_what_breaks_at_its_end_counts_too() -> None:
    packed = gzip.compress(PAGE)[:-1]
    bodies = Bodies(len(PAGE), 100, 0)
    with pytest.raises(RecordError, match="invalid-body"):
        decode(packed, bodies=bodies, Content_Encoding="gzip")
    with pytest.raises(RecordError, match="unpacks-too-far"):
        decode(packed, bodies=bodies, Content_Encoding="gzip")


def test_codings_lie_on_top_of_each_other() -> None:
    assert decode(brotli.compress(gzip.compress(PAGE)), Content_Encoding="gzip, br") == PAGE
    with pytest.raises(RecordError, match="invalid-body"):
        decode(PAGE, Content_Encoding=",".join(["gzip"] * 9))


def test_an_unknown_coding_is_left_as_it_is() -> None:
    assert decode(PAGE, Content_Encoding="none") == PAGE


@given(st.binary(max_size=200), st.sampled_from([*CODINGS, "identity"]), st.booleans())
def test_any_bytes_are_a_body_or_an_error(data: bytes, coding: str, chunked: bool) -> None:
    try:
        made = decode(data, Content_Encoding=coding, Transfer_Encoding="chunked" if chunked else "")
    except RecordError as error:
        made = error.error.encode()
    assert len(made) <= LIMIT
