"""Bad files of many kinds, and what must become of each record in them.

The same seed makes the same bytes.  No text in them was scraped.
"""

from __future__ import annotations

import io
import json
import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from tests.archives import Answer, warc
from tests.packing import PACK

SETTINGS: Final = """
[decode]
max_record_bytes = 300_000
[split]
max_paragraphs = 2_000
max_depth = 200
max_nodes = 5_000
max_attributes = 100
max_paragraph_characters = 100_000
max_word_characters = 20_000
[input]
max_expansion = 50
max_window_bytes = 16_777_216
"""
"""Limits that small files can exceed."""

READ: Final = "read"
"""The outcome of a record that is kept, emptied or a duplicate: nothing is wrong with it."""


class BadFile(NamedTuple):
    """A file, or what stands in the place of one."""

    name: str
    make: Callable[[Path], object]
    """Puts it there."""
    outcomes: Counter[str]
    """:data:`READ` or the error of each record that it holds."""


Made = tuple[str, bytes | Callable[[Path], object], dict[str, int]]
Maker = Callable[[random.Random], Made]


def bad_files(per_kind: int, seed: int = 1) -> Iterator[BadFile]:
    """So many files of each kind."""
    for kind, maker in KINDS.items():
        for number in range(per_kind):
            rng = random.Random(f"{seed} {kind} {number}")
            ending, content, outcomes = maker(rng)
            make = content if callable(content) else _writer(content)
            yield BadFile(f"{kind}-{number:03d}.{ending}", make, Counter(outcomes))


def found_outcomes(output: Path) -> dict[str, Counter[str]]:
    """What became of the records of each file, by an output of JSON Lines."""
    found: dict[str, Counter[str]] = {}
    for row in _rows(output, "sources"):
        if row["status"] != "rejected":
            found.setdefault(row["source"], Counter())[READ] += 1
    for row in _rows(output, "rejected"):
        found.setdefault(row["source"], Counter())[row["error"]] += 1
    return found


def _rows(output: Path, name: str) -> Iterator[dict[str, Any]]:
    for part in sorted((output / name).glob("part-*.jsonl")):
        for line in part.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def _writer(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


_WORDS: Final = [a + b + c for a in "bdfglmnprst" for b in "aeiou" for c in "lmnrst"]


def _sentence(rng: random.Random, words: int = 14) -> str:
    return " ".join(rng.choices(_WORDS, k=words)).capitalize() + "."


def _text(rng: random.Random, lines: int = 6) -> str:
    return "".join(_sentence(rng) + "\n" for _ in range(lines))


def _page(rng: random.Random, body: str = "") -> str:
    paragraphs = "".join(f"<p>{_sentence(rng, 20)}</p>" for _ in range(5))
    return (
        f"<!DOCTYPE html><html><body><h1>{_sentence(rng, 6)}</h1>{paragraphs}{body}</body></html>"
    )


def _line(rng: random.Random, **fields: object) -> bytes:
    return json.dumps({"text": _text(rng), **fields}).encode() + b"\n"


def _lines_around(rng: random.Random, bad: bytes, error: str) -> Made:
    """Some good lines before and behind a bad one."""
    before, behind = rng.randint(0, 4), rng.randint(0, 4)
    data = b"".join(_line(rng) for _ in range(before)) + bad + b"\n"
    data += b"".join(_line(rng) for _ in range(behind))
    return "jsonl", data, _count(before + behind, error)


def _count(read: int, *errors: str) -> dict[str, int]:
    return {**({READ: read} if read else {}), **Counter(errors)}


def _flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


def _table(rng: random.Random, rows: int = 40, **options: Any) -> bytes:
    out = io.BytesIO()
    texts = [_text(rng, 4) for _ in range(rows)]
    pq.write_table(pa.table({"text": texts}), out, **options)
    return out.getvalue()


def _answers(rng: random.Random, count: int) -> list[Answer]:
    return [Answer(_page(rng).encode(), f"http://a.example/{n}") for n in range(count)]


def _flooded(rng: random.Random) -> Made:
    word = "e" + "".join(chr(rng.randint(0x300, 0x36F)) for _ in range(20_000))
    return "txt", (_text(rng) + word + " is a word.\n").encode(), {READ: 1}


def _laughs(rng: random.Random) -> Made:
    entities = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha" * 10}">' for n in range(12)
    )
    page = _page(rng, "<p>&l11; the end of it all, said the mayor of the town.</p>")
    return (
        "xhtml",
        page.replace("<!DOCTYPE html>", f"<!DOCTYPE html [{entities}]>").encode(),
        {READ: 1},
    )


