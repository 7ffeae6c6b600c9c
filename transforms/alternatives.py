"""Words that exclude each other: he and she, tonnes and ounces, former and current.

Beside the opposites of a claim (:mod:`transforms.opposites`), which are looked for anywhere in
two paragraphs, these count only where one stands in the place of the other
(:mod:`transforms.exchanges`): "her" beside "him" is common in one paragraph.
Everyday English words and the members of everyday classes (metals, vehicles, crimes); no names.
No such list is complete: docs/duplicates.md says how much slips through.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from transforms.stems import stem

# A group a line, its sides parted by a bar, the words of a side mean much the same.
_GROUPS: Final = """
he him his himself | she her hers herself
father dad | mother mum mom | son | daughter | brother | sister | husband | wife | widow | widower \
| uncle | aunt | nephew | niece | cousin | grandfather | grandmother | boyfriend | girlfriend
man men | woman women | boy | girl | child children | baby
male | female
king | queen | prince | princess | duke | duchess
actor | actress
will shall would | was were did has had have
may might could can | should ought | must
always | often frequently usually | sometimes occasionally | rarely seldom | never
certainly definitely surely | probably likely | possibly perhaps maybe
all every each everyone everybody everything both | some several someone somebody | many | few \
| most | none nobody neither
least over exceed exceeding more | up under below less fewer most | almost nearly
exactly precisely | about around roughly approximately nearly almost
before until | after since
former previous | current present incumbent | future incoming | acting interim caretaker
previous last | next coming following | this
early earlier | late later
new | old
young | old
begin began begun start launch | stop end halt cease finish | continue | resume
remain stay keep kept retain | leave left quit drop abandon
dawn sunrise | morning | noon midday | afternoon | evening | dusk sunset | night | midnight
am | pm
day daytime | night nighttime
spring | summer | autumn | winter
weekday | weekend
daily | weekly | monthly | quarterly | annual annually yearly | hourly
minute | hour | day | week | month | quarter | year | decade | century
north northern northward northwards | south southern southward southwards \
| east eastern eastward eastwards | west western westward westwards \
| northeast northeastern | northwest northwestern | southeast southeastern | southwest southwestern
left | right
up | down
top | bottom | middle
upper | lower
front | back rear
inside indoors indoor | outside outdoors outdoor
near | far
inner | outer
above | below beneath
wide widen broad | narrow
big large huge giant | small little tiny
long lengthen | short shorten
high higher highest | low lower lowest
heavy | light
fast quick rapid fastest | slow slowest
strong stronger strengthen | weak weaker weaken
rich wealthy | poor
hot warm | cold cool
full | empty
hard difficult tough | easy soft
cheap cheaper | expensive dear
deep | shallow
thick | thin
safe | dangerous
good better best | bad worse worst
clean | dirty
public | private
domestic | foreign overseas
local | regional | national | international global worldwide
urban | rural
civilian | military
peace | war
friend ally partner | foe enemy rival
senior | junior
major | minor
gross | net
debtor | creditor
landlord | tenant
plaintiff claimant | defendant
prosecution prosecutor | defence defense
witness | suspect | victim
teacher | pupil student
doctor | nurse | patient
government | opposition
majority | minority
future futures | option options | swap swaps
bond bonds | share shares
buy bought purchase purchased acquire acquired | sell sold
lend lent | borrow borrowed
give gave given send sent supply | take took taken receive received
gain profit surplus | loss deficit shortfall
revenue sales turnover | profit | loss | cost expense
supply | demand
bull bullish | bear bearish
upgrade | downgrade
discount | premium
inflation | deflation
boom | bust recession slump
deposit | withdraw withdrew withdrawn withdrawal
hire hired | fire fired sack
promote promotion | demote demotion relegate relegation
accept agree agreed | decline declined refuse refused reject
require oblige compel | allow permit | ban forbid forbade prohibit
raise lift increase | lower cut reduce
attack | defend defence defense
support back favour favor | oppose resist
praise welcome | criticise criticize condemn
admit confirm | deny denied
succeed success | fail failure
pass | fail
join | leave left quit resign
enter arrive | leave left depart exit
appear | vanish
advance | retreat withdraw
build built construct | destroy demolish
create | destroy abolish
help | hinder
protect | harm damage
save saved rescue | kill killed
save saved | spend spent | waste
remember | forget forgot
add | remove
push | pull
hit | miss
tighten | loosen ease relax
suspect | charge accuse | convict | acquit clear
arrest detain | release free
murder | manslaughter | suicide
accident | attack
kill killed dead die died | wound wounded injure injured hurt | kidnap abduct | missing | rescue \
| survive
healthy | sick ill
win won beat | lose lost | draw drew tie
trail | lead led
once | twice | thrice
double | halve | triple treble | quadruple
single | double | triple treble | quadruple
firm | soft
steady stable | volatile erratic
critical serious | stable
natural | violent suspicious
sober | drunk intoxicated
married | engaged | single | divorced | widowed | pregnant
blame accuse | clear exonerate
ignore | heed
pardon | condemn
apologise apologize | insult
accept | spurn rebuff
thank | threaten
nationalise nationalize | privatise privatize
land landed landing | takeoff
employ | sack dismiss
poison | cure
boil | freeze | melt
hero | villain
guilty | innocent
loyal | rebel
officer | soldier | civilian
army soldier troops | police | rebel insurgent guerrilla
executive | financial | operating
chairman chairwoman | president | secretary | treasurer
striker | goalkeeper | defender | midfielder
wheat | corn maize | barley | rice | soybean soy | cotton | sugar | coffee | cocoa
oil | gas | coal
gold | silver | copper | zinc | lead | nickel | platinum | tin
dog | cat | horse | cow cattle | pig | sheep
car | truck lorry | bus | train | plane aircraft | helicopter | ship | boat | ferry \
| bicycle bike | motorcycle
bread | milk | meat | fish | fruit
fraud | theft robbery burglary | rape | assault | arson | bribery | perjury
flood | fire | earthquake | storm hurricane typhoon cyclone | drought | landslide
measles | malaria | cholera | tuberculosis | polio | influenza flu | cancer | diabetes
football soccer | rugby | cricket | tennis | golf | basketball | hockey | baseball
airline | brewer | bank | insurer | retailer | carmaker | publisher
school | hospital | church | prison | hotel | factory | airport | museum | library
home | away
semifinal | final | quarterfinal
yes | no
red | blue | green | yellow | white | black | grey gray | brown | orange | purple | pink
% percent pct percentage | bp bps basis
gram grams g | milligram mg | microgram mcg μg | millilitre milliliter ml \
| centilitre centiliter cl | nanometre nanometer nm | km^2 | m^2 | kilogram kilo kg \
| tonne tonnes ton tons | ounce oz | pound lb lbs | barrel | bushel \
| gallon | litre liter l | millimetre millimeter mm | centimetre centimeter cm | metre meter \
| kilometre kilometer km | mile | inch | foot feet | yard | acre | hectare ha
mph | kph kmh | knots
watt | kilowatt kw | megawatt mw | gigawatt gw
$ dollar dollars dlr dlrs usd | € euro euros eur | £ pound sterling gbp | ¥ yen jpy \
| franc francs | mark marks | peso | rupee rupees ₹ | rouble roubles ruble rubles | yuan \
| crown crowns krona krone | lira | cent cents ct cts | penny pence
"""

_IN_PLACE: Final = """
to into | from | by
for | against
on | off
in into | out
"""
"""The same of words that say nothing unless all others keep their places."""

MODALS: Final = frozenset(("may", "might", "could", "can", "should", "must", "ought"))

_OTHER_HEDGES: Final = """
perhaps maybe possibly probably likely unlikely possible potential potentially presumably
apparently seemingly supposedly alleged allegedly reportedly purported purportedly suspected
rumoured rumored unconfirmed
if unless whether
only
former ex acting interim caretaker deputy vice designate outgoing incoming
attempted averted fake mock
"""

HEDGES: Final = MODALS | frozenset(_OTHER_HEDGES.split())
"""Words that make a claim less than a fact, or a thing less than what it is called.

