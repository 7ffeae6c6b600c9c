"""What a removal says of the paragraph that stays: words, names, numbers and dates."""

from transforms.evidence import duplicate_evidence, near_duplicate_evidence

REMOVED = "Acme paid 1,500 crowns to Ann Miller on Monday, the county council wrote at length."
KEPT = "Acme paid 1500 crowns to Ann Miller on Monday, the county council said at length."


def test_words_that_differ_are_named_in_reading_order() -> None:
    found = duplicate_evidence("It fell twice on Monday.", "It fell on Monday, he said.")
    assert found == {"shared_words": 4, "only_removed": ["twice"], "only_kept": ["he", "said"]}


def test_a_near_duplicate_names_what_both_tell() -> None:
    found = near_duplicate_evidence(REMOVED, KEPT)
    assert found["shared"] == ["1500", "ann", "miller", "monday"]
    assert found["missing"] == []
    assert found["only_kept"] == ["1500", "said"]


def test_a_near_duplicate_names_what_the_kept_one_lacks() -> None:
    kept = "Acme paid crowns to Ann Berg on Friday, the county council said at length."
    found = near_duplicate_evidence(REMOVED, kept)
    assert found["shared"] == ["ann"]
    assert found["missing"] == ["1500", "miller", "monday"]


def test_of_an_identical_copy_only_the_shared_words_are_counted() -> None:
    one, alike = "Fog closed the port, the port said.", "fog closed THE port, the port said"
    expected = {"shared_words": 5, "only_removed": [], "only_kept": []}
    assert duplicate_evidence(one, one) == duplicate_evidence(alike, one) == expected
