"""The lock files, as pins."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

PROJECT: Final = Path(__file__).parent.parent
RUN_TIME: Final = PROJECT / "requirements.lock"
DEVELOPMENT: Final = PROJECT / "requirements-dev.lock"
BENCHMARKS: Final = PROJECT / "requirements-bench.lock"
AIRFLOW: Final = PROJECT / "deploy" / "airflow" / "requirements.lock"


class Pin(NamedTuple):
    """One distribution of a lock."""

    name: NormalizedName
    version: str
    holds: bool
    """Whether its marker holds here: what is for other systems is not installed."""
    hashes: int


def pins(lock: Path) -> Iterator[Pin]:
    """Every pin of a lock file.

    Raises:
        ValueError: a line that is no exact pin.
    """
    text = lock.read_text(encoding="utf-8").replace("\\\n", " ")
    for line in filter(None, map(str.strip, text.splitlines())):
        required, *hashes = line.split("--hash=")
        requirement = Requirement(required.strip())
        exact = [one.version for one in requirement.specifier if one.operator == "=="]
        if len(exact) != 1 or len(requirement.specifier) != 1:
            raise ValueError(f"{lock.name}: not pinned to one version: {required.strip()}")
        marker = requirement.marker
        holds = marker is None or marker.evaluate()
        yield Pin(canonicalize_name(requirement.name), exact[0], holds, len(hashes))
