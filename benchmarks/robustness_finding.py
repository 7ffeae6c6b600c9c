"""Every regular expression of the program, found where it is kept, so that none can be forgotten.

A pattern is looked for in what the modules of ``transforms`` and ``pipeline`` hold, whatever it is
in.  Those that are made by a function, from settings or for a set, are in :data:`MADE`;
``tests/test_robustness_patterns.py`` compares all of it with the sources.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Final, NamedTuple

import msgspec
import re2

import pipeline
import transforms
from pipeline import dates
from transforms import limits, normalise, settings, sites
from transforms.patterns import PatternSet

PACKAGES: Final = (transforms, pipeline)
WAYS: Final = ("finditer", "match", "fullmatch")
"""From every start, from one, and from one to the end: all else that a pattern can do is these."""
_WAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "match": ("match",),
    "fullmatch": ("fullmatch",),
    "pattern": (),
    **dict.fromkeys(("search", "finditer", "findall", "sub", "subn", "split"), ("finditer",)),
}
_REGEXP: Final = type(re2.compile("a"))
_PATTERNS: Final = (re.Pattern, _REGEXP)
_MAKERS: Final = frozenset({"compile", "Set", *_WAYS} - {"pattern"})
"""What :mod:`re` and :mod:`re2` make of the text of a pattern, or do with it at once."""


class Found(NamedTuple):
    """A pattern, or a set of them, and where it is."""

    name: str
    pattern: Any
    ways: tuple[str, ...] = WAYS


class Made(NamedTuple):
    """What a function compiles, and how that is used."""

    ways: tuple[str, ...]
    make: Callable[[], list[Any]]


MADE: Final[Mapping[str, Made]] = {
    "transforms.limits.tags": Made(
        ("match",), lambda: [limits.tags(settings.SplitSettings().max_attributes)]
    ),
    "transforms.normalise._long_run": Made(
        ("finditer",), lambda: [normalise._long_run(settings.DecodeSettings().max_combining)]
    ),
    # What an operator may write; RE2 takes nothing that backtracks.
    "transforms.sites._compile": Made(
        ("fullmatch",),
        lambda: [sites._compile(text) for text in ("By: .*", "(a+)+b", r"(\w+\s?)*!", "(.*,){9}x")],
    ),
    # Of a set, which is found as such.
    "transforms.patterns._compile": Made((), list),
    # The operator's ``{date}``, which file names are compared with.
    "pipeline.dates.date_reader": Made(
        ("fullmatch",),
        lambda: [
            cell.cell_contents
            for cell in getattr(dates.date_reader("a/{date}/b-{date}/c"), "__closure__", ())
            if isinstance(cell.cell_contents, re.Pattern)
        ],
    ),
}
"""Functions that compile, and what they make."""


def modules() -> Iterator[ModuleType]:
    """All modules of the program; the one that runs it on import is no module to look into."""
    for package in PACKAGES:
        yield package
        for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not each.name.endswith(".__main__"):
                yield importlib.import_module(each.name)


def found() -> list[Found]:
    """Every pattern by its name, with the ways in which the sources use it."""
    each: list[Found] = []
    uses = _Uses()
    for module in modules():
        for name, value in list(vars(module).items()):
            full = f"{module.__name__}.{name}"
            home = uses.homes.get(full, full)
            is_elsewhere = home != full and _is_own(home)
            if name.startswith("__") or is_elsewhere or isinstance(value, ModuleType):
                continue
            for place, pattern in _inside(value, full, set()):
                ways = uses.of(home) if place == full else WAYS
                each.append(Found(place, pattern, ways))
    made = (Found(name, pattern, one.ways) for name, one in MADE.items() for pattern in one.make())
    return [*each, *made]


def _is_own(name: str) -> bool:
    """Whether a full name is one of the program."""
    return name.partition(".")[0] in {each.__name__ for each in PACKAGES}


def _inside(value: Any, name: str, seen: set[int]) -> Iterator[tuple[str, Any]]:
    """The patterns that a value is, or holds."""
    if isinstance(value, str | bytes | int | float | None) or id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, (*_PATTERNS, PatternSet)):
        yield name, value
        return
    for key, held in _held(value):
        yield from _inside(held, f"{name}.{key}", seen)


def _held(value: Any) -> Iterator[tuple[object, Any]]:
    """What a value holds: items, attributes, and what a bound method belongs to."""
    if isinstance(value, Mapping):
        yield from list(value.items())
        yield from enumerate(value.keys())
    elif isinstance(value, tuple | list | set | frozenset):
        yield from enumerate(value)
    elif isinstance(value, msgspec.Struct):
        yield from ((field, getattr(value, field)) for field in value.__struct_fields__)
    elif type(value).__name__ == "builtin_function_or_method" or hasattr(value, "__func__"):
        yield "self", getattr(value, "__self__", None)
    elif _is_ours(value):
        yield from list(vars(value).items())


def _is_ours(value: Any) -> bool:
    """Whether it is a class of the program, or an object of one."""
    kind = value if isinstance(value, type) else type(value)
    return hasattr(value, "__dict__") and _is_own(getattr(kind, "__module__", ""))


class Place(NamedTuple):
    """Where the sources make a pattern."""

    module: str
    name: str
    """What it is assigned to, or the function that makes it."""
    line: int
    is_kept: bool
    """Whether it is made once, as the module is imported."""


def places() -> list[Place]:
    """Where the sources of all modules make patterns."""
    return [place for name, tree in _trees() for place in made_in(name, tree)]


def made_in(module: str, tree: ast.AST, within: str = "", *, kept: bool = True) -> list[Place]:
    """Where one module makes patterns."""
    made: list[Place] = []
    for node in ast.iter_child_nodes(tree):
        name, stays = within, kept and not isinstance(node, _FUNCTIONS)
        if kept and (own := _name_of(node)):
            name = f"{within}.{own}".removeprefix(".")
        if isinstance(node, ast.Call) and _makes(node.func):
            made.append(Place(module, name, node.lineno, stays))
        made += made_in(module, node, name, kept=stays)
    return made


_FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def _name_of(node: ast.AST) -> str:
    """What a definition or an assignment gives a name to."""
    if isinstance(node, ast.Assign | ast.AnnAssign):
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        return target.id if isinstance(target, ast.Name) else ""
    return getattr(node, "name", "") if isinstance(node, (*_FUNCTIONS, ast.ClassDef)) else ""


def _makes(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and function.attr in _MAKERS
        and isinstance(function.value, ast.Name)
        and function.value.id in ("re", "re2")
    ) or (isinstance(function, ast.Attribute) and function.attr == "FullMatchSet")


@cache
def _trees() -> list[tuple[str, ast.Module]]:
    """The sources of all modules."""
    files = [(module.__name__, Path(module.__file__ or "")) for module in modules()]
    return [(name, ast.parse(path.read_text(encoding="utf-8"))) for name, path in files]


class _Uses:
    """What the sources do with each name: ``_NAME.search(...)`` and nothing else is one way."""

    def __init__(self) -> None:
        self.homes: dict[str, str] = {}
        """By the full name of what a module imports, its full name where it is made."""
        self._ways: dict[str, set[str]] = {}
        self._given: set[str] = set()
        for module, tree in _trees():
            self.homes |= _imported(module, tree)
            called = [
                (node.value.id, id(node.value), node.attr)
                for node in ast.walk(tree)
                if isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.attr in _WAYS
            ]
            for name, _, way in called:
                self._ways.setdefault(self._home(module, name), set()).update(_WAYS[way])
            as_called = {node for _, node, _ in called}
            self._given |= {
                self._home(module, node.id)
                for node in ast.walk(tree)
                if isinstance(node, ast.Name)
                and isinstance(node.ctx, ast.Load)
                and id(node) not in as_called
            }

    def of(self, name: str) -> tuple[str, ...]:
        """The ways of a name; all of them where it is given away, or never called."""
        if name in self._given or not self._ways.get(name):
            return WAYS
        return tuple(way for way in WAYS if way in self._ways[name])

    def _home(self, module: str, name: str) -> str:
        return self.homes.get(f"{module}.{name}", f"{module}.{name}")


def _imported(module: str, tree: ast.Module) -> dict[str, str]:
    return {
        f"{module}.{alias.asname or alias.name}": f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
