"""Vetoes: what no removal may do, whatever the scores say.

Agreement in most words proves nothing about the few that make the claim.
Each veto looks for one way in which the removed paragraph says what the kept
one does not, and forbids the removal.  They are directed, as what the kept
paragraph says in addition does no harm; only denials must agree, because
nothing shows which of its claims a paragraph denies.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from transforms import english
from transforms.alternatives import MODALS
from transforms.exchanges import are_opposed, are_turned, exchanged
from transforms.facts import Facts
from transforms.folding import is_uncased
from transforms.opposites import Pole
from transforms.settings import VetoSettings
from transforms.terms import ENGLISH, Terms

_ROMAN: Final = frozenset(
    ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"]
)
_EXCHANGE: Final = "exchange"
"""Under this name a paragraph remembers what it was compared with last."""
_MAX_EXCHANGED: Final = 0.25
"""Share of words that only one of two texts has up to which the others keep their places."""


def near_duplicate_vetoes(
    removed: Facts, kept: Facts, jaccard: float, settings: VetoSettings
) -> tuple[str, ...]:
    """The names of the vetoes against removing one of two nearly equal paragraphs.

    Args:
        jaccard: of their shingles; from ``uncased_jaccard`` on a word may differ
            that nothing tells from a name.
    """
    return tuple(dict.fromkeys(_forbidding(removed, kept, jaccard, settings)))


def may_go(removed: Facts, kept: Facts, jaccard: float, settings: VetoSettings) -> bool:
    """Whether no veto forbids it: :func:`near_duplicate_vetoes` as far as the first one."""
    return next(_forbidding(removed, kept, jaccard, settings), None) is None


def _forbidding(
    removed: Facts, kept: Facts, jaccard: float, settings: VetoSettings
) -> Iterator[str]:
    for veto in _NEAR_DUPLICATE:
        if veto.forbids(removed, kept):
            yield veto.name
    if settings.openers_are_names and loses_opener(removed, kept):
        yield "names"
    if loses_entry(removed, kept, settings):
        yield "entries"
    if jaccard < settings.uncased_jaccard and loses_uncased(removed, kept):
        yield "uncased"


def restatement_vetoes(removed: Terms, kept: Terms) -> tuple[str, ...]:
    """The names of the vetoes against removing a paragraph that says the same in other words."""
    return tuple(veto.name for veto in _RESTATEMENT if veto.forbids(removed, kept))


def loses_number(removed: Facts, kept: Facts) -> bool:
    """The removed numbers, in their order, are not all among the kept ones.

    Order counts: where nearly all words agree, 3-2 and 2-3 are two results.
    """
    return not _is_subsequence(removed.numbers, kept.numbers)


def counts_otherwise(removed: Facts, kept: Facts) -> bool:
    """A number counts one thing in the removed paragraph and another in the kept one.

    "30 killed" is not in "20 killed and 30 wounded".
    """
    counted = kept.counted
    return any(
        amount.units and counted[amount.number].isdisjoint(amount.units)
        for amount in removed.amounts
        if amount.number in counted
    )


def loses_date(removed: Facts, kept: Facts) -> bool:
    """The removed paragraph names a month or day that the kept one lacks."""
    return not removed.dates <= kept.dates


def loses_name(removed: Facts, kept: Facts) -> bool:
    """The removed paragraph names somebody whom the kept one does not mention."""
    return not removed.names <= kept.mentioned


def loses_opener(removed: Facts, kept: Facts) -> bool:
    """The removed paragraph begins a sentence with a possible name that the kept one lacks."""
    return not removed.openers <= kept.mentioned


def loses_uncased(removed: Facts, kept: Facts) -> bool:
    """The removed paragraph has a word in a script without capitals that the kept one lacks.

    It may be a name: nothing tells in Arabic, Hebrew, Hindi, Georgian, Chinese or Thai.
    """
    ours, _ = _exchanged(removed, kept)
    return any(is_uncased(word) for word in ours)


def changes_grade(removed: Facts, kept: Facts) -> bool:
    """The two have not the same ratings: A+ is neither A nor A-."""
    return removed.grades != kept.grades


def lacks_grade(removed: Facts, kept: Facts) -> bool:
    """The removed paragraph has ratings, and the kept one not just these."""
    return bool(removed.grades) and Counter(removed.grades) != Counter(kept.grades)


def loses_entry(removed: Facts, kept: Facts, settings: VetoSettings) -> bool:
    """One of the two is a table or a list, and the removed one has a word that the other lacks.

    Rates, results, squads and schedules agree in all words but those that
    matter.  How a number is written is for :func:`loses_number`.
    """
    tabular = is_table_or_list(removed, settings) or is_table_or_list(kept, settings)
    entries = removed.words - english.STOP_WORDS
    return tabular and any(not word[-1].isdecimal() for word in entries - kept.words)


def is_table_or_list(facts: Facts, settings: VetoSettings) -> bool:
    """Whether numbers, capitals or separators say more in a paragraph than its sentences."""
    return (
        facts.figures > settings.max_figures * facts.length
        or facts.fields > settings.max_fields * facts.length
        or facts.separators > settings.max_separators * facts.length
    )


def swaps_names(removed: Facts, kept: Facts) -> bool:
    """The names that each has once come in another order: A beat B, B beat A."""
    once = removed.once & kept.once
    return [name for name in removed.order if name in once] != [
        name for name in kept.order if name in once
    ]


def denies_otherwise(removed: Facts, kept: Facts) -> bool:
    """The two have not the same number of denials: a claim and its denial, perhaps."""
    return removed.denials != kept.denials


def hedges_otherwise(removed: Facts, kept: Facts) -> bool:
    """The two have not the same number of hedges: a fact and what may be one, perhaps."""
    return len(removed.hedges) != len(kept.hedges)


def loses_hedge(removed: Facts, kept: Facts) -> bool:
    """The kept paragraph states what the removed one doubts, or one alone has a modal verb.

    The same between texts in other words, where a hedge of the kept one may be
    of something that the removed one does not tell.
    """
    if removed.hedges and not kept.hedges:
        return True
    if MODALS.isdisjoint(removed.hedges) != MODALS.isdisjoint(kept.hedges):
        return True
    return hedges_otherwise(removed, kept) and _keep_places(removed, kept)


def exchanges(removed: Facts, kept: Facts) -> bool:
    """A word of one stands where the other has one that excludes it: he, she; legal, illegal.

    Prepositions do so only where nearly all words agree: by 5, to 5.
    """
    ours, theirs = _exchanged(removed, kept)
    if are_turned(ours, theirs) or are_opposed(ours, theirs, in_place=False):
        return True
    return _keep_places(removed, kept) and are_opposed(ours, theirs, in_place=True)


def turns_score(removed: Facts, kept: Facts) -> bool:
    """The kept paragraph has a score of the removed one the other way round: 3-2 is not 2-3."""
    known = set(kept.scores)
    return any(score not in known and score[::-1] in known for score in removed.scores)


def takes_opposite(removed: Facts, kept: Facts) -> bool:
    """Opposites follow each other otherwise, or one stands in the place of the other."""
    return turns_order(removed, kept) or exchanges(removed, kept)


def loses_label(removed: Facts, kept: Facts) -> bool:
    """The removed paragraph has a letter or a Roman numeral where the kept one has another.

    Class A is not class B, and phase ii not phase iii.
    """
    if not removed.labels <= kept.labels:
        return True
    ours, theirs = _exchanged(removed, kept)
    return any(map(_is_label, ours)) and any(map(_is_label, theirs))


def turns_order(removed: Facts, kept: Facts) -> bool:
    """Opposites do not follow each other alike: it rose and fell, it fell and rose."""
    theirs = kept.sides
    for axis, sides in removed.sides.items():
        if not _is_subsequence(sides, theirs.get(axis, sides)):
            return True
    return False


def turns_round(removed: Facts, kept: Facts) -> bool:
    """The kept paragraph has the opposite of a word that only the removed one has."""
    kept_poles = set(kept.poles)
    return any(
        pole not in kept_poles and Pole(pole.axis, 1 - pole.side) in kept_poles
        for pole in removed.poles
    )


def says_opposite(removed: Facts, kept: Facts) -> bool:
    """The kept paragraph has the opposite of a word, or what excludes it, in place of it."""
    return turns_round(removed, kept) or exchanges(removed, kept)


def quotes(removed: Terms, kept: Terms) -> bool:
    """One of the two is somebody's words: they are told again only as they were said."""
    return removed.speech or kept.speech


