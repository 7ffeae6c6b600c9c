"""A glance at one paragraph: what is true of it whatever its document says, read off its tokens.

It spares reading documents (:mod:`transforms.terms`) of which no paragraph could be marked.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from transforms.chunks import AS_ASCII
from transforms.english import STOP_WORDS
from transforms.facts import claimed_numbers
from transforms.names import LONGEST_ABBREVIATION, SHORTEST_ROOT
from transforms.restatements import ratio
from transforms.settings import NearDuplicateSettings, RestatementSettings
from transforms.terms import NAME_MARK, Terms, is_caption, is_list_item, is_table, runs_on
from transforms.tokens import Tokens, tokens_of

_LONGEST_SEARCHED: Final = 1 << 16
"""Characters of a document in which abbreviations are looked for."""


class Glance(NamedTuple):
    """One paragraph, read alone."""

    apart: bool
    """It is a caption, a table or a list item: then it restates nothing."""
    numbers: frozenset[str]
    """Its numbers and dates."""
    words: frozenset[str]
    """Its folded words."""
    runs: tuple[frozenset[str], ...]
    """Those with a capital that follow on each other, function words aside: its names are parts
    of them."""
    tokens: Tokens

    def may_be_copy(self, other: Glance, settings: NearDuplicateSettings) -> bool:
        """Whether it shares so many words with another that the two may be near-duplicates.

        Of texts that say words twice, some that are may be missed: they are compared for nothing.
        """
        shared = len(self.words & other.words)
        whole = len(self.words) + len(other.words) - shared
        return shared >= settings.short_jaccard * whole

    def most_shared_facts(self, other: Glance) -> int:
        """As many names, numbers and dates as another paragraph may have of this one's.

        A run of capitals is one name, and two or more only where a word between them is none.
        Not counted is a name that the two write in different forms: written out and abbreviated,
        Chile and Chilean.
        """
        names = sum([min(len(run & other.words), (len(run) + 1) // 2) for run in self.runs])
        return names + len(self.numbers & other.numbers)


def glance(text: str, settings: RestatementSettings) -> Glance:
    """What one paragraph tells at a glance."""
    tokens = tokens_of(text)
    apart = is_table(tokens, settings) or is_list_item(text) or is_caption(text)
    if apart:
        return Glance(apart, frozenset(), frozenset(), (), tokens)
    return Glance(
        apart,
        claimed_numbers(tokens, text),
        frozenset([token.fold for token in tokens]),
        capital_runs(tokens),
        tokens,
    )


class Possible:
    """The most that an English paragraph may say, whatever names its document has.

    What it is asked for is what another paragraph says, of which the document was read.
    """

    def __init__(self, seen: Glance, letters: str | None) -> None:
        """Make ready what a paragraph may say.

        Args:
            seen: the paragraph.
            letters: what :func:`letters_of` gives of the text of its document.
        """
        tokens = seen.tokens
        capitals = [tokens[at].fold for at in tokens.capitals]
        self._stems = frozenset([token.stem for token in tokens])
        self._numbers = seen.numbers
        self._words = seen.words
        self._heads = frozenset([word[:SHORTEST_ROOT] for word in seen.words])
        self._capitals = frozenset([word[:SHORTEST_ROOT] for word in capitals])
        self._letters = letters
        self._implies = any(map(self._is_introduced, capitals))

    def shares_enough(self, told: Terms, settings: RestatementSettings) -> bool:
        """Whether :func:`transforms.restatements.shares_enough` may hold for what is told again."""
        wording = len(told.wording & self._stems)
        numbers = len(told.numbers & self._numbers)
        names = sum(map(self._may_name, told.names))
        facts = numbers + sum(map(self._may_mention, told.mentions))
        shared = sum(map(self._may_hold, told.content))
        return (
            ratio(shared, len(told.content)) >= settings.min_containment
            and ratio(wording, len(told.wording)) >= settings.min_wording
            and wording + names + numbers >= settings.min_shared_content
            and facts >= settings.min_shared_facts
        )

    def _may_hold(self, term: str) -> bool:
        known = term in self._stems or term in self._numbers
        return known or self._may_name(term.removeprefix(NAME_MARK))

    def _may_name(self, name: str) -> bool:
        """A name is a word with a capital, what that is derived from, or an abbreviation."""
        return name[:SHORTEST_ROOT] in self._capitals or self._is_introduced(name)

    def _may_mention(self, mention: frozenset[str]) -> bool:
        return self._implies or all(
            word in self._words or word[:SHORTEST_ROOT] in self._heads or self._is_introduced(word)
            for word in mention
        )

    def _is_introduced(self, name: str) -> bool:
        """Whether the document may have it as an abbreviation: then it has it in capitals."""
        if len(name) > LONGEST_ABBREVIATION:
            return False
        return self._letters is None or not name.isascii() or name.upper() in self._letters


def letters_of(document: str) -> str | None:
    """A text without what may stand inside an abbreviation, ``None`` if that is not so simple."""
    if len(document) > _LONGEST_SEARCHED:
        return None
    if not document.isascii():
        for typographic, plain in AS_ASCII.items():  # str.translate takes ten times as long
            document = document.replace(chr(typographic), chr(plain))
        if not document.isascii():
            return None
    return document.replace(".", "").replace("'", "")


def capital_runs(tokens: Tokens) -> tuple[frozenset[str], ...]:
    """The words with a capital in runs, cut where :mod:`transforms.terms` would end a name."""
    folds = [token.fold for token in tokens]
    runs: list[list[str]] = [[]]
    after = 0
    for at in tokens.capitals:
        if tokens[at].upper or folds[at] not in STOP_WORDS:
            if tokens[at].opens or (at > after and not runs_on(tokens, folds, after, at)):
                runs.append([])
            runs[-1].append(folds[at])
            if tokens[at].breaks:
                runs.append([])
            after = at + 1
    return tuple({frozenset(run): None for run in runs if run})
