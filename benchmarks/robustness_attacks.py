"""Documents made to cost much: what :mod:`benchmarks.robustness_time` measures.

Each attack is a function of a size in bytes, so that it can be made twice as large.  All of them
are made here: words are invented, and the same size gives the same bytes.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Final, NamedTuple

World = str
"""What an attack is compared with: "text", "page", or the ending of the name of a file."""

_CONSONANTS: Final = "bdfgklmnprstvz"
_VOWELS: Final = "aeiou"
_SYLLABLES: Final = [one + other for one in _CONSONANTS for other in _VOWELS]
_COMMON_WORDS: Final = "the of a in and to was for on that with as it by had from at were has"
_COMMON: Final = _COMMON_WORDS.split()
_SEED: Final = 1


class Attack(NamedTuple):
    """A document that is made to cost much."""

    name: str
    world: World
    make: Callable[[int], Sequence[bytes]]
    """The documents of a corpus, mostly one, of about so many bytes together."""


def word(number: int, syllables: int = 3) -> str:
    """A word that no other number has."""
    parts = []
    for _ in range(syllables):
        number, part = divmod(number, len(_SYLLABLES))
        parts.append(_SYLLABLES[part])
    return "".join(parts)


def _dice(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  nothing secret


def until(parts: Iterator[str], size: int, joint: str = "") -> str:
    """Parts until they have so many characters."""
    found, length = [], 0
    for part in parts:
        if length >= size:
            break
        found.append(part)
        length += len(part) + len(joint)
    return joint.join(found)


def _sentence(chance: random.Random) -> str:
    words = []
    for _ in range(chance.randint(8, 24)):
        draw = chance.random()
        if draw < 0.4:
            words.append(chance.choice(_COMMON))
        elif draw < 0.93:
            # Zipf's law, near enough.
            words.append(word(int(20_000 ** chance.random())))
        elif draw < 0.97:
            words.append(word(int(2_000 ** chance.random())).capitalize())
        else:
            words.append(str(chance.randint(1, 3_000)))
    return " ".join(words).capitalize() + "."


def _paragraphs(chance: random.Random) -> Iterator[str]:
    while True:
        yield " ".join(_sentence(chance) for _ in range(chance.randint(2, 5)))


def ordinary_text(size: int) -> bytes:
    """A text as news are: paragraphs of a few sentences with names and numbers."""
    return until(_paragraphs(_dice(_SEED)), size, "\n\n").encode()


def ordinary_page(size: int) -> bytes:
    """A page as news sites make them: a tenth is text, with a menu, links and scripts around it."""
    chance = _dice(_SEED)

    def blocks() -> Iterator[str]:
        for paragraph in _paragraphs(chance):
            yield f'<div class="block block--text" data-component="text"><p>{paragraph}</p></div>'
            if chance.random() < 0.3:
                link = word(chance.randint(1, 9_999))
                yield (
                    f'<li class="menu__item"><a class="menu__link" href="/news/{link}">'
                    f"{link.capitalize()}</a></li>"
                )

    return page(until(blocks(), size))


def page(body: str, head: str = "") -> bytes:
    """A page around a body."""
    return (
        f"<!DOCTYPE html><html><head><title>Bridge</title>{head}</head><body>{body}</body></html>"
    ).encode("utf-8", "surrogatepass")


def _lines(make: Callable[[int], str]) -> Callable[[int], Sequence[bytes]]:
    """A text with lines that are told apart by their numbers."""
    return lambda size: [until(map(make, count()), size, "\n").encode("utf-8", "surrogatepass")]


def _row(make: Callable[[int], str], joint: str = " ") -> Callable[[int], Sequence[bytes]]:
    """A text of one line."""
    return lambda size: [until(map(make, count()), size, joint).encode("utf-8", "surrogatepass")]


def _run(unit: str, before: str = "", behind: str = "") -> Callable[[int], Sequence[bytes]]:
    """One unit over and over."""

    def make(size: int) -> Sequence[bytes]:
        whole = before + unit * (size // len(unit.encode("utf-8", "surrogatepass"))) + behind
        return [whole.encode("utf-8", "surrogatepass")]

    return make


def _raw(unit: bytes, before: bytes = b"") -> Callable[[int], Sequence[bytes]]:
    return lambda size: [before + unit * (size // len(unit))]


def _body(unit: str, before: str = "", behind: str = "") -> Callable[[int], Sequence[bytes]]:
    """A page of one piece of markup over and over."""

    def make(size: int) -> Sequence[bytes]:
        return [page(before + unit * (size // len(unit.encode())) + behind)]

    return make


def _bodies(
    make: Callable[[int], str], before: str = "", behind: str = ""
) -> Callable[[int], Sequence[bytes]]:
    """A page of pieces of markup that are told apart by their numbers."""
    return lambda size: [page(before + until(map(make, count()), size) + behind)]


def _varied(words: int, family: int, *, figure: bool = False) -> Callable[[int], Sequence[bytes]]:
    """Families of lines with one word of many another one in each."""

    def line(number: int) -> str:
        own, member = divmod(number, family)
        base = [word(own * words + at + 10) for at in range(words)]
        base[words // 2] = str(member + 10) if figure else word(member + 90_000)
        return " ".join(base).capitalize() + "."

    return _lines(line)


def _shuffled(words: int, family: int, changed: int) -> Callable[[int], Sequence[bytes]]:
    """Families of lines with the same names and words in another order, but for a few."""

    def line(number: int) -> str:
        own, member = divmod(number, family)
        chance = _dice(number)
        base = [word(own * words + at + 10) for at in range(words)]
        for place in range(0, words, 3):
            base[place] = base[place].capitalize()
        for at in range(changed):
            base[chance.randrange(words)] = word(member * changed + at + 90_000)
        chance.shuffle(base)
        return "The " + " of the ".join(base) + "."

    return _lines(line)


def _twins(words: Callable[[int], str]) -> Callable[[int], Sequence[bytes]]:
    """Two long lines that say the same in another order, and a short one."""

    def make(size: int) -> Sequence[bytes]:
        base = until(map(words, count(10)), size // 2, " ").split()
        other = base[:]
        _dice(_SEED).shuffle(other)
        return [f"The {' '.join(base)}.\nA {' '.join(other)}.\nThat was it.".encode()]

    return make


_OPPOSED: Final = """
rose fell he she former current before after more less up down in out buy sell win lose open close
first last north south east west left right war peace rich poor hot cold big small long short high
low fast slow strong weak full empty hard easy cheap expensive deep shallow thick thin safe
dangerous good bad clean dirty public private gain loss supply demand
"""
_OPPOSITES: Final = _OPPOSED.split()


def _opposed(number: int) -> str:
    chance = _dice(number // 40)
    base = [chance.choice(_OPPOSITES) for _ in range(30)]
    base[number % 30] = word(number + 90_000)
    return "The " + " ".join(base) + "."


def _corpus(make: Callable[[int], bytes], each: int) -> Callable[[int], Sequence[bytes]]:
    return lambda size: [make(number) for number in range(size // each)]


def _streamed(size: int) -> Sequence[bytes]:
    """Parts of a streamed page, and their places at the bottom of a deep nest."""
    number = size // 90
    deep = 900
    places = "".join(f'<template id="P:{at:x}"></template>' for at in range(number))
    parts = "".join(f'<div hidden id="S:{at:x}"><p>Part</p></div>' for at in range(number))
    return [page("<div>" * deep + places + "</div>" * deep + parts)]


def _chained(size: int) -> Sequence[bytes]:
    """Parts of a streamed page of which each holds the place of the next."""
    return [
        page(
            '<template id="P:0"></template>'
            + until(
                (
                    f'<div hidden id="S:{at:x}"><p>Part</p><template id="P:{at + 1:x}"></template>'
                    "</div>"
                    for at in count()
                ),
                size,
            )
        )
    ]


def _bylines(size: int) -> Sequence[bytes]:
    return [page("<span itemprop=author>" * 100 + "ann " * (size // 4) + "</span>" * 100)]


def _nested(*tags: str, times: int) -> Callable[[int], Sequence[bytes]]:
    """Columns of elements inside each other."""
    opened = "".join(f"<{tag}>" for tag in tags) * times
    closed = "".join(f"</{tag.split()[0]}>" for tag in reversed(tags)) * times
    unit = f"{opened}fog{closed}"
    return _body(unit)


def _words_of(number: int) -> str:
    return word(number)


_PLAIN: Final[dict[str, Callable[[int], Sequence[bytes]]]] = {
    # Runs of each class of characters.
    "letters without a space": _run("ab"),
    "capitals without a space": _run("AB"),
    "digits without a space": _run("17"),
    "spaces": _run(" ", "a", "b"),
    "tabs and spaces": _run("\t ", "a", "b"),
    "line ends": _run("\n", "a", "b"),
    "CRLF": _run("a\r\n"),
    "NBSP": _run("\xa0", "a", "b"),
    "full stops": _run(".", "a"),
    "commas": _run(",", "a"),
    "hyphens": _run("-", "a"),
    "apostrophes in a word": _run("a'"),
    "quotation marks": _run('"', "a"),
    "opening quotes": _run(" 'a", "a"),
    "curly quotes": _run("“a” ", "a"),
    "ampersands": _run("&", "a"),
    "escaped over and over": _run("amp;", "a &", "nbsp; b"),
    "entities": _run("&eacute;"),
    "broken entities": _run("&#38"),
    "angles opened": _run("<a", "a "),
    "angles nested": _run("<a ", "a "),
    "angles around words": _run("<a> ", "b "),
    "brackets": _run("(", "a"),
    "pluses behind capitals": _run("A+ "),
    "scores": _run("3-2 "),
    "dashes and digits": _run("-1"),
    "signed numbers": _run(" -1"),
    "points between digits": _run("1.", "", "1"),
    "thousands": _run("1,000,000 "),
    "one figure of thousands": _run(",000", "1"),
    "fractions": _run("1/2 "),
    "numerals": _run("twenty-one thousand and "),
    "initials": _run("U.S."),
    "dates": _run("12 May 2019, "),
    "a stamp a line": _lines(lambda n: f"{n % 28 + 1} May 2019 {n % 24}:{n % 60:02d}"),
    "addresses": _row(lambda n: f"https://example.org/{n}"),
    "one long address": _run("a/", "https://example.org/"),
    "mail addresses": _run("a@b.c "),
    "carets and slashes": _run("^/", "a"),
    # Beyond ASCII.
    "accents": _run("é"),
    "combining marks": _run("\u0301", "a"),
    "letters with 30 marks": _run("a" + "\u0323\u0301" * 15),
    "Hangul apart": _run("\u1112\u1161\u11ab"),
    "zero-width spaces": _run("a\u200b"),
    "joiners": _run("\u200d", "क", "क"),
    "joined emoji": _run("👩\u200d"),
    "tag characters": _run("\U000e0061", "a"),
    "soft hyphens": _run("a\xad"),
    "directional marks": _run("\u202ea\u202c"),
    "controls": _run("abcdefghijklmnopqrstuvwxyz\x01"),
    "C1 controls": _run("a\x85\x86"),
    "lone surrogates": _run("a\ud800"),
    "Chinese without a space": _run("桥在城里"),
    "Chinese numerals": _run("三十五"),
    "Thai": _run("ไม่สะพาน"),
    "Arabic": _row(lambda n: "".join(chr(0x627 + (n >> s) % 30) for s in (0, 5, 10, 15))),
    "Arabic digits": _row(lambda n: "".join(chr(0x660 + int(d)) for d in str(n))),
    "Arabic digits with points": _run("\u0661."),
    "fractions of one sign": _run("6½"),
    "superscripts": _run("m²"),
    "full-width": _run("ＡＢ"),
    "emoji": _run("😀👍"),
    "stars": _run("★☆"),
    "every character of Unicode": _row(
        lambda n: chr(0x100 + n % 0xD000) if n % 0xD000 < 0xD000 - 0x100 else "a", ""
    ),
    "mojibake once": _run("Ã©t "),
    "mojibake of mojibake": _run("ÃƒÂƒÃ‚Â©"),
    "mojibake that goes on": _run("\x83", "Ã"),
    "mojibake pieces": _run("Ã\xa0Â\u200b"),
    "mojibake lines": _lines(lambda n: f"â€œ{word(n)}â€\x9d"),
    # Bytes.
    "bytes of no charset": _raw(b"ab\xff\xfe\x81 "),
    "bytes of windows-1252": _raw(b"caf\xe9 "),
    "bytes of KOI8-R": _raw("мост через реку ".encode("koi8-r")),
    "bytes of Shift_JIS": _raw("橋は古い。".encode("shift_jis")),
    "bytes of UTF-16": _raw("a bridge ".encode("utf-16-le"), b"\xff\xfe"),
    "UTF-8 with bad bytes": _raw("Ü ber ".encode() * 20 + b"\xff"),
    "escapes of ISO-2022-JP": _raw(b"\x1b$B8E$$\x1b(B"),
    # Lines and paragraphs.
    "one-word lines": _lines(lambda n: word(n)),
    "one line over and over": _run("The town council voted on Monday for a bridge.\n"),
    "one short line over and over": _run("Share\n"),
    "numbered lines": _lines(lambda n: f"{n % 1000}. Item"),
    "bullets": _lines(lambda n: f"• {word(n)}"),
    "quoted lines": _run("> " * 30 + "a\n"),
    "all headlines": _lines(
        lambda n: " ".join(word(n * 7 + at).capitalize() for at in range(7)),
    ),
    "related headings": _lines(lambda n: "Read more" if n % 2 else f"{word(n)} {word(n + 1)} a b"),
    "questions": _lines(lambda n: f"{word(n).capitalize()} {word(n + 7)} the bridge?"),
    "enumerations": _row(lambda n: f"{word(n).capitalize()} {word(n + 5).capitalize()},"),
    "enumerations a line": _lines(
        lambda n: ", ".join(word(n * 5 + at).capitalize() for at in range(5))
    ),
    "wrapped lines": _lines(
        lambda n: (
            f"{word(n)} {word(n + 1)} {word(n + 2)} {word(n + 3)} {word(n + 4)} {word(n + 5)}"
            f" {word(n + 6)} {word(n + 7)} {word(n + 8)} {word(n + 9)}"
        )
    ),
    "one word over and over": _run("bridge "),
    "distinct words": _row(word),
    "distinct capitals": _row(lambda n: word(n).capitalize()),
    "distinct numbers": _row(str),
    "distinct numbers with units": _row(lambda n: f"{n} {word(n)}"),
    "opposites": _row(lambda n: _OPPOSITES[n % len(_OPPOSITES)]),
    "denials": _run("isn't not never "),
    "abbreviations": _row(
        lambda n: (
            f"{word(n).capitalize()} {word(n * 7 + 1).capitalize()} Fund"
            f" ({word(n)[0].upper()}{word(n * 7 + 1)[0].upper()}F)"
        )
    ),
    "one abbreviation, many long forms": _lines(
        lambda n: (
            f"We saw the A{word(n)} B{word(n * 3)} Fund (ABF) there with A{word(n + 1)} on it."
        )
    ),
    "derived names": _row(lambda n: f"a {word(n).capitalize()}ian"),
    # Pairs of paragraphs.
    "20 words, one another, one family": _varied(20, 1 << 30),
    "20 words, one another, families of 65": _varied(20, 65),
    "20 words, one figure another, one family": _varied(20, 1 << 30, figure=True),
    "20 words, one figure another, families of 65": _varied(20, 65, figure=True),
    "8 words, one another, families of 65": _varied(8, 65),
    "60 words, one another, families of 65": _varied(60, 65),
    "500 words, one another, families of 65": _varied(500, 65),
    "told again, families of 65": _shuffled(18, 65, 2),
    "told again, one family": _shuffled(18, 1 << 30, 2),
    "told again, families of 8": _shuffled(18, 8, 2),
    "told again, short": _shuffled(8, 65, 1),
    "told again, long": _shuffled(200, 65, 20),
    "told again, the same words": _shuffled(18, 1 << 30, 0),
    "two long lines that say the same": _twins(_words_of),
    "two long lines of names": _twins(lambda n: f"{word(n)} {word(n + 1).capitalize()}"),
    "two long lines of numbers": _twins(lambda n: f"{word(n)} {word(n * 3)} {n}"),
    "opposites, families of 40": _lines(_opposed),
}

_MARKUP: Final[dict[str, Callable[[int], Sequence[bytes]]]] = {
    "siblings": _body("<p>fog</p>"),
    "empty siblings": _body("<i></i>", "fog"),
    "line breaks": _body("<br>", "fog", "fog"),
    "words with line breaks": _bodies(lambda n: f"{word(n)}<br>"),
    "unclosed paragraphs": _body("<p>fog"),
    "unclosed divs": _body("<div>fog"),
    "unclosed bold": _body("<b>fog"),
    "unclosed links": _body("<a href=x>fog"),
    "misnested": _body("<b><p>fog</b></p>"),
    "misnested tables": _body("<table><tr><b><td>fog</table>"),
    "only end tags": _body("</p>"),
    "angles": _body("<", "fog"),
    "unfinished tags": _body("<a ", "fog"),
    "nested 900 deep": _nested("div", times=900),
    "nested spans": _nested("span", times=900),
    "nested tables": _nested("table", "tr", "td", times=200),
    "nested lists": _nested("ul", "li", times=400),
    "nested links": _nested("div", "a href=x", times=400),
    "nested quotes": _nested("blockquote", "p", times=400),
    "deep nest, wide bottom": _body("<p>fog</p>", "<div>" * 900, "</div>" * 900),
    "one element of many attributes": lambda size: [
        page("<p " + until((f'a{n}="1" ' for n in count()), size) + ">fog</p>")
    ],
    "many attributes each": _bodies(
        lambda n: "<p " + " ".join(f'd{at}="{n}"' for at in range(20)) + ">fog</p>"
    ),
    "one long attribute": lambda size: [page(f'<p class="{"a " * (size // 2)}">fog</p>')],
    "long classes": _bodies(lambda n: f'<p class="{word(n)} {"x" * 1000}">fog</p>'),
    "styles": _body('<p style="color:red; display :  nonee">fog</p>'),
    "hidden elements": _body("<div hidden><p>fog</p></div>", "<p>bridge</p>"),
    "hidden articles": _bodies(
        lambda _: (
            "<div hidden>"
            + f"<p>{'The town council voted on Monday for a new bridge over it.' * 2}</p>" * 5
            + "</div>"
        ),
        "<p>bridge</p>",
    ),
    "one long text": _body("fog on the bridge ", "<p>", "</p>"),
    "one long word": _body("fog", "<p>", "</p>"),
    "one long text of entities": _body("&#252;&amp;&lt;", "<p>", "</p>"),
    "broken entities": _body("&amp", "<p>", "</p>"),
    "text in inline elements": _body("<b>f</b><i>o</i>", "<p>", "</p>"),
    "one link a word": _bodies(lambda n: f'<a href="/{n}">{word(n)}</a> ', "<p>", "</p>"),
    "a page of links": _bodies(lambda n: f'<li><a href="/{n}">{word(n)} {word(n + 9)}</a></li>'),
    "tables": _body("<table><tr><td>1<td>2</table>"),
    "one table": _bodies(lambda n: f"<tr><td>{word(n)}<td>{n}", "<table>", "</table>"),
    "one row": _bodies(lambda n: f"<td>{word(n)}", "<table><tr>", "</table>"),
    "images": _body('<img src="a.png" alt="fog">', "<p>fog</p>"),
    "comments": _body("<!-- fog -->", "<p>fog</p>"),
    "scripts": _body("<script>var a = 1;</script>", "<p>fog</p>"),
    "one script": _body("var a = '<p>';", "<p>fog</p><script>", "</script>"),
    "headings": _bodies(lambda n: f"<h1>{word(n)} {word(n + 3)} bridge</h1>"),
    "headings and prose": _bodies(
        lambda n: f"<h2>{word(n)}</h2><p>{word(n)} was on the {word(n + 7)} bridge in the town.</p>"
    ),
    "forms": _body("<form><label>fog<input></label></form>"),
    "divs of text": _bodies(lambda n: f"<div>{word(n)} of the bridge</div>"),
    "spans of text": _bodies(lambda n: f"<span>{word(n)} of the bridge. </span>"),
    "paragraphs of one site": _bodies(
        lambda n: (
            f'<article><div class="post"><p>{word(n)} {word(n + 5)} it was.</p></div></article>'
        )
    ),
    "definition lists": _bodies(lambda n: f"<dt>{word(n)}<dd>{word(n + 1)} fog", "<dl>", "</dl>"),
    "preformatted": _body("a  b\n", "<pre>", "</pre>"),
    "streamed parts, deep": _streamed,
    "streamed parts in a chain": _chained,
    "bylines around it all": _bylines,
    "dates": _body("<time itemprop=datePublished datetime='2019-05-31'>x</time>", "<p>fog</p>"),
    "metas": lambda size: [
        page("<p>fog</p>", "<meta name=author content='Ann Lee'>" * (size // 40))
    ],
    "linked data, wide": lambda size: [
        page(
            "<p>fog</p>",
            '<script type="application/ld+json">['
            + ",".join(
                f'{{"@type":"NewsArticle","author":{{"name":"{word(n)}"}}}}'
                for n in range(size // 55)
            )
            + "]</script>",
        )
    ],
    "linked data, deep": lambda size: [
        page(
            "<p>fog</p>",
            '<script type="application/ld+json">' + '{"a":' * (size // 6) + "1</script>",
        )
    ],
    "linked data, one author list": lambda size: [
        page(
            "<p>fog</p>",
            '<script type="application/ld+json">{"@type":"Article","author":['
            + ",".join(f'"{word(n)}"' for n in range(size // 9))
            + "]}</script>",
        )
    ],
    "linked data, broken": lambda size: [
        page("<p>fog</p>", '<script type="application/ld+json">{"a":"' + "\\" * size + "</script>")
    ],
    "zero-width in blocks": _body("<p>f\u200bo\xa0g</p>"),
    "line ends in blocks": _body("<p>f\u2028o\x85g</p>"),
    "mojibake in blocks": _body("<p>Ã\xa0Â\u200bÃ©</p>"),
    "mojibake that ends lines": _bodies(lambda n: f"<p>Ã\x83Â\x85 {word(n)} \x85</p>"),
    "combining marks in a block": _body("\u0301", "<p>a", "</p>"),
    "right to left": _body("<p dir=rtl>\u202eשלום\u202c</p>"),
}

_ARTICLE: Final = "The town council voted on Monday for the bridge over the Arle, said {0} of {1}."

_CORPORA: Final[dict[str, Callable[[int], Sequence[bytes]]]] = {
    "documents of one line, one another each": _corpus(
        lambda n: _ARTICLE.format(word(n).capitalize(), word(n * 7)).encode(), 90
    ),
    "documents of one line, all the same": _corpus(
        lambda _: _ARTICLE.format("Ann", "it").encode(), 80
    ),
    "documents of one word": _corpus(lambda n: word(n).encode(), 6),
    "near-copies of one document": _corpus(
        lambda n: "\n".join(
            _ARTICLE.format(word(at), word(at + 1 if at != n % 20 else n + 500)) for at in range(20)
        ).encode(),
        1_700,
    ),
}


def attacks() -> list[Attack]:
    """All of them."""
    return [
        *(Attack(name, "text", make) for name, make in _PLAIN.items()),
        *(Attack(f"<{name}>", "page", make) for name, make in _MARKUP.items()),
        *(Attack(f"corpus: {name}", "text", make) for name, make in _CORPORA.items()),
    ]
