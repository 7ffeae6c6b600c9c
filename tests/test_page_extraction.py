"""trafilatura's vote on the blocks of a page."""

from __future__ import annotations

import re

import pytest

from transforms import page_extraction
from transforms.page_blocks import visible_blocks
from transforms.page_extraction import extracted_blocks, is_affordable
from transforms.page_tree import parse_page
from transforms.pages import Page, render_page
from transforms.settings import DecodeSettings, SplitSettings

LATEST = "2100-01-01"
ARTICLE = [
    "The old harbour wall was finished in the spring, and for the first time in eleven years the"
    " ferries could tie up on the south side again, to the surprise of all who had watched.",
    "Nobody in the village had believed that the work would end before the money did, least of"
    " all the harbour master, who had kept a diary of every promise since the first one.",
    "She read some of it aloud at the opening, and people laughed where they had once shouted;"
    " afterwards there was soup, and then there was more soup, and music until late at night.",
]
PAGE = f"""<!DOCTYPE html><html><body>
    <nav><ul><li><a href="/">Home</a><li><a href="/sport">Sport and games</a></ul></nav>
    <article><h1>Wall Finished</h1>{"".join(f"<p>{text}</p>" for text in ARTICLE)}</article>
    <footer><p>Imprint and contact of the newspaper</p></footer></body></html>"""


def votes(markup: str) -> dict[str, bool]:
    tree = parse_page(markup, SplitSettings()).tree
    texts = [block.text for block in visible_blocks(tree, SplitSettings()).blocks]
    found = extracted_blocks(tree, texts, LATEST)
    assert found is not None
    return dict(zip(texts, found, strict=True))


def test_the_article_is_kept_and_the_frame_is_not() -> None:
    assert votes(PAGE) == {
        "Home": False,
        "Sport and games": False,
        "Wall Finished": True,
        **dict.fromkeys(ARTICLE, True),
        "Imprint and contact of the newspaper": False,
    }


def test_the_tree_is_left_as_it_was() -> None:
    tree = parse_page(PAGE, SplitSettings()).tree
    assert tree is not None
    before = [element.tag for element in tree.iter()]
    extracted_blocks(tree, [], LATEST)
    assert [element.tag for element in tree.iter()] == before


def extracting(monkeypatch: pytest.MonkeyPatch, text: str, blocks: list[str]) -> list[bool] | None:
    monkeypatch.setattr(page_extraction, "_extraction", lambda *_: text)
    return extracted_blocks(None, blocks, LATEST)


def test_blocks_that_trafilatura_joins_or_splits_are_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = "One two three four. FIVE six\nseven “eight” nine ten.\n- Read more"
    blocks = ["one two three four", "five six seven eight", "nine ten.", "• read MORE", "two three"]
    assert extracting(monkeypatch, text, blocks) == [True, True, False, True, False]


def test_half_of_the_shingles_must_occur(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a b c d e"
    blocks = ["a b c d e x x", "a b c d x x x", "", "…"]
    assert extracting(monkeypatch, text, blocks) == [True, False, False, False]


def test_a_page_that_trafilatura_fails_on_has_no_vote(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("no such luck")

    monkeypatch.setattr("trafilatura.bare_extraction", fail)
    assert extracted_blocks(parse_page(PAGE, SplitSettings()).tree, ["a"], LATEST) is None
    assert "judged without its vote" in caplog.text


@pytest.mark.parametrize("markup", ["<p>", "<html><head></head></html>", "<p>&#1;a&#xFFFE;b"])
def test_a_page_without_an_article_has_no_vote_and_no_noise(
    markup: str, caplog: pytest.LogCaptureFixture
) -> None:
    votes(markup)
    assert caplog.text == ""


def test_no_clock_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    class NoClock:
        @staticmethod
        def now(*_: object) -> None:
            raise AssertionError("the vote would depend on the day of the run")

    monkeypatch.setattr("trafilatura.settings.datetime", NoClock)
    monkeypatch.setattr("htmldate.validators.datetime", NoClock)
    assert votes(PAGE)["Wall Finished"]


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 400 + "fog" + "</div>" * 400,
        "<table><tr><td>1<td>2</table>" * 300,
        "<p>fog</p>" * 600,
        "<p>fog</p>" + f"<div hidden>{'<p>fog</p>' * 600}</div>",
        "<p>fog</p>" + f"<div hidden>{'<div>' * 400 + '</div>' * 400}</div>",
        "<ul><li>" * 200 + "<p>fog</p>" * 100 + "</ul>" * 200,
    ],
    ids=["nested", "tables", "siblings", "hidden siblings", "hidden nest", "nest of siblings"],
)
def test_what_would_take_it_long_is_judged_without_its_vote(
    body: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr("transforms.pages.extracted_blocks", lambda *_: asked.append(_))
    markup = f"<html><body>{body}</body></html>"
    page = render_page(markup, SplitSettings(), DecodeSettings(), url=None)
    assert not asked
    assert page.changes["extraction-skipped"] == 1
    assert "fog" in page.text or "1" in page.text


def test_what_a_page_may_take_grows_with_its_size() -> None:
    large = {"nodes": 4_529, "steps": 64_201, "deepest": 56, "blocks": 1_366}
    assert is_affordable(**large, characters=300_000)
    assert not is_affordable(**large, characters=30_000)
    for far in ({"nodes": 60_000}, {"steps": 3_000_000}, {"deepest": 300}, {"blocks": 6_000}):
        ordinary = {"nodes": 800, "steps": 8_400, "deepest": 18, "blocks": 170}
        ordinary["characters"] = 500_000
        assert is_affordable(**ordinary)
        assert not is_affordable(**{**ordinary, **far})


@pytest.mark.parametrize(
    "nest",
    ["<ul><li>", "<ol><li>", "<dl><dd>", "<blockquote>", "<div>", "<table><tr><td>", "<q><i>"],
)
@pytest.mark.parametrize("depth", [190, 300, 900])
def test_the_vote_does_not_depend_on_how_deep_the_caller_stands(nest: str, depth: int) -> None:
    tags = re.findall(r"\w+", nest)
    levels = depth // len(tags)
    closing = "".join(f"</{tag}>" for tag in reversed(tags))
    body = f"{nest * levels}{ARTICLE[0]}{closing * levels}<p>{ARTICLE[1]}</p>"
    # As long as its nest makes it dear.
    markup = f"<html><body><article>{body}</article><!--{'x' * 2_000_000}--></body></html>"

    def rendered(frames: int) -> Page:
        if frames:
            return rendered(frames - 1)
        return render_page(markup, SplitSettings(), DecodeSettings(), url=None)

    assert rendered(0) == rendered(300)


def test_memory_that_is_short_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("trafilatura.bare_extraction", fail)
    with pytest.raises(MemoryError):
        votes(PAGE)
