"""The log: text for people, JSON for machines, and nothing that a terminal obeys."""

from __future__ import annotations

import json
import logging
import sys

import pytest

from pipeline.logs import EVENTS, LogFormat, complain, event, logs, show_crash

HOSTILE = "a\x1b[31m\x7f\x9b\u202eb\u2028c"


def said(capsys: pytest.CaptureFixture[str], format: LogFormat, *, verbose: bool) -> list[str]:
    with logs(format, verbose=verbose):
        event("started", "it starts", blocks=3)
        event("missing", HOSTILE, logging.WARNING, names=[HOSTILE])
        complain("it failed")
        logging.getLogger("apache_beam").warning("of Beam: %s", HOSTILE)
        try:
            raise ValueError(HOSTILE)
        except ValueError:
            logging.getLogger("pipeline").exception("a bug")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert not {*HOSTILE} - {*"abc[31m"} & {*captured.err}
    return captured.err.splitlines()


def test_in_text_there_are_warnings_and_errors(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "text", verbose=False) == [
        r"copydesk: a\x1b[31m\x7f\x9b\u202eb\u2028c",
        "copydesk: it failed",
    ]


def test_verbose_adds_events_beams_log_and_traces(capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, "text", verbose=True)
    assert lines[0] == "copydesk: it starts"
    assert r"WARNING apache_beam: of Beam: a\x1b[31m\x7f\x9b\u202eb\u2028c" in lines
    assert "ERROR pipeline: a bug" in lines
    assert "    Traceback (most recent call last):" in lines


def test_a_line_end_from_outside_begins_no_line_of_ours(capsys: pytest.CaptureFixture[str]) -> None:
    forged = "x\ncopydesk: verified\r\ncopydesk: all is well"
    complain(forged)
    with logs("text", verbose=True):
        event("missing", forged, logging.WARNING)
        complain(forged)
        logging.getLogger("apache_beam").warning("of Beam: %s", forged)
        try:
            raise ValueError(forged)
        except ValueError:
            logging.getLogger("pipeline").exception("a bug in %s", forged)
            show_crash(*sys.exc_info())
    lines = capsys.readouterr().err.splitlines()
    assert [line for line in lines if line.startswith("copydesk:")] == [
        *["copydesk: x\\ncopydesk: verified\\r\\ncopydesk: all is well"] * 3,
        "copydesk: a bug, please report it:",
    ]


def test_in_json_each_line_is_an_object(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [json.loads(line) for line in said(capsys, "json", verbose=False)]
    assert [row["event"] for row in rows] == ["started", "missing", "error"]
    assert [row["level"] for row in rows] == ["info", "warning", "error"]
    assert rows[0]["blocks"] == 3
    assert rows[1]["names"] == [rows[1]["message"]] == [HOSTILE]
    assert all(row["time"].endswith("+00:00") and row["logger"] == "copydesk" for row in rows)


def test_verbose_json_holds_beams_log_too(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [json.loads(line) for line in said(capsys, "json", verbose=True)]
    assert [row["logger"] for row in rows[3:]] == ["apache_beam", "pipeline"]
    assert rows[3]["event"] == "log"
    assert rows[4]["trace"].startswith("Traceback")


def test_afterwards_the_log_is_as_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    before = root.handlers[:], root.level, EVENTS.handlers[:], EVENTS.propagate
    with logs("json", verbose=True):
        pass
    assert (root.handlers[:], root.level, EVENTS.handlers[:], EVENTS.propagate) == before
    complain(HOSTILE)
    assert capsys.readouterr().err == "copydesk: a\\x1b[31m\\x7f\\x9b\\u202eb\\u2028c\n"
