"""``python -m supply.licences [LOCK...]``: the licence of everything that the locks install.

Reads what is installed in this environment; exit code 1 names each package whose licence
``licences.toml`` does not allow, or cannot tell.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection, Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import msgspec
from license_expression import AND, ExpressionError, LicenseSymbol, Licensing
from packaging.utils import canonicalize_name

from supply.locks import DEVELOPMENT, RUN_TIME, pins

_POLICY: Final = Path(__file__).with_name("licences.toml")
_CLASSIFIER: Final = "License :: "
_LONGEST_NAME: Final = 60
"""Characters; a longer field is the text of a licence, which is not read."""
_LICENSING: Final = Licensing()


class Accepted(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A licence outside the list that one package for development may have."""

    package: str
    licence: str
    reason: str


class Policy(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What ``licences.toml`` says."""

    allowed: frozenset[str]
    spelled: dict[str, str]
    classifiers: dict[str, str]
    clarified: dict[str, str]
    accepted: list[Accepted]


def policy() -> Policy:
    """The project's policy."""
    return msgspec.toml.decode(_POLICY.read_bytes(), type=Policy)


def licence_of(distribution: metadata.Distribution, rules: Policy) -> str:
    """What a distribution says of its licence, as an SPDX expression; empty if it says nothing.

    Its own expression comes first, then the project's clarification, the short name in its old
    field, and its classifiers.
    """
    said: Any = distribution.metadata
    if said["License-Expression"]:
        return str(said["License-Expression"])
    name = canonicalize_name(distribution.name)
    if name in rules.clarified:
        return rules.clarified[name]
    field = str(said["License"] or "").strip()
    if field and len(field) <= _LONGEST_NAME:
        spelled = rules.spelled.get(field.lower(), field)
        if spelled:
            return spelled
    found = [
        rules.classifiers.get(classifier.rpartition(" :: ")[2], classifier)
        for classifier in said.get_all("Classifier", [])
        if classifier.startswith(_CLASSIFIER) and classifier != "License :: OSI Approved"
    ]
    return " AND ".join(found)


def is_allowed(expression: str, allowed: Collection[str]) -> bool:
    """Whether one reading of an SPDX expression needs allowed licences alone.

    >>> is_allowed("GPL-2.0-only OR MIT", {"MIT"})
    True
    >>> is_allowed("GPL-2.0-only AND MIT", {"MIT"})
    False
    """
    try:
        return _holds(_LICENSING.parse(expression), allowed)
    except ExpressionError:
        return False


def _holds(parsed: Any, allowed: Collection[str]) -> bool:
    if parsed is None:
        return False
    if isinstance(parsed, LicenseSymbol) or not parsed.args:
        return str(parsed) in allowed
    each = (_holds(part, allowed) for part in parsed.args)
    return all(each) if isinstance(parsed, AND) else any(each)


def findings(lock: Path, rules: Policy, *, shipped: Collection[str]) -> Iterator[str]:
    """What is wrong with the licences of a lock's packages, a line each."""
    accepted: Mapping[str, str] = {each.package: each.licence for each in rules.accepted}
    for pin in pins(lock):
        if not pin.holds:
            continue
        try:
            distribution = metadata.distribution(pin.name)
        except metadata.PackageNotFoundError:
            yield f"{pin.name} {pin.version} of {lock.name} is not installed here"
            continue
        if distribution.version != pin.version:
            yield f"{pin.name} is {distribution.version} here, {pin.version} in {lock.name}"
            continue
        licence = licence_of(distribution, rules)
        if is_allowed(licence, rules.allowed):
            continue
        if pin.name not in shipped and accepted.get(pin.name) == licence:
            continue
        yield f"{pin.name} {pin.version}: {licence or 'says nothing of its licence'}"


def main() -> int:
    """Check the locks; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("locks", nargs="*", type=Path, default=[DEVELOPMENT])
    rules = policy()
    shipped = {pin.name for pin in pins(RUN_TIME)}
    checked = wrong = 0
    for lock in parser.parse_args().locks:
        checked += sum(pin.holds for pin in pins(lock))
        for finding in findings(lock, rules, shipped=shipped):
            wrong += 1
            sys.stderr.write(f"licence not allowed: {finding}\n")
    if wrong:
        sys.stderr.write(f"See docs/supply-chain.md, and {_POLICY.name} for what is allowed.\n")
    else:
        sys.stdout.write(f"licences: {checked} packages, all allowed\n")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
