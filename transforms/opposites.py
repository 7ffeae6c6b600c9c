"""Words that have an opposite: rose and fell, before and after, won and lost.

A claim with a word of one pole is not the claim with a word of the other.
Everyday English words, in pairs of poles; no topics.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from transforms.stems import stem

_OPPOSITES: Final = (
    (
        "rise rises rising rose risen increase climb gain grow grew grown growth jump surge soar"
        " advance rally rebound up higher raise hike boost expand upgrade strengthen",
        "fall falls falling fell fallen decrease decline drop sink sank sunk slump plunge tumble"
        " slide slid slip shrink shrank shrunk down lower cut reduce reduction downgrade weaken",
    ),
    ("more most above maximum majority", "less least fewer fewest below minimum minority"),
    ("before", "after"),
    ("earlier", "later"),
    ("first", "last final"),
    ("begin began begun start launch open", "end finish close stop cease halt shut"),
    ("win wins winning won winner victory beat", "lose loses losing lost loser loss defeat"),
    ("win wins winning won victory beat", "draw drew drawn tie tied"),
    ("lose loses losing lost loss defeat", "draw drew drawn tie tied"),
    ("buy buys bought buyer acquire acquisition purchase", "sell sells sold seller sale disposal"),
    ("lend lent lender", "borrow borrower"),
    ("import", "export"),
    ("profit", "loss"),
    ("accept approve support endorse welcome", "oppose reject veto condemn dismiss"),
    ("agree agreed", "disagree disagreed"),
    ("confirm affirm", "deny denied refute debunk"),
    ("allow permit legalise legalize", "ban forbid forbade prohibit outlaw"),
    ("arrive come came", "depart leave left went"),
    ("join", "quit resign"),
    ("hire appoint", "fire sack dismiss"),
    ("alive live survive survivor", "dead die died death kill"),
    ("succeed success successful", "fail failure"),
    ("legal lawful", "illegal unlawful"),
    ("true", "false untrue hoax"),
    ("possible", "impossible"),
    ("likely", "unlikely"),
    ("able", "unable"),
    ("guilty convict", "innocent acquit"),
    ("free release freed", "arrest detain capture jail"),
    ("better best", "worse worst"),
    ("same", "different"),
    ("optimistic optimism", "pessimistic pessimism"),
    ("morning", "evening"),
    ("noon midday", "midnight"),
    ("sunny dry", "rainy cloudy wet"),
    ("positive stable", "negative"),
    ("man men boy", "woman women girl"),
    ("killed dead died fatal", "hurt injured wounded injuries"),
    ("north northern", "south southern"),
    ("east eastern", "west western"),
)


class Pole(NamedTuple):
    """One side of a pair of opposites."""

    axis: int
    side: int
    """0 or 1."""


def _poles_by_stem() -> dict[str, tuple[Pole, ...]]:
    table: dict[str, tuple[Pole, ...]] = {}
    for axis, sides in enumerate(_OPPOSITES):
        for side, listed in enumerate(sides):
            for found in {stem(word) for word in listed.split()}:
                table[found] = (*table.get(found, ()), Pole(axis, side))
    return table


_POLES: Final = _poles_by_stem()


@lru_cache(maxsize=1 << 12)
def poles_of(word: str) -> tuple[Pole, ...]:
    """The poles that a folded word stands on, mostly none.

    >>> poles_of("increases") == poles_of("rose") != poles_of("fell")
    True
    """
    return _POLES.get(stem(word), ())
