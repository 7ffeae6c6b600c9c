"""Site patterns: what they match, what they overrule, and what a user is told of mistakes."""

from __future__ import annotations

import json
import time
import tomllib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import UserError
from pipeline.settings import load_settings, settings_hash, settings_toml
from pipeline.verify import verify
from tests.corpora import document
from tests.running import copydesk, records, write_files
from transforms.settings import Settings
from transforms.sites import DropPattern, SitePatterns, SiteRules, is_meant, overrule

PROSE = "The council met on Monday to discuss the new bridge over the river, officials said."
MORE = "Nobody knows yet what the bridge will cost, but the mayor wants it to be of stone."
NOTE = "This story first ran in our Saturday edition, with a map of the river."
STAMP = "12:17 GMT 16 February 2019"


def verdicts(lines: list[str], *entries: SitePatterns) -> list[str]:
    judged = overrule(document("a/b.txt", lines, site="The Herald"), entries)
    return [judgement.reason or judgement.verdict for judgement in judged]


@pytest.mark.parametrize(
    ("entry", "meant"),
    [
        ({"site": "herald.example"}, True),
        ({"site": "www.herald.example"}, True),
        ({"site": "news.herald.example"}, False),
        ({"site": "example"}, True),
        ({"site": "ald.example"}, False),
        ({"site": "the herald"}, True),
        ({"site": "herald"}, False),
        ({"site": "*"}, True),
        ({"source": "feeds/herald/"}, True),
        ({"source": "herald/"}, False),
    ],
)
def test_an_entry_is_about_a_host_a_name_or_a_source(entry: dict[str, str], meant: bool) -> None:
    patterns = msgspec.convert({**entry, "drop": ["x"]}, SitePatterns)
    found = is_meant(
        patterns,
        site="The Herald",
        url="https://www.Herald.example:8080/a?b=c",
        source="feeds/herald/1.txt",
    )
    assert found == meant


def test_a_document_that_names_nothing_is_meant_by_all_and_by_its_source_only() -> None:
    def meant(entry: SitePatterns) -> bool:
        return is_meant(entry, site=None, url=None, source="a.txt")

    assert meant(SitePatterns(site="*", drop=("x",)))
    assert meant(SitePatterns(source="a.", drop=("x",)))
    assert not meant(SitePatterns(site="a", drop=("x",)))
    assert not is_meant(SitePatterns(site="a", drop=("x",)), site=None, url="//[", source="")


def test_a_pattern_is_the_whole_paragraph() -> None:
    entry = SitePatterns(site="*", drop=("Sign up", "Follow .*", "A  b|c d"))
    lines = ["Sign up", "Sign up now", "Follow us", "We Follow us", "c   d", "sign up"]
    assert verdicts(lines, entry) == ["other", "keep", "other", "keep", "other", "keep"]


def test_to_keep_goes_before_to_drop_whatever_the_order() -> None:
    drop = SitePatterns(site="*", drop=(DropPattern(pattern="By .*", reason="byline"),))
    keep = SitePatterns(site="The Herald", keep=("By Ann.*",))
    for entries in ((drop, keep), (keep, drop)):
        assert verdicts(["By Ann Miller", "By Bob"], *entries) == ["keep", "byline"]


def test_the_evidence_names_site_and_pattern() -> None:
    entries = (
        SitePatterns(site="The Herald", drop=(DropPattern(pattern="x", reason="counter"),)),
        SitePatterns(source="a/", keep=("y",)),
    )
    dropped, kept = overrule(document("a/b.txt", ["x", "y"], site="The Herald"), entries)
    assert dropped.evidence == {"rule": "site pattern", "site": "The Herald", "pattern": "x"}
    assert (dropped.reason, dropped.score) == ("counter", 0.0)
    assert kept.evidence == {"rule": "site pattern", "source": "a/", "pattern": "y"}
    assert (kept.verdict, kept.reason, kept.score) == ("keep", None, 1.0)


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ('site = "a"\ndrop = ["("]', r"1, 'a': the pattern '\(' cannot be used .*missing \).*RE2"),
        ('site = "a"\nkeep = ["x(?=y)"]', "without lookaround"),
        (r'site = "a"' + "\n" + r"drop = ['(a)\1']", "backreferences"),
        (r'site = "a"' + "\n" + r"drop = ['\p{L}{1,1000}']", "too large"),
        ('site = "a"\ndrop = [""]', "empty"),
        (f'site = "a"\ndrop = ["{"x" * 1001}"]', "longer than 1000 characters: split it"),
        (f'site = "a"\ndrop = {["x"] * 201}', "201 patterns are more than 200: join"),
        ('site = "a"', "add a pattern"),
        ('drop = ["x"]', "either a site or a source"),
        ('site = "a"\nsource = "b"\ndrop = ["x"]', "either a site or a source"),
        ('site = "https://a.example"\ndrop = ["x"]', "without https://"),
        ('site = "a"\ndrops = ["x"]', "key 'drops' in .*1, 'a'; did you mean 'drop'"),
        ('site = "a"\ndrop = [{patern = "x"}]', "key 'patern' in .*did you mean 'pattern'"),
        (
            'site = "a"\ndrop = [{pattern = "x", reason = "coment"}]',
            "reason 'coment' of the pattern 'x' in .*did you mean 'comment'",
        ),
        ('site = "a"\ndrop = [{pattern = "x", reason = "template"}]', "take another one"),
        ('site = "a"\ndrop = "x"', "Expected `array`"),
    ],
)
def test_what_is_wrong_is_named(toml: str, message: str, tmp_path: Path) -> None:
    path = write_files(tmp_path, {"s.toml": f"[[sites]]\n{toml}\n"}) / "s.toml"
    for settings, sites in ((None, path), (path, None)):
        with pytest.raises(UserError, match=message) as error:
            load_settings(settings, {}, sites)
        assert str(path) in str(error.value)


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("", "names no site"),
        ("[[site]]\nsite = 'a'", "did you mean 'sites'"),
        ("[sites]\nsite = 'a'", "list of tables"),
        ("sites = 3", "list of tables"),
        ("[[sites", "not TOML"),
    ],
)
def test_a_file_of_something_else_is_refused(toml: str, message: str, tmp_path: Path) -> None:
    path = write_files(tmp_path, {"s.toml": toml}) / "s.toml"
    with pytest.raises(UserError, match=message):
        load_settings(None, {}, path)
    with pytest.raises(UserError, match="cannot read the file of site patterns"):
        load_settings(None, {}, tmp_path / "none.toml")