def _external(rng: random.Random) -> Made:
    entity = '<!DOCTYPE html [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    page = _page(rng, "<p>&e;</p><link rel=stylesheet href=http://192.0.2.1/x.css>")
    return "html", page.replace("<!DOCTYPE html>", entity).encode(), {READ: 1}


def _zstd_wide(rng: random.Random) -> Made:
    parameters = zstandard.ZstdCompressionParameters(window_log=27)
    packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    return "txt.zst", packer.compress(_text(rng).encode()) + packer.flush(), {"window-too-large": 1}


def _members(rng: random.Random) -> Made:
    """A member whose checksum is wrong between two that are whole."""
    good = [PACK["gz"](_line(rng)) for _ in range(2)]
    bad = PACK["gz"](_line(rng))
    data = good[0] + _flipped(bad, len(bad) - 6) + good[1]
    return "jsonl.gz", data, {READ: 2, "damaged-file": 1}


def _parquet_page(rng: random.Random) -> Made:
    data = _table(rng, 40, row_group_size=20, compression="none", use_dictionary=False)
    start = pq.ParquetFile(io.BytesIO(data)).metadata.row_group(1).column(0).data_page_offset
    broken = data[:start] + bytes(40) + data[start + 40 :]
    return "parquet", broken, {READ: 20, "damaged-file": 1}


def _parquet_bomb(rng: random.Random) -> Made:
    out = io.BytesIO()
    texts = ["x " * rng.randint(50_000, 60_000)] * 20
    pq.write_table(pa.table({"text": texts}), out, compression="zstd", use_dictionary=False)
    return "parquet", out.getvalue(), {"unpacks-too-far": 1}


def _warc_length(rng: random.Random) -> Made:
    data, starts = warc(_answers(rng, 3))
    at = data.index(b"Content-Length: ", starts[1]) + len(b"Content-Length: ")
    digits = data.index(b"\r", at) - at
    wrong = b"9" * digits
    return "warc", data[:at] + wrong + data[at + digits :], {READ: 2, "invalid-length": 1}


def _warc_body(rng: random.Random) -> Made:
    headers = [("Content-Type", "text/html"), ("Content-Encoding", "gzip")]
    body = PACK["gz"](_page(rng).encode())[: -rng.randint(1, 20)]
    data, _ = warc([*_answers(rng, 1), Answer(body, headers=headers), *_answers(rng, 1)])
    return "warc", data, {READ: 2, "invalid-body": 1}


def _warc_bomb(rng: random.Random) -> Made:
    headers = [("Content-Type", "text/html"), ("Content-Encoding", "gzip")]
    body = PACK["gz"](b"<p>" + b"x " * rng.randint(500_000, 900_000))
    data, _ = warc([*_answers(rng, 1), Answer(body, headers=headers)], gzip=True)
    return "warc.gz", data, {READ: 1, "unpacks-too-far": 1}


def _warc_status(rng: random.Random) -> Made:
    data, _ = warc(_answers(rng, 3))
    return (
        "warc",
        data.replace(b"HTTP/1.1 200", b"HELO/1.1 200", 1),
        {READ: 2, "invalid-response": 1},
    )


def _csv(rng: random.Random, bad: str, *errors: str) -> Made:
    rows = [f'"{_text(rng, 2)}",{number}\n' for number in range(rng.randint(1, 4))]
    return "csv", ("text,n\n" + "".join(rows) + bad).encode(), _count(len(rows), *errors)


def _noise(rng: random.Random) -> bytes:
    return bytes([0, 1, 2, 3]) * 20 + rng.randbytes(2_000)


def _signed(signature: bytes, ending: str) -> Maker:
    return lambda rng: (ending, signature + rng.randbytes(500), {"binary-record": 1})


def _single(ending: str, error: str, content: Callable[[random.Random], str | bytes]) -> Maker:
    def make(rng: random.Random) -> Made:
        made = content(rng)
        return ending, made if isinstance(made, bytes) else made.encode(), {error: 1}

    return make


def _deep(depth: int) -> bytes:
    return b'{"text": "a", "x": ' + b"[" * depth + b"]" * depth + b"}"


def _attributes(rng: random.Random) -> str:
    names = " ".join(f"a{n}='>'" for n in range(rng.randint(101, 500)))
    return _page(rng, f"<p {names}>x</p>")


