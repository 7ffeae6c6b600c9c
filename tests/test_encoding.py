"""Bytes to characters: which charset, what is counted, what is refused."""

import codecs
import pickle
import random
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.document import TEXT, Decoded
from transforms.encoding import UnreadableRecord, decode_bytes
from transforms.settings import DecodeSettings

DEFAULT = DecodeSettings()
SHAPES = Path(__file__).parents[1] / "fixtures" / "shapes"

ENGLISH = "The minister said “we won’t wait” – and left. It was a long day for the café."
GERMAN = "Die Stadt prüft, ob die Brücke gesperrt werden muß. „Später“, sagte er."
RUSSIAN = "Городской совет решил, что старый мост останется на месте."
JAPANESE = "市議会は古い鉄道橋を残すことを決めた。"
CHINESE = "市议会决定保留旧铁路桥，并在明年春天开始维修。"


def decode(data: bytes, declared: str | None = None) -> Decoded:
    return decode_bytes(data, declared, DEFAULT)


def refused(
    data: bytes, limits: DecodeSettings = DEFAULT, declared: str | None = None
) -> UnreadableRecord:
    with pytest.raises(UnreadableRecord) as caught:
        decode_bytes(data, declared, limits)
    return caught.value


# What the record says of itself


@pytest.mark.parametrize(
    ("mark", "charset"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_decides_and_goes(mark: bytes, charset: str) -> None:
    decoded = decode(mark + RUSSIAN.encode(charset), "windows-1252")
    assert (decoded.text, decoded.encoding) == (RUSSIAN, charset)


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [ENGLISH, RUSSIAN])
def test_utf16_shows_without_a_mark(text: str, charset: str) -> None:
    decoded = decode(text.encode(charset))
    assert (decoded.text, decoded.encoding) == (text, charset)


@pytest.mark.parametrize(
    ("text", "codec", "declared", "charset"),
    [
        (ENGLISH, "cp1252", "iso-8859-1", "windows-1252"),
        (ENGLISH, "cp1252", "us-ascii", "windows-1252"),
        ("Żółw", "iso8859_2", "iso-8859-2", "iso-8859-2"),
        ("Мост", "koi8_r", "KOI8-R", "koi8-r"),
        ("橋", "cp932", "shift_jis", "cp932"),
        ("桥", "gbk", "gb2312", "gb18030"),
    ],
)
def test_a_declared_charset_is_believed(text: str, codec: str, declared: str, charset: str) -> None:
    decoded = decode(text.encode(codec), declared)
    assert (decoded.text, decoded.encoding, decoded.changes) == (text, charset, {})


def test_a_page_declares_its_own_charset_and_its_container_comes_first() -> None:
    page = f'<meta charset="windows-1251"><p>{RUSSIAN[:9]}</p>'
    assert decode(page.encode("cp1251")).encoding == "windows-1251"
    assert decode(page.encode("koi8_r"), "koi8-r").text == page


def test_an_unknown_charset_is_ignored_and_counted() -> None:
    decoded = decode(ENGLISH.encode(), "klingon")
    assert (decoded.text, decoded.changes) == (ENGLISH, {"unknown-charset": 1})


def test_plain_ascii_contradicts_no_declaration() -> None:
    decoded = decode(b"Plain text.", "windows-1252")
    assert (decoded.encoding, decoded.changes) == ("utf-8", {})


@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1251", "gb2312", "utf-16"])
@pytest.mark.parametrize("text", [RUSSIAN, CHINESE])
def test_utf8_beyond_chance_outweighs_a_declaration(text: str, declared: str) -> None:
    decoded = decode(text.encode(), declared)
    assert (decoded.text, decoded.encoding) == (text, "utf-8")
    assert decoded.changes == {"charset-mismatch": 1}


@pytest.mark.parametrize(
    ("text", "codec"), [(GERMAN, "cp1252"), (RUSSIAN, "cp1251"), (JAPANESE, "euc_jp")]
)
def test_a_declaration_of_utf8_that_is_wrong_costs_no_letter(text: str, codec: str) -> None:
    decoded = decode(text.encode(codec), "utf-8")
    assert (decoded.text, decoded.changes) == (text, {"charset-mismatch": 1})


# What the bytes show


@pytest.mark.parametrize("text", ["Plain text.\n", ENGLISH, RUSSIAN, JAPANESE, "𝒜 👍🏽\n"])
def test_utf8_needs_no_declaration(text: str) -> None:
    decoded = decode(text.encode())
    assert (decoded.text, decoded.encoding, decoded.changes) == (text, "utf-8", {})


@pytest.mark.parametrize(
    ("text", "codec", "charset"),
    [
        (ENGLISH, "cp1252", "windows-1252"),
        (GERMAN, "cp1252", "windows-1252"),
        (RUSSIAN, "cp1251", "windows-1251"),
        (RUSSIAN, "koi8_r", "koi8-r"),
        (JAPANESE, "cp932", "cp932"),
        (JAPANESE, "iso2022_jp", "iso-2022-jp"),
        (CHINESE, "gb18030", "gb18030"),
    ],
)
def test_an_undeclared_charset_is_detected(text: str, codec: str, charset: str) -> None:
    decoded = decode(text.encode(codec))
    assert (decoded.text, decoded.encoding, decoded.changes) == (text, charset, {})


# Bytes that cannot be decoded


def test_bad_bytes_in_utf8_are_replaced_counted_and_located() -> None:
    data = "Größe über alles, ".encode() + b"bad \xff and \xe2\x80 here"
    decoded = decode(data)
    assert decoded.text == "Größe über alles, bad \ufffd and \ufffd here"
    assert decoded.encoding == "utf-8"
    assert decoded.changes == {"undecodable-bytes": 3}
    assert decoded.replaced_at == (data.index(b"\xff"), data.index(b"\xe2\x80 "))


def test_offsets_count_the_byte_order_mark() -> None:
    data = codecs.BOM_UTF8 + "Größe und Grüße".encode() + b" \xff"
    assert decode(data).replaced_at == (data.index(b"\xff"),)


def test_a_text_cut_inside_a_character_loses_only_that() -> None:
    data = ("It was a long day. " * 5 + "He said “").encode()[:-1]
    decoded = decode(data)
    assert decoded.text == "It was a long day. " * 5 + "He said \ufffd"
    assert decoded.changes == {"undecodable-bytes": 2}


def test_a_bad_byte_does_not_turn_a_declared_charset_over() -> None:
    data = JAPANESE.encode("cp932") * 20 + b"\x81\n" + JAPANESE.encode("cp932")
    decoded = decode(data, "shift_jis")
    assert decoded.encoding == "cp932"
    assert decoded.text == JAPANESE * 20 + "\ufffd\n" + JAPANESE
    assert decoded.replaced_at == (data.index(b"\x81\n"),)


def test_only_the_first_bad_bytes_are_located() -> None:
    data = GERMAN.encode() * 20 + b" \xff" * 40
    decoded = decode(data)
    assert decoded.changes == {"undecodable-bytes": 40}
    assert len(decoded.replaced_at) == DEFAULT.max_replaced_offsets
    none = decode_bytes(data, None, msgspec.structs.replace(DEFAULT, max_replaced_offsets=0))
    assert none.replaced_at == ()


# What is refused


@pytest.mark.parametrize(
    "data",
    [b"", b" \r\n\t", codecs.BOM_UTF8, b"\xff\xfe", "\u200b\xa0\xad\ufeff\n".encode(), b"\0"],
)
def test_a_record_with_nothing_to_read_is_empty(data: bytes) -> None:
    assert refused(data).error == "empty-record"


def test_a_record_over_the_limit_is_too_large() -> None:
    limits = msgspec.structs.replace(DEFAULT, max_record_bytes=10)
    assert decode_bytes(b"ten bytes.", None, limits).text == "ten bytes."
    error = refused(b"ten bytes.!", limits)
    assert error.error == "record-too-large"
    assert "more than 10 bytes" in error.message
    assert "max_record_bytes" in error.message


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "JPEG"),
        (b"GIF89a\1\0", "GIF"),
        (b"PK\x03\x04\x14", "ZIP"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"\x28\xb5\x2f\xfd\x04", "zstd"),
        (b"\x7fELF\x02", "ELF"),
    ],
)
def test_a_binary_file_is_refused_by_its_name(data: bytes, kind: str) -> None:
    error = refused(data)
    assert (error.error, error.offset) == ("binary-record", 0)
    assert kind in error.message


