"""Counting again: what is written of template lines follows from the texts of the output."""

from __future__ import annotations

from msgspec.structs import replace

from pipeline.outputs import KeptSpan, RemovedRecord
from pipeline.rebuild import Rebuilt, rebuild
from pipeline.recount import recount_templates
from pipeline.rederive import check_verdicts
from tests.corpora import block, document
from transforms.assemble import assemble
from transforms.deciding import BlockVerdicts
from transforms.fingerprints import fingerprint
from transforms.settings import DecideSettings, Settings, TemplateSettings
from transforms.sites import SitePatterns
from transforms.staging import StagedContent
from transforms.templates import find_templates, outline, template_verdicts

LINE = "Read the Herald every morning."
LEADS = (
    "Fishing boats came back to the rebuilt harbour on Friday, to the sound of a band.",
    "Trains will not run on Sunday because the signals near Ostby have failed again.",
    "Two pupils from the north won the prize for a bicycle that folds itself up.",
    "Bakers ask for help with their ovens, as gas has become dear this winter.",
    "An old comedy is on stage again from March, with a new ending in verse.",
    "Patients waited for nine hours when every computer of the clinic stopped.",
)
SETTINGS = Settings()


def cleaned(settings: Settings) -> dict[str, Rebuilt]:
    """What is written of six pages of a site that all end with the same line."""
    made = block(
        *(document(f"{n}.html", [lead, LINE], site="The Herald") for n, lead in enumerate(LEADS))
    )
    prints = fingerprint(made, settings.decide)
    repeated = find_templates(outline(prints, settings.templates), settings.templates)
    verdicts = template_verdicts(repeated, made.documents, settings.templates)
    written = assemble(
        StagedContent(made.documents, (), ()), BlockVerdicts(templates=verdicts), str
    )
    documents = {each.id: each for each in written.documents}
    return {
        source.id: rebuild(
            source,
            documents.get(source.id),
            [each for each in written.removed if each.document == source.id],
        )
        for source in written.sources
    }


def last(rebuilt: Rebuilt) -> KeptSpan | RemovedRecord:
    return rebuilt.spans[-1]


def problems(documents: dict[str, Rebuilt], settings: Settings = SETTINGS) -> list[str]:
    return check_verdicts(documents, settings).problems


def test_what_a_run_writes_is_counted_again() -> None:
    documents = cleaned(SETTINGS)
    assert {last(each).text for each in documents.values()} == {LINE}
    checked = check_verdicts(documents, SETTINGS)
    assert (checked.templates, checked.problems) == (6, [])


def test_a_removal_that_the_pages_do_not_bear_out_is_found_out() -> None:
    strict = Settings(templates=TemplateSettings(min_pages=7))
    off = Settings(templates=TemplateSettings(drop=False))
    alone = Settings(decide=DecideSettings(scope="document"))
    for settings in (strict, off, alone):
        found = problems(cleaned(SETTINGS), settings)
        assert len(found) == 6
        assert "too few pages" in found[0]


def test_a_line_that_should_have_gone_is_found_out() -> None:
    documents = cleaned(Settings(templates=TemplateSettings(min_pages=7)))
    found = problems(documents)
    assert len(found) == 6
    assert found[0] == "0.html, paragraph 1: 6 pages of its site have it, but it was kept"


def test_a_line_that_went_for_another_reason_is_found_out() -> None:
    documents = cleaned(SETTINGS)
    span = last(documents["0.html"])
    assert isinstance(span, RemovedRecord)
    documents["0.html"].spans[-1] = replace(span, verdict="duplicate", reason="copy")
    assert any("it goes as template" in problem for problem in problems(documents))


def test_what_the_user_keeps_is_not_counted() -> None:
    kept = Settings(sites=(SitePatterns(site="The Herald", keep=("Read .*",)),))
    assert recount_templates(cleaned(SETTINGS), kept) == {}
    assert len(recount_templates(cleaned(SETTINGS), SETTINGS)) == 6
