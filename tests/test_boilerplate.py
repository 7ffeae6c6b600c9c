"""The judge: documents whose lines carry their verdicts."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.boilerplate import Judge, judge
from transforms.document import Document, Judgement, Kind, Markup
from transforms.paragraphs import split_text
from transforms.settings import JudgeSettings, SplitSettings

SETTINGS = JudgeSettings()
FIXTURES = Path(__file__).parents[1] / "fixtures"

# Each line says what it is: a kind if it stays, a reason if it goes.
NEWS = """
    navigation | Home
    navigation | Skip to main content
    timestamp | 12:15 GMT, 3 May 2021
    caption | Smoke over the harbour seen from the deck of the morning ferry
    title | Fire Destroys Old Paper Mill in the Harbour
    byline | By Jane Miller, Harbour Correspondent
    credit | Photo: Jane Miller
    section-label | Local
    share-widget | Share on Facebook
    counter | 12 comments
    paragraph | A fire destroyed the old paper mill in the harbour on Sunday, the town said.
    paragraph | Nobody was hurt. The mill had been empty since 2009 and was to be pulled down.
    related-link | Read more: Council Votes for New Bridge Over the River
    heading | Second Fire in a Year
    paragraph | “It is the second fire in the harbour within a year,” said the chief of police.
    image-placeholder | image
    advertisement | Advertisement
    paragraph | The owners had asked the town three times to pay for a fence around the mill.
    caption | The mill on the morning after. (Photo: Jane Miller)
    paragraph | The police asked everyone who saw something near the mill to come forward.
    tag-list | Harbour, Fire Service, Paper Mill
    author-bio | Jane Miller is a reporter for the Harbour Gazette and writes about the islands.
    related-heading | You may also like
    related-link | Ferry Line Closes After Forty Years
    related-link | Island School Gets New Roof
    subscription | Sign up for our daily newsletter
    cookie-notice | This website uses cookies to remember you.
    source-label | harbourgazette.example
    copyright | © 2021 Harbour Gazette. All rights reserved."""

GERMAN = """
    navigation | Startseite
    share-widget | Teilen
    title | Brand zerstört alte Papiermühle am Hafen
    byline | Von Anna Schmidt
    timestamp | 03.05.2021, 12:15 Uhr
    paragraph | Ein Feuer hat in der Nacht zum Montag die alte Papiermühle am Hafen zerstört.
    paragraph | Verletzt wurde niemand. „Das Gebäude stand leer“, sagte ein Sprecher der Stadt.
    paragraph | Die Polizei schließt Brandstiftung nicht aus, denn es hatte schon zweimal gebrannt.
    related-heading | Lesen Sie auch
    related-link | Neue Brücke über den Fluss beschlossen
    related-link | Busfahrer drohen mit Streik"""

CHINESE = """
    navigation | 首页
    title | 老造纸厂在港口被大火烧毁
    timestamp | 2021年5月3日
    paragraph | 消防部门周一表示，港口的老造纸厂在周日夜间被一场大火烧毁，没有人员受伤。
    paragraph | 这座造纸厂自二〇〇九年以来一直空置，市政府此前曾三次拒绝为厂区修建围栏。
    paragraph | 警方请求当晚在造纸厂附近看到可疑情况的市民提供线索，不排除有人纵火的可能。
    related-heading | 相关阅读
    related-link | 跨河大桥建设方案获得通过
    related-link | 轮渡航线将于明年停运"""

ARABIC = """
    navigation | الرئيسية
    title | حريق يدمر مصنع الورق القديم في الميناء
    paragraph | دمر حريق مصنع الورق القديم في الميناء ليلة الأحد، كما أعلنت إدارة الإطفاء أمس.
    paragraph | وقالت الشرطة إن المصنع كان خاليا منذ سنوات، فهل كان حريق الميناء متعمدا فعلا؟
    related-heading | اقرأ أيضا"""

ARTICLE = """
    title | Fire Destroys Old Paper Mill in the Harbour
    paragraph | A fire destroyed the old paper mill in the harbour on Sunday, the town said.
    paragraph | Nobody was hurt. The mill had been empty since 2009 and was to be pulled down.
    paragraph | The police asked everyone who saw something near the mill to come forward."""

HEADLESS = (
    ARTICLE
    + """
    related-link | Council Votes for New Bridge Over the River
    related-link | Ferry Line Closes After Forty Years
    related-link | Island School Gets New Roof"""
)

COMMENTS = (
    ARTICLE
    + """
    comment | Comments
    comment | Peter says:
    comment | I used to work there and I still cannot believe that it is really gone now.
    timestamp | 4 May 2021 at 10:15
    comment | Reply
    comment | Anna says:
    comment | My father as well, for thirty years, and he never had a good word for the owners.
    timestamp | 5 May 2021 at 11:20"""
)

SHORT = """
    section-label | Harbour Gazette
    title | Old Paper Mill Burns Down
    paragraph | A fire destroyed the old paper mill in the harbour on Sunday, the town said.
    tag-list | Tags: fire, mill, harbour"""


def texts_of(corpus: str) -> list[str]:
    return [row.partition(" | ")[2] for row in corpus.strip().splitlines()]


def document(text: str, *, title: str | None = None) -> Document:
    return Document(
        id="d",
        source="d.txt",
        record=None,
        text=text,
        encoding="utf-8",
        changes={},
        replaced_at=(),
        paragraphs=split_text(text, SplitSettings()),
        title=title,
    )


def page(*blocks: tuple[str, Kind, bool]) -> Document:
    """A page of blocks: text, kind, whether extraction kept it."""
    text = document("\n".join(text for text, _, _ in blocks))
    paragraphs = (
        msgspec.structs.replace(
            paragraph,
            kind=kind,
            markup=Markup(path="p", link_density=0.0, extracted=extracted),
        )
        for paragraph, (_, kind, extracted) in zip(text.paragraphs, blocks, strict=True)
    )
    return msgspec.structs.replace(text, paragraphs=tuple(paragraphs))


def said(judgement: Judgement) -> str:
    return judgement.reason or judgement.kind


def judge_text(text: str, settings: JudgeSettings = SETTINGS) -> list[str]:
    return [said(judgement) for judgement in judge(document(text), settings)]


@pytest.mark.parametrize(
    "corpus", [NEWS, GERMAN, CHINESE, ARABIC, HEADLESS, COMMENTS, SHORT], ids=range(7)
)
def test_every_line_is_what_it_says(corpus: str) -> None:
    rows = [row.strip().partition(" | ") for row in corpus.strip().splitlines()]
    verdicts = judge_text("\n".join(text for _, _, text in rows))
    judged = [f"{verdict} | {text}" for verdict, (_, _, text) in zip(verdicts, rows, strict=True)]
    assert judged == [" | ".join((expected, text)) for expected, _, text in rows]


def test_the_five_articles_are_judged_like_the_gold_verdicts() -> None:
    for row in map(json.loads, (FIXTURES / "gold.jsonl").read_text("utf-8").splitlines()):
        text = (FIXTURES / "articles" / f"{row['document']}.txt").read_text("utf-8")
        gold = {line["line"]: line for line in row["lines"]}
        # What later steps remove as a duplicate is to the judge what its original is.
        expected = [gold[line.get("of_line", number)].get("kind") for number, line in gold.items()]
        verdicts = [line["verdict"] for line in gold.values()]
        judged = judge(document(text), SETTINGS)
        assert [said(judgement) for judgement in judged] == expected
        assert [judgement.verdict == "boilerplate" for judgement in judged] == [
            verdict == "boilerplate" for verdict in verdicts
        ]


def test_a_repeated_article_is_no_boilerplate() -> None:
    article = "\n".join(texts_of(ARTICLE))
    judged = judge(document(article + "\n" + article), SETTINGS)
    assert {judgement.verdict for judgement in judged} == {"keep"}
    assert [judgement.kind for judgement in judged].count("title") == 2


@pytest.mark.parametrize(
    "text",
    [
        "Hello world",
        "Roses are red\nViolets are blue,\nSugar is sweet\nAnd so are you.",
        "Things to Pack\n1. A warm sweater\n2. A map\n3. Good shoes\n4. A torch\n5. Matches",
        "春眠不觉晓\n处处闻啼鸟\n夜来风雨声\n花落知多少",
    ],
)
def test_without_running_text_only_patterns_go(text: str) -> None:
    assert all(j.verdict == "keep" for j in judge(document(text), SETTINGS))
    *kept, date = judge(document(text + "\n3 May 2021"), SETTINGS)
    assert all(judgement.verdict == "keep" for judgement in kept)
    assert date.reason == "timestamp"


def test_nothing_is_judged_as_nothing() -> None:
    assert judge(document(""), SETTINGS) == ()


def test_headings_and_lists_of_the_article_stay() -> None:
    recipe = """Plum Cake
