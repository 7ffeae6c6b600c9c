"""What an output says of near-copies is derived again from its texts."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from msgspec.structs import replace

from pipeline.rebuild import Rebuilt
from pipeline.rederive import check_verdicts
from tests.corpora import block, document, output_of
from transforms.settings import DecideSettings, DocumentSettings, Scope, Settings, Treatment

COUNCIL = "The council met in the town hall to discuss the plan for a bridge over the river."
RAIN = "Rain is expected in the hills for most of the week, with strong winds near the coast."
SCHOOL = "A school in the old town stays shut until the roof has been repaired by its owner."
TRAINS = "Trains will not run this weekend because the signals near the harbour have failed."
BREAD = "Bakers ask for help with their ovens, as gas has become dear to them this winter."
SETTINGS = Settings()


def cleaned(settings: Settings = SETTINGS) -> dict[str, Rebuilt]:
    """A long document, one cut otherwise, one that copies two paragraphs and adds one, a copy."""
    return output_of(
        block(
            document("long", [COUNCIL, RAIN, SCHOOL, TRAINS], site="x", published="2020-01-01"),
            document(
                "joined",
                [" ".join((COUNCIL, RAIN)), SCHOOL + " " + TRAINS],
                site="x",
                published="2020-01-02",
            ),
            document("adding", [COUNCIL, RAIN, BREAD], site="x", published="2020-01-03"),
            document("copy", [RAIN, SCHOOL], site="x", published="2020-01-04"),
        ),
        settings,
    )


def problems(documents: dict[str, Rebuilt], settings: Settings = SETTINGS) -> list[str]:
    return check_verdicts(documents, settings).problems


def forged(id: str, **fields: Any) -> list[str]:
    documents = cleaned()
    rebuilt = documents[id]
    documents[id] = rebuilt._replace(source=replace(rebuilt.source, **fields))
    return problems(documents)


@pytest.mark.parametrize("action", get_args(Treatment))
@pytest.mark.parametrize("scope", ["corpus", "site", "document"])
def test_what_is_listed_is_derived_again(action: Treatment, scope: Scope) -> None:
    settings = Settings(
        decide=DecideSettings(scope=scope), documents=DocumentSettings(action=action)
    )
    assert problems(cleaned(settings), settings) == []


def test_the_corpus_has_near_copies_by_both_means() -> None:
    sources = {id: rebuilt.source for id, rebuilt in cleaned().items()}
    assert {id: (each.status, each.means) for id, each in sources.items()} == {
        "long": ("kept", None),
        "joined": ("kept", "shingles"),
        "adding": ("kept", "paragraphs"),
        "copy": ("duplicate", "paragraphs"),
    }
    assert [each.survivor for each in sources.values()] == ["long"] * 3 + [None]


@pytest.mark.parametrize(
    ("name", "value"),
    [("survivor", "adding"), ("means", "paragraphs"), ("share", 0.77), ("proven", 0.77)],
)
@pytest.mark.parametrize("id", ["joined", "adding", "copy"])
def test_a_changed_field_is_found_out(id: str, name: str, value: Any) -> None:
    if getattr(cleaned()[id].source, name) == value:
        value = "shingles"
    assert forged(id, **{name: value})


@pytest.mark.parametrize("id", ["adding", "copy"])
def test_a_mark_that_was_left_out_is_found_out(id: str) -> None:
    assert forged(id, survivor=None, means=None, share=None, proven=None)


def test_a_mark_that_was_made_up_is_found_out() -> None:
    made_up = {"means": "shingles", "share": 1.0, "proven": 0.0}
    assert any("order of keep" in each for each in forged("long", survivor="joined", **made_up))
    for survivor in ("copy", "nowhere", "long"):
        assert any(
            "is no other document that was kept" in each
            for each in forged("long", survivor=survivor, **made_up)
        )
    assert any("too few" in each for each in forged("adding", survivor="joined", **made_up))


def test_near_copies_need_settings_that_list_them() -> None:
    report = Settings(documents=DocumentSettings(action="report"))
    alone = Settings(decide=DecideSettings(scope="document"))
    strict = Settings(documents=DocumentSettings(mark_share=1.0))
    assert any("set to report" in each for each in problems(cleaned(), report))
    assert any("went whole, but documents" in each for each in problems(cleaned(), report))
    assert any("outside the scope" in each for each in problems(cleaned(), alone))
    assert problems(cleaned(), strict)
