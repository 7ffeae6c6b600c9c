"""The closest calls: nearest to the bar first, on both sides."""

from pipeline.report.close_calls import SHOWN, CloseCalls, Threshold
from pipeline.report.reading import Whole
from tests.report_output import kept_by, marked, stays, went, whole
from transforms.settings import Settings

SHORT = "The town council voted on Monday for a new bridge over the Arle near the old mill."
LONG = " ".join(f"word{number}" for number in range(120))


def found(
    *documents: Whole, texts: dict[tuple[str, int], str] | None = None
) -> dict[str, Threshold]:
    close = CloseCalls(Settings())
    for each in documents:
        close.add(each)
    return {each.name.split(",")[0]: each for each in close.thresholds(texts or {})}


def test_near_duplicates_are_measured_against_the_bar_of_their_length() -> None:
    kept = kept_by("z", 0)
    near = found(
        whole("a", [went(SHORT, "near-duplicate", "copy", 0.80, kept=kept)]),
        whole("b", [went(LONG, "near-duplicate", "copy", 0.81, kept=kept)]),
    )["near_duplicates.short_jaccard"]
    assert [call.document for call in near.went.calls] == ["b", "a"]
    assert [call.said for call in near.went.calls] == [
        "Jaccard 0.81, bar 0.80",
        "Jaccard 0.80, bar 0.74",
    ]
    assert "copydesk tune" in near.stayed.without


def test_the_bar_of_a_pair_is_that_of_its_shorter_text() -> None:
    record = went(LONG, "near-duplicate", "copy", 0.81, kept=kept_by("z", 0))
    near = found(whole("b", [record]), texts={("z", 0): SHORT})["near_duplicates.short_jaccard"]
    assert [call.said for call in near.went.calls] == ["Jaccard 0.81, bar 0.74"]


def test_restatements_name_the_bar_that_was_nearest() -> None:
    kept = kept_by("a", 0)
    evidence = {"points": 30, "wording": 0.9, "shared": ["a", "b", "c", "d"]}
    gone = went(SHORT, "restatement", "copy", 0.34, kept=kept, containment=0.9, evidence=evidence)
    low = marked(
        "restatement", kept, 0.9, points=14, wording=0.9, shared=["1", "2", "3"], below=["points"]
    )
    held = marked(
        "restatement", kept, 0.9, points=30, wording=0.9, shared=["1", "2", "3"], vetoes=["numbers"]
    )
    elsewhere = marked("restatement", kept_by("other", 0), 0.9, points=14)
    both = found(
        whole(
            "a",
            [
                stays(SHORT),
                gone,
                stays(SHORT, (low,)),
                stays(SHORT, (held,)),
                stays(SHORT, (elsewhere,)),
            ],
        )
    )["[restatements] drop_points and its other bars"]
    assert [call.said for call in both.went.calls] == ["Jaccard 0.34, bar 0.33"]
    assert [call.said for call in both.stayed.calls] == [
        "passes every bar; veto: numbers",
        "points 14, bar 15",
    ]


def test_boilerplate_of_the_highest_score_comes_first() -> None:
    lines = [went(f"line {score}", "boilerplate", "other", score) for score in (0.1, 0.45, 0.3)]
    judged = found(whole("a", lines))["judge.lean"]
    assert [call.text for call in judged.went.calls] == ["line 0.45", "line 0.3", "line 0.1"]
    assert judged.stayed.calls == []


def test_documents_stand_on_both_sides_of_the_share_at_which_they_go() -> None:
    def near_copy(id: str, proven: float, status: str) -> Whole:
        spans = [stays(SHORT)] if status == "kept" else [went(SHORT, "duplicate", "copy", 1.0)]
        return whole(
            id, spans, status=status, survivor="z", means="paragraphs", share=proven, proven=proven
        )

    both = found(
        near_copy("far", 0.6, "kept"),
        near_copy("near", 0.94, "kept"),
        near_copy("held", 0.97, "kept"),
        near_copy("gone", 0.96, "duplicate"),
        near_copy("all", 1.0, "duplicate"),
    )["documents.drop_share"]
    assert [call.document for call in both.went.calls] == ["gone", "all"]
    assert [call.document for call in both.stayed.calls] == ["held", "near", "far"]
    assert "proven nowhere" in both.stayed.calls[0].said


def test_templates_on_the_fewest_pages_come_first() -> None:
    lines = [
        went(
            f"on {pages}",
            "boilerplate",
            "template",
            0.5,
            evidence={"pages": pages, "site_pages": 40},
        )
        for pages in (30, 6, 12)
    ]
    templates = found(whole("a", lines))["templates.min_pages"]
    assert [call.text for call in templates.went.calls] == ["on 6", "on 12", "on 30"]
    assert templates.went.calls[0].said == "on 6 of 40 pages of its site"


def test_a_list_says_how_many_there_are() -> None:
    lines = [went(f"{number}", "boilerplate", "other", 0.2) for number in range(50)]
    judged = found(whole("a", lines))["judge.lean"]
    assert len(judged.went.calls) == SHOWN
    assert judged.went.seen == 50


def test_a_text_that_nearly_stayed_in_many_documents_is_shown_once() -> None:
    kept = kept_by("z", 0)
    copies = [
        whole(f"a{n:02}", [went(SHORT, "near-duplicate", "copy", 0.75, kept=kept)])
        for n in range(5 * SHOWN)
    ]
    other = whole("b", [went(LONG, "near-duplicate", "copy", 0.95, kept=kept)])
    near = found(*reversed(copies), other)["near_duplicates.short_jaccard"]
    assert [call.document for call in near.went.calls] == ["a00", "b"]
    assert near.went.seen == 5 * SHOWN + 1
