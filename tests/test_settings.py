"""Settings: defaults, a TOML file, flags; unknown names and bad values are errors."""

import tomllib
from pathlib import Path

import msgspec
import pytest

from pipeline.errors import UserError
from pipeline.settings import load_settings, settings_hash, settings_toml
from transforms.settings import Settings


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "settings.toml"
    path.write_text(text)
    return path


def test_flags_go_before_the_file_and_the_file_before_defaults(tmp_path: Path) -> None:
    path = write(tmp_path, '[decide]\nscope = "site"\nkeep = "longest"\n')
    settings = load_settings(path, {"decide": {"scope": "document", "keep": None}})
    assert settings.decide.scope == "document"
    assert settings.decide.keep == "longest"
    assert settings.decide.min_words == Settings().decide.min_words


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[decide]\nscop = 'site'", "decide.scop; did you mean 'scope'"),
        ("[decied]\nscope = 'site'", r"\[decied\]; did you mean 'decide'"),
        ("[decide]\nscope = 'galaxy'", r"\$\.decide\.scope"),
        ("[near_duplicates]\nlong_jaccard = 1.5", "near_duplicates.long_jaccard"),
        ("[decode\n", "is not TOML"),
        ("decide = 3", "must be a table"),
    ],
)
def test_what_is_wrong_is_named(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=message):
        load_settings(write(tmp_path, text), {})


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot read the settings file"):
        load_settings(tmp_path / "none.toml", {})


def test_what_is_printed_can_be_loaded_again(tmp_path: Path) -> None:
    settings = load_settings(None, {"decide": {"preferred_sources": ["a/", 'b"c']}})
    printed = settings_toml(settings)
    assert load_settings(write(tmp_path, printed), {}) == settings


def test_every_setting_is_printed_with_its_meaning() -> None:
    lines = settings_toml(Settings()).splitlines()
    tables = tomllib.loads("\n".join(lines))
    assert tables == msgspec.json.decode(msgspec.json.encode(Settings()))
    for number, line in enumerate(lines):
        if line and not line.startswith(("#", "[")):
            assert lines[number - 1].startswith("# "), f"{line} has no meaning above it"


def test_the_hash_changes_with_any_setting() -> None:
    other = load_settings(None, {"decide": {"min_words": 9}})
    assert settings_hash(other) != settings_hash(Settings())
    assert settings_hash(Settings()) == settings_hash(msgspec.convert({}, Settings))
