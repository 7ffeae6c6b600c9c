"""Every parser of the program, with the words of its language, for ``robustness patterns``."""

from __future__ import annotations

import gzip
import io
import itertools
import tempfile
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import zstandard
from lxml import html

from benchmarks.robustness_growth import Step
from benchmarks.robustness_readers import record_of
from benchmarks.robustness_runs import Halves, Run, Unit
from pipeline.blocks import Piece
from pipeline.formats import compression_of
from pipeline.http_chunks import without_chunks
from pipeline.inputs import Inputs
from pipeline.repeated_ids import NO_IDS
from pipeline.sources import InputFile
from pipeline.unpacking import Unpacked
from transforms import lines
from transforms.block import RecordError
from transforms.charsets import charset_of, declared_charset
from transforms.decoding import decode_record
from transforms.document import TEXT, MediaType, Record
from transforms.folding import words
from transforms.json_depth import is_too_deep
from transforms.normalise import normalise
from transforms.page_dates import stated_date
from transforms.page_linked_data import read_linked_data
from transforms.page_metadata import address_of, host_of
from transforms.patterns import PatternSet, probe
from transforms.settings import DecodeSettings, Settings, SplitSettings
from transforms.splitting import split_record

_SETTINGS: Final = Settings()
_FAST: Final = SplitSettings(extraction="none")
_SENT: Final = b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked"
_LONGEST_PROBE: Final = len(probe("a" * 10_000))
"""What patterns of lines see of one, however long it is."""


class Parser(NamedTuple):
    """Something that reads what a stranger wrote."""

    name: str
    step: Step
    words: tuple[str, ...]
    """What its language is made of."""
    before: tuple[str, ...] = ("",)
    """How it may begin."""

    def runs(self) -> list[Run]:
        """Each word over and over, behind each beginning, and each two of them."""
        begin = self.before[-1]
        alone = [Unit(each, word) for each in self.before for word in self.words]
        in_turn = [Unit(begin, a + b) for a, b in itertools.combinations(self.words, 2)]
        halves = [Halves(a, b, begin) for a, b in itertools.permutations(self.words, 2)]
        return [*alone, *in_turn, *halves]


def _read(ending: str, data: bytes) -> None:
    """A file, with the pass that looks for ids, if it has any."""
    path = Path(_folder().name, f"a.{ending}")
    path.write_bytes(data)
    piece = Piece(InputFile(str(path), path.name, len(data)), 0, len(data))
    source = Inputs.create(_SETTINGS)
    for _ in itertools.chain(source.ids(piece), source.records(piece, NO_IDS)):
        pass


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="copydesk-robustness-")


def _file(ending: str, behind: bytes = b"") -> Step:
    return lambda text: _read(ending, text.encode("latin-1", "replace") + behind)


def _response(headers: bytes, body: bytes) -> bytes:
    return record_of(b"HTTP/1.1 200 OK\r\n" + headers + b"\r\n\r\n" + body)


def _split(media: MediaType, settings: SplitSettings) -> Step:
    def step(text: str) -> None:
        record = Record(
            id="a",
            source="a",
            data=text.encode("utf-8", "surrogatepass"),
            media_type=media,
            charset=TEXT,
        )
        try:
            split_record(decode_record(record, _SETTINGS.decode), settings, _SETTINGS.decode)
        except RecordError:
            return

    return step


def _decode(text: str) -> None:
    try:
        decode_record(
            Record(id="a", source="a", data=text.encode("latin-1", "replace")), _SETTINGS.decode
        )
    except RecordError:
        return


def _linked(text: str) -> None:
    tree = html.Element("html")
    script = html.Element("script", type="application/ld+json")
    script.text = text
    tree.append(script)
    read_linked_data(tree)


def _chunks(text: str) -> None:
    try:
        without_chunks(text.encode("latin-1", "replace"))
    except RecordError:
        return


def _unpack(text: str) -> None:
    data = text.encode("latin-1", "replace")
    compression = compression_of(data)
    if compression is None:
        return
    packed = Unpacked(io.BytesIO(data), compression, _SETTINGS.input.max_expansion, 1 << 24)
    while packed.read(1 << 16) or (packed.damage is not None and packed.resume()):
        pass


def _forms(kinds: PatternSet) -> Step:
    """The patterns of lines over a text, as long as they ever see one."""

    def step(text: str) -> None:
        for at in range(0, len(text), _LONGEST_PROBE):
            kinds.find(probe(text[at : at + _LONGEST_PROBE]), 1)

    return step


def _address(text: str) -> None:
    found = address_of(text)
    if found is not None:
        host_of(found)


def _words(table: str) -> tuple[str, ...]:
    """Words with a bar between each two; a backslash is as in Python."""
    return tuple(word.encode().decode("unicode_escape") for word in table.split("|"))


def _packed(*members: bytes) -> tuple[str, ...]:
    return tuple(member.decode("latin-1") for member in members)


