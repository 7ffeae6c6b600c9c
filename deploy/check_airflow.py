"""Run the DAG of ``deploy/airflow`` on the fixtures, with Airflow's own test command.

``deploy/airflow/check``: Airflow gets an environment of its own in the cache folder, a database
that is thrown away, and one day of scrapes.  Exit code 0: the output is there and verifies; 1: it
is not; 75: Airflow cannot be installed here.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from deploy.check import FIXTURES, UNAVAILABLE
from deploy.fetch import NotHere, cache

DEPLOY: Final = Path(__file__).parent
DAG_ID: Final = "copydesk_daily"

_LOCK: Final = DEPLOY / "airflow" / "requirements.lock"
_INSTALL_SECONDS: Final = 900
_RUN_SECONDS: Final = 600
_DAY: Final = "2026-02-16"
"""Airflow runs nothing before the first day of a DAG, and says that it succeeded."""


def main() -> int:
    """Run one day and verify its output."""
    with tempfile.TemporaryDirectory(prefix="copydesk-airflow-") as scratch:
        work = Path(scratch)
        shutil.copytree(FIXTURES / "articles", work / "scrapes" / _DAY)
        try:
            done = run_day(install(), work, _DAY, {})
        except NotHere as error:
            sys.stdout.write(f"airflow: SKIPPED, THE DAG WAS NOT RUN: {error}\n")
            return UNAVAILABLE
        sys.stdout.write(done.stdout)
        verify = [sys.executable, "-P", "-m", "pipeline", "verify", str(work / "clean" / _DAY)]
        return done.returncode or subprocess.run(verify, check=False).returncode


def install() -> Path:
    """Airflow's command, in an environment that is as its lock file says.

    Raises:
        NotHere: it cannot be installed.
    """
    digest = hashlib.sha256(_LOCK.read_bytes()).hexdigest()[:12]
    folder = cache() / f"airflow-{digest}"
    ready = folder / "ready"
    if not ready.exists():
        python = folder / "bin" / "python"
        pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        _run(sys.executable, "-m", "venv", "--clear", folder)
        _run(*pip, "--require-hashes", "--requirement", _LOCK)
        ready.touch()  # an installation that was cut off begins anew
    return folder / "bin" / "airflow"


def _run(*command: str | Path) -> None:
    try:
        subprocess.run(
            command, check=True, capture_output=True, text=True, timeout=_INSTALL_SECONDS
        )
    except subprocess.SubprocessError as error:
        said = str(getattr(error, "stderr", "") or error).strip().splitlines()
        raise NotHere(f"Airflow cannot be installed: {said[-1]}") from error


def run_day(
    airflow: Path, work: Path, day: str, settings: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run the DAG for a day; what it and the task print comes back as one text.

    Args:
        airflow: its command.
        work: holds ``scrapes/DAY``; gets ``clean/DAY``, and what Airflow keeps.
        settings: more of those that ``deploy/daily`` explains.
    """
    dags = work / "dags"
    if not dags.exists():
        dags.mkdir()
        shutil.copy(DEPLOY / "airflow" / f"{DAG_ID}.py", dags)
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment = {
        **kept,
        "PATH": f"{_command(work)}{os.pathsep}{os.environ['PATH']}",
        "AIRFLOW_HOME": str(work / "airflow"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "COPYDESK_DAILY": str(DEPLOY / "daily"),
        "COPYDESK_INPUT": f"{work}/scrapes/{{date}}",
        "COPYDESK_OUTPUT": f"{work}/clean/{{date}}",
        **settings,
    }
    script = f"{airflow} db migrate && exec {airflow} dags test {DAG_ID} {day}"
    return subprocess.run(
        ["/bin/sh", "-c", script],
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
        cwd=work,
        timeout=_RUN_SECONDS,
    )


def _command(work: Path) -> Path:
    """A folder with the command ``copydesk``, which Airflow's environment does not have."""
    folder = work / "bin"
    folder.mkdir(exist_ok=True)
    command = folder / "copydesk"
    call = shlex.join([sys.executable, "-P", "-m", "pipeline"])
    project = shlex.quote(str(DEPLOY.parent))
    command.write_text(f'#!/bin/sh\nPYTHONPATH={project} exec {call} "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    return folder


if __name__ == "__main__":
    sys.exit(main())
