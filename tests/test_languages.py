"""What holds for which language: copies with one changed word, numbers, denials, restatements."""

import pytest
from msgspec.structs import replace

from tests.corpora import block, document, restated_in
from transforms.block import Block
from transforms.language import detect_languages
from transforms.settings import Settings
from transforms.single import decide_block
from transforms.stems import SNOWBALL, stemmer_of

# A paragraph; what one word (or character) is changed to; a number; a denial.
PARAGRAPHS = {
    "de": (
        "Der Rat der kleinen Stadt hat am Abend beschlossen, die alte Brücke über den Fluss bis"
        " 2015 zu erneuern, weil sie seit dem letzten Hochwasser gesperrt ist.",
        ("erneuern", "sanieren"),
        ("2015", "2016"),
        ("gesperrt", "nicht gesperrt"),
    ),
    "fr": (
        "Le conseil de la petite ville a décidé hier soir de rénover avant 2015 le vieux pont sur"
        " la rivière, parce qu'il reste fermé depuis la dernière crue.",
        ("rénover", "réparer"),
        ("2015", "2016"),
        ("il reste fermé", "il ne reste pas fermé"),
    ),
    "es": (
        "El consejo de la pequeña ciudad decidió anoche renovar antes de 2015 el viejo puente"
        " sobre el río, porque sigue cerrado desde la última gran crecida.",
        ("renovar", "reparar"),
        ("2015", "2016"),
        ("sigue cerrado", "nunca fue cerrado"),
    ),
    "ru": (
        "Совет небольшого города вчера вечером решил обновить до 2015 года старый мост через"
        " широкую реку, потому что он закрыт после последнего большого наводнения.",
        ("обновить", "починить"),
        ("2015", "2016"),
        ("он закрыт", "он не закрыт"),
    ),
    "ar": (
        "قرر مجلس المدينة الصغيرة مساء أمس تجديد الجسر القديم فوق النهر قبل عام 2015 بعد أن ظل"
        " مغلقا منذ الفيضان الكبير الأخير في فصل الربيع",
        ("تجديد", "إصلاح"),
        ("2015", "2016"),
        ("بعد أن ظل", "لم"),
    ),
    "zh": (
        "这座小城的议会昨天晚上决定在二〇一五年以前重修河上的旧桥，因为自从上次洪水以来这座桥一直关闭着。",
        ("昨天", "前天"),
        ("一五年", "一六年"),
        ("一直关闭", "没有关闭"),
    ),
    "ja": (
        "小さな町の議会は昨日の夜、川にかかる古い橋を2015年までに直すことを決めた。この橋は前の洪水から閉じている。",
        ("昨日", "今日"),
        ("2015", "2016"),
        ("閉じている", "閉じていない"),
    ),
    "th": (
        "สภาเมืองเล็กตัดสินใจเมื่อคืนนี้ว่าจะซ่อมสะพานเก่าข้ามแม่น้ำก่อนปี 2015 เพราะสะพานปิดมาตั้งแต่น้ำท่วมครั้งก่อน",
        ("ซ่อม", "แซม"),
        ("2015", "2016"),
        ("สะพานปิดมา", "สะพานไม่ปิด"),
    ),
}


WORDS_WITHOUT_CAPITALS = ("ar",)
"""Of which the two paragraphs have a Jaccard under .9; characters leave more."""


def went(one: str, other: str) -> list[str]:
    """The tiers in which the second of two documents loses its paragraph to the first."""
    decided = decide_block(block(document("a", [one]), document("b", [other])), Settings())
    return [each.tier for each in decided.verdicts.paragraphs]


@pytest.mark.parametrize("language", PARAGRAPHS)
def test_one_changed_word_or_character_leaves_a_near_duplicate(language: str) -> None:
    text, changed, *_ = PARAGRAPHS[language]
    assert detect_languages([document("a", [text])]) == [language]
    assert text.count(changed[0]) == 1
    assert went(text, text) == ["duplicate"]
    # A changed word may be a name where no capital tells: it goes only from Jaccard .9 on.
    expected = [] if language in WORDS_WITHOUT_CAPITALS else ["near-duplicate"]
    assert went(text, text.replace(*changed)) == expected


