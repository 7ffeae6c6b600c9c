"""Visible blocks by the browsers' default styles."""

from __future__ import annotations

import pytest

from transforms.limits import UnsplittableDocument
from transforms.page_blocks import looks_like_page, visible_blocks
from transforms.page_tree import parse_page
from transforms.page_walk import RawBlock
from transforms.settings import SplitSettings

SETTINGS = SplitSettings()


def blocks(markup: str) -> list[RawBlock]:
    return visible_blocks(parse_page(markup, SETTINGS).tree, SETTINGS).blocks


def shown(markup: str) -> list[tuple[str, str]]:
    return [(block.kind, " ".join(block.text.split())) for block in blocks(markup)]


def lines(markup: str) -> list[str]:
    return [text for _, text in shown(markup)]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<div>text <b>bold</b><p>para</p>tail</div>", ["text bold", "para", "tail"]),
        ("<p>a<p>b<ul><li>c<li>d</ul>e", ["a", "b", "c", "d", "e"]),
        ("un<i>believ</i>able <em>wo</em>rds", ["unbelievable words"]),
        ("<span>T</span>he wall<!-- mind --> is <wbr>done", ["The wall is done"]),
        ("<p>one<br>two<br/><br>three</p>", ["one", "two", "three"]),
        ("<h1>One title<br>on two lines</h1>", ["One title on two lines"]),
        ("<p>above<hr>below", ["above", "below"]),
        ("<a href=/a>Home</a><a href=/b>News</a><a href=/c>Sport</a>", ["Home News Sport"]),
        ("<a>an</a><a>chors</a>", ["anchors"]),
        ("<a href=/a>a</a>b<a href=/c>c</a>", ["abc"]),
        (
            "<p>a <img alt='a heron' src=x> b <svg><title>Icon</title><text>5</text></svg>",
            ["a b 5"],
        ),
        ("<details><summary>More</summary>Folded.</details>", ["More", "Folded."]),
        ("<button>Share</button> <label>Name <input value=x></label>", ["Share Name"]),
        ("<ruby>東<rp>(</rp><rt>とう</rt></ruby>", ["東とう"]),
    ],
)
def test_an_inline_run_between_block_boundaries_is_a_block(
    markup: str, expected: list[str]
) -> None:
    assert lines(markup) == expected


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<span>Sport</span><span>Fog over Lisbon</span>", "Sport Fog over Lisbon"),
        ("<span>Gaza</span><b>398</b>", "Gaza 398"),
        ("<span>Look!</span><span>Fog</span>", "Look! Fog"),
        ("<button>share</button><button>save</button>", "share save"),
        ("by <span>maren</span><time>2 May</time><span>updated</span>", "by maren 2 May updated"),
        # Names, drop caps, headlines with an element for each letter, ordinals, formulas, signs.
        (
            "<b>You</b>Tube <span>T</span><span>he wall <i>w</i><i>a</i><i>s</i>",
            "YouTube The wall was",
        ),
        ("the <span>2</span><sup>nd</sup> CO<sub>2</sub>", "the 2nd CO2"),
        ("<a href=/a>fog</a><span>gy</span>", "foggy"),
        ("<b><a href=/a>Fog</a></b><a href=/b>, rain</a>", "Fog, rain"),
        ("<pre><b>fog</b><b>.</b><b>Lift</b>()</pre>", "fog.Lift()"),
    ],
)
def test_touching_elements_are_words_apart_where_a_reader_sees_them_so(
    markup: str, expected: str
) -> None:
    assert lines(markup) == [expected]


def test_kinds_come_from_the_innermost_tag_that_has_one() -> None:
    markup = """
        <h2>Heading</h2> text
        <ul><li>item <p>in a paragraph</p><h3>heading in it</h3></ul>
        <blockquote>quote <p>more</p><ul><li>item in it</ul></blockquote>
        <figure><figcaption>caption <p>more</p></figcaption></figure>
        <pre>x = 1\ny = 2</pre><dl><dt>term<dd>meaning</dl>"""
    assert shown(markup) == [
        ("heading", "Heading"),
        ("paragraph", "text"),
        ("list-item", "item"),
        ("list-item", "in a paragraph"),
        ("heading", "heading in it"),
        ("quote", "quote"),
        ("quote", "more"),
        ("list-item", "item in it"),
        ("caption", "caption"),
        ("caption", "more"),
        ("code", "x = 1 y = 2"),
        ("list-item", "term"),
        ("list-item", "meaning"),
    ]


def test_a_row_of_plain_cells_is_one_block() -> None:
    markup = """<table><caption>Catch</caption><tr><th>Fish<th>Tonnes</tr>
        <tr><td>herring <b>fat</b></td><td>1,204</td><td></td></tr><tr><td>alone</table>"""
    assert shown(markup) == [
        ("caption", "Catch"),
        ("table", "Fish | Tonnes"),
        ("table", "herring fat | 1,204"),
        ("paragraph", "alone"),
    ]


def test_an_empty_cell_keeps_the_columns_in_place() -> None:
    markup = """<table><tr><td><th>2023<th>2024<td></tr><tr><th>herring<td><td>1,204</tr>
        <tr><td><td></tr></table>"""
    assert lines(markup) == ["| 2023 | 2024", "herring | | 1,204"]
    assert lines("<table><tr><td>a<td>b |<td></table>") == ["a | b |"]


