"""Progress: how many blocks are finished, while the engine says nothing."""

import logging
import threading
import time
from pathlib import Path

import pytest

from pipeline.progress import telling_progress
from tests.running import write_files


def test_finished_blocks_are_counted_as_they_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("pipeline.progress._EVERY_SECONDS", 0.01)
    write_files(tmp_path, {"block-00000000.finished": "", "block-00000001.content": ""})

    def wait_for(said: str) -> None:
        limit = time.monotonic() + 30
        while said not in caplog.text:
            assert time.monotonic() < limit
            time.sleep(0.01)

    before = threading.active_count()
    with caplog.at_level(logging.INFO), telling_progress(str(tmp_path), 3):
        wait_for("1 blocks are finished, 3 were planned")
        write_files(tmp_path, {"block-00000001.finished": ""})
        wait_for("2 blocks are finished, 3 were planned")
    assert caplog.text.count("are finished") == 2
    assert threading.active_count() == before


def test_where_nobody_listens_nothing_is_counted(tmp_path: Path) -> None:
    before = threading.active_count()
    with telling_progress(str(tmp_path / "none"), 3):
        assert threading.active_count() == before
