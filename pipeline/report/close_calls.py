"""The closest calls: what lies nearest to each threshold, on either side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from pipeline.outputs import Flag, Kept, KeptSpan, RemovedRecord
from pipeline.report.best import Best
from pipeline.report.reading import Place, Whole
from pipeline.report.views import Texts, title_of
from transforms.folding import words
from transforms.matching import jaccard_bar
from transforms.settings import Settings
from transforms.sites import TEMPLATE

SHOWN: Final = 12
"""Calls that are shown on each side of a threshold."""
UNDECIDED: Final = 0.5
"""The judge's score of a line for which as much speaks as against it."""


class Call(NamedTuple):
    """Something that nearly went the other way."""

    document: str
    paragraph: int | None
    """``None`` where it is the document as a whole."""
    text: str
    score: float
    said: str
    """The score, the bar, and what else decided."""
    kept: Kept | None
    """What it was compared with."""


class Side(NamedTuple):
    """One side of a threshold."""

    title: str
    calls: list[Call]
    seen: int
    """How many there are, shown or not."""
    without: str
    """What the output cannot show of it, or why there is nothing."""


class Threshold(NamedTuple):
    """A threshold and its closest calls."""

    name: str
    """The setting."""
    meaning: str
    went: Side
    stayed: Side


class _Bar(NamedTuple):
    """One of the bars that a restatement must pass."""

    name: str
    value: float
    least: float

    @property
    def room(self) -> float:
        """How far above its bar it is, as a share of it; below it is negative."""
        return self.value / self.least - 1 if self.least else 0.0


