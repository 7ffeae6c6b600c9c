"""What a page says of itself."""

from __future__ import annotations

import json
import sys

import pytest

from transforms.page_metadata import PageMetadata, page_metadata
from transforms.page_tree import parse_page
from transforms.settings import SplitSettings

SETTINGS = SplitSettings()


def metadata(markup: str, *headings: str) -> PageMetadata:
    return page_metadata(parse_page(markup, SETTINGS).tree, headings, SETTINGS)


def linked(data: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


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


def test_names_that_stand_in_nodes_of_their_own() -> None:
    data = {
        "@graph": [
            {"@type": "Article", "author": {"@id": "#maren"}, "publisher": {"@id": "#site"}},
            {"@id": "#maren", "@type": "Person", "name": "Maren Thiel"},
            {"@id": "#site", "@type": "WebSite", "name": "The Harbour"},
        ]
    }
    page = metadata(linked(data))
    assert (page.author, page.site) == ("Maren Thiel", "The Harbour")
    assert metadata(linked([{"@type": "WebSite", "name": "The Harbour"}])).site == "The Harbour"
    ring = {"@type": "Article", "author": {"@id": "#a"}, "@id": "#a"}
    assert metadata(linked(ring)).author is None


def test_one_heading_or_the_title_element_stand_in_for_a_title() -> None:
    head = "<head><title>From the head</title></head><p>a"
    assert metadata(head, "From the page").title == "From the page"
    assert metadata(head, "One", "Two").title == "From the head"
    assert metadata(head).title == "From the head"


@pytest.mark.parametrize(
    ("title", "heading", "bare"),
    [
        ("Wall done - The Harbour", "", "Wall done"),
        ("Wall done | Local | The Harbour", "", "Wall done | Local"),
        ("Wall done | Local", "Wall done", "Wall done"),
        ("Wall done by spring – Local News", "Wall done by spring", "Wall done by spring"),
        ("Local | Wall done by spring", "Wall done by spring", "Wall done by spring"),
        # The heading is a label, or the title says more than it.
        ("Blog - Wall done by spring", "Blog", "Blog - Wall done by spring"),
        ("Wall done, ferries back", "Wall done", "Wall done, ferries back"),
        ("Elbe: Wall done", "Wall done", "Elbe: Wall done"),
        ("Sea-Wall done", "Wall done", "Sea-Wall done"),
        ("The Harbour", "", "The Harbour"),
        ("All about The Harbour", "", "All about The Harbour"),
    ],
)
def test_the_name_of_the_site_is_no_part_of_the_title(title: str, heading: str, bare: str) -> None:
    markup = f"""<meta property="og:title" content="{title}">
        <meta property="og:site_name" content="The Harbour"><p>a"""
    assert metadata(markup, "Menu", heading).title == bare


def test_marked_up_bylines_that_agree_name_the_author() -> None:
    byline = '<p itemprop="author"><b>By</b> <span itemprop="name">Maren <i>Thiel</i></span></p>'
    assert metadata(byline).author == "Maren Thiel"
    assert metadata(byline + byline).author == "Maren Thiel"
    assert metadata('<meta itemprop="author" content="Maren Thiel"><p>a').author == "Maren Thiel"
    assert metadata('<a rel="author" href="/m">By Maren Thiel</a>').author == "Maren Thiel"
    # Comments and teasers have authors too.
    assert metadata(byline + '<p itemprop="author">Ole Ek</p>').author is None


def test_a_byline_may_be_set_in_by_many_spaces_but_hold_no_page() -> None:
    byline = '<p itemprop="author">{}Maren Thiel</p>'
    assert metadata(byline.format(" " * 5_000)).author == "Maren Thiel"
    assert metadata(byline.format(" " * 20_000)).author is None
    assert metadata('<a rel="author">Ole Ek</a><a rel="author">Maren Thiel</a>').author is None


def test_the_canonical_address_is_absolute_and_on_the_web() -> None:
    link = '<link rel="canonical" href="{}"><p>a'
    address = "https://www.harbour.example/Wände?a=1&amp;b=2"
    assert metadata(link.format(address)).url == "https://www.harbour.example/Wände?a=1&b=2"
    assert metadata(link.format(address)).site == "harbour.example"


@pytest.mark.parametrize(
    "address",
    [
        *("", "/relative", "//harbour.example", "javascript:void(0)", "data:text/html,a"),
        *("file:///etc/passwd", "https://[", "https://", "https:///a", "ftp://harbour.example/a"),
        *(
            "https://harbour.example/a b",
            "https://harbour.example/&#10;a",
            "https://a.example/\u202e",
        ),
        *("https://user:secret@harbour.example/", "https://a.example/<script>", "x" * 2000),
        "https://a.example/" + "a" * 1000,
    ],
)
def test_other_addresses_are_none(address: str) -> None:
    assert metadata(f'<link rel="canonical" href="{address}"><p>a').url is None
    given = '<meta property="og:url" content="http://harbour.example/b"><p>a'
    assert metadata(f'<link rel="canonical" href="{address}">{given}').url == (
        "http://harbour.example/b"
    )


def test_an_article_says_in_its_linked_data_where_it_stands() -> None:
    page = {"@type": "WebPage", "@id": "https://harbour.example/wall"}
    site = {"@type": "Organization", "url": "https://publisher.example/"}
    data = {"@type": "NewsArticle", "mainEntityOfPage": page, "publisher": site}
    assert metadata(linked(data)).url == "https://harbour.example/wall"
    assert metadata(linked(site)).url is None


def test_profile_addresses_are_no_authors() -> None:
    for name in ("https://social.example/maren", "www.social.example/maren", "@maren"):
        assert metadata(f'<meta name="author" content="{name}"><p>a').author is None


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


def test_a_headline_cut_in_the_middle_of_an_emoji() -> None:
    data = {
        "@type": "NewsArticle",
        "headline": "Dams \ud83d",
        "author": {"name": "Maren \udc00 Thiel"},
    }
    page = metadata(linked(data) + "<p>a")
    assert page.author is not None
    (page.author + (page.title or "")).encode("utf-8")


def test_linked_data_that_nests_without_end_is_left_alone() -> None:
    for depth, author in ((190, "Ann Miller"), (210, None), (100_000, None)):
        nested = "[" * depth + "]" * depth
        data = f'{{"@type": "Article", "author": "Ann Miller", "x": {nested}}}'
        markup = f'<script type="application/ld+json">{data}</script><p>a'
        assert metadata(markup).author == author


@pytest.mark.parametrize("most", [0, 640, 4300])
def test_how_many_digits_python_takes_does_not_matter(most: int) -> None:
    before = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(most)
    try:
        for digits in (100, 700, 5_000):
            number = "9" * digits
            data = (
                f'{{"@type": "Article", "author": "Ann \\ud83d", "n": {number}, "m": -{number}e1}}'
            )
            markup = f'<script type="application/ld+json">{data}</script><p>a'
            assert metadata(markup).author == "Ann \ufffd"
    finally:
        sys.set_int_max_str_digits(before)
