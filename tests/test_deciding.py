"""Gathering what was verified: what a site repeats neither goes as a copy nor stands for one."""

import numpy as np

from tests.corpora import block, document
from transforms.deciding import BlockVerdicts, decide_corpus
from transforms.fingerprints import fingerprint
from transforms.gathering import Verified
from transforms.matching import EDGE
from transforms.near_copies import Alike
from transforms.settings import Settings
from transforms.single import match_block

LINE = "The Herald reports on the council and its budget from the old town hall."
LONG = "Rain is expected in the north for most of the week, with strong winds near the coast."
SHORT = "A school stays shut until its roof has been repaired by the new owner."


def verdicts(gone: list[int]) -> BlockVerdicts:
    """What is decided on three documents, the longest first, when these rows are gone."""
    made = block(
        document("a", [LONG, SHORT, LINE]),
        document("b", [LONG.replace("north", "south"), LINE]),
        document("c", ["Short", LINE]),
    )
    settings = Settings()
    prints = fingerprint(made, settings.decide)
    copies, edges = match_block(prints, settings)
    verified = Verified(copies, edges, np.zeros(0, EDGE), Alike.none())
    lost = {0: np.array(gone, dtype=np.int64)}
    return decide_corpus(verified, lambda _: prints, settings, lost).get(0, BlockVerdicts())


def kept_for(found: BlockVerdicts) -> dict[tuple[int, int], str]:
    return {(each.position, each.paragraph): each.kept.document for each in found.paragraphs}


def test_the_first_of_what_is_left_stands_for_the_copies() -> None:
    assert kept_for(verdicts([]))[2, 1] == "a"
    assert kept_for(verdicts([2]))[2, 1] == "b"
    assert kept_for(verdicts([2, 4])).get((2, 1)) is None


def test_a_document_goes_whole_by_what_is_left_of_it() -> None:
    copy = document("b", [LONG, "Only the Herald has this, and it says so on each of its pages."])
    made = block(document("a", [LONG, SHORT, SHORT + " Again."]), copy)
    settings = Settings()
    prints = fingerprint(made, settings.decide)
    copies, edges = match_block(prints, settings)
    whole = {}
    for gone in ([], [4]):
        verified = Verified(copies, edges, np.zeros(0, EDGE), Alike.none())
        lost = {0: np.array(gone, dtype=np.int64)}
        found = decide_corpus(verified, lambda _: prints, settings, lost)[0]
        whole[len(gone)] = [
            (each.position, each.survivor) for each in found.documents if each.action == "drop"
        ]
    assert whole == {0: [], 1: [(1, "a")]}
