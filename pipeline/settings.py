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
from typing import Any, get_args

import msgspec

from pipeline.errors import UserError
from transforms.settings import Settings

_COMMENT_WIDTH = 96


def load_settings(path: Path | None, flags: Mapping[str, Mapping[str, Any]]) -> Settings:
    """Defaults, then the TOML file, then flags.

    Args:
        path: a TOML file with the tables that ``copydesk settings`` prints.
        flags: values by table and name; ``None`` means that the flag was not given.

    Raises:
        UserError: the file is missing or no TOML, a name is unknown (the
            nearest one is offered), or a value is out of its bounds.
    """
    tables: dict[str, Any] = {}
    if path is not None:
        try:
            tables = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise UserError(f"cannot read the settings file {path}: {error.strerror}") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise UserError(f"the settings file {path} is not TOML: {error}") from error
        _check_names(tables, path)
    for table, values in flags.items():
        given = {name: value for name, value in values.items() if value is not None}
        if given:
            tables[table] = {**tables.get(table, {}), **given}
    try:
        return msgspec.convert(tables, Settings)
    except msgspec.ValidationError as error:
        where = f" (settings file {path})" if path is not None else ""
        raise UserError(f"a setting is wrong{where}: {error}") from error


def _check_names(tables: Mapping[str, Any], path: Path) -> None:
    groups = {field.name: field.type for field in msgspec.structs.fields(Settings)}
    for table, values in tables.items():
        _check_name(table, list(groups), f"table [{table}]", path)
        if not isinstance(values, dict):
            raise UserError(f"{path}: {table} must be a table, [{table}]")
        known = [field.name for field in msgspec.structs.fields(groups[table])]
        for name in values:
            _check_name(name, known, f"setting {table}.{name}", path)


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
    for group in msgspec.structs.fields(Settings):
        values = getattr(settings, group.name)
        if group.name != msgspec.structs.fields(Settings)[0].name:
            yield ""
        yield f"# {(type(values).__doc__ or '').splitlines()[0]}"
        yield f"[{group.name}]"
        for field in msgspec.structs.fields(values):
            for meta in get_args(field.type)[1:]:
                if isinstance(meta, msgspec.Meta) and meta.description:
                    yield from textwrap.wrap(
                        meta.description,
                        _COMMENT_WIDTH,
                        initial_indent="# ",
                        subsequent_indent="# ",
                    )
            # JSON's strings, numbers, booleans and arrays are TOML's as well.
            value = json.dumps(msgspec.to_builtins(getattr(values, field.name)), ensure_ascii=False)
            yield f"{field.name} = {value}"
