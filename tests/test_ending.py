"""How a run ends: its exit code reaches the log and the metrics."""

from __future__ import annotations

import json
import logging
from contextlib import nullcontext
from pathlib import Path

import click
import pytest

from pipeline.ending import Ending, errors_as_codes
from pipeline.errors import Interrupted, RunError, UserError
from pipeline.logs import logs


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (None, 0),
        (UserError("no input"), 2),
        (click.UsageError("no option"), 2),
        (RunError("broken"), 1),
        (Interrupted("killed"), 1),
        (SystemExit(3), 3),
        (KeyboardInterrupt(), 130),
        (ValueError("a bug"), 1),
    ],
)
def test_the_exit_code_is_told(
    error: BaseException | None, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.prom"
    raised = nullcontext() if error is None else pytest.raises((SystemExit, type(error)))
    with raised, logs("json", verbose=False), Ending(path), errors_as_codes():
        if error is not None:
            raise error
    last = json.loads(capsys.readouterr().err.splitlines()[-1])
    assert (last["event"], last["exit_code"]) == ("ended", code)
    assert f'copydesk_exit_code{{run="x"}} {code}.0\n' in path.read_text()


def test_metrics_that_cannot_be_written_fail_no_run(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.INFO), Ending(tmp_path / "gone" / "x.prom"):
        pass
    assert "exit code 0" in caplog.text
    assert "the metrics could not be written" in capsys.readouterr().err
