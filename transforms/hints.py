"""Hints: small words that tell one event from another of its kind.

"Will leave" is not "has left", "a second fire" is not "the fire", "he" is not
"they".  None of them proves anything, so they are counted for the scorer of
restatements and are no vetoes.  Closed classes of everyday English, no topics.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from transforms import english
from transforms.stems import stem


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MODALS: Final = _listed(
    "will would may might could shall should plan plans planned expect expected expects unless"
    " intends hope hopes hoped seek seeks aim aims consider considering wont"
)
"""Words of what has not happened yet."""
_AGAIN: Final = _listed(
    "another again second third new latest previous previously former earlier more further other"
    " additional fresh extra next last follow following since then later after before until"
)
"""Words that number events or put them in order."""
_PRONOUNS: Final = (
    _listed("he his him himself"),
    _listed("she her hers herself"),
    _listed("they their them themselves theirs"),
)
_IN: Final = frozenset(map(stem, _listed("enter entering into admit join arrive")))
_OUT: Final = frozenset(
    map(stem, _listed("leave left exit out quit flee fled depart abandon escape"))
)
"""Going in and coming out: too loose for the table of opposites."""


class Hints(NamedTuple):
    """The small words of one paragraph."""

    modals: frozenset[str]
    again: frozenset[str]
    function_words: frozenset[str]
    pronouns: tuple[bool, ...]
    """It has he, she, they."""
    goes_in: bool
    comes_out: bool


def hints_of(folded: frozenset[str], stems: frozenset[str]) -> Hints:
    """The hints of a paragraph.

    Args:
        folded: its folded words.
        stems: the stems of all its words.
    """
    return Hints(
        modals=folded & _MODALS,
        again=folded & _AGAIN,
        function_words=folded & english.STOP_WORDS,
        pronouns=tuple([not folded.isdisjoint(pronoun) for pronoun in _PRONOUNS]),
        goes_in=not stems.isdisjoint(_IN),
        comes_out=not stems.isdisjoint(_OUT),
    )


def turns_direction(one: Hints, other: Hints) -> bool:
    """Only one of the two goes in, and the other comes out; or the other way round."""
    in_differs = one.goes_in != other.goes_in
    out_differs = one.comes_out != other.comes_out
    return (in_differs and (other if one.goes_in else one).comes_out) or (
        out_differs and (other if one.comes_out else one).goes_in
    )


def pronouns_clash(one: Hints, other: Hints) -> bool:
    """Both speak of somebody, but never with the same pronoun."""
    shared = any(mine and theirs for mine, theirs in zip(one.pronouns, other.pronouns, strict=True))
    return any(one.pronouns) and any(other.pronouns) and not shared
