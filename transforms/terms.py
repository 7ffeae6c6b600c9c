"""Terms: the content of each paragraph of one document, as sets.

The content of a paragraph is what is left without order and function words:
stems, names, numbers and dates.  Names are decided over the whole document
(:mod:`transforms.names`).  Languages other than English have what a stemmer gives
(:mod:`transforms.stemmed`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from types import MappingProxyType
from typing import Final, NamedTuple

import msgspec
import re2

from transforms import english
from transforms.facts import Facts, Shape, date_of, facts_of_tokens, most_of, shape_of
from transforms.names import Names, long_form_at, names_of
from transforms.settings import RestatementSettings
from transforms.stemmed import names_in, stemmed_content
from transforms.stems import SNOWBALL
from transforms.tokens import Tokens, tokens_of

ENGLISH: Final = "en"
_MIN_COMMON: Final = 0.10
"""Least share of :data:`transforms.english.COMMON` words in an English document.

Of 608 English news pages 95 % have .176 or more; of 160 in 25 other languages
none has more than .075.
"""

NAME_MARK: Final = "@"
_BULLETS: Final = tuple("-*+\u2013\u2014\u2022\u00b7\u25aa\u25cf\u25e6\u2023")
_RUN_ON: Final = frozenset(("of", "the", "de"))
"""Words that do not end a name that they stand in."""


_CREDIT: Final = re2.compile(
    r"(?i)\b(?:photo|photograph|picture|image)s?\s?(?:by\b|[:/|\x{a9}])|\x{a9}|\p{Lu}{2,}\s(?:PHOTO|Photo)\b"
)

_CREDIT_SIGNS: Final = (b"photo", b"picture", b"image", "\u00a9".encode())
"""Every credit has one of these."""


class Terms(msgspec.Struct, frozen=True):
    """One paragraph, as the restatement tier sees it."""

    text: str
    language: str
    """ISO 639 code."""
    content: frozenset[str]
    """Stems, names, numbers and dates: the set that MinHash fingerprints.

    A name is in it twice, as a word and marked as a name: who and where say
    more about what a paragraph tells than its other words.
    """
    wording: frozenset[str]
    """The stems of its words that are no names, numbers or dates."""
    order: tuple[str, ...]
    """Its stems and names as they follow each other."""
    names: frozenset[str]
    """Its names, each in the form that stands for it in the document."""
    mentions: frozenset[frozenset[str]]
    """The same as they stand together: first name and last name are one mention."""
    known: frozenset[str]
    """Its names and the words of their long forms."""
    openers: frozenset[str]
    """First words of sentences that the document never has in lower case: names perhaps."""
    numbers: frozenset[str]
    """Its numbers and dates."""
    facts: Facts
    speech: bool
    """It holds a quotation."""
    caption: bool
    """It carries a picture's credit."""
    listed: bool
    """It is a table, a list or a list item, or its document is a table or a list."""


def document_terms(
    texts: Sequence[str],
    language: str | None,
    settings: RestatementSettings,
    wanted: Sequence[int] | None = None,
    known: Mapping[int, Tokens] = MappingProxyType({}),
) -> list[Terms] | None:
    """The terms of the paragraphs of one document, in reading order.

    Args:
        texts: the paragraphs, in reading order.
        language: ISO 639 code of the document, or ``None`` for one that is not
            known: then English is told by its function words.
        settings: what counts as a quotation, a table and a list.
        wanted: positions of the paragraphs whose terms are asked for; all, if not given.
        known: the tokens of some paragraphs by their position, if they are at hand.

    Returns:
        One for each text that is wanted, or ``None`` in languages without a stemmer: nothing
        is a restatement there.
    """
    paragraphs = [known[at] if at in known else tokens_of(text) for at, text in enumerate(texts)]
    code = _language_of(language, paragraphs)
    if code is None or code not in SNOWBALL:
        return None
    listed = [
        is_table(tokens, settings) or is_list_item(text)
        for tokens, text in zip(paragraphs, texts, strict=True)
    ]
    in_lists = sum(len(tokens) for tokens, each in zip(paragraphs, listed, strict=True) if each)
    if in_lists > settings.max_tabular * sum(map(len, paragraphs)):
        listed = [True] * len(listed)
    wanted = range(len(texts)) if wanted is None else wanted
    facts = [facts_of_tokens(texts[at], paragraphs[at]) for at in wanted]
    if code == ENGLISH:
        names = names_of(paragraphs)
        openers = frozenset[str]().union(*[fact.openers for fact in facts]) - names.vocabulary
        for tokens in paragraphs:
            openers = openers.difference(_in_lower_case(tokens)) if openers else openers
        contents = [
            _english_content(paragraphs[at], names, fact.sequence, openers & fact.openers)
            for at, fact in zip(wanted, facts, strict=True)
        ]
    else:
        vocabulary = names_in(paragraphs, code)
        contents = [_Content(*stemmed_content(paragraphs[at], vocabulary, code)) for at in wanted]
    return [
        _terms(texts[at], code, content, fact, listed[at], settings)
        for at, content, fact in zip(wanted, contents, facts, strict=True)
    ]


