"""Fingerprints: which paragraphs are rows, what they are addressed by, and their bytes."""

import dataclasses

import numpy as np

from tests.corpora import block, document
from transforms.fingerprints import (
    Fingerprints,
    band_sightings,
    block_of,
    exact_sightings,
    fingerprint,
    row_of,
)
from transforms.settings import DecideSettings, MinHashSettings, NearDuplicateSettings

LONG = "the council met on monday to discuss the new bridge"
SETTINGS = NearDuplicateSettings()


def prints(*documents: list[str], index: int = 0) -> Fingerprints:
    made = [document(f"d{n}", lines) for n, lines in enumerate(documents)]
    return fingerprint(block(*made, index=index), DecideSettings())


def test_rows_are_the_paragraphs_that_have_words() -> None:
    found = prints(["A title", "***", LONG], [LONG])
    assert found.document.tolist() == [0, 0, 1]
    assert found.index.tolist() == [0, 2, 0]
    assert found.words.tolist() == [2, 10, 10]
    assert [entry.words for entry in found.documents] == [12, 10]


def test_each_variant_is_shingled_once_and_short_paragraphs_never() -> None:
    found = prints(["A title", LONG, LONG], [LONG, LONG.upper()])
    assert found.shingled.tolist() == [1, 4]
    assert list(found.texts) == [LONG, LONG.upper()]
    assert found.folded[1] == found.folded[4]
    assert found.variant[1] == found.variant[2] != found.variant[4]


def test_keys_tell_block_and_row() -> None:
    found = prints([LONG, LONG], index=5)
    keys = found.keys(np.array([0, 1]))
    assert block_of(keys).tolist() == [5, 5]
    assert row_of(keys).tolist() == [0, 1]


def test_bytes_give_the_same_fingerprints_back() -> None:
    found = prints(["A title", LONG], [LONG + " again"])
    again = Fingerprints.from_buffer(found.to_bytes())
    for field in dataclasses.fields(Fingerprints):
        one, other = getattr(found, field.name), getattr(again, field.name)
        if field.name in ("documents", "texts"):
            assert list(one) == list(other), field.name
        else:
            assert np.array_equal(one, other), field.name
    assert again.to_bytes() == found.to_bytes()


def test_equal_texts_meet_in_one_bucket_whatever_their_block() -> None:
    here = exact_sightings(prints([LONG]))
    there = exact_sightings(prints(["x"], [LONG.title()], index=3))
    assert here["bucket"][0] == there["bucket"][1]
    assert here["variant"][0] == there["variant"][1]
    assert here["bucket"][0] != there["bucket"][0]


def test_every_shingled_row_is_in_every_band_once() -> None:
    bands = band_sightings(prints([LONG, LONG + " again"]), SETTINGS, MinHashSettings())
    assert len(bands) == SETTINGS.bands
    assert all(band["key"].tolist() == [0, 1] for band in bands)


def test_an_empty_block_has_empty_fingerprints() -> None:
    empty = prints()
    assert len(exact_sightings(empty)) == 0
    assert all(len(band) == 0 for band in band_sightings(empty, SETTINGS, MinHashSettings()))
    assert Fingerprints.from_buffer(empty.to_bytes()).to_bytes() == empty.to_bytes()
