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

from pipeline.http_bodies import decode_body
from transforms.block import RecordError

PAGE = b"<html><body><p>" + b"A page with words in it. " * 200
LIMIT = 100_000


def decode(data: bytes, limit: int = LIMIT, **headers: str) -> bytes:
    given = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return decode_body(data, StatusAndHeaders("200 OK", given, "HTTP/1.1"), limit)


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
