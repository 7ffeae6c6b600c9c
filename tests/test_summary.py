"""The summary: what people read at the end of a run."""

from pathlib import Path

from pipeline.outputs import Manifest, Tally
from pipeline.summary import summary


def manifest(**counts: object) -> Manifest:
    return Manifest(
        copydesk="0",
        format=1,
        settings={},
        settings_sha256="",
        run=None,
        history=(),
        counts=Tally(**counts),  # type: ignore[arg-type]
        files=(),
    )


def test_it_says_what_went_in_what_came_out_and_what_went() -> None:
    text = summary(
        manifest(
            records=1204,
            statuses={"kept": 1200, "duplicate": 3, "rejected": 1},
            characters_in=2000,
            characters_out=1500,
            paragraphs_in=90,
            paragraphs_out=60,
            verdicts={"keep": 60, "boilerplate": 25, "near-duplicate": 5},
            reasons={"counter": 5, "caption": 20},
            removed_characters={"counter": 50, "caption": 350, "near-duplicate": 100},
            errors={"empty-record": 1},
            flags={"restatement": 2},
            near_copies={"paragraphs": 4, "shingles": 1},
            reported={"document": 3, "near-duplicate": 6},
        ),
        Path("/tmp/my out"),  # noqa: S108
        2.345,
    )
    assert text.splitlines() == [
        "1,204 records in 2.3 s: 1,200 kept, 3 duplicates of another, 1 rejected (unreadable)",
        "90 paragraphs in, 60 out; 2,000 characters in, 1,500 out (75.0%)",
        "",
        "removed paragraphs",
        "  boilerplate                   25           400 characters",
        "    caption                     20           350 characters",
        "    counter                      5            50 characters",
        "  near-duplicate                 5           100 characters",
        "",
        "marked paragraphs (text kept)",
        "  restatement                    2",
        "",
        "near-copies that stay (sources/ names the survivor), found by",
        "  paragraphs                     4",
        "  shingles                       1",
        "",
        "reported only (nothing was done)",
        "  near-duplicate                 6",
        "  near-copied document           3",
        "",
        "rejected records",
        "  empty-record                   1",
        "",
        "clean documents   /tmp/my out/documents",
        "what was removed  /tmp/my out/removed",
        "what was rejected /tmp/my out/rejected",
        "check it          copydesk verify '/tmp/my out'",
    ]


def test_a_run_without_removals_has_no_table() -> None:
    text = summary(manifest(records=1, statuses={"kept": 1}), Path("out"), 0.1)
    assert text.startswith("1 record in 0.1 s: 1 kept\n")
    assert "removed paragraphs" not in text


def test_tallies_add_up() -> None:
    one = Tally(records=1, statuses={"kept": 1})
    one.add(Tally(records=2, statuses={"kept": 1, "rejected": 1}))
    assert one.sorted() == Tally(records=3, statuses={"kept": 2, "rejected": 1})