def captions(removed: Terms, kept: Terms) -> bool:
    """One of the two tells of a picture, not of the story."""
    return removed.caption or kept.caption


def lists(removed: Terms, kept: Terms) -> bool:
    """One of the two is a table, a list or an item of one."""
    return removed.listed or kept.listed


def lacks_number(removed: Terms, kept: Terms) -> bool:
    """The removed paragraph has a number or date that the kept one lacks."""
    return not removed.numbers <= kept.numbers


def lacks_name(removed: Terms, kept: Terms) -> bool:
    """The removed paragraph has a name, or what may be one, that the kept one lacks."""
    return bool(missing_names(removed, kept))


def turns_roles(removed: Terms, kept: Terms) -> bool:
    """Names come in another order among nearly the same words: A sued B, B sued A.

    In English only, where the place says who did it, and where alone something goes.
    """
    ours, theirs = removed.facts, kept.facts
    return removed.language == ENGLISH and _keep_places(ours, theirs) and swaps_names(ours, theirs)


def missing_names(removed: Terms, kept: Terms) -> frozenset[str]:
    """Names of the removed paragraph, sure ones and possible ones, that the kept one lacks."""
    return (removed.names - kept.known | removed.openers) - kept.facts.mentioned


def adds(removed: Terms, kept: Terms) -> bool:
    """The removed paragraph announces, with an "also", that it says something more."""
    return bool((removed.facts.words - kept.facts.words) & english.ADDITIONS)


