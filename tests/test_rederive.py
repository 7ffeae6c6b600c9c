"""Deriving verdicts again: what is sound passes under all settings, what is forged does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pipeline.outputs import RULES, Flag, KeptSpan, RemovedRecord
from pipeline.rebuild import Rebuilt
from pipeline.rederive import check_verdicts
from tests.corpora import block, document, output_of
from tests.forging import other
from transforms.document import Kind
from transforms.evidence import near_duplicate_evidence
from transforms.settings import (
    Action,
    DecideSettings,
    DocumentSettings,
    Keep,
    NearDuplicateSettings,
    RestatementSettings,
    Scope,
    Settings,
    TemplateSettings,
)

COUNCIL = "The council met on Monday to discuss the new bridge over the river, officials said."
NEARLY = "The council met on Monday to discuss the new crossing over the river, officials said."
RAIN = "Rain is expected in the north for most of the week, with strong winds near the coast."
SCHOOL = "A school in the old town stays shut until the roof has been repaired by its new owner."
TOLD = (
    "Norland has been in the grip of a harsh drought since 2011. Farmers in the south have lost"
    " herds and harvests, and the Harvest Aid Fund (HAF) has sent grain."
)
PARLIAMENT = "The parliament of Norland opens on Thursday in the capital, Ostby, its speaker said."
TOLD_AGAIN = (
    "Norland has been gripped by drought since 2011, with farmers in the south losing herds,"
    " according to the Harvest Aid Fund."
)
FILES = {
    "a.txt": ("Bridge plan", COUNCIL, RAIN, SCHOOL, "Bridge plan"),
    "b.txt": ("Another title", NEARLY, SCHOOL, TOLD, PARLIAMENT, TOLD_AGAIN),
    "c.txt": ("Bridge plan", TOLD, RAIN, RAIN),
    "d.txt": ("The north waits for rain", RAIN, COUNCIL),
    "e.txt": ("Bridge plan", TOLD.upper()),
    "f.txt": ("Bridge plan", "Only these few words are new.", "BRIDGE PLAN"),
}


TITLED: dict[str, list[tuple[Kind, str]]] = {
    id: [("paragraph" if at else "title", line) for at, line in enumerate(lines)]
    for id, lines in FILES.items()
}


def cleaned(
    settings: Settings,
    files: Mapping[str, Sequence[tuple[Kind, str]]] = TITLED,
    site: str | None = None,
) -> dict[str, Rebuilt]:
    """What a run with these settings writes of the files, put together again."""
    judged = block(
        *(
            document(id, [text for _, text in lines], kinds=[kind for kind, _ in lines], site=site)
            for id, lines in files.items()
        )
    )
    return output_of(judged, settings)


def settings(action: Action, scope: Scope = "corpus", keep: Keep = "earliest") -> Settings:
    return Settings(
        near_duplicates=NearDuplicateSettings(action=action),
        restatements=RestatementSettings(action=action),
        decide=DecideSettings(scope=scope, keep=keep, preferred_sources=("e",)),
        documents=DocumentSettings(action=action),
    )


FEW = TemplateSettings(min_own=0.01, min_pages=2, min_share=0.0, inner_pages=2, inner_share=0.0)
"""Two pages make a template."""

DROP, MARK = settings("drop"), settings("mark")


def put(documents: dict[str, Rebuilt], id: str, span: KeptSpan | RemovedRecord) -> None:
    """Replace a paragraph, and the records of its document with it."""
    rebuilt = documents[id]
    at = span.index if isinstance(span, KeptSpan) else span.paragraph
    spans = [*rebuilt.spans[:at], span, *rebuilt.spans[at + 1 :]]
    kept = tuple(each for each in spans if isinstance(each, KeptSpan))
    # A document that went whole has no record; where one is forged, its paragraphs are enough.
    record = rebuilt.document or next(each.document for each in documents.values() if each.document)
    documents[id] = rebuilt._replace(spans=spans, document=replace(record, paragraphs=kept))


def removals(documents: dict[str, Rebuilt], **wanted: Any) -> list[RemovedRecord]:
    return [
        span
        for rebuilt in documents.values()
        for span in rebuilt.spans
        if isinstance(span, RemovedRecord)
        and all(getattr(span, name) == value for name, value in wanted.items())
    ]


def flagged(documents: dict[str, Rebuilt], verdict: str) -> tuple[str, KeptSpan]:
    return next(
        (id, span)
        for id, rebuilt in documents.items()
        for span in rebuilt.spans
        if isinstance(span, KeptSpan) and span.flags and span.flags[0].verdict == verdict
    )


def back(record: RemovedRecord) -> KeptSpan:
    """A removed paragraph as if it had been kept."""
    return KeptSpan(
        index=record.paragraph,
        kind=record.kind,
        text=record.text,
        start=record.start,
        end=record.end,
        flags=(),
    )


@pytest.mark.parametrize("keep", get_args(Keep))
@pytest.mark.parametrize("scope", get_args(Scope))
@pytest.mark.parametrize("action", get_args(Action))
def test_what_a_run_decides_is_derived_again(action: Action, scope: Scope, keep: Keep) -> None:
    chosen = settings(action, scope, keep)
    assert check_verdicts(cleaned(chosen), chosen).problems == []


LINES = (COUNCIL, NEARLY, RAIN, RAIN.upper(), TOLD, TOLD_AGAIN, PARLIAMENT, "Bridge plan", "***")


def one_title(lines: list[tuple[Kind, str]]) -> list[tuple[Kind, str]]:
    """The judge gives a document one title at the most."""
    first = next((at for at, (kind, _) in enumerate(lines) if kind == "title"), None)
    return [
        ("heading" if kind == "title" and at != first else kind, text)
        for at, (kind, text) in enumerate(lines)
    ]


@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from(get_args(Kind)), st.sampled_from(LINES)), min_size=1),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from(get_args(Action)),
    st.sampled_from(get_args(Keep)),
    st.sampled_from([None, "The Herald"]),
)
def test_whatever_a_run_decides_is_derived_again(
    files: list[list[tuple[Kind, str]]], action: Action, keep: Keep, site: str | None
) -> None:
    chosen = replace(settings(action, keep=keep), templates=FEW)
    titled = {f"{at}.txt": one_title(lines) for at, lines in enumerate(files)}
    found = cleaned(chosen, titled, site)
    assert check_verdicts(found, chosen).problems == []


def test_templates_are_among_what_is_derived_again() -> None:
    chosen = replace(DROP, templates=FEW)
    lines = {"a": (COUNCIL, RAIN), "b": (SCHOOL, RAIN), "c": (TOLD, RAIN), "d": (TOLD,)}
    files: dict[str, list[tuple[Kind, str]]] = {
        id: [("paragraph", text) for text in texts] for id, texts in lines.items()
    }
    found = cleaned(chosen, files, "The Herald")
    assert {each.document for each in removals(found, reason="template")} == {"a", "b", "c"}
    assert removals(found, verdict="duplicate")
    assert check_verdicts(found, chosen).problems == []


def test_the_corpus_has_verdicts_and_flags_of_every_kind() -> None:
    drop, mark = cleaned(DROP), cleaned(MARK)
    assert removals(drop, reason="document")
    for verdict in ("near-duplicate", "restatement"):
        assert removals(drop, verdict=verdict)
        assert flagged(mark, verdict)
    checked = check_verdicts(mark, MARK)
    assert checked.flags == 2
    assert checked.verdicts == len([each for each in removals(mark) if each.kept is not None])


@pytest.mark.parametrize("verdict", ["near-duplicate", "restatement"])
@pytest.mark.parametrize("name", Flag.__struct_fields__)
def test_a_changed_flag_is_found_out(name: str, verdict: str) -> None:
    documents = cleaned(MARK)
    id, span = flagged(documents, verdict)
    row = msgspec.to_builtins(span.flags[0])
    row[name] = "duplicate" if name == "verdict" else other(name, row[name])
    put(documents, id, replace(span, flags=(msgspec.convert(row, Flag),)))
    assert check_verdicts(documents, MARK).problems


@pytest.mark.parametrize("verdict", ["near-duplicate", "restatement"])
def test_a_flag_needs_settings_that_mark(verdict: str) -> None:
    documents = cleaned(MARK)
    id, span = flagged(documents, verdict)
    problems = check_verdicts(documents, DROP).problems
    assert any(each.startswith(f"{id}, paragraph {span.index}: ") for each in problems)
    assert check_verdicts(cleaned(DROP), MARK).problems


def test_one_paragraph_has_one_flag() -> None:
    documents = cleaned(MARK)
    id, span = flagged(documents, "restatement")
    put(documents, id, replace(span, flags=span.flags * 2))
    assert f"{id}, paragraph {span.index}: it has more than one flag" in (
        check_verdicts(documents, MARK).problems
    )


def test_a_copy_that_was_kept_after_all_is_found_out() -> None:
    copies = [
        each
        for each in removals(cleaned(DROP), verdict="duplicate", reason="copy")
        if cleaned(DROP)[each.document].source.status == "kept"
    ]
    assert len(copies) >= 3
    for record in copies:
        documents = cleaned(DROP)
        put(documents, record.document, back(record))
        problems = check_verdicts(documents, DROP).problems
        assert any(each.endswith("but was kept") for each in problems)


def test_a_copy_of_the_title_names_the_title_of_its_own_document() -> None:
    documents = cleaned(DROP)
    (record,) = removals(documents, text="BRIDGE PLAN")
    assert record.kept is not None
    assert (record.kept.document, record.kept.paragraph) == ("f.txt", 0)
    title = documents["a.txt"].spans[0]
    elsewhere = replace(record.kept, document="a.txt", start=title.start, end=title.end)
    put(documents, "f.txt", replace(record, kept=elsewhere))
    assert check_verdicts(documents, DROP).problems


def twice() -> dict[str, Rebuilt]:
    """A document that restates itself, and a copy of it."""
    lines: list[tuple[Kind, str]] = [("paragraph", text) for text in (TOLD, PARLIAMENT, TOLD_AGAIN)]
    return cleaned(DROP, {"a.txt": lines, "b.txt": lines})


def test_a_restatement_in_a_copied_document_names_the_original() -> None:
    documents = twice()
    assert documents["b.txt"].source.status == "duplicate"
    (record,) = removals(documents, verdict="restatement", document="b.txt")
    assert record.evidence["own_copy"] == 0
    assert record.kept is not None
    assert (record.kept.document, record.kept.paragraph) == ("a.txt", 0)
    assert check_verdicts(documents, DROP).problems == []


@pytest.mark.parametrize("own", [None, 1, 2, -1, 99, "0"])
def test_a_restatement_of_a_copy_needs_that_copy(own: Any) -> None:
    documents = twice()
    (record,) = removals(documents, verdict="restatement", document="b.txt")
    put(documents, "b.txt", replace(record, evidence={**record.evidence, "own_copy": own}))
    problems = check_verdicts(documents, DROP).problems
    assert any(each.startswith("b.txt, paragraph 2: a restatement goes only") for each in problems)


def test_an_exact_copy_is_no_near_duplicate() -> None:
    documents = cleaned(DROP)
    record = removals(documents, verdict="duplicate", document="c.txt", text=RAIN)[0]
    put(
        documents,
        "c.txt",
        replace(
            record,
            verdict="near-duplicate",
            rule=RULES["near-duplicate"],
            evidence=near_duplicate_evidence(RAIN, RAIN),
        ),
    )
    (problem,) = check_verdicts(documents, DROP).problems
    assert problem.endswith("and no near-duplicate")


def test_a_paragraph_that_could_go_alone_does_not_go_with_its_document() -> None:
    documents = cleaned(DROP)
    unproven = removals(documents, reason="document")[0]
    body = removals(documents, reason="copy", document=unproven.document)[0]
    put(
        documents,
        body.document,
        replace(
            unproven, text=body.text, paragraph=body.paragraph, start=body.start, end=body.end,
            kind=body.kind,
        ),
    )  # fmt: skip
    problems = check_verdicts(documents, DROP).problems
    assert (
        f"{body.document}, paragraph {body.paragraph}: a paragraph that could go alone needs"
        in ("\n".join(problems))
    )
    assert any("went whole, but a paragraph" in each for each in problems)


def test_a_document_whose_words_all_stand_elsewhere_goes_whole() -> None:
    documents = cleaned(DROP)
    title = removals(documents, reason="document")[0]
    rebuilt = documents[title.document]
    documents[title.document] = rebuilt._replace(
        source=replace(rebuilt.source, status="kept", survivor=None, share=None)
    )
    put(documents, title.document, back(title))
    problems = check_verdicts(documents, DROP).problems
    assert (
        f"{title.document}: 1.0 of its words are proven elsewhere: it should go whole" in problems
    )
    documents[title.document] = documents[title.document]._replace(
        source=replace(rebuilt.source, status="emptied", survivor=None, share=None)
    )
    problems = check_verdicts(documents, DROP).problems
    assert any(each.startswith(f"{title.document}: it was emptied") for each in problems)


@pytest.mark.parametrize(("name", "value"), [("share", 0.97), ("survivor", "a.txt")])
def test_survivor_and_share_of_a_document_are_computed_again(name: str, value: Any) -> None:
    documents = cleaned(DROP)
    id = removals(documents, reason="document")[0].document
    rebuilt = documents[id]
    assert getattr(rebuilt.source, name) != value
    documents[id] = rebuilt._replace(source=replace(rebuilt.source, **{name: value}))
    assert any(
        each.endswith(f"stated is {value}") for each in check_verdicts(documents, DROP).problems
    )


@pytest.mark.parametrize("index", [-1, 99])
def test_a_place_outside_the_document_is_found_out(index: int) -> None:
    documents = cleaned(DROP)
    record = removals(documents, verdict="near-duplicate")[0]
    assert record.kept is not None
    put(documents, record.document, replace(record, kept=replace(record.kept, paragraph=index)))
    assert any("is not there" in each for each in check_verdicts(documents, DROP).problems)
