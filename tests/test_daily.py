"""deploy/daily for real: by hand, as cron and systemd start it, and in Airflow."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.check_airflow import install, run_day
from deploy.fetch import NotHere
from tests.running import ARTICLES, PROJECT, copydesk, records, write_files
from tests.test_schedulers import DAILY, DEPLOY, assignments

DAY = "2026-02-16"  # after the first day of the DAG


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a day of scrapes, and a command ``copydesk``."""
    shutil.copytree(ARTICLES, tmp_path / "scrapes" / DAY)
    call = shlex.join([sys.executable, "-P", "-m", "pipeline"])
    script = f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(PROJECT))} exec {call} "$@"\n'
    write_files(tmp_path, {"bin/copydesk": script})
    (tmp_path / "bin" / "copydesk").chmod(0o755)
    return tmp_path


def start(place: Path, settings: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run ``deploy/daily`` for the day with a scheduler's settings and nothing else."""
    moved = {
        name: value.replace("/srv", str(place)).replace("/var/lib", str(place))
        for name, value in settings.items()
    }
    moved["PATH"] = f"{place / 'bin'}:/usr/bin:/bin"
    return subprocess.run(
        [DAILY, DAY], capture_output=True, text=True, check=False, env=moved, timeout=300
    )


@pytest.mark.parametrize(
    "name", ["cron/copydesk", pytest.param("systemd/copydesk.env", marks=pytest.mark.long)]
)
def test_the_settings_of_a_scheduler_clean_a_day(place: Path, name: str) -> None:
    settings = assignments(DEPLOY / name)
    Path(place / "node_exporter" / "textfile_collector").mkdir(parents=True)
    for _ in range(2):  # a second start replaces what the first one made
        done = start(place, settings)
        assert done.returncode == 0, done.stderr
        assert done.stderr.startswith("{")
    assert copydesk("verify", place / "clean" / DAY).returncode == 0
    metrics = place / "node_exporter" / "textfile_collector" / "copydesk.prom"
    assert "copydesk_exit_code" in metrics.read_text()
    assert (place / "clean-history").is_dir()


def test_a_limit_ends_it_with_3(place: Path) -> None:
    paths = {"COPYDESK_INPUT": "/srv/scrapes/{date}", "COPYDESK_OUTPUT": "/srv/clean/{date}"}
    done = start(place, {**paths, "COPYDESK_OPTIONS": "--max-removed=boilerplate=0.01"})
    assert done.returncode == 3
    assert not (place / "clean" / DAY).exists()


@pytest.mark.long
def test_the_dag_cleans_a_day_in_airflow(place: Path) -> None:
    try:
        airflow = install()
    except NotHere as error:
        pytest.skip(f"THE DAG WAS NOT RUN: {error}")
    limit = {"COPYDESK_OPTIONS": "--max-removed=boilerplate=0.01"}
    done = run_day(airflow, place, DAY, limit)
    assert done.returncode == 1
    assert "AirflowFailException: a limit is exceeded" in done.stdout
    assert not (place / "clean" / DAY).exists()
    done = run_day(airflow, place, DAY, {})
    assert done.returncode == 0, done.stdout[-3_000:]
    assert copydesk("verify", place / "clean" / DAY).returncode == 0
    by_hand = place / "by-hand"
    assert copydesk("run", place / "scrapes" / DAY, "-o", by_hand).returncode == 0
    texts = [
        [row["text"] for row in records(output, "documents")]
        for output in (place / "clean" / DAY, by_hand)
    ]
    assert texts[0] == texts[1]
