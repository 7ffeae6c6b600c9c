"""Sketches: what a block leaves of its paragraphs, and what comes back."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.corpora import block, contents_of, document
from transforms.block import Block
from transforms.document import Kind
from transforms.fingerprints import fingerprint_words
from transforms.number_sets import number_sets
from transforms.settings import Settings
from transforms.shingles import Sets
from transforms.sketches import Sketches, filters, most_shared, sketch

SETTINGS = Settings()
LINES = [
    "The council of Arlemouth voted on Monday to repair the old bridge over the river.",
    "He agreed with all of it.",
    "Council of Arlemouth votes to repair the old bridge across the river in spring",
    "Farmers in the south have lost herds and harvests since the drought began in 2011.",
]
KINDS: list[Kind] = ["paragraph", "paragraph", "heading", "paragraph"]


def sketched(made: Block) -> Sketches:
    prints, contents = contents_of(made, SETTINGS)
    _, words = fingerprint_words(made, SETTINGS.decide)
    return sketch(prints, contents, number_sets(prints, words), SETTINGS.restatements)


def test_headings_and_short_paragraphs_are_left_out_and_the_rest_comes_back() -> None:
    made = sketched(block(document("d", LINES, kinds=KINDS), index=3))
    sketches = Sketches.from_buffer(made.to_bytes())
    assert sketches.rows.tolist() == [0, 3]
    # council arlemouth vote monday repair old bridge river; farmer south lost herd ... 2011
    assert sketches.content.sizes().tolist() == [8, 8]
    assert sketches.to_bytes() == made.to_bytes()


def test_a_block_without_documents_has_none() -> None:
    assert len(Sketches.from_buffer(sketched(block()).to_bytes()).rows) == 0


def test_sketches_know_the_numbers_in_digits_and_in_words_and_the_site() -> None:
    lines = ["The council repaired 1,500 bridges, the 4th and the third of May, for 2.50m pounds."]
    made = sketched(
        block(document("a", lines, site="herald.example"), document("b", lines), index=1)
    )
    # 1500, 4, 2.5; and 3
    assert made.figures.sizes().tolist() == [3, 3]
    assert made.numbers.sizes().tolist() == [4, 4]
    assert made.site[0] != made.site[1] == 0
    assert made.document.tolist() == [0, 1]


HASHES = st.sets(st.integers(0, 2**64 - 1), max_size=40)


@given(HASHES, HASHES, HASHES)
def test_filters_never_say_less_than_two_sets_share(
    one: set[int], other: set[int], both: set[int]
) -> None:
    pair = [sorted(one | both), sorted(other | both)]
    sets = Sets(
        np.array([each for some in pair for each in some], np.uint64),
        np.cumsum([0, *map(len, pair)]),
    )
    bits = filters(sets)
    sizes = sets.sizes()
    (most,) = most_shared(bits[:1], bits[1:], sizes[:1], sizes[1:]).tolist()
    assert most >= len(set(pair[0]) & set(pair[1]))


def test_filters_tell_small_sets_apart() -> None:
    sets = Sets(np.arange(40, dtype=np.uint64), np.array([0, 20, 40]))
    bits = filters(sets)
    assert most_shared(bits[:1], bits[1:], *np.array([[20], [20]])).tolist() == [0]
