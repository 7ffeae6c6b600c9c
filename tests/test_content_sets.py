"""Content sets: which paragraphs are alike before any document is read."""

import itertools

from tests.corpora import block, contents_of, document
from transforms.settings import Settings


def sets_of(*lines: str) -> list[set[int]]:
    sets = contents_of(block(document("d", lines)), Settings())[1].sets
    bounds = sets.offsets.tolist()
    return [set(sets.hashes[begin:end].tolist()) for begin, end in itertools.pairwise(bounds)]


def test_other_forms_of_a_word_and_of_a_number_are_the_same_content() -> None:
    one, other = sets_of("He repaired 1,500 bridges.", "The repairs of a bridge: 1500!")
    assert one == other
    assert len(one) == 3


def test_function_words_and_signs_are_no_content() -> None:
    assert sets_of("There it was & so were they.") == [set()]


def test_another_number_is_other_content() -> None:
    one, other = sets_of("Some 1,500 bridges", "Some 1,501 bridges")
    assert len(one & other) == 1
