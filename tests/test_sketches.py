"""Sketches: what a block leaves of its paragraphs, and what comes back."""

from tests.corpora import block, document
from transforms.block_terms import block_terms
from transforms.fingerprints import fingerprint
from transforms.settings import DecideSettings, RestatementSettings
from transforms.sketches import Sketches, sketch

SETTINGS = RestatementSettings()
LINES = [
    "The council of Arlemouth voted on Monday to repair the old bridge over the river.",
    "- The council of Arlemouth voted on Monday to repair the old bridge over the river.",
    "Photo: Ada Brink. The council of Arlemouth votes to repair the old bridge in the storm.",
    "He agreed.",
    "Farmers in the south have lost herds and harvests since the drought began in 2011.",
]


def test_captions_lists_and_short_paragraphs_are_left_out_and_the_rest_comes_back() -> None:
    made = block(document("d", LINES), index=3)
    prints = fingerprint(made, DecideSettings())
    found = block_terms(made, SETTINGS)
    sketches = Sketches.from_bytes(sketch(prints, found, SETTINGS).to_bytes())
    assert sketches.rows.tolist() == [0, 4]
    assert [sketches.terms(at) for at in (0, 1)] == [found.terms[0], found.terms[4]]
    assert sketches.content.sizes().tolist() == [
        len(found.terms[0].content),
        len(found.terms[4].content),
    ]
    assert sketches.to_bytes() == sketch(prints, found, SETTINGS).to_bytes()


def test_a_block_without_documents_has_none() -> None:
    empty = block()
    prints = fingerprint(empty, DecideSettings())
    made = sketch(prints, block_terms(empty, SETTINGS), SETTINGS)
    assert len(Sketches.from_bytes(made.to_bytes()).rows) == 0
