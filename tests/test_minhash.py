"""MinHash and LSH: the batch against datasketch, and bands against their meaning."""

import numpy as np
from datasketch import MinHash
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.minhash import band_hashes, permutations, signatures
from transforms.shingles import shingle_hash32, shingle_sets

PARAGRAPHS = st.lists(
    st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=4), max_size=12),
    max_size=6,
)


@given(st.integers(1, 300), st.integers(0, 2**32 - 1))
def test_the_permutations_are_those_of_datasketch(num_perm: int, seed: int) -> None:
    reference = MinHash(num_perm=num_perm, seed=seed, scheme="affine32").permutations
    for drawn, expected in zip(permutations(num_perm, seed), reference, strict=True):
        assert (drawn.dtype, drawn.tolist()) == (expected.dtype, expected.tolist())


@settings(max_examples=50)
@given(PARAGRAPHS, st.integers(1, 3), st.integers(0, 2**32 - 1))
def test_a_batch_has_the_signatures_of_datasketch(
    paragraphs: list[list[str]], size: int, seed: int
) -> None:
    batch = signatures(shingle_sets(paragraphs, size), 32, seed)
    for words, signature in zip(paragraphs, batch, strict=True):
        reference = MinHash(num_perm=32, seed=seed, scheme="affine32", hashfunc=shingle_hash32)
        for at in range(max(1, len(words) - size + 1) if words else 0):
            reference.update(" ".join(words[at : at + size]).encode())
        assert signature.tolist() == reference.hashvalues.tolist()


def test_half_characters_and_odd_spaces_inside_words_are_hashed_as_they_are() -> None:
    paragraph = ["\ud83d", "a\u2003b", "\ude00c"]
    reference = MinHash(num_perm=32, seed=1, scheme="affine32", hashfunc=shingle_hash32)
    for at in range(2):
        reference.update(" ".join(paragraph[at : at + 2]).encode("utf-8", "surrogatepass"))
    made = signatures(shingle_sets([paragraph], 2), 32, 1)
    assert made[0].tolist() == reference.hashvalues.tolist()


def test_a_batch_longer_than_a_chunk_has_the_same_signatures() -> None:
    rng = np.random.default_rng(7)
    paragraphs = [
        [f"w{n}" for n in rng.integers(0, 9_000, size)] for size in (30_000, 3, 0, 20_000)
    ]
    whole = signatures(shingle_sets(paragraphs, 2), 16, 1)
    for paragraph, signature in zip(paragraphs, whole, strict=True):
        alone = signatures(shingle_sets([paragraph], 2), 16, 1)[0]
        assert signature.tolist() == alone.tolist()


def test_sets_that_share_a_batch_have_the_signatures_that_each_has_alone() -> None:
    rng = np.random.default_rng(8)
    paragraphs = [[f"w{n}" for n in rng.integers(0, 500, 9)] for _ in range(100)]
    whole = signatures(shingle_sets(paragraphs, 2), 16, 1)
    for paragraph, signature in zip(paragraphs, whole, strict=True):
        alone = signatures(shingle_sets([paragraph], 2), 16, 1)[0]
        assert signature.tolist() == alone.tolist()


def test_the_bands_of_many_signatures_are_those_that_each_has_alone() -> None:
    signature = np.random.default_rng(9).integers(0, 2**32, (1_200, 14), np.uint32)
    whole = band_hashes(signature, bands=4, rows=3)
    alone = [band_hashes(one[None], bands=4, rows=3)[0] for one in signature]
    assert whole.tolist() == np.array(alone).tolist()


def test_equal_rows_share_a_band_and_other_rows_do_not() -> None:
    signature = np.array([[1, 2, 3, 4], [1, 2, 9, 4], [2, 1, 3, 4]], np.uint32)
    bands = band_hashes(signature, bands=2, rows=2)
    assert bands[0, 0] == bands[1, 0]
    assert bands[0, 1] == bands[2, 1]
    assert len(np.unique(bands)) == 4


def test_the_same_rows_in_another_band_are_another_bucket() -> None:
    bands = band_hashes(np.array([[5, 6, 5, 6]], np.uint32), bands=2, rows=2)
    assert bands[0, 0] != bands[0, 1]
