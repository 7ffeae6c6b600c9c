"""An Airflow DAG: the scrapes of each day, once the day is over.

``COPYDESK_DAILY`` names ``deploy/daily``; the settings that it explains belong into the
environment of the worker too.
"""

from __future__ import annotations

import datetime
import os

from airflow.providers.standard.hooks.subprocess import SubprocessHook
from airflow.sdk import CronDataIntervalTimetable, dag, task
from airflow.sdk.exceptions import AirflowException, AirflowFailException

LIMIT_EXCEEDED = 3
"""The exit code after which another try gains nothing: somebody has to look."""


@dag(
    # The date of a run is that of the interval which has ended, not of the night it runs in.
    schedule=CronDataIntervalTimetable("17 3 * * *", timezone="UTC"),
    start_date=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
    catchup=False,
    max_active_runs=1,  # a history takes one day after the other
    tags=["copydesk"],
)
def copydesk_daily() -> None:
    """Clean the scrapes of a day; ``deploy/daily`` says what that is."""

    @task(
        retries=3,
        retry_delay=datetime.timedelta(minutes=10),
        execution_timeout=datetime.timedelta(hours=6),
    )
    def clean(day: str) -> None:
        done = SubprocessHook().run_command([os.environ["COPYDESK_DAILY"], day])
        if done.exit_code == LIMIT_EXCEEDED:
            raise AirflowFailException("a limit is exceeded: the log says which")
        if done.exit_code:
            raise AirflowException(f"exit code {done.exit_code}: the log says why")

    clean("{{ ds }}")


copydesk_daily()
