"""Splitting: what a container says of its record, and what a page says of itself."""

from __future__ import annotations

import pytest

from transforms.decoding import decode_record
from transforms.document import Document, Record
from transforms.settings import DecodeSettings, SplitSettings
from transforms.splitting import split_record

PAGE = """<!DOCTYPE html><link rel="canonical" href="https://page.example/1">
<meta property="article:published_time" content="2020-02-02"><p>Text"""


def split(text: str, url: str | None, published: str | None) -> Document:
    record = Record(id="a", source="a", data=text.encode(), url=url, published=published)
    return split_record(decode_record(record, DecodeSettings()), SplitSettings(), DecodeSettings())


@pytest.mark.parametrize("text", ["Text", PAGE])
def test_what_the_container_says_goes_first(text: str) -> None:
    made = split(text, "https://www.herald.example/1", "2019-01-02T10:00:00Z")
    assert made.url == "https://www.herald.example/1"
    assert made.published == "2019-01-02T10:00:00Z"


def test_the_host_is_the_site_unless_the_page_names_one() -> None:
    url = "https://www.herald.example/1"
    assert split("Text", url, None).site == "herald.example"
    assert split("<!DOCTYPE html><p>Text", url, None).site == "herald.example"
    named = PAGE.replace("<p>", '<meta property="og:site_name" content="The Herald"><p>')
    assert split(named, url, None).site == "The Herald"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "/a/b", "https://", "https://a b.example/", "x" * 2_000, ""]
)
def test_what_is_no_address_or_date_is_left_out(url: str) -> None:
    made = split("Text", url, "yesterday")
    assert (made.url, made.site, made.published) == (None, None, None)
    page = split(PAGE, url, "yesterday")
    assert (page.url, page.site, page.published) == (
        "https://page.example/1", "page.example", "2020-02-02",
    )  # fmt: skip
