"""The targets of fuzzing on inputs that are known, and on some that are made of their words."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzzing.targets import TARGETS, dictionary_of, regressions_of, seeds_of

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


# What a target looks at, and what it must notice if that goes wrong.
BROKEN = [
    ("decode", "tests.fuzzing.texts.normalise", lambda text, *_, **__: _Said(text + "x")),
    ("fold", "tests.fuzzing.texts.words", lambda text: text.split()),
    ("shingles", "tests.fuzzing.texts.intersections", lambda left, *_: left.sizes() * 0),
    ("vetoes", "tests.fuzzing.texts.near_duplicate_vetoes", lambda *_: ("numbers",)),
    ("judge", "tests.fuzzing.texts.judge_ahead", lambda documents, *_: [None] * len(documents)),
]


class _Said:
    def __init__(self, text: str) -> None:
        self.text = text
        self.changes: dict[str, int] = {}


def run_seeds(name: str) -> None:
    for path in sorted(seeds_of(name).iterdir()):
        TARGETS[name](path.read_bytes())


@pytest.mark.parametrize(("name", "at", "wrong"), BROKEN, ids=[each[0] for each in BROKEN])
def test_a_target_notices_what_is_wrong(
    name: str, at: str, wrong: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(at, wrong)
    with pytest.raises(AssertionError):
        run_seeds(name)
