"""The tree of a page: parsed whatever its state, streamed parts in place, hidden elements known."""

from __future__ import annotations

import pytest

from transforms.limits import UnsplittableDocument
from transforms.page_blocks import visible_blocks
from transforms.page_tree import is_hidden, parse_page
from transforms.settings import SplitSettings

SETTINGS = SplitSettings()


def visible(markup: str) -> list[str]:
    tree = parse_page(markup, SETTINGS).tree
    return [" ".join(block.text.split()) for block in visible_blocks(tree, SETTINGS).blocks]


@pytest.mark.parametrize("markup", ["", " \n ", "<!-- nothing -->", "<!DOCTYPE html>"])
def test_markup_that_holds_nothing_has_no_tree(markup: str) -> None:
    assert parse_page(markup, SETTINGS).tree is None


def test_what_the_markup_declares_of_its_encoding_is_ignored() -> None:
    assert visible('<?xml version="1.0" encoding="latin-1"?><html><p>Łódź</p></html>') == ["Łódź"]
    assert visible('<meta charset="koi8-r"><p>Łódź</p>') == ["Łódź"]


def test_entities_of_a_document_type_are_not_read() -> None:
    markup = '<!DOCTYPE html [<!ENTITY e SYSTEM "file:///etc/passwd">]><p>a &e; b</p>'
    assert visible(markup)[-1] == "a &e; b"


def test_control_characters_are_dropped_and_counted() -> None:
    tree, _, controls = parse_page("<p>har\0bour\x01 wall\x0cdone</p>", SETTINGS)
    assert controls == 2
    assert tree is not None
    assert tree.text_content() == "harbour wall done"


def test_a_page_of_too_many_elements_is_refused_before_and_after_parsing() -> None:
    settings = SplitSettings(max_nodes=100)
    assert parse_page("<p>a</p>" * 90, settings).tree is not None
    for markup in ("<p>a" * 101, "<" * 201):
        with pytest.raises(UnsplittableDocument, match="more than 100 elements") as raised:
            parse_page(markup, settings)
        assert raised.value.error == "page-too-large"


@pytest.mark.parametrize(
    "attributes",
    [
        "hidden",
        'hidden=""',
        'style="display:none"',
        'style="color: red; DISPLAY : none !important"',
        "style='visibility:hidden;'",
        "style='visibility: collapse'",
        "hidden role=region",
    ],
)
def test_hidden(attributes: str) -> None:
    assert visible(f"<p>a</p><div {attributes}><p>b</p></div>c") == ["a", "c"]


@pytest.mark.parametrize(
    "attributes",
    [
        'aria-hidden="true"',
        'style="display:block"',
        'style="--x-display:none"',
        'style="display:nonesuch"',
        'class="hidden"',
        # Panels of an accordion, opened by a click on their header.
        'style="display:none" role="region" aria-labelledby="header-2"',
        'hidden role="tabpanel" aria-labelledby="tab-2"',
    ],
)
def test_not_hidden(attributes: str) -> None:
    assert visible(f"<p>a</p><div {attributes}><p>b</p></div>c") == ["a", "b", "c"]


def test_a_page_that_hides_itself_until_its_script_has_run_is_visible() -> None:
    assert visible('<html hidden><body style="visibility:hidden"><p>a</p>') == ["a"]


def test_hidden_elements_are_the_marked_ones() -> None:
    tree = parse_page("<p id=a hidden>x</p><p id=b>y</p>", SETTINGS).tree
    assert tree is not None
    assert [element.get("id") for element in tree.iter() if is_hidden(element)] == ["a"]


STREAMED = (
    '<header>News</header><main><template id="B:0"></template></main><footer>Contact</footer>'
    '<div hidden id="S:2"><p>The wall is done.</p><template id="P:3"></template></div>'
    '<div hidden id="S:3"><p>Soup is served.</p></div>'
)


def test_streamed_parts_stand_where_the_scripts_put_them() -> None:
    scripts = '<script>$RC=function(b,s){};$RC("B:0","S:2");$RS("S:3","P:3")</script>'
    assert visible(STREAMED + scripts) == [
        "News",
        "The wall is done.",
        "Soup is served.",
        "Contact",
    ]


def test_streamed_parts_without_scripts_take_the_place_of_their_number_or_stay() -> None:
    assert visible(STREAMED) == ["News", "Contact", "The wall is done.", "Soup is served."]
    assert visible(STREAMED.replace("S:2", "S:0"))[1] == "The wall is done."


def test_a_streamed_part_does_not_go_into_itself() -> None:
    markup = '<div hidden id="S:1"><p>a</p><template id="B:1"></template></div><p>b</p>'
    assert visible(markup) == ["a", "b"]


def test_of_thousands_of_streamed_parts_the_first_go_to_their_places_and_all_show() -> None:
    places = "".join(f'<template id="P:{at:x}"></template>' for at in range(2_000))
    parts = "".join(f'<div hidden id="S:{at:x}"><p>part {at}</p></div>' for at in range(2_000))
    shown = visible(f"{places}<p>between</p>{parts}")
    assert shown.index("between") == 500
    assert len(shown) == 2_001
