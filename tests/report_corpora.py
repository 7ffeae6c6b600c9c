"""Corpora for tests of the report: news with copies of every kind, and text that attacks a page."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any, Final

_SITES: Final = [f"paper{number}.example" for number in range(24)]
_SYLLABLES: Final = (
    "ba",
    "der",
    "fi",
    "gol",
    "hen",
    "ju",
    "kar",
    "lim",
    "mo",
    "nes",
    "pra",
    "qui",
    "ros",
    "sta",
)
_WORDS: Final = [a + b + c for a in _SYLLABLES for b in _SYLLABLES for c in _SYLLABLES]
_NAMES: Final = [word.title() for word in _WORDS[7::19]]
_VERBS: Final = ("opened", "closed", "repaired", "painted", "measured", "visited", "bought", "sold")
ARABIC: Final = (
    "افتتح مجلس المدينة الجسر الجديد فوق النهر صباح يوم الاثنين بحضور عدد كبير من السكان والزوار."
)
HEBREW: Final = (
    "מועצת העיר פתחה ביום שני את הגשר החדש מעל הנהר בנוכחות תושבים ואורחים רבים מכל האזור."
)


def write_news(path: Path, documents: int, seed: int = 1) -> Path:
    """JSON Lines of made-up news: originals, whole copies, articles that share paragraphs."""
    chance = random.Random(seed)
    written: list[list[str]] = []
    with path.open("w", encoding="utf-8") as file:
        for number in range(documents):
            site = _SITES[min(int(chance.expovariate(0.2)), len(_SITES) - 1)]
            lines = _article(chance, number, written)
            record = {
                "id": f"news-{number:05d}",
                "url": f"https://{site}/{number}",
                "published": f"2024-{number % 12 + 1:02d}-{number % 28 + 1:02d}",
                "text": "\n".join(_page(chance, site, lines)),
            }
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
        file.write('{"id": "torn", "text": "half a rec\n')
        file.write('{"id": "empty", "text": "  "}\n')
    return path


def _article(chance: random.Random, number: int, written: list[list[str]]) -> list[str]:
    kind = chance.random()
    if written and kind < 0.12:
        return list(chance.choice(written))
    if number % 50 == 7:
        return [ARABIC + f" {number}"] * 2 + [HEBREW]
    lines = [_paragraph(chance) for _ in range(chance.randint(3, 6))]
    if written and kind < 0.4:
        lines[1:2] = [_changed(chance, line) for line in chance.choice(written)[:3]]
    if number % 40 == 3:
        lines += _told_again(chance)
    written.append(lines)
    return lines


def _paragraph(chance: random.Random) -> str:
    return " ".join(_sentence(chance) for _ in range(chance.randint(1, 3)))


def _sentence(chance: random.Random) -> str:
    some = [chance.choice(_WORDS) for _ in range(7)]
    return (
        f"The {some[0]} {some[1]} of {chance.choice(_NAMES)} was {chance.choice(_VERBS)} by the {some[2]}"
        f" {some[3]}, which had {chance.choice(_VERBS)} the {some[4]} {some[5]} beside the {some[6]}."
    )


def _told_again(chance: random.Random) -> list[str]:
    """A background that an article tells twice, in other words."""
    town, fund = chance.choice(_NAMES), chance.choice(_NAMES)
    return [
        f"{town} has been without a bridge since 2011, when the old one fell into the river in a storm, and"
        f" the town has waited for the {fund} Bridge Fund (ABF) ever since.",
        f"Since 2011, when a storm brought the old one into the river, {town} has waited without a bridge"
        f" for the {fund} Bridge Fund.",
    ]


def _changed(chance: random.Random, line: str) -> str:
    """The line, or a near-copy of it: one word is another."""
    if chance.random() < 0.4:
        return line
    words = line.split()
    at = chance.randrange(2, len(words) - 2)
    if words[at].islower() and words[at].isalpha():
        words[at] = chance.choice(_WORDS)
    return " ".join(words)


def _page(chance: random.Random, site: str, lines: list[str]) -> list[str]:
    title = (
        f"{chance.choice(_NAMES)} {chance.choice(_WORDS).title()} {chance.choice(_VERBS).title()}"
    )
    return [
        "12:17 GMT 16 February 2024",
        "Share this",
        title,
        *lines,
        "Read more",
        f"- {chance.choice(_NAMES)} {chance.choice(_WORDS).title()} Closes After Forty Years",
        f"You are reading the {site} edition, which readers of this region support with their gifts.",
        "© 2024 All rights reserved",
    ]


SCRIPT: Final = "<script>window.hit = 1; document.title = 'hit'</script>"
ATTACKS: Final = (
    SCRIPT,
    "</script><script>window.hit = 2</script>",
    '"><img src=x onerror="window.hit = 3">',
    "'><svg/onload=window.hit=4>",
    "<img src=https://evil.example/pixel.png>",
    "<link rel=stylesheet href=https://evil.example/a.css><style>@import 'https://evil.example/b'</style>",
    "<iframe srcdoc='<script>parent.hit = 5</script>'></iframe>",
    "<!-- --><base href=https://evil.example/><meta http-equiv=refresh content='0;url=https://evil.example'>",
    "{{ 7 * 7 }}{% for x in y %} ${alert(1)} javascript:window.hit=6",
    "a line\u2028and another\u2029 with \u202eoverride\u202c and \u2066isolate",
    "</p></div></article></section></main></body></html>",
    "<details open ontoggle=window.hit=7><summary>x</summary></details>",
    "<form action=https://evil.example><input name=search id=search autofocus onfocus=window.hit=8></form>",
    "\ud83d\ude00 \ufeff \u0085 \ufffe &lt;script&gt; &#x3c;script&#x3e; ]]> <![CDATA[ <xmp> <plaintext>",
)


def write_hostile(folder: Path) -> Path:
    """Records whose text, ids, addresses, titles and languages attack the page that shows them."""
    folder.mkdir(parents=True, exist_ok=True)
    records: list[dict[str, Any]] = []
    for number, attack in enumerate(ATTACKS):
        line = (
            f"The council of Arle opened the new bridge on Monday {number} {attack} said the mayor."
        )
        records += [_attacking(number, attack, line, copy) for copy in "ab"]
    page = (
        f'<html lang="ar" dir="rtl"><head><title>{SCRIPT}</title><meta name="author" content="{SCRIPT}">'
        f"</head><body><article><h1>{'&lt;script&gt;window.hit = 9&lt;/script&gt;'}</h1>"
        f"<p>{ARABIC}</p><p>{ARABIC} &lt;img src=x onerror=window.hit=10&gt;</p></article></body></html>"
    )
    records.append({"id": SCRIPT, "text": page})
    records.append(
        {"id": "javascript:window.hit=11", "url": "javascript:window.hit=12", "text": "A"}
    )
    lines = [json.dumps(record) for record in records]
    lines.append(f'{{"id": "torn {ATTACKS[2][2:]}')
    (folder / "records.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "<img src=x onerror=alert(1)>\u202etxt.bin").write_bytes(b"\x00\x01\x02" * 40)
    (folder / f"{ATTACKS[3].replace('/', '_')}.txt").write_text(f"{SCRIPT}\n" * 3, encoding="utf-8")
    return folder


def _attacking(number: int, attack: str, line: str, copy: str) -> dict[str, str]:
    lines = (
        f"Bridge {number} opens {attack}",
        line,
        f"{line} It was the {number}. bridge that {copy * 3} had opened there.",
        "x" * 3_000,
        f"© {attack} All rights reserved",
    )
    return {
        "id": f"{copy}{number}-{attack}",
        "url": f"https://paper.example/{attack}",
        "published": f"2024-01-0{1 if copy == 'a' else 2}",
        "text": "\n".join(lines),
    }
