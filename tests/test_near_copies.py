"""Near-copies of documents: found however the text is cut, listed with exact shares."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.corpora import block, document
from transforms.candidates import propose
from transforms.deciding import BlockVerdicts, DocumentVerdict, decide_corpus
from transforms.document import Document
from transforms.fingerprints import fingerprint
from transforms.folding import words
from transforms.gathering import Verified
from transforms.matching import EDGE
from transforms.near_copies import alike_in_block, body_sets, body_sightings, compare_bodies
from transforms.settings import DecideSettings, DocumentSettings, Settings
from transforms.shingles import stream_sets
from transforms.single import match_block

COUNCIL = "The council met in the town hall to discuss the plan for a bridge over the river."
RAIN = "Rain is expected in the hills for most of the week, with strong winds near the coast."
SCHOOL = "A school in the old town stays shut until the roof has been repaired by its owner."
TRAINS = "Trains will not run this weekend because the signals near the harbour have failed."
TAIL = "Nobody else has written this sentence, nor will anybody write another one like it."
SETTINGS = Settings()


def near_copies(
    *documents: Document, settings: Settings = SETTINGS, gone: list[int] | None = None
) -> dict[str, DocumentVerdict]:
    """What is said of whole documents, by their ids."""
    prints = fingerprint(block(*documents), settings.decide)
    copies, edges = match_block(prints, settings)
    verified = Verified(copies, edges, np.zeros(0, EDGE), alike_in_block(prints, settings))
    lost = {0: np.array(gone or [], dtype=np.int64)}
    found = decide_corpus(verified, lambda _: prints, settings, lost).get(0, BlockVerdicts())
    return {documents[each.position].id: each for each in found.documents}


def of(action: str, survivor: str, share: float, proven: float, means: str = "shingles") -> object:
    return (action, means, survivor, share, proven)


def told(found: dict[str, DocumentVerdict]) -> dict[str, object]:
    return {
        id: of(each.action, each.survivor, each.share, each.proven, each.means)
        for id, each in found.items()
    }


def test_a_text_that_is_cut_into_other_paragraphs_is_a_near_copy() -> None:
    whole = document("a", [" ".join((COUNCIL, RAIN, SCHOOL))])
    parts = document("b", [COUNCIL, RAIN, SCHOOL])
    assert told(near_copies(whole, parts)) == {"b": of("mark", "a", 1.0, 0.0)}
    longer = document("a", [COUNCIL, RAIN, SCHOOL, "Ostby."])
    joined = document("b", [" ".join((COUNCIL, RAIN)), SCHOOL])
    (found,) = near_copies(longer, joined).values()
    assert (found.survivor, found.means, found.share) == ("a", "shingles", 1.0)
    assert found.proven == round(len(words(SCHOOL)) / len(words(COUNCIL + RAIN + SCHOOL)), 4)


def test_a_copy_that_adds_something_stays_and_is_listed() -> None:
    first = document("a", [COUNCIL, RAIN, SCHOOL, TRAINS])
    copy = document("b", [COUNCIL, RAIN, SCHOOL.replace("roof", "door"), "And more of it follows."])
    found = told(near_copies(first, copy))
    body = len(words(" ".join((COUNCIL, RAIN, SCHOOL)))) + 5
    share = round((body - 5) / body, 4)
    assert found == {"b": of("mark", "a", share, share, "paragraphs")}


def test_a_copy_goes_whole_only_by_its_paragraphs() -> None:
    first, copy = document("a", [COUNCIL, RAIN]), document("b", [COUNCIL, RAIN])
    assert told(near_copies(first, copy)) == {"b": of("drop", "a", 1.0, 1.0, "paragraphs")}
    settings = Settings(documents=DocumentSettings(action="mark"))
    assert told(near_copies(first, copy, settings=settings)) == {
        "b": of("mark", "a", 1.0, 1.0, "paragraphs")
    }
    settings = Settings(documents=DocumentSettings(action="report"))
    assert told(near_copies(first, copy, settings=settings)) == {
        "b": of("report", "a", 1.0, 1.0, "paragraphs")
    }


def test_documents_that_share_a_paragraph_are_no_near_copies() -> None:
    assert (
        near_copies(document("a", [COUNCIL, RAIN, SCHOOL]), document("b", [RAIN, TRAINS, TAIL]))
        == {}
    )


def test_what_is_enough_is_a_setting() -> None:
    pair = document("a", [COUNCIL, RAIN, SCHOOL, SCHOOL[9:]]), document("b", [RAIN, TRAINS, TAIL])
    settings = Settings(documents=DocumentSettings(mark_share=0.3))
    assert near_copies(*pair, settings=settings)["b"].means == "paragraphs"


@pytest.mark.parametrize(("scope", "listed"), [("corpus", 2), ("site", 1), ("document", 0)])
def test_near_copies_are_looked_for_in_the_scope(scope: str, listed: int) -> None:
    settings = Settings(decide=DecideSettings(scope=scope))  # type: ignore[arg-type]
    made = [
        document("a", [COUNCIL + " " + RAIN], site="x"),
        document("b", [COUNCIL, RAIN], site="x"),
        document("c", [COUNCIL + " " + RAIN[:20], RAIN[20:]], site="y"),
    ]
    assert len(near_copies(*made, settings=settings)) == listed


def test_the_survivor_has_the_better_rank_whatever_the_order() -> None:
    made = [
        document("a", [COUNCIL, RAIN], published="2020-01-03"),
        document("b", [COUNCIL + " " + RAIN], published="2020-01-02"),
        document("c", [COUNCIL + " " + RAIN[:20], RAIN[20:]], published="2020-01-01"),
    ]
    for order in (made, made[::-1]):
        assert {id: each.survivor for id, each in near_copies(*order).items()} == {
            "a": "c",
            "b": "c",
        }


def test_a_document_that_went_whole_is_no_survivor() -> None:
    made = [
        document("a", [COUNCIL, RAIN, SCHOOL, TRAINS]),
        document("b", [COUNCIL, RAIN, SCHOOL]),
        document("c", [" ".join((COUNCIL, RAIN, SCHOOL))]),
    ]
    found = near_copies(*made)
    assert (found["b"].action, found["b"].survivor) == ("drop", "a")
    assert (found["c"].action, found["c"].survivor) == ("mark", "a")


def test_a_template_makes_no_near_copies() -> None:
    # Most of both pages is what their site repeats: its rows are gone before they are compared.
    made = document("a", [COUNCIL, RAIN, SCHOOL]), document("b", [COUNCIL + " " + RAIN, TRAINS])
    assert near_copies(*made)["b"].means == "shingles"
    assert near_copies(*made, gone=[0, 1, 3]) == {}


VOCABULARY = st.sampled_from(["ab", "ac", "ad", "ae", "af", "ag", "ah"])


@given(st.lists(st.lists(VOCABULARY, min_size=9, max_size=30), min_size=2, max_size=2))
def test_shares_are_those_of_the_sets_of_shingles(texts: list[list[str]]) -> None:
    settings = Settings(documents=DocumentSettings(mark_share=0.0001))
    prints = fingerprint(
        block(*(document(f"{at}", [" ".join(text)]) for at, text in enumerate(texts))),
        settings.decide,
    )
    one, other = ({tuple(text[at : at + 5]) for at in range(len(text) - 4)} for text in texts)
    pairs = np.array([(0, 1)], dtype=[("left", "<i8"), ("right", "<i8")])
    found = compare_bodies(pairs, lambda _: prints, settings.documents)
    shared = len(one & other)
    expected = [(round(shared / len(one), 4), round(shared / len(other), 4))] if shared else []
    assert found[["left_share", "right_share"]].tolist() == expected


def test_a_body_has_no_titles_headings_or_templates() -> None:
    made = document("a", ["A title", COUNCIL, "A heading", RAIN, SCHOOL],
                    kinds=["title", "paragraph", "heading", "paragraph", "paragraph"])  # fmt: skip
    prints = fingerprint(block(made), SETTINGS.decide)
    body = fingerprint(block(document("b", [COUNCIL + " " + RAIN])), SETTINGS.decide)
    found = body_sets(prints, np.array([0]), 5, np.array([4]))
    assert found.hashes.tolist() == stream_sets(body.stream, body.words, 5).hashes.tolist()


def test_many_documents_with_one_body_propose_no_pairs() -> None:
    copies = [document(f"{at:05}", [COUNCIL, RAIN]) for at in range(3_000)]
    other = document("other", [COUNCIL, RAIN, SCHOOL])
    prints = fingerprint(block(*copies, other), SETTINGS.decide)
    sightings = body_sightings(prints, SETTINGS)
    assert {len(band) for band in sightings.bands} == {2}
    assert all(len(propose(band, 64).pairs) <= 1 for band in sightings.bands)
    alike = alike_in_block(prints, SETTINGS)
    assert (len(alike.copies), len(alike.pairs)) == (2_999, 1)