class CloseCalls:
    """Finds the closest calls as documents pass by."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lists: dict[str, Best[tuple[Whole, Call]]] = {
            name: Best(SHOWN)
            for name in (
                "near went",
                "near stayed",
                "restated went",
                "restated stayed",
                "judged went",
                "template went",
                "document went",
                "document stayed",
                "copy marked",
            )
        }

    def add(self, whole: Whole) -> None:
        """Look at one document."""
        for record in whole.removed:
            self._removed(whole, record)
        if whole.document is not None:
            for span in whole.document.paragraphs:
                for flag in span.flags:
                    self._flag(whole, span, flag)
        self._whole(whole)

    def wholes(self) -> Iterator[Whole]:
        """The documents of all that is shown, list by list."""
        for best in self._lists.values():
            for whole, _ in best:
                yield whole

    def kept(self) -> Iterator[Place]:
        """The kept paragraphs of this run that are shown beside others."""
        for best in self._lists.values():
            for _, call in best:
                if call.kept is not None and call.kept.run is None:
                    yield call.kept.document, call.kept.paragraph or 0

    def thresholds(self, texts: Texts) -> list[Threshold]:
        """What was found, threshold by threshold.

        Args:
            texts: kept paragraphs: the bar of a pair is that of its shorter text.
        """
        return [
            self._near(texts),
            self._restated(),
            self._judged(),
            self._templates(),
            self._documents(),
            self._copies(),
        ]

    def _add(self, name: str, room: float, whole: Whole, call: Call) -> None:
        place = (call.document, call.paragraph or 0)
        # A line that stands in many documents, judged alike, is one call to review.
        says = None if call.paragraph is None else f"{call.said}\n{call.text}"
        self._lists[name].add(-abs(room), place, (whole, call), says)

    def _removed(self, whole: Whole, record: RemovedRecord) -> None:
        if record.verdict == "near-duplicate":
            bar = self._near_bar(record.text)
            self._add("near went", record.score - bar, whole, _gone(record, ""))
        elif record.verdict == "restatement":
            bars = self._bars(record.jaccard, record.containment, record.evidence)
            nearest = min(bars, key=lambda bar: bar.room)
            said = f"{nearest.name} {nearest.value:g}, bar {nearest.least:g}"
            self._add("restated went", nearest.room, whole, _gone(record, said))
        elif record.reason == TEMPLATE:
            pages = record.evidence.get("pages")
            if isinstance(pages, int):
                said = f"on {pages} of {record.evidence.get('site_pages')} pages of its site"
                self._add("template went", pages, whole, _gone(record, said))
        elif record.verdict == "boilerplate":
            said = f"score {record.score:.2f}, {record.reason}"
            self._add("judged went", 1 - record.score, whole, _gone(record, said))

    def _flag(self, whole: Whole, span: KeptSpan, flag: Flag) -> None:
        if flag.verdict == "near-duplicate":
            bar = self._near_bar(span.text)
            self._add("near stayed", flag.jaccard - bar, whole, _marked(whole, span, flag, ""))
        elif flag.verdict == "restatement" and flag.kept.document == whole.id:
            bars = self._bars(flag.jaccard, flag.containment, flag.evidence)
            lowest = min(bars, key=lambda bar: bar.room)
            below, vetoes = _names(flag.evidence, "below"), _names(flag.evidence, "vetoes")
            said = f"below its bar: {below}" if below else "passes every bar"
            if lowest.room < 0:
                said = f"{lowest.name} {lowest.value:g}, bar {lowest.least:g}"
            if vetoes:
                said = f"{said}; veto: {vetoes}"
            room = min(lowest.room, 0.0)
            self._add("restated stayed", room, whole, _marked(whole, span, flag, said))

    def _whole(self, whole: Whole) -> None:
        source, settings = whole.source, self._settings.documents
        if source.survivor is None or source.proven is None or source.share is None:
            return
        survivor = Kept(
            run=source.survivor_run, document=source.survivor, paragraph=None, start=None, end=None
        )
        title = title_of(whole)
        said = f"{source.proven:.1%} proven elsewhere, bar {settings.drop_share:.0%}"
        call = Call(source.id, None, title, source.proven, said, survivor)
        room = source.proven - settings.drop_share
        if source.status == "duplicate":
            self._add("document went", room, whole, call)
            return
        if room >= 0:
            said = f"{said}; one of its paragraphs is proven nowhere"
            call = call._replace(said=said)
        self._add("document stayed", min(room, 0.0), whole, call)
        said = f"{source.share:.1%} stands there (by {source.means}), bar {settings.mark_share:.0%}"
        marked = call._replace(said=said)
        self._add("copy marked", source.share - settings.mark_share, whole, marked)

    def _near_bar(self, text: str) -> float:
        return jaccard_bar(len(words(text)), self._settings.near_duplicates)

    def _against_both(self, call: Call, texts: Texts) -> Call:
        """A call that names the bar of its shorter text, where the other one is known."""
        place = ("", 0) if call.kept is None else (call.kept.document, call.kept.paragraph or 0)
        shorter = min((call.text, texts.get(place, call.text)), key=lambda text: len(words(text)))
        return call._replace(said=f"Jaccard {call.score:.2f}, bar {self._near_bar(shorter):.2f}")

    def _bars(
        self, jaccard: float | None, containment: float | None, found: Mapping[str, object]
    ) -> list[_Bar]:
        own = self._settings.restatements
        shared = found.get("shared")
        values = (
            ("points", found.get("points"), own.drop_points),
            ("Jaccard", jaccard, own.min_jaccard),
            ("containment", containment, own.min_containment),
            ("wording", found.get("wording"), own.min_wording),
            (
                "shared names and numbers",
                len(shared) if isinstance(shared, list | tuple) else None,
                own.min_shared_facts,
            ),
        )
        return [
            _Bar(name, value, least)
            for name, value, least in values
            if isinstance(value, int | float)
        ]

    def _side(self, title: str, name: str, without: str) -> Side:
        best = self._lists[name]
        return Side(title, [call for _, call in best], best.seen, without)

    def _near(self, texts: Texts) -> Threshold:
        own = self._settings.near_duplicates
        went = self._side("went", "near went", "Nothing went as a near-duplicate.")
        stayed = self._side("marked, and would go with drop", "near stayed", _UNKNOWN_PAIRS)
        for side in (went, stayed):
            side.calls[:] = [self._against_both(call, texts) for call in side.calls]
        return Threshold(
            "near_duplicates.short_jaccard, long_jaccard",
            f"Jaccard of {own.short_jaccard:g} up to {own.short_words} words, rising to"
            f" {own.long_jaccard:g} from {own.long_words} words on.",
            went,
            stayed,
        )

    def _restated(self) -> Threshold:
        own = self._settings.restatements
        return Threshold(
            "[restatements] drop_points and its other bars",
            f"From {own.drop_points} points on a restatement inside a document goes, if it passes"
            " every other bar and no veto forbids it; the bar that it passes or misses by the"
            " smallest share is named.",
            self._side("went", "restated went", "Nothing went as a restatement."),
            self._side(
                "stayed, marked", "restated stayed", "No paragraph is marked inside its document."
            ),
        )

    def _judged(self) -> Threshold:
        return Threshold(
            "judge.lean",
            f"How likely a line belongs to the article; at {UNDECIDED:g} as much speaks for it as"
            " against it. Neighbours decide with it, so a line above may go.",
            self._side("went", "judged went", "The judge took nothing out."),
            Side(
                "stayed",
                [],
                0,
                "The output holds no scores of lines that stay: copydesk tune and copydesk inspect"
                " show them.",
            ),
        )

    def _documents(self) -> Threshold:
        own = self._settings.documents
        return Threshold(
            "documents.drop_share",
            f"A document goes whole when {own.drop_share:.0%} of its words are proven elsewhere,"
            " and every paragraph that could go alone is.",
            self._side("went whole", "document went", "No document went whole."),
            self._side("stayed", "document stayed", "No document that stays is a near-copy."),
        )

    def _copies(self) -> Threshold:
        own = self._settings.documents
        return Threshold(
            "documents.mark_share",
            f"A document that stays is listed as a near-copy when another has {own.mark_share:.0%}"
            " of it; nothing goes for that.",
            self._side("listed", "copy marked", "No document is listed as a near-copy."),
            Side("not listed", [], 0, "The output does not name documents that share less."),
        )

    def _templates(self) -> Threshold:
        own = self._settings.templates
        return Threshold(
            "templates.min_pages, min_share",
            f"A line is a template when it stands at the edges of {own.min_pages} pages of its site"
            f" and of {own.min_share:.0%} of them.",
            self._side("went, fewest pages first", "template went", "No line went as a template."),
            Side("stayed", [], 0, "The output does not count lines that stand on fewer pages."),
        )


_UNKNOWN_PAIRS: Final = (
    "The output holds no pairs that miss the bar, and with near_duplicates.action = drop none is"
    " only marked: copydesk tune shows them on a sample."
)


def _gone(record: RemovedRecord, said: str) -> Call:
    return Call(record.document, record.paragraph, record.text, record.score, said, record.kept)


def _marked(whole: Whole, span: KeptSpan, flag: Flag, said: str) -> Call:
    return Call(whole.id, span.index, span.text, flag.jaccard, said, flag.kept)


def _names(evidence: Mapping[str, object], name: str) -> str:
    """The names in a list of the evidence, as one text."""
    found = evidence.get(name)
    return ", ".join(map(str, found)) if isinstance(found, list | tuple) else ""