@pytest.mark.parametrize("language", PARAGRAPHS)
def test_another_number_or_a_denial_keeps_both(language: str) -> None:
    text, _, number, denial = PARAGRAPHS[language]
    for told in (text.replace(*number), text.replace(*denial)):
        assert told != text
        assert went(text, told) == went(told, text) == []


# The same story told twice in one document.
RESTATED = {
    "de": (
        "Der Rat der kleinen Stadt hat am Abend beschlossen, die alte Brücke über den Fluss zu"
        " erneuern, weil sie seit dem letzten Hochwasser gesperrt ist.",
        "Weil die alte Brücke über den Fluss seit dem letzten Hochwasser gesperrt ist, beschloss"
        " der Rat der Stadt am Abend, sie zu erneuern.",
    ),
    "fr": (
        "Le conseil de Valmont a décidé lundi de rénover le vieux pont de Sarlay, fermé depuis la"
        " dernière crue de 2015, a annoncé le maire Paul Renard aux habitants.",
        "Le vieux pont de Sarlay, fermé depuis la crue de 2015, sera rénové : le maire Paul Renard"
        " a annoncé que le conseil de Valmont a décidé cela.",
    ),
    "es": (
        "El consejo de Valmonte decidió renovar el viejo puente de Sarla, cerrado desde la gran"
        " crecida de 2015, anunció el alcalde Pablo Reyes a los vecinos.",
        "El alcalde Pablo Reyes anunció que el viejo puente de Sarla, cerrado desde la crecida de"
        " 2015, será renovado por decisión del consejo de Valmonte.",
    ),
    "ru": (
        "Совет города Вельска решил обновить старый мост через реку Сарлу, закрытый после"
        " наводнения 2015 года, сообщил жителям мэр Павел Лисин.",
        "Как сообщил мэр Павел Лисин, старый мост через реку Сарлу, закрытый после наводнения 2015"
        " года, обновит совет города Вельска.",
    ),
    "ar": (
        "قرر مجلس المدينة الصغيرة تجديد الجسر القديم فوق النهر الكبير بعد إغلاقه منذ الفيضان الأخير",
        "بعد إغلاق الجسر القديم فوق النهر الكبير منذ الفيضان الأخير قرر مجلس المدينة تجديده",
    ),
}


def in_language(language: str, *lines: str) -> Block:
    return block(replace(document("a", lines), language=language))


@pytest.mark.parametrize("language", RESTATED)
def test_a_restatement_is_marked_and_stays(language: str) -> None:
    decided = decide_block(in_language(language, *RESTATED[language]), Settings())
    assert [(each.tier, each.action) for each in decided.verdicts.paragraphs] == [
        ("restatement", "mark")
    ]
    (restated,) = decided.content.restated
    assert restated.comparison.vetoes == ("language",)


@pytest.mark.parametrize("language", RESTATED)
def test_another_number_or_a_denial_is_no_restatement(language: str) -> None:
    one, other = RESTATED[language]
    denial = PARAGRAPHS[language][3][1]
    for told in (f"17 {other}", f"{other} {denial}"):
        made = in_language(language, one, told)
        assert restated_in(made, Settings()) == []


@pytest.mark.parametrize("language", ["zh", "ja", "th"])
def test_scripts_without_spaces_have_no_restatements(language: str) -> None:
    text, changed, *_ = PARAGRAPHS[language]
    made = in_language(language, text, text.replace(*changed))
    assert restated_in(made, Settings()) == []


def test_every_stemmer_that_is_named_is_there() -> None:
    for language in SNOWBALL:
        assert stemmer_of(language)("2015") == "2015"