characters = st.characters(codec="utf-8")
literal = st.text(characters, min_size=1, max_size=9).map(
    lambda text: "".join(f"\\x{{{ord(char):x}}}" for char in text)
)
plain = st.text(characters, min_size=1, max_size=9).filter(lambda name: "://" not in name)
entries = st.builds(
    SitePatterns,
    site=plain,
    keep=st.lists(literal, max_size=2).map(tuple),
    drop=st.lists(
        literal | st.builds(DropPattern, pattern=literal, reason=st.just("comment")),
        min_size=1,
        max_size=2,
    ).map(tuple),
)


@given(st.lists(entries, max_size=3))
def test_settings_that_are_printed_can_be_loaded_again(drawn: list[SitePatterns]) -> None:
    settings = Settings(sites=tuple(drawn))
    again = msgspec.convert(tomllib.loads(settings_toml(settings)), Settings)
    assert again == settings
    assert settings_hash(again) == settings_hash(settings)


def test_hostile_text_and_patterns_take_linear_time() -> None:
    rules = SiteRules(
        (SitePatterns(site="*", drop=("(a+)+b", "(.*)*c", ".*a{1,100}.*a{1,100}d")),),
        site=None,
        url=None,
        source="",
    )
    begin = time.process_time()
    for text in ("a" * 20_000, "a" * 20_000_000, "\ud800" * 9, ""):
        assert rules.find(text) is None
    assert time.process_time() - begin < 5


PAGE = (
    "<html><head><link rel='canonical' href='https://news.herald.example/1'></head><body><article>"
    f"<h1>Bridge</h1><p>{STAMP}</p><p>{PROSE}</p><p>{NOTE}</p><p>{MORE}</p></article></body></html>"
)
SITES = """
[[sites]]
site = "herald.example"
keep = ['\\d\\d:\\d\\d GMT .*']
drop = [{ pattern = 'This story first ran .*', reason = "source-label" }]

[[sites]]
source = "feeds/"
drop = ['This story .*']
"""


def test_a_run_with_patterns_is_verified_and_inspected(tmp_path: Path) -> None:
    text = f"Bridge plan\n{PROSE}\n{MORE} So it was said.\n{NOTE}\n"
    write_files(
        tmp_path / "in", {"a.html": PAGE, "feeds/b.txt": text, "c.txt": text.replace("it", "this")}
    )
    sites = write_files(tmp_path, {"sites.toml": SITES}) / "sites.toml"
    output = tmp_path / "out"
    done = copydesk("run", tmp_path / "in", "-o", output, "--sites", sites)
    assert done.returncode == 0, done.stderr
    gone = {
        row["document"]: row["reason"]
        for row in records(output, "removed")
        if row["evidence"].get("rule") == "site pattern"
    }
    assert gone == {"a.html": "source-label", "feeds/b.txt": "other"}
    (page,) = (row for row in records(output, "documents") if row["id"] == "a.html")
    assert STAMP in page["text"]
    assert verify(output, [str(tmp_path / "in")]).problems == []
    assert json.loads((output / "manifest.json").read_text())["settings"]["sites"][1] == {
        "source": "feeds/",
        "drop": ["This story .*"],
    }
    shown = copydesk("inspect", tmp_path / "in" / "a.html", "--sites", sites)
    assert any(
        line.startswith("-") and "source-label" in line for line in shown.stdout.splitlines()
    )


def test_a_wrong_pattern_is_wrong_usage(tmp_path: Path) -> None:
    sites = write_files(tmp_path, {"s.toml": '[[sites]]\nsite = "a"\ndrop = ["("]\n'}) / "s.toml"
    done = copydesk("run", tmp_path, "-o", tmp_path / "out", "--sites", sites)
    assert done.returncode == 2
    assert "missing )" in done.stderr
    assert not (tmp_path / "out").exists()
