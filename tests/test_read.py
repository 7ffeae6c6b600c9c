"""Reading: plans of blocks to blocks, of which an interrupted run may have finished some."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import read
from pipeline.blocks import Item, Piece, plan_blocks
from pipeline.inputs import Inputs
from pipeline.repeated_ids import RepeatedIds
from pipeline.sources import list_inputs
from tests.packing import PACK
from tests.running import write_files
from transforms.block import Block
from transforms.finished import FinishedBlock
from transforms.settings import OutputSettings, Settings
from transforms.shuffling import ShuffleFile
from transforms.staging import StagedBlock, StagedFile, Staging

LIMITS = OutputSettings(shard_bytes=40)
FILE = StagedFile("", "")


class Counting:
    """The source of a run, which counts what it is asked for."""

    def __init__(self) -> None:
        self.asked = 0
        self._inputs = Inputs.create(Settings())

    def records(self, piece: Piece, repeated: RepeatedIds) -> list[Item]:
        self.asked += 1
        return list(self._inputs.records(piece, repeated))

    def ids(self, piece: Piece) -> list[str]:
        return list(self._inputs.ids(piece))


def test_only_what_is_not_finished_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = b"".join(b'{"text": "%010d"}\n' % n for n in range(12))
    folder = write_files(tmp_path / "in", {"a.jsonl.gz": PACK["gz"](lines)})
    (plan,) = plan_blocks(list_inputs([str(folder)]), LIMITS.shard_bytes)
    staging = Staging.create(tmp_path / "staging")
    done: set[int] = set()

    def find(_: Staging, index: int) -> FinishedBlock | None:
        staged = StagedBlock(index, FILE, FILE, ShuffleFile("", b""))
        return FinishedBlock(staged, b"", b"") if index in done else None

    def go(source: Counting) -> list[Block]:
        return list(read._read(plan, source, LIMITS, [], staging))  # type: ignore[arg-type]

    monkeypatch.setattr(read, "find_finished", find)
    source = Counting()
    first = go(source)
    assert [(block.index, len(block.records)) for block in first] == [(0, 4), (1, 4), (2, 4)]
    done.update({0, 2})
    again = go(source)
    assert [block.finished is not None for block in again] == [True, False, False]
    assert again[1:] == first[1:]
    assert source.asked == 2
    done.add(1)
    assert [block.index for block in go(source)] == [0, 1, 2]
    assert source.asked == 2
