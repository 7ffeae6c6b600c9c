"""Where a block stands on its page."""

from __future__ import annotations

import pytest

from transforms.page_blocks import visible_blocks
from transforms.page_paths import last_tag
from transforms.page_tree import parse_page
from transforms.settings import SplitSettings


def paths(markup: str) -> list[str]:
    tree = parse_page(markup, SplitSettings()).tree
    return [block.path for block in visible_blocks(tree, SplitSettings()).blocks]


def test_paths_name_tags_ids_and_first_classes_from_the_body_down() -> None:
    markup = '<body><div class="page wide"><article id="a1"><p class="lead">x</p>y</article></div>z'
    assert paths(markup) == [
        "div.page > article#a1 > p.lead",
        "div.page > article#a1",
        "",
    ]


def test_long_paths_keep_their_nearest_steps() -> None:
    markup = "".join(f'<div class="level-{i}">' for i in range(60)) + f'<p class="{"c" * 999}">x'
    [path] = paths(markup)
    assert len(path) <= 200
    assert path.startswith("… > div.level-")
    assert " > div.level-58 > div.level-59 > p.ccc" in path


@pytest.mark.parametrize(
    ("markup", "tag"),
    [
        ("<div><h1 class=a.b>x", "h1"),
        ("<h1 id=a.b#c class=d>x", "h1"),
        ("<h1><b>x", "h1"),
        ("<h1><div>x", "div"),
        ("<h2>x", "h2"),
        ("x", ""),
    ],
)
def test_the_last_tag_of_a_path(markup: str, tag: str) -> None:
    [path] = paths(markup)
    assert last_tag(path) == tag
