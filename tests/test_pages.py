"""A page's markup to its normalised text, paragraphs and metadata."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.decoding import decode_record
from transforms.document import Markup, Record
from transforms.limits import UnsplittableDocument
from transforms.normalise import normalise
from transforms.pages import Page, render_page
from transforms.settings import DecodeSettings, SplitSettings
from transforms.splitting import split_record

DECODE = DecodeSettings()

PAGE = """<!DOCTYPE html><html lang="en"><head>
<meta property="og:title" content="Wall fin\u00adished">
<meta property="og:site_name" content="The&nbsp;Harbour">
<meta property="article:published_time" content="2024-05-02T10:00:00Z"></head><body>
<nav><a href="/">Home</a> <a href="/n">News</a></nav>
<article><h1>Wall finished</h1>
<p>The old harbour wall was finished&nbsp;in the spring, and for the first time in eleven years
   the ferries could tie up on the south side again, to the surprise of all who had watched.</p>
<p>Nobody in the village had believed that the work would end before the <a href="/m">money</a>
   did, least of all the harbour master, who had kept a diary of every promise.</p></article>
<script>track()</script><p hidden>Cookies?</p></body></html>"""


def render(markup: str, split: SplitSettings | None = None, url: str | None = None) -> Page:
    return render_page(markup, split or SplitSettings(), DECODE, url=url)


def test_a_page_becomes_its_visible_text_with_kinds_markup_and_metadata() -> None:
    page = render(PAGE)
    assert page.text == (
        "Home News\n"
        "Wall finished\n"
        "The old harbour wall was finished in the spring, and for the first time in eleven years"
        " the ferries could tie up on the south side again, to the surprise of all who had"
        " watched.\n"
        "Nobody in the village had believed that the work would end before the money did, least"
        " of all the harbour master, who had kept a diary of every promise.\n"
    )
    assert [paragraph.kind for paragraph in page.paragraphs] == [
        "paragraph",
        "heading",
        "paragraph",
        "paragraph",
    ]
    assert [paragraph.markup for paragraph in page.paragraphs] == [
        Markup(path="nav", link_density=1.0, extracted=False),
        Markup(path="article > h1", link_density=0.0, extracted=True),
        Markup(path="article > p", link_density=0.0, extracted=True),
        Markup(path="article > p", link_density=round(len("money") / 124, 3), extracted=True),
    ]
    assert page.changes == {"head": 1, "hidden-elements": 1, "scripts": 1, "spaces": 1}
    assert (page.title, page.site, page.published, page.language) == (
        "Wall finished",
        "The Harbour",
        "2024-05-02",
        "en",
    )


def test_the_records_address_goes_before_the_pages_own() -> None:
    markup = '<link rel="canonical" href="https://harbour.example/wall"><p>a'
    assert render(markup).url == "https://harbour.example/wall"
    assert render(markup, url="https://mirror.example/1").url == "https://mirror.example/1"


@pytest.mark.parametrize(
    ("data", "charset"),
    [
        ("<p>Łódź żółta</p>".encode("iso-8859-2"), "iso-8859-2"),
        ('<meta charset="iso-8859-2"><p>Łódź żółta</p>'.encode("iso-8859-2"), None),
        (
            '<meta http-equiv="Content-Type" content="text/html; charset=windows-1250">'
            "<p>Łódź żółta</p>".encode("windows-1250"),
            None,
        ),
        # A byte order mark goes before what the page and its container say.
        ('\ufeff<meta charset="iso-8859-2"><p>Łódź żółta</p>'.encode(), "windows-1250"),
        ("\ufeff<p>Łódź żółta</p>".encode("utf-16-le"), None),
    ],
    ids=["header", "meta", "http-equiv", "mark", "utf-16"],
)
def test_the_charset_comes_from_header_meta_or_byte_order_mark(
    data: bytes, charset: str | None
) -> None:
    record = Record(id="a", source="a", data=data, media_type="text/html", charset=charset)
    document = split_record(decode_record(record, DECODE), SplitSettings(), DECODE)
    assert document.text == "Łódź żółta\n"


def test_a_page_says_who_wrote_it_and_where_it_stands() -> None:
    markup = """<html lang="de"><head><link rel="canonical" href="https://hafen.example/mauer">
        <meta name="author" content="Maren&nbsp;Thiel"></head><h1>Mauer fertig</h1>"""
    record = Record(id="a", source="a", data=markup.encode(), published="2024-05-02")
    document = split_record(decode_record(record, DECODE), SplitSettings(), DECODE)
    assert (document.title, document.author, document.site) == (
        "Mauer fertig",
        "Maren Thiel",
        "hafen.example",
    )
    assert (document.language, document.url, document.published) == (
        "de",
        "https://hafen.example/mauer",
        "2024-05-02",
    )


@pytest.mark.parametrize(
    "markup",
    ["", " ", "<!-- -->", "<html></html>", "<head><title>t</title></head>", "<p>&nbsp;&#8203;</p>"],
)
def test_a_page_without_visible_text_has_no_paragraphs(markup: str) -> None:
    page = render(markup, url="https://harbour.example")
    assert (page.text, page.paragraphs, page.url) == ("", (), "https://harbour.example")


def test_characters_are_normalised_before_white_space_is_collapsed() -> None:
    page = render("<p>ha\u00adrbour\u200b &nbsp; wall&nbsp;</p><p>cafe\u0301 itâ\x80\x99s\x0b</p>")
    assert page.text == "harbour wall\ncafé it’s\n"
    assert page.changes == {
        "controls": 1,
        "mojibake": 1,
        "nfc": 1,
        "soft-hyphens": 1,
        "spaces": 2,
        "zero-width": 1,
    }


def test_normalising_the_text_again_changes_nothing() -> None:
    # Without the no-break space before it, the capital is seen to be mojibake.
    page = render("<p>&nbsp;Ã la carte</p>")
    assert page.text == "à la carte\n"
    check_tiling(page)


def test_a_line_end_in_a_block_does_not_end_it() -> None:
    assert render("<p>a&#x2028;b\rc<pre>d\n\ne</pre><p>f\x85g").text == "a b c\nd e\nf g\n"


def test_control_characters_are_counted_wherever_they_stand() -> None:
    page = render("<p\0>a\0b</p><script>\0</script>")
    assert page.text == "ab\n"
    assert page.changes["controls"] == 3
    assert render("<p> &#31;<b>é</b></p>").changes == {"controls": 1}


@pytest.mark.parametrize(
    ("markup", "limits", "error"),
    [
        ("<div>" * 5_000 + "x", SplitSettings(), "page-too-deep"),
        ("<p>x" * 30, SplitSettings(max_paragraphs=29), "too-many-paragraphs"),
        ("<p>x" * 101, SplitSettings(max_nodes=100), "page-too-large"),
    ],
)
def test_a_page_over_a_limit_is_refused(markup: str, limits: SplitSettings, error: str) -> None:
    with pytest.raises(UnsplittableDocument) as raised:
        render(markup, limits)
    assert raised.value.error == error


def test_a_page_too_large_for_the_extraction_is_read_without_it() -> None:
    page = render(PAGE, SplitSettings(max_extraction_nodes=3))
    assert page.text == render(PAGE).text
    assert page.changes["extraction-skipped"] == 1
    assert {p.markup and p.markup.extracted for p in page.paragraphs} == {None}


def test_the_fast_mode_reads_the_same_page_without_the_extraction(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usual = render(PAGE)
    monkeypatch.setattr("trafilatura.bare_extraction", pytest.fail)
    fast = render(PAGE, SplitSettings(extraction="none"))
    assert {p.markup and p.markup.extracted for p in fast.paragraphs} == {None}
    assert (fast.text, fast.title, fast.published) == (usual.text, usual.title, usual.published)
    assert fast.changes == usual.changes


def test_a_page_that_the_extraction_fails_on_is_read_without_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("no such luck")

    usual = render(PAGE)
    monkeypatch.setattr("trafilatura.bare_extraction", fail)
    page = render(PAGE)
    assert {p.markup and p.markup.extracted for p in page.paragraphs} == {None}
    assert page.changes == usual.changes | {"extraction-skipped": 1}


@pytest.mark.parametrize(
    "markup",
    [
        "<" * 1_000_000,
        ("<p " + "a=1 " * 1_000 + ">x") * 100,
        "<b>" + "<p>x" * 5_000,
        "<table><tr>" + "<td>x" * 40_000,
        "<table><tr>" + "<td>" * 40_000 + "x",
        "<a href=x>y</a><time>Z</time>" * 20_000,
        "<h1>x</h1>" * 20_000 + "<title>" + "x - " * 20_000,
        "<div itemprop=author>" * 900 + "<b>x</b>" * 40_000,
        "<p>" + "\u0301" * 100_000,
        '<p style="' + "display:none " * 50_000 + '">x',
        "&" * 100_000,
        "<!--" * 100_000 + "x",
    ],
    ids=[
        "brackets",
        "attributes",
        "unclosed",
        "cells",
        "empty",
        "touching",
        "titles",
        "authors",
        "marks",
        "style",
        "ampersands",
        "comments",
    ],
)
def test_hostile_pages_are_rendered(markup: str) -> None:
    check_tiling(render(markup))


def check_tiling(page: Page) -> None:
    position = 0
    for number, paragraph in enumerate(page.paragraphs):
        assert (paragraph.index, paragraph.start) == (number, position)
        body = page.text[paragraph.start : paragraph.end]
        assert body
        assert body == " ".join(body.split())
        assert page.text[paragraph.end] == "\n"
        assert paragraph.markup is not None
        assert 0 <= paragraph.markup.link_density <= 1
        position = paragraph.end + 1
    assert position == len(page.text)
    assert normalise(page.text, DECODE, markup=True).text == page.text


PIECES = st.sampled_from(
    [
        *("<div>", "</div>", "<p>", "</p>", "<br>", "<table>", "<tr>", "<td>", "</table>", "<h1>"),
        *("<a href=x>", "</a>", "<li>", "<pre>", "<b>", "</b>", "<script>", "</script>", "<svg>"),
        *("<title>", "</title>", "<template>", "<div hidden>", "<body>", "</html>", "<head>"),
        *("<frameset>", "<plaintext>", "<select>", "<!--", "-->", "<", "&", "&nbsp;", "&#1;"),
        *("&#x85;", "&shy;", "\0", "\x0c", "\x1c", "\x85", "\u2028", "\u200b", "\u0301", "\xa0"),
        *("\ud83d", "Ã", "â\x80\x99", "é", "x", "word ", "Some words here. "),
    ]
)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join))
def test_paragraphs_tile_the_text_of_any_markup(markup: str) -> None:
    check_tiling(render(markup))


WORDS = st.lists(st.sampled_from(["fog", "wall", "soup", "ferry", "été"]), min_size=1, max_size=4)
VISIBLE = ["div", "section", "blockquote", "b", "span", "custom-tag", "figure"]
UNSEEN = ["template", "noscript", "div hidden", 'span style="display: none"']
TREES = st.recursive(
    WORDS.map(lambda words: (f" {' '.join(words)} ", words)),
    lambda children: st.tuples(
        st.sampled_from(VISIBLE + UNSEEN), st.lists(children, max_size=4)
    ).map(
        lambda drawn: (
            f"<{drawn[0]}>{''.join(markup for markup, _ in drawn[1])}</{drawn[0].split()[0]}>",
            [] if drawn[0] in UNSEEN else [word for _, words in drawn[1] for word in words],
        )
    ),
    max_leaves=25,
)


@settings(deadline=None)
@given(TREES)
def test_no_visible_word_is_lost_and_no_hidden_one_shows(tree: tuple[str, list[str]]) -> None:
    markup, words = tree
    page = render(f"<!DOCTYPE html><html><body><p>start</p>{markup}</body></html>")
    assert page.text.split() == ["start", *words]
