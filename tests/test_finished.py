"""Finished blocks: taken up as they were left, and only if nothing of them is damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.run import run
from tests.corpora import block, document
from tests.running import contents, write_files
from transforms.fingerprints import exact_sightings, fingerprint
from transforms.finished import FinishedBlock, find_finished, keep_finished
from transforms.settings import DecideSettings, OutputSettings, Settings
from transforms.staging import StagedContent, Staging


@pytest.fixture
def staging(tmp_path: Path) -> Staging:
    return Staging.create(tmp_path / "staging")


def finish(staging: Staging) -> FinishedBlock:
    made = block(document("d", ["the council met on monday to discuss the new bridge"]), index=2)
    prints = fingerprint(made, DecideSettings())
    staged = staging.write(StagedContent(made.documents, (), ()), prints, [exact_sightings(prints)])
    return FinishedBlock(staged, b"edges", b"outlines")


def test_a_block_is_finished_once_its_record_is_there(staging: Staging) -> None:
    made = finish(staging)
    assert find_finished(staging, 2) is None
    keep_finished(staging, made)
    assert find_finished(staging, 2) == made
    assert find_finished(staging, 1) is None
    keep_finished(staging, made)
    assert find_finished(Staging.create(Path(staging.folder)), 2) == made


@pytest.mark.parametrize("name", ["content", "fingerprints", "sightings", "finished"])
@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "gone"])
def test_a_block_with_a_damaged_file_is_not_finished(
    name: str, damage: str, staging: Staging
) -> None:
    keep_finished(staging, finish(staging))
    path = Path(staging.folder, f"block-00000002.{name}")
    data = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        flipped = data[:-1] + bytes([data[-1] ^ 1])
        path.write_bytes({"cut": data[:-1], "flipped": flipped, "empty": b""}[damage])
    assert find_finished(staging, 2) is None


def test_a_record_that_names_files_elsewhere_is_not_taken_up(
    staging: Staging, tmp_path: Path
) -> None:
    keep_finished(staging, finish(staging))
    moved = Path(staging.folder).rename(tmp_path / "moved")
    finish(Staging.create(Path(staging.folder)))
    assert find_finished(Staging.create(moved), 2) is None


def test_a_run_takes_up_what_is_finished_and_makes_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [f"The council of ward {n} met again on Monday to vote on the bridge." for n in "abcd"]
    files = {f"{n}.txt": f"{line}\n\nShare this\n\n{line}" for n, line in enumerate(lines)}
    source = write_files(tmp_path / "in", {**files, "empty.txt": "", "bad.txt": b"\x00\x01\x02"})
    settings = Settings(output=OutputSettings(shard_bytes=100))
    whole = run([str(source)], tmp_path / "whole", settings)
    assert whole.record.blocks > 2

    def refuse(_: object) -> None:
        raise OSError("no storage")

    # The last step fails, when every block is finished; then one record of them is lost.
    monkeypatch.setattr("pipeline.publish.Unpublished.publish", refuse)
    with pytest.raises(Exception, match="the same command goes on"):
        run([str(source)], tmp_path / "out", settings)
    monkeypatch.undo()
    (found,) = tmp_path.glob(".out.partial-*/staging/block-00000001.finished")
    found.unlink()
    again = run([str(source)], tmp_path / "out", settings)
    assert again.record.blocks_resumed == again.record.blocks - 1
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")
    assert again.manifest == whole.manifest