_JSON: Final = _words(r"""{"a":|{|}|[|]|"|\\|\\ud800|\\u|,|:|1|-|a| |\n""")
_HEADERS: Final = _words(r"a:b\r\n|:|a| |\t|\r\n|\n|\r|charset=|;|Content-Length: 9\r\n")
_CHUNKS: Final = _words(r"1\r\na\r\n|1|;a|a| |\r\n|0\r\n|a:b\r\n|\x1f\x8b\x08\x00")
_LINES: Final = _words(r"a|A|1| |:|.|-|by |photo |read |more |\u4e2d|\xe9|/|, ")
_PAGE: Final = _words(
    r"<p>|</p>|<b|<b>|<a href=x>| a=1|&amp;|&|&#1|<!--|-->|<script>|<style>|<table>|<td>|a |"
    r""""|'|=|<!a|<![CDATA[|<?|/>|\n|<br>"""
)

PARSERS: Final = (
    Parser("JSON depth", lambda text: is_too_deep(text.encode()), _JSON),
    Parser("JSON-LD", _linked, _JSON, ("", '"', '[{"@id":"')),
    Parser("JSON Lines", _file("jsonl"), _JSON, ("", '{"text":"', '{"id":')),
    Parser("JSON", _file("json"), _JSON, ("", '{"text":"', "[")),
    Parser(
        "CSV",
        _file("csv"),
        _words(r'"|""|,|;|\n|\r|a| |\xe9'),
        ("", "text,id\n", 'text,id\n"'),
    ),
    Parser(
        "WARC",
        _file("warc"),
        (*_words(r"WARC/1.0\r\n|WARC|\x1f\x8b\x08\x00"), *_HEADERS),
        ("", "WARC/1.0\r\n"),
    ),
    Parser(
        "ARC",
        _file("arc"),
        (*_words(r"a://b 1.1.1.1 20200101000000 a/b 1\r\n|a://|1|."), *_HEADERS),
        ("", "filedesc://a 0.0.0.0 20200101000000 text/plain 1\n"),
    ),
    Parser(
        "HTTP headers",
        lambda text: _read("warc", _response(text.encode("latin-1", "replace"), b"<p>a")),
        _HEADERS,
        ("", "Content-Type: text/html;", "a:"),
    ),
    Parser(
        "HTTP bodies",
        lambda text: _read("warc", _response(_SENT, text.encode("latin-1", "replace"))),
        _CHUNKS,
        ("", "1\r\na\r\n"),
    ),
    Parser("chunks", _chunks, _CHUNKS, ("", "1\r\na\r\n", "0\r\n")),
    Parser(
        "charsets",
        lambda text: (charset_of(text), declared_charset(text.encode())),
        _words(r"""<meta |charset=|<!--|-->|<?xml| |a|"|>|x-"""),
        ("", "<meta ", "<?xml encoding="),
    ),
    Parser(
        "encoding",
        _decode,
        _words(r"\xe9|\xff\xfe|\x00|\x1b$B|\x82\xa0|\xc3\xa9|\xe2\x80|\xf0\x9f|a| |\n|<"),
        ("", "\xef\xbb\xbf"),
    ),
    Parser(
        "dates",
        lambda text: stated_date(text, _SETTINGS.split),
        _words(r"1|-|2024-05-02| |(|,|T|a|:|+|May"),
        ("", "2024-05-02"),
    ),
    Parser(
        "addresses",
        _address,
        _words(r"a|/|:|@|[|]|%41|?|#|.|http://|\u4e2d"),
        ("", "http://", "http://a/"),
    ),
    Parser(
        "normalise",
        lambda text: normalise(text, DecodeSettings(), markup=False),
        _words(
            r"\u0301|a\u0301|\xe2\u20ac\u2122|\xc3\xa9|&amp;|&amp;lt;|&|\u200d|\u0628\u200d|\ud83d"
            r"|\U000e0061|\x85|\x00|\r|\xa0| |\n|\U0001f3f4|\u1100|\u1161"
        ),
        ("", "a"),
    ),
    Parser("fold", words, _words(r"<|<a|>|1|.|,|-| |\u2013|\u4e2d|\xbd|\xb2|\u0130|'|\u0663|a")),
    Parser(
        "text",
        _split("text/plain", _FAST),
        _words(r"\n| |a|- |> |1. |\t|a\n|A|.|https://a/|\u2022 |=|\u4e2d"),
    ),
    Parser("page", _split("text/html", _FAST), _PAGE, ("", "<p ", "<a href='", "<title>")),
    Parser("forms of lines", _forms(lines._SHAPES), _LINES),
    Parser("phrases", _forms(lines._PHRASES), _LINES),
    Parser(
        "unpacking",
        _unpack,
        (
            *_words(r"\x1f\x8b\x08\x00|\x00|a|(\xb5/\xfd|BZh9|BZh91AY&SY|\xfd7zXZ\x00"),
            *_packed(b"\x50\x2a\x4d\x18" + bytes(4), zstandard.compress(b"a")),
            *_packed(*(gzip.compress(data, mtime=0) for data in (b"", b"aaaa"))),
        ),
        (
            "",
            *_words(r"\x1f\x8b\x08\x00\0\0\0\0\x00\x03|BZh91AY&SY|\xfd7zXZ\x00\x00\x04|(\xb5/\xfd"),
        ),
    ),
)
"""JSON, JSON-LD, CSV, archives, HTTP, compression, charsets, dates, addresses, texts and pages."""
