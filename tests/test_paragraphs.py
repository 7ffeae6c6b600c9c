"""Plain text to paragraphs: a line each, unless the text is hard-wrapped."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.limits import UnsplittableDocument
from transforms.paragraphs import split_text
from transforms.settings import SplitSettings

SETTINGS = SplitSettings()
ARTICLES = sorted((Path(__file__).parents[1] / "fixtures" / "articles").glob("*.txt"))

PROSE = (
    "The old harbour wall was finished in the spring, and for the first time in eleven years the"
    " ferries could tie up on the south side again. Nobody in the village had believed that the"
    " work would end before the money did, least of all the harbour master, who had kept a diary"
    " of every promise. She read some of it aloud at the opening, and people laughed where they"
    " had once shouted.",
    "Fishing has not come back with the ferries. Of the forty boats that the chronicle counts in"
    " the last century only six are left, and four of them take visitors to the islands, where"
    " the puffins are. The cooperative rents its cold store to a brewery now, which says that the"
    " temperature is just right for what it does.",
)


def texts(text: str) -> list[str]:
    return [text[p.start : p.end] for p in split_text(text, SETTINGS)]


def kinds(text: str) -> list[str]:
    return [p.kind for p in split_text(text, SETTINGS)]


def test_every_line_is_a_paragraph_without_the_space_around_it() -> None:
    text = "  Fog Closes Airport \n\n\t \nFlights were cancelled.\n    Crews slept in the hall.\n"
    assert texts(text) == [
        "Fog Closes Airport",
        "Flights were cancelled.",
        "Crews slept in the hall.",
    ]
    assert [p.index for p in split_text(text, SETTINGS)] == [0, 1, 2]


@pytest.mark.parametrize("text", ["", "\n\n", " \t \n"])
def test_a_text_without_words_has_no_paragraphs(text: str) -> None:
    assert split_text(text, SETTINGS) == ()


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("- Milk and bread", "list-item"),
        ("* Milk and bread", "list-item"),
        ("• Milk and bread.", "list-item"),
        ("•Milk and bread", "list-item"),
        ("– Time: How the dikes were built", "list-item"),
        ("‣ Milk", "list-item"),
        ("▪ Milk", "list-item"),
        # Direct speech opens with a dash in many languages.
        ("– Vi har inte tid, säger hon.", "paragraph"),
        ("— Пойдём домой, — сказал он.", "paragraph"),
        ("- On verra bien !", "paragraph"),
        ("—¿Quién es? —preguntó.", "paragraph"),
        ("-5 degrees at noon", "paragraph"),
        ("*Update:* the road is open", "paragraph"),
        ("***", "paragraph"),
        ("> I never said that.", "quote"),
        (">> I never said that.", "quote"),
        (">>> print(x)", "quote"),
        (">1 in 3 agree", "paragraph"),
        ("1. Prologue", "paragraph"),
        ("2015 was a good year", "paragraph"),
    ],
)
def test_how_a_line_begins_gives_its_kind(line: str, kind: str) -> None:
    assert kinds(f"Before it.\n{line}\nBehind it.") == ["paragraph", kind, "paragraph"]
    assert texts(f"Before it.\n  {line}\nBehind it.")[1] == line


def test_numbers_make_a_list_only_when_they_count_on() -> None:
    assert kinds("1. Flour\n2. Eggs\n\n3. Milk\nStir.") == ["list-item"] * 3 + ["paragraph"]
    assert kinds("1) Flour\n2) Eggs") == ["list-item"] * 2
    assert kinds("12. May was warm\n30. June was cold") == ["paragraph"] * 2
    assert kinds("7. Flour\n7. Eggs") == ["paragraph"] * 2


@pytest.mark.parametrize("width", [60, 66, 72, 79])
def test_hard_wrapped_prose_is_joined_and_keeps_its_line_ends(width: int) -> None:
    wrapped = [textwrap.fill(paragraph, width) for paragraph in PROSE]
    text = "HARBOUR NEWS\n\n" + "\n\n".join(wrapped) + "\n\nSee you soon,\nMaren\n"
    assert texts(text) == ["HARBOUR NEWS", *wrapped, "See you soon,", "Maren"]


def test_wrapped_prose_in_a_language_of_capitals_and_in_one_without() -> None:
    german = (
        "Die alte Mauer am Hafen ist fertig, und zum ersten Mal seit elf Jahren legen die Fähren"
        " wieder an der Südseite an. Niemand im Dorf hatte geglaubt, dass die Arbeit vor dem Geld"
        " enden würde, am wenigsten die Leiterin des Hafens, die über jedes Versprechen ein"
        " Tagebuch geführt hat. Bei der Eröffnung las sie daraus vor, und die Leute lachten dort,"
        " wo sie früher geschimpft hatten."
    )
    hebrew = "הספינה נכנסה לנמל לפני עלות השחר וכל הילדים רצו אל המזח כדי לראות אותה " * 6
    for prose in (german, hebrew):
        wrapped = textwrap.fill(prose, 70)
        assert wrapped.count("\n") >= 4
        assert texts(wrapped) == [wrapped]


POEM = """\
I saw the heron standing in the shallows where the river turns to grey,
And nothing in the reeds or in the water moved to send the bird away,
And all the light that fell upon the feathers seemed to come to stay,
And I went home and told you of the heron, and you heard me, and you lay
A long time looking at the painted ceiling, as if herons stood that way.
"""
HEADLINES = """\
Harbour Wall Finished After Eleven Years of Work and Broken Promises
Ferries Return to the South Side as Village Celebrates With Free Soup
Cold Store of the Fishing Cooperative Finds an Unlikely New Tenant
Puffin Tours Bring More Visitors to the Islands Than Ever Before Now
Opinion: What the Harbour Master's Diary Says About Public Building
"""
LIST = "\n".join(f"- {line.lower()}" for line in HEADLINES.splitlines())
TABLE = """\
herring          1,204 tonnes      down by four per cent     season closed
mackerel         3,911 tonnes      up by eleven per cent     season open
cod and haddock    210 tonnes      down by nine per cent     season closed
sprat               87 tonnes      same as last season       season open
spider crab         14 tonnes      up by two per cent        season open
"""
DIGESTS = "\n".join(f"{number:x}" for number in range(0xABC << 244, (0xABC << 244) + 8))
FREE_VERSE = """\
the heron stands where the river has gone grey and does not mind
that i have come down to look at it again
or that the reeds are brown and thin and the boats are all away
it lifts one foot and then it puts it down
in the same place as if there were no other place in all the world
to put a foot and so i go back home
and tell you of the heron and you hear me and say nothing for a while
"""
TWEETS = """\
so the ferries are back and i have been standing here since half past five
nobody told me that it would be this cold in may but at least there is soup
the harbour master is reading from her diary and oh wow the names she names
update they have run out of soup
update there is more soup
going home now, best day of the year so far, see you all on the south side
"""
MANY_SHORT = "\n".join(["One tweet a line, and short."] * 12)


@pytest.mark.parametrize(
    "text",
    [POEM, FREE_VERSE, HEADLINES, LIST, TABLE, DIGESTS, TWEETS, MANY_SHORT, "\n".join(PROSE * 4)],
    ids=[
        "poem",
        "free verse",
        "headlines",
        "list",
        "table",
        "digests",
        "tweets",
        "short",
        "a line each",
    ],
)
def test_lines_that_only_look_even_are_not_joined(text: str) -> None:
    assert texts(text) == [line.strip() for line in text.splitlines()]


def test_three_lines_prove_nothing() -> None:
    lines = textwrap.wrap(PROSE[0], 72)[:4]
    assert len(texts("\n".join(lines))) == 4


def test_an_address_that_sticks_out_does_not_hide_the_width() -> None:
    address = "https://harbour.example/" + "wall/" * 30
    wrapped = [textwrap.fill(paragraph, 72) for paragraph in PROSE * 3]
    text = "\n\n".join([*wrapped, f"{address}\nSee you there"])
    assert texts(text) == [*wrapped, address, "See you there"]


def test_wrapped_list_items_are_joined_only_where_a_blank_line_parts_them() -> None:
    wrapped = [textwrap.fill(paragraph, 72) for paragraph in PROSE * 2]
    items = [textwrap.fill(f"* {paragraph}", 72) for paragraph in PROSE]
    apart = "\n\n".join(wrapped + items)
    assert texts(apart) == wrapped + items
    assert kinds(apart) == ["paragraph"] * 4 + ["list-item"] * 2
    item = [
        "* the ferries tie up on the south side again and the children run down",
        "to the water and then back up to the bakery for something to be eaten",
    ]
    together = "\n\n".join([*wrapped, "\n".join(item * 3)])
    assert texts(together) == [*wrapped, *item * 3]


def test_a_poem_in_a_wrapped_book_keeps_its_verses() -> None:
    book = "\n\n".join([*(textwrap.fill(p, 72) for p in PROSE * 3), POEM.strip()])
    assert texts(book)[-5:] == POEM.splitlines()
    assert len(texts(book)) == 6 + 5


def test_the_fixture_articles_hold_one_paragraph_a_line() -> None:
    assert len(ARTICLES) == 5
    for path in ARTICLES:
        text = path.read_text(encoding="utf-8")
        assert texts(text) == [line.strip() for line in text.split("\n") if line.strip()]


def test_a_document_of_too_many_paragraphs_is_refused() -> None:
    settings = SplitSettings(max_paragraphs=3)
    assert len(split_text("a\nb\nc", settings)) == 3
    with pytest.raises(UnsplittableDocument, match="4 paragraphs, and 3 are allowed") as raised:
        split_text("a\nb\nc\nd", settings)
    assert raised.value.error == "too-many-paragraphs"


LINE = st.one_of(
    st.text(alphabet=" \tab.A1-–•>*\u00a0\u3000\x1f😀", max_size=12),
    st.sampled_from([*HEADLINES.splitlines(), *textwrap.wrap(PROSE[0], 70), "1. a", "2. b"]),
)


@given(st.lists(LINE, max_size=40).map("\n".join))
def test_paragraphs_tile_the_text(text: str) -> None:
    position = 0
    for number, paragraph in enumerate(split_text(text, SETTINGS)):
        assert paragraph.index == number
        assert text[position : paragraph.start].strip() == ""
        body = text[paragraph.start : paragraph.end]
        assert body
        assert body == body.strip()
        assert all(line.strip() for line in body.split("\n"))
        position = paragraph.end
    assert text[position:].strip() == ""
