"""Runs that nobody watches, from the command line: dates, logs, metrics."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest

from pipeline.errors import UserError
from pipeline.operating import Operating, fill_dates
from pipeline.run_names import Remember
from pipeline.sources import list_inputs
from tests.running import copydesk, records, write_files

DAY = datetime.date(2026, 11, 26)


def given(date: datetime.date | None = DAY, since: datetime.date | None = None) -> Operating:
    return Operating(0.0, False, None, "text", date, since, None, None)


@pytest.fixture
def scrapes(tmp_path: Path) -> Path:
    days = ("2026-11-23", "2026-11-24", "2026-11-26")
    text = "The council of {} met on Monday to vote on the new bridge over the river."
    files = {f"{day}/a.html": text.format(day) for day in days}
    return write_files(tmp_path / "scrapes", files)


def test_a_day_is_filled_into_input_and_output() -> None:
    words, output = fill_dates(["in/{date}/*", "plain"], Path("out/{date:%Y/%m/%d}"), given())
    assert words == ["in/./2026-11-26/*", "plain"]
    assert output == Path("out/2026/11/26")


def test_today_is_the_day_where_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Clock:
            return cls(2026, 11, 25, 23, 30, tzinfo=datetime.UTC).astimezone(tz)

    monkeypatch.setattr("datetime.datetime", Clock)
    assert fill_dates(["in"], Path("out/{date}"), given(None))[1] == Path("out/2026-11-25")


@pytest.mark.parametrize(
    ("words", "output", "options", "said"),
    [
        (["in"], "out", given(), "--date is for paths with {date}"),
        (["in"], "out/{date}", given(since=DAY), "--since is for paths with {date}"),
        (["in/{day}"], "out", given(None), "{day} is no date"),
        (["in/{date}"], "out/{run}", given(), "{run} is no date"),
    ],
)
def test_a_date_that_is_of_no_use_and_another_field_are_refused(
    words: list[str], output: str, options: Operating, said: str
) -> None:
    with pytest.raises(UserError) as error:
        fill_dates(words, Path(output), options)
    assert said in str(error.value)


def test_a_file_whose_name_has_braces_is_no_pattern(tmp_path: Path) -> None:
    path = str(write_files(tmp_path, {"a{date}.txt": "x"}) / "a{date}.txt")
    assert fill_dates([path], None, given(None))[0] == [path]


def test_days_without_input_are_left_out(scrapes: Path, caplog: pytest.LogCaptureFixture) -> None:
    since = datetime.date(2026, 11, 20)
    words, _ = fill_dates([f"{scrapes}/{{date}}"], None, given(since=since))
    assert [file.source for file in list_inputs(words)] == [
        "2026-11-23/a.html",
        "2026-11-24/a.html",
        "2026-11-26/a.html",
    ]
    assert "no input for 2026-11-20, 2026-11-21, 2026-11-22 and 1 more days" in caplog.text
    since = datetime.date(2026, 11, 1)
    with pytest.raises(UserError, match="no input from 2026-11-01 to 2026-11-22: nothing matches"):
        fill_dates([f"{scrapes}/{{date}}"], None, given(datetime.date(2026, 11, 22), since))


def test_a_month_is_read_once_for_all_its_days(tmp_path: Path) -> None:
    write_files(tmp_path, {"2026-11.jsonl": "{}"})
    since = datetime.date(2026, 11, 20)
    words, _ = fill_dates([f"{tmp_path}/{{date:%Y-%m}}.jsonl"], None, given(since=since))
    assert words == [f"{tmp_path}/./2026-11.jsonl"]


def test_a_run_of_several_days_with_its_log_and_its_metrics(scrapes: Path, tmp_path: Path) -> None:
    words: list[str | Path] = [
        *("run", f"{scrapes}/{{date}}/*.html", "-o", tmp_path / "clean" / "{date}"),
        *("--date=2026-11-26", "--since=2026-11-24", "--log-format=json", "--quiet"),
        *("--metrics", tmp_path / "news.prom"),
    ]
    done = copydesk(*words)
    assert (done.returncode, done.stdout) == (0, "")
    output = tmp_path / "clean" / "2026-11-26"
    ids = ["2026-11-24/a.html", "2026-11-26/a.html"]
    assert [each["id"] for each in records(output, "sources")] == ids
    missing, started, *_, ended = map(json.loads, done.stderr.splitlines())
    assert (missing["event"], missing["level"]) == ("missing", "warning")
    assert missing["dates"] == ["2026-11-25"]
    assert (started["event"], started["files"], started["blocks_planned"]) == ("started", 2, 1)
    assert (ended["event"], ended["exit_code"], ended["published"]) == ("ended", 0, True)
    assert ended["counts"]["records"] == 2
    metrics = (tmp_path / "news.prom").read_text()
    assert 'copydesk_records{run="news",status="kept"} 2.0' in metrics

    again = copydesk(*words)
    assert again.returncode == 2
    _, error, ended = map(json.loads, again.stderr.splitlines())
    assert (error["event"], error["level"]) == ("error", "error")
    assert f"the output {output} exists" in error["message"]
    assert (ended["event"], ended["exit_code"]) == ("ended", 2)
    failed = (tmp_path / "news.prom").read_text()
    assert 'copydesk_exit_code{run="news"} 2.0' in failed
    assert "copydesk_records" not in failed
    success = 'copydesk_last_success_timestamp_seconds{run="news"}'
    (before,), (after,) = (
        [line for line in text.splitlines() if line.startswith(success)]
        for text in (metrics, failed)
    )
    assert before == after


def test_metrics_that_cannot_be_written_are_wrong_usage(scrapes: Path, tmp_path: Path) -> None:
    done = copydesk("run", scrapes, "--dry-run", "--metrics", tmp_path / "none" / "x.prom")
    assert done.returncode == 2
    assert "no file can be made in the folder" in done.stderr


def test_a_run_is_called_after_its_date_in_a_history() -> None:
    night = given()._replace(history=Path("kept"))
    assert night.remember() == Remember(Path("kept"), "2026-11-26")
    assert night._replace(run_name="n1").remember() == Remember(Path("kept"), "n1")
    assert given().remember() is None
    with pytest.raises(UserError, match="--history: add that"):
        given()._replace(run_name="n1").remember()
    assert fill_dates(["in/plain"], Path("out"), night) == (["in/plain"], Path("out"))
