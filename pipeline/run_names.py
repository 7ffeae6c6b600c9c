"""Under what names a history keeps runs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, NamedTuple

from pipeline.errors import UserError

_RUN_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class Remember(NamedTuple):
    """Which history a run uses, and under what name."""

    folder: Path
    run: str
    """It is compared with runs whose names come before, and replaces one of the same name."""


def check_run_name(name: str) -> str:
    """A name under which a history keeps a run.

    Raises:
        UserError: it is none.
    """
    if _RUN_NAME.fullmatch(name) is None:
        raise UserError(
            f"{name!r} is no name of a run: use letters, digits, dots, dashes and underscores, 100"
            " at most, and begin with a letter or digit (2026-11-27)"
        )
    return name