FactsTest = Callable[[Facts, Facts], bool]
"""Whether one veto forbids removing the first of two paragraphs for the second."""


class _FactsVeto(NamedTuple):
    name: str
    forbids: FactsTest


class _TermsVeto(NamedTuple):
    name: str
    forbids: Callable[[Terms, Terms], bool]


_NEAR_DUPLICATE: Final = (
    _FactsVeto("numbers", loses_number),
    _FactsVeto("amounts", counts_otherwise),
    _FactsVeto("dates", loses_date),
    _FactsVeto("grades", changes_grade),
    _FactsVeto("names", loses_name),
    _FactsVeto("labels", loses_label),
    _FactsVeto("order", swaps_names),
    _FactsVeto("denial", denies_otherwise),
    _FactsVeto("hedge", hedges_otherwise),
    _FactsVeto("opposites", takes_opposite),
)

_RESTATEMENT: Final = (
    _TermsVeto("quotation", quotes),
    _TermsVeto("caption", captions),
    _TermsVeto("list", lists),
    _TermsVeto("numbers", lacks_number),
    _TermsVeto("amounts", lambda removed, kept: counts_otherwise(removed.facts, kept.facts)),
    _TermsVeto("grades", lambda removed, kept: lacks_grade(removed.facts, kept.facts)),
    _TermsVeto("names", lacks_name),
    _TermsVeto("denial", lambda removed, kept: denies_otherwise(removed.facts, kept.facts)),
    _TermsVeto("hedge", lambda removed, kept: loses_hedge(removed.facts, kept.facts)),
    _TermsVeto("order", turns_roles),
    _TermsVeto("scores", lambda removed, kept: turns_score(removed.facts, kept.facts)),
    _TermsVeto("labels", lambda removed, kept: loses_label(removed.facts, kept.facts)),
    _TermsVeto("opposites", lambda removed, kept: says_opposite(removed.facts, kept.facts)),
    _TermsVeto("addition", adds),
)


def _exchanged(removed: Facts, kept: Facts) -> tuple[frozenset[str], frozenset[str]]:
    """The words that stand more often in one of the two; several vetoes ask of the pair at hand."""
    known = removed.__dict__.get(_EXCHANGE)
    if known is None or known[0] is not kept:
        ours, theirs = exchanged(removed.times, kept.times)
        known = removed.__dict__[_EXCHANGE] = (kept, (ours, theirs))
        kept.__dict__[_EXCHANGE] = (removed, (theirs, ours))  # it is asked next
    found: tuple[frozenset[str], frozenset[str]] = known[1]
    return found


def _keep_places(removed: Facts, kept: Facts) -> bool:
    """Whether so many words agree that they must stand where they stood."""
    ours, theirs = _exchanged(removed, kept)
    return max(len(ours), len(theirs)) <= _MAX_EXCHANGED * min(removed.length, kept.length)


def _is_label(word: str) -> bool:
    return word in _ROMAN or (len(word) == 1 and word.isascii() and word.isalpha())


def _is_subsequence(some: Sequence[object], others: Sequence[object]) -> bool:
    if some == others:  # as most are
        return True
    rest = iter(others)
    return all(each in rest for each in some)
