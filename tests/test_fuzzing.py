"""The targets of fuzzing on inputs that are known, and on some that are made of their words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from pipeline.archives import archived
from pipeline.csv_rows import _rows
from pipeline.json_lines import _string
from pipeline.json_texts import _places
from pipeline.unpacking import Unpacked
from tests.fuzzing.targets import TARGETS, dictionary_of, regressions_of, seeds_of
from transforms.assemble import Records
from transforms.block import Block, DecodedRecord
from transforms.cleaning import clean_each
from transforms.document import Document
from transforms.settings import Settings
from transforms.splitting import split_record

_EXAMPLES = 30


def known() -> list[tuple[str, Path]]:
    """Every seed, and every input that once broke something."""
    return [
        (name, path)
        for name in TARGETS
        for folder in (seeds_of(name), regressions_of(name))
        for path in sorted(folder.glob("*"))
    ]


@pytest.mark.parametrize(
    ("name", "path"), known(), ids=lambda each: each.name if isinstance(each, Path) else each
)
def test_a_known_input_breaks_nothing(name: str, path: Path) -> None:
    TARGETS[name](path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_every_target_has_seeds(name: str) -> None:
    assert list(seeds_of(name).iterdir())


def words_of(name: str) -> list[bytes]:
    """The words of a target's dictionary, or of another that is like it."""
    path = dictionary_of(name)
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    quoted = [line[1:-1] for line in lines if line.startswith('"')]
    return [word.encode().decode("unicode_escape").encode("latin-1") for word in quoted]


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_made_of_the_words_of_a_target_breaks_nothing(name: str) -> None:
    words = [*words_of(name), *(path.read_bytes() for path in sorted(seeds_of(name).iterdir()))]
    parts = st.sampled_from(words) | st.binary(max_size=3)

    @settings(max_examples=_EXAMPLES)
    @given(st.lists(parts, max_size=8).map(b"".join))
    def run(data: bytes) -> None:
        TARGETS[name](data)

    run()


class _Said:
    def __init__(self, text: str) -> None:
        self.text = text
        self.changes: dict[str, int] = {}


class _Shortened(Unpacked):
    """Loses a byte wherever little is asked for at once."""

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        read = super().readinto(buffer)
        return read - 1 if 1 < read <= len(buffer) <= 1000 else read


def _longer(text: str, *_: object, **__: object) -> _Said:
    return _Said(text + "x")


def _without_the_last(item: DecodedRecord, *settings: Any) -> Document:
    document = split_record(item, *settings)
    return replace(document, paragraphs=document.paragraphs[:-1])


def _without_sources(block: Block, settings: Settings) -> Records:
    return clean_each(block, settings)._replace(sources=[])


def _another_text(raw: msgspec.Raw) -> str | None:
    text = _string(raw)
    return None if text is None else f"{text}x"


def _but_the_first(*given: Any) -> Iterator[object]:
    found = archived(*given)
    next(found)
    return found


# What a target looks at, and what it must notice if that goes wrong.
BROKEN: dict[str, tuple[str, object]] = {
    "decode": ("tests.fuzzing.texts.normalise", _longer),
    "normalise": ("tests.fuzzing.texts.normalise", _longer),
    "split": ("tests.fuzzing.texts.split_record", _without_the_last),
    "page": ("tests.fuzzing.texts.split_record", _without_the_last),
    "judge": ("tests.fuzzing.texts.judge_ahead", lambda documents, *_: [None] * len(documents)),
    "fold": ("tests.fuzzing.texts.words", lambda text: text.split()),
    "shingles": ("tests.fuzzing.texts.intersections", lambda left, *_: left.sizes() * 0),
    "vetoes": ("tests.fuzzing.texts.near_duplicate_vetoes", lambda *_: ("numbers",)),
    "clean": ("tests.fuzzing.texts.clean_each", _without_sources),
    "warc": ("tests.fuzzing.readers.archived", _but_the_first),
    "arc": ("tests.fuzzing.readers.archived", _but_the_first),
    "json-lines": ("pipeline.json_lines._string", _another_text),
    "json": ("pipeline.json_texts._places", lambda *given: list(_places(*given))[1:]),
    "csv": ("pipeline.csv_rows._rows", lambda *given: reversed(list(_rows(*given)))),
    "unpack": ("tests.fuzzing.readers.Unpacked", _Shortened),
}


def run_seeds(name: str) -> None:
    for path in sorted(seeds_of(name).iterdir()):
        TARGETS[name](path.read_bytes())


def test_every_target_is_broken_once() -> None:
    assert BROKEN.keys() == TARGETS.keys()


@pytest.mark.parametrize("name", BROKEN)
def test_a_target_notices_what_is_wrong(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*BROKEN[name])
    with pytest.raises(AssertionError):
        run_seeds(name)
