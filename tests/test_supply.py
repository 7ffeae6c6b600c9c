"""What copydesk is built from: pins, licences, advisories and the bill of materials."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

import msgspec
import pytest

from supply.audit import Audit, Waiting, findings, unchecked, waiting
from supply.licences import findings as licence_findings
from supply.licences import is_allowed, licence_of, policy
from supply.locks import AIRFLOW, BENCHMARKS, DEVELOPMENT, RUN_TIME, pins
from tests.running import PROJECT

TODAY = datetime.date(2026, 11, 28)
SHA = "--hash=sha256:" + 64 * "0"


def installed(folder: Path, name: str, *fields: str) -> metadata.Distribution:
    """A distribution that says this of itself."""
    place = folder / f"{name}-1.0.dist-info"
    place.mkdir()
    lines = ("Metadata-Version: 2.4", f"Name: {name}", "Version: 1.0", *fields)
    (place / "METADATA").write_text("\n".join(lines) + "\n")
    return metadata.Distribution.at(place)


def command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *arguments], capture_output=True, text=True, check=False,
        cwd=PROJECT, env={**os.environ, **environment},
    )  # fmt: skip


@pytest.mark.parametrize("lock", [RUN_TIME, DEVELOPMENT, BENCHMARKS, AIRFLOW], ids=lambda p: p.stem)
def test_everything_is_pinned_by_hash_and_no_host_is_named(lock: Path) -> None:
    found = list(pins(lock))
    assert len(found) > 50
    assert all(pin.hashes for pin in found)
    text = lock.read_text()
    assert "://" not in text
    assert "--index" not in text


def test_a_line_that_is_no_exact_pin_is_refused(tmp_path: Path) -> None:
    lock = tmp_path / "some.lock"
    lock.write_text(f"attrs>=1 \\\n    {SHA}\n")
    with pytest.raises(ValueError, match="not pinned"):
        list(pins(lock))


def test_larger_locks_hold_the_pins_of_the_smaller() -> None:
    run_time, development, benchmarks = (
        {(pin.name, pin.version) for pin in pins(lock)}
        for lock in (RUN_TIME, DEVELOPMENT, BENCHMARKS)
    )
    assert run_time < development < benchmarks


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-or-later", True),
        ("Apache-2.0 AND (MIT OR GPL-3.0-only)", True),
        ("MIT AND GPL-3.0-only", False),
        ("GPL-2.0-only WITH Classpath-exception-2.0", False),
        ("AGPL-3.0-or-later", False),
        ("Free for all, except on Sundays", False),
        ("MIT OR", False),
        ("", False),
    ],
)
def test_one_reading_of_a_licence_must_be_allowed_whole(expression: str, allowed: bool) -> None:
    assert is_allowed(expression, policy().allowed) is allowed


@pytest.mark.parametrize(
    ("fields", "licence"),
    [
        (["License-Expression: MIT", "License: GPL-3.0"], "MIT"),
        (["License: Apache License, Version 2.0"], "Apache-2.0"),
        (["License: GPL-3.0", "Classifier: License :: OSI Approved :: MIT License"], "GPL-3.0"),
        (["License: UNKNOWN", "Classifier: License :: OSI Approved :: ISC License (ISCL)"], "ISC"),
        (
            ["Classifier: License :: OSI Approved", "License: " + 30 * "Copyright ",
             "Classifier: License :: OSI Approved :: MIT License",
             "Classifier: License :: OSI Approved :: Apache Software License"],
            "MIT AND Apache-2.0",
        ),
        ([], ""),
    ],
)  # fmt: skip
def test_what_a_package_says_of_its_licence(
    tmp_path: Path, fields: list[str], licence: str
) -> None:
    assert licence_of(installed(tmp_path, "some", *fields), policy()) == licence


def test_each_licence_that_is_not_allowed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, field in (("fine", "MIT"), ("viral", "AGPL-3.0-only"), ("chardet", "LGPL")):
        installed(tmp_path, name, f"License: {field}")
    installed(tmp_path, "silent")
    monkeypatch.syspath_prepend(str(tmp_path))
    lock = tmp_path / "some.lock"
    names = ("fine==1.0", "viral==1.0", "silent==1.0", "chardet==1.0", "fine==2.0", "nowhere==1.0",
             "elsewhere==1.0 ; sys_platform == 'nowhere'")  # fmt: skip
    lock.write_text("".join(f"{name} \\\n    {SHA}\n" for name in names))
    for_development = list(licence_findings(lock, policy(), shipped=()))
    assert for_development == [
        "viral 1.0: AGPL-3.0-only",
        "silent 1.0: says nothing of its licence",
        "fine is 1.0 here, 2.0 in some.lock",
        "nowhere 1.0 of some.lock is not installed here",
    ]
    shipped = list(licence_findings(lock, policy(), shipped={"chardet"}))
    assert set(shipped) - set(for_development) == {"chardet 1.0: LGPL-2.1-or-later"}


def test_all_licences_here_are_allowed() -> None:
    done = command("supply.licences")
    assert (done.returncode, done.stderr) == (0, "")


def test_no_exception_outlives_what_it_was_made_for() -> None:
    rules = policy()
    pinned = {pin.name for pin in pins(BENCHMARKS)}
    shipped = {pin.name for pin in pins(RUN_TIME)}
    accepted = {each.package for each in rules.accepted}
    assert accepted | set(rules.clarified) <= pinned
    assert not accepted & shipped
    assert all(each.reason for each in rules.accepted)


def audit(*packages: Mapping[str, object]) -> Audit:
    return msgspec.json.decode(json.dumps({"dependencies": packages, "fixes": []}), type=Audit)


FLAWED = {
    "name": "some",
    "version": "1.0",
    "vulns": [
        {"id": "PYSEC-2026-1", "fix_versions": ["1.1"], "aliases": ["CVE-2026-1"]},
        {"id": "PYSEC-2026-2", "fix_versions": [], "aliases": []},
    ],
}
FIRST = "some 1.0: PYSEC-2026-1 (CVE-2026-1); mended in 1.1"
SECOND = "some 1.0: PYSEC-2026-2 (no other name); mended in no version yet"


@pytest.mark.parametrize(
    ("package", "id", "until", "left"),
    [
        ("other", "PYSEC-2026-1", TODAY, [FIRST, SECOND]),
        ("some", "PYSEC-2026-1", TODAY, [SECOND]),
        ("some", "CVE-2026-1", TODAY, [SECOND]),
        ("some", "PYSEC-2026-1", TODAY - datetime.timedelta(1), [FIRST, SECOND]),
    ],
)
def test_an_advisory_waits_for_its_package_until_its_day(
    package: str, id: str, until: datetime.date, left: list[str]
) -> None:
    known = [Waiting(id=id, package=package, reason="not reached", until=until)]
    assert findings(audit(FLAWED), known, TODAY) == left


def test_what_waits_has_a_reason() -> None:
    assert all(each.reason for each in waiting())


def test_a_package_that_was_not_looked_up_is_no_clean_one() -> None:
    skipped: dict[str, object] = {"name": "some", "skip_reason": "Dependency not found"}
    clean: dict[str, object] = {"name": "fine", "version": "1.0", "vulns": []}
    assert unchecked(audit(clean, FLAWED)) == ""
    assert unchecked(audit()) != ""
    said = unchecked(audit(clean, skipped))
    assert said == "1 of 2 were not looked up (some); of the first: Dependency not found"


def test_an_audit_without_its_service_says_that_nothing_was_checked() -> None:
    closed = "http://127.0.0.1:9"
    done = command("supply.audit", str(RUN_TIME), HTTPS_PROXY=closed, https_proxy=closed)
    assert done.returncode == 75
    assert done.stderr.startswith("vulnerabilities NOT checked: requirements.lock: ")
    assert done.stdout == ""


def test_the_bill_of_materials_is_the_lock_and_the_same_each_time(tmp_path: Path) -> None:
    made = []
    for number in range(2):
        path = tmp_path / f"{number}.json"
        done = command(
            "cyclonedx_py", "requirements", str(RUN_TIME), "--pyproject", "pyproject.toml",
            "--output-reproducible", "--no-validate", "--output-file", str(path),  # .ci/run validates
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        made.append(path.read_bytes())
    assert made[0] == made[1]
    components = json.loads(made[0])["components"]
    assert {(each["name"], each["version"]) for each in components} == {
        (pin.name, pin.version) for pin in pins(RUN_TIME)
    }
