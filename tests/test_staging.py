"""Staging: attempts replace each other, digests are checked, strangers are found out."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.corpora import block, document
from transforms.fingerprints import SIGHTING, Fingerprints, exact_sightings, fingerprint
from transforms.settings import DecideSettings
from transforms.shuffling import read_shuffle
from transforms.staging import (
    StagedContent,
    Staging,
    StagingError,
    read_content,
    read_documents,
    read_fingerprints,
)

Staged = tuple[StagedContent, Fingerprints, list[NDArray[np.void]]]


@pytest.fixture
def staging(tmp_path: Path) -> Staging:
    return Staging.create(tmp_path / "staging")


@pytest.fixture
def staged() -> Staged:
    made = block(document("d", ["the council met on monday to discuss the new bridge"]), index=2)
    content = StagedContent(made.documents, (), ())
    prints = fingerprint(made, DecideSettings())
    return content, prints, [exact_sightings(prints)]


def test_what_is_staged_is_read_back(staging: Staging, staged: Staged) -> None:
    block = staging.write(*staged)
    assert read_content(block) == staged[0]
    assert read_fingerprints({2: block}, 2).to_bytes() == staged[1].to_bytes()


def test_a_second_attempt_at_a_block_gives_the_same_record(
    staging: Staging, staged: Staged
) -> None:
    first = staging.write(*staged)
    assert staging.write(*staged) == first
    assert len(list(Path(staging.folder).iterdir())) == 4


def test_of_an_interrupted_run_the_files_of_blocks_alone_are_taken_over(
    staging: Staging, staged: Staged
) -> None:
    found = staging.write(*staged)
    folder = Path(staging.folder)
    kept = {path.name for path in folder.iterdir()}
    for name in ("block-00000002.content.0123456789abcdef", "block-00000002.spots", "losses"):
        (folder / name).touch()
    again = Staging.create(folder)
    assert {path.name for path in folder.iterdir()} == kept
    assert read_content(found) == staged[0]
    with pytest.raises(StagingError, match="another folder"):
        staging.check()
    again.check()


def test_a_damaged_block_is_refused(staging: Staging, staged: Staged) -> None:
    block = staging.write(*staged)
    path = Path(block.content.path)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(StagingError, match="not what was written"):
        read_content(block)
    with pytest.raises(StagingError, match="not what was written"):
        read_documents(block, [0])
    path.unlink()
    with pytest.raises(StagingError, match="cannot read the staged block"):
        read_content(block)


def test_a_worker_that_sees_another_folder_says_so(staging: Staging, tmp_path: Path) -> None:
    staging.check()
    (tmp_path / "staging" / "probe").write_text("another run")
    with pytest.raises(StagingError, match="another folder"):
        staging.check()
    with pytest.raises(StagingError, match="cannot see the staging folder"):
        Staging(str(tmp_path / "elsewhere"), "x").check()


def test_documents_are_read_one_by_one(staging: Staging) -> None:
    made = block(document("a", ["one"]), document("b", ["two"]), document("c", ["three"]))
    prints = fingerprint(made, DecideSettings())
    found = staging.write(StagedContent(made.documents, (), ()), prints, [])
    assert read_documents(found, [2, 0]) == {2: made.documents[2], 0: made.documents[0]}


def test_what_is_seen_is_read_by_partition(staging: Staging, staged: Staged) -> None:
    found = staging.write(*staged)
    assert np.array_equal(read_shuffle([found.sightings], 0, SIGHTING), staged[2][0])
    assert len(read_shuffle([found.sightings], 1, SIGHTING)) == 0