@pytest.mark.parametrize("prefix", [b"", b"\xff\xfe", b"\xfe\xff", codecs.BOM_UTF8])
def test_noise_is_refused(prefix: bytes) -> None:
    for seed in range(20):
        noise = random.Random(seed).randbytes(2_000)
        assert refused(prefix + noise).error == "binary-record"


@pytest.mark.parametrize(
    "data",
    [
        b"".join(number.to_bytes(4, "little") for number in range(500)),
        b"a\0\0b" * 100,
        ("橋橋橋橋".encode() + b"\xff") * 50,
    ],
)
def test_what_is_mostly_damage_is_refused(data: bytes) -> None:
    assert refused(data).error == "binary-record"


def test_one_nul_is_no_reason_to_refuse_a_text() -> None:
    assert decode(b"A\0 text").text == "A\0 text"


def test_the_error_shows_the_bytes_and_survives_the_way_between_processes() -> None:
    error = refused(b"%PDF-1.4\n" + b"\xe2\n" * 200)
    assert error.sample.startswith(r"%PDF-1.4\n\xe2\n")
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert type(copy) is UnreadableRecord
    assert (copy.error, copy.message, copy.offset, copy.sample) == (
        error.error,
        error.message,
        error.offset,
        error.sample,
    )


# The files in fixtures/shapes


