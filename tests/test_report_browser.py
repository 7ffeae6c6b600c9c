"""The report in a real browser: it runs nothing but its own script, and asks for nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from pipeline.run import run
from tests.browsing import DESKTOP, PHONE, Page, browser
from tests.report_corpora import write_hostile, write_news
from tests.running import ARTICLES, SHAPES, reported
from transforms.settings import Settings

DOCUMENTS = 5_000


@pytest.fixture(scope="module")
def fixtures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("report") / "out"
    return reported(output, ARTICLES, SHAPES) / "report.html"


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("news")
    return reported(folder / "out", write_news(folder / "news.jsonl", 120)) / "report.html"


@pytest.fixture
def page(news: Path) -> Iterator[Page]:
    with browser() as driver:
        yield Page(driver, news)


def test_the_report_of_the_fixtures_asks_for_nothing_and_fits_every_screen(fixtures: Path) -> None:
    for size, dark in ((DESKTOP, False), (DESKTOP, True), (PHONE, False), (PHONE, True)):
        with browser(size, dark=dark) as driver:
            page = Page(driver, fixtures)
            assert page.errors() == []
            assert page.requested() == {page.address}
            assert page.run("return document.documentElement.scrollWidth") <= size[0]
            page.picture(f"fixtures-{size[0]}-{'dark' if dark else 'light'}")


def test_text_that_attacks_the_page_runs_nothing_and_asks_for_nothing(tmp_path: Path) -> None:
    report = reported(tmp_path / "out", write_hostile(tmp_path / "hostile")) / "report.html"
    with browser() as driver:
        page = Page(driver, report)
        shown = set()
        for _ in range(len(page.texts(".doclist li"))):
            shown.add(page.run("return document.querySelector('.doc.open').id"))
            page.press("n", Keys.ENTER, "c", "b", "j")
        assert len(shown) > 20
        page.fill("#search", "<script>")
        page.press(Keys.ENTER)
        assert page.run("return [typeof window.hit, document.title]") == [
            "undefined",
            "copydesk report",
        ]
        assert page.run("return document.scripts.length") == 1
        assert (
            page.run("return document.querySelectorAll('img, iframe, base, [onerror]').length") == 0
        )
        assert page.run("return [...document.links].every(a => a.hash && !a.host)")
        assert page.errors() == []
        assert page.requested() == {page.address}
        page.picture("hostile")
        assert "<script>window.hit = 1; document.title = 'hit'</script>" in page.run(
            "return document.body.textContent"
        )


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_axe_finds_no_serious_problem(size: tuple[int, int], dark: bool, fixtures: Path) -> None:
    with browser(size, dark=dark) as driver:
        page = Page(driver, fixtures)
        page.run("document.querySelectorAll('details').forEach(each => { each.open = true })")
        assert page.problems() == []


def test_axe_finds_no_serious_problem_beside_duplicates(page: Page) -> None:
    page.press("n", "?")
    page.click(".doc.open .para.gone[class*=duplicate] > .ink")
    assert page.texts("#compare .ink")
    assert page.problems() == []


def test_texts_have_their_language_and_direction(page: Page) -> None:
    found = page.run(
        "return [...document.querySelectorAll('.para > .ink')].map(e => [e.lang, e.dir])"
    )
    assert ["ar", "rtl"] in found
    assert ["en", "ltr"] in found
    assert (
        page.run(
            "return getComputedStyle(document.querySelector('.para > .ink[lang=ar]')).direction"
        )
        == "rtl"
    )


def test_tables_sort_and_filter(page: Page) -> None:
    table = "table[data-what=sources]"
    names = page.texts(f"{table} tbody th")
    page.click(f"{table} thead th:nth-child(1) button")
    assert page.texts(f"{table} tbody th") == sorted(names)
    page.click(f"{table} thead th:nth-child(2) button")
    counts = [int(text) for text in page.texts(f"{table} tbody td:nth-child(2)")]
    assert counts == sorted(counts, reverse=True)
    assert len(set(counts)) > 2
    assert (
        page.run(
            "return document.querySelector(arguments[0] + ' thead th:nth-child(2)').ariaSort", table
        )
        == "descending"
    )
    page.fill("#filter-sources", names[3])
    assert page.texts(f"{table} tbody th") == [names[3]]
    assert page.errors() == []


def test_search_finds_the_documents_that_have_the_words(page: Page) -> None:
    every = page.texts(".doclist li")
    page.press("/", *"bridge fund (abf)")
    some = page.texts(".doclist li")
    assert 0 < len(some) < len(every)
    assert page.texts(".found") == [f"{len(some)} of {len(every)} documents"]
    page.press(Keys.ENTER)
    (at,) = page.texts(".para.at > .ink")
    assert "Bridge Fund (ABF)" in at
    assert page.run("return CSS.highlights.get('found').size") > 0
    page.fill("#search", "no such words anywhere")
    assert page.texts(".doclist li") == []


def test_a_click_on_a_duplicate_jumps_to_what_is_kept_and_shows_both(page: Page) -> None:
    # A near-duplicate whose kept paragraph is in the report.
    gone, kept = page.run(
        "const link = document.querySelector('.para.gone.f-near-duplicate a.jump');"
        "return [link.closest('.para').id, link.hash.slice(1)]"
    )
    page.run("location.hash = arguments[0]", gone)
    page.click(f"#{gone} > .ink")
    assert page.run("return location.hash") == f"#{kept}"
    assert page.run("return document.querySelector('.para.at').id") == kept
    here, there = page.texts("#compare .pair .ink")
    assert here != there
    shared = page.texts("#compare .pair > div:first-child mark")
    assert shared
    assert all(run in there for run in shared)
    page.picture("compare")
    page.press("b")
    assert page.run("return location.hash") == f"#{gone}"
    assert page.texts("#compare") == []


def test_keys_walk_through_documents_and_removals_and_can_be_switched_off(page: Page) -> None:
    first = page.run("return document.querySelector('.doc.open').id")
    page.press("j")
    second = page.run("return document.querySelector('.doc.open').id")
    assert second != first
    page.press("k")
    assert page.run("return document.querySelector('.doc.open').id") == first
    page.press("n")
    page.press(Keys.ENTER)
    assert page.texts(".para.at .evidence")
    page.press("?")
    page.click("#keys-on")
    page.run("document.activeElement.blur()")
    page.press("j")
    assert page.run("return document.querySelector('.doc.open').id") == first


def test_pointing_at_what_went_shows_why(page: Page) -> None:
    element = page.driver.find_element("css selector", ".doc.open .para.gone > .ink")
    page.run("arguments[0].scrollIntoView({block: 'center'})", element)
    page.run(
        "arguments[0].dispatchEvent(new PointerEvent('pointerover', {pointerType: 'mouse', bubbles: true}))",
        element,
    )
    (shown,) = page.texts("#peek")
    assert "rule" in shown


def test_without_scripts_all_can_be_read(news: Path) -> None:
    with browser() as driver:
        driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        driver.get(news.resolve().as_uri())
        body = driver.find_element("css selector", "body").text
        for words in ("Where the text went", "Closest calls", "paper0.example", "Bridge Fund"):
            assert words in body
        documents = driver.find_elements("css selector", ".doc")
        assert len(documents) > 20
        assert all(each.is_displayed() for each in documents)


@pytest.mark.long
def test_the_report_of_a_large_run_is_small_quiet_and_quick(tmp_path: Path) -> None:
    source = write_news(tmp_path / "news.jsonl", DOCUMENTS)
    run([str(source)], tmp_path / "out", Settings(), workers=2)
    report = tmp_path / "out" / "report.html"
    assert report.stat().st_size < 5_000_000
    for size in (DESKTOP, PHONE):
        with browser(size) as driver:
            page = Page(driver, report)
            assert (
                page.run(
                    "return performance.timing.domComplete - performance.timing.navigationStart"
                )
                < 10_000
            )
            assert page.errors() == []
            assert page.requested() == {page.address}
            assert page.run("return document.documentElement.scrollWidth") <= size[0]
            for part in ("flow", "close", "documents", "groups", "sources", "distributions"):
                page.run("document.getElementById(arguments[0]).scrollIntoView()", part)
                page.picture(f"news-{size[0]}-{part}")
            page.press("/", *"bridge fund (abf)", Keys.ENTER)
            assert page.texts(".para.at")
            assert page.problems() == []
