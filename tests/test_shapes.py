"""Lines that their shape gives away, and sentences that only resemble them."""

from __future__ import annotations

import pytest

from transforms.patterns import PatternSet
from transforms.shapes import SHAPES

PATTERNS = PatternSet(SHAPES)

EXAMPLES = {
    "timestamp": """
        3 May 2021
        May 3rd, 2021 | Updated 10:15 a.m. EST
        Published: Monday, 3 May 2021 at 12:15
        2021-05-03 12:15
        vor 3 Stunden
        3 hours ago
        03.05.2021, 12:15 Uhr
        2021年5月3日
        10 августа 2021, 12:15
        Last updated on 3 May 2021 by the news desk""",
    "counter": """
        0
        1 204
        12 comments
        3.4K shares
        5 min read
        Comments (7)
        4.5/5
        $1,299.00
        12 комментариев""",
    "copyright": """
        © 2021 Harbour Gazette
        Copyright Harbour Gazette 2021
        All rights reserved.
        © Harbour Gazette. Alle Rechte vorbehalten.""",
    "credit": """
        Photo: Jane Miller
        Photo by Jane Miller / Harbour Gazette
        Image credit: Jane Miller
        © Jane Miller
        Jane Miller/Reuters
        Foto: dpa
        Courtesy of the harbour museum
        Getty Images""",
    "caption": """
        The mill before the fire. (Photo: Jane Miller)
        The mill on the morning after the fire. (AP Photo/Jane Miller)
        The mill before the fire. Credit: Jane Miller
        The mill on the morning after the fire in the old harbour. Photograph by Jane Miller
        Top image: the mill, seen from the harbour wall, before the fire.
        Firemen leave the ruins of the old mill in the harbour. Jane Miller/Getty Images""",
    "image-placeholder": """
        image
        [photo]
        Image 3 of 12
        mill-fire.jpg""",
    "source-label": """
        harbourgazette.example
        www.harbour.example
        https://harbour.example/news?id=3
        Source: Harbour Gazette
        Originally published in the Harbour Gazette""",
    "byline": """
        By Jane Miller
        By Jane Miller and Peter van der Berg, Harbour Correspondent
        Von Anna Schmidt
        Written by
        Edited by Jane Miller
        Editor: Jane Miller""",
}

SENTENCES = """
    In May 2021 the mill burnt down.
    May is the best month for it.
    Ten people commented on the plan.
    12 people were hurt when the roof fell in.
    Copyright claims rose in 2019, the office said.
    Photographs show how high the water stood.
    The rights of the owners were reserved in the contract.
    “We are ready,” he said. (Reuters)
    Editors at the paper said they would not comment.
    By the time the fire brigade came, the roof had gone.
    The source of the river is in the hills.
    Why the Old Mill Had to Burn
    Police: Chase Ends in the Harbour
    What We Know So Far
    Number 12 wins again"""


def rows(table: str) -> list[str]:
    return [line.strip() for line in table.strip().splitlines()]


@pytest.mark.parametrize(
    ("reason", "line"),
    [(reason, line) for reason, table in EXAMPLES.items() for line in rows(table)],
)
def test_a_shape_gives_its_line_away(reason: str, line: str) -> None:
    found = PATTERNS.match(line, len(line.split()))
    assert found is not None
    assert found.reason == reason


@pytest.mark.parametrize("line", rows(SENTENCES))
def test_sentences_and_headlines_have_no_shape(line: str) -> None:
    assert PATTERNS.match(line, len(line.split())) is None