Modal verbs, doubts, conditions, and adjectives that take back their noun: a
former head is no head, an attempted theft no theft.
"""


_COMPARING: Final = ("er", "est", "ers")
"""Endings that a stem keeps: shorter, shortest, buyers."""


class Side(NamedTuple):
    """One side of a group of words that exclude each other."""

    group: int
    side: int
    in_place: bool
    """It counts only where the other words of the two texts keep their places."""


_FREE: Final = _GROUPS.strip().splitlines()
_ALL: Final = [*_FREE, *_IN_PLACE.strip().splitlines()]


def _sides_by_stem() -> dict[str, tuple[Side, ...]]:
    table: dict[str, tuple[Side, ...]] = {}
    for group, line in enumerate(_ALL):
        for side, listed in enumerate(line.split("|")):
            for found in sorted({stem(word) for word in listed.split()}):
                table[found] = (*table.get(found, ()), Side(group, side, group >= len(_FREE)))
    return table


_SIDES: Final = _sides_by_stem()


@lru_cache(maxsize=1 << 12)
def sides_of(word: str) -> tuple[Side, ...]:
    """The sides that a folded word stands on, mostly none.

    >>> sides_of("ounces") == sides_of("oz") != sides_of("tonnes")
    True
    >>> sides_of("hottest") == sides_of("hot")
    True
    """
    found = _SIDES.get(stem(word))
    if found is None:
        roots = [word.removesuffix(ending) for ending in _COMPARING if word.endswith(ending)]
        for root in roots:
            bases = (root, root + "e", root[:-1])  # short-er, wid-er, hot-t-er
            found = next((_SIDES[stem(base)] for base in bases if stem(base) in _SIDES), None)
    return found or ()
