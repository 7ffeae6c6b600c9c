"""Sketches: what a block leaves of its paragraphs, and what comes back."""

from tests.corpora import block, contents_of, document
from transforms.block import Block
from transforms.document import Kind
from transforms.settings import Settings
from transforms.sketches import Sketches, sketch

SETTINGS = Settings()
LINES = [
    "The council of Arlemouth voted on Monday to repair the old bridge over the river.",
    "He agreed with all of it.",
    "Council of Arlemouth votes to repair the old bridge across the river in spring",
    "Farmers in the south have lost herds and harvests since the drought began in 2011.",
]
KINDS: list[Kind] = ["paragraph", "paragraph", "heading", "paragraph"]


def sketched(made: Block) -> Sketches:
    _, contents = contents_of(made, SETTINGS)
    return sketch(contents, SETTINGS.restatements)


def test_headings_and_short_paragraphs_are_left_out_and_the_rest_comes_back() -> None:
    made = sketched(block(document("d", LINES, kinds=KINDS), index=3))
    sketches = Sketches.from_bytes(made.to_bytes())
    assert sketches.rows.tolist() == [0, 3]
    # council arlemouth vote monday repair old bridge river; farmer south lost herd ... 2011
    assert sketches.content.sizes().tolist() == [8, 8]
    assert sketches.to_bytes() == made.to_bytes()


def test_a_block_without_documents_has_none() -> None:
    assert len(Sketches.from_bytes(sketched(block()).to_bytes()).rows) == 0
