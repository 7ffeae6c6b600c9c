"""Load settings from defaults, a TOML file and flags; print them as TOML.

The settings themselves, with types, bounds and meanings, are in
:mod:`transforms.settings`.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import textwrap
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, get_args

import msgspec

from pipeline.errors import UserError
from transforms.document import Reason
from transforms.settings import DecideSettings, Settings
from transforms.sites import DropPattern, SitePatterns

_SITES: Final = "sites"
_COMMENT_WIDTH = 96


def load_settings(
    path: Path | None, flags: Mapping[str, Mapping[str, Any]], sites: Path | None = None
) -> Settings:
    """Defaults, then the TOML file, then the file of site patterns, then flags.

    Args:
        path: a TOML file with the tables that ``copydesk settings`` prints.
        flags: values by table and name; ``None`` means that the flag was not given.
        sites: a TOML file of ``[[sites]]`` tables; they replace those of ``path``.

    Raises:
        UserError: a file is missing or no TOML, a name is unknown (the
            nearest one is offered), a value is out of its bounds or goes with
            no other that is there, or a pattern cannot be used.
    """
    tables: dict[str, Any] = {}
    if path is not None:
        tables = _read_toml(path, "settings file")
        _check_names(tables, path)
    if sites is not None:
        tables = {**tables, _SITES: _read_sites(sites)}
    for table, values in flags.items():
        given = {name: value for name, value in values.items() if value is not None}
        if given:
            tables[table] = {**tables.get(table, {}), **given}
    try:
        settings = msgspec.convert(tables, Settings)
    except msgspec.ValidationError as error:
        where = f" (settings file {path})" if path is not None else ""
        raise UserError(f"a setting is wrong{where}: {error}") from error
    _check_preferred(settings.decide)
    if settings.watch.problem is not None:
        raise UserError(settings.watch.problem)
    return settings


def _check_preferred(settings: DecideSettings) -> None:
    if settings.keep == "source" and not settings.preferred_sources:
        raise UserError(
            "keep = source needs the sources in order: --prefer PREFIX for each, best first, or"
            " preferred_sources in [decide]"
        )


def _read_toml(path: Path, what: str) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(
            f"cannot read the {what} {path} ({error.strerror}): check the path"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"the {what} {path} is not TOML: {error}") from error


def _check_names(tables: Mapping[str, Any], path: Path) -> None:
    groups = {field.name: field.type for field in msgspec.structs.fields(Settings)}
    for table, values in tables.items():
        _check_name(table, list(groups), f"table [{table}]", path)
        if table == _SITES:
            _check_sites(values, path)
            continue
        if not isinstance(values, dict):
            raise UserError(f"{path}: {table} must be a table, [{table}]")
        known = [field.name for field in msgspec.structs.fields(groups[table])]
        for name in values:
            _check_name(name, known, f"setting {table}.{name}", path)


def _read_sites(path: Path) -> Any:
    """The entries of a file that holds site patterns and nothing else."""
    tables = _read_toml(path, "file of site patterns")
    for table in tables:
        _check_name(table, [_SITES], f"table [{table}]", path)
    if not tables.get(_SITES):
        raise UserError(f"{path} names no site: start an entry with [[{_SITES}]]")
    _check_sites(tables[_SITES], path)
    return tables[_SITES]


def _check_sites(entries: Any, path: Path) -> None:
    """Check one entry after the other, so that an error names the site."""
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise UserError(f"{path}: {_SITES} must be a list of tables, each [[{_SITES}]]")
    for number, entry in enumerate(entries, 1):
        name = entry.get("site", entry.get("source"))
        where = f"[[{_SITES}]] {number}" + (f", {name!r}" if name is not None else "")
        _check_keys(entry, SitePatterns, where, path)
        drops = entry.get("drop")
        for drop in drops if isinstance(drops, list) else ():
            if isinstance(drop, dict):
                _check_keys(drop, DropPattern, where, path)
                if isinstance(reason := drop.get("reason"), str):
                    what = f"reason {reason!r} of the pattern {drop.get('pattern')!r} in {where}"
                    _check_name(reason, list(get_args(Reason)), what, path)
        try:
            msgspec.convert(entry, SitePatterns)
        except msgspec.ValidationError as error:
            raise UserError(f"{path}: {where}: {error}") from error


def _check_keys(
    table: Mapping[str, Any], struct: type[msgspec.Struct], where: str, path: Path
) -> None:
    known = [field.name for field in msgspec.structs.fields(struct)]
    for name in table:
        _check_name(name, known, f"key {name!r} in {where}", path)


def _check_name(name: str, known: list[str], what: str, path: Path) -> None:
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
        raise UserError(f"{path}: unknown {what}; did you mean {near[0]!r}?")


def settings_hash(settings: Settings) -> str:
    """SHA-256 of the settings in their canonical JSON form."""
    return hashlib.sha256(msgspec.json.encode(settings, order="sorted")).hexdigest()


def settings_toml(settings: Settings) -> str:
    """Every setting with its value, under its meaning, as TOML."""
    return "\n".join(_toml_lines(settings)) + "\n"


def _toml_lines(settings: Settings) -> Iterator[str]:
    # What belongs to no table stands first in TOML, and tables of a list stand best last.
    groups = {field.name: field for field in msgspec.structs.fields(Settings)}
    meaning = list(_meaning(groups.pop(_SITES)))
    if not settings.sites:
        yield from meaning
        yield f"{_SITES} = []"
        yield ""
    for number, group in enumerate(groups.values()):
        values = getattr(settings, group.name)
        if number:
            yield ""
        yield f"# {(type(values).__doc__ or '').splitlines()[0]}"
        yield f"[{group.name}]"
        for field in msgspec.structs.fields(values):
            yield from _meaning(field)
            yield f"{field.name} = {_toml(msgspec.to_builtins(getattr(values, field.name)))}"
    for number, entry in enumerate(settings.sites):
        yield ""
        yield from () if number else meaning
        yield f"[[{_SITES}]]"
        for name, value in msgspec.to_builtins(entry).items():
            yield f"{name} = {_toml(value)}"


def _meaning(field: msgspec.structs.FieldInfo) -> Iterator[str]:
    for meta in get_args(field.type)[1:]:
        if isinstance(meta, msgspec.Meta) and meta.description:
            yield from textwrap.wrap(
                meta.description, _COMMENT_WIDTH, initial_indent="# ", subsequent_indent="# "
            )


def _toml(value: Any) -> str:
    """A value as TOML; JSON's strings, numbers and booleans are TOML's but for one character."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {_toml(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
