"""``python -m supply.audit [LOCK...]``: known vulnerabilities in what the locks pin, by pip-audit.

Exit code 1 names each advisory that ``audit.toml`` does not let wait; 75 says that something was
*not* checked: the service of advisories cannot be reached, or does not know a package.
pip-audit itself calls a lock of which it could look up nothing free of known vulnerabilities.
"""

from __future__ import annotations

import argparse
import datetime
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from supply.locks import AIRFLOW, BENCHMARKS, DEVELOPMENT, RUN_TIME

_WAITING: Final = Path(__file__).with_name("audit.toml")
_LOCKS: Final = (RUN_TIME, DEVELOPMENT, BENCHMARKS, AIRFLOW)
_NOT_CHECKED: Final = 75
"""What .ci/run takes for a check that could not be made."""
_SECONDS: Final = 600
_NAMED: Final = 5
"""Packages that a message names."""


class Advisory(msgspec.Struct):
    """One vulnerability that is known."""

    id: str
    fix_versions: list[str] = []
    aliases: list[str] = []


class Audited(msgspec.Struct):
    """What pip-audit says of a package."""

    name: str
    version: str | None = None
    skip_reason: str | None = None
    vulns: list[Advisory] = []


class Audit(msgspec.Struct):
    """What pip-audit says of a lock."""

    dependencies: list[Audited]


class Waiting(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """An advisory that does no harm here for the time being."""

    id: str
    package: str
    reason: str
    until: datetime.date


class _File(msgspec.Struct, forbid_unknown_fields=True):
    waiting: list[Waiting]


class NotCheckedError(RuntimeError):
    """The advisories could not be looked up; the message says why."""


def waiting() -> list[Waiting]:
    """What ``audit.toml`` lets wait."""
    return msgspec.toml.decode(_WAITING.read_bytes(), type=_File).waiting


def ask(lock: Path) -> Audit:
    """What pip-audit finds in a lock.

    Raises:
        NotCheckedError: it could not finish.
    """
    arguments = ["--require-hashes", "--disable-pip", "--progress-spinner=off", "--format=json"]
    command = [sys.executable, "-m", "pip_audit", *arguments, "--requirement", str(lock)]
    try:
        done = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, check=False, timeout=_SECONDS
        )
        return msgspec.json.decode(done.stdout, type=Audit)
    except subprocess.TimeoutExpired as error:
        raise NotCheckedError(f"pip-audit took more than {_SECONDS} s") from error
    except msgspec.DecodeError as error:  # it wrote no report, so it says why
        lines = done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"]
        raise NotCheckedError(f"pip-audit: {lines[-1]}") from error


def unchecked(audit: Audit) -> str:
    """Why a lock cannot count as checked; empty if everything was looked up."""
    left = [each for each in audit.dependencies if each.skip_reason is not None]
    if not left and audit.dependencies:
        return ""
    names = ", ".join(each.name for each in left[:_NAMED])
    more = f" and {len(left) - _NAMED} more" if len(left) > _NAMED else ""
    why = f"; of the first: {left[0].skip_reason}" if left else ""
    return f"{len(left)} of {len(audit.dependencies)} were not looked up ({names}{more}){why}"


def findings(audit: Audit, known: Sequence[Waiting], today: datetime.date) -> list[str]:
    """The advisories that may not wait, a line each."""
    may_wait = {(each.package, each.id) for each in known if each.until >= today}
    return [
        f"{package.name} {package.version}: {advisory.id}"
        f" ({', '.join(advisory.aliases) or 'no other name'});"
        f" mended in {', '.join(advisory.fix_versions) or 'no version yet'}"
        for package in audit.dependencies
        for advisory in package.vulns
        if not any((package.name, id) in may_wait for id in (advisory.id, *advisory.aliases))
    ]


def main() -> int:
    """Audit the locks; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("locks", nargs="*", type=Path, default=list(_LOCKS))
    known, today = waiting(), datetime.datetime.now(datetime.UTC).date()
    wrong: list[str] = []
    doubt = ""
    for lock in parser.parse_args().locks:
        try:
            audit = ask(lock)
            wrong += [f"{lock.name}: {finding}" for finding in findings(audit, known, today)]
            doubt = unchecked(audit)
        except NotCheckedError as error:
            doubt = str(error)
        if doubt:  # the next lock would meet the same
            sys.stderr.write(f"vulnerabilities NOT checked: {lock.name}: {doubt}\n")
            break
        sys.stdout.write(f"vulnerabilities: {lock.name}: {len(audit.dependencies)} looked up\n")
    for finding in wrong:
        sys.stderr.write(f"known vulnerability: {finding}\n")
    if wrong:
        sys.stderr.write(f"See docs/supply-chain.md; {_WAITING.name} holds what may wait.\n")
        return 1
    return _NOT_CHECKED if doubt else 0


if __name__ == "__main__":
    sys.exit(main())