def test_lists_in_lists_and_definitions_are_read_item_by_item() -> None:
    markup = """<ol><li>Nets<ul><li>for <b>herring</b><li>for cod</ul>and lines<li>Boats</ol>
        <dl><dt>Weir<dd>A fence in the river.<dd><p>Or a dam.</dl>"""
    assert shown(markup) == [
        ("list-item", "Nets"),
        ("list-item", "for herring"),
        ("list-item", "for cod"),
        ("list-item", "and lines"),
        ("list-item", "Boats"),
        ("list-item", "Weir"),
        ("list-item", "A fence in the river."),
        ("list-item", "Or a dam."),
    ]


def test_a_row_that_lays_out_the_page_is_not_joined() -> None:
    markup = """<table><tr><td><ul><li>Home<li>News</ul></td><td><h1>Wall done</h1>First.<br>
        Second.<table><tr><td>a<td>b</table></td><td>Advert</td></tr></table>"""
    assert shown(markup) == [
        ("list-item", "Home"),
        ("list-item", "News"),
        ("heading", "Wall done"),
        ("paragraph", "First."),
        ("paragraph", "Second."),
        ("table", "a | b"),
        ("paragraph", "Advert"),
    ]
    stray = "<table><tr><p>one</p><p>two</p><td>a</td><td>b</td></tr></table>"
    assert lines(stray) == ["one", "two", "a", "b"]
    assert shown("<table><tr><td><h2>Wall</h2></td><td>Done.</td></tr></table>") == [
        ("heading", "Wall"),
        ("paragraph", "Done."),
    ]


def test_what_shows_no_text_is_left_out_and_counted() -> None:
    markup = """<html><head><title>Title</title><style>p {}</style></head><body>
        <script>let a</script><script>let b</script><style>p {}</style><p>seen</p>
        <template><p>no</p></template><noscript>no</noscript><p hidden>no</p>
        <select><option>no</select><textarea>no</textarea><iframe>no</iframe><video>no</video>
        <svg><desc>no</desc></svg> tail"""
    page = visible_blocks(parse_page(markup, SETTINGS).tree, SETTINGS)
    assert [block.text.strip() for block in page.blocks] == ["seen", "tail"]
    assert page.left_out == {
        "head": 1,
        "scripts": 2,
        "styles": 1,
        "templates": 1,
        "noscripts": 1,
        "hidden-elements": 1,
        "form-fields": 2,
        "fallbacks": 2,
        "annotations": 1,
    }


def test_the_share_of_characters_inside_links() -> None:
    [block] = blocks("<p>1234 <a href=/x>56 <b>78</b></a> 90 <a name=x>12</a></p>")
    assert (block.linked, block.characters) == (4, 12)
    [row] = blocks("<table><tr><td><a href=/x>ab</a><td>cd</table>")
    assert (row.linked, row.characters) == (2, 4)


def test_a_page_that_nests_too_deep_is_refused() -> None:
    for markup in ("<div>" * 5000 + "x", "<b>" * 1_000_000):
        with pytest.raises(UnsplittableDocument, match="more than 1000 deep") as raised:
            blocks(markup)
        assert raised.value.error == "page-too-deep"
    assert lines("<div>" * 900 + "x") == ["x"]


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE html><p>",
        "\ufeff\n <html lang=en>",
        '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0">',
        "<!-- saved -->\n<!-- twice --><HEAD>",
        "<div class='article'><p>Fog</p></div>",
        "<p>Fog</p>",
    ],
)
def test_looks_like_a_page(text: str) -> None:
    assert looks_like_page(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Fog closed the airport.",
        "<b>Fog</b> closed the airport.",
        "How to begin a page: <!DOCTYPE html><html>",
        "<program> is the name of a tag that nobody knows",
        "<!-- only a remark",
        "<3",
        "<?xml version='1.0'?><rss><channel>",
        "<pre-release> of the harbour news",
    ],
)
def test_does_not_look_like_a_page(text: str) -> None:
    assert not looks_like_page(text)


STORY = "The wall in the old harbour is done, and the ferries came back after eleven long years."
STORIES = "".join(f"<p>{STORY} It took {number} million stones.</p>" for number in range(6))


@pytest.mark.parametrize("hidden", ["hidden class=paywall", 'style="display:none"'])
def test_an_article_behind_a_notice_is_visible(hidden: str) -> None:
    texts = lines(f"<p>Subscribe to read on.</p><div {hidden}>{STORIES}</div>")
    assert [text.startswith(STORY) for text in texts] == [False, *[True] * 6]


@pytest.mark.parametrize(
    "markup",
    [
        f"{STORIES}<div hidden>{STORIES}</div>",
        f"<p>{STORY}</p><div hidden id=cookie-modal>{STORIES}</div>",
        f'<p>{STORY}</p><div style="display:none" role=dialog>{STORIES}</div>',
        f"<p>The wall is done.</p><div hidden><p>{STORY}</p></div>",
    ],
)
def test_other_hidden_text_stays_hidden(markup: str) -> None:
    assert lines(markup) == lines(markup.split("<div")[0])


@pytest.mark.parametrize("left_out", ["<noscript>{}</noscript>", "<div hidden>{}</div>"])
def test_what_is_left_out_counts_for_what_a_page_takes_to_extract(left_out: str) -> None:
    deep = "<div>" * 20 + "text" + "</div>" * 20
    markup = f"<div>a{left_out.format(deep)}</div>"
    page = visible_blocks(parse_page(markup, SETTINGS).tree, SETTINGS)
    # The root, the body, the block, what is left out, and what that holds.
    assert (page.deepest, page.steps, page.unseen) == (24, sum(range(25)), 1)
