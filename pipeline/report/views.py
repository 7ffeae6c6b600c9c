"""Documents as a report shows them: what stays in plain ink, what went with its reason."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from pipeline.outputs import Flag, Kept, KeptSpan, RemovedRecord
from pipeline.report import safe
from pipeline.report.contrast import Run, shared_runs
from pipeline.report.families import family_of, label_of
from pipeline.report.reading import Place, Whole
from pipeline.report.samples import Chosen
from transforms.document import Evidence

_MOST_CHARACTERS: Final = 24_000
"""Of a document so many are shown; then paragraphs that stay are left out, far ones first."""
_MOST_PARAGRAPHS: Final = 240
PASSAGE: Final = 1_600
"""Characters of a paragraph that are shown."""
_EVIDENCE: Final = 300
"""Characters of a piece of evidence."""
_TITLE: Final = 140


class Row(NamedTuple):
    """A name and a value of the evidence."""

    name: str
    value: str


class Pair(NamedTuple):
    """A paragraph beside the one that is kept for it."""

    place: str
    """Where the kept one stands, for people."""
    target: Place | None
    """The same, to jump to; ``None`` where it is no paragraph of this run."""
    here: list[Run]
    there: list[Run]
    """Empty where the report does not have its text."""
    missing: str
    """Why it is empty."""


class Gap(NamedTuple):
    """Paragraphs that are left out."""

    paragraphs: int
    gone: int
    """How many of them went."""


class Shown(NamedTuple):
    """A paragraph."""

    number: int
    """Its index in the document."""
    kind: str
    state: str
    """``kept``, ``gone`` or ``marked``."""
    family: str
    label: str
    score: str
    text: str
    rows: list[Row]
    pairs: list[Pair]


class View(NamedTuple):
    """A document."""

    id: str
    name: str
    title: str
    status: str
    rules: tuple[str, ...]
    facts: list[Row]
    lang: str | None
    direction: str
    share: float
    """The share of its characters that went."""
    items: list[Shown | Gap]


Texts = Mapping[Place, str]
"""Kept paragraphs by place, as far as they were wanted and found."""


def shown(whole: Whole) -> Collection[int]:
    """The paragraphs of a document that are shown: all, or of a long one the telling ones.

    Those are the ones that went or are marked, each with its neighbours, from the beginning on.
    """
    spans = whole.spans()
    sizes = {index: min(len(span.text), PASSAGE) for index, span in spans.items()}
    if len(spans) <= _MOST_PARAGRAPHS and sum(sizes.values()) <= _MOST_CHARACTERS:
        return spans.keys()
    telling = [
        index for index, span in spans.items() if isinstance(span, RemovedRecord) or span.flags
    ]
    order = [near for index in telling for near in (index, index - 1, index + 1) if near in spans]
    chosen: dict[int, None] = {}
    size = 0
    for index in (*order, *spans):
        if index not in chosen:
            size += sizes[index]
            if size > _MOST_CHARACTERS or len(chosen) == _MOST_PARAGRAPHS:
                break
            chosen[index] = None
    return chosen.keys()


def wanted(whole: Whole) -> Iterator[Place]:
    """The kept paragraphs of this run that are shown beside those of a document."""
    spans = whole.spans()
    for index in shown(whole):
        for kept in _kept_by(spans[index]):
            if kept.run is None and kept.paragraph is not None:
                yield kept.document, kept.paragraph


def _kept_by(span: KeptSpan | RemovedRecord) -> Iterator[Kept]:
    if isinstance(span, KeptSpan):
        yield from (flag.kept for flag in span.flags)
    elif span.kept is not None:
        yield span.kept


def view_of(chosen: Chosen, texts: Texts) -> View:
    """A document, laid out."""
    whole = chosen.whole
    source = whole.source
    return View(
        id=whole.id,
        name=safe.name(whole.id),
        title=safe.text(" ".join(title_of(whole).split()), _TITLE),
        status=source.status,
        rules=chosen.rules,
        facts=list(_facts(whole)),
        lang=safe.language(source.language),
        direction=safe.direction(source.language),
        share=whole.share_gone,
        items=list(_items(whole, texts)),
    )


def title_of(whole: Whole) -> str:
    """What a document is called: its title, else how what stays begins, else what went."""
    if whole.document is not None:
        return whole.document.title or whole.document.paragraphs[0].text
    went = [record for record in whole.removed if record.verdict != "boilerplate"] or whole.removed
    titles = [record for record in went if record.kind == "title"] or went
    return titles[0].text if titles else whole.id


def _facts(whole: Whole) -> Iterator[Row]:
    source = whole.source
    for name, value in (
        ("source", source.source if source.source != source.id else None),
        ("address", source.url),
        ("site", source.site),
        ("published", source.published),
        ("fetched", source.fetched),
        ("language", source.language),
        ("encoding", source.encoding),
        ("survivor", source.survivor),
    ):
        if value:
            yield Row(name, safe.name(value))
    if source.proven is not None:
        yield Row("proven elsewhere", f"{source.proven:.1%} of its words")
    changes = ", ".join(f"{name} {count:,}" for name, count in sorted(source.changes.items()))
    if changes:
        yield Row("normalised", safe.name(changes))
    yield Row("characters", f"{whole.characters_gone:,} of {whole.characters:,} went")


def _items(whole: Whole, texts: Texts) -> Iterator[Shown | Gap]:
    spans, chosen = whole.spans(), set(shown(whole))
    removed = {record.paragraph for record in whole.removed}
    left_out: list[int] = []
    for index in range(max(whole.paragraphs, len(spans))):
        if index not in chosen:
            left_out.append(index)
            continue
        if left_out:
            yield Gap(len(left_out), len(removed.intersection(left_out)))
            left_out = []
        yield _shown(spans[index], texts)
    if left_out:
        yield Gap(len(left_out), len(removed.intersection(left_out)))


def _shown(span: KeptSpan | RemovedRecord, texts: Texts) -> Shown:
    text = safe.text(span.text, PASSAGE)
    if isinstance(span, RemovedRecord):
        pairs = [pair_of(span.text, span.kept, texts)] if span.kept is not None else []
        return Shown(
            number=span.paragraph,
            kind=span.kind,
            state="gone",
            family=family_of(span.verdict, span.reason),
            label=label_of(span.verdict, span.reason),
            score=f"{span.score:.2f}",
            text=text,
            rows=[
                *_scores(span.jaccard, span.containment),
                *evidence_rows(span.evidence),
                Row("rule", span.rule),
            ],
            pairs=pairs,
        )
    flag = span.flags[0] if span.flags else None
    return Shown(
        number=span.index,
        kind=span.kind,
        state="kept" if flag is None else "marked",
        family="" if flag is None else flag.verdict,
        label="" if flag is None else f"{flag.verdict}, stays",
        score="" if flag is None else f"{flag.jaccard:.2f}",
        text=text,
        rows=list(_flag_rows(span.flags)),
        pairs=[pair_of(span.text, each.kept, texts) for each in span.flags],
    )


def _flag_rows(flags: Sequence[Flag]) -> Iterator[Row]:
    for flag in flags:
        yield from _scores(flag.jaccard, flag.containment)
        yield from evidence_rows(flag.evidence)


def _scores(jaccard: float | None, containment: float | None) -> Iterator[Row]:
    if jaccard is not None:
        yield Row("Jaccard", f"{jaccard:.2f}")
    if containment is not None:
        yield Row("containment", f"{containment:.2f}")


def evidence_rows(evidence: Evidence) -> Iterator[Row]:
    """The evidence as names and values; what is empty says nothing."""
    for name, value in evidence.items():
        if isinstance(value, list | tuple):
            value = ", ".join(str(each) for each in value)
        if value not in (None, ""):
            yield Row(safe.name(name.replace("_", " ")), safe.name(str(value), _EVIDENCE))


def pair_of(text: str, kept: Kept, texts: Texts, most: int = PASSAGE) -> Pair:
    """A paragraph beside the one that is kept for it, at most so many characters of each."""
    place = safe.name(kept.document)
    target: Place | None = None
    other = None
    if kept.paragraph is not None:
        place = f"{place}, paragraph {kept.paragraph}"
        if kept.run is None:
            target = (kept.document, kept.paragraph)
            other = texts.get(target)
    if kept.run is not None:
        place = f"{place}, kept by the run {safe.name(kept.run)}"
        missing = "An earlier run kept it: its text is in the output of that run."
    elif kept.paragraph is None:
        missing = "It went with its whole document, of which that one has most."
    else:
        missing = "The report does not hold this paragraph; documents/ does."
    if other is None:
        return Pair(place, target, [Run(safe.text(text, most), shared=False)], [], missing)
    here, there = safe.text(text, most), safe.text(other, most)
    return Pair(place, target, shared_runs(here, there), shared_runs(there, here), "")
