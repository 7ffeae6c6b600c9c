"""What English brings along: function words, numerals, calendar, words of denial.

Closed classes of the language; no names, no topics.  Every entry is folded
(see :mod:`transforms.folding`): lower case, without apostrophes.
"""

from __future__ import annotations

from typing import Final


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


STOP_WORDS: Final = frozenset(
    _listed("""
    a about according after again all almost along already also although always am among an and
    another any anyone anything are arent around as at away
    back be became because become been before being between both but by
    came can cannot cant come could couldnt
    did didnt do does doesnt doing done dont down during
    each either else enough even ever every everyone everything except
    far few for from further
    get gets getting give go goes going gone got
    had hadnt has hasnt have havent having he hed hell her here hers herself hes him himself his
    how however
    i id if ill im in indeed instead into is isnt it its itself ive
    just keep kept
    last later least less let lets like likely
    made make makes making many may maybe me meanwhile might mine more moreover most much must
    mustnt my myself
    near nearly neither never next no nobody none nor not nothing now nowhere
    of off often on once one only onto or other others otherwise our ours out over own
    per perhaps put
    quite rather really
    said same saw say saying says see seen shall she shed shes should shouldnt since so some
    someone something soon still such
    take taken takes taking than that thats the their theirs them themselves then there theres
    therefore these they theyd theyll theyre theyve thing things this those though through
    throughout thus to today together told tomorrow tonight too took toward towards
    under unless until up upon us use used using usually
    very via
    want wants was wasnt way we wed well went were werent weve what whatever when where whereas
    whether which while who whoever whole whom whose why will with within without wont would
    wouldnt
    yes yesterday yet you youd youll your youre yours yourself youve
    """)
)
"""Words that carry no claim of their own.

Reporting and light verbs are in, as they stand in every news paragraph;
numerals are not, as they count as numbers.
"""

COMMON: Final = frozenset(
    _listed("the of and to in a is that for it was on with as be at by this have from")
)
"""Twenty words that make up a quarter of English prose, and of no other language."""

ABBREVIATIONS: Final = frozenset(
    _listed("""
    mr mrs ms messrs dr prof rev hon gen col maj capt lt sgt cpl cmdr adm sen rep gov pres
    st mt ft jr sr vs no nos inc corp co cos ltd plc bros dept est approx
    jan feb mar apr jun jul aug sep sept oct nov dec
    """)
)
"""Words whose full stop does not end a sentence."""

UNITS: Final = {
    word: value
    for value, word in enumerate(
        _listed(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen"
            " fourteen fifteen sixteen seventeen eighteen nineteen"
        )
    )
}
TENS: Final = {
    word: 10 * value
    for value, word in enumerate(
        _listed("twenty thirty forty fifty sixty seventy eighty ninety"), start=2
    )
}
SCALES: Final = {
    "hundred": 100,
    "thousand": 10**3,
    "million": 10**6,
    "mln": 10**6,
    "mn": 10**6,
    "billion": 10**9,
    "bln": 10**9,
    "bn": 10**9,
    "trillion": 10**12,
    "trn": 10**12,
    "dozen": 12,
}
UNIT_SUFFIXES: Final = {"k": 10**3, "m": 10**6, "bn": 10**9, "b": 10**9, "tn": 10**12}
"""What stands glued to a figure: 4.3bn."""

ORDINALS: Final = {
    word: value
    for value, word in enumerate(
        _listed(
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
        ),
        start=1,
    )
}

PARTS: Final = {
    "half": 2,
    "halves": 2,
    "quarter": 4,
    "quarters": 4,
    "sixteenth": 16,
    "sixteenths": 16,
} | {
    word + ending: value
    for word, value in ORDINALS.items()
    if value in (3, 4, 5, 6, 7, 8, 9, 10)
    for ending in ("", "s")
}
"""Names of fractions: two-thirds."""

PARTS_ALONE: Final = frozenset({"quarter"})
"""Those that are no number elsewhere: the first quarter."""

_MONTHS: Final = _listed(
    "january february march april may june july august september october november december"
)
_MONTH_SHORT: Final = _listed("jan feb apr jun jul aug sep sept oct nov dec")
_WEEKDAYS: Final = _listed("monday tuesday wednesday thursday friday saturday sunday")
_WEEKDAY_SHORT: Final = _listed("tues weds thurs fri")
_RELATIVE: Final = _listed("today yesterday tomorrow tonight")

MONTHS: Final = {month: month for month in _MONTHS} | {
    short: month for short in _MONTH_SHORT for month in _MONTHS if month.startswith(short)
}
CALENDAR: Final = (
    MONTHS
    | {day: day for day in _WEEKDAYS}
    | {short: day for short in _WEEKDAY_SHORT for day in _WEEKDAYS if day.startswith(short[:3])}
    | {day: day for day in _RELATIVE}
)
"""Word to the date that it names."""

WORD_MONTHS: Final = frozenset({"may", "march"})
"""Months that are words, too: only a capital in mid-sentence tells them."""

SHORT_DATES: Final = frozenset({*_MONTH_SHORT, *_WEEKDAY_SHORT})
"""Dates cut short, which are first names, too: only a figure beside them tells."""

NEGATIONS: Final = frozenset(
    _listed("""
    not cannot cant no never neither nor none nobody nothing nowhere without hardly scarcely
    barely unable
    fail fails failed failing failure failures
    deny denies denied denying denial denials
    refuse refuses refused refusing refusal
    refute refutes refuted refuting reject rejects rejected rejecting rejection
    dismiss dismisses dismissed dismissing dismissal dispute disputes disputed disputing
    contradict contradicts contradicted contradicting retract retracts retracted
    lack lacks lacked lacking absence absent
    debunk debunks debunked debunking hoax untrue false falsely
    """)
)
"""Words that turn a claim round; the contractions in n't are found by their ending."""

ADDITIONS: Final = frozenset(_listed("also addition additionally moreover furthermore besides too"))
"""Words that announce something beside what was said before."""

NUMERALS: Final = frozenset(
    {*UNITS, *TENS, *SCALES, *ORDINALS, "half"} | {f"{scale}s" for scale in SCALES}
)
