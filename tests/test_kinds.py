"""Kinds of kept lines in plain text and on pages."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from transforms.document import Kind, Markup, Paragraph
from transforms.kinds import name_kinds
from transforms.lines import read_lines

PROSE = "The council voted for a new bridge on Monday after two years of talks."
MARKUP = Markup(path="div > p", link_density=0.0, extracted=True)


def kinds(
    texts: Sequence[str],
    *,
    dropped: Sequence[int] = (),
    titles: Sequence[int] = (),
    given: Sequence[Kind] | None = None,
    markup: Markup | None = None,
) -> list[Kind]:
    plain: list[Kind] = ["paragraph"] * len(texts)
    paragraphs = [
        Paragraph(index=index, start=0, end=0, kind=kind, markup=markup)
        for index, kind in enumerate(given or plain)
    ]
    kept = ~np.isin(np.arange(len(texts)), dropped)
    return name_kinds(paragraphs, read_lines(texts), kept, np.isin(np.arange(len(texts)), titles))


def test_a_short_line_before_running_text_is_a_heading() -> None:
    assert kinds(["What Comes Next", PROSE]) == ["heading", "paragraph"]
    assert kinds(["Part Two", "What Comes Next?", PROSE]) == ["heading", "heading", "paragraph"]


def test_short_lines_in_a_row_are_a_list_and_the_last_one_heads_what_follows() -> None:
    assert kinds(["Flour", "Butter", "Plums", "Method", PROSE]) == [
        *["list-item"] * 3,
        "heading",
        "paragraph",
    ]
    assert kinds([PROSE, "Flour", "Butter"]) == ["paragraph", "list-item", "list-item"]


def test_a_short_last_line_heads_nothing() -> None:
    assert kinds([PROSE, "The End"]) == ["paragraph", "paragraph"]


def test_dropped_lines_part_nothing() -> None:
    assert kinds(["What Comes Next", "Advertisement", PROSE], dropped=[1])[0] == "heading"


def test_a_sentence_that_announces_a_list_is_a_paragraph() -> None:
    announcing = "For the cake you will need the following things:"
    assert kinds([announcing, "Flour", "Butter"])[0] == "paragraph"
    assert kinds(["Method:", PROSE])[0] == "heading"


def test_titles_are_titles_and_only_they() -> None:
    assert kinds(["Bridge", PROSE, "Bridge"], titles=[0, 2]) == ["title", "paragraph", "title"]
    assert kinds(["Bridge", PROSE], given=["title", "paragraph"]) == ["heading", "paragraph"]


def test_what_a_page_marks_up_stays() -> None:
    given: list[Kind] = ["heading", "list-item", "paragraph", "quote"]
    assert kinds(["A", "B", "C", "D"], given=given, markup=MARKUP) == given