def is_table(tokens: Tokens, settings: RestatementSettings) -> bool:
    """Whether numbers and capitals outweigh words: rates, scores, fixtures, squads."""
    return _is_tabular(most_of(tokens), settings) and _is_tabular(shape_of(tokens), settings)


def _is_tabular(shape: Shape, settings: RestatementSettings) -> bool:
    return (
        shape.figures > settings.max_figures * shape.length
        or shape.fields > settings.max_fields * shape.length
    )


def is_list_item(text: str) -> bool:
    """Whether a paragraph begins with a bullet."""
    bullet, _, rest = text.lstrip().partition(" ")
    return bullet in _BULLETS and bool(rest)


def is_speech(facts: Facts, settings: RestatementSettings) -> bool:
    """Whether a paragraph quotes somebody, not merely a term."""
    return facts.opens_quotation or facts.quoted >= settings.quotation_words


def is_caption(text: str) -> bool:
    """Whether a paragraph carries a picture's credit: it tells of the picture, not of the story."""
    lower = text.encode(errors="surrogatepass").lower()  # of ASCII alone; nearly always enough
    return any(map(lower.__contains__, _CREDIT_SIGNS)) and _CREDIT.search(text) is not None


def code_of(language: str | None) -> str | None:
    """The ISO 639 code of a language tag: ``en`` of ``en_GB``."""
    return None if language is None else language.lower().replace("_", "-").split("-")[0]


def _language_of(language: str | None, paragraphs: Sequence[Tokens]) -> str | None:
    if language is not None:
        return code_of(language)
    total = sum(map(len, paragraphs))
    common = sum(token.fold in english.COMMON for tokens in paragraphs for token in tokens)
    return ENGLISH if common > _MIN_COMMON * total else None


class _Content(NamedTuple):
    wording: frozenset[str]
    order: tuple[str, ...]
    mentions: frozenset[frozenset[str]]
    implied: frozenset[str] = frozenset()
    openers: frozenset[str] = frozenset()


def _in_lower_case(tokens: Tokens) -> list[str]:
    """The words that do not begin with a capital."""
    folds = [token.fold for token in tokens]
    for at in tokens.capitals:
        folds[at] = ""
    return folds


def _english_content(
    tokens: Tokens, names: Names, folds: Sequence[str], openers: frozenset[str]
) -> _Content:
    """What an English paragraph says; of its words only the capitals are read one by one.

    Args:
        tokens: the paragraph.
        names: those of its document.
        folds: its words.
        openers: what are names perhaps, if they begin a sentence.
    """
    stems = [token.stem for token in tokens]
    for at in tokens.claims:
        if folds[at] in english.CALENDAR and date_of(tokens, at) is not None:
            stems[at] = ""
    order = stems.copy()
    possible: set[str] = set()
    runs: list[list[str]] = [[]]
    after = 0
    for at in tokens.capitals:
        fold = folds[at]
        if at < after:
            continue
        long_form = long_form_at(names, tokens, at) if fold in names.long_forms else None
        if long_form is not None:
            name, taken = long_form
            stems[at : at + taken] = [""] * taken
            order[at : at + taken] = [name, *[""] * (taken - 1)]
            runs += [[name], []]
            after = at + taken
        elif fold in names.vocabulary and (tokens[at].upper or fold not in english.STOP_WORDS):
            stems[at], order[at] = "", names.canonical.get(fold, fold)
            if tokens[at].opens or (at > after and not runs_on(tokens, folds, after, at)):
                runs.append([])
            runs[-1].append(order[at])
            if tokens[at].breaks:
                runs.append([])
            after = at + 1
        elif fold in openers and stems[at]:
            possible.add(fold)
    mentions = frozenset(frozenset(run) for run in runs if run)
    named = set(chain.from_iterable(mentions))
    implied = [names.implied[name] for name in named if name in names.implied]
    return _Content(
        frozenset(filter(None, stems)),
        tuple(filter(None, order)),
        mentions,
        frozenset[str]().union(*implied),
        frozenset(possible),
    )


def runs_on(tokens: Tokens, folds: Sequence[str], start: int, end: int) -> bool:
    """Whether the words between two names are so few that one mention goes on over them."""
    between = tokens[start:end]
    return _RUN_ON.issuperset(folds[start:end]) and not any(token.breaks for token in between)


def _terms(
    text: str,
    language: str,
    found: _Content,
    facts: Facts,
    listed: bool,
    settings: RestatementSettings,
) -> Terms:
    names = frozenset(chain.from_iterable(found.mentions))
    numbers = frozenset(facts.numbers) | facts.dates
    return Terms(
        text=text,
        language=language,
        content=found.wording | names | {NAME_MARK + name for name in names} | numbers,
        wording=found.wording,
        order=found.order,
        names=names,
        mentions=found.mentions,
        known=names | found.implied,
        openers=found.openers,
        numbers=numbers,
        facts=facts,
        speech=is_speech(facts, settings),
        caption=is_caption(text),
        listed=listed,
    )
