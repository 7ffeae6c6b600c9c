"""Pages that hold an article, and pages that hold none."""

from __future__ import annotations

import numpy as np
import pytest

from transforms.document import Evidence
from transforms.lines import read_lines
from transforms.page_articles import missing_articles
from transforms.pages import render_page
from transforms.paragraphs import split_text
from transforms.settings import DecodeSettings, SplitSettings

NAV = '<nav><a href="/">Home</a> <a href="/s">Sport</a> <a href="/w">Weather and tides</a></nav>'
NEWS = [
    ("Ferries back on the south side", "The first boat tied up at noon, to applause."),
    ("Herring early this year", "Nets were full by dawn and prices fell at the morning market."),
    ("Storm took the old pier", "Engineers are to say next week whether it can be rebuilt."),
    ("A diary of promises", "The harbour master read aloud from it and nobody was spared."),
    ("Soup for all at the opening", "Three kinds were served, and music went on until late."),
]
ARTICLE = (
    "The old harbour wall was finished in the spring, and for the first time in eleven years the"
    " ferries could tie up on the south side again.",
    "Nobody in the village had believed that the work would end before the money did, least of"
    " all the harbour master, who had kept a diary.",
)


def absence(body: str, kept: bool = True) -> Evidence | None:
    page = render_page(body, SplitSettings(extraction="none"), DecodeSettings(), url=None)
    lines = read_lines([page.text[p.start : p.end] for p in page.paragraphs])
    return missing_articles(lines, page.paragraphs, np.full(len(lines), kept)).get(0)


def instead(body: str) -> object:
    evidence = absence(body)
    return evidence and evidence["instead"]


def teasers(template: str) -> str:
    return "".join(template.format(title, text) for title, text in NEWS * 6)


@pytest.mark.parametrize(
    "template",
    [
        '<div><h2><a href="/a">{}</a></h2><p>{}</p><time>2 May</time></div>',
        '<li><a href="/a">{}</a><p>{} <a href="/a">More</a></p></li>',
        '<a href="/a"><h3>{}</h3><p>{}</p></a>',
        '<div><a href="/v"><img src=v> {}</a><div>3:12</div></div><!-- {} -->',
    ],
    ids=["cards", "list", "linked cards", "videos"],
)
def test_an_index_page_holds_no_article(template: str) -> None:
    page = f"{NAV}<h1>Harbour</h1>{teasers(template)}<footer>Imprint</footer>"
    assert instead(page) in ("links", "teasers")


def test_cards_with_few_links_among_their_words_hold_no_article() -> None:
    card = '<div><h3><a href="/a">{}</a></h3><p>{} It will take until spring, they say.</p></div>'
    assert instead(f"<h1>Harbour</h1>{teasers(card)}") in ("links", "teasers")


def test_search_results_and_tag_lists_hold_no_article() -> None:
    results = teasers('<p><a href="/a">{}</a><br>… {}<br>harbour.example › news</p>')
    assert instead(f"{NAV}<h1>30 results for wall</h1>{results}") in ("links", "teasers")
    tags = "".join(f'<li><a href="/t/{n}">Topic number {n}</a></li>' for n in range(50))
    assert instead(f"{NAV}<h1>All topics</h1><ul>{tags}</ul>") == "links"


@pytest.mark.parametrize(
    "text",
    [
        "We and our 158 partners store cookies on your device. With your consent we use them to"
        " measure audiences. You can withdraw your consent at any time in our privacy policy.",
        "Wir verwenden Cookies, um Inhalte zu personalisieren. Mit Ihrer Einwilligung geben wir"
        " Daten an Partner weiter. Mehr steht in der Datenschutzerklärung unten auf der Seite.",
    ],
)
def test_a_consent_wall_holds_no_article(text: str) -> None:
    wall = f"<h1>Before you go on</h1><p>{text}</p><button>Accept</button>"
    assert instead(wall) == "consent"


@pytest.mark.parametrize("heading", ["404", "Error 404", "Page not found", "Fehler 503"])
def test_an_error_page_holds_no_article(heading: str) -> None:
    page = f"<h1>{heading}</h1><p>The page that you asked for has gone out with the tide.</p>"
    assert instead(page) == "error"


@pytest.mark.parametrize(
    "body",
    [
        "<h1>Wall done</h1>" + "".join(f"<p>{text}</p>" for text in ARTICLE),
        # One report in the middle of a portal.
        f"<h1>Wall done</h1><p>{ARTICLE[0]}</p><p>{ARTICLE[1]}</p>"
        + teasers('<h3><a href="/a">{}</a></h3><p>{}</p>'),
        # A short page without links says what it says.
        "<h1>Closed</h1><p>The harbour is closed today.</p>",
        "<p>The ferry does not sail.</p>",
        # A poem and a recipe have few sentences.
        "".join(f"<p>and the sea came in with hat {n}</p>" for n in range(30)) + NAV,
        "<h1>Soup</h1><ul>" + "<li>two pounds of fresh herring</li>" * 30 + "</ul>" + NAV,
        # A list of places whose names are links.
        "".join(
            f'<h3><a href="/p">The {n}th pier</a></h3><p>{text}</p>'
            for n in range(9)
            for text in [" ".join(ARTICLE) + " It is open all year round, even when it rains."]
        ),
        # An article on the subject of the notices.
        f"<h1>Cookies</h1><p>{ARTICLE[0]}</p><p>Cookies and consent came up.</p><p>{ARTICLE[1]}</p>",
        f"<h1>Highway 404 is open</h1><p>{ARTICLE[0]}</p><p>{ARTICLE[1]}</p>",
    ],
    ids=["plain", "portal", "short", "line", "poem", "recipe", "places", "cookies", "number"],
)
def test_a_page_with_an_article_has_one(body: str) -> None:
    assert absence(NAV + body) is None


def test_text_that_nobody_keeps_is_no_article() -> None:
    page = teasers('<a href="/a">{}</a><!-- {} -->') + "".join(f"<p>{text}</p>" for text in ARTICLE)
    assert absence(page) is None
    assert absence(page, kept=False) is not None


def test_the_evidence_says_what_stands_on_the_page_instead() -> None:
    link = '<h2><a href="/a">One two three four five</a></h2>'
    page = f"{link * 16}<p>{'word ' * 19} end.</p>"
    assert absence(page) == {"instead": "links", "longest": 20, "running": 20, "linked": 800}
    # A few links are a menu.
    assert absence(f"{link * 9}<p>{'word ' * 19} end.</p>") is None


def test_plain_text_is_not_judged() -> None:
    text = "404\nNot found\nHome"
    paragraphs = split_text(text, SplitSettings())
    lines = read_lines(text.split("\n"))
    assert missing_articles(lines, paragraphs, np.full(len(lines), True)) == {}