KINDS: Final[dict[str, Maker]] = {
    "empty": _single("txt", "empty-record", lambda _: b""),
    "blank": _single("txt", "empty-record", lambda rng: " \n\t\u200b\ufeff" * rng.randint(1, 99)),
    "noise": _single("txt", "binary-record", _noise),
    "image": _signed(b"\x89PNG\r\n\x1a\n", "html"),
    "pdf": _signed(b"%PDF-1.7\n", "txt"),
    "zip": _signed(b"PK\x03\x04", "html"),
    "program": _signed(b"\x7fELF", "txt"),
    "large-text": _single("txt", "record-too-large", lambda rng: _text(rng) * 5_000),
    "cut-gzip": _single("html.gz", "truncated-file", lambda rng: PACK["gz"](_page(rng).encode())[:-9]),
    "cut-zstd": _single("txt.zst", "truncated-file", lambda rng: PACK["zst"](_text(rng).encode())[:-3]),
    "cut-bzip2": _single("txt.bz2", "truncated-file", lambda rng: PACK["bz2"](_text(rng).encode())[:-9]),
    "wrong-checksum": _single(
        "txt.gz", "damaged-file", lambda rng: _flipped(PACK["gz"](_text(rng).encode()), -5)
    ),
    "damaged-xz": _single(
        "txt.xz", "damaged-file", lambda rng: _flipped(PACK["xz"](_text(rng).encode()), 40)
    ),
    "gzip-bomb": _single("txt.gz", "unpacks-too-far", lambda rng: PACK["gz"](bytes(rng.randint(3, 5) << 20))),
    "zstd-bomb": _single("jsonl.zst", "unpacks-too-far", lambda rng: PACK["zst"](b" " * (rng.randint(9, 20) << 20))),
    "zstd-window": _zstd_wide,
    "damaged-member": _members,
    "deep-page": _single("html", "page-too-deep", lambda rng: _page(rng, "<div>" * rng.randint(210, 900) + "x")),
    "many-nodes": _single("html", "page-too-large", lambda rng: _page(rng, "<b>x</b>" * rng.randint(5_001, 9_000))),
    "many-attributes": _single("html", "too-many-attributes", _attributes),
    "many-paragraphs": _single("txt", "too-many-paragraphs", lambda rng: "x\n" * rng.randint(2_001, 9_000)),
    "long-paragraph": _single("txt", "paragraph-too-long", lambda rng: _text(rng) + "ab cd " * rng.randint(17_000, 30_000)),
    "long-word": _single("html", "word-too-long", lambda rng: _page(rng, "<p>" + "x" * rng.randint(20_001, 90_000))),
    "marks": _flooded,
    "billion-laughs": _laughs,
    "external-entity": _external,
    "line-no-utf-8": lambda rng: _lines_around(rng, b'{"text": "caf\xe9"}', "invalid-utf-8"),
    "line-broken": lambda rng: _lines_around(rng, _line(rng)[: rng.randint(5, 60)], "invalid-json"),
    "line-no-object": lambda rng: _lines_around(rng, rng.choice([b"[1]", b"7", b'"a"', b"null"]), "not-an-object"),
    "line-too-deep": lambda rng: _lines_around(rng, _deep(rng.randint(201, 5_000)), "json-too-deep"),
    "line-no-text": lambda rng: _lines_around(rng, b'{"body": "a"}', "no-text"),
    "line-odd-text": lambda rng: _lines_around(rng, rng.choice([b'{"text": 7}', b'{"text": ["a"]}']), "invalid-field"),
    "line-odd-id": lambda rng: _lines_around(rng, _line(rng, id="x" * 2_000).strip(), "invalid-field"),
    "line-too-large": lambda rng: _lines_around(rng, _line(rng, x="y" * 300_000).strip(), "record-too-large"),
    "half-characters": lambda _: ("jsonl", b'{"text": "The mayor \\ud83d of \\udc00 the old town spoke."}\n', {READ: 1}),
    "deep-json": _single("json", "json-too-deep", lambda rng: b"[" * rng.randint(500, 90_000)),
    "csv-open-quote": lambda rng: _csv(rng, '"open', "invalid-row"),
    "csv-width": lambda rng: _csv(rng, "a,b,c\n", "invalid-row"),
    "csv-no-column": _single("csv", "no-text", lambda rng: "body,n\n" + _text(rng)),
    "cut-parquet": _single("parquet", "damaged-file", lambda rng: _table(rng)[: -rng.randint(1, 99)]),
    "parquet-page": _parquet_page,
    "parquet-bomb": _parquet_bomb,
    "warc-length": _warc_length,
    "warc-body": _warc_body,
    "warc-bomb": _warc_bomb,
    "warc-status": _warc_status,
    "dangling-link": lambda _: ("txt", lambda path: path.symlink_to(path.parent / "nowhere"), {"unreadable-file": 1}),
    "pipe": lambda _: ("txt", os.mkfifo, {"not-a-file": 1}),
}  # fmt: skip