This cake is quick to make and it keeps for a week if you wrap it well and leave it alone.
Ingredients
200 g flour
100 g butter
500 g plums
Method
Mix the flour and the butter with your fingers until it looks like crumbs, then add the eggs.
Press the dough into a tin, lay the plums on it and bake the cake for forty minutes."""
    assert all(j.verdict == "keep" for j in judge(document(recipe), SETTINGS))


PROSE = "A fire destroyed the old paper mill in the harbour on Sunday night, the fire service said."
OTHER = "The new bridge over the river will be built next year, the council of the islands said."
TEASER = "All that we know about the fire in the old paper mill"


def test_the_extraction_of_a_page_is_evidence() -> None:
    article: list[tuple[str, Kind, bool]] = [(PROSE, "paragraph", True), (OTHER, "paragraph", True)]
    points = [
        judge(page(*article, (TEASER, "paragraph", extracted)), SETTINGS)[2].evidence["points"]
        for extracted in (False, True)
    ]
    assert isinstance(points[0], int)
    assert isinstance(points[1], int)
    assert points[0] < points[1]


def test_a_page_without_an_article_is_said_to_have_none() -> None:
    teasers: list[tuple[str, Kind, bool]] = [
        (f"The council of island {number} votes for a new bridge", "paragraph", False)
        for number in range(40)
    ]
    index = page(*teasers)
    paragraphs = tuple(
        msgspec.structs.replace(
            paragraph, markup=Markup(path="li > a", link_density=1.0, extracted=False)
        )
        for paragraph in index.paragraphs
    )
    links = msgspec.structs.replace(index, paragraphs=paragraphs)
    judged = judge(links, SETTINGS)
    assert {judgement.reason for judgement in judged} == {"no-article"}
    assert judged[0].evidence["instead"] == "links"
    allowed = judge(links, JudgeSettings(require_article=False))
    assert "no-article" not in {judgement.reason for judgement in allowed}


def test_what_a_page_marks_up_as_a_caption_goes() -> None:
    kinds: tuple[tuple[Kind, str | None], ...] = (("caption", "caption"), ("paragraph", None))
    for kind, reason in kinds:
        blocks: list[tuple[str, Kind, bool]] = [
            (PROSE, "paragraph", True),
            ("Smoke over the old harbour.", kind, True),
            (OTHER, "paragraph", True),
        ]
        assert judge(page(*blocks), SETTINGS)[1].reason == reason


def test_paragraphs_between_advertisements_stay() -> None:
    article = [f"{PROSE} It was the mill's fire number {number}." for number in range(9)]
    verdicts = judge_text("\n".join(f"{text}\nimage\nAdvertisement" for text in article))
    assert verdicts == ["paragraph", "image-placeholder", "advertisement"] * 9


def test_a_short_notice_keeps_its_heading_as_title() -> None:
    notice = page(("Bridge closed", "heading", True), ("It is closed.", "paragraph", True))
    judged = judge(notice, SETTINGS)
    assert [said(judgement) for judgement in judged] == ["title", "paragraph"]


def test_the_stamps_of_a_live_blog_go_and_its_posts_stay() -> None:
    blog = """
    title | Fire Destroys Old Paper Mill in the Harbour
    timestamp | 10:42 GMT
    paragraph | A fire destroyed the old paper mill in the harbour on Sunday, the town said this morning.
    timestamp | 10:31 GMT
    paragraph | Nobody was hurt. The mill had been empty since 2009 and was to be pulled down this year.
    timestamp | 09:58
    paragraph | The police asked everyone who saw something near the mill to come forward and to call them."""
    assert judge_text("\n".join(texts_of(blog))) == [
        row.strip().partition(" | ")[0] for row in blog.strip().splitlines()
    ]


def test_more_lean_keeps_no_less() -> None:
    text = "\n".join(texts_of(NEWS))
    kept = [
        sum(j.verdict == "keep" for j in judge(document(text), JudgeSettings(lean=lean)))
        for lean in (-100, 0, 7, 100)
    ]
    assert kept == sorted(kept)
    assert kept[0] < kept[-1]


def test_no_setting_leaves_a_document_without_verdicts() -> None:
    text = "\n".join(["Home", PROSE, "Share", OTHER, "Login"])
    for lean in (-100, 100):
        for change_cost in (0, 1000):
            settings = JudgeSettings(lean=lean, change_cost=change_cost)
            assert len(judge(document(text), settings)) == 5


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [PROSE, OTHER, "Home", "Share", "3 May 2021", "Read more", "Old Mill Burns"]
        ),
        st.text(alphabet=st.characters(exclude_characters="\n"), max_size=60),
    ),
    max_size=25,
)


@given(LINES)
def test_every_paragraph_gets_one_consistent_verdict(lines: list[str]) -> None:
    text = document("\n".join(lines))
    judged = judge(text, SETTINGS)
    assert len(judged) == len(text.paragraphs)
    for judgement in judged:
        assert (judgement.reason is not None) == (judgement.verdict == "boilerplate")
        assert 0 <= judgement.score <= 1
        assert judgement.score == round(judgement.score, 3)
        assert (judgement.score >= 0.5) == (judgement.verdict == "keep")
        assert judgement.evidence
    assert judge(text, SETTINGS) == judged


def test_a_hundred_thousand_lines_are_judged_in_time() -> None:
    assert len(judge_text("\n".join(["Word"] * 50_000 + [PROSE] * 50_000))) == 100_000


def test_the_judge_can_be_replaced() -> None:
    def keep_all(document: Document, settings: JudgeSettings) -> tuple[Judgement, ...]:
        return judge(document, JudgeSettings(lean=settings.lean))

    judges: list[Judge] = [judge, keep_all]
    assert all(
        each(document(PROSE), SETTINGS) == judge(document(PROSE), SETTINGS) for each in judges
    )
