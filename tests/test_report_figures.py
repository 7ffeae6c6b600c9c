"""Figures of the report: every character is counted once."""

from pipeline.report.figures import Figures, Histogram, worst_sources
from tests.report_output import kept_by, marked, stays, went, whole

LINE = "The town council voted on Monday for a new bridge."


def test_characters_stay_or_go_or_are_white_space() -> None:
    figures = Figures()
    each = whole(
        "a",
        [
            went("Share this", "boilerplate", "share-widget", 0.1),
            stays(LINE),
            went(LINE, "duplicate", "copy", 1.0, kept=kept_by("b", 0)),
        ],
    )
    figures.add(each)
    assert figures.kept == len(LINE)
    assert figures.removed == len("Share this") + len(LINE)
    assert figures.kept + figures.removed + figures.white_space == each.source.characters
    assert figures.reasons["duplicate", "copy"].characters == len(LINE)
    assert figures.reasons["boilerplate", "share-widget"].paragraphs == 1


def test_a_reason_counts_each_document_once() -> None:
    figures = Figures()
    figures.add(whole("a", [went("0", "boilerplate", "counter", 0.1)] * 3))
    figures.add(whole("b", [went("0", "boilerplate", "counter", 0.1), stays(LINE)]))
    counter = figures.reasons["boilerplate", "counter"]
    assert (counter.paragraphs, counter.documents) == (4, 2)


def test_sources_are_listed_by_what_they_lost() -> None:
    figures = Figures()
    figures.add(whole("a", [stays(LINE)], site="small.example"))
    figures.add(whole("b", [went(LINE, "duplicate", "copy", 1.0)], site="large.example"))
    figures.add(
        whole("c", [went("0", "boilerplate", "counter", 0.1), stays(LINE)], site="x.example")
    )
    listed, others = worst_sources(figures, 2)
    assert [name for name, _ in listed] == ["large.example", "x.example"]
    assert others == 1
    assert listed[0][1].share == 1
    assert listed[0][1].documents_gone == 1


def test_scores_are_counted_with_what_became_of_the_paragraph() -> None:
    figures = Figures()
    flag = marked("restatement", kept_by("a", 0), 0.4, points=12)
    figures.add(
        whole(
            "a",
            [
                stays(LINE, (flag,)),
                went(LINE, "near-duplicate", "copy", 0.8),
                went(LINE, "restatement", "copy", 0.5, evidence={"points": 20}),
                went(LINE, "boilerplate", "other", 0.3),
                went(LINE, "boilerplate", "template", 0.9),
            ],
        )
    )
    assert (sum(figures.points.removed), sum(figures.points.marked)) == (1, 1)
    assert figures.near.removed[30] == 1  # .80 to .81
    assert sum(figures.judged.removed) == 1  # the score of a template is another


def test_what_lies_outside_a_histogram_counts_at_its_ends() -> None:
    histogram = Histogram.empty(0, 1, 4)
    for value in (-1, 0, 0.25, 1, 7):
        histogram.add(value)
    assert histogram.removed == [2, 1, 0, 2]
