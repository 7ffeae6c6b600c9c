"""Detection on texts of a few sentences or less, in a charset that nothing declares."""

import pytest

from transforms.detection import detect_charset

LIMIT = 65_536

EUROPEAN = [
    ("It’s the third time this year.", "cp1252"),
    ("Tickets now cost £15 – up from £12 last year…", "cp1252"),
    ("Für Fußgänger ändert sich vorerst nichts, sagte die Bürgermeisterin.", "cp1252"),
    ("Le coût s’élève à 3 millions d’euros, a déclaré la préfète.", "cp1252"),
    ("La línea llegará también al barrio. ¿Cuándo empezará? En otoño.", "cp1252"),
    ("Os habitantes já tinham recolhido três mil assinaturas na estação.", "cp1252"),
    ("Många i staden är glada över beskedet, men några frågar sig varför.", "cp1252"),
    ("Kaupunki on päättänyt, että vanha rautatiesilta säilyy.", "cp1252"),
    ("Borgarstjórn hefur ákveðið að gamla brúin fái að standa áfram.", "cp1252"),
    ("Rada zdecydowała, że stary most nie zostanie rozebrany. Ale kto zapłaci?", "cp1250"),
    ("Rada zdecydowała, że stary most nie zostanie rozebrany. Ale kto zapłaci?", "iso8859_2"),
    ("Zastupitelstvo rozhodlo, že starý železniční most zůstane stát.", "cp1250"),
    ("Zastupitelstvo rozhodlo, že starý železniční most zůstane stát.", "iso8859_2"),
    ("A képviselő-testület úgy döntött, hogy a régi vasúti híd megmarad.", "cp1250"),
    ("Gradsko vijeće odlučilo je da stari željeznički most ostaje.", "cp1250"),
    ("Belediye meclisi eski köprünün yıkılmamasına karar verdi. Şehir için iyi.", "cp1254"),
    ("Miesto taryba nusprendė, kad senasis geležinkelio tiltas liks.", "cp1257"),
    ("Pilsētas dome nolēma, ka vecais dzelzceļa tilts paliks savā vietā.", "cp1257"),
]

OTHERS = [
    ("Городской совет решил, что старый мост останется на месте.", "cp1251"),
    ("Городской совет решил, что старый мост останется на месте.", "koi8_r"),
    ("Городской совет решил, что старый мост останется на месте.", "iso8859_5"),
    ("Городской совет решил, что старый мост останется на месте.", "cp866"),
    ("Міська рада вирішила, що старий міст залишиться. Її підтримали громади.", "cp1251"),
    ("Поезд Express 2000 компании Northern Rail вернётся в мае.", "cp1251"),
    ("Οι εργασίες αρχίζουν τη Δευτέρα και θα κρατήσουν ως το φθινόπωρο.", "cp1253"),
    ("קרר מועצת העיר החליטה שגשר הרכבת הישן יישאר במקומו.", "cp1255"),
    ("قرر مجلس المدينة أن يبقى جسر السكة الحديدية القديم في مكانه.", "cp1256"),
    ("สภาเมืองมีมติให้เก็บสะพานรถไฟเก่าไว้ที่เดิม", "cp874"),
    ("ตำรวจกำลังสอบสวนสาเหตุของอุบัติเหตุ", "cp874"),
    ("市議会は古い鉄道橋を残すことを決めた。", "cp932"),
    ("市議会は古い鉄道橋を残すことを決めた。", "euc_jp"),
    ("コーヒーとチョコレートのイベントが開かれる。", "cp932"),
    ("市议会决定保留旧铁路桥，并在明年春天开始维修。", "gb18030"),
    ("市議會決定保留舊鐵路橋，並在明年春天開始維修。", "big5"),
    ("시의회는 오래된 철교를 그대로 두기로 했다.", "cp949"),
]


@pytest.mark.parametrize(("text", "codec"), EUROPEAN + OTHERS)
def test_a_sentence_is_enough(text: str, codec: str) -> None:
    data = text.encode(codec)
    charset = detect_charset(data, LIMIT)
    assert charset
    assert data.decode(charset) == text


def test_markup_and_ascii_do_not_hide_the_text() -> None:
    russian = "Городской совет решил, что старый мост останется на месте."
    page = f"<html><script>{'var a = 1; ' * 20_000}</script>\n<p class='a'>{russian}</p></html>"
    assert detect_charset(page.encode("cp1251"), LIMIT) == "windows-1251"


@pytest.mark.parametrize("separator", [" ", "\n", "<br>", "(1)"])
def test_the_sample_ends_between_characters(separator: str) -> None:
    chinese = f"市议会决定保留旧铁路桥，并在明年春天开始维修。{separator}" * 40
    for limit in range(500, 520):
        assert detect_charset(chinese.encode("gb18030"), limit) == "gb18030"


@pytest.mark.parametrize("data", [b"Hello \xff\xfe world", b"a \x81\x8d\x8f b", b"\xf0\x9f\x98"])
def test_a_few_odd_bytes_prove_nothing(data: bytes) -> None:
    assert detect_charset(data, LIMIT) is None
