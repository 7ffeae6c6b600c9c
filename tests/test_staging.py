"""Staging: attempts replace each other, digests are checked, strangers are found out."""

from pathlib import Path

import pytest

from tests.corpora import block, document
from transforms.fingerprints import Fingerprints, fingerprint
from transforms.settings import DecideSettings
from transforms.staging import (
    StagedContent,
    Staging,
    StagingError,
    read_content,
    read_fingerprints,
)


@pytest.fixture
def staging(tmp_path: Path) -> Staging:
    return Staging.create(tmp_path / "staging")


@pytest.fixture
def staged() -> tuple[StagedContent, Fingerprints]:
    made = block(document("d", ["the council met on monday to discuss the new bridge"]), index=2)
    content = StagedContent(made.documents, (), ())
    return content, fingerprint(made, DecideSettings())


def test_what_is_staged_is_read_back(
    staging: Staging, staged: tuple[StagedContent, Fingerprints]
) -> None:
    block = staging.write(*staged)
    assert read_content(block) == staged[0]
    assert read_fingerprints({2: block}, 2).to_bytes() == staged[1].to_bytes()


def test_a_second_attempt_at_a_block_gives_the_same_record(
    staging: Staging, staged: tuple[StagedContent, Fingerprints]
) -> None:
    first = staging.write(*staged)
    assert staging.write(*staged) == first
    assert len(list(Path(staging.folder).iterdir())) == 3


def test_a_damaged_block_is_refused(
    staging: Staging, staged: tuple[StagedContent, Fingerprints]
) -> None:
    block = staging.write(*staged)
    path = Path(block.content.path)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(StagingError, match="not what was written"):
        read_content(block)
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
