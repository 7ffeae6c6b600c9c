"""Which documents a report shows: by rules, whatever the order, in bounded memory."""

import random

from pipeline.report.best import Best
from pipeline.report.samples import CLOSE_CALL, RULES, Samples
from tests.report_output import kept_by, marked, stays, went, whole

LINE = "The town council voted on Monday for a new bridge over the Arle near the old mill."


def test_each_rule_finds_its_document() -> None:
    flag = marked("restatement", kept_by("b", 0), 0.4)
    junk = went("Share this", "boilerplate", "share-widget", 0.1)
    documents = {
        "largest loss": whole("a", [stays(LINE * 50), went(LINE * 20, "duplicate", "copy", 1.0)]),
        "strangest": whole("b", [stays("Left"), went(LINE * 5, "boilerplate", "other", 0.2)]),
        "whole copy": whole("c", [went(LINE, "duplicate", "copy", 1.0)], status="duplicate"),
        "left empty": whole("d", [junk]),
        "near-copy": whole("e", [stays(LINE)], survivor="a", share=0.6, proven=0.6),
        "marked": whole("f", [stays(LINE, (flag,))]),
        "repaired": whole("g", [stays(LINE)], changes={"spaces": 40}),
        "untouched": whole("h", [stays(LINE * 90)]),
    }
    assert list(documents) == [rule.name for rule in RULES]
    samples = Samples()
    for each in documents.values():
        samples.add(each)
    rules = {each.whole.id: each.rules for each in samples.chosen(iter(()))}
    for name, each in documents.items():
        assert name in rules[each.id]


def test_the_choice_does_not_depend_on_the_order() -> None:
    documents = [
        whole(
            f"{number:03d}",
            [stays(LINE), went("x" * (number % 9 + 1), "boilerplate", "other", 0.2)],
        )
        for number in range(200)
    ]
    chosen = []
    for seed in range(3):
        random.Random(seed).shuffle(documents)
        samples = Samples()
        for each in documents:
            samples.add(each)
        chosen.append([(each.whole.id, each.rules) for each in samples.chosen(iter(()))])
    assert chosen[0] == chosen[1] == chosen[2]
    assert len(chosen[0]) < 60


def test_documents_of_close_calls_take_their_turn() -> None:
    samples = Samples()
    close = whole("close", [stays(LINE)])
    for number in range(30):
        samples.add(
            whole(f"{number}", [stays(LINE), went("x" * number, "boilerplate", "other", 0.2)])
        )
    chosen = samples.chosen(iter([close]))
    assert chosen[0].whole.id == "close"
    assert chosen[0].rules == (CLOSE_CALL,)


def test_best_holds_no_more_than_it_must() -> None:
    best = Best[int](3)
    for number in range(1_000):
        best.add(number % 10, (f"{number:04d}", 0), number)
    assert list(best) == [9, 19, 29]
    assert best.seen == 1_000
    assert len(best._items) <= 12
