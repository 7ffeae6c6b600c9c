"""Duplicate groups: counted in full, named in part, the largest first."""

from pipeline.outputs import Kept
from pipeline.report.groups import GROUPS, MEMBERS, Groups, Member, Tally, copies, whole_copies
from tests.report_output import kept_by, went, whole


def grouped(some: list[tuple[Kept, Member]]) -> Groups:
    tally = Tally()
    for kept, member in some:
        tally.add(kept, len(member.text))
    groups = tally.largest()
    for kept, member in some:
        groups.add(kept, member)
    return groups


def member(name: str) -> Member:
    return Member(name, 0, "duplicate", 1.0, "text")


def test_groups_come_by_size_with_their_first_members() -> None:
    some = [(kept_by("small", 1), member("x"))]
    some += [(kept_by("large", 2), member(f"{number:02d}")) for number in range(20)]
    groups = grouped(some)
    large, small = groups
    assert (large.kept.document, large.size, large.characters) == ("large", 20, 80)
    assert [each.document for each in large.members] == [
        f"{number:02d}" for number in range(MEMBERS)
    ]
    assert (small.kept.document, small.size) == ("small", 1)
    assert groups.total == 2


def test_paragraphs_and_runs_are_told_apart() -> None:
    some = [
        (kept_by("a", 1), member("x")),
        (kept_by("a", 2), member("y")),
        (kept_by("a", 1, run="old"), member("z")),
    ]
    assert len(list(grouped(some))) == 3


def test_of_many_groups_the_largest_are_listed_and_all_are_counted() -> None:
    some = [(kept_by(f"{number}", 0), member("x")) for number in range(300)]
    some += [(kept_by("largest", 0), member("x"))] * 2
    groups = grouped(some)
    assert groups.total == 301
    listed = list(groups)
    assert len(listed) == GROUPS
    assert listed[0].kept.document == "largest"


def test_nothing_makes_no_groups() -> None:
    assert list(grouped([])) == []


def test_what_goes_with_its_document_is_in_the_group_of_the_document() -> None:
    kept = kept_by("a", None)
    gone = whole(
        "b",
        [went("Title", "duplicate", "document", 0.97, kept=kept)],
        status="duplicate",
        survivor="a",
        proven=0.97,
    )
    assert list(copies(gone.removed)) == []
    ((found, one),) = whole_copies([gone.source])
    assert (found.document, one.document, one.score) == ("a", "b", 0.97)
