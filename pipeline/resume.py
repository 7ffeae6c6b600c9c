"""What a run is, so that one that was interrupted is known again."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import pipeline
import transforms
from pipeline.settings import settings_hash
from pipeline.sources import InputFile
from transforms.settings import Settings

_KEY_LENGTH: Final = 16
_CODE: Final = (".py", ".msgpack")
"""What a package of ours is made of: code, and models."""


def run_key(files: Iterable[InputFile], settings: Settings, passes: int) -> str:
    """A digest of all that finished blocks follow from; another one shares no block.

    That is every file with its size and the time of its last change, the settings, the code
    and models of copydesk, the installed packages, and how the buckets are cut.
    """
    digest = hashlib.sha256()
    for word in (settings_hash(settings), str(passes), *_listed(files), *_made_of()):
        name = word.encode("utf-8", "surrogateescape")  # whatever the locale
        digest.update(name + b"\0")  # no name of a file holds a zero
    return digest.hexdigest()[:_KEY_LENGTH]


def _listed(files: Iterable[InputFile]) -> Iterator[str]:
    for file in files:
        yield from (file.path, file.source, str(file.size), str(file.modified))


def _made_of() -> Iterator[str]:
    yield sys.version
    # Names of these folders hold the version: to read the metadata takes ten times as long.
    yield from sorted({found.name for place in sys.path for found in _packages(place)})
    for package in (pipeline, transforms):
        folder = Path(package.__path__[0])
        for path in sorted(folder.rglob("*")):
            if path.suffix in _CODE:
                yield path.relative_to(folder).as_posix()
                yield hashlib.sha256(path.read_bytes()).hexdigest()


def _packages(place: str) -> Iterator[Path]:
    return Path(place).glob("*.dist-info")
