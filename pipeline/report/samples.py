"""Choose the documents that a report shows, by rules that it states."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from typing import Final, NamedTuple

from pipeline.report.best import Best
from pipeline.report.figures import Reason, flags_of
from pipeline.report.reading import Whole

_LEAST: Final = 300
"""Characters of a document that is shown for its shares: of less, a label is half."""

Score = Callable[[Whole], float | None]
"""How well a document fits a rule; ``None`` where it does not."""


class Rule(NamedTuple):
    """A reason to show a document."""

    name: str
    meaning: str
    most: int
    """Documents that it chooses."""
    score: Score


class Chosen(NamedTuple):
    """A document to show, and the rules that chose it."""

    whole: Whole
    rules: tuple[str, ...]


def _characters_gone(whole: Whole) -> float | None:
    return whole.characters_gone or None


def _share_gone(whole: Whole) -> float | None:
    strange = whole.source.status == "kept" and whole.characters >= _LEAST
    return whole.share_gone if strange and whole.removed else None


def _of_status(status: str) -> Score:
    return lambda whole: whole.characters if whole.source.status == status else None


def _near_copy(whole: Whole) -> float | None:
    return whole.source.share if whole.source.status == "kept" else None


def _flags(whole: Whole) -> float | None:
    return sum(1 for _ in flags_of(whole)) or None


def _changes(whole: Whole) -> float | None:
    return sum(whole.source.changes.values()) + len(whole.source.replaced_at) or None


def _untouched(whole: Whole) -> float | None:
    return whole.characters if not whole.removed else None


RULES: Final = (
    Rule("largest loss", "most characters went", 20, _characters_gone),
    Rule("strangest", "the largest share went, and something stays", 20, _share_gone),
    Rule("whole copy", "the longest that went whole", 10, _of_status("duplicate")),
    Rule("left empty", "the longest of which nothing is left", 10, _of_status("emptied")),
    Rule("near-copy", "another document has most of it, and it stays", 10, _near_copy),
    Rule("marked", "most paragraphs with a flag", 10, _flags),
    Rule("repaired", "most characters changed when it was decoded and normalised", 5, _changes),
    Rule("untouched", "the longest of which nothing went: look for what was missed", 5, _untouched),
)
"""In the order in which they take turns."""

ONE_OF_EACH: Final = "one of each"
CLOSE_CALL: Final = "close call"
SURVIVOR: Final = "survivor"
MEANINGS: Final = (
    *((rule.name, f"{rule.meaning} ({rule.most} at the most)") for rule in RULES),
    (ONE_OF_EACH, "the longest paragraph that went for some reason"),
    (CLOSE_CALL, "something in it is among the closest calls"),
    (SURVIVOR, "it keeps what went from the others, most often named first"),
)


class Samples:
    """Chooses as documents pass by; the same documents in any order give the same choice."""

    def __init__(self) -> None:
        self._by_rule = {rule.name: Best[Whole](rule.most) for rule in RULES}
        self._by_reason: dict[Reason, Best[Whole]] = {}

    def add(self, whole: Whole) -> None:
        """Offer a document."""
        for rule in RULES:
            score = rule.score(whole)
            if score is not None:
                self._by_rule[rule.name].add(score, (whole.id, 0), whole)
        for record in whole.removed:
            best = self._by_reason.setdefault((record.verdict, record.reason), Best(1))
            best.add(record.end - record.start, (whole.id, record.paragraph), whole)

    def chosen(self, close: Iterator[Whole]) -> list[Chosen]:
        """The documents, those of the rules in turn first.

        Args:
            close: the documents of the closest calls.
        """
        reasons = [whole for _, best in sorted(self._by_reason.items()) for whole in best]
        lists: list[tuple[str, Sequence[Whole]]] = [
            (CLOSE_CALL, list(close)),
            *((name, list(best)) for name, best in self._by_rule.items()),
            (ONE_OF_EACH, reasons),
        ]
        wholes: dict[str, Whole] = {}
        rules: dict[str, dict[str, None]] = {}
        for turn in zip_longest(*(some for _, some in lists)):
            for (name, _), whole in zip(lists, turn, strict=True):
                if whole is not None:
                    wholes.setdefault(whole.id, whole)
                    rules.setdefault(whole.id, {})[name] = None
        return [Chosen(whole, tuple(rules[id])) for id, whole in wholes.items()]