@pytest.mark.parametrize(
    ("name", "encoding", "changes", "beginning"),
    [
        ("utf-16-le-bom.txt", "utf-16-le", {}, "Ferry crews of Saltholm"),
        ("windows-1252.txt", "windows-1252", {}, "Stadtrat von Brückenau"),
        ("windows-1251.txt", "windows-1251", {}, "В Заречном откроют"),
        ("page-windows-1252.html", "windows-1252", {}, "<!DOCTYPE html>"),
        ("invalid-utf-8.txt", "utf-8", {"undecodable-bytes": 3}, "Gärtner entdecken"),
        ("nul-byte.txt", "utf-8", {}, "Lighthouse keeper"),
    ],
)
def test_the_fixtures_decode(
    name: str, encoding: str, changes: dict[str, int], beginning: str
) -> None:
    decoded = decode((SHAPES / name).read_bytes())
    assert (decoded.encoding, decoded.changes) == (encoding, changes)
    assert decoded.text.startswith(beginning)


def test_the_fixture_with_bad_bytes_says_where_they_are() -> None:
    assert decode((SHAPES / "invalid-utf-8.txt").read_bytes()).replaced_at == (170, 214, 390)


@pytest.mark.parametrize(
    ("name", "error"), [("empty.txt", "empty-record"), ("binary-junk.txt", "binary-record")]
)
def test_the_fixtures_that_are_no_text_are_refused(name: str, error: str) -> None:
    assert refused((SHAPES / name).read_bytes()).error == error


# Whatever comes

LABELS = st.sampled_from(
    ["utf-8", "latin1", "gbk", "utf-16", "shift_jis", "iso-2022-jp", "big5", "euc-kr", "rot13"]
)
PIECES = st.one_of(
    st.binary(max_size=40),
    st.sampled_from([codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF32_BE, b"\x1b$B", b"\0"]),
    st.text(max_size=20).map(lambda text: text.encode("utf-8", "replace")),
    st.text(max_size=20).map(lambda text: text.encode("utf-16-le", "replace")),
    st.text(max_size=20).map(lambda text: text.encode("gb18030", "replace")),
)


@settings(derandomize=True, deadline=None, max_examples=400)
@given(
    st.lists(PIECES, max_size=5).map(b"".join),
    st.none() | LABELS | st.text(max_size=12),
)
def test_any_bytes_become_text_or_a_clear_error(data: bytes, declared: str | None) -> None:
    try:
        decoded = decode(data, declared)
    except UnreadableRecord:
        error = refused(data, declared=declared)
        assert error.error in {"empty-record", "binary-record"}
        assert error.message
        assert error.sample.isascii()
        assert "\n" not in error.sample
    else:
        assert decoded.text.encode()
        assert codecs.lookup(decoded.encoding)
        assert len(decoded.replaced_at) <= decoded.changes.get("undecodable-bytes", 0)
        assert all(0 <= offset < len(data) for offset in decoded.replaced_at)


@settings(derandomize=True, deadline=None)
@given(st.text(min_size=1).filter(lambda text: text.isprintable() and not text.isspace()))
def test_text_in_utf8_comes_back(text: str) -> None:
    assert decode(codecs.BOM_UTF8 + text.encode()).text == text


# Text that a container held


def test_text_is_read_as_what_it_is() -> None:
    for text in (ENGLISH, "a\0b\0c\0d\0e\0f\0", "\x1b$B", '<meta charset="windows-1251">é'):
        found = decode_bytes(text.encode(), TEXT, DecodeSettings(max_controls=1))
        assert (found.text, found.encoding, found.changes) == (text, "utf-8", {})


def test_half_characters_of_a_text_are_joined_or_replaced() -> None:
    found = decode("a\ud83d\ude00b\ud83d c".encode("utf-8", "surrogatepass"), TEXT)
    assert (found.text, found.changes) == ("a\U0001f600b\ufffd c", {"surrogates": 3})


def test_what_is_no_text_is_refused_whatever_holds_it() -> None:
    assert refused(b"%PDF-1.4 ...", declared=TEXT).error == "binary-record"
    assert refused(b"\0\1\2\3", declared=TEXT).error == "binary-record"
    assert refused(b" \n", declared=TEXT).error == "empty-record"


def test_bytes_that_only_claim_to_be_text_are_looked_at() -> None:
    found = decode(GERMAN.encode("windows-1252"), TEXT)
    assert (found.text, found.encoding) == (GERMAN, "windows-1252")
