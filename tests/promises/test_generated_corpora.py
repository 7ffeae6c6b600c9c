"""Promise 2 on generated corpora: what goes is proven, what stays has no proof, order is nothing."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import NamedTuple

import msgspec
import numpy as np
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from tests.corpora import block, decide_blocks, document
from transforms.block import Block
from transforms.candidates import distinct_pairs, exact_classes, propose
from transforms.decisions import could_go_alone
from transforms.document import Document
from transforms.facts import facts_of
from transforms.fingerprints import band_sightings, exact_sightings, fingerprint
from transforms.folding import fold, words
from transforms.matching import jaccard_bar
from transforms.settings import DecideSettings, Keep, RestatementSettings, Settings
from transforms.single import match_block
from transforms.vetoes import near_duplicate_vetoes

# Without restatements, which have tests of their own.
SETTINGS = Settings(restatements=RestatementSettings(action="report"))

LINES = [
    "The council met on Monday to discuss the new bridge over the river near the old mill.",
    "The council met on Monday to discuss the new crossing over the river near the old mill.",
    "The council met on Monday to discuss the new crossing over the river near the old barn.",
    "The council met on Monday to discuss the new bridge over the river near the old mill again.",
    "The council met on Monday to discuss the 2 new bridges over the river near the old mill.",
    "The council did not meet on Monday to discuss the new bridge over the river near the mill.",
    "THE COUNCIL MET ON MONDAY TO DISCUSS THE NEW BRIDGE OVER THE RIVER NEAR THE OLD MILL!",
    "Rain is expected in the hills for most of the week, with strong winds near the coast.",
    "Rain is expected in the hills for most of the week, with strong gusts near the coast.",
    "Short words of the day.",
]
CERTAIN = 0.85
"""From this Jaccard on, LSH misses one pair of a million."""
MOST_COMPARED = 40
"""Comparisons a text, however many are nearly equal: not all bands agree on whom to compare."""


class Place(NamedTuple):
    """A paragraph, by its document and index."""

    document: str
    paragraph: int


class Outcome(NamedTuple):
    """What became of a corpus, in words that do not depend on blocks."""

    gone: dict[Place, Place]
    """What went by a proof of its own, and the kept paragraph that it names."""
    whole: dict[str, tuple[str, float, float]]
    listed: dict[str, tuple[str, str, float, float]]


def decided(documents: list[Document], cuts: list[int], chosen: Settings = SETTINGS) -> Outcome:
    """The outcome of documents in this order, a block ending at each cut."""
    bounds = sorted({0, *(cut for cut in cuts if cut < len(documents)), len(documents)})
    blocks: list[Block] = [
        block(*documents[begin:end], index=index)
        for index, (begin, end) in enumerate(pairwise(bounds))
    ]
    outcome = Outcome({}, {}, {})
    for index, verdicts in decide_blocks(blocks, chosen).items():
        ids = [each.id for each in blocks[index].documents]
        for each in verdicts.paragraphs:
            if each.action == "drop":
                kept = Place(each.kept.document, each.kept.paragraph)
                outcome.gone[Place(ids[each.position], each.paragraph)] = kept
        for found in verdicts.documents:
            id = ids[found.position]
            if found.action == "drop":
                outcome.whole[id] = (found.survivor, found.share, found.proven)
            else:
                outcome.listed[id] = (found.means, found.survivor, found.share, found.proven)
    return outcome


@st.composite
def corpora(draw: st.DrawFn) -> list[Document]:
    """A few documents of the same few lines, whole, joined to others, or short."""
    lines = st.lists(st.sampled_from(LINES), min_size=1, max_size=3).map(" ".join)
    dates = st.sampled_from([None, "2020-01-01", "2020-01-02"])
    texts = draw(st.lists(st.lists(lines, min_size=1, max_size=5), min_size=1, max_size=7))
    return [document(f"d{at}", text, published=draw(dates)) for at, text in enumerate(texts)]


def text_of(documents: list[Document], place: Place) -> str:
    made = next(each for each in documents if each.id == place.document)
    return made.text_of(made.paragraphs[place.paragraph])


def rank_of(documents: list[Document], place: Place) -> tuple[str, int, str, int]:
    """The order of ``keep = earliest``."""
    made = next(each for each in documents if each.id == place.document)
    return (made.published or "9999", -len(made.text), made.id, place.paragraph)


def jaccard(one: str, other: str) -> float:
    left, right = (set(zip(words(text), words(text)[1:], strict=False)) for text in (one, other))
    return len(left & right) / len(left | right)


def permitted(removed: str, kept: str, *, least: float = 0.0) -> bool:
    """Whether one paragraph may go for another, by sets of pairs of words and by the vetoes."""
    if fold(removed) == fold(kept):
        return True
    shorter, longer = sorted((len(words(removed)), len(words(kept))))
    bar = jaccard_bar(shorter, SETTINGS.near_duplicates)
    alike = round(jaccard(removed, kept), 4)
    return (
        shorter >= bar * longer
        and alike >= max(bar, least)
        and not near_duplicate_vetoes(facts_of(removed), facts_of(kept), alike, SETTINGS.vetoes)
    )


@given(corpora())
def test_whatever_goes_may_go_for_a_kept_paragraph_of_better_rank(made: list[Document]) -> None:
    outcome = decided(made, [])
    for removed, kept in outcome.gone.items():
        assert kept not in outcome.gone
        assert kept.document not in outcome.whole
        assert rank_of(made, kept) < rank_of(made, removed)
        assert permitted(text_of(made, removed), text_of(made, kept))


@given(corpora())
def test_what_stays_may_not_go_for_what_stays_before_it(made: list[Document]) -> None:
    outcome = decided(made, [])
    places = [Place(each.id, at.index) for each in made for at in each.paragraphs]
    kept = sorted(
        (
            place
            for place in places
            if place not in outcome.gone and place.document not in outcome.whole
        ),
        key=lambda place: rank_of(made, place),
    )
    for better, worse in combinations(kept, 2):
        text = text_of(made, worse)
        if could_go_alone("paragraph", len(words(text)), SETTINGS.decide):
            assert not permitted(text, text_of(made, better), least=CERTAIN), (better, worse)


@given(corpora())
def test_a_document_goes_whole_for_its_proven_words_and_is_listed_otherwise(
    made: list[Document],
) -> None:
    outcome = decided(made, [])
    assert not outcome.whole.keys() & outcome.listed.keys()
    for each in made:
        sizes = [len(words(each.text_of(paragraph))) for paragraph in each.paragraphs]
        proven = [Place(each.id, at) in outcome.gone for at in range(len(sizes))]
        if each.id in outcome.whole:
            share = round(
                sum(size for size, gone in zip(sizes, proven, strict=True) if gone) / sum(sizes), 4
            )
            assert outcome.whole[each.id][2] == share >= SETTINGS.documents.drop_share
            assert all(
                gone or size < SETTINGS.decide.min_words
                for size, gone in zip(sizes, proven, strict=True)
            )
        if each.id in outcome.listed:
            assert outcome.listed[each.id][1] not in outcome.whole


@settings(max_examples=60)
@given(
    corpora(),
    st.randoms(use_true_random=False),
    st.lists(st.integers(1, 6), max_size=3),
    st.sampled_from(["earliest", "longest", "newest", "source"]),
)
def test_the_order_of_the_input_and_the_blocks_decide_nothing(
    made: list[Document],
    random: object,
    cuts: list[int],
    keep: Keep,
) -> None:
    chosen = msgspec.structs.replace(
        SETTINGS, decide=DecideSettings(keep=keep, preferred_sources=("d3", "d1"))
    )
    shuffled = list(made)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert decided(shuffled, cuts, chosen) == decided(made, [], chosen)


def test_the_generated_corpora_have_everything_in_them() -> None:
    for wanted in (
        lambda found: found.whole,
        lambda found: any(means == "shingles" for means, *_ in found.listed.values()),
        lambda found: any(means == "paragraphs" for means, *_ in found.listed.values()),
        lambda found: len(found.gone) > 3,
    ):
        find(
            corpora(),
            lambda made, wanted=wanted: bool(wanted(decided(made, []))),  # type: ignore[misc]
            settings=settings(phases=[Phase.generate], max_examples=500),
        )


def test_a_hundred_thousand_copies_of_a_line_cost_one_member_of_a_bucket() -> None:
    line, near, far = LINES[0], LINES[1], LINES[7]
    pages = [document(f"{at:04}", [line] * 100) for at in range(1_000)]
    others = [document("near", [near, far])]
    prints = fingerprint(block(*pages, *others), SETTINGS.decide)
    copies = exact_classes(exact_sightings(prints))
    assert len(copies) == 99_999
    bands = band_sightings(prints, SETTINGS.near_duplicates, SETTINGS.minhash)
    assert {len(band) for band in bands} == {3}
    assert all(len(propose(band, 64).pairs) <= 1 for band in bands)
    assert len(match_block(prints, SETTINGS)[1]) == 1
    # Copies in other blocks stand for one member too.
    cut = [
        fingerprint(
            block(*pages[at : at + 250], index=at // 250),
            SETTINGS.decide,
        )
        for at in range(0, 1_000, 250)
    ]
    for band in zip(
        *(band_sightings(each, SETTINGS.near_duplicates, SETTINGS.minhash) for each in cut),
        strict=True,
    ):
        assert len(propose(np.concatenate(band), 64).pairs) == 0


def nearly_equal(count: int) -> list[Document]:
    """Documents of one line with one word another each time; the best in rank come last."""
    line = (
        "the council said on its own pages that all the roads near the river will be closed"
        " while the {} works go on"
    )
    return [document(f"{at:05}", [line.format("x" * (at + 1))]) for at in range(count)]


def test_comparisons_of_nearly_equal_texts_grow_with_their_number() -> None:
    for count in (200, 800):
        prints = fingerprint(block(*nearly_equal(count)), SETTINGS.decide)
        bands = band_sightings(prints, SETTINGS.near_duplicates, SETTINGS.minhash)
        cap = SETTINGS.near_duplicates.bucket_cap
        pairs = distinct_pairs(np.concatenate([propose(band, cap).pairs for band in bands]))
        assert len(pairs) < MOST_COMPARED * count


def test_nearly_equal_texts_go_for_the_best_in_rank_however_they_are_cut_into_blocks() -> None:
    pages = nearly_equal(400)
    together = decided(pages, [])
    assert set(together.whole) == {each.id for each in pages[:-1]}
    assert {survivor for survivor, _, _ in together.whole.values()} == {pages[-1].id}
    assert decided(pages, [50, 51, 170]) == together
