"""What a user knows of a site: patterns of paragraphs to keep, or to drop, there.

A pattern is tried on a whole paragraph, white space collapsed, in time linear
in its length (RE2).  It is a user's decision: it overrules the judge.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple
from urllib.parse import urlsplit

import msgspec
import re2

from transforms.document import Document, Evidence, Judgement, Reason

ALL_SITES: Final = "*"

TEMPLATE: Final[Reason] = "template"
_FOUND: Final[tuple[Reason, ...]] = (TEMPLATE, "no-article")
"""Reasons that say what was found of a site or a page, not of a line."""
"""The reason of lines that a run finds on many pages of a site."""

SITE_RULE: Final = "site pattern"
"""What the evidence of a judgement names as its rule."""

_MAX_PATTERNS: Final = 200
"""In one entry: each is tried on each paragraph, at about a microsecond."""
_MAX_PATTERN_CHARACTERS: Final = 1_000
_MAX_PATTERN_BYTES: Final = 1 << 20
"""Memory of one compiled pattern with its automaton; a longer search goes on without states."""
_MAX_PARAGRAPH_CHARACTERS: Final = 20_000
"""A longer paragraph is never matched: no site puts a book around its articles."""
_COMPILED_ENTRIES: Final = 256


class DropPattern(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A pattern of paragraphs that go, and the reason to give for it."""

    pattern: str
    reason: Reason = "other"


class SitePatterns(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """The patterns of one site.

    Raises:
        ValueError: a pattern is no RE2 expression, is too long, or there are
            too many; or the entry names no site.
    """

    site: str | None = None
    """A host (its subdomains are meant too), the name that a page gives its site, or ``*``."""
    source: str | None = None
    """Instead of ``site``: how the sources begin that are meant, ``feeds/example/``."""
    keep: tuple[str, ...] = ()
    drop: tuple[str | DropPattern, ...] = ()

    def __post_init__(self) -> None:
        if bool(self.site) == bool(self.source):
            raise ValueError("name either a site or a source (`*` is every site)")
        if self.site is not None and "://" in self.site:
            raise ValueError("a site is a host (example.com) or a name, without https://")
        if not self.keep and not self.drop:
            raise ValueError("there is nothing to keep or to drop: add a pattern")
        if len(self.keep) + len(self.drop) > _MAX_PATTERNS:
            raise ValueError(
                f"{len(self.keep) + len(self.drop)} patterns are more than {_MAX_PATTERNS}: join "
                "some with |"
            )
        for each in self.drops():
            if each.reason in _FOUND:
                raise ValueError(
                    f"the reason {each.reason} is for what a run finds: take another one"
                )
        for pattern in (*self.keep, *(each.pattern for each in self.drops())):
            _compile(pattern)

    def drops(self) -> Iterator[DropPattern]:
        """The patterns to drop, each with its reason."""
        for each in self.drop:
            yield DropPattern(pattern=each) if isinstance(each, str) else each


def _compile(pattern: str) -> Any:
    if not pattern:
        raise ValueError("a pattern is empty: take it out")
    if len(pattern) > _MAX_PATTERN_CHARACTERS:
        raise ValueError(
            f"the pattern {pattern[:40]!r}... is longer than {_MAX_PATTERN_CHARACTERS} characters: "
            "split it"
        )
    options = re2.Options()
    options.max_mem = _MAX_PATTERN_BYTES
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        why = error.args[0]
        raise ValueError(
            f"the pattern {pattern!r} cannot be used "
            f"({why.decode(errors='replace') if isinstance(why, bytes) else why}): correct it "
            "(RE2 syntax, without lookaround and backreferences)"
        ) from error


class SiteRule(NamedTuple):
    """One pattern, ready to be tried."""

    verdict: Literal["keep", "boilerplate"]
    reason: Reason | None
    evidence: Evidence
    regex: Any


@lru_cache(maxsize=_COMPILED_ENTRIES)
def _rules(entry: SitePatterns) -> tuple[SiteRule, ...]:
    where = ("site", entry.site) if entry.source is None else ("source", entry.source)

    def rule(
        verdict: Literal["keep", "boilerplate"], reason: Reason | None, pattern: str
    ) -> SiteRule:
        evidence: Evidence = {"rule": SITE_RULE, where[0]: where[1], "pattern": pattern}
        return SiteRule(verdict, reason, evidence, _compile(pattern))

    return (
        *(rule("keep", None, pattern) for pattern in entry.keep),
        *(rule("boilerplate", each.reason, each.pattern) for each in entry.drops()),
    )


def is_meant(entry: SitePatterns, *, site: str | None, url: str | None, source: str) -> bool:
    """Whether an entry is about a document.

    Args:
        site: the name that its page gives the site.
        url: its address.
        source: where it was read from.
    """
    if entry.source is not None:
        return source.startswith(entry.source)
    wanted = (entry.site or "").casefold().removeprefix("www.")
    host = _host(url)
    return (
        wanted in (ALL_SITES, host)
        or (site is not None and site.casefold() == wanted)
        or host.endswith(f".{wanted}")
    )


def _host(url: str | None) -> str:
    try:
        return urlsplit(url or "").hostname or ""
    except ValueError:
        return ""


class SiteRules:
    """The rules of all entries that are about one document, in the order they are tried.

    What to keep goes before what to drop, whatever the order of the entries.
    """

    def __init__(
        self, entries: Sequence[SitePatterns], *, site: str | None, url: str | None, source: str
    ) -> None:
        meant = (each for each in entries if is_meant(each, site=site, url=url, source=source))
        rules = (rule for entry in meant for rule in _rules(entry))
        self._rules = sorted(rules, key=lambda rule: rule.verdict != "keep")

    def find(self, text: str) -> SiteRule | None:
        """The first rule whose pattern matches the whole paragraph."""
        if not self._rules or len(text) > _MAX_PARAGRAPH_CHARACTERS:
            return None
        line = " ".join(text.split()).encode("utf-8", "surrogatepass")
        return next((rule for rule in self._rules if rule.regex.fullmatch(line)), None)

    def keep(self, text: str) -> bool:
        """Whether the user wants a paragraph kept."""
        rule = self.find(text)
        return rule is not None and rule.verdict == "keep"


def overrule(document: Document, entries: Sequence[SitePatterns]) -> tuple[Judgement, ...]:
    """The judgements of a document after the user's patterns were tried."""
    rules = SiteRules(entries, site=document.site, url=document.url, source=document.source)
    return tuple(
        _overruled(judgement, rules.find(document.text_of(paragraph)))
        for paragraph, judgement in zip(document.paragraphs, document.judgements, strict=True)
    )


def _overruled(judgement: Judgement, rule: SiteRule | None) -> Judgement:
    if rule is None:
        return judgement
    return msgspec.structs.replace(
        judgement,
        verdict=rule.verdict,
        reason=rule.reason,
        score=1.0 if rule.verdict == "keep" else 0.0,
        evidence=rule.evidence,
    )
