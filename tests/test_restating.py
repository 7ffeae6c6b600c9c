"""Restatements of a block: what LSH proposes against comparing all pairs."""

import random
from pathlib import Path

import pytest

from tests.corpora import block, document
from tests.running import ARTICLES
from transforms.block_terms import block_terms
from transforms.fingerprints import fingerprint, row_of
from transforms.restatements import all_pairs
from transforms.restating import (
    propose_restatements,
    restated_edges,
    restated_paragraphs,
)
from transforms.settings import (
    DecideSettings,
    MinHashSettings,
    RestatementSettings,
)
from transforms.terms import document_terms

SETTINGS = RestatementSettings()
MINHASH = MinHashSettings()

STORY = [
    "Norland has been in the grip of a harsh drought since 2011. Farmers in the south have lost"
    " herds and harvests, and the Harvest Aid Fund (HAF) has sent grain.",
    "The parliament of Norland opens on Thursday in the capital, Ostby, its speaker said.",
    "Norland has been gripped by drought since 2011, with farmers in the south losing herds,"
    " according to the Harvest Aid Fund.",
]


def test_what_is_told_again_is_found_and_its_evidence_kept() -> None:
    (found,) = restated_paragraphs(
        block_terms(block(document("d", STORY)), SETTINGS), SETTINGS, MINHASH
    )
    assert (found.document, found.earlier, found.later) == (0, 0, 2)
    assert "2011" in found.comparison.shared


def test_documents_of_a_block_do_not_meet() -> None:
    apart = block(document("a", STORY[:2]), document("b", STORY[2:]))
    assert restated_paragraphs(block_terms(apart, SETTINGS), SETTINGS, MINHASH) == []


def test_a_block_without_documents_has_none() -> None:
    assert restated_paragraphs(block_terms(block(), SETTINGS), SETTINGS, MINHASH) == []


@pytest.mark.parametrize("path", sorted(ARTICLES.iterdir()), ids=lambda path: path.name[:3])
def test_lsh_proposes_every_pair_of_the_articles_that_comparing_all_verifies(path: Path) -> None:
    lines = [line.strip() for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
    terms = document_terms(lines, "en", SETTINGS)
    assert terms is not None
    proposed = propose_restatements([0] * len(terms), terms, SETTINGS, MINHASH)
    verified = {(earlier, later) for earlier, later, _ in all_pairs(terms, SETTINGS)}
    assert verified <= set(proposed)


def test_lsh_finds_nearly_every_pair_that_comparing_all_verifies() -> None:
    """On generated retellings; the design's figure for (34, 2) at J = .35 is .988."""
    rng = random.Random(5)
    nouns = [f"{a}{b}en" for a in ("tar", "mol", "bes", "kur", "dal") for b in "bdfgklmprst"]
    names = [f"{a}{b}a" for a in ("Ka", "Lo", "Mi", "Su") for b in ("dor", "lin", "ret", "vos")]
    verified = found = 0
    for _ in range(40):
        lines = []
        for _ in range(12):
            content = rng.sample(nouns, 9) + rng.sample(names, 4)
            lines.append("We know the " + " and the ".join(content) + ".")
            told = rng.sample(content, 10) + rng.sample(nouns, 1)
            lines.append("So it was the " + " or the ".join(told) + ".")
        terms = document_terms(lines, "en", SETTINGS)
        assert terms is not None
        expected = {(one, other) for one, other, _ in all_pairs(terms, SETTINGS)}
        proposed = set(propose_restatements([0] * len(terms), terms, SETTINGS, MINHASH))
        verified += len(expected)
        found += len(expected & proposed)
    assert verified > 200
    assert found >= 0.98 * verified


def test_a_document_that_says_one_thing_over_and_over_costs_linear_time() -> None:
    """Every paragraph the same, or the same but for a few words of its own."""
    words = STORY[0].split()
    for own in (0, 4):
        lines = [
            " ".join([*words, *(f"word{number}x{at}y" for at in range(own))])
            for number in range(300)
        ]
        terms = document_terms(lines, "en", SETTINGS)
        assert terms is not None
        proposed = propose_restatements([0] * len(terms), terms, SETTINGS, MINHASH)
        assert {later for _, later in proposed} == set(range(1, len(lines)))
        assert len(proposed) <= SETTINGS.bucket_cap * len(lines)
        assert own or all(earlier == 0 for earlier, _ in proposed)


def test_up_to_the_cap_every_two_equal_paragraphs_are_proposed() -> None:
    settings = RestatementSettings(bucket_cap=4)
    terms = document_terms(STORY[:1] * 5, "en", settings)
    assert terms is not None
    assert propose_restatements([0] * 5, terms, settings, MINHASH) == [
        (earlier, later) for earlier in range(5) for later in range(earlier + 1, 5)
    ]


def test_edges_point_from_the_later_paragraph_to_the_earlier() -> None:
    made = block(document("d", ["A heading", *STORY]))
    prints = fingerprint(made, DecideSettings())
    found = restated_paragraphs(block_terms(made, SETTINGS), SETTINGS, MINHASH)
    (edge,) = restated_edges(prints, found)
    assert (int(row_of(edge["left"])), int(row_of(edge["right"]))) == (1, 3)
    assert not edge["left_may_go"]
    assert edge["right_may_go"] == found[0].comparison.permitted
