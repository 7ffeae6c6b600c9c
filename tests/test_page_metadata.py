"""What a page says of itself."""

from __future__ import annotations

import json

import pytest

from transforms.page_metadata import PageMetadata, page_metadata
from transforms.page_tree import parse_page
from transforms.settings import SplitSettings

SETTINGS = SplitSettings()


def metadata(markup: str, settings: SplitSettings = SETTINGS) -> PageMetadata:
    return page_metadata(parse_page(markup, settings).tree, settings)


def linked(data: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def published(field: str, settings: SplitSettings = SETTINGS) -> str | None:
    return metadata(
        f'<meta property="article:published_time" content="{field}"><p>a', settings
    ).published


def test_meta_fields() -> None:
    page = metadata("""<html lang="en-GB"><head><title>Wall done | The Harbour</title>
        <meta property="og:title" content="Wall  done &amp;amp; dusted">
        <meta name="Author" content="Maren Thiel"><meta name="author" content="Ole Ek">
        <meta property="og:site_name" content="The Harbour">
        <meta property="article:published_time" content="2024-05-02T23:30:00-05:00">
        <link rel="canonical" href="https://www.harbour.example/2023/01/01/wall"></head><p>a""")
    assert page == PageMetadata(
        title="Wall done & dusted",
        author="Maren Thiel; Ole Ek",
        site="The Harbour",
        published="2024-05-02",
        language="en",
        url="https://www.harbour.example/2023/01/01/wall",
    )


def test_linked_data_of_the_article_before_that_of_the_site() -> None:
    page = metadata(
        linked(
            {
                "@graph": [
                    {"@type": "WebSite", "datePublished": "2001-01-01", "headline": "Site"},
                    {
                        "@type": ["Thing", "NewsArticle"],
                        "headline": "Wall done",
                        "datePublished": "2024-05-02",
                        "author": [{"name": "Maren Thiel"}, "Ole Ek", {"name": "Maren Thiel"}],
                        "publisher": {"name": "The Harbour"},
                    },
                ]
            }
        )
    )
    assert page == PageMetadata(
        title="Wall done", author="Maren Thiel; Ole Ek", site="The Harbour", published="2024-05-02"
    )


def test_a_page_that_says_nothing() -> None:
    assert metadata("<p>a") == PageMetadata()


def test_one_heading_or_the_title_element_stand_in_for_a_title() -> None:
    head = "<head><title>From the head</title></head>"
    assert metadata(head + "<h1>From the <i>page</i></h1>").title == "From the page"
    assert metadata(head + "<h1>One</h1><h1>Two</h1>").title == "From the head"


def test_the_host_stands_in_for_a_site_name_and_bad_addresses_are_none() -> None:
    link = '<link rel="canonical" href="{}"><p>a'
    assert metadata(link.format("https://www.harbour.example/a")).site == "harbour.example"
    for bad in ("/relative", "javascript:void(0)", "https://[", "https://", "x" * 2000):
        assert metadata(link.format(bad)).url is None


def test_profile_addresses_are_no_authors() -> None:
    for name in ("https://social.example/maren", "@maren"):
        assert metadata(f'<meta name="author" content="{name}"><p>a').author is None


@pytest.mark.parametrize(
    ("field", "day"),
    [
        ("2024-05-02", "2024-05-02"),
        ("2024-05-02T10:00:00Z", "2024-05-02"),
        ("2024/5/2 10:00", "2024-05-02"),
        ("20240502", "2024-05-02"),
        ("20240502T100000", "2024-05-02"),
        ("Thu, 02 May 2024 10:30:00 GMT", "2024-05-02"),
        # Half a date is none: nothing may be filled in from today's.
        ("2024-05", None),
        ("2024", None),
        ("May 2024", None),
        ("three days ago", None),
        ("2024-02-30", None),
        ("2024-13-01", None),
        ("1970-01-01T00:00:00Z", None),
        ("0001-01-01", None),
        ("9999-12-31", None),
    ],
)
def test_a_full_and_plausible_date_is_the_day_of_publication(field: str, day: str | None) -> None:
    assert published(field) == day


def test_the_settings_say_which_dates_are_plausible() -> None:
    settings = SplitSettings(earliest_date="2020-01-02", latest_date="2020-12-30")
    days = ("2020-01-01", "2020-01-02", "2020-12-30", "2020-12-31")
    assert [published(day, settings) for day in days] == [None, "2020-01-02", "2020-12-30", None]


def test_dates_in_time_elements_and_addresses() -> None:
    marked = (
        '<time datetime="2019-01-01">x</time>'
        '<time itemprop="datePublished" datetime="2024-05-02">y</time>'
    )
    assert metadata(marked).published == "2024-05-02"
    same = '<time datetime="2024-05-02T10:00">x</time><time datetime="2024-05-02">y</time>'
    assert metadata(same).published == "2024-05-02"
    assert metadata(same + '<time datetime="2024-05-03">teaser</time>').published is None
    address = '<link rel="canonical" href="https://harbour.example/2024/5/2/wall"><p>a'
    assert metadata(address).published == "2024-05-02"


@pytest.mark.parametrize(
    "attributes", ["lang='de'", "lang='DE-at'", "xml:lang='de'", "lang=' de_CH '"]
)
def test_language(attributes: str) -> None:
    assert metadata(f"<html {attributes}><p>a").language == "de"


@pytest.mark.parametrize("attributes", ["", "lang=''", "lang='german'", "lang='<%= lang %>'"])
def test_no_language(attributes: str) -> None:
    assert metadata(f"<html {attributes}><p>a").language is None


@pytest.mark.parametrize(
    "data",
    [
        '"author":{' * 50_000,
        '{"author":' * 50_000,
        "[" * 200_000,
        '{"headline": ["a", {"b": 1}], "author": 7, "publisher": [null], "datePublished": {}}',
        '{"headline": "' + "a" * 100_000 + '"}',
        "not json",
    ],
)
def test_broken_linked_data_says_nothing(data: str) -> None:
    markup = f'<script type="application/ld+json">{data}</script><p>a'
    assert metadata(markup) == PageMetadata()
